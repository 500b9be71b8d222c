"""Which history a PostgreSQL follows: it begins another one where a standby takes over, or where it is put back."""

import sqlalchemy as sa

from storage.database.engine import reading

# A standby has no place of its own in the log.
_ASKED = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END"


def timeline(engine: sa.Engine) -> str:
    """PostgreSQL's timeline (chapter 26.3.5): by a new one it is known that commits may be lost.

    Empty on a standby, and on SQLite.
    """
    if engine.dialect.name == "sqlite":
        return ""
    with reading(engine) as connection:
        return str(connection.exec_driver_sql(_ASKED).scalar() or "")
