"""What watching asks of the database: counts and the oldest of what waits, never who or what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cases.letters.letter import OutboxStatus
from storage.database.engine import reading, writing
from storage.mail.raw import FROM_FOLDER, QUARANTINED, READ, WAITING
from storage.tables.cases import cases
from storage.tables.columns import metadata
from storage.tables.mail import messages, outbox, raw_contents, raw_messages

PROBE = "probe"
"""Status of a raw message that was a probe letter; it counts nowhere."""
_OUT = (OutboxStatus.QUEUED, OutboxStatus.AWAITING_RETRY, OutboxStatus.INFLIGHT)
_STATES = (WAITING, READ, QUARANTINED, PROBE)
_raw = raw_messages.c
# Letters looked at for a clock that is ahead, what is late for a letter, and late alike.
_LATEST = 10
_LATE, _ALIKE = timedelta(minutes=30), timedelta(minutes=5)


@dataclass(frozen=True)
class Standing:
    """What alarms go by. ``oldest`` are moments by stage (read, suggest, send), absent where nothing waits there.

    ``skew_seconds`` is how far the mail server's clock is ahead of ours, as far as the letters it dated tell; below 0
    it is behind, and ours ahead.
    """

    quarantined: int
    oldest: Mapping[str, datetime]
    skew_seconds: float


@dataclass(frozen=True)
class Figures:
    """How things stand, with what is counted of all there is.

    ``late`` and ``soon`` are open cases whose nearest promise is past its day, or due today or tomorrow: what the list
    of late cases holds, and so neither a day that a later one stands for (R5) nor a receipt with nowhere to go.
    """

    standing: Standing
    letters_in: int
    open_cases: int
    late: int
    soon: int
    out: Mapping[str, int]


def standing(engine: sa.Engine, now: datetime) -> Standing:
    """Ask in one read-only transaction; it costs the same however many letters there ever were."""
    with reading(engine) as connection:
        return _standing(connection, now)


def figures(engine: sa.Engine, now: datetime, today: date) -> Figures:
    """Ask once, in one read-only transaction; ``today`` is the day in Sweden. Counting grows with all that is kept."""
    with reading(engine) as connection:
        by_raw = _by(connection, _raw.status)
        unended = sa.select(sa.func.count()).select_from(cases).where(cases.c.open)
        soon = cases.c.due.between(today, today + timedelta(days=1))
        return Figures(
            standing=_standing(connection, now),
            letters_in=sum(by_raw.get(status, 0) for status in (WAITING, READ, QUARANTINED)),
            open_cases=_count(connection, unended),
            late=_count(connection, unended.where(cases.c.due < today)),
            soon=_count(connection, unended.where(soon)),
            out=_by(connection, outbox.c.status),
        )


def _standing(connection: sa.Connection, now: datetime) -> Standing:
    skew = _behind(connection, now) or _ahead(connection)
    bad = sa.select(sa.func.count()).select_from(raw_messages).where(_raw.status == QUARANTINED)
    return Standing(_count(connection, bad), _oldest(connection, now), skew)


def _count(connection: sa.Connection, query: sa.Select[int]) -> int:
    return int(connection.scalars(query).one())


def _by(connection: sa.Connection, column: sa.ColumnElement[str]) -> dict[str, int]:
    rows = connection.execute(sa.select(column, sa.func.count()).group_by(column))
    return {str(status): int(count) for status, count in rows}


def _oldest(connection: sa.Connection, now: datetime) -> dict[str, datetime]:
    unread = (_raw.status == WAITING, sa.or_(_raw.retry_at.is_(None), _raw.retry_at <= now))
    asked = {
        "read": sa.select(sa.func.min(_raw.kept_at)).where(*unread),
        "suggest": sa.select(sa.func.min(messages.c.received_at)).where(messages.c.awaits_model),
        "send": sa.select(sa.func.min(outbox.c.not_before)).where(
            outbox.c.status.in_(_OUT), outbox.c.not_before <= now, sa.or_(outbox.c.attempts == 0, sa.not_(_overtaken()))
        ),
    }
    found = {stage: connection.execute(query).scalar() for stage, query in asked.items()}
    return {stage: at for stage, at in found.items() if at is not None}


def _overtaken() -> sa.Exists:
    """Whether a letter that fell due with this one or later has left: then it is this one's receiver who must wait."""
    later = outbox.alias()
    left = sa.and_(later.c.status == OutboxStatus.SENT, later.c.not_before >= outbox.c.not_before)
    return sa.exists().where(left)


def _behind(connection: sa.Connection, now: datetime) -> float:
    """How much later than our own clock the mail server's says a letter came: it cannot come after it was fetched.

    Over once one came in its time after those: the clock has been put right.
    """
    since = now - timedelta(days=1)
    # What came after it was kept came since then too: said so that the index by state and receipt is used.
    of_the_day = (_raw.status.in_(_STATES), _raw.received_at >= since, _raw.kept_at >= since)
    query = sa.select(_raw.received_at, _raw.kept_at).where(*of_the_day, _raw.received_at > _raw.kept_at)
    ahead = connection.execute(query.order_by(_raw.kept_at.desc()).limit(1000)).all()
    if not ahead:
        return 0.0
    in_time = sa.select(_raw.id).where(*of_the_day, _raw.kept_at > ahead[0].kept_at, _raw.received_at <= _raw.kept_at)
    if connection.execute(in_time.limit(1)).first() is not None:
        return 0.0
    return max(float((row.received_at - row.kept_at).total_seconds()) for row in ahead)


def _ahead(connection: sa.Connection) -> float:
    """How much earlier than our fetching the mail server says that each of the latest letters came, below 0.

    One may have lain there, or been moved there by somebody. A clock that is ahead makes all of them late, and those
    that were fetched at once late alike, though they came at different times.
    """
    query = sa.select(_raw.received_at, _raw.kept_at).where(_raw.status == READ, sa.not_(FROM_FOLDER))
    latest = connection.execute(query.order_by(_raw.received_at.desc()).limit(_LATEST)).all()
    least = min((row.kept_at - row.received_at for row in latest), default=_LATE)
    alike = [row.received_at for row in latest if row.kept_at - row.received_at <= least + _ALIKE]
    if least <= _LATE or len(alike) < _LATEST / 2 or max(alike) - min(alike) <= _LATE:
        return 0.0
    return -least.total_seconds()


def known_probes(engine: sa.Engine, digests: Sequence[str]) -> set[str]:
    """Those of these digests (SHA-256 of a letter's bytes) that were probe letters, and no other letter."""
    query = sa.select(_raw.sha256).where(_raw.sha256.in_(digests)).group_by(_raw.sha256)
    only = query.having(sa.func.min(_raw.status) == PROBE, sa.func.max(_raw.status) == PROBE)
    with reading(engine) as connection:
        return set(connection.execute(only).scalars())


def remove_wholly(engine: sa.Engine, case_id: str) -> bool:
    """Take a probe letter's case away with all that hangs on it; that it was fetched stays, without its bytes.

    False, and nothing done, where the case holds anything but one letter that came in: then it is people's.
    """
    with writing(engine) as connection:
        raws = sa.select(messages.c.raw_id).where(messages.c.case_id == case_id)
        mine = list(connection.execute(raws).scalars())
        if len(mine) != 1 or mine[0] is None:
            return False
        for table in reversed(metadata.sorted_tables):
            for key in table.foreign_keys:
                if key.column.table is cases:
                    connection.execute(table.delete().where(key.parent == case_id))
        connection.execute(cases.delete().where(cases.c.id == case_id))
        connection.execute(raw_contents.delete().where(raw_contents.c.raw_id.in_(mine)))
        connection.execute(raw_messages.update().where(_raw.id.in_(mine)).values(status=PROBE, error=""))
    return True
