"""Logging in and out: who gets in, how guessing is slowed down, and when a session ends."""

import re

import pytest
from argon2 import Type
from argon2.profiles import RFC_9106_LOW_MEMORY
from fastapi.testclient import TestClient

from cases.people.accounts import AccountEvent
from desk.security import disposition, local_path
from desk.settings import DemoPerson
from tests.desk import house as h
from tests.desk.conftest import BASE, SHIPPED_HASHER, Surfer, make_app

MAIL = "registrator@ekdala.example"


@pytest.fixture
def second(house):
    """Another desk process on the same database."""
    return make_app(house)


def test_the_right_password_leads_to_the_queue(surf) -> None:
    page = surf()
    assert page.get("/att-fordela").headers["location"] == "/logga-in?nasta=/att-fordela"
    answer = page.log_in(MAIL, h.PASSWORD, nasta="/att-fordela?typ=klagomal")
    assert answer.headers["location"] == "/att-fordela?typ=klagomal"
    assert page.follow(answer).status_code == 200


def test_a_demonstration_alone_offers_whom_to_be(house, surf) -> None:
    assert "Välj vem du vill vara" not in surf().get("/logga-in").text
    rut = DemoPerson(MAIL, "Rut", "registrator", "kön", h.PASSWORD)
    page = Surfer(make_app(house, demo_people=(rut,)))
    shown = page.get("/logga-in").text
    form = re.search(r"<form.*?<strong>Rut</strong>, registrator<small>Kön</small>", shown, re.DOTALL)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields["nasta"] == "/"
    assert page.client.post("/logga-in", data=fields).headers["location"] == "/"


@pytest.mark.parametrize(("mail", "password"), [(MAIL, "fel"), ("ingen@ekdala.example", h.PASSWORD), ("", "")])
def test_a_wrong_log_in_tells_nothing(surf, mail: str, password: str) -> None:
    answer = surf().log_in(mail, password)
    assert answer.status_code == 401
    assert "E-postadressen eller lösenordet stämmer inte." in answer.text
    assert password not in answer.text or not password
    assert ("aria-invalid" in answer.text) == bool(mail)
    assert "Glömt lösenordet?" in answer.text


def test_guessing_a_password_from_its_hash_costs_what_the_rfc_recommends() -> None:
    hasher, least = SHIPPED_HASHER, RFC_9106_LOW_MEMORY
    assert hasher.type is Type.ID
    assert hasher.memory_cost >= least.memory_cost and hasher.time_cost >= least.time_cost
    assert hasher.salt_len >= least.salt_len and hasher.hash_len >= least.hash_len


def test_guessing_holds_the_account_for_a_while_on_every_process(surf, second, house, clock) -> None:
    page = surf()
    for _ in range(5):
        assert page.log_in(MAIL, "gissning").status_code == 401
    for other in (page, page, page, Surfer(second)):
        held = other.log_in(MAIL, h.PASSWORD)
        assert held.status_code == 401
        assert "Vänta en stund" in held.text
    clock.pass_minutes(2)
    assert page.log_in(MAIL, h.PASSWORD).status_code == 303
    assert page.log_in(MAIL, "gissning").status_code == 401, "and it begins afresh"
    assert page.log_in(MAIL, h.PASSWORD).status_code == 303
    with house.store.read() as tx:
        kinds = [line.kind for line in tx.access_log()]
    assert kinds.count(AccountEvent.FAILED) == 6
    assert kinds.count(AccountEvent.HELD) == 2, "one a minute of each process, or the log would grow as fast as guesses"


def test_an_account_that_is_none_is_held_just_the_same(surf) -> None:
    answers = []
    for mail in ("ingen@ekdala.example", MAIL):
        page = surf()
        answers.append([page.log_in(mail, "gissning").text.count("Vänta en stund") for _ in range(7)])
    assert answers[0] == answers[1] == [0, 0, 0, 0, 0, 1, 1]


def test_a_session_ends_after_idling_and_not_before(surf, clock) -> None:
    page = surf("registrator")
    clock.pass_minutes(29)
    assert page.get("/att-fordela").status_code == 200
    clock.pass_minutes(29)
    assert page.get("/att-fordela").status_code == 200
    clock.pass_minutes(31)
    assert page.get("/att-fordela").status_code == 303


def test_what_was_written_when_the_session_ended_comes_back(surf, house, clock) -> None:
    page, case = surf("registrator"), h.lamp(house)
    page.get(f"/arenden/{case.id}")
    clock.pass_minutes(40)
    fields = {"csrf": page.token, "text": "En lång anteckning som tog en stund att skriva."}
    written = {"referer": f"{BASE}/arenden/{case.id}/svara?brev=svar"}
    answer = page.client.post(f"/arenden/{case.id}/anteckna", data=fields, headers=written)
    assert answer.status_code == 401
    assert f'href="/logga-in?nasta=/arenden/{case.id}/svara%3Fbrev%3Dsvar" target="_blank"' in answer.text
    assert "En lång anteckning som tog en stund att skriva." in answer.text
    assert "Du har blivit utloggad" in answer.text
    # A form with a field for files says that it has one, also where none was chosen.
    for file in (("", b""), ("karta.pdf", b"%PDF" * 500_000)):
        told = page.client.post("/nytt", data={"text": fields["text"]}, files={"filer": file})
        assert (told.status_code, fields["text"] in told.text, "PDF" in told.text) == (401, True, False)
    broken = page.client.post("/nytt", content=b"x", headers={"content-type": "multipart/form-data"})
    assert (broken.status_code, "Du har blivit utloggad" in broken.text) == (401, True)


def test_nobody_is_led_elsewhere_by_the_page_they_came_from(surf, clock) -> None:
    page = surf("registrator")
    clock.pass_minutes(40)
    answer = page.client.post("/nytt", data={}, headers={"referer": "https://annan.example/logga-in"})
    assert answer.status_code == 401
    assert "annan.example" not in answer.text
    assert 'href="/logga-in"' in answer.text


def test_the_pages_own_polling_keeps_no_session_alive(surf, clock) -> None:
    page = surf("registrator")
    for _ in range(4):
        clock.pass_minutes(9)
        last = page.client.get("/att-fordela/lista")
    assert last.status_code == 401


def test_log_out_ends_the_session_for_a_copied_cookie_too(surf) -> None:
    page = surf("registrator")
    page.get("/att-fordela")
    copied = page.client.cookies["lyhord"]
    assert page.follow(page.post("/logga-ut")).status_code == 200
    page.client.cookies.clear()
    page.client.cookies.set("lyhord", copied)
    assert page.client.get("/att-fordela").status_code == 303


def test_a_log_in_makes_a_new_session_and_a_new_token(surf) -> None:
    page = surf()
    page.get("/logga-in")
    before, token = page.client.cookies["lyhord"], page.token
    page.log_in(MAIL, h.PASSWORD)
    page.get("/att-fordela")
    assert page.client.cookies["lyhord"] != before
    assert page.token != token


def test_a_log_in_page_left_open_too_long_starts_afresh(surf, clock) -> None:
    page = surf()
    page.get("/logga-in")
    clock.pass_minutes(45)
    answer = page.post("/logga-in", epost=MAIL, losenord=h.PASSWORD, nasta="/mina")
    assert answer.headers["location"] == "/logga-in?nasta=/mina"
    assert "Sidan hade legat öppen för länge." in page.follow(answer).text
    assert page.post("/logga-in", epost=MAIL, losenord=h.PASSWORD).status_code == 303


def test_a_forged_cookie_is_nobody(surf) -> None:
    page = surf("registrator")
    value = page.client.cookies["lyhord"]
    page.client.cookies.clear()
    page.client.cookies.set("lyhord", value[:-2] + ("aa" if value[-2:] != "aa" else "bb"))
    assert page.client.get("/att-fordela").status_code == 303


def test_the_session_is_the_same_on_every_process(surf, second) -> None:
    page = surf("registrator")
    other = Surfer(second)
    other.client.cookies.set("lyhord", page.client.cookies["lyhord"], domain="127.0.0.1", path="/")
    assert other.get("/att-fordela").status_code == 200
    assert other.post("/logga-ut").status_code == 303
    assert page.client.get("/att-fordela").status_code == 303


def test_no_session_outlives_a_working_day(surf, clock) -> None:
    page = surf("registrator")
    for _ in range(28):
        clock.pass_minutes(25)
        assert page.get("/att-fordela").status_code == 200
    clock.pass_minutes(25)
    assert page.get("/att-fordela").status_code == 303


def test_a_planted_cookie_is_worth_nothing_after_log_in(app, surf) -> None:
    victim, thief = surf(), surf()
    thief.get("/logga-in")
    planted = thief.client.cookies["lyhord"]
    victim.client.cookies.set("lyhord", planted, domain="127.0.0.1", path="/")
    victim.log_in(MAIL, h.PASSWORD)
    assert thief.get("/att-fordela").status_code == 303
    own = surf("handlaggare").client.cookies["lyhord"]
    victim.client.cookies.set("lyhord", own, domain="127.0.0.1", path="/")
    victim.log_in(MAIL, h.PASSWORD)
    thief.client.cookies.set("lyhord", own, domain="127.0.0.1", path="/")
    assert thief.client.get("/mina").status_code == 303, "who logs in over another's session ends it"


def test_the_database_holds_nothing_that_opens_a_session(surf, house) -> None:
    page = surf("registrator")
    token = page.client.cookies["lyhord"]
    with house.store.read() as tx:
        (kept,) = tx.sessions("registrator")
    assert token not in repr(kept)


def test_over_https_no_other_host_can_plant_a_cookie(house) -> None:
    app = make_app(house, https_only=True)
    client = TestClient(app, base_url="https://lyhord.ekdala.example", follow_redirects=False)
    answer = client.get("/logga-in")
    header = answer.headers["set-cookie"]
    assert header.startswith("__Host-lyhord=")
    assert header.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    token = re.search(r'name="csrf" value="([^"]+)"', answer.text)[1]
    fields = {"csrf": token, "epost": MAIL, "losenord": h.PASSWORD}
    assert client.post("/logga-in", data=fields).status_code == 303
    assert client.get("/att-fordela").status_code == 200


def test_the_log_is_not_kept_for_ever(surf, house, clock) -> None:
    surf().log_in(MAIL, "fel lösenord")
    clock.pass_minutes(731 * 24 * 60)
    surf().log_in(MAIL, h.PASSWORD)
    with house.store.read() as tx:
        assert [line.kind for line in tx.access_log()] == [AccountEvent.CAME_IN]


def test_a_database_that_is_gone_is_told_of_calmly(app, surf, house, monkeypatch) -> None:
    page = surf("registrator")

    def broken(*_: object) -> None:
        raise RuntimeError("secret words of a database")

    monkeypatch.setattr(house.store, "read", broken)
    answer = page.client.get("/att-fordela")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text
    assert "secret words" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_who_logs_in_is_in_the_log_without_secrets(surf, house) -> None:
    page = surf()
    page.log_in(MAIL, "fel lösenord här")
    page.log_in(MAIL, h.PASSWORD)
    page.get("/att-fordela")
    page.post("/logga-ut")
    with house.store.read() as tx:
        lines = tx.access_log()
    assert [line.kind for line in lines] == [AccountEvent.LEFT, AccountEvent.CAME_IN, AccountEvent.FAILED]
    assert {line.user_id for line in lines} == {"registrator"}
    assert {line.address for line in lines} == {"testclient"}
    assert "fel lösenord" not in repr(lines)
    text = surf("granskare").get("/kontologg").text
    assert "Fel lösenord eller kod" in text
    assert "Rut Holm" in text


def test_the_cookie_is_kept_from_scripts_and_other_sites(surf) -> None:
    header = surf().get("/logga-in").headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize(
    "path",
    [
        "//ond.example",
        "https://ond.example/",
        "/\\ond.example",
        "\\\\ond.example",
        "javascript:alert(1)",
        "",
        "ond",
        "/a\r\nSet-Cookie: x=1",
    ],
)
def test_nobody_is_sent_on_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize("path", ["/", "/att-fordela?typ=klagomal", "/arenden/abc/svara?brev=svar"])
def test_our_own_pages_are_fine_to_be_sent_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nX: y", "../../etc/passwd", "بحث.pdf", "å" * 500, "", ".", "a;b"])
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in header.split("filename=")[1]
