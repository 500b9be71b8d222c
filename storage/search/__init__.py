"""Full-text search underneath: texts as terms, what can be found, the query read, hits and their snippets."""
