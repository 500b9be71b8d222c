"""Cases as they are read and saved: with a version check, once at the end where nobody else can change them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from cases.case import Case
from cases.errors import NotFound, StaleVersion
from cases.people.access import SYSTEM, Viewer
from cases.ports import Analyser
from cases.promises import Deadline
from cases.records.law_days import DECIDED_TRACKS
from cases.routing.flags import ConfidentialityFlag
from storage.database.engine import index_key, upsert
from storage.database.questions import KEYS
from storage.errors import NumberTaken
from storage.refusals import decided
from storage.rows import (
    case_from_row,
    case_to_row,
    deadline_from_row,
    deadline_to_row,
    flag_from_row,
    flag_to_row,
    nearest_due,
)
from storage.search.documents import DocumentsPart, party_text
from storage.tables.cases import (
    case_deadlines,
    case_flags,
    case_numbers,
    case_readers,
    cases,
    counters,
)
from storage.visibility import visible

HIDDEN = "Det finns inget sådant ärende, eller så får du inte läsa det."
_FLAGS = sa.select(case_flags).where(case_flags.c.case_id.in_(KEYS)).order_by(case_flags.c.position)
_DEADLINES = sa.select(case_deadlines).where(case_deadlines.c.case_id.in_(KEYS)).order_by(case_deadlines.c.position)
_DECIDED = sa.select(decided(sa.bindparam("its_case", type_=sa.Text)))
_NUMBER, _VERSION = ("number_key",), ("id", "was_version")
_THESE = sa.select(cases).where(cases.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(cases.c.id)
# key_share: a line of the journal may be written meanwhile, which asks only that the case is there.
_HELD = _THESE.with_for_update(key_share=True)


class SavingPart(DocumentsPart):
    """Numbers, cases, their flags and deadlines, of ``CaseStore``."""

    def __init__(self, connection: sa.Connection, analyser: Analyser) -> None:
        super().__init__(connection, analyser)
        self._drawn: dict[tuple[str, int], int] = {}
        # Cases that nobody else can change until we are done; those of them that wait to be saved, as they were.
        self._ours: set[str] = set()
        self._fresh: set[str] = set()
        self._unsaved: dict[str, Case] = {}

    def next_serial(self, series: str, year: int) -> int:
        """The next number of a series and year, from 1; the row stays locked until the transaction ends."""
        one = (series, year)
        if one not in self._drawn:
            first = {"series": series, "year": year, "value": 1}
            self._drawn[one] = int(self.ahead.execute(_count_on(self.ahead.dialect.name), first).scalar_one())
        else:
            # The row is ours since the first draw.
            self._drawn[one] += 1
            self.touched.add(counters)
        return self._drawn[one]

    def add_case(self, case: Case) -> None:
        """Insert a new case with its flags and deadlines."""
        self._ours.add(case.id)
        self._fresh.add(case.id)
        self._seen[case.id] = case
        self.insert_later(cases, case_to_row(case))
        self.insert_later(case_flags, *_flag_rows(case))
        self.insert_later(case_deadlines, *_deadline_rows(case))
        keys = dict.fromkeys(key for key in map(index_key, (case.number, case.registry_number)) if key)
        self.insert_later(case_numbers, *({"number_key": key, "case_id": case.id} for key in keys), once=_NUMBER)
        self.index_case(case, fresh=True)

    def flush(self) -> None:
        """Write what waits, the cases that were saved meanwhile as they stand now."""
        unsaved, self._unsaved = self._unsaved, {}
        self._fresh.clear()
        for case_id, before in unsaved.items():
            self._save_later(before, self._seen[case_id])
        if counters in self.touched:
            for (series, year), value in self._drawn.items():
                self.update_later(counters, ("series", "year"), {"series": series, "year": year, "value": value})
        super().flush()

    def written(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], count: int) -> None:
        """Raises StaleVersion, NumberTaken where a case of these is somebody else's by now, or a number is."""
        if table is cases and count < len(rows):
            self._refuse_stale(rows)
        if table is case_numbers and count < len(rows):
            self._refuse_taken(rows)

    def _refuse_stale(self, rows: Sequence[Mapping[str, Any]]) -> None:
        versions = sa.select(cases.c.id, cases.c.version).where(cases.c.id.in_([row["id"] for row in rows]))
        now = {row.id: row.version for row in self.ahead.execute(versions)}
        # Somebody else's save may have given it the very number that ours would have.
        row = next((row for row in rows if now.get(row["id"]) != row["version"]), rows[0])
        raise _stale(self._seen.pop(row["id"]), row["was_version"])

    def _refuse_taken(self, rows: Sequence[Mapping[str, Any]]) -> None:
        mine = {row["number_key"]: row["case_id"] for row in rows}
        query = sa.select(case_numbers).where(case_numbers.c.number_key.in_(list(mine)))
        for row in self.ahead.execute(query):
            if mine[row.number_key] != row.case_id:
                raise _taken(row.number_key)

    def get_case(self, case_id: str, viewer: Viewer) -> Case:
        """The case, where the viewer may read it. Raises NotFound otherwise."""
        if viewer.system and case_id in self._seen:
            return self._seen[case_id]
        return self._case(_readable(viewer), case_id)

    def hold_case(self, case_id: str, viewer: Viewer) -> Case:
        """The same, which on PostgreSQL nobody else changes until we are done."""
        if self._held(case_id):
            return self.get_case(case_id, viewer)
        case = self._case(_readable(viewer).with_for_update(key_share=True), case_id)
        self._ours.add(case_id)
        return case

    def _case(self, query: sa.Select[tuple[object, ...]], case_id: str) -> Case:
        row = self.after(cases, case_readers).execute(query, {"its_case": case_id}).mappings().first()
        if row is None:
            raise NotFound(HIDDEN)
        case = case_from_row(row, self.flags_of([case_id])[case_id], self.deadlines_of([case_id])[case_id])
        self._seen[case_id] = case
        return case

    def foresee_cases(self, case_ids: Sequence[str]) -> None:
        """Read these cases now, and on PostgreSQL let nobody else change them until we are done."""
        wanted = [one for one in case_ids if one not in self._seen or not self._held(one)]
        self._ours.update(self._read(_HELD, wanted))

    def read_cases(self, case_ids: Sequence[str]) -> None:
        """Read these cases now, all at once."""
        self._read(_THESE, [one for one in case_ids if one not in self._seen])

    def _read(self, query: sa.Select[Any], wanted: Sequence[str]) -> list[str]:
        if not wanted:
            return []
        rows = self.after(cases).execute(query, {"ids": wanted}).mappings().all()
        ids = [row["id"] for row in rows]
        flags, deadlines = self.flags_of(ids), self.deadlines_of(ids)
        for row in rows:
            self._seen[row["id"]] = case_from_row(row, flags[row["id"]], deadlines[row["id"]])
        return ids

    def flags_of(self, case_ids: Sequence[str]) -> dict[str, list[ConfidentialityFlag]]:
        """The flags of several cases, each in its order."""
        found: dict[str, list[ConfidentialityFlag]] = defaultdict(list)
        for row in self.after(case_flags).execute(_FLAGS, {"keys": case_ids}).mappings():
            found[row["case_id"]].append(flag_from_row(row))
        return found

    def deadlines_of(self, case_ids: Sequence[str]) -> dict[str, list[Deadline]]:
        """The deadlines of several cases, each in its order."""
        found: dict[str, list[Deadline]] = defaultdict(list)
        for row in self.after(case_deadlines).execute(_DEADLINES, {"keys": case_ids}).mappings():
            found[row["case_id"]].append(deadline_from_row(row))
        return found

    def save_case(self, case: Case) -> Case:
        """Save with version check; returns the case with its new version. Raises StaleVersion."""
        if case.id in self._fresh:
            self.flush()
        before, saved = self.get_case(case.id, SYSTEM), replace(case, version=case.version + 1)
        if before.version != case.version:
            raise _stale(case, case.version)
        self._seen[case.id] = saved
        self._unsaved.setdefault(case.id, before)
        self.touched.update((cases, case_flags, case_deadlines))
        if _found_by(before) != _found_by(saved):
            self._note_numbers(saved)
            self.index_case(saved, self._earlier_numbers(saved))
        elif not self._held(case.id):
            self.flush()
        return saved

    def note_opened(self, case_id: str, at: datetime) -> None:
        """Note that a person saw the case first then, unless somebody had. Its version stays: nothing is decided."""
        unseen = cases.update().where(cases.c.id == case_id, cases.c.opened_at.is_(None))
        self.connection.execute(unseen.values(opened_at=at))
        self._seen.pop(case_id, None)

    def _held(self, case_id: str) -> bool:
        """Whether nobody else can change the case until we are done; else it is saved at once."""
        return case_id in self._ours or self.ahead.dialect.name == "sqlite"

    def _save_later(self, before: Case, case: Case) -> None:
        """Write what differs."""
        was, row = case_to_row(before), case_to_row(case)
        changed = {name: value for name, value in row.items() if value != was[name]}
        if case.track in DECIDED_TRACKS:
            # What is decided meanwhile is no change of the case itself.
            settled = self.ahead.execute(_DECIDED, {"its_case": case.id}).scalar()
            changed["due"] = nearest_due(case, law_counts=not settled)
        self._ours.add(case.id)
        self.update_later(cases, _VERSION, {**changed, "id": case.id, "was_version": before.version})
        if before.flags != case.flags:
            self._rewrite(case_flags, case.id, _flag_rows(case), fresh=not before.flags)
        if before.deadlines != case.deadlines:
            self._save_deadlines(before, case)

    def _save_deadlines(self, before: Case, case: Case) -> None:
        was, rows = _deadline_rows(before), _deadline_rows(case)
        if len(was) != len(rows):
            self._rewrite(case_deadlines, case.id, rows, fresh=not was)
            return
        for old, new in zip(was, rows, strict=True):
            if old != new:
                self.update_later(case_deadlines, ("case_id", "position"), new)

    def _rewrite(self, table: sa.Table, case_id: str, rows: Sequence[Mapping[str, Any]], *, fresh: bool) -> None:
        if not fresh:
            self.delete_later(table, "case_id", case_id)
        self.insert_later(table, *rows)

    def _note_numbers(self, case: Case) -> None:
        for number in (case.number, case.registry_number):
            key = index_key(number)
            if not key or self.insert_new(case_numbers, {"number_key": key, "case_id": case.id}, ["number_key"]):
                continue
            query = sa.select(case_numbers.c.case_id).where(case_numbers.c.number_key == key)
            if self.connection.execute(query).scalar() != case.id:
                raise _taken(number)

    def _earlier_numbers(self, case: Case) -> list[str]:
        now = {index_key(case.number), index_key(case.registry_number)}
        query = sa.select(case_numbers.c.number_key).where(case_numbers.c.case_id == case.id)
        return sorted(key for key in self.connection.execute(query).scalars() if key not in now)


@lru_cache(maxsize=256)
def _readable(viewer: Viewer) -> sa.Select[tuple[object, ...]]:
    """One case, where the viewer may read it."""
    return sa.select(cases).where(cases.c.id == sa.bindparam("its_case"), visible(viewer))


@cache
def _count_on(dialect: str) -> ReturningInsert[int]:
    grow = {"value": counters.c.value + 1}
    statement = upsert(dialect, counters).on_conflict_do_update(index_elements=["series", "year"], set_=grow)
    return statement.returning(counters.c.value)


def _stale(case: Case, version: int) -> StaleVersion:
    return StaleVersion(
        f"Ärende {case.number} har ändrats av någon annan sedan du öppnade det (version {version}). "
        "Läs in sidan igen och gör om det du skulle göra."
    )


def _taken(number: str) -> NumberTaken:
    return NumberTaken(f"Numret {number} tillhör redan ett annat ärende. Dra ett nytt ur serien.")


def _flag_rows(case: Case) -> list[dict[str, Any]]:
    return [flag_to_row(case.id, i, flag) for i, flag in enumerate(case.flags)]


def _deadline_rows(case: Case) -> list[dict[str, Any]]:
    return [deadline_to_row(case.id, i, one) for i, one in enumerate(case.deadlines)]


def _found_by(case: Case) -> tuple[str, ...]:
    """All by which search finds a case itself."""
    return party_text(case), case.number, case.registry_number, case.register_subject
