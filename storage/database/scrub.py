"""Takes the bytes of what was erased out of the database's files."""

from storage.database.engine import open_engine
from storage.errors import NotScrubbed

_HELD = (
    "Databasens filer gick inte att skriva om: någon har läst i databasen länge, eller så är disken full. "
    "Det som gallrats kan finnas kvar i dem. Kör lyhord retention scrub igen."
)
# FTS5 keeps deleted terms in its segments until they are merged.
_SQLITE = (
    "INSERT INTO search_fts(search_fts) VALUES ('optimize')",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)
_POSTGRESQL = ("VACUUM FULL",)


def scrub(url: str) -> None:
    """Write the database's files anew, without the bytes of what was erased; takes a copy's room and time.

    SQLite: the search index is merged, then VACUUM, and the write-ahead log is emptied. PostgreSQL: VACUUM FULL of
    every table, which locks each for its while. Older backups and PostgreSQL's archived log still hold the bytes.
    Raises NotScrubbed where somebody holds the database for too long, or the disk has no room.
    """
    engine = open_engine(url)
    try:
        connection = engine.raw_connection()
        try:
            steps = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
            if engine.dialect.name != "sqlite":
                # VACUUM runs in no transaction; the type forgets that a raw connection that is open has the driver's.
                connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
            cursor = connection.cursor()
            for step in steps:
                cursor.execute(step)
                # Somebody who reads keeps the log from being emptied: that is no error, and only its answer says so.
                if cursor.description and any(busy for busy, *_ in cursor.fetchall()):
                    raise NotScrubbed(_HELD)
            cursor.close()
        finally:
            connection.close()
    except engine.dialect.loaded_dbapi.Error as error:
        raise NotScrubbed(_HELD) from error
    finally:
        engine.dispose()
