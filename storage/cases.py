"""Cases: saved with a version check, numbered without gaps, with flags, deadlines, journal and suggestions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from cases.access import SYSTEM, Viewer
from cases.case import Case
from cases.decisions import RoutingDecision
from cases.documents import SHORT_LETTER, ReadStatus
from cases.errors import NotFound, StaleVersion
from cases.flags import ConfidentialityFlag
from cases.journal import CaseEvent
from cases.promises import Deadline
from cases.suggestion import Suggestion
from storage.document_tables import attachment_texts
from storage.documents import JOURNAL, DocumentsPart, party_text
from storage.engine import index_key, upsert
from storage.errors import NumberTaken
from storage.mail_tables import messages
from storage.payloads import areas_to_json, suggestion_from_json, suggestion_to_json
from storage.rows import (
    case_from_row,
    case_to_row,
    deadline_from_row,
    deadline_to_row,
    flag_from_row,
    flag_to_row,
)
from storage.tables import (
    case_deadlines,
    case_flags,
    case_links,
    case_numbers,
    case_readers,
    case_reads,
    cases,
    counters,
    decisions,
    journal,
    suggestions,
)
from storage.visibility import visible

HIDDEN = "Det finns inget sådant ärende, eller så får du inte läsa det."


class CasePart(DocumentsPart):
    """Most of ``CaseStore``; what the sweeps ask is in ``sweeps``."""

    def next_serial(self, series: str, year: int) -> int:
        """The next number of a series and year, from 1; the row stays locked until the transaction ends."""
        first = {"series": series, "year": year, "value": 1}
        return int(self.ahead.execute(_count_on(self.ahead.dialect.name), first).scalar_one())

    def add_case(self, case: Case) -> None:
        """Insert a new case with its flags and deadlines."""
        self.insert(cases, case_to_row(case))
        self._write_parts(case, None)

    def get_case(self, case_id: str, viewer: Viewer) -> Case:
        """The case, where the viewer may read it. Raises NotFound otherwise."""
        if viewer.system and case_id in self._seen:
            return self._seen[case_id]
        query = sa.select(cases).where(cases.c.id == case_id, visible(viewer))
        row = self.after(cases, case_readers).execute(query).mappings().first()
        if row is None:
            raise NotFound(HIDDEN)
        case = case_from_row(row, self.flags_of([case_id])[case_id], self._deadlines_of(case_id))
        self._seen[case_id] = case
        return case

    def flags_of(self, case_ids: Sequence[str]) -> dict[str, list[ConfidentialityFlag]]:
        """The flags of several cases, each in its order."""
        query = sa.select(case_flags).where(case_flags.c.case_id.in_(case_ids))
        found: dict[str, list[ConfidentialityFlag]] = defaultdict(list)
        for row in self.after(case_flags).execute(query.order_by(case_flags.c.position)).mappings():
            found[row["case_id"]].append(flag_from_row(row))
        return found

    def _deadlines_of(self, case_id: str) -> list[Deadline]:
        query = sa.select(case_deadlines).where(case_deadlines.c.case_id == case_id)
        rows = self.after(case_deadlines).execute(query.order_by(case_deadlines.c.position)).mappings()
        return [deadline_from_row(row) for row in rows]

    def save_case(self, case: Case) -> Case:
        """Save with version check; returns the case with its new version. Raises StaleVersion."""
        before = self.get_case(case.id, SYSTEM)
        saved = replace(case, version=case.version + 1)
        row = {name: value for name, value in case_to_row(saved).items() if name != "id"}
        if self.ahead.execute(_SAVE, {**row, "its_id": case.id, "its_version": case.version}).rowcount == 0:
            self._seen.pop(case.id, None)
            raise StaleVersion(
                f"Ärende {case.number} har ändrats av någon annan sedan du öppnade det (version {case.version}). "
                "Läs in sidan igen och gör om det du skulle göra."
            )
        self._write_parts(saved, before)
        return saved

    def _write_parts(self, case: Case, before: Case | None) -> None:
        """Flags, deadlines, numbers and what search finds of a case, where they are not as they were before."""
        self._seen[case.id] = case
        if before is None or before.flags != case.flags:
            flags = [flag_to_row(case.id, i, flag) for i, flag in enumerate(case.flags)]
            self._rewrite(case_flags, case.id, flags, fresh=before is None or not before.flags)
        if before is None or before.deadlines != case.deadlines:
            deadlines = [deadline_to_row(case.id, i, one) for i, one in enumerate(case.deadlines)]
            self._rewrite(case_deadlines, case.id, deadlines, fresh=before is None or not before.deadlines)
        if before is None:
            self._note_numbers(case)
            self.index_case(case, fresh=True)
        elif _found_by(before) != _found_by(case):
            self._note_numbers(case)
            self.index_case(case, self._earlier_numbers(case))

    def _rewrite(self, table: sa.Table, case_id: str, rows: list[dict[str, Any]], *, fresh: bool) -> None:
        if not fresh:
            self.after(table).execute(table.delete().where(table.c.case_id == case_id))
        self.insert_later(table, *rows)

    def _note_numbers(self, case: Case) -> None:
        for number in (case.number, case.registry_number):
            key = index_key(number)
            if not key or self.insert_new(case_numbers, {"number_key": key, "case_id": case.id}, ["number_key"]):
                continue
            query = sa.select(case_numbers.c.case_id).where(case_numbers.c.number_key == key)
            if self.connection.execute(query).scalar() != case.id:
                raise NumberTaken(f"Numret {number} tillhör redan ett annat ärende. Dra ett nytt ur serien.")

    def _earlier_numbers(self, case: Case) -> list[str]:
        now = {index_key(case.number), index_key(case.registry_number)}
        query = sa.select(case_numbers.c.number_key).where(case_numbers.c.case_id == case.id)
        return sorted(key for key in self.connection.execute(query).scalars() if key not in now)

    def add_event(self, event: CaseEvent) -> None:
        """Append to the journal; search finds its text."""
        names = CaseEvent.__dataclass_fields__
        self.insert_later(journal, {name: getattr(event, name) for name in names})
        if event.text:
            self.index(event.case_id, JOURNAL, event.id, event.text, fresh=True)

    def add_suggestion(self, case_id: str, message_row_id: str, suggestion: Suggestion, at: datetime) -> None:
        """Keep a suggestion; the latest one of the letter that began the case is the case's."""
        row = {"case_id": case_id, "message_row_id": message_row_id, "at": at}
        own = {"areas": areas_to_json(suggestion), "content": suggestion_to_json(suggestion)}
        self.insert_later(suggestions, row | own | {"model_version": suggestion.model_version})
        self.ahead.execute(_SEEN_BY_MODEL, {"its_id": message_row_id})

    def suggestion(self, case_id: str) -> Suggestion | None:
        """What is suggested for a case: the latest of its first letter."""
        row = self.connection.execute(_SUGGESTED, {"its_case": case_id}).first()
        return None if row is None else suggestion_from_json(row.content, row.areas)

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

    def link_cases(self, case_id: str, other_id: str, reason: str, at: datetime) -> None:
        """Note that two cases belong together, both ways; saying it twice changes nothing."""
        for one, other in ((case_id, other_id), (other_id, case_id)):
            row = {"case_id": one, "other_id": other, "reason": reason, "at": at}
            self.insert_new(case_links, row, ["case_id", "other_id"])

    def add_reader(self, case_id: str, user_id: str, reason: str, at: datetime) -> None:
        """Let one more person read a protected case."""
        row = {"case_id": case_id, "user_id": user_id, "reason": reason, "at": at}
        self.insert_new(case_readers, row, ["case_id", "user_id"])

    def note_read(self, case_id: str, user_id: str, at: datetime) -> None:
        """Log that a person read a protected case."""
        self.insert(case_reads, {"case_id": case_id, "user_id": user_id, "at": at})


@cache
def _count_on(dialect: str) -> ReturningInsert[int]:
    grow = {"value": counters.c.value + 1}
    statement = upsert(dialect, counters).on_conflict_do_update(index_elements=["series", "year"], set_=grow)
    return statement.returning(counters.c.value)


_SAVE = cases.update().where(cases.c.id == sa.bindparam("its_id"), cases.c.version == sa.bindparam("its_version"))
_OF_CASE = suggestions.c.case_id == sa.bindparam("its_case")
_FIRST_LETTER = sa.select(suggestions.c.message_row_id).where(_OF_CASE).order_by(suggestions.c.seq).limit(1)
_SUGGESTED = (
    sa.select(suggestions.c.content, suggestions.c.areas)
    .where(_OF_CASE, suggestions.c.message_row_id == _FIRST_LETTER.scalar_subquery())
    .order_by(suggestions.c.seq.desc())
    .limit(1)
)
_SEEN_BY_MODEL = messages.update().where(messages.c.id == sa.bindparam("its_id")).values(awaits_model=False)


def _found_by(case: Case) -> tuple[str, ...]:
    """All by which search finds a case itself."""
    return party_text(case), case.number, case.registry_number, case.register_subject
