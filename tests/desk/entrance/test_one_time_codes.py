"""One-time codes: asked for, not guessed, moved and taken away."""

import re
from dataclasses import replace

from cases.people.access import Role
from cases.people.accounts import AccountEvent
from desk.login.passwords import hash_password
from desk.settings import LoginSettings
from tests.desk import house as h
from tests.desk.accounts import MAIL, NEW, Surf, code_of, enrol, give_code, kinds
from tests.desk.conftest import Surfer, make_app


def test_codes_sent_twice_give_the_same_spare_codes(surf: Surf, house) -> None:
    page = surf("handlaggare")
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', (text := page.get("/konto/tvasteg").text))[1]
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    form = {"hemlighet": sealed, "kod": code_of(house, secret), "gang": "sidan"}
    answers = [page.post("/konto/tvasteg", **form) for _ in range(2)]
    codes = [re.findall(r"<li><code>([^<]+)</code>", one.text) for one in answers]
    assert len(codes[0]) == 10
    assert codes[0] == codes[1]


def test_codes_are_asked_for_once_they_are_on(surf: Surf, house) -> None:
    secret, spare = enrol(surf("handlaggare"), house)
    assert len(set(spare)) == 10
    page = surf()
    answer = page.log_in(MAIL, h.PASSWORD, nasta="/mina")
    assert answer.headers["location"] == "/logga-in/kod?nasta=/mina"
    assert page.get("/mina").status_code == 303, "the password alone opens nothing"
    half = page.client.cookies["lyhord"]
    wrong = give_code(page, "000000")
    assert (wrong.status_code, "Koden stämmer inte" in wrong.text) == (401, True)
    code = code_of(house, secret, minutes=1)
    assert give_code(page, code).headers["location"] == "/mina"
    assert page.client.cookies["lyhord"] != half
    assert page.get("/mina").status_code == 200
    with house.store.read() as tx:
        assert secret not in repr(tx.account("handlaggare"))
    again = surf()
    again.log_in(MAIL, h.PASSWORD)
    assert give_code(again, code).status_code == 401, "no code works twice"


def test_a_spare_code_works_once(surf: Surf, house) -> None:
    _, spare = enrol(surf("handlaggare"), house)
    page = surf()
    page.log_in(MAIL, h.PASSWORD)
    assert give_code(page, spare[3].upper().replace("-", " ")).status_code == 303
    assert "Du har 9 kvar" in page.get("/mina").text
    again = surf()
    again.log_in(MAIL, h.PASSWORD)
    assert give_code(again, spare[3]).status_code == 401
    assert AccountEvent.CODE_SPENT in kinds(house)


def test_codes_are_not_guessed_either(surf: Surf, house) -> None:
    secret, _ = enrol(surf("handlaggare"), house)
    page = surf()
    page.log_in(MAIL, h.PASSWORD)
    for n in range(5):
        give_code(page, f"00000{n}")
    assert "Vänta en stund" in give_code(page, code_of(house, secret)).text
    fresh = surf()
    fresh.log_in(MAIL, h.PASSWORD)
    assert "Vänta en stund" in give_code(fresh, code_of(house, secret)).text


def test_nobody_gives_a_code_without_the_password_first(surf: Surf, house) -> None:
    secret, _ = enrol(surf("handlaggare"), house)
    page = surf()
    page.get("/logga-in")
    assert page.get("/logga-in/kod").headers["location"] == "/logga-in"
    assert page.post("/logga-in/kod", kod=code_of(house, secret)).headers["location"] == "/logga-in"
    half = surf()
    half.log_in(MAIL, h.PASSWORD)
    half.get("/logga-in/kod")
    with house.store.begin() as tx:
        tx.add_user(replace(h.PEOPLE["handlaggare"], password_hash=hash_password(NEW)))
    assert half.post("/logga-in/kod", kod=code_of(house, secret)).headers["location"] == "/logga-in"


def test_a_secret_is_ones_own_and_moving_it_takes_the_password(surf: Surf, house) -> None:
    mine, other = surf("handlaggare"), surf("chef")
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', other.get("/konto/tvasteg").text)[1]
    mine.get("/konto/tvasteg")
    assert "tog för lång tid" in mine.post("/konto/tvasteg", hemlighet=sealed, kod="123456").text
    enrol(mine, house)
    text = mine.get("/konto/tvasteg").text
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    fields = {"hemlighet": re.search(r'name="hemlighet" value="([^"]+)"', text)[1], "kod": code_of(house, secret)}
    wrong = mine.post("/konto/tvasteg", **fields, nuvarande="fel")
    assert (wrong.status_code, re.findall(r'name="(\w+)"[^>]* aria-invalid', wrong.text)) == (422, ["nuvarande"])
    assert mine.post("/konto/tvasteg", **fields, nuvarande=h.PASSWORD).status_code == 200


def test_codes_are_switched_off_and_renewed_with_the_password(surf: Surf, house) -> None:
    page = surf("handlaggare")
    _, spare = enrol(page, house)
    assert page.post("/konto/reservkoder", nuvarande="fel").status_code == 422
    renewed = page.post("/konto/reservkoder", nuvarande=h.PASSWORD)
    assert not set(re.findall(r"<li><code>([^<]+)</code>", renewed.text)) & set(spare)
    assert page.post("/konto/tvasteg-av", nuvarande="fel").status_code == 422
    assert page.post("/konto/tvasteg-av", nuvarande=h.PASSWORD).status_code == 303
    assert surf().log_in(MAIL, h.PASSWORD).headers["location"] == "/"


def test_a_role_may_have_to_have_codes(house, surf: Surf) -> None:
    app = make_app(house, login=LoginSettings(code_roles=frozenset({Role.HANDLAGGARE})))
    page = Surfer(app, "handlaggare")
    assert page.get("/mina").headers["location"] == "/konto/tvasteg?nasta=/mina"
    assert "Din roll kräver" in page.get("/konto/tvasteg").text
    enrol(page, house)
    assert page.get("/mina").status_code == 200
    page.get("/konto")
    refused = page.post("/konto/tvasteg-av", nuvarande=h.PASSWORD)
    assert (refused.status_code, "Din roll kräver" in refused.text) == (422, True)
    assert Surfer(app, "chef").get("/chef").status_code == 200


def test_an_administrator_takes_the_codes_away(house, surf: Surf) -> None:
    enrol(surf("handlaggare"), house)
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    assert admin.post("/personer/handlaggare/tvasteg-av").status_code == 303
    assert surf().log_in(MAIL, h.PASSWORD).headers["location"] == "/"
    assert AccountEvent.CODE_OFF in kinds(house)
