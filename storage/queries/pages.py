"""What the desk asks: lists, the whole of one case, an attachment, who read what; each authorised in its query."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeVar

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import ScanState
from cases.journal import EventKind
from cases.people.access import Viewer
from cases.routing.flags import FlagKind, FlagState
from cases.routing.suggestion import Severity
from cases.store.views import (
    AttachmentFile,
    CaseFile,
    CaseGlance,
    CaseLine,
    ListFilter,
    ListKind,
    OrderKey,
    ReadFilter,
    ReadLine,
    ReadPart,
)
from storage.cases import CasePart
from storage.database.engine import index_key
from storage.database.questions import KEYS
from storage.following import FollowingPart
from storage.mail.blobs import checked, unpack
from storage.mail.messages import MessagePart, attachment_file
from storage.mail.outbox import OutboxPart
from storage.mail.papers import PaperPart
from storage.queries.lists import DATED, held_by, newest_first, order_of, part, part_values, parts_of
from storage.queries.rules import RulePart
from storage.refusals import RefusalPart
from storage.rows import (
    LINE_COLUMNS,
    Row,
    awaits_routing,
    decision_from_row,
    event_from_row,
    line_from_row,
    maybe,
    sender_key,
)
from storage.saving import HIDDEN
from storage.tables.cases import (
    case_flags,
    case_links,
    case_numbers,
    case_readers,
    case_reads,
    cases,
    decisions,
    journal,
    suggestions,
    users,
)
from storage.tables.mail import attachment_contents, attachments, messages
from storage.visibility import visible
from storage.wishes import WishPart

_RELATED = 20
_T = TypeVar("_T")
_Yes = sa.ColumnElement[bool]
_LINE = (*(cases.c[name] for name in LINE_COLUMNS), users.c.name.label("assignee_name"))
CASE_LINES = sa.select(*_LINE).select_from(cases.outerjoin(users, users.c.id == cases.c.assignee_id))
# What is asked for every page is built once: to build a question takes longer than to ask it.
_DOUBTED = sa.and_(suggestions.c.content.contains('"doubt":"'), sa.not_(suggestions.c.content.contains('"doubt":""')))
_AREAS = (
    sa.select(suggestions.c.case_id, suggestions.c.message_row_id, suggestions.c.areas, _DOUBTED.label("doubted"))
    .join(messages, messages.c.id == suggestions.c.message_row_id)
    .where(suggestions.c.case_id.in_(KEYS))
    .order_by(messages.c.received_at, messages.c.seq, suggestions.c.seq)
)
# Backwards, so that the first letter is the one that stays.
_EXCERPTS = (
    sa.select(messages.c.case_id, messages.c.excerpt)
    .where(messages.c.case_id.in_(KEYS), messages.c.direction == "in")
    .order_by(messages.c.received_at.desc(), messages.c.seq.desc())
)
_GLANCE = ("id", "unit_id", "assignee_id", "status", "severity", "due")
_THREATS = sa.select(case_flags.c.case_id).where(
    case_flags.c.case_id.in_(KEYS), case_flags.c.kind == FlagKind.HOT_VALD, case_flags.c.state != FlagState.CLEARED
)
_LAST = (
    sa.select(journal.c.case_id, journal.c.kind)
    .where(journal.c.case_id.in_(KEYS), journal.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(journal.c.at, journal.c.seq)
)


class PagePart(CasePart, MessagePart, OutboxPart, PaperPart, RefusalPart, RulePart, WishPart, FollowingPart):
    """``Pages``, but for the search and the counts."""

    def lines(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> Sequence[CaseLine]:
        """A list of cases, in the order the list promises."""
        # First which, then what: SQLite sorts whole rows, and of thousands only a page is read.
        return self.lines_by_id(self._page_of(kind, viewer, filters), viewer)

    def _page_of(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> list[str]:
        ahead = self.after(cases, case_readers)
        if parts_of(kind, filters) is None:
            return list(ahead.execute(_held(kind, viewer, filters)).scalars())
        found, most = list[str](), filters.offset + filters.limit
        for value in self._parts(filters):
            query = _part(kind, viewer, filters, dated=value == DATED)
            found += ahead.execute(query, {"value": value, "left": most - len(found)}).scalars()
            if len(found) == most:
                break
        return found[filters.offset :]

    def _parts(self, filters: ListFilter) -> Iterator[str]:
        """The parts of the register in order; what is of no unit, and of one that is no more, comes last."""
        yield from (known := part_values(filters))
        if filters.order and filters.order.key is OrderKey.UNIT and not filters.unit_id:
            others = set(self.connection.execute(sa.select(cases.c.unit_id).distinct()).scalars()) - {*known}
            yield from sorted(others, reverse=True)

    def lines_by_id(self, ids: Sequence[str], viewer: Viewer) -> list[CaseLine]:
        """The lines of these cases, in this order; those that the viewer may not read are left out."""
        found = {line.id: line for line in self.lines_of(_by_id(viewer), {"keys": ids})} if ids else {}
        return [found[one] for one in ids if one in found]

    def glances(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> list[CaseGlance]:
        """The list with only what an overview is made of: hundreds of whole lines would take most of its time."""
        rows = self.after(cases, case_readers).execute(_glanced(kind, viewer, filters)).all()
        threats = (
            set(self.connection.execute(_THREATS, {"keys": [row.id for row in rows]}).scalars()) if rows else set()
        )
        return [
            CaseGlance(
                row.id,
                row.unit_id,
                row.assignee_id,
                CaseStatus(row.status),
                maybe(Severity, row.severity),
                row.due,
                row.id in threats,
            )
            for row in rows
        ]

    def count(self, kind: ListKind, viewer: Viewer, filters: ListFilter, most: int | None = None) -> int:
        """How many the list would hold without limit; with ``most`` it stops counting there."""
        return int(self.connection.execute(_counted(kind, viewer, filters, most)).scalar_one())

    def lines_of(
        self, query: sa.Select[tuple[object, ...]], asked: Mapping[str, object] | None = None
    ) -> list[CaseLine]:
        """The lines of rows chosen already, with what other tables add fetched for all of them at once."""
        rows = self.connection.execute(query, asked).mappings().all()
        guarded = [row["id"] for row in rows]
        waiting = [row["id"] for row in rows if awaits_routing(row)]
        flags = self.flags_of(guarded) if guarded else {}
        suggested, excerpts = (self._suggested(waiting), self._excerpts(waiting)) if waiting else ({}, {})
        rules = self.rules_of(waiting) if waiting else {}
        return [
            line_from_row(
                row,
                tuple(flags.get(row["id"], ())),
                *suggested.get(row["id"], ({}, False)),
                excerpts.get(row["id"], ""),
                rules.get(row["id"], ""),
            )
            for row in rows
        ]

    def _suggested(self, case_ids: Sequence[str]) -> dict[str, tuple[Mapping[str, float], bool]]:
        """How sure is what, and whether the suggestion is to be trusted at all, by case."""
        first: dict[str, str] = {}
        found: dict[str, tuple[Mapping[str, float], bool]] = {}
        # In order of letters, then of writing: the latest suggestion of the first letter is the one that stays.
        for row in self.connection.execute(_AREAS, {"keys": case_ids}):
            if first.setdefault(row.case_id, row.message_row_id) == row.message_row_id:
                found[row.case_id] = dict(json.loads(row.areas)), bool(row.doubted)
        return found

    def _excerpts(self, case_ids: Sequence[str]) -> dict[str, str]:
        return {row.case_id: row.excerpt for row in self.connection.execute(_EXCERPTS, {"keys": case_ids})}

    def last_of(self, case_ids: Sequence[str], kinds: Collection[EventKind]) -> Mapping[str, EventKind]:
        """The latest of these kinds in the journals of cases somebody may read; none where there is none."""
        rows = self.connection.execute(_LAST, {"keys": case_ids, "kinds": sorted(kinds)})
        return {row.case_id: EventKind(row.kind) for row in rows}

    def case_file(self, case_id: str, viewer: Viewer) -> CaseFile:
        """Everything of one case. Raises NotFound where the viewer may not read it."""
        case = self.get_case(case_id, viewer)
        thread = self.messages_of(case_id)
        with_files = [message.id for message in thread if message.message.attachments]
        linked, of_sender = _related(viewer)
        key = sender_key(case)
        return CaseFile(
            case=case,
            messages=tuple(thread),
            attachments=self.attachment_files(with_files) if with_files else (),
            letters=tuple(self.letters_of(case_id)),
            events=tuple(event_from_row(row) for row in self._rows_of(journal, case_id, "at")),
            suggestion=self.suggestion(case_id),
            decisions=tuple(decision_from_row(row) for row in self._rows_of(decisions, case_id, "decided_at")),
            linked=tuple(self.lines_of(linked, {"its_case": case_id})),
            same_sender=tuple(self.lines_of(of_sender, {"its_case": case_id, "its_key": key})) if key else (),
            papers=tuple(self.papers_of(case_id)),
        )

    def _rows_of(self, table: sa.Table, case_id: str, moment: str) -> Sequence[Row]:
        return self.connection.execute(_rows_of(table, moment), {"its_case": case_id}).mappings().all()

    def attachment(self, attachment_id: str, viewer: Viewer) -> AttachmentFile:
        """One attachment with its bytes. Raises NotFound; a loose message's is for the system alone."""
        joined = attachments.join(messages, messages.c.id == attachments.c.message_row_id)
        joined = joined.outerjoin(cases, cases.c.id == messages.c.case_id).join(attachment_contents)
        query = sa.select(attachments, attachment_contents.c.codec, attachment_contents.c.content)
        in_case = sa.true() if viewer.system else cases.c.id.is_not(None)
        query = query.select_from(joined).where(attachments.c.id == attachment_id, in_case, visible(viewer))
        row = self.connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(HIDDEN)
        if row["scan"] == ScanState.INFECTED:
            raise NotAllowed("Bilagan innehåller virus. Den är satt i karantän och kan inte hämtas.")
        return attachment_file(row, _content(row))

    def reads(self, limit: int = 200, wanted: ReadFilter | None = None) -> Sequence[ReadLine]:
        """Who read which protected case, newest first."""
        joined = case_reads.join(cases, cases.c.id == case_reads.c.case_id)
        read = (case_reads.c.at, case_reads.c.user_id, cases.c.number, case_reads.c.part)
        query = sa.select(*read).select_from(joined).where(*_readings(wanted or ReadFilter()))
        rows = self.connection.execute(query.order_by(case_reads.c.at.desc(), case_reads.c.seq.desc()).limit(limit))
        return [ReadLine(r.at, r.user_id, r.number, ReadPart(r.part) if r.part else None) for r in rows]


# What somebody may read stands in the question, never its answer.
@lru_cache(maxsize=512)
def _held(kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[str]:
    return _page(sa.select(cases.c.id), kind, viewer, filters)


@lru_cache(maxsize=256)
def _part(kind: ListKind, viewer: Viewer, filters: ListFilter, *, dated: bool) -> sa.Select[str]:
    """A part of the list, in its own order or by its days."""
    key = parts_of(kind, filters)
    here = sa.true() if key is None else part(key, dated=dated)
    query = sa.select(cases.c.id).where(held_by(kind, viewer, filters), here)
    return query.order_by(*order_of(kind, filters, own=not dated)).limit(sa.bindparam("left"))


@lru_cache(maxsize=512)
def _glanced(kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[tuple[object, ...]]:
    return _page(sa.select(*(cases.c[name] for name in _GLANCE)), kind, viewer, filters)


def _page(query: sa.Select[_T], kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[_T]:
    held = query.where(held_by(kind, viewer, filters)).order_by(*order_of(kind, filters))
    return held.limit(filters.limit).offset(filters.offset)


@lru_cache(maxsize=256)
def _by_id(viewer: Viewer) -> sa.Select[tuple[object, ...]]:
    return CASE_LINES.where(cases.c.id.in_(KEYS), visible(viewer))


@lru_cache(maxsize=512)
def _counted(kind: ListKind, viewer: Viewer, filters: ListFilter, most: int | None) -> sa.Select[int]:
    held = sa.select(sa.literal(1)).select_from(cases).where(held_by(kind, viewer, filters)).limit(most)
    return sa.select(sa.func.count()).select_from(held.subquery())


@lru_cache(maxsize=256)
def _related(viewer: Viewer) -> tuple[sa.Select[tuple[object, ...]], sa.Select[tuple[object, ...]]]:
    """The cases linked to one, and those of its sender."""
    this: sa.BindParameter[str] = sa.bindparam("its_case")
    linked = cases.c.id.in_(sa.select(case_links.c.other_id).where(case_links.c.case_id == this))
    query = CASE_LINES.where(cases.c.id != this, visible(viewer)).limit(_RELATED)
    query = query.order_by(*newest_first())
    return query.where(linked), query.where(cases.c.sender_key == sa.bindparam("its_key"))


@cache
def _rows_of(table: sa.Table, moment: str) -> sa.Select[tuple[object, ...]]:
    query = sa.select(table).where(table.c.case_id == sa.bindparam("its_case"))
    return query.order_by(table.c[moment], table.c.seq)


def _readings(wanted: ReadFilter) -> Iterator[_Yes]:
    if wanted.user_id:
        yield case_reads.c.user_id == wanted.user_id
    if wanted.number:
        named = sa.select(case_numbers.c.case_id).where(case_numbers.c.number_key == index_key(wanted.number))
        yield cases.c.id.in_(named)
    if wanted.since is not None:
        yield case_reads.c.at >= wanted.since
    if wanted.until is not None:
        yield case_reads.c.at < wanted.until


def _content(row: Row) -> bytes:
    thing = f"attachment {row['id']}"
    if row["codec"] == "zstd":
        return unpack(row["content"], row["digest"], thing)
    return checked(row["content"], row["digest"], thing)
