"""Documents waiting to be read, what was read in them, and the pages as the desk shows them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa

from cases.errors import NotFound
from cases.inbound.documents import DocumentText, ReadPage, ReadStatus, ReadWord, StoredDocument, WaitingDocument
from cases.people.access import Viewer
from cases.store.views import JUDGED
from storage.excerpt import excerpt_of
from storage.payloads import dump
from storage.rows import Row
from storage.saving import HIDDEN
from storage.search.documents import LETTER, DocumentsPart
from storage.tables.cases import cases
from storage.tables.documents import attachment_pages, attachment_texts
from storage.tables.mail import attachments, messages
from storage.visibility import visible

_t, _p = attachment_texts.c, attachment_pages.c
_WORD = tuple(ReadWord.__dataclass_fields__)
_JOINED = attachment_texts.join(attachments, attachments.c.id == _t.attachment_id).join(
    messages, messages.c.id == _t.message_row_id
)
_PAPER_LAST = (messages.c.from_addr == "",)
_OLDEST = (messages.c.received_at, messages.c.seq, attachments.c.position)
_DAY = timedelta(days=1)


class ReadingPart(DocumentsPart):
    """The whole of ``Documents``."""

    def claim_document(self, now: datetime, stale_before: datetime) -> WaitingDocument | None:
        """The next document to read, claimed: nobody else gets it until the claim is stale; None where none waits.

        Mails come before paper letters, of which a whole stack may lie in front; then each sender's first of the day,
        each one's second and so on, the oldest first: somebody's hundred scans keep nobody else's waiting.
        """
        free = sa.or_(_t.claimed_at.is_(None), _t.claimed_at < stale_before)
        waits = sa.and_(_t.status == ReadStatus.WAITING, free)
        # Asked each few seconds, mostly for nothing.
        if self.connection.execute(sa.select(_t.attachment_id).where(waits).limit(1)).first() is None:
            return None
        turns = _turns(now)
        whole = _JOINED.join(turns, turns.c.attachment_id == _t.attachment_id)
        query = sa.select(attachments, _t.attempts, messages.c.case_id).select_from(whole).where(waits)
        row = self.connection.execute(query.order_by(*_PAPER_LAST, turns.c.turn, *_OLDEST).limit(1)).mappings().first()
        if row is None:
            return None
        claim = attachment_texts.update().where(_t.attachment_id == row["id"], _t.status == ReadStatus.WAITING, free)
        taken = self.connection.execute(claim.values(claimed_at=now, attempts=_t.attempts + 1))
        return _waiting(row) if taken.rowcount else None

    def release_document(self, attachment_id: str) -> None:
        """Give a claim back unused: the service stops before the document was read."""
        back = {"claimed_at": None, "attempts": _t.attempts - 1}
        self.connection.execute(attachment_texts.update().where(_t.attachment_id == attachment_id).values(back))

    def add_document(self, attachment_id: str, read: DocumentText, now: datetime) -> None:
        """Keep what a document says, for search and the reader; its letter is shown to the model (again)."""
        status = ReadStatus.READ if read.machine_read else ReadStatus.UNREAD
        row = {"status": status, "machine_read": read.machine_read, "note": read.note, "text": read.text}
        done = attachment_texts.update().where(_t.attachment_id == attachment_id)
        if not self.connection.execute(done.values(**row, read_at=now, claimed_at=None)).rowcount:
            raise NotFound(f"Det finns ingen bilaga {attachment_id} som väntar på att läsas.")
        for page in read.pages:
            kept = {"attachment_id": attachment_id, "number": page.number, "text": page.text, "image": page.image}
            words = dump([[getattr(word, name) for name in _WORD] for word in page.words])
            self.replace(attachment_pages, ["attachment_id", "number"], {**kept, "words": words})
        self._tell(attachment_id, read.text)

    def _tell(self, attachment_id: str, text: str) -> None:
        query = sa.select(messages.c.id, messages.c.case_id, messages.c.excerpt, messages.c.direction)
        query = query.select_from(_JOINED).where(_t.attachment_id == attachment_id)
        row = self.connection.execute(query).one()
        if row.case_id and text:
            self.index(row.case_id, LETTER, attachment_id, text)
        judged = row.case_id and row.direction in JUDGED and text
        told: dict[str, object] = {"awaits_model": True} if judged else {}
        if text and not row.excerpt:
            told["excerpt"] = excerpt_of(text)
        if told:
            self.connection.execute(messages.update().where(messages.c.id == row.id).values(told))

    def texts_of(self, message_row_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """What the documents of messages say, in their order; messages of which none says anything are left out."""
        query = sa.select(_t.message_row_id, _t.text).select_from(_JOINED)
        query = query.where(_t.message_row_id.in_(message_row_ids), _t.text != "").order_by(attachments.c.position)
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.connection.execute(query):
            found[row.message_row_id].append(row.text)
        return found

    def documents(self, case_id: str, viewer: Viewer) -> Sequence[StoredDocument]:
        """The documents of a case with their pages, without pictures; none of a case the viewer may not read."""
        rows = self.connection.execute(_documents_of(viewer), {"its_case": case_id}).mappings().all()
        return [_stored(row, tuple(self._pages(row["attachment_id"]))) for row in rows]

    def _pages(self, attachment_id: str) -> Iterator[ReadPage]:
        query = sa.select(_p.number, _p.text, _p.words).where(_p.attachment_id == attachment_id).order_by(_p.number)
        for row in self.connection.execute(query):
            yield ReadPage(row.number, row.text, tuple(ReadWord(*word) for word in json.loads(row.words)))

    def page_image(self, attachment_id: str, number: int, viewer: Viewer) -> bytes:
        """The picture (JPEG) of a page. Raises NotFound, also where it has none or the case is hidden."""
        joined = attachment_pages.join(attachment_texts).join(messages, messages.c.id == _t.message_row_id)
        query = sa.select(_p.image).select_from(joined.join(cases, cases.c.id == messages.c.case_id))
        query = query.where(_p.attachment_id == attachment_id, _p.number == number, visible(viewer))
        image = self.connection.execute(query).scalar()
        if not image:
            raise NotFound(HIDDEN)
        return bytes(image)

    def read_again(self) -> int:
        """Let every document that no machine could read wait once more, as after an installation of Tesseract."""
        again = {"status": ReadStatus.WAITING, "attempts": 0, "claimed_at": None}
        unread = attachment_texts.update().where(_t.status == ReadStatus.UNREAD)
        return int(self.connection.execute(unread.values(again)).rowcount)


def _turns(now: datetime) -> sa.Subquery:
    """Which of its sender's documents each is, of those that wait and those read in the last day."""
    number = sa.func.row_number().over(partition_by=messages.c.from_addr, order_by=_OLDEST)
    asked = sa.select(_t.attachment_id, number.label("turn")).select_from(_JOINED)
    return asked.where(sa.or_(_t.status == ReadStatus.WAITING, _t.read_at >= now - _DAY)).subquery()


@lru_cache(maxsize=256)
def _documents_of(viewer: Viewer) -> sa.Select[tuple[object, ...]]:
    query = sa.select(attachment_texts).select_from(_JOINED.join(cases, cases.c.id == messages.c.case_id))
    query = query.where(cases.c.id == sa.bindparam("its_case"), visible(viewer))
    return query.order_by(messages.c.received_at, messages.c.seq, attachments.c.position)


def _waiting(row: Row) -> WaitingDocument:
    return WaitingDocument(
        attachment_id=row["id"],
        message_id=row["message_row_id"],
        case_id=row["case_id"] or "",
        name=row["name"],
        content_type=row["content_type"],
        attempts=row["attempts"] + 1,
    )


def _stored(row: Row, pages: tuple[ReadPage, ...]) -> StoredDocument:
    return StoredDocument(
        attachment_id=row["attachment_id"],
        message_id=row["message_row_id"],
        status=ReadStatus(row["status"]),
        note=row["note"],
        text=row["text"],
        pages=pages,
        read_at=row["read_at"],
    )
