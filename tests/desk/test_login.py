"""Logging in and out: who gets in, how guessing is slowed down, and when a session ends."""

import pytest

from desk.security import disposition, local_path
from tests.desk import house as h

MAIL = "registrator@ekdala.example"


def test_the_right_password_leads_to_the_queue(surf) -> None:
    page = surf()
    assert page.get("/att-fordela").headers["location"] == "/logga-in?nasta=/att-fordela"
    answer = page.log_in(MAIL, h.PASSWORD, nasta="/att-fordela?typ=klagomal")
    assert answer.headers["location"] == "/att-fordela?typ=klagomal"
    assert page.follow(answer).status_code == 200


@pytest.mark.parametrize(("mail", "password"), [(MAIL, "fel"), ("ingen@ekdala.example", h.PASSWORD), ("", "")])
def test_a_wrong_log_in_tells_nothing(surf, mail: str, password: str) -> None:
    answer = surf().log_in(mail, password)
    assert answer.status_code == 401
    assert "E-postadressen eller lösenordet stämmer inte." in answer.text
    assert password not in answer.text or not password


def test_guessing_locks_the_address_for_a_while_even_over_a_restart(app, surf, house, clock) -> None:
    page = surf()
    for _ in range(5):
        page.log_in(MAIL, "gissning")
    app.state.desk.throttle.__init__(house.store)
    locked = page.log_in(MAIL, h.PASSWORD)
    assert locked.status_code == 401
    assert "Vänta en stund" in locked.text
    clock.pass_minutes(2)
    assert page.log_in(MAIL, h.PASSWORD).status_code == 303


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
    answer = page.post(f"/arenden/{case.id}/anteckna", text="En lång anteckning som tog en stund att skriva.")
    assert answer.status_code == 401
    assert "En lång anteckning som tog en stund att skriva." in answer.text
    assert "Du har blivit utloggad" in answer.text


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
    answer = page.post("/logga-in", epost=MAIL, losenord=h.PASSWORD)
    assert answer.headers["location"] == "/logga-in"
    assert "Sidan hade legat öppen för länge." in page.follow(answer).text
    assert page.post("/logga-in", epost=MAIL, losenord=h.PASSWORD).status_code == 303


def test_a_forged_cookie_is_nobody(surf) -> None:
    page = surf("registrator")
    value = page.client.cookies["lyhord"]
    page.client.cookies.clear()
    page.client.cookies.set("lyhord", value[:-2] + ("aa" if value[-2:] != "aa" else "bb"))
    assert page.client.get("/att-fordela").status_code == 303


def test_a_deactivated_person_and_one_with_a_new_password_are_out(surf) -> None:
    page, admin = surf("handlaggare"), surf("admin")
    admin.get("/personer/handlaggare")
    fields = {"namn": "Maja Ek", "epost": "handlaggare@ekdala.example", "roll": "handlaggare", "galler": "gata"}
    new = "en ny hemlig mening"
    saved = admin.post("/personer/handlaggare", **fields, aktiv="ja", losenord=new, losenord_igen=new)
    assert saved.status_code == 303
    assert page.get("/mina").status_code == 303
    assert page.log_in("handlaggare@ekdala.example", new).status_code == 303
    admin.get("/personer/handlaggare")
    assert admin.post("/personer/handlaggare", **fields).status_code == 303
    assert page.get("/mina").status_code == 303


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
