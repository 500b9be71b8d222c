"""Asks a connection to PostgreSQL whether it still lives, where it has rested for a while."""

from functools import partial
from time import monotonic

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_RESTED_SECONDS = 1.0
_SINCE = "lyhord_rests_since"


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
