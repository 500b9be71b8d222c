"""What the desk asks of one case: the whole of it, an attachment, and who read what; each authorised in its query."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

import sqlalchemy as sa

from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import ScanState
from cases.journal import CaseEvent, EventKind, linked_number, without_numbers
from cases.people.access import Viewer
from cases.store.reads import ReadFilter, ReadLine, ReadPart
from cases.store.views import AttachmentFile, CaseFile
from storage.database.engine import index_key
from storage.following import FollowingPart
from storage.mail.blobs import checked, unpack
from storage.mail.messages import MessagePart, attachment_file
from storage.mail.outbox import OutboxPart
from storage.mail.papers import PaperPart
from storage.queries.case_lines import CASE_LINES, LinePart
from storage.queries.lists import newest_first
from storage.refusals import RefusalPart
from storage.rows import Row, decision_from_row, event_from_row, sender_key
from storage.saving import HIDDEN
from storage.tables.cases import case_links, case_numbers, case_reads, cases, decisions, journal
from storage.tables.incidents import case_ties
from storage.tables.mail import attachment_contents, attachments, messages
from storage.visibility import visible
from storage.wishes import WishPart

_RELATED = 20
_Yes = sa.ColumnElement[bool]
_SEEN_IN_QUEUE = sa.select(case_reads.c.case_id).where(
    case_reads.c.case_id.in_(sa.bindparam("ids", expanding=True)),
    case_reads.c.user_id == sa.bindparam("who"),
    case_reads.c.part == ReadPart.QUEUE,
)


class PagePart(LinePart, MessagePart, OutboxPart, PaperPart, RefusalPart, WishPart, FollowingPart):
    """``Pages``, but for the search and the counts."""

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
            events=tuple(self._told(case_id, viewer)),
            suggestion=self.suggestion(case_id),
            decisions=tuple(decision_from_row(row) for row in self._rows_of(decisions, case_id, "decided_at")),
            linked=tuple(self.lines_of(linked, {"its_case": case_id})),
            same_sender=tuple(self.lines_of(of_sender, {"its_case": case_id, "its_key": key})) if key else (),
            papers=tuple(self.papers_of(case_id)),
        )

    def _told(self, case_id: str, viewer: Viewer) -> Sequence[CaseEvent]:
        """The journal without the numbers of cases that it hangs or hung together with and the viewer may not read.

        A line that it was linked to such a case, or is no more, says nothing else and is left out.
        """
        events = [event_from_row(row) for row in self._rows_of(journal, case_id, "at")]
        named = {event.id: linked_number(event) for event in events if event.kind is EventKind.LINKED}
        if viewer.system:
            return events
        asked = {"its_case": case_id, "numbers": [index_key(number) for number in named.values()]}
        hidden = frozenset(self.connection.execute(_hidden(viewer), asked).scalars())
        told = (event for event in events if named.get(event.id) not in hidden)
        return [replace(event, text=without_numbers(event.text, hidden)) if hidden else event for event in told]

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

    def unread_in_queue(self, case_ids: Sequence[str], user_id: str) -> Sequence[str]:
        """Those of these cases whose first words no line of the log says that this person saw in the queue."""
        asked = {"ids": list(case_ids), "who": user_id}
        noted = frozenset(self.connection.execute(_SEEN_IN_QUEUE, asked).scalars())
        return [one for one in case_ids if one not in noted]


@lru_cache(maxsize=256)
def _related(viewer: Viewer) -> tuple[sa.Select[tuple[object, ...]], sa.Select[tuple[object, ...]]]:
    """The cases linked to one, and those of its sender."""
    this: sa.BindParameter[str] = sa.bindparam("its_case")
    linked = cases.c.id.in_(sa.select(case_links.c.other_id).where(case_links.c.case_id == this))
    query = CASE_LINES.where(cases.c.id != this, visible(viewer)).limit(_RELATED)
    query = query.order_by(*newest_first())
    return query.where(linked), query.where(cases.c.sender_key == sa.bindparam("its_key"))


@lru_cache(maxsize=256)
def _hidden(viewer: Viewer) -> sa.Select[str]:
    """The numbers of the cases one hangs together with, or of those numbers, that the viewer may not read."""
    this: sa.BindParameter[str] = sa.bindparam("its_case")
    other = sa.union_all(
        sa.select(case_links.c.other_id).where(case_links.c.case_id == this),
        sa.select(case_ties.c.other_id).where(case_ties.c.case_id == this),
        sa.select(case_ties.c.case_id).where(case_ties.c.other_id == this),
        sa.select(case_numbers.c.case_id).where(case_numbers.c.number_key.in_(sa.bindparam("numbers", expanding=True))),
    )
    return sa.select(cases.c.number).where(cases.c.id.in_(other), sa.not_(visible(viewer)))


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
