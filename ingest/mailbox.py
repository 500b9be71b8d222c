"""A mailbox over IMAP: letters fetched in bounded batches, byte for byte, and moved when they are kept."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from imapclient import DELETED, IMAPClient

from cases.errors import MailboxError
from cases.inbound.messages import RawMessage
from ingest.address import MailboxAddress
from ingest.connection import ConnectionLost, open_client, raise_if_busy, shut, speaking
from ingest.folders import Selected, find_folder, folder_names
from ingest.moving import Mover, when_received
from ingest.portions import bounded, ranges

_RECONNECTS = 3
_SIZE, _TEXT = b"RFC822.SIZE", b"BODY[]"

Facts = dict[bytes, Any]


@dataclass(frozen=True, slots=True)
class OversizedMessage:
    """A letter larger than the limit: ``raw`` holds its beginning, ``size`` is the whole letter's in bytes."""

    raw: RawMessage
    size: int


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A letter the server would not hand out; it stays where it is and is asked for again at the next poll.

    ``again`` says that it was asked for in vain at an earlier poll of this connection's mailbox, too.
    """

    folder: str
    uid: int
    error: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What one round of fetching gave."""

    messages: tuple[RawMessage, ...] = ()
    oversized: tuple[OversizedMessage, ...] = ()
    failed: tuple[FailedMessage, ...] = ()


class ImapMailbox:
    """One connection to one mailbox, for one thread. Connects by itself when first used."""

    def __init__(self, address: MailboxAddress) -> None:
        self.address = address
        self._client: IMAPClient | None = None
        self._selected: Selected | None = None
        self._mover = Mover(self)
        self._reconnects = 0
        self._suspects: set[tuple[str, int, int]] = set()
        self._new_suspect = False
        self._searched: dict[str, Selected] = {}

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Open the connection where there is none. Raises LoginRefused, MailboxError."""
        if self._client is None:
            self._client = open_client(self.address)

    def close(self, *, politely: bool = True) -> None:
        """Close the connection; never raises for what the other side does."""
        client, self._client, self._selected = self._client, None, None
        self._mover.begin_anew()
        if client is not None:
            shut(client, politely=politely)

    def reconnect(self) -> None:
        """Drop the connection and open a new one."""
        self.close(politely=False)
        self.connect()

    @property
    def client(self) -> IMAPClient:
        """The open connection; connects where there is none."""
        self.connect()
        assert self._client is not None
        return self._client

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that letters come to, as configured: the inbox first, then junk where there is one."""
        return tuple(name for name in (self.address.inbox, self.address.junk) if name)

    @property
    def open_folder(self) -> Selected:
        """The folder that ``select`` opened. Raises MailboxError where none is."""
        if self._selected is None:
            raise MailboxError(f"{self.address.place}: ingen mapp är öppen. Anropa select först.")
        return self._selected

    def folder_names(self) -> list[str]:
        """All folders of the mailbox."""
        return folder_names(self.client, self.address)

    def done_folder(self, *, afresh: bool = False) -> str:
        """The server's name of the done folder, empty where it is not made yet. Raises MailboxError.

        Asked for once a connection, or ``afresh`` where the server will not know the name any more.
        """
        return self._mover.done_folder(afresh=afresh)

    def can_idle(self) -> bool:
        """Whether the server can tell of new letters by itself (RFC 2177)."""
        return bool(self.client.has_capability("IDLE"))

    def can_move(self) -> bool:
        """Whether single letters can be moved: RFC 6851, or copied and expunged by UID (RFC 4315)."""
        return bool(self.client.has_capability("MOVE") or self.client.has_capability("UIDPLUS"))

    def select(self, folder: str) -> Selected:
        """Open a folder. Raises MailboxError where it is missing."""
        name = find_folder(self.client, self.address, folder)
        with self._speaking(f"öppnandet av mappen {folder}"):
            said = self.client.select_folder(name)
        if b"UIDVALIDITY" not in said:
            raise MailboxError(f"{self.address.place}: servern ger mappen {folder} ingen UIDVALIDITY (RFC 3501).")
        self._selected = Selected(name, said[b"UIDVALIDITY"], said[b"EXISTS"], said.get(b"UIDNEXT", 0))
        return self._selected

    def uids(self) -> list[int]:
        """UIDs of all letters in the open folder, oldest first; those that broke the connection before come last.

        Letters a colleague marked as deleted are among them: they were received.
        """
        here, found = self.open_folder, list[int]()
        self._searched[here.name] = here
        for wanted in ranges(here.exists):
            with self._speaking(f"sökningen i mappen {here.name}"):
                found += self.client.search([wanted])
        self._mover.forget_gone(here, found)
        return sorted(set(found), key=lambda uid: ((here.name, here.uidvalidity, uid) in self._suspects, uid))

    def came_since_search(self, folder: str) -> bool:
        """Open a folder and say whether letters came since ``uids`` was asked there: before IDLE nobody tells."""
        now = self.select(folder)
        before = self._searched.get(now.name)
        return before is None or now.uidvalidity != before.uidvalidity or now.uidnext > before.uidnext

    def has_new_suspect(self) -> bool:
        """Whether a letter could not be fetched for the first time; asked once. Most likely the network broke."""
        new, self._new_suspect = self._new_suspect, False
        return new

    def new_messages(self, uids: Sequence[int], now: datetime) -> Iterator[Batch]:
        """Fetch letters of the open folder without marking them as read, batch after batch.

        ``now`` stands in where the server gives no receiving time. A letter that cannot be fetched, or that breaks the
        connection, comes as FailedMessage and the others are fetched. Raises MailboxError when nothing can be had.
        """
        self._reconnects = 0
        count = self.address.batch_count
        for start in range(0, len(uids), count):
            facts, failed = self._ask(uids[start : start + count], ["RFC822.SIZE", "INTERNALDATE"], _SIZE)
            if failed:
                yield Batch(failed=failed)
            yield from self._batches(facts, now)

    def move_done(self, uids: Sequence[int]) -> bool:
        """Move letters of the open folder to the done folder; False where the server has no safe way.

        Never a plain EXPUNGE, which would delete what colleagues marked. Raises MailboxError.
        """
        return self._mover.move(uids)

    def finish_moving(self, uids: Sequence[int]) -> int:
        """Move letters that were taken at an earlier pass and lie here still; returns how many stay all the same.

        One that lies in the done folder already, since a crash came between COPY and UID EXPUNGE or since the server
        does not remove what it moves, is removed here and not copied again. Raises MailboxError.
        """
        return self._mover.finish(uids)

    def remove(self, uids: Sequence[int]) -> bool:
        """Remove letters of the open folder for good; False where the server cannot expunge single ones (RFC 4315).

        Raises MailboxError.
        """
        if not uids or not self.client.has_capability("UIDPLUS"):
            return not uids
        with self._speaking(f"borttagningen ur mappen {self.open_folder.name}"):
            self.client.add_flags(uids, [DELETED], silent=True)
            self.client.uid_expunge(uids)
        return True

    def _batches(self, facts: dict[int, Facts], now: datetime) -> Iterator[Batch]:
        limit = self.address.max_message_bytes
        whole = {uid: known[_SIZE] for uid, known in facts.items() if known[_SIZE] <= limit}
        for part in bounded(whole, self.address.batch_bytes):
            got, failed = self._ask(part, ["BODY.PEEK[]"], _TEXT)
            yield self._batch({uid: (facts[uid], got[uid][_TEXT]) for uid in part if uid in got}, failed, now)
        for large in facts.keys() - whole.keys():
            got, failed = self._ask([large], [f"BODY.PEEK[]<0.{limit}>"], _TEXT)
            yield self._batch({uid: (facts[uid], got[uid][_TEXT]) for uid in got}, failed, now, part=True)

    def _batch(
        self,
        found: dict[int, tuple[Facts, bytes]],
        failed: tuple[FailedMessage, ...],
        now: datetime,
        *,
        part: bool = False,
    ) -> Batch:
        """What a letter is found to be goes before the size that the server told: some reckon it, some lie."""
        most = self.address.max_message_bytes
        messages, oversized = list[RawMessage](), list[OversizedMessage]()
        for uid, (facts, content) in found.items():
            raw = self._raw(uid, facts, content[:most], now)
            if not content and facts[_SIZE]:
                failed += (self._failed(uid, "servern gav ett tomt brev"),)
            elif len(content) > most or (part and len(content) == most):
                oversized.append(OversizedMessage(raw, max(len(content), facts[_SIZE])))
            else:
                messages.append(raw)
        return Batch(tuple(messages), tuple(oversized), failed)

    def _ask(
        self, uids: Sequence[int], items: list[str], key: bytes
    ) -> tuple[dict[int, Facts], tuple[FailedMessage, ...]]:
        """Fetch for all at once, and one by one where that fails, so that one bad letter harms no other."""
        here = self.open_folder
        try:
            with self._speaking(f"hämtningen ur mappen {here.name}"):
                got = self.client.fetch(uids, items)
            # One that is not in the answer is gone (a colleague moved it); one that comes empty is the server's fault.
            # Of others the answer tells what colleagues just marked, which is no letter of theirs that failed.
            told = {uid: _unnumbered(got[uid]) for uid in uids if uid in got}
            empty = [uid for uid, facts in told.items() if facts.get(key) is None]
            failed = tuple(self._failed(uid, "servern gav inget innehåll") for uid in empty)
            return {uid: facts for uid, facts in told.items() if uid not in empty}, failed
        except MailboxError as error:
            raise_if_busy(self.address, error)
            self._recover(here, error)
            if len(uids) == 1:
                return {}, (self._failed(uids[0], str(error)),)
        answers = [self._ask([uid], items, key) for uid in uids]
        return {u: f for got, _ in answers for u, f in got.items()}, tuple(f for _, bad in answers for f in bad)

    def _failed(self, uid: int, error: str) -> FailedMessage:
        here = self.open_folder
        suspect = (here.name, here.uidvalidity, uid)
        again = suspect in self._suspects
        self._new_suspect = self._new_suspect or not again
        self._suspects.add(suspect)
        return FailedMessage(here.name, uid, error, again)

    def _recover(self, here: Selected, error: MailboxError) -> None:
        """After a lost connection: open it and the folder again, a few times in one poll."""
        if not isinstance(error, ConnectionLost):
            return
        self._reconnects += 1
        if self._reconnects > _RECONNECTS:
            raise error
        self.reconnect()
        if self.select(here.name).uidvalidity != here.uidvalidity:
            said = f"{self.address.place}: mappen {here.name} byttes ut under hämtningen."
            raise ConnectionLost(said, passes=True) from error

    def _raw(self, uid: int, facts: Facts, content: bytes, now: datetime) -> RawMessage:
        here = self.open_folder
        return RawMessage(
            mailbox=self.address.name,
            folder=here.name,
            uidvalidity=here.uidvalidity,
            uid=uid,
            received_at=when_received(facts) or now.astimezone(UTC),
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def _speaking(self, doing: str) -> Any:  # noqa: ANN401
        return speaking(self.address, doing)


def _unnumbered(facts: Facts) -> Facts:
    """A part's name without where it begins, which not every server repeats."""
    return {name.partition(b"<")[0]: value for name, value in facts.items()}
