"""Messages read from mail, their attachments, and the ways a reply is found to belong to a case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from cases.errors import NotFound, StaleVersion
from cases.inbound.digest import content_digest
from cases.inbound.documents import MAX_DOCUMENTS, ReadStatus, needs_reading
from cases.inbound.messages import Attachment, InboundMessage, MessageKind, ScanState
from cases.letters.letter import OutboxEntry
from cases.ports import Analyser
from cases.store.mail_store import Twin
from cases.store.views import JUDGED, AttachmentFile, LooseMessage, StoredMessage
from storage.database.engine import bare_id, index_key, message_key
from storage.database.questions import KEYS, by_name
from storage.excerpt import excerpt_of
from storage.mail.blobs import codec_for, digest, pack, pack_text, unpack_text
from storage.mail.questions import AWAITING, CASES_OF_IDS, LETTERS_BY_ID, NO_KEY, OF_CASE, TWINS, Told, adds, in_order
from storage.payloads import message_from_json, message_to_json
from storage.rows import Row, entry_from_row
from storage.search.documents import DocumentsPart
from storage.tables.cases import case_numbers, cases
from storage.tables.documents import attachment_texts
from storage.tables.mail import attachment_contents, attachments, awaited_letters, messages

_m = messages.c
_MESSAGES = sa.select(messages).order_by(_m.received_at, _m.seq)
_THREAD = _MESSAGES.where(_m.case_id == sa.bindparam("its_case"))
_FILES = sa.select(attachments).where(attachments.c.message_row_id.in_(KEYS)).order_by(attachments.c.position)
_SAID = sa.select(_m.id, _m.content).where(_m.id.in_(KEYS))
_LOOSE_REASONS = {
    MessageKind.CITIZEN: "Inget ärende har skapats av brevet.",
    MessageKind.AUTO_REPLY: "Automatiskt svar.",
    MessageKind.BOUNCE: "Studs som inte hör till något av våra brev.",
    MessageKind.LIST: "Utskick till en lista.",
    MessageKind.SPAM: "Bedömt som skräppost.",
    MessageKind.EMPTY: "Utan innehåll.",
}


class MessagePart(DocumentsPart):
    """The second half of ``MailStore``."""

    def __init__(self, connection: sa.Connection, analyser: Analyser) -> None:
        super().__init__(connection, analyser)
        self._unwritten: set[str] = set()

    def add_message(self, stored: StoredMessage) -> None:
        """Store what was read: message, attachments, search text. ``case_id`` empty for a loose one."""
        message = stored.message
        row = {
            "id": stored.id,
            "case_id": stored.case_id or None,
            "raw_id": stored.raw_id or None,
            "received_at": stored.received_at,
            "direction": stored.direction,
            "outsider": stored.outsider,
            "message_id": message.message_id,
            "message_key": message_key(message.message_id),
            "question": stored.question,
            "awaits_model": bool(stored.case_id) and stored.direction in JUDGED,
            "from_addr": message.from_addr,
            "subject": message.subject,
            "kind": message.kind,
            "content_digest": content_digest(message),
            "excerpt": excerpt_of(message.words or message.text),
            "content": message_to_json(message),
            "html": pack_text(message.html),
        }
        self._unwritten.add(stored.id)
        self.insert_known(messages, row, adds(row))
        for position, attachment in enumerate(message.attachments):
            self._add_attachment(stored.id, position, attachment)
        if stored.case_id:
            self.index_message(stored.case_id, stored.id, message, fresh=True)
            if stored.direction in JUDGED:
                self._await_reading(stored.id, message.attachments)

    def _await_reading(self, message_row_id: str, files: Sequence[Attachment]) -> None:
        documents = [position for position, file in enumerate(files) if needs_reading(file)]
        for position in documents[:MAX_DOCUMENTS]:
            own = {"attachment_id": f"{message_row_id}-{position}", "message_row_id": message_row_id}
            row = {"status": ReadStatus.WAITING, "attempts": 0, "machine_read": False, "note": "", "text": ""}
            self.insert_later(attachment_texts, own | row, once=("attachment_id",))

    def _add_attachment(self, message_row_id: str, position: int, attachment: Attachment) -> None:
        # An infected file is kept in the raw message alone, so that no page can hand it out.
        kept = b"" if attachment.scan is ScanState.INFECTED else attachment.content
        # The digest is taken here, not believed, so that no file can stand in for another.
        key, codec = digest(kept), codec_for(attachment.content_type)
        content = pack(kept) if codec == "zstd" else kept
        self.insert_later(attachment_contents, {"digest": key, "codec": codec, "content": content}, once=("digest",))
        row = {name: getattr(attachment, name) for name in _ATTACHMENT}
        own = {"id": f"{message_row_id}-{position}", "message_row_id": message_row_id, "position": position}
        self.insert_later(attachments, {**row, **own, "digest": key})

    def get_message(self, message_row_id: str) -> StoredMessage:
        """One stored message, its attachments without bytes. Raises NotFound."""
        # What waits for a letter of an earlier transaction changes nothing of what it says.
        if message_row_id in self._unwritten:
            self.flush()
        found = self._stored_of(self.ahead.execute(_MESSAGES.where(_m.id == message_row_id)))
        if not found:
            raise NotFound(f"Det finns inget meddelande {message_row_id}.")
        return found[0]

    def said_in(self, message_row_ids: Sequence[str]) -> Mapping[str, InboundMessage]:
        """What several stored messages say, by id, without their HTML and attachments; what is gone is left out."""
        rows = self.after(messages).execute(_SAID, {"keys": list(message_row_ids)})
        return {row.id: message_from_json(row.content, "", ()) for row in rows}

    def messages_of(self, case_id: str) -> list[StoredMessage]:
        """The messages of a case in order of receipt."""
        return self._stored_of(self.after(messages, attachments).execute(_THREAD, {"its_case": case_id}))

    def _stored_of(self, rows: sa.CursorResult[Any]) -> list[StoredMessage]:
        found = rows.mappings().all()
        files = self._attachments_of([row["id"] for row in found])
        return [_stored(row, files[row["id"]]) for row in found]

    def _attachments_of(self, message_ids: Sequence[str]) -> dict[str, list[Attachment]]:
        files: dict[str, list[Attachment]] = defaultdict(list)
        for row in self._attachment_rows(message_ids):
            plain = {name: row[name] for name in _ATTACHMENT} | {"scan": ScanState(row["scan"])}
            files[row["message_row_id"]].append(Attachment(**plain))
        return files

    def _attachment_rows(self, message_ids: Sequence[str]) -> Iterable[Row]:
        return self.ahead.execute(_FILES, {"keys": message_ids}).mappings()

    def attachment_files(self, message_ids: Sequence[str]) -> tuple[AttachmentFile, ...]:
        """The attachments of messages, in the order of the messages, without bytes."""
        order = {one: i for i, one in enumerate(message_ids)}
        self.after(attachments)
        files = [attachment_file(row, b"") for row in self._attachment_rows(message_ids)]
        return tuple(sorted(files, key=lambda file: order[file.message_id]))

    def attach_message(self, message_row_id: str, case_id: str) -> None:
        """Give a loose message its case: a person read it and says it is a citizen's letter, so from now on it is."""
        adopted = {"case_id": case_id, "direction": "in", "awaits_model": True}
        loose = messages.update().where(_m.id == message_row_id, _m.case_id.is_(None)).values(adopted)
        if self.connection.execute(loose).rowcount == 0:
            raise StaleVersion("Någon annan gjorde meddelandet till ett ärende i samma stund.")
        message = self.get_message(message_row_id).message
        self.index_message(case_id, message_row_id, message)
        self._await_reading(message_row_id, message.attachments)

    def twins(self, message_id: str) -> Sequence[Twin]:
        """Stored messages with this Message-ID header, oldest first."""
        rows = sorted(self.ask(TWINS, message_key(message_id) or NO_KEY), key=itemgetter(5))
        return [Twin(row[1], row[2] or "", row[3], row[4]) for row in rows]

    def thread(self, case_id: str) -> Sequence[str]:
        """Message-IDs of the citizen's messages of a case, in angle brackets, oldest first, to thread what we send."""
        return [f"<{bare_id(row.message_id)}>" for row in self._from_citizen(case_id) if row.message_key is not None]

    def has_sender(self, case_id: str, email: str) -> bool:
        """Whether the correspondent or a message of the case has this address; an outsider's message proves nothing."""
        key = index_key(email)
        known = [*(row.from_addr for row in self._from_citizen(case_id)), *self._correspondent(case_id)]
        return bool(key) and any(index_key(one) == key for one in known)

    def _from_citizen(self, case_id: str) -> list[Told]:
        return [row for row in self.told(case_id) if row.direction == "in" and not row.outsider]

    def told(self, case_id: str) -> list[Told]:
        """The messages of a case, oldest first, without what they say."""
        return in_order(self.ask(OF_CASE, case_id))

    def _correspondent(self, case_id: str) -> Iterable[str]:
        if case_id in self._seen:
            return [self._seen[case_id].sender.email]
        return self.after(cases).execute(sa.select(cases.c.sender_email).where(cases.c.id == case_id)).scalars()

    def loose_messages(self, limit: int = 200) -> Sequence[LooseMessage]:
        """Messages without a case, newest first."""
        query = sa.select(messages).where(_m.case_id.is_(None)).order_by(_m.received_at.desc(), _m.seq.desc())
        rows = self.connection.execute(query.limit(limit)).mappings()
        return [_loose(row) for row in rows]

    def case_by_message_ids(self, ids: Sequence[str]) -> str:
        """The case of the first of these Message-IDs we know, sent or received; empty where none."""
        keys = [key for key in map(message_key, ids) if key]
        if not keys:
            return ""
        self.foresee(CASES_OF_IDS, keys)
        return next((str(row[1]) for key in keys for row in self.ask(CASES_OF_IDS, key)[-1:]), "")

    def await_letters(self, case_id: str, ids: Sequence[str]) -> None:
        """Remember the Message-IDs, known to nobody yet, that the letter which opened a case answers."""
        keys = dict.fromkeys(key for key in map(message_key, ids) if key)
        rows = [{"case_id": case_id, "message_key": key} for key in keys]
        self.insert_later(awaited_letters, *rows, once=("case_id", "message_key"))

    def cases_awaiting(self, message_id: str) -> Sequence[str]:
        """The cases that were opened by an answer to this Message-ID, the first received first."""
        key = message_key(message_id)
        return [str(row[1]) for row in self.ask(AWAITING, key)] if key else []

    def outbox_by_message_id(self, message_id: str) -> OutboxEntry | None:
        """The letter out with this Message-ID."""
        found = self.ask(LETTERS_BY_ID, message_key(message_id) or NO_KEY)
        return entry_from_row(by_name(found[0])) if found else None

    def case_by_token(self, token: str) -> str:
        """The case of a reply address token, whose case mail servers may have changed; empty where none."""
        query = sa.select(cases.c.id).where(cases.c.token_key == index_key(token))
        return self.after(cases).execute(query).scalar() or ""

    def case_by_number(self, number: str) -> str:
        """The case that has or had this case number or registry number; empty where none, or nothing of it is left."""
        query = sa.select(case_numbers.c.case_id).join(cases, cases.c.id == case_numbers.c.case_id)
        query = query.where(case_numbers.c.number_key == index_key(number), cases.c.disposed_at.is_(None))
        return self.after(cases, case_numbers).execute(query).scalar() or ""


_ATTACHMENT = ("name", "content_type", "size", "sha256", "content_id", "inline", "risk", "scan")


def attachment_file(row: Row, content: bytes) -> AttachmentFile:
    """An attachment as the desk offers it."""
    plain = {name: row[name] for name in ("id", "name", "content_type", "size", "sha256", "risk")}
    scan = ScanState(row["scan"])
    return AttachmentFile(**plain, scan=scan, message_id=row["message_row_id"], content=content)


def _stored(row: Row, files: Sequence[Attachment]) -> StoredMessage:
    return StoredMessage(
        id=row["id"],
        case_id=row["case_id"] or "",
        received_at=row["received_at"],
        message=_message(row, files),
        raw_id=row["raw_id"] or "",
        direction=row["direction"],
        outsider=row["outsider"],
        question=row["question"],
    )


def _message(row: Row, files: Sequence[Attachment]) -> InboundMessage:
    return message_from_json(row["content"], unpack_text(row["html"]), tuple(files))


def _loose(row: Row) -> LooseMessage:
    message = _message(row, ())
    return LooseMessage(
        id=row["id"],
        raw_id=row["raw_id"] or "",
        received_at=row["received_at"],
        kind=row["kind"],
        sender=message.from_name or message.from_addr,
        subject=message.subject,
        reason=message.unreadable or _LOOSE_REASONS[message.kind],
    )
