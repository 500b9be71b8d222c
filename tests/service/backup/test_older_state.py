"""The mailbox after an older state was put back: nothing lost, nothing twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from cases.errors import ConfigError, ModelError
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from config import load
from ingest.poller import poll_once
from service.backup.after_restore import recover
from service.backup.archive import read_keys
from service.backup.create import make_backup
from service.backup.restore import restore
from service.backup.restored import check_recovered, settle
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from service.post_room import PostRoom
from service.stages import Stages
from service.whole_house import WholeHouse, build_whole, reader
from tests.service.copied import NOW, settings_for
from tests.steps.house import ScriptedModel, SmallHouse, mail


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as opened:
        yield opened


def house_at(environ: dict[str, str], post: EmbeddedPost, url: str) -> WholeHouse:
    ports = {"LYHORD_IMAP_PORT": str(post.imap_port), "LYHORD_SMTP_PORT": str(post.smtp_port)}
    house = build_whole(load("demo", environ | ports | {"LYHORD_DATABASE_URL": url}))
    stages = Stages(house.store, house.office, reader(house.settings), ScriptedModel)
    return replace(house, stages=stages)


def take_in(house: WholeHouse) -> None:
    """Fetch, read and suggest, and send nothing."""
    now = house.clock()
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=now, new_id=house.new_id)
    house.stages.read(now)
    house.stages.suggest(now)


def work(house: WholeHouse) -> None:
    """One round of everything the daemon does with letters."""
    take_in(house)
    PostRoom(house).send_due(house.clock() + timedelta(days=4))


def cases_of(house: WholeHouse) -> dict[str, str]:
    """Each case's first letter."""
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=100))
        return {tx.thread(line.id)[0]: line.number for line in lines}


def receipts(house: WholeHouse) -> dict[str, OutboxStatus]:
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=100))
        entries = [entry for line in lines for entry in tx.letters_of(line.id)]
    return {e.in_reply_to: e.status for e in entries if e.letter.kind is LetterKind.MOTTAGNING}


def citizen(n: int) -> bytes:
    return mail(f"Lampa {n} är trasig.", sender=f"p{n}@mejl.example", message_id=f"<l{n}@mejl.example>")


def sent(post: EmbeddedPost) -> dict[str, int]:
    return {to: len(mails) for to, mails in post.boxes().items() if to.startswith("p")}


def test_nothing_lost_and_nothing_twice_after_an_older_state(
    environ: dict[str, str], post: EmbeddedPost, sqlite_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    house = house_at(environ, post, sqlite_url)
    for n in (1, 2):
        post.deliver(citizen(n), envelope_from=f"p{n}@mejl.example")
    work(house)
    # The copy is taken while the third letter's receipt waits in the outbox.
    post.deliver(citizen(3), envelope_from="p3@mejl.example")
    take_in(house)
    made = make_backup(settings_for(environ, sqlite_url, key, copies), environ, house.clock())
    for n in (4, 5):
        post.deliver(citizen(n), envelope_from=f"p{n}@mejl.example")
    work(house)
    assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3, 4, 5)}
    house.store.close()

    target = f"sqlite:///{tmp_path / 'older.sqlite'}"
    restore(made.file, target, read_keys(key), NOW)
    older = house_at(environ, post, target)
    assert settle(older.store, made.manifest.taken_at, older.clock() + timedelta(days=4), older.new_id) == 1
    with pytest.raises(ConfigError, match="mailbox recover"):
        check_recovered(older)
    # The first run breaks off when the found letters' receipts are queued already, and is made again.
    stops = patch.object(Stages, "promises", side_effect=ModelError("Modellen går inte att läsa."))
    with pytest.raises(ModelError), stops:
        recover(older, older.clock())
    with pytest.raises(ConfigError, match="mailbox recover"):
        check_recovered(older)
    done = recover(older, older.clock())
    assert (done.kept, done.known, done.unsure, done.problems) == (0, 5, 2, [])
    check_recovered(older)
    work(older)
    assert set(cases_of(older)) == {f"<l{n}@mejl.example>" for n in (1, 2, 3, 4, 5)}
    assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3, 4, 5)}
    unsure = dict.fromkeys((f"<l{n}@mejl.example>" for n in (3, 4, 5)), OutboxStatus.UNCERTAIN)
    assert receipts(older) == dict.fromkeys(("<l1@mejl.example>", "<l2@mejl.example>"), OutboxStatus.SENT) | unsure
    # Again, as one does who is not sure that it went well: nothing more is found, nothing sent.
    again = recover(older, older.clock())
    assert (again.kept, again.known, again.unsure) == (0, 5, 0)
    post.deliver(citizen(6), envelope_from="p6@mejl.example")
    work(older)
    assert sent(post)["p6@mejl.example"] == 1
    older.store.close()


def test_a_database_that_postgresql_itself_put_back(
    environ: dict[str, str], post: EmbeddedPost, sqlite_url: str
) -> None:
    """Letters that waited in it may have gone since; only a person can know."""
    house = house_at(environ, post, sqlite_url)
    post.deliver(citizen(1), envelope_from="p1@mejl.example")
    take_in(house)
    done = recover(house, house.clock() + timedelta(days=4), NOW.date(), restored=True)
    assert (done.kept, done.unsure) == (0, 1)
    assert receipts(house) == {"<l1@mejl.example>": OutboxStatus.UNCERTAIN}
    check_recovered(house)
    house.store.close()


def test_only_what_may_have_gone_already_is_uncertain(environ: dict[str, str], sqlite_url: str) -> None:
    """A letter whose day has not come waits for it, and staff's goes once more."""
    house = build_whole(load("demo", environ), clock=lambda: NOW)
    SmallHouse(house.store, now=NOW).receive(citizen(1))
    with house.store.begin() as tx:
        due = tx.due(9, NOW)
        (receipt,) = [entry for entry in due if not entry.internal]
        for name, changes in (
            ("later", {"not_before": NOW + timedelta(days=1)}),
            ("again", {"status": OutboxStatus.AWAITING_RETRY, "retry_at": NOW + timedelta(hours=1)}),
            ("loose", {"case_id": ""}),
        ):
            tx.queue(replace(receipt, id=name, message_id=f"<{name}@ekdala.example>", **changes))
    assert settle(house.store, NOW.isoformat(), NOW, house.new_id) == 3
    done = recover(house, NOW, skip=True)
    assert (done.kept, done.known, done.unsure) == (0, 0, 0)
    with house.store.read() as tx:
        stand = {one.entry.id: one.entry for one in tx.entries(list(OutboxStatus), SYSTEM, 9)}
        events = tx.case_file(receipt.case_id, SYSTEM).events
        told = [event.text for event in events if event.kind is EventKind.LETTER_UNCERTAIN]
        assert [entry.id for entry in tx.due(9, NOW + timedelta(days=9))] == [
            *(entry.id for entry in due if entry.internal),
            "later",
        ]
    assert {i for i, entry in stand.items() if entry.status is OutboxStatus.UNCERTAIN} == {receipt.id, "again", "loose"}
    assert "återställd från en kopia" in stand["again"].error and stand["again"].retry_at is None
    assert len(told) == 2 and all("återställd från en kopia" in text for text in told)
    house.store.close()
