"""What a connection to PostgreSQL is told when it is opened, asked where it has rested for a while, and left for."""

from functools import partial
from time import monotonic

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExceptionContext, ExecutionContext
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from storage.faults import takes_no_writing

_RESTED_SECONDS = 1.0
_SINCE = "lyhord_rests_since"
_BYTES = "lyhord_as_bytes"
AS_BYTES = {_BYTES: True}
"""Options of a statement whose answer comes as PostgreSQL keeps it: written as text, bytes are twice as long."""


def plan_simply(engine: sa.Engine) -> sa.Engine:
    """The engine, whose connections compile no plans and start no helpers: that took longer than our short answers."""
    sa.event.listen(engine, "connect", _tell)
    sa.event.listen(engine, "before_cursor_execute", _take_bytes)
    return engine


def _take_bytes(
    _connection: sa.Connection,
    cursor: psycopg.Cursor[object],
    _said: str,
    _values: object,
    context: ExecutionContext | None,
    _many: object,
) -> None:
    if context is not None and context.execution_options.get(_BYTES):
        cursor.format = psycopg.pq.Format.BINARY


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


def _rest(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_SINCE] = monotonic()
    if isinstance(connection, psycopg.Connection) and connection.read_only is False and not connection.closed:
        # Left by a transaction that only read. It asks the next to write whatever the server says of itself, which
        # a standby answers with another error, in its own language.
        connection.read_only = None


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


def leave_the_shut(engine: sa.Engine) -> sa.Engine:
    """The engine, for which a server that takes no writing is as good as gone, as after a failover.

    Whoever waits for an outage of the database knows one, and its connections are opened anew: the next may lead to the
    server that took over.
    """
    sa.event.listen(engine, "handle_error", _leave)
    return engine


def _leave(context: ExceptionContext) -> None:
    # Who writes in a transaction that is to read is a fault of ours.
    reads = context.connection is not None and context.connection.get_execution_options().get("postgresql_readonly")
    if takes_no_writing(context.original_exception) and not reads:
        context.is_disconnect = True
        raise sa.exc.OperationalError(
            context.statement, None, context.original_exception, hide_parameters=True, connection_invalidated=True
        )
