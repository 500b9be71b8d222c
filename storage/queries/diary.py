"""What a diary's keeper sees of its numbers whose cases stand elsewhere or are others' to read (R18).

A series without gaps shows each: of another authority's case and of whistle-blowing the number, the day and whose it
is; of a case that took a number in another diary, where it went, to who may know that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import Viewer
from cases.people.organisation import Authority
from cases.records.numbering import belongs, number_entered
from cases.routing.flags import FlagKind
from cases.store.views import DiaryEntry
from storage.database.engine import Part
from storage.queries.lists import newest_first, received_in
from storage.rows import Row
from storage.tables.cases import case_flags, case_numbers, cases, journal
from storage.visibility import entered, visible

_c = cases.c
_ENTRIES = sa.select(_c.registry_number, _c.received_at, _c.authority_id).order_by(*newest_first())
# By the index of flags: whistle-blowers' cases are few, and to look through a nämnd's cases for them takes long.
_WHISTLE = _c.id.in_(sa.select(case_flags.c.case_id).where(case_flags.c.kind == FlagKind.VISSELBLASNING))
# A case number and a diary's are two: whatever has more had a number in another diary.
_MOVED = sa.select(case_numbers.c.case_id).group_by(case_numbers.c.case_id).having(sa.func.count() > sa.literal(2))
_ENTERED = sa.select(journal.c.case_id, journal.c.text).where(
    journal.c.case_id.in_(_MOVED), journal.c.kind == EventKind.REGISTERED
)


class DiaryPart(Part):
    """What ``Pages`` tells of the numbers in a diary that stand on no line of the register."""

    def diary_entries(
        self, viewer: Viewer, kept: Sequence[Authority], since: date | None, until: date | None, most: int
    ) -> Sequence[DiaryEntry]:
        """No more than what the viewer may know of each leaves the database."""
        if not kept:
            return []
        days = received_in(since, until)
        found = [*self._of_others(viewer, kept, days, most), *self._moved(viewer, kept, days)]
        return sorted(found, key=_newest, reverse=True)[:most]

    def _of_others(
        self, viewer: Viewer, kept: Sequence[Authority], days: Sequence[sa.ColumnElement[bool]], most: int
    ) -> Iterator[DiaryEntry]:
        theirs = viewer.entered_authorities | viewer.diary_authorities
        whistle = (_c.whistle, _WHISTLE, _c.registry_number != "", _c.authority_id.in_(sorted(theirs)))
        queries = [_ENTRIES.where(*whistle, sa.not_(visible(viewer)), *days)]
        queries += [_ENTRIES.where(entered(viewer), *days)] if viewer.entered_authorities else []
        for query in queries:
            found = (DiaryEntry(*row) for row in self.connection.execute(query.limit(most)))
            yield from (one for one in found if _diary_of(one.registry_number, kept))

    def _moved(
        self, viewer: Viewer, kept: Sequence[Authority], days: Sequence[sa.ColumnElement[bool]]
    ) -> Iterator[DiaryEntry]:
        names = (_c.id, _c.received_at, _c.authority_id, _c.registry_number, _c.whistle, _c.protected, _c.status)
        query = sa.select(*names, visible(viewer).label("may")).where(_c.id.in_(_MOVED), *days)
        rows = self.connection.execute(query).mappings().all()
        earlier: dict[str, list[str]] = defaultdict(list)
        for case_id, text in self.connection.execute(_ENTERED) if rows else ():
            earlier[case_id].append(number_entered(text))
        for row in rows:
            yield from _numbers_left(row, earlier[row["id"]], viewer, kept)


def _newest(entry: DiaryEntry) -> tuple[datetime, int, str]:
    """By when they came, and of one moment as numbers count: the longer one comes after the shorter."""
    return entry.received_at, len(entry.registry_number), entry.registry_number


def _diary_of(number: str, kept: Sequence[Authority]) -> Authority | None:
    """Which of these diaries a number is of."""
    return next((one for one in kept if belongs(number, one.registry_pattern, one.series)), None)


def _numbers_left(row: Row, numbers: Iterable[str], viewer: Viewer, kept: Sequence[Authority]) -> Iterator[DiaryEntry]:
    """The numbers that a case had in one of these diaries and has no more."""
    for number in dict.fromkeys(numbers):
        diary = _diary_of(number, kept)
        if diary is None or number == row["registry_number"]:
            continue
        entry = DiaryEntry(number, row["received_at"], diary.id)
        yield _told_where(entry, row, viewer) if row["may"] or not row["whistle"] else entry


def _told_where(entry: DiaryEntry, row: Row, viewer: Viewer) -> DiaryEntry:
    """With the new number where the viewer reads the case, keeps the diary it is in now, or nothing of it is secret."""
    keeps = row["authority_id"] in viewer.diary_authorities | viewer.entered_authorities
    plain = not row["protected"] and row["status"] != CaseStatus.RECEIVED
    if not (row["may"] or keeps or plain):
        return replace(entry, moved=True)
    read = row["id"] if row["may"] else ""
    return replace(entry, moved=True, now=row["registry_number"], now_of=row["authority_id"], case_id=read)
