"""Events sent on: signed, tried again, given up, never to where they must not go, and nothing a client may not see."""

import hmac
import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.api import ApiScope
from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.post.citizen import note
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.steps.settings import clients
from cases.webhooks import SEALED_FOR, DeliveryState, next_try, signature
from desk.login.sealing import Sealer
from service.hook_post import HookRefused
from service.hooks import Hooks
from storage.api import ApiPart
from tests.steps.house import SmallHouse, mail

URL = "https://mottagare.example/lyhord?nyckel=1"


class Box:
    """A poster that keeps what it was given, or refuses."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict, dict]] = []
        self.error = ""

    def send(self, url, body, headers) -> None:
        self.raw = body
        if self.error:
            raise HookRefused(self.error)
        self.got.append((url, json.loads(body), dict(headers)))


class Room:
    """A house with one client that follows its unit's events."""

    def __init__(self, store) -> None:
        self.house = SmallHouse(store)
        self.box = Box()
        self.sealer = Sealer("a secret of the tests")
        self.hooks = Hooks(store, self.box, self.sealer, tries=3)
        with store.begin() as tx:
            chosen = [ApiScope.EVENTS_READ]
            self.client, _ = clients.add_client(tx, "Appen", chosen, ["*"], 30, self.house.office, self.deed())
            sealed = self.sealer.keep(SEALED_FOR, "delad hemlighet")
            self.hook = clients.add_webhook(tx, self.client.id, URL, sealed, (), self.house.office, self.deed())

    def deed(self) -> clients.Deed:
        return clients.Deed("system", self.house.now)

    def pass_on(self) -> int:
        return self.hooks.sweep(self.house.now)

    def counts(self) -> tuple[int, int, int]:
        with self.house.store.read() as tx:
            found = tx.delivery_counts(self.hook.id)
        return tuple(found[s] for s in (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.DEAD))

    def told(self, state: DeliveryState) -> set[tuple[int, str]]:
        """Of the events in a state, how often each was sent and what was said last."""
        with self.house.store.read() as tx:
            return {(one.attempts, one.error) for one in tx.deliveries(self.hook.id, [state], 99)}

    def flag(self, kind: FlagKind = FlagKind.HALSA) -> None:
        with self.house.store.begin() as tx:
            case = tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM)
            tx.save_case(replace(case, flags=(ConfidentialityFlag(kind, FlagState.SUGGESTED),)))


@pytest.fixture
def room(store) -> Room:
    return Room(store)


def test_events_arrive_signed_and_once(room: Room) -> None:
    room.house.receive(mail())
    assert room.pass_on() == len(room.box.got) > 2
    assert room.pass_on() == 0, "each once"
    url, body, headers = room.box.got[-1]
    assert (url, body["case_number"]) == (URL, "EK-2026-00001")
    seconds, _, mac = headers["Lyhord-Signature"].removeprefix("t=").partition(",v1=")
    assert int(seconds) == int(room.house.now.timestamp())
    expected = hmac.new(b"delad hemlighet", f"{seconds}.".encode() + room.box.raw, sha256).hexdigest()
    assert hmac.compare_digest(mac, expected)
    assert [b["position"] for _, b, _ in room.box.got] == sorted({b["position"] for _, b, _ in room.box.got})
    assert all("Lampan" not in json.dumps(b) and "berit" not in json.dumps(b) for _, b, _ in room.box.got)


def test_only_what_happens_after_it_was_added_is_sent(store) -> None:
    house = SmallHouse(store)
    house.receive(mail())
    room = Room(store)
    assert room.pass_on() == 0


def test_a_refused_event_is_tried_again_with_longer_waits_and_then_given_up(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "answered 503"
    room.pass_on()
    waiting = room.counts()[0]
    assert room.counts() == (waiting, 0, 0)
    room.pass_on()
    with room.house.store.read() as tx:
        tried = [d for d in tx.deliveries(room.hook.id, [DeliveryState.WAITING], 99) if d.attempts]
    assert [(d.attempts, d.error) for d in tried] == [(1, "answered 503")], "the others wait for the first"
    for _ in range(12):
        room.house.later(hours=7)
        room.pass_on()
    assert room.counts() == (0, 0, waiting)
    assert room.told(DeliveryState.DEAD) == {(3, "answered 503")}, "given up after three tries each"
    room.box.error = ""
    room.house.later(hours=1)
    assert room.pass_on() == 0
    with room.house.store.begin() as tx:
        assert clients.send_again(tx, room.hook.id, room.house.now) == waiting
    assert room.pass_on() == waiting
    assert room.told(DeliveryState.SENT) == {(1, "")}
    room.house.later(days=31)
    room.pass_on()
    assert room.counts() == (0, 0, 0), "kept for a month"


def test_what_was_given_up_is_kept_for_a_month(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "answered 503"
    for _ in range(13):
        room.pass_on()
        room.house.later(hours=7)
    assert room.counts()[2]
    room.house.later(days=31)
    room.pass_on()
    assert room.counts() == (0, 0, 0)
    room.pass_on()
    assert room.counts() == (0, 0, 0), "and not found anew in the feed"


def test_a_key_that_has_ended_follows_nothing(room: Room) -> None:
    room.house.later(days=31)
    room.house.receive(mail())
    assert (room.pass_on(), room.counts()) == (0, (0, 0, 0))


def test_a_flag_set_before_it_left_keeps_the_event(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "no answer"
    room.pass_on()
    room.flag()
    room.box.error = ""
    room.house.later(hours=1)
    assert room.box.got == []
    room.pass_on()
    assert room.box.got == []
    assert room.counts()[0] == 0


@pytest.mark.parametrize("kind", [FlagKind.VISSELBLASNING, FlagKind.SKOLA])
def test_a_flagged_case_is_never_told_of(room: Room, kind: FlagKind) -> None:
    room.house.model.flags = (kind,)
    room.house.receive(mail())
    room.pass_on()
    assert room.box.got == []
    assert room.counts() == (0, 0, 0)


def test_who_loses_the_key_gets_nothing_more(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "no answer"
    room.pass_on()
    room.box.error = ""
    with room.house.store.begin() as tx:
        clients.revoke_client(tx, room.client.id, room.deed())
        assert tx.webhooks() == []
        assert {line.kind for line in tx.access_log()} >= {"api_added", "hook_added", "api_revoked"}
    room.house.later(hours=8)
    room.pass_on()
    assert room.box.got == []


def test_what_gets_its_place_while_a_pass_looks_is_sent_by_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk gives places too, to whoever asks the API; PostgreSQL shows them from one question to the next."""
    room.house.receive(mail())
    look, late = ApiPart.feed_after, [EventKind.LETTER_SENT]

    def meanwhile(tx, *asked):
        found = look(tx, *asked)
        while late:
            note(tx, room.house.office, tx.case_by_number("EK-2026-00001"), late.pop(), room.house.now, "Svar")
            tx.feed(room.house.now)
        return found

    monkeypatch.setattr(ApiPart, "feed_after", meanwhile)
    room.pass_on()
    before = len(room.box.got)
    assert room.pass_on() == 1
    assert room.box.got[before][1]["kind"] == EventKind.LETTER_SENT


def test_a_webhook_ended_during_a_pass_stays_ended(room: Room) -> None:
    room.house.receive(mail())
    store, to_end = room.house.store, [room.hook.id]
    with store.begin() as tx:
        tx.feed(room.house.now)

    class Meanwhile:
        """Somebody ends the webhook just before the pass writes."""

        read = store.read

        def begin(self):
            while to_end:
                with store.begin() as tx:
                    clients.end_webhook(tx, to_end.pop(), room.deed())
            return store.begin()

    replace(room.hooks, store=Meanwhile()).sweep(room.house.now)
    assert room.box.got == []
    with store.read() as tx:
        assert tx.webhooks() == []


def test_a_claim_that_nobody_told_of_is_taken_up_again(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "x"
    room.pass_on()
    with room.house.store.begin() as tx:
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=2))
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=2)) == []
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=8))


@given(st.integers(-5, 10_000))
def test_waits_grow_to_six_hours(attempts: int) -> None:
    now = SmallHouse.now
    assert timedelta(minutes=1) <= next_try(attempts, now) - now <= timedelta(hours=6)


def test_a_signature_is_of_the_moment_too() -> None:
    now = SmallHouse.now
    assert signature("s", now, b"x") != signature("s", now + timedelta(seconds=1), b"x")
    assert signature("s", now, b"x") != signature("t", now, b"x")
