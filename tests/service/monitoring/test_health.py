"""The health page's lines: from the daemon's own notes, the store's counts and the machine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.api import ApiScope
from cases.case import CaseStatus
from cases.letters.letter import Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM, Grant, Role, User
from cases.steps.settings.clients import Deed, add_client, add_webhook
from cases.webhooks import Delivery, DeliveryState
from config import load
from desk.settings import HealthLine
from ingest.idle import Pace
from service.bootstrap import House
from service.monitoring.health import health_lines, unfetched
from service.notes import LAST_PASS, MAILBOX_STATE, age
from service.whole_house import build_whole
from tests.service.watched import with_api
from tests.storage.samples import case

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
IDLE = timedelta(seconds=Pace().idle)  # a mailbox in IDLE may be silent as long


@pytest.fixture
def house(environ: dict[str, str]) -> Iterator[House]:
    put_together = build_whole(load("demo", environ), clock=lambda: NOW)
    yield put_together
    put_together.store.close()


def note(house: House, key: str, ago: timedelta, **more: str) -> None:
    with house.store.begin() as tx:
        tx.save_setting(key, json.dumps({"at": (NOW - ago).isoformat(), "error": "", **more}))


def lines(house: House) -> dict[str, HealthLine]:
    found = health_lines(house)
    assert all(line.remedy for line in found if not line.ok)
    return {line.name: line for line in found}


def test_a_service_that_goes(house: House) -> None:
    note(house, LAST_PASS + "sweep", timedelta(seconds=40))
    note(house, MAILBOX_STATE + "feedback", IDLE, state="ok")
    found = lines(house)
    assert unfetched(house) == []
    assert found["Tjänsten"] == HealthLine("Tjänsten", ok=True, text="går; senaste varvet för 40 sekunder sedan")
    assert found["Brevlådan feedback"] == HealthLine("Brevlådan feedback", ok=True, text=f"läst för {age(IDLE)} sedan")
    assert found["Modellen"].text.startswith(("version ", "saknas"))
    assert found["Lyhörd"].text == "version 0.1.0"
    assert found["Databasen"].text.endswith((" kB", " MB"))
    assert "ledigt i" in found["Disken"].text


def test_a_service_that_never_went(house: House) -> None:
    found = lines(house)
    assert (found["Tjänsten"].ok, found["Brevlådan feedback"].ok) == (False, False)
    assert "lyhord run" in found["Tjänsten"].remedy
    assert unfetched(house) == [found["Brevlådan feedback"]]


def test_a_service_that_stopped(house: House) -> None:
    note(house, LAST_PASS + "sweep", timedelta(hours=3))
    note(house, MAILBOX_STATE + "feedback", IDLE + timedelta(minutes=6), state="ok")
    found = lines(house)
    assert (found["Tjänsten"].ok, found["Tjänsten"].text) == (False, "gick senast för 3 timmar sedan")
    assert (found["Brevlådan feedback"].ok, found["Brevlådan feedback"].text) == (
        False,
        f"lästes senast för {age(IDLE + timedelta(minutes=6))} sedan",
    )


def test_a_mailbox_that_refuses_and_a_pass_that_fails(house: House) -> None:
    error = "brevlådan feedback på 127.0.0.1:1143: servern nekade inloggningen. Kontrollera user och lösenordet."
    note(house, MAILBOX_STATE + "feedback", timedelta(minutes=1), state="refused", error=error)
    note(house, LAST_PASS + "send", timedelta(minutes=1), error="OperationalError")
    note(house, LAST_PASS + "read", timedelta(hours=1), error="OperationalError")
    found = lines(house)
    box = found["Brevlådan feedback"]
    assert (box.ok, box.remedy) == (False, "Kontrollera user och lösenordet.")
    assert "nekade inloggningen" in box.text
    assert found["Skicka brev"].text == "misslyckades för 1 minut sedan (OperationalError)"
    assert "Läsa brev" not in found, "an old failure has been mended by the passes since"


def test_letters_that_a_person_must_look_at(house: House) -> None:
    letter = Letter(LetterKind.SVAR, "sv", "Svar", "Hej", "<p>Hej</p>")
    closed = replace(case(), status=CaseStatus.CLOSED)
    bounced = OutboxStatus.BOUNCED
    states = [(one, "") for one in (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN, OutboxStatus.WITHHELD, bounced)]
    with house.store.begin() as tx:
        tx.add_case(closed)
        for number, (status, case_id) in enumerate([*states, (bounced, closed.id)]):
            entry = OutboxEntry(
                f"e{number}", case_id, "bo@mejl.example", letter, f"<{number}@ekdala.example>", NOW, NOW
            )
            tx.queue(entry)
            tx.update_entry(replace(entry, status=status))
        assert tx.stuck_letters(SYSTEM, 9) == 3, "what Utkorg's number in the menu says"
    found = lines(house)
    names = ("Brev som inte gick att skicka", "Brev som är ovissa", "Brev som har studsat")
    assert [found[name].ok for name in names] == [False] * 3
    assert [found[name].text for name in names] == ["1", "1", "1, och 1 i ärenden som har avslutats sedan"]
    assert (found["Brev som hålls inne"].ok, found["Brev som hålls inne"].text) == (True, "1")
    assert (found["Brev i karantän"].ok, found["Brev på väg ut"].text) == (True, "0")


def test_letters_that_do_not_leave(house: House) -> None:
    """The page said in green how many were on their way, however long the mail server had been down."""
    letter, due = Letter(LetterKind.SVAR, "sv", "Svar", "Hej", "<p>Hej</p>"), NOW - timedelta(minutes=61)
    assert "Utkorgen" not in lines(house)
    with house.store.begin() as tx:
        tx.queue(OutboxEntry("e1", "", "bo@mejl.example", letter, "<1@ekdala.example>", due, due))
    assert lines(house)["Utkorgen"].text == "det äldsta brevet har väntat i 1 timme på att skickas"


def test_letters_that_nobody_can_read(house: House) -> None:
    assert not lines(house)["Mottagare av visselblåsning"].ok
    roles = frozenset(Grant(role) for role in (Role.VISSELMOTTAGARE, Role.REGISTRATOR, Role.ADMIN))
    with house.store.begin() as tx:
        tx.add_user(User("u1", "v@ekdala.example", "V", "mottagare", roles, "x"))
    assert "Mottagare av visselblåsning" not in lines(house)


def test_a_system_that_misses_events_is_told_of(house: House) -> None:
    house = with_api(house)
    deed = Deed("system", NOW)
    with house.store.begin() as tx:
        client, _ = add_client(tx, "Appen", [ApiScope.EVENTS_READ], ["*"], 30, house.office, deed)
        hook = add_webhook(tx, client.id, "https://mottagare.example/in", "-", (), house.office, deed)
        tx.add_delivery(Delivery("d1", hook.id, 1, NOW, NOW))
    assert "Systemet Appen" not in lines(house), "what has not been tried has not failed"
    with house.store.begin() as tx:
        tx.save_delivery(Delivery("d1", hook.id, 1, NOW, NOW, DeliveryState.DEAD, 9, "svarade 503", NOW))
        tx.add_delivery(Delivery("d2", hook.id, 2, NOW, NOW))
    found = lines(house)["Systemet Appen"]
    assert (found.ok, found.text) == (False, "en händelse är uppgiven, en väntar; felet är: svarade 503")


@pytest.mark.postgres
def test_the_size_of_a_postgresql(environ: dict[str, str], postgres_url: str) -> None:
    house = build_whole(load("demo", environ | {"LYHORD_DATABASE_URL": postgres_url}), clock=lambda: NOW)
    assert "MB (" in lines(house)["Databasen"].text
    house.store.close()


def test_a_part_that_breaks_leaves_the_others(environ: dict[str, str], tmp_path: Path) -> None:
    house = build_whole(load("demo", environ | {"LYHORD_DATABASE_URL": f"sqlite:///{tmp_path / 'ny.sqlite'}"}))
    found = lines(house)
    assert (found["Breven"].ok, found["Breven"].text) == (False, "oväntat fel (OperationalError)")
    assert found["Lyhörd"].ok
    house.store.close()


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-3), "0 sekunder"),
        (timedelta(seconds=1), "1 sekund"),
        (timedelta(minutes=59, seconds=59), "59 minuter"),
        (timedelta(hours=1), "1 timme"),
        (timedelta(days=2, hours=5), "2 dygn"),
    ],
)
def test_ages(passed: timedelta, said: str) -> None:
    assert age(passed) == said
