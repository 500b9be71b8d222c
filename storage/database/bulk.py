"""Many rows of one table at once: as tuples for the driver, through a statement made once, or as COPY on PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

# Fewer rows go as quickly by INSERT, which needs no turn of the protocol of its own.
_LEAST_COPIED = 3
_Values = Mapping[str, Any]
_Names = tuple[str, ...]
_Bind = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """Some columns of a table, and how a value of each is handed to the driver."""

    names: _Names
    binds: tuple[_Bind, ...]

    def tuples(self, rows: Sequence[_Values]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them. Raises StatementError for a value that cannot be kept."""
        pairs = tuple(zip(self.names, self.binds, strict=True))
        try:
            return [tuple([bind(row[name]) for name, bind in pairs]) for row in rows]
        except (LookupError, TypeError, ValueError) as error:
            raise sa.exc.StatementError(str(error), ", ".join(self.names), None, error) from error


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[_Values], keys: Sequence[str] = (), *, over: bool = False
) -> int:
    """Insert rows that have the same columns; returns how many were written.

    ``keys`` are the columns of a unique key: a row whose key is there already is left out, or with ``over`` put over
    the one that is there. Raises what SQLAlchemy does.
    """
    columns = _columns(table, tuple(rows[0]), connection.dialect)
    values = columns.tuples(rows)
    if not keys and connection.dialect.name != "sqlite" and len(rows) >= _LEAST_COPIED:
        _copy(connection, *_copy_of(table, columns.names, connection.dialect), values)
        return len(rows)
    if keys:
        # Two transactions that wait for each other's keys would wait forever; in one order they cannot.
        values.sort(key=itemgetter(*map(columns.names.index, keys)))
    statement = _insert_of(table, columns.names, tuple(keys), connection.dialect, over=over)
    return connection.exec_driver_sql(statement, values).rowcount


def update_rows(connection: sa.Connection, table: sa.Table, keys: Sequence[str], rows: Sequence[_Values]) -> int:
    """Change rows found by these of their columns, each to what stands in its others; returns how many there were.

    A key column written ``was_name`` is compared with what ``name`` was, and ``name`` may change.
    """
    statement, columns = _update_of(table, tuple(keys), tuple(rows[0]), connection.dialect)
    return connection.exec_driver_sql(statement, columns.tuples(rows)).rowcount


def delete_rows(connection: sa.Connection, table: sa.Table, key: str, values: Sequence[Any]) -> None:
    """Remove the rows whose ``key`` is one of these."""
    columns = _columns(table, (key,), connection.dialect)
    statement = f"DELETE FROM {table.name} WHERE {key} = {_mark(connection.dialect)}"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, columns.tuples([{key: value} for value in values]))


_WAS = "was_"


@cache
def _columns(table: sa.Table, names: _Names, dialect: Dialect) -> Columns:
    return Columns(names, tuple(_bind(table.c[name.removeprefix(_WAS)].type, dialect) for name in names))


def _bind(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> _Bind:
    found = kind.dialect_impl(dialect).bind_processor(dialect)
    if found is not None:
        return found
    return _text if isinstance(kind, sa.Text) else _same


def _text(value: str | None) -> str | None:
    # A member of an enumeration is its text, whatever a driver thinks of enumerations.
    return value if value is None or type(value) is str else str(value)


def _same(value: object) -> object:
    return value


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.name == "sqlite" else "%s"


def _named(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@cache
def _insert_of(table: sa.Table, names: _Names, keys: _Names, dialect: Dialect, *, over: bool) -> str:
    marks = ", ".join(_mark(dialect) for _ in names)
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    then = f"DO UPDATE SET {rest}" if over else "DO NOTHING"
    conflict = f" ON CONFLICT ({_named(keys)}) {then}" if keys else ""
    return f"INSERT INTO {table.name} ({_named(names)}) VALUES ({marks}){conflict}"  # noqa: S608 - our own names


@cache
def _copy_of(table: sa.Table, names: _Names, dialect: Dialect) -> tuple[str, _Names]:
    """The statement, and the kinds of its columns. Binary: in text, bytes are twice as long and have to be read."""
    kinds = [table.c[name].type.dialect_impl(dialect).compile(dialect).lower() for name in names]
    statement = f"COPY {table.name} ({_named(names)}) FROM STDIN (FORMAT BINARY)"
    return statement, tuple("float8" if kind == "float" else kind for kind in kinds)


@cache
def _update_of(table: sa.Table, keys: _Names, names: _Names, dialect: Dialect) -> tuple[str, Columns]:
    mark, rest = _mark(dialect), tuple(name for name in names if name not in keys)
    changed = ", ".join(f'"{name}" = {mark}' for name in rest)
    found = " AND ".join(f'"{name.removeprefix(_WAS)}" = {mark}' for name in keys)
    statement = f"UPDATE {table.name} SET {changed} WHERE {found}"  # noqa: S608 - our own names
    return statement, _columns(table, (*rest, *keys), dialect)


def _copy(connection: sa.Connection, statement: str, kinds: _Names, values: Sequence[tuple[Any, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types(kinds)
            for row in values:
                copy.write_row(row)
    except psycopg.Error as error:
        # As SQLAlchemy would say it, so that whoever waits for an outage of the database knows one.
        raise sa.exc.DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error
