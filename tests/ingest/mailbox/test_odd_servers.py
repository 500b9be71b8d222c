"""What servers say that no test server says: odd answers, pauses they ask for, folders by other names."""

import re
from itertools import cycle
from typing import Any

import pytest

from cases.errors import LoginRefused, MailboxError
from ingest.connection import ServerBusy
from ingest.mailbox import ImapMailbox
from ingest.marks import Mark, done_mark
from ingest.poller import PollReport, poll_once
from storage import SqlStore
from tests.ingest.mailbox.letters import letter
from tests.ingest.mailbox.test_poller import NOW, kept, new_id
from tests.servers.gateway import Folder, Gateway, gateway

SHORT = b"Subject: x\r\n\r\n" + b"a" * 20


def take(server: Gateway, store: SqlStore, **changes: object) -> PollReport:
    with ImapMailbox(server.address(**changes)) as mailbox:
        return poll_once(mailbox, store, now=NOW, new_id=new_id)


def rewritten(pattern: bytes, new: bytes) -> Any:
    """Change the answers to fetches of texts."""

    def odd(asked: str, right: bytes) -> bytes:
        return re.sub(pattern, lambda _: new, right, count=1, flags=re.DOTALL) if "BODY.PEEK[]" in asked else right

    return odd


@pytest.mark.parametrize(
    ("odd", "taken", "failed"),
    [
        (rewritten(rb"\{\d+\}\r\n.*?\)\r\n", b"NIL)\r\n"), [], 1),
        # What a store whose file is gone gives for a letter of some size.
        (rewritten(rb"\{\d+\}\r\n.*?\)\r\n", b'"")\r\n'), [], 1),
        (rewritten(rb"\{\d+\}\r\n.*?\)\r\n", b"{0}\r\n)\r\n"), [], 1),
        (rewritten(rb"\{\d+\}\r\n.*?\)\r\n", b'"12 \\"3\\" \\\\ {4}")\r\n'), [b'12 "3" \\ {4}'], 0),
        (rewritten(rb"\{\d+\}\r\n.*?\)\r\n", b'"12345")\r\n'), [b"12345"], 0),
        (rewritten(rb"^", b"* 7 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 5 FETCH (UID 9 FLAGS ())\r\n"), [SHORT], 0),
        (rewritten(rb"TAG", b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 3 EXPUNGE\r\n* OK [ALERT] x\r\nTAG"), [SHORT], 0),
        (rewritten(rb".*", b"TAG OK done\r\n"), [], 0),
    ],
    ids=["NIL", "empty", "no bytes", "quoted", "digits", "news before", "news after", "gone"],
)
def test_odd_answers_to_fetch(store: SqlStore, odd: Any, taken: list[bytes], failed: int) -> None:
    with gateway(odd=odd) as server:
        server.lay(SHORT)
        report = take(server, store)
        assert (kept(store), len(report.failed)) == (taken, failed)
        # What is not taken is not moved.
        assert len(server.lies_in(b"INBOX")) == 1 - len(taken)


def test_a_receiving_time_that_is_none_stops_no_letter(store: SqlStore) -> None:
    """A client that lays letters may give any time; the poll fell over one of 99 hours' zone, and did so each time."""
    times = cycle([b"31-Dec-9999 23:59:59 -0500", b"01-Nov-2026 08:00:00 +9959"])

    def odd(_asked: str, right: bytes) -> bytes:
        return re.sub(rb'INTERNALDATE "[^"]*"', lambda _: b'INTERNALDATE "%s"' % next(times), right)

    with gateway(odd=odd, moves_away=False) as server:
        server.lay(SHORT, SHORT + b"b")
        assert take(server, store).kept == 2
        # They lie there still, and are looked for in the done folder by the oldest one's time.
        assert take(server, store).known == 2
    with store.read() as tx:
        assert [raw.received_at for raw in tx.raw_to_read(9, NOW)] == [NOW, NOW]


def test_the_done_folders_name_is_asked_for_once_a_connection() -> None:
    with gateway() as server, ImapMailbox(server.address()) as mailbox:
        assert done_mark(mailbox) is None, "it is not made yet"
        server.folders[b"Mottagna"] = Folder()
        marks = [done_mark(mailbox) for _ in range(3)]
        assert marks == [Mark(server.folders[b"Mottagna"].uidvalidity, 1)] * 3
        listed = server.asked.count('LIST "" "MOTTAGNA"')
        assert listed == 2, "in vain, and once"
        server.refused = "STATUS"
        assert done_mark(mailbox) is None
        assert server.asked.count('LIST "" "MOTTAGNA"') == listed + 1, "it may have been renamed"


@pytest.mark.parametrize(
    ("told", "limit", "taken", "oversized"),
    [(5, 100, [SHORT], []), (5, 20, [], [len(SHORT)]), (90_000, 100, [SHORT], []), (90_000, 20, [], [90_000])],
)
def test_the_letter_itself_goes_before_the_size_that_is_told(
    store: SqlStore, told: int, limit: int, taken: list[bytes], oversized: list[int]
) -> None:
    def lying(asked: str, right: bytes) -> bytes:
        # Nor does it say where the part begins.
        return re.sub(rb"SIZE \d+", b"SIZE %d" % told, right).replace(b"[]<0>", b"[]")

    with gateway(odd=lying) as server:
        server.lay(SHORT)
        report = take(server, store, max_message_bytes=limit)
        assert [over.size for over in report.oversized] == oversized
        assert kept(store) == taken
        assert all(over.raw.content == SHORT[:20] for over in report.oversized)


def test_a_server_that_asks_for_a_pause_is_not_asked_letter_by_letter(store: SqlStore) -> None:
    with gateway() as server:
        server.lay(*(letter(n) for n in range(9)))
        server.refused = "UID FETCH"
        for code in (b"[UNAVAILABLE]", b"[INUSE]", b"[LIMIT]", b"[OVERQUOTA]", b"[THROTTLED]"):
            server.no, server.asked = b"NO " + code + b" later", []
            with pytest.raises(ServerBusy, match="just nu"):
                take(server, store)
            assert sum(line.startswith("UID FETCH") for line in server.asked) == 1
        # This is said of one letter that is broken, and the others are asked for.
        server.no = b"NO [SERVERBUG] Internal error"
        assert len(take(server, store).failed) == 9
        server.refused = "UID MOVE"
        server.no = b"NO [OVERQUOTA] full"
        full = take(server, store)
        assert (full.kept, full.moved, len(full.problems)) == (9, 0, 1), "a full mailbox is taken in all the same"
        server.refused = "never"
        assert take(server, store).moved == 9


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (b"NO [ALERT] Too many simultaneous connections. (Failure)", False),
        (b"NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", False),
        (b"NO [THROTTLED] Request is throttled", False),
        (b"NO LOGIN failed.", True),
    ],
)
def test_who_asks_too_much_is_not_told_that_the_password_is_wrong(said: bytes, wrong: bool) -> None:
    with gateway(refused="LOGIN", no=said) as server:
        with pytest.raises(MailboxError) as raised:
            ImapMailbox(server.address()).connect()
        assert isinstance(raised.value, LoginRefused) is wrong


@pytest.mark.parametrize(
    ("delimiter", "wanted", "there"),
    [
        (b"NIL", "Lyhörd/Mottagna", b"Lyh&APY-rd/Mottagna"),
        (b'"."', "Lyhörd/Mottagna", b"Lyh&APY-rd.Mottagna"),
        (b'"\\\\"', "A/Mottagna", b"A\\\\Mottagna"),
        (b'"/"', "Åter/Mottagna", b"&AMU-ter/Mottagna"),
    ],
)
def test_levels_are_divided_as_the_server_does(store: SqlStore, delimiter: bytes, wanted: str, there: bytes) -> None:
    with gateway(delimiter=delimiter) as server:
        server.lay(letter(1), letter(2))
        assert take(server, store, done=wanted).moved == 2
        assert list(server.folders) == [b"INBOX", there]


def test_a_folder_that_the_server_knows_by_another_name_is_that_folder(store: SqlStore) -> None:
    """Exchange heeds no capitals and refused to make it a second time, at each poll; a Mac writes å in two signs."""
    with gateway() as server:
        server.folders[b"A&Awo-RENDEN"] = Folder()
        server.lay(letter(1))
        server.odd = lambda asked, right: (
            b'* LIST () "/" "A&Awo-RENDEN"\r\nTAG OK done\r\n' if asked.startswith('LIST "" "&AMU') else right
        )
        assert take(server, store, done="Årenden").moved == 1
        assert server.lies_in(b"A&Awo-RENDEN") == [letter(1)]
        server.odd = lambda asked, right: (
            b'* LIST (\\NonExistent) "/" "Borta"\r\nTAG OK done\r\n' if asked.startswith('LIST "" "BORTA') else right
        )
        server.lay(letter(2))
        assert take(server, store, done="Borta").moved == 1
        assert server.lies_in(b"Borta") == [letter(2)]


def test_a_folder_without_uidvalidity_is_told_and_left_alone(store: SqlStore) -> None:
    with gateway(odd=lambda asked, right: right.replace(b"* OK [UIDVALIDITY 1] x\r\n", b"")) as server:
        server.lay(letter(1))
        assert "UIDVALIDITY" in take(server, store).unread[0]
        assert server.lies_in(b"INBOX") == [letter(1)]


def test_a_folder_made_anew_while_it_is_read_gives_each_letter_once(store: SqlStore) -> None:
    """The connection breaks, as servers do it then, and the folder that is opened again is another one."""
    with gateway() as server:
        server.lay(letter(1), letter(2), letter(3))

        def replaced(asked: str, right: bytes) -> bytes | None:
            if "BODY.PEEK[]" not in asked or not asked.startswith("UID FETCH 2 "):
                return right
            anew = Folder(uidvalidity=2)
            for content in (letter(3), letter(2), letter(4)):
                anew.lay(content)
            server.folders[b"INBOX"], server.odd = anew, lambda asked, right: right
            return b"* BYE mailbox deleted\r\n"

        server.odd = replaced
        with pytest.raises(MailboxError, match="byttes ut"):
            take(server, store, batch_count=1)
        assert take(server, store, batch_count=1).kept == 3
        assert sorted(kept(store)) == [letter(n) for n in (1, 2, 3, 4)]
        assert sorted(server.lies_in(b"Mottagna")) == [letter(n) for n in (1, 2, 3, 4)]
