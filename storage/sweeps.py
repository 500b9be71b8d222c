"""What the scheduled sweeps ask: whose chef to alarm, who still waits for a receipt, how things stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.journal import EventKind
from cases.letters import LetterKind, OutboxStatus
from storage.document_tables import attachment_texts
from storage.engine import Part, index_key
from storage.mail_tables import messages, outbox, raw_messages
from storage.raw import QUARANTINED, WAITING
from storage.tables import cases, journal, suggestions

# A letter that never left is no receipt.
_NEVER_LEFT = (OutboxStatus.WITHHELD, OutboxStatus.CANCELLED)
# What is asked of every letter is built once.
_TO_ADDRESS = sa.and_(
    outbox.c.recipient_key == sa.bindparam("to"),
    outbox.c.kind == LetterKind.MOTTAGNING,
    outbox.c.status.not_in(_NEVER_LEFT),
)
_RECEIPTS_SINCE = (
    sa.select(sa.func.count()).select_from(outbox).where(_TO_ADDRESS, outbox.c.created_at >= sa.bindparam("since"))
)
_RECEIPTS_BEFORE = (
    sa.select(outbox.c.created_at)
    .where(_TO_ADDRESS, outbox.c.created_at < sa.bindparam("before"))
    .order_by(outbox.c.created_at.desc())
    .limit(sa.bindparam("most"))
)
_NEWEST = (
    sa.select(messages.c.content_digest, messages.c.seq, messages.c.from_addr)
    .where(messages.c.case_id == sa.bindparam("case"))
    .order_by(messages.c.received_at.desc(), messages.c.seq.desc())
    .limit(1)
)
_ALIKE = sa.select(messages.c.from_addr).where(
    messages.c.content_digest == sa.bindparam("digest"),
    messages.c.seq < sa.bindparam("before"),
    messages.c.received_at >= sa.bindparam("since"),
)


class SweepPart(Part):
    """The rest of ``CaseStore``, and the counts for health."""

    def receipts_since(self, email: str, since: datetime) -> int:
        """How many receipts were queued to an address since then; withheld and stopped ones do not count."""
        asked = {"to": index_key(email), "since": since}
        return int(self.ahead.execute(_RECEIPTS_SINCE, asked).scalar_one())

    def receipts_before(self, email: str, before: datetime, limit: int) -> Sequence[datetime]:
        """When the latest receipts to an address were queued, strictly before then, newest first."""
        asked = {"to": index_key(email), "before": before, "most": limit}
        return list(self.ahead.execute(_RECEIPTS_BEFORE, asked).scalars())

    def repeated(self, case_id: str, since: datetime) -> bool:
        """Whether the newest message of a case has the content digest of an earlier one from its address since then."""
        row = self.ahead.execute(_NEWEST, {"case": case_id}).first()
        if row is None:
            return False
        asked = {"digest": row.content_digest, "before": row.seq, "since": since}
        key = index_key(row.from_addr)
        return any(index_key(one) == key for one in self.ahead.execute(_ALIKE, asked).scalars())

    def unopened_serious(self, received_before: datetime) -> Sequence[str]:
        """Serious open cases nobody opened, received before then, with no alarm noted and no letter to the chef."""
        query = sa.select(cases.c.id).where(cases.c.serious, cases.c.open, cases.c.opened_at.is_(None))
        query = query.where(cases.c.received_at < received_before, ~_has_letter(LetterKind.TILL_CHEF))
        query = query.where(~_has_event(EventKind.ALARM))
        return list(self.connection.execute(query.order_by(cases.c.received_at, cases.c.id)).scalars())

    def without_receipt(self, received_before: datetime) -> Sequence[str]:
        """Open cases received before then with no suggestion and no receipt, where that was not noted already."""
        suggested = sa.exists().where(suggestions.c.case_id == cases.c.id)
        query = sa.select(cases.c.id).where(cases.c.open, cases.c.received_at < received_before, ~suggested)
        query = query.where(~_has_letter(LetterKind.MOTTAGNING), ~_has_event(EventKind.SUGGESTION_FAILED))
        return list(self.connection.execute(query.order_by(cases.c.received_at, cases.c.id)).scalars())

    def state_counts(self) -> Mapping[str, int]:
        """For health: raw_waiting, raw_quarantined, loose; outbox, cases and documents.<status>; absent means none."""
        counts = {
            "raw_waiting": self._count(raw_messages, raw_messages.c.status == WAITING),
            "raw_quarantined": self._count(raw_messages, raw_messages.c.status == QUARANTINED),
            "loose": self._count(messages, messages.c.case_id.is_(None)),
        }
        kinds = (("outbox", outbox), ("cases", cases), ("documents", attachment_texts))
        return counts | {key: count for kind in kinds for key, count in self._by_status(*kind).items()}

    def _count(self, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar_one())

    def _by_status(self, name: str, table: sa.Table) -> dict[str, int]:
        query = sa.select(table.c.status, sa.func.count()).group_by(table.c.status)
        return {f"{name}.{status}": int(count) for status, count in self.connection.execute(query)}


def _has_letter(kind: LetterKind) -> sa.Exists:
    return sa.exists().where(outbox.c.case_id == cases.c.id, outbox.c.kind == kind)


def _has_event(kind: EventKind) -> sa.Exists:
    return sa.exists().where(journal.c.case_id == cases.c.id, journal.c.kind == kind)
