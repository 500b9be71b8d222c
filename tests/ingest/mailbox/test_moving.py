"""Taken letters are moved, by whatever safe way the server has, and nothing of a colleague's is ever expunged."""

from collections.abc import Callable

import pytest

from cases.errors import MailboxError
from ingest.mailbox import ImapMailbox
from tests.ingest.mailbox.letters import letter
from tests.servers.dovecot import Box, Dovecot

pytestmark = pytest.mark.dovecot

NewDovecot = Callable[..., Dovecot]
NO_MOVE = "imap_capability = IMAP4rev1 LITERAL+ IDLE UIDPLUS NAMESPACE"
BARE = "imap_capability = IMAP4rev1 LITERAL+"


def commands(server: Dovecot) -> str:
    """What the clients asked the server, as its raw log has it."""
    return "\n".join(path.read_text(errors="replace") for path in (server.home / "users").rglob("*.in")).upper()


def with_rawlog(more: str = "") -> str:
    """Settings that make Dovecot write down every command; rawlog needs the folder to be there."""
    return f"{more}\nprotocol imap {{\n  rawlog_dir = /%h/rawlog\n}}\n"


def box_with_rawlog(server: Dovecot) -> Box:
    box = server.new_box()
    (server.home / "users" / box.user / "rawlog").mkdir(parents=True)
    server.own_all()
    return box


def take(box: Box, *uids: int, done: str = "Mottagna") -> bool:
    with ImapMailbox(box.address(done=done)) as mailbox:
        mailbox.select("INBOX")
        return mailbox.move_done(uids)


def test_move(box: Box) -> None:
    box.deliver(letter(1), letter(2), letter(3))
    assert take(box, 1, 3)
    assert box.messages() == [letter(2)]
    assert box.messages("Mottagna") == [letter(1), letter(3)]


@pytest.mark.parametrize(
    ("capability", "way"), [("", "UID MOVE"), (NO_MOVE, "UID EXPUNGE")], ids=["MOVE", "COPY and UID EXPUNGE"]
)
def test_never_a_plain_expunge(new_dovecot: NewDovecot, capability: str, way: str) -> None:
    server = new_dovecot(more=with_rawlog(capability))
    box = box_with_rawlog(server)
    box.deliver(letter(1), letter(2))
    box.deliver(letter(3), flags=[rb"\Deleted"])
    assert take(box, 1, 2)
    assert box.messages() == [letter(3)]
    assert box.flags() == [{rb"\Deleted"}]
    assert box.messages("Mottagna") == [letter(1), letter(2)]
    asked = commands(server)
    assert way in asked
    assert "EXPUNGE" not in asked.replace("UID EXPUNGE", "")
    assert " CLOSE" not in asked


def test_a_copy_left_marked_by_a_crash_comes_clean_to_the_done_folder(new_dovecot: NewDovecot) -> None:
    box = new_dovecot(more=NO_MOVE).new_box()
    box.deliver(letter(1), flags=[rb"\Deleted", rb"\Flagged"])
    assert take(box, 1)
    assert box.flags("Mottagna") == [{rb"\Flagged"}]
    assert box.count() == 0


def test_without_a_safe_way_letters_stay(new_dovecot: NewDovecot) -> None:
    box = new_dovecot(more=BARE).new_box()
    box.deliver(letter(1))
    assert take(box, 1) is False
    assert box.messages() == [letter(1)]


def test_nothing_to_move_makes_no_folder(box: Box) -> None:
    assert take(box)
    with box.client() as client:
        assert not client.folder_exists("Mottagna")


def test_the_done_folder_is_made_once_and_subscribed(box: Box) -> None:
    box.deliver(letter(1), letter(2))
    assert take(box, 1)
    assert take(box, 2)
    with box.client() as client:
        assert [name for _, _, name in client.list_sub_folders()] == ["Mottagna"]
    assert box.count("Mottagna") == 2


@pytest.mark.parametrize(
    ("prefix", "capability"),
    [("INBOX.", ""), ("", "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS")],
    ids=["told", "no NAMESPACE"],
)
def test_levels_and_namespace_are_the_servers(new_dovecot: NewDovecot, prefix: str, capability: str) -> None:
    box = new_dovecot(separator=".", prefix=prefix, more=capability).new_box()
    box.deliver(letter(1))
    assert take(box, 1, done="Lyhörd/Mottagna")
    assert box.messages(f"{prefix}Lyhörd.Mottagna") == [letter(1)]


def test_a_name_with_the_namespace_written_out_is_taken_as_it_is(new_dovecot: NewDovecot) -> None:
    box = new_dovecot(separator=".", prefix="INBOX.").new_box()
    box.deliver(letter(1))
    assert take(box, 1, done="INBOX.Mottagna")
    assert box.count("INBOX.Mottagna") == 1


def test_a_done_folder_that_was_removed_is_made_again(box: Box) -> None:
    box.deliver(letter(1), letter(2))
    with ImapMailbox(box.address()) as mailbox:
        mailbox.select("INBOX")
        assert mailbox.move_done([1])
        with box.client() as colleague:
            colleague.delete_folder("Mottagna")
        assert mailbox.move_done([2])
    assert box.messages("Mottagna") == [letter(2)]


def test_a_folder_that_cannot_be_made_is_named(box: Box) -> None:
    box.deliver(letter(1))
    with pytest.raises(MailboxError, match="Mottagna"):
        take(box, 1, done="~/../Mottagna")
    assert box.count() == 1


def test_many_letters_are_moved_in_parts(box: Box) -> None:
    box.deliver(*(letter(n) for n in range(7)))
    with ImapMailbox(box.address(batch_count=3)) as mailbox:
        mailbox.select("INBOX")
        assert mailbox.move_done(mailbox.uids())
    assert box.count("Mottagna") == 7
