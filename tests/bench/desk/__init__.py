"""The desk under load: a database filled with many cases, and people who ask for pages of it at the same time."""
