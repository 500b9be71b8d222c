"""What a connection to PostgreSQL is told when it is opened, and asked where it has rested for a while."""

from functools import partial
from time import monotonic

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_RESTED_SECONDS = 1.0
_SINCE = "lyhord_rests_since"


def plan_simply(engine: sa.Engine) -> sa.Engine:
    """The engine, whose connections compile no plans and start no helpers: that took longer than our short answers."""
    sa.event.listen(engine, "connect", _tell)
    return engine


def _tell(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    cursor.close()
    connection.commit()


def ask_the_rested(engine: sa.Engine) -> sa.Engine:
    """The engine, whose connections are asked before use if they have rested.

    SQLAlchemy's ``pool_pre_ping`` asks every time, which of a letter's few questions is one too many.
    """
    sa.event.listen(engine, "checkin", _rest)
    sa.event.listen(engine, "checkout", partial(_wake, engine.dialect))
    return engine


def _rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_SINCE] = monotonic()


def _wake(
    dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: PoolProxiedConnection
) -> None:
    now = monotonic()
    if now - entry.info.get(_SINCE, now) < _RESTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        # Those that rest beside it are as old: the server has been away.
        raise sa.exc.InvalidatePoolError from error
