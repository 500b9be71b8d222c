"""The Store in SQLAlchemy: tables, rows, search, migrations."""
