"""Taken letters go to the done folder: once, whatever the server makes of moves, marks and expunges."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from imapclient import DELETED, IMAPClient

from cases.errors import MailboxError
from ingest.address import MailboxAddress
from ingest.connection import ConnectionLost, speaking
from ingest.folders import Selected, ensure_folder, existing_folder

_SIZE, _RECEIVED, _HEADER = b"RFC822.SIZE", b"INTERNALDATE", b"BODY[HEADER]"
_SIZES_AT_ONCE = 1000
Likeness = tuple[int, str]
"""What a copy has in common with its letter: the size that the server tells, and the header's SHA-256 (hex)."""


class Movable(Protocol):
    """What moving needs of ``ingest.mailbox.ImapMailbox``."""

    address: MailboxAddress

    @property
    def client(self) -> IMAPClient:
        """The open connection."""

    @property
    def open_folder(self) -> Selected:
        """The folder that is open."""

    def can_move(self) -> bool:
        """Whether single letters can be moved."""

    def select(self, folder: str) -> Selected:
        """Open a folder."""

    def remove(self, uids: Sequence[int]) -> bool:
        """Remove letters of the open folder."""


class Mover:
    r"""Moves letters of the mailbox's open folder, and knows those that it has laid in the done folder already.

    Some gateways copy on MOVE, or take COPY, ``\\Deleted`` and UID EXPUNGE, and leave the letter where it was. Moved
    again at each poll, it would soon lie there a thousand times.
    """

    def __init__(self, mailbox: Movable) -> None:
        self._mailbox = mailbox
        self._done = ""
        self._laid: set[tuple[str, int, int]] = set()
        self._tried: set[tuple[str, int, int]] = set()

    def begin_anew(self) -> None:
        """The connection is another one: the folder is looked up again, and removing tried once more."""
        self._done = ""
        self._tried.clear()

    def done_folder(self, *, afresh: bool = False) -> str:
        """As ``ImapMailbox.done_folder``."""
        address = self._mailbox.address
        known = "" if afresh else self._done
        self._done = known or existing_folder(self._mailbox.client, address, address.done)
        return self._done

    def forget_gone(self, here: Selected, there: Iterable[int]) -> None:
        """Of letters that lie in the open folder no more nothing need be remembered."""
        alive = {(here.name, here.uidvalidity, uid) for uid in there}
        self._laid = {place for place in self._laid if place[0] != here.name or place in alive}

    def move(self, uids: Sequence[int]) -> bool:
        """As ``ImapMailbox.move_done``."""
        if not uids or not self._mailbox.can_move():
            return not uids
        for part in self._parts(uids):
            try:
                self._move(part)
            except ConnectionLost:
                raise
            except MailboxError:
                self._done = ""  # somebody may have removed or renamed it: look again, once
                self._move(part)
            self._laid.update(place for _, place in self._placed(part))
        return True

    def finish(self, uids: Sequence[int]) -> int:
        """As ``ImapMailbox.finish_moving``."""
        if not uids or not self._mailbox.can_move():
            return len(uids)
        rest = [uid for uid, place in self._placed(uids) if place not in self._tried]
        copied = self._copied(rest)
        for part in self._parts([uid for uid in rest if uid in copied]):
            self._mailbox.remove(part)
        self.move([uid for uid, place in self._placed(rest) if uid not in copied and place not in self._laid])
        self._tried.update(place for _, place in self._placed(rest))
        # The others were tried on this connection already, and have just been found here again.
        return len(uids) - len(rest) + sum(self._left(part) for part in self._parts(rest))

    def _left(self, uids: Sequence[int]) -> int:
        with self._speaking(f"sökningen i mappen {self._mailbox.open_folder.name}"):
            return len(set(self._mailbox.client.search(["UID", ",".join(map(str, uids))])) & set(uids))

    def _copied(self, uids: Sequence[int]) -> set[int]:
        """Those that lie in the done folder too; none where it cannot be looked into."""
        if not uids:
            return set()
        here = self._mailbox.open_folder
        try:
            looks, since = self._likenesses(uids)
            there = self._in_done({size for size, _ in looks.values()}, since)
        except ConnectionLost:
            raise
        except MailboxError:
            looks, there = {}, set()
        if self._mailbox.select(here.name).uidvalidity != here.uidvalidity:
            said = f"{self._mailbox.address.place}: mappen {here.name} byttes ut under flytten."
            raise ConnectionLost(said, passes=True)
        return {uid for uid, look in looks.items() if look in there}

    def _likenesses(self, uids: Sequence[int]) -> tuple[dict[int, Likeness], datetime | None]:
        looks, oldest = dict[int, Likeness](), None
        for part in self._parts(uids):
            for uid, facts in self._fetch(part, ["RFC822.SIZE", "INTERNALDATE", "BODY.PEEK[HEADER]"]):
                looks[uid] = _likeness(facts)
                oldest = min(filter(None, (oldest, when_received(facts))), default=None)
        return looks, oldest

    def _in_done(self, sizes: set[int], since: datetime | None) -> set[Likeness]:
        """What lies there since that day, or was copied there since, and has one of these sizes."""
        self._mailbox.select(self._folder())
        with self._speaking(f"sökningen i mappen {self._done}"):
            wanted = ["SINCE", since.date() - timedelta(days=1)] if since else ["ALL"]
            found = self._mailbox.client.search(wanted)
        alike = [
            uid
            for start in range(0, len(found), _SIZES_AT_ONCE)
            for uid, facts in self._fetch(found[start : start + _SIZES_AT_ONCE], ["RFC822.SIZE"])
            if facts.get(_SIZE) in sizes
        ]
        asked = ["RFC822.SIZE", "BODY.PEEK[HEADER]"]
        return {_likeness(facts) for part in self._parts(alike) for _, facts in self._fetch(part, asked)}

    def _fetch(self, uids: Sequence[int], items: list[str]) -> Iterator[tuple[int, dict[bytes, Any]]]:
        with self._speaking(f"hämtningen ur mappen {self._mailbox.open_folder.name}"):
            got = self._mailbox.client.fetch(uids, items)
        return ((uid, got[uid]) for uid in uids if uid in got)

    def _move(self, uids: Sequence[int]) -> None:
        done, client = self._folder(), self._mailbox.client
        with self._speaking(f"flytten till mappen {done}"):
            if client.has_capability("MOVE"):
                client.move(uids, done)
                return
            # Marks left by a crash, or by a colleague, must not follow the copy: somebody's EXPUNGE would delete it.
            client.remove_flags(uids, [DELETED], silent=True)
            fresh = {place: uid for uid, place in self._placed(uids) if place not in self._laid}
            if fresh:
                client.copy(list(fresh.values()), done)
            # Whatever is refused from here on, they are not copied again.
            self._laid.update(fresh)
            client.add_flags(uids, [DELETED], silent=True)
            client.uid_expunge(uids)

    def _folder(self) -> str:
        address = self._mailbox.address
        self._done = self._done or ensure_folder(self._mailbox.client, address, address.done)
        return self._done

    def _placed(self, uids: Iterable[int]) -> list[tuple[int, tuple[str, int, int]]]:
        here = self._mailbox.open_folder
        return [(uid, (here.name, here.uidvalidity, uid)) for uid in uids]

    def _parts(self, uids: Sequence[int]) -> Iterator[Sequence[int]]:
        count = self._mailbox.address.batch_count
        return (uids[start : start + count] for start in range(0, len(uids), count))

    def _speaking(self, doing: str) -> Any:  # noqa: ANN401
        return speaking(self._mailbox.address, doing)


def when_received(facts: dict[bytes, Any]) -> datetime | None:
    """INTERNALDATE in UTC; None where the server tells none, or one that is no time, as with a zone of 99 hours."""
    told = facts.get(_RECEIVED)
    with suppress(OverflowError, ValueError):
        return told.astimezone(UTC) if told else None
    return None


def _likeness(facts: dict[bytes, Any]) -> Likeness:
    header = facts.get(_HEADER) or b""
    return facts.get(_SIZE, -1), hashlib.sha256(header if isinstance(header, bytes) else b"").hexdigest()
