"""The database underneath: connections and transactions on SQLite and PostgreSQL, locks, rows in bulk."""
