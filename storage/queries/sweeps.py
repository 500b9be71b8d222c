"""What the scheduled sweeps ask: whose chef to alarm, who still waits for a receipt, how things stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.routing.flags import FlagKind, FlagState
from storage.database.engine import index_key, mailbox_key
from storage.mail.messages import MessagePart
from storage.mail.questions import ALIKE, RECEIPTS
from storage.mail.raw import QUARANTINED, WAITING
from storage.tables.cases import case_flags, cases, journal, suggestions
from storage.tables.documents import attachment_texts
from storage.tables.mail import messages, outbox, raw_messages

_THREATS = sa.select(case_flags.c.case_id).where(
    case_flags.c.kind == FlagKind.HOT_VALD, case_flags.c.state != FlagState.CLEARED
)


class SweepPart(MessagePart):
    """The rest of ``CaseStore``, and the counts for health."""

    def receipts_since(self, email: str, since: datetime) -> int:
        """How many receipts were queued to a mailbox since then; withheld and stopped ones do not count."""
        return len(self._receipts(email, since))

    def receipts_between(self, email: str, since: datetime, before: datetime) -> Sequence[datetime]:
        """When receipts to an address were queued, strictly before then, newest first."""
        return sorted((at for at in self._receipts(email, since) if at < before), reverse=True)

    def _receipts(self, email: str, since: datetime) -> list[datetime]:
        rows = self.ask(RECEIPTS, mailbox_key(email), since)
        return [at for _, at in rows if at >= since]

    def repeated(self, case_id: str, since: datetime) -> bool:
        """Whether the newest message of a case has the content digest of an earlier one from its address since then."""
        told = self.told(case_id)
        if not told:
            return False
        newest = told[-1]
        alike = self.ask(ALIKE, newest.content_digest, since)
        writers = [who for _, seq, at, who in alike if seq < newest.seq and at >= since]
        return index_key(newest.from_addr) in map(index_key, writers)

    def unopened(self, received_before: datetime, *, serious: bool, threats: bool) -> Sequence[str]:
        """Such open cases nobody opened, received before then, with no alarm noted and no letter to the chef."""
        such = [cases.c.serious] * serious + [cases.c.id.in_(_THREATS)] * threats
        query = sa.select(cases.c.id, cases.c.received_at).where(cases.c.open, cases.c.opened_at.is_(None))
        query = query.where(cases.c.received_at < received_before, ~_has_letter(LetterKind.TILL_CHEF))
        query = query.where(~_has_event(EventKind.ALARM))
        # Apart, so that each has its index: both in one OR read every open case.
        found = {row for one in such for row in self.connection.execute(query.where(one)).all()}
        return [case_id for case_id, _ in sorted(found, key=lambda row: (row.received_at, row.id))]

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
