"""A text's own form: HTML, links, flowed lines."""
