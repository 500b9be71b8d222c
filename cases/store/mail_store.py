"""What the rules need of kept mail: raw messages waiting to be read, what was read, and how letters are known again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.inbound.messages import InboundMessage, RawMessage
from cases.letters.letter import OutboxEntry
from cases.store.views import AttachmentFile, LooseMessage, Quarantined, StoredMessage


@dataclass(frozen=True, slots=True)
class KeptRaw:
    """A raw message already committed, waiting to be read; its bytes are asked for apart.

    ``error`` is why it could not be read before, or not the whole of it; empty where it was never tried.
    """

    id: str
    mailbox: str
    folder: str
    received_at: datetime
    sha256: str
    size: int
    attempts: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """A stored message with the same Message-ID: a true duplicate when sender and content digest agree too."""

    message_row_id: str
    case_id: str
    from_addr: str
    content_digest: str


class MailStore(Protocol):
    """Raw messages and what was read from them."""

    def keep_raw(self, raw: RawMessage, raw_id: str, now: datetime) -> bool:
        """Keep the bytes; False, and nothing done, where mailbox + folder + UIDVALIDITY + UID is kept already."""

    def keep_many(self, raws: Mapping[str, RawMessage], now: datetime) -> Collection[str]:
        """Keep letters by id, but those whose UID is kept already or that are known; returns the ids of those kept."""

    def kept_uids(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> Collection[int]:
        """Those of these UIDs that are kept already, so that no letter is fetched again after a crash; any number."""

    def raw_known(self, raw: RawMessage) -> bool:
        """Whether the same letter is kept from this mailbox under another UIDVALIDITY or from another folder of it.

        The same letter: equal mailbox, sha256 and ``received_at`` (to the second, as IMAP gives it) where (folder,
        uidvalidity) differs. A rebuilt or migrated mailbox shows its letters again so; a letter sent twice does not:
        its UIDs differ under one UIDVALIDITY.
        """

    def raw_to_read(self, limit: int, now: datetime) -> Sequence[KeptRaw]:
        """Kept mails not yet read, oldest first: attempts < 3 and their next try due."""

    def papers_to_read(self, limit: int, now: datetime) -> Sequence[KeptRaw]:
        """The same of files from drop folders, whose mailbox begins with ``documents.DROP_FOLDER``."""

    def raw_content(self, raw_id: str) -> bytes:
        """The bytes as fetched. Raises NotFound."""

    def raw_mailbox(self, raw_id: str) -> str:
        """The id of the mailbox it was fetched from; empty for what came in no mail."""

    def raw_contents(self, raw_ids: Sequence[str]) -> Mapping[str, bytes]:
        """The same of several; one that is missing or damaged is left out, and tells why when it is asked for alone."""

    def begin_reading(self, raw_ids: Sequence[str]) -> None:
        """Count a try of each, in a transaction of its own before they are read."""

    def mark_read(self, raw_ids: Sequence[str], now: datetime) -> Collection[str]:
        """Those of these that waited are read: what comes of them stands in this same transaction, and they are ours.

        What another daemon has read since we asked is left out.
        """

    def attachment_files(self, message_ids: Sequence[str]) -> tuple[AttachmentFile, ...]:
        """The attachments of messages, in the order of the messages, without bytes."""

    def erase_message(self, message_row_id: str) -> None:
        """Forget a message of a case that turned out to be none, with its attachments."""

    def mark_unreadable(self, raw_id: str, error: str, attempts: int, retry_at: datetime | None) -> None:
        """Note a failed try of one that waits; ``retry_at`` None puts it in quarantine, where a person sees it."""

    def quarantined(self) -> Sequence[Quarantined]:
        """What a person must look at, oldest first."""

    def retry_quarantined(self, raw_id: str, now: datetime) -> None:
        """Give it three new tries, the first at once."""

    def add_message(self, stored: StoredMessage) -> None:
        """Store what was read: message, attachments, search text. ``case_id`` empty for a loose one."""

    def get_message(self, message_row_id: str) -> StoredMessage:
        """One stored message. Raises NotFound."""

    def said_in(self, message_row_ids: Sequence[str]) -> Mapping[str, InboundMessage]:
        """What several stored messages say, by id, without their HTML and attachments; what is gone is left out."""

    def attach_message(self, message_row_id: str, case_id: str) -> None:
        """Give a loose message its case."""

    def twins(self, message_id: str) -> Sequence[Twin]:
        """Stored messages with this Message-ID header, oldest first."""

    def loose_messages(self, limit: int = 200) -> Sequence[LooseMessage]:
        """Messages without a case, newest first."""

    def case_by_message_ids(self, ids: Sequence[str]) -> str:
        """The case of the first of these Message-IDs we know, sent or received; empty where none."""

    def await_letters(self, case_id: str, ids: Sequence[str]) -> None:
        """Remember the Message-IDs, known to nobody yet, that the letter which opened a case answers."""

    def cases_awaiting(self, message_id: str) -> Sequence[str]:
        """The cases that were opened by an answer to this Message-ID, the first received first; erased ones not."""

    def outbox_by_message_id(self, message_id: str) -> OutboxEntry | None:
        """The letter out with this Message-ID."""

    def thread(self, case_id: str) -> Sequence[str]:
        """Message-IDs of the citizens' messages of a case, oldest first, for threading what we send."""

    def has_sender(self, case_id: str, email: str) -> bool:
        """Whether a message of the case, or its correspondent, has this address (case-insensitive)."""

    def case_by_token(self, token: str) -> str:
        """The case of a reply address token; empty where none."""

    def case_by_number(self, number: str) -> str:
        """The case with this case number or registry number (case-insensitive); empty where none, or erased."""
