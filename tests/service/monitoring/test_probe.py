"""The probe letter: it becomes a case, leaves nothing, and its absence is an alarm; with real mail servers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cases.errors import DeliveryError
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from config import load
from config.operation import ProbeSettings
from ingest.poller import poll_once
from service.demo.servers import OWN_MAILBOX, EmbeddedPost
from service.mail_doors import mailboxes
from service.monitoring.conditions import conditions
from service.monitoring.metrics import metrics_text
from service.monitoring.probe import ProbeRoom, probe_late, probe_pass, probe_state
from service.post_room import PostRoom
from service.whole_house import WholeHouse
from storage.database.engine import open_engine
from storage.queries.watch import remove_wholly
from storage.tables.columns import metadata
from tests.service.watched import NOW, Clock, house_of, keys, values, well
from tests.steps.house import mail as a_letter

PROBE = ProbeSettings(enabled=True, from_address="noreply-prov@ekdala.example", every_minutes=60, within_minutes=15)


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as opened:
        yield opened


@pytest.fixture
def probing(environ: dict[str, str], post: EmbeddedPost, clock: Clock) -> Iterator[WholeHouse]:
    made = probing_at(environ, post, environ["LYHORD_DATABASE_URL"], clock)
    yield made
    made.store.close()


@pytest.fixture
def probing_either(
    environ: dict[str, str], post: EmbeddedPost, database_url: str, clock: Clock
) -> Iterator[WholeHouse]:
    made = probing_at(environ, post, database_url, clock)
    yield made
    made.store.close()


def probing_at(environ: dict[str, str], post: EmbeddedPost, url: str, clock: Clock) -> WholeHouse:
    ports = {"LYHORD_IMAP_PORT": str(post.imap_port), "LYHORD_SMTP_PORT": str(post.smtp_port)}
    settings = load("demo", environ | ports | {"LYHORD_DATABASE_URL": url})
    return house_of(replace(settings, probe=PROBE), clock)


def fetch(house: WholeHouse) -> None:
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
    house.stages.read(house.clock())
    house.stages.suggest(house.clock())


def in_mailbox(house: WholeHouse, folder: str) -> int:
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        return box.select(folder).exists


def rows(house: WholeHouse) -> dict[str, int]:
    engine = open_engine(house.settings.database.url.reveal())
    with engine.connect() as connection:
        count = sa.func.count()
        found = {
            table.name: connection.execute(sa.select(count).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in ("settings", "counters", "event_feed")
        }
    engine.dispose()
    return {name: number for name, number in found.items() if number}


def test_a_probe_becomes_a_case_and_leaves_nothing(
    probing_either: WholeHouse, post: EmbeddedPost, clock: Clock
) -> None:
    sweep = probe_pass(probing_either)
    assert sweep(clock.now) == 0
    fetch(probing_either)
    with probing_either.store.read() as tx:
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        kinds = [entry.letter.kind for entry in tx.letters_of(line.id)]
        assert kinds == [LetterKind.TILL_REGISTRATOR], "no receipt, and that one is held"
    PostRoom(probing_either).send_due(clock.now + timedelta(days=4))
    done = probing_either.settings.mailboxes[0].done
    assert in_mailbox(probing_either, done) == 1
    assert sweep(clock.later(minutes=1)) == 1
    assert in_mailbox(probing_either, done) == 0, "one an hour had piled up there"
    assert rows(probing_either) == {"raw_messages": 1}, "that it was fetched, so that it is never fetched again"
    assert not post.boxes(), "nobody was mailed"
    assert values(metrics_text(probing_either))["lyhord_letters_in_total"] == 0
    with probing_either.store.read() as tx:
        assert not probe_late(tx, PROBE, clock.later(minutes=30))
        first = probe_state(tx)["message_id"]
        assert not tx.search("provbrev", SYSTEM)
    assert sweep(clock.now) == 0
    sweep(clock.later(minutes=30))
    with probing_either.store.read() as tx:
        assert probe_state(tx)["message_id"] != first, "the next one, an hour after"
        assert not probe_late(tx, PROBE, clock.now), "which has its own quarter"


def test_a_probe_that_does_not_come(probing: WholeHouse, clock: Clock) -> None:
    well(probing)
    probe_pass(probing)(clock.now)
    assert "probe" not in keys(probing)
    clock.later(minutes=16)
    assert "probe" in keys(probing)
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1
    assert "probe" not in keys(probing), "it came at last"


def test_a_probe_that_another_machine_sends_meanwhile_is_not_forgotten(
    probing: WholeHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_pass(probing)(clock.now)
    fetch(probing)

    def and_another_sends(engine: sa.Engine, case_id: str) -> bool:
        monkeypatch.setattr("service.monitoring.probe.remove_wholly", remove_wholly)
        done = remove_wholly(engine, case_id)
        assert probe_pass(probing)(clock.later(hours=1)) == 0
        return done

    monkeypatch.setattr("service.monitoring.probe.remove_wholly", and_another_sends)
    assert probe_pass(probing)(clock.now) == 1
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1, "the other's, which would have become a case like any other"


def test_a_probe_that_cannot_be_sent_is_missed(probing: WholeHouse, clock: Clock) -> None:
    down = replace(probing.settings, smtp=replace(probing.settings.smtp, port=1))
    probe_pass(replace(probing, settings=down))(clock.now)
    with probing.store.read() as tx:
        assert probe_late(tx, PROBE, clock.later(minutes=16))
        assert not probe_late(tx, replace(PROBE, enabled=False), clock.now), "nobody waits for it any more"


def test_the_next_ones_sending_does_not_end_the_alarm_that_none_came(probing: WholeHouse, clock: Clock) -> None:
    """Each hour it was told that all was well, and a quarter later that it was not."""
    well(probing)
    room = ProbeRoom(probing, lambda *_: "")
    room.sweep(clock.now)
    with probing.store.read() as tx:
        first = probe_state(tx)["message_id"]
    room.sweep(clock.later(hours=1))
    found = {alarm.key: alarm.text for alarm in conditions(probing, clock.later(minutes=1))}
    assert found["probe"] == "det senaste skickades för 1 minut sedan och har inte blivit ett ärende"
    with probing.store.read() as tx:
        assert probe_state(tx)["message_id"] != first
    probe_pass(probing)(clock.later(hours=1))
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1
    assert "probe" not in keys(probing)


@pytest.mark.parametrize(("retryable", "minutes"), [(True, 5), (False, 60)])
def test_one_that_the_server_does_not_take_is_told_as_that_and_sent_again(
    probing: WholeHouse, clock: Clock, retryable: bool, minutes: int
) -> None:
    """A server that was away for a minute was an hour's alarm; one that refuses is not asked time and again."""
    well(probing)
    answers = [DeliveryError("Brevet avvisades: nej.", retryable=retryable), None]

    def post(*_: object) -> str:
        if error := answers.pop(0):
            raise error
        return ""

    room = ProbeRoom(probing, post)
    room.sweep(clock.now)
    assert [len(answers), room.sweep(clock.later(minutes=minutes - 1)), len(answers)] == [1, 0, 1]
    found = {alarm.key: alarm for alarm in conditions(probing, NOW + timedelta(minutes=16))}
    assert found["probe"].text == "det senaste provbrevet kunde inte skickas (Brevet avvisades: nej)"
    assert PROBE.from_address in found["probe"].remedy
    room.sweep(clock.later(minutes=1))
    assert not answers
    with probing.store.read() as tx:
        assert json.loads(probe_state(tx)["pending"]) == [probe_state(tx)["message_id"]]


def test_one_that_may_have_gone_is_awaited(probing: WholeHouse, clock: Clock) -> None:
    """Forgotten, it would become a case like any other."""

    def post(*_: object) -> str:
        raise DeliveryError("Kontakten bröts.", retryable=False, uncertain=True)

    ProbeRoom(probing, post).sweep(clock.now)
    with probing.store.read() as tx:
        state = probe_state(tx)
    assert (json.loads(state["pending"]), state["unsent"]) == ([state["message_id"]], "")


def test_a_daemon_killed_while_it_takes_a_probe_away_says_that_it_came(
    probing: WholeHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_pass(probing)(clock.now)
    fetch(probing)

    def and_is_killed(engine: sa.Engine, case_id: str) -> bool:
        remove_wholly(engine, case_id)
        raise KeyboardInterrupt

    monkeypatch.setattr("service.monitoring.probe.remove_wholly", and_is_killed)
    with pytest.raises(KeyboardInterrupt):
        probe_pass(probing)(clock.now)
    monkeypatch.setattr("service.monitoring.probe.remove_wholly", remove_wholly)
    assert probe_pass(probing)(clock.now) == 0
    assert "probe" not in {alarm.key for alarm in conditions(probing, clock.later(minutes=16))}


def test_no_other_mail_is_removed_with_the_probe(probing: WholeHouse, post: EmbeddedPost, clock: Clock) -> None:
    """One that says to be from the same address stays, and so do all where the mailbox is away just then."""
    forged = a_letter(sender=PROBE.from_address, message_id="<prov-0@ekdala.example>", to=OWN_MAILBOX)
    post.deliver(forged, envelope_from=PROBE.from_address)
    post.deliver(a_letter(message_id="<m1@mejl.example>"))
    done, box = probing.settings.mailboxes[0].done, probing.settings.mailboxes[0]
    away = replace(probing, settings=replace(probing.settings, mailboxes=(replace(box, port=1),)))
    probe_pass(probing)(clock.now)
    fetch(probing)
    assert probe_pass(away)(clock.later(minutes=1)) == 1
    assert in_mailbox(probing, done) == 3
    probe_pass(probing)(clock.later(hours=1))
    fetch(probing)
    assert probe_pass(probing)(clock.later(minutes=1)) == 1
    assert in_mailbox(probing, done) == 2, "both probes, this one's and the one before"


def test_nobody_else_can_have_a_case_taken_away(probing: WholeHouse, post: EmbeddedPost, clock: Clock) -> None:
    """A letter from the probe's own address, or with a guessed id, is a letter like any other."""
    sent: list[bytes] = []

    def keep(content: bytes, _to: str) -> str:
        sent.append(content)
        return ""

    room = ProbeRoom(probing, keep)
    room.sweep(clock.now)
    forged = a_letter(sender=PROBE.from_address, message_id="<prov-0@ekdala.example>", to=OWN_MAILBOX)
    post.deliver(forged, envelope_from=PROBE.from_address)
    fetch(probing)
    assert room.sweep(clock.later(minutes=1)) == 0
    assert rows(probing)["cases"] == 1
    # Nor is a case taken away that holds a citizen's reply beside the probe.
    post.deliver(sent[0], envelope_from=PROBE.from_address)
    fetch(probing)
    with probing.store.read() as tx:
        probe_id = probe_state(tx)["message_id"]
    post.deliver(a_letter("Jag med!", message_id="<svar@mejl.example>", In_Reply_To=probe_id))
    fetch(probing)
    assert room.sweep(clock.now) == 0
    assert rows(probing)["cases"] == 2


def test_a_probe_that_is_awaited_holds_nobody_elses_letters(
    probing: WholeHouse, post: EmbeddedPost, clock: Clock
) -> None:
    probe_pass(probing)(clock.now)
    post.deliver(a_letter(sender="vera@mejl.example"), envelope_from="vera@mejl.example")
    fetch(probing)
    PostRoom(probing).send_due(clock.now + timedelta(days=4))
    assert "vera@mejl.example" in post.boxes()


def test_one_that_comes_late_ends_the_alarm_and_the_next_is_waited_for_anew(
    probing: WholeHouse, post: EmbeddedPost, clock: Clock
) -> None:
    well(probing)
    sent: list[bytes] = []
    room = ProbeRoom(probing, lambda content, _to: sent.append(content) or "")
    room.sweep(clock.now)
    room.sweep(clock.later(hours=1))
    assert "probe" in keys(probing)
    post.deliver(sent[0], envelope_from=PROBE.from_address)
    fetch(probing)
    assert room.sweep(clock.later(minutes=1)) == 1
    with probing.store.read() as tx:
        state = probe_state(tx)
    assert (json.loads(state["pending"]), state["found_at"]) == ([state["message_id"]], "")
    well(probing)
    assert "probe" not in keys(probing)
    clock.later(minutes=15)
    assert "probe" in keys(probing)


def test_off_by_default(house: WholeHouse) -> None:
    assert not house.settings.probe.enabled
    assert probe_pass(house)(NOW) == 0
    with house.store.read() as tx:
        assert probe_state(tx) == {}
