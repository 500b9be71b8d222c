"""Reading one mail: each module here knows one thing about what mail programs really write."""
