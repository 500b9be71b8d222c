"""Cases: saved with a version check, numbered without gaps, with flags, deadlines, journal and suggestions."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.inbound.documents import SHORT_LETTER, ReadStatus
from cases.journal import NAMES_ANOTHER, CaseEvent
from cases.people.access import SYSTEM, AddedReader
from cases.routing.decisions import RoutingDecision
from cases.routing.suggestion import Suggestion
from cases.store.reads import ReadPart
from storage.database.questions import KEYS, Question
from storage.mail.questions import OF_CASE, in_order
from storage.payloads import areas_to_json, suggestion_from_json, suggestion_to_json
from storage.saving import SavingPart
from storage.search.documents import JOURNAL
from storage.tables.cases import (
    case_links,
    case_readers,
    case_reads,
    decisions,
    journal,
    suggestions,
)
from storage.tables.documents import attachment_texts
from storage.tables.mail import messages


def _event_row(event: CaseEvent) -> dict[str, object]:
    return {name: getattr(event, name) for name in CaseEvent.__dataclass_fields__}


class CasePart(SavingPart):
    """Most of ``CaseStore``; what the sweeps ask is in ``sweeps``."""

    def add_event(self, event: CaseEvent) -> None:
        """Append to the journal; search finds the text of what a person did."""
        self.insert_later(journal, _event_row(event))
        self._find_event(event)

    def add_event_once(self, event: CaseEvent) -> bool:
        """Written at once, for only the database knows of another who writes the same."""
        added = self.insert_new(journal, _event_row(event), ["id"])
        if added:
            self._find_event(event)
        return added

    def _find_event(self, event: CaseEvent) -> None:
        # What the machine notes is alike in every case and would be found by every search; which case one hangs
        # together with is for those alone who may read that one too.
        if event.text and event.actor != SYSTEM.user_id and event.kind not in NAMES_ANOTHER:
            self.index(event.case_id, JOURNAL, event.id, event.text, fresh=True)

    def add_suggestion(self, case_id: str, message_row_id: str, suggestion: Suggestion, at: datetime) -> None:
        """Keep a suggestion; the latest one of the letter that began the case is the case's."""
        row = {"case_id": case_id, "message_row_id": message_row_id, "at": at}
        own = {"areas": areas_to_json(suggestion), "content": suggestion_to_json(suggestion)}
        row |= own | {"model_version": suggestion.model_version}
        self.insert_known(suggestions, row, {SUGGESTED: (case_id, message_row_id, suggestion)})
        self.update_later(messages, ("id",), {"id": message_row_id, "awaits_model": False})

    def suggestion(self, case_id: str) -> Suggestion | None:
        """What is suggested for a case: the latest of its first letter."""
        rows = self.ask(SUGGESTED, case_id)
        if not rows:
            return None
        first = rows[0][1]
        if len(asked := {row[1] for row in rows}) > 1:
            # Seldom another one than the first read: a letter that came out of quarantine is older than its reply.
            first = next((one.id for one in in_order(self.ask(OF_CASE, case_id)) if one.id in asked), first)
        _, _, content, *areas = [row for row in rows if row[1] == first][-1]
        return content if isinstance(content, Suggestion) else suggestion_from_json(content, *areas)

    def messages_to_suggest(self, limit: int) -> Sequence[tuple[str, str]]:
        """(case id, message id) of citizens' messages in a case that no suggestion was kept for yet, oldest first."""
        # A letter of a few words most often says "se bifogat brev": its documents are read first.
        unread = sa.exists().where(attachment_texts.c.message_row_id == messages.c.id)
        unread = unread.where(attachment_texts.c.status == ReadStatus.WAITING)
        waits = sa.and_(sa.func.length(messages.c.excerpt) < SHORT_LETTER, unread)
        query = sa.select(messages.c.case_id, messages.c.id).where(messages.c.awaits_model, sa.not_(waits))
        query = query.order_by(messages.c.received_at, messages.c.seq).limit(limit)
        return [(row.case_id, row.id) for row in self.connection.execute(query)]

    def add_decision(self, decision: RoutingDecision) -> None:
        """Keep a routing decision."""
        names = RoutingDecision.__dataclass_fields__
        self.insert(decisions, {name: getattr(decision, name) for name in names})

    def link_cases(self, case_id: str, other_id: str, reason: str, at: datetime) -> bool:
        """Note that two cases belong together, both ways; saying it twice changes nothing."""
        # In one order, so that two who link the same pair from either end never wait for each other.
        pairs = sorted([(case_id, other_id), (other_id, case_id)])
        rows = ({"case_id": one, "other_id": other, "reason": reason, "at": at} for one, other in pairs)
        added = [self.insert_new(case_links, row, ["case_id", "other_id"]) for row in rows]
        return any(added)

    def unlink_cases(self, case_id: str, other_id: str) -> bool:
        """Forget it again, both ways."""
        # In the order in which they are linked.
        pairs = sorted([(case_id, other_id), (other_id, case_id)])
        ends = case_links.c.case_id, case_links.c.other_id
        rows = (case_links.delete().where(ends[0] == one, ends[1] == other) for one, other in pairs)
        removed = [self.connection.execute(row).rowcount for row in rows]
        return any(removed)

    def add_reader(self, case_id: str, user_id: str, reason: str, at: datetime) -> bool:
        """Let one more person read a protected case."""
        row = {"case_id": case_id, "user_id": user_id, "reason": reason, "at": at}
        return self.insert_new(case_readers, row, ["case_id", "user_id"])

    def readers(self, case_id: str) -> Sequence[AddedReader]:
        """Who was let read the case beside those who need it for their work, the first one first."""
        of = case_readers.c
        query = sa.select(of.user_id, of.reason, of.at).where(of.case_id == case_id).order_by(of.at, of.user_id)
        return [AddedReader(*row) for row in self.after(case_readers).execute(query)]

    def drop_reader(self, case_id: str, user_id: str) -> bool:
        """Take that away again; False where there was nothing to take."""
        one = sa.and_(case_readers.c.case_id == case_id, case_readers.c.user_id == user_id)
        return self.after(case_readers).execute(sa.delete(case_readers).where(one)).rowcount > 0

    def note_read(self, case_id: str, user_id: str, at: datetime, part: ReadPart = ReadPart.CASE) -> None:
        """Log that a person read this of a protected case."""
        self.insert(case_reads, {"case_id": case_id, "user_id": user_id, "at": at, "part": part})


SUGGESTED = Question(
    sa.select(suggestions.c.case_id, suggestions.c.message_row_id, suggestions.c.content, suggestions.c.areas)
    .where(suggestions.c.case_id.in_(KEYS))
    .order_by(suggestions.c.seq),
    {suggestions: "case_id"},
)
"""The suggestions of a case, the earliest first; one that this transaction made stands there itself."""
