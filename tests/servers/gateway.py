"""A small IMAP server that can be told to misbehave, for what no real server can be made to do.

It has folders and letters, and what it is asked it answers as RFC 3501 says; then a test's ``odd`` changes the answer.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ingest.address import MailboxAddress, PasswordLogin, TlsMode

FULL = "IMAP4rev1 UIDPLUS MOVE"
RECEIVED = b'"02-Nov-2026 08:00:00 +0000"'
Odd = Callable[[str, bytes], bytes | None]
"""What was asked (the command in capitals) and the right answer with ``TAG`` in it: another answer, None to hang up."""


@dataclass
class Folder:
    """Letters by UID; ``deleted`` are marked so."""

    uidvalidity: int = 1
    uidnext: int = 1
    letters: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)

    def lay(self, content: bytes) -> None:
        """One letter more."""
        self.letters[self.uidnext] = content
        self.uidnext += 1


@dataclass
class Gateway:
    """One account. ``expunges`` and ``moves_away`` say whether letters go when told to.

    What begins with ``refused`` is not done: ``no`` is the answer.
    """

    port: int = 0
    capability: str = FULL
    expunges: bool = True
    moves_away: bool = True
    delimiter: bytes = b'"/"'
    odd: Odd = lambda asked, right: right
    refused: str = "never"
    no: bytes = b"NO [SERVERBUG] nej"
    folders: dict[bytes, Folder] = field(default_factory=lambda: {b"INBOX": Folder()})
    asked: list[str] = field(default_factory=list)

    def address(self, **changes: object) -> MailboxAddress:
        """The address to give to an ImapMailbox."""
        told = {
            "name": "prov",
            "host": "127.0.0.1",
            "port": self.port,
            "user": "u",
            "tls": TlsMode.NONE,
            "timeout": 5.0,
        }
        return MailboxAddress(**{"login": PasswordLogin(lambda: "x"), **told, **changes})  # type: ignore[arg-type]

    def lay(self, *letters: bytes) -> None:
        """Letters in the inbox."""
        for content in letters:
            self.folders[b"INBOX"].lay(content)

    def lies_in(self, folder: bytes) -> list[bytes]:
        """The letters of a folder."""
        return list(self.folders[folder].letters.values())

    def answer(self, line: bytes, talk: "Talk") -> bytes | None:
        """What the server says to one line of the client."""
        tag, *words = line.split(b" ")
        verb = words.pop(0).upper().decode()
        if verb == "UID":
            verb = "UID " + words.pop(0).upper().decode()
        self.asked.append(f"{verb} {b' '.join(words).decode()}".strip().upper())
        if self.asked[-1].startswith(self.refused):
            return tag + b" " + self.no + b"\r\n"
        said = getattr(talk, verb.lower().replace(" ", "_"), lambda *_: b"")(*words)
        right = said + b"TAG OK done\r\n"
        answered = self.odd(self.asked[-1], right)
        return None if answered is None else answered.replace(b"TAG", tag)


@dataclass
class Talk:
    """One connection: each method answers the command of its name."""

    account: Gateway
    name: bytes = b"INBOX"

    @property
    def here(self) -> Folder:
        """The open folder."""
        return self.account.folders[self.name]

    def capability(self) -> bytes:
        """RFC 3501 6.1.1."""
        return f"* CAPABILITY {self.account.capability}\r\n".encode()

    def list(self, _reference: bytes, *pattern: bytes) -> bytes:
        """All folders, or the one that is named."""
        wanted = b" ".join(pattern).strip(b'"')
        if not wanted:
            return b'* LIST (\\Noselect) %s ""\r\n' % self.account.delimiter
        names = [name for name in self.account.folders if wanted in (name, b"*")]
        return b"".join(b'* LIST () %s "%s"\r\n' % (self.account.delimiter, name) for name in names)

    def create(self, *words: bytes) -> bytes:
        """A new folder."""
        self.account.folders[b" ".join(words).strip(b'"')] = Folder()
        return b""

    def select(self, *words: bytes) -> bytes:
        """Open a folder."""
        self.name = b" ".join(words).strip(b'"')
        told = (len(self.here.letters), self.here.uidvalidity, self.here.uidnext)
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT %d] x\r\n" % told

    def status(self, *words: bytes) -> bytes:
        """How a folder stands."""
        name = words[0].strip(b'"')
        folder = self.account.folders[name]
        told = (name, len(folder.letters), folder.uidnext, folder.uidvalidity)
        return b'* STATUS "%s" (MESSAGES %d UIDNEXT %d UIDVALIDITY %d)\r\n' % told

    def uid_search(self, *words: bytes) -> bytes:
        """All letters, or those of the named UIDs."""
        among = _uids(words[1]) if words[0] == b"UID" else list(self.here.letters)
        found = [uid for uid in self.here.letters if uid in among]
        return b"* SEARCH" + b"".join(b" %d" % uid for uid in found) + b"\r\n"

    def uid_fetch(self, uids: bytes, *items: bytes) -> bytes:
        """Size and time, header, or all of letters."""
        asked = b" ".join(items)
        return b"".join(
            b"* %d FETCH (UID %d %s)\r\n" % (number, uid, _facts(self.here.letters[uid], asked))
            for number, uid in enumerate(self.here.letters, 1)
            if uid in _uids(uids)
        )

    def uid_store(self, uids: bytes, how: bytes, _flags: bytes) -> bytes:
        """Mark as deleted, or take the mark off."""
        change = self.here.deleted.update if how.startswith(b"+") else self.here.deleted.difference_update
        change(_uids(uids))
        return b""

    def uid_copy(self, uids: bytes, *words: bytes) -> bytes:
        """Copy to a folder."""
        there = self.account.folders[b" ".join(words).strip(b'"')]
        for uid in _uids(uids):
            there.lay(self.here.letters[uid])
        return b""

    def uid_move(self, uids: bytes, *words: bytes) -> bytes:
        """Copy, and take away."""
        self.uid_copy(uids, *words)
        return self._gone(_uids(uids)) if self.account.moves_away else b""

    def uid_expunge(self, uids: bytes) -> bytes:
        """Take away what is marked."""
        return self._gone(set(_uids(uids)) & self.here.deleted) if self.account.expunges else b""

    def _gone(self, uids: Sequence[int] | set[int]) -> bytes:
        said = b""
        for uid in uids:
            said += b"* %d EXPUNGE\r\n" % (list(self.here.letters).index(uid) + 1)
            del self.here.letters[uid]
        return said


def _uids(written: bytes) -> list[int]:
    ends = [[int(end) for end in part.split(b":")] for part in written.split(b",")]
    return [uid for part in ends for uid in range(part[0], part[-1] + 1)]


def _facts(content: bytes, asked: bytes) -> bytes:
    said = [b"RFC822.SIZE %d" % len(content)] if b"SIZE" in asked else []
    said += [b"INTERNALDATE " + RECEIVED] if b"INTERNALDATE" in asked else []
    if b"HEADER" in asked:
        header = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        said.append(b"BODY[HEADER] {%d}\r\n%s" % (len(header), header))
    elif part := re.search(rb"\[\](?:<0\.(\d+)>)?", asked):
        start, mark = (content[: int(part[1])], b"<0>") if part[1] else (content, b"")
        said.append(b"BODY[]%s {%d}\r\n%s" % (mark, len(start), start))
    return b" ".join(said)


@contextmanager
def gateway(**how: object) -> Iterator[Gateway]:
    """A gateway that serves one connection after the other until the test is over."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        account = Gateway(port=listener.getsockname()[1], **how)  # type: ignore[arg-type]
        thread = threading.Thread(target=_serve, args=(listener, account), daemon=True)
        thread.start()
        yield account
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _serve(listener: socket.socket, account: Gateway) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as heard:
            _talk(connection, heard, account)


def _talk(connection: socket.socket, heard: object, account: Gateway) -> None:
    talk = Talk(account)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"* OK hej\r\n")
    for line in heard:  # type: ignore[attr-defined]
        said = account.answer(line.rstrip(b"\r\n"), talk)
        if said is None:
            return
        connection.sendall(said)
        if b"BYE" in said:
            return
