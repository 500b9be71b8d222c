"""The kinds of column the tables are made of: moments in UTC, text that no database refuses, links and numbers."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases: SQLite knows no time zones, so there it is written without."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the store keeps aware moments only")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """The text with NUL and lone surrogates, which no database takes, shown as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # The replacement makes a plain string of an enumeration's member too.
    return text.replace("\x00", "\ufffd")


class Words(TypeDecorator[str]):
    """Text of any length from anywhere; never refused by the database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else storable(value)


_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def serial_column() -> sa.Column[int]:
    """A number in order of writing, to tell apart what happened at one moment."""
    return sa.Column("seq", _Serial, primary_key=True, autoincrement=True)


def text_column(name: str) -> sa.Column[str]:
    """Text that is empty rather than missing."""
    return sa.Column(name, Words, nullable=False)


def later_text_column(name: str) -> sa.Column[str]:
    """Text that a later migration added, so that rows from before it are empty too."""
    return sa.Column(name, Words, nullable=False, server_default=sa.text("''"))


def id_column() -> sa.Column[str]:
    """The id that ``cases`` gave."""
    return sa.Column("id", sa.Text, nullable=False, unique=True)


def case_column(*, key: bool = False, nullable: bool = False) -> sa.Column[str]:
    """A link to a case; deferred, so that a step may write a letter before the case it belongs to."""
    link = sa.ForeignKey("cases.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return sa.Column("case_id", sa.Text, link, primary_key=key, nullable=nullable and not key)


def when_column(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A moment."""
    return sa.Column(name, Moment, nullable=nullable)


def bool_column(name: str) -> sa.Column[bool]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False)
