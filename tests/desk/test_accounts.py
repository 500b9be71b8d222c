"""One's own account and an administrator's acts: passwords, one-time codes, sessions, locks, last days."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape

import pyotp
import pytest

from cases.people.access import Role
from cases.people.accounts import AccountEvent
from desk.login.passwords import hash_password
from desk.settings import LoginSettings
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app

MAIL = "handlaggare@ekdala.example"
NEW = "tolv gröna äpplen i ett fat"
Surf = Callable[..., Surfer]


def kinds(house, user_id: str = "handlaggare") -> list[AccountEvent]:
    with house.store.read() as tx:
        return [line.kind for line in tx.access_log(user_id=user_id)]


def change(page: Surfer, old: str, new: str = NEW, again: str = ""):
    page.get("/konto/losenord")
    return page.post("/konto/losenord", nuvarande=old, losenord=new, losenord_igen=again or new)


def code_of(house, secret: str, minutes: float = 0) -> str:
    house.clock.pass_minutes(minutes)
    return pyotp.TOTP(secret).at(house.clock())


def enrol(page: Surfer, house) -> tuple[str, list[str]]:
    """Switch codes on; the secret, and the spare codes."""
    text = page.get("/konto/tvasteg").text
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', text)[1]
    assert "<svg" in text
    answer = page.post("/konto/tvasteg", hemlighet=sealed, kod=code_of(house, secret))
    assert answer.status_code == 200, answer.text
    page.get("/konto")
    return secret, re.findall(r"<li><code>([^<]+)</code>", answer.text)


def give_code(page: Surfer, code: str):
    page.get("/logga-in/kod")
    return page.post("/logga-in/kod", kod=code, nasta="/mina")


# ---- Passwords


def test_a_new_password_ends_every_other_session(surf: Surf, house) -> None:
    page, other = surf("handlaggare"), surf("handlaggare")
    before = page.client.cookies["lyhord"]
    assert change(page, h.PASSWORD).headers["location"] == "/konto"
    assert page.client.cookies["lyhord"] != before
    assert "Ditt lösenord är bytt" in page.get("/konto").text
    assert other.get("/mina").status_code == 303
    assert surf().log_in(MAIL, h.PASSWORD).status_code == 401
    assert surf().log_in(MAIL, NEW).status_code == 303
    assert AccountEvent.RENEWED in kinds(house)


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("fel", NEW, "", "nuvarande lösenord stämmer inte"),
        (h.PASSWORD, NEW, NEW + "x", "inte lika"),
        (h.PASSWORD, "q7 å", "", "för kort"),
        (h.PASSWORD, "x" * 300, "", "för långt"),
        (h.PASSWORD, "Sommaren2026!", "", "för lätt att gissa"),
        (h.PASSWORD, "majaekekdala26", "", "för lätt att gissa"),
        (h.PASSWORD, h.PASSWORD, "", "samma lösenord"),
    ],
)
def test_a_password_that_will_not_do_is_said_why(surf: Surf, house, old: str, new: str, again: str, says: str) -> None:
    answer = change(surf("handlaggare"), old, new, again)
    assert answer.status_code == 422
    assert says in answer.text
    assert new not in answer.text
    with house.store.read() as tx:
        assert tx.user("handlaggare") == h.PEOPLE["handlaggare"]


def test_an_open_screen_is_no_place_to_guess_the_password(surf: Surf) -> None:
    page = surf("handlaggare")
    for _ in range(5):
        change(page, "gissning")
    held = change(page, h.PASSWORD)
    assert (held.status_code, "Vänta en stund" in held.text) == (422, True)


# ---- Given anew by an administrator


def reset(surf: Surf, who: str = "handlaggare") -> str:
    admin = surf("admin")
    admin.get(f"/personer/{who}")
    answer = admin.post(f"/personer/{who}/nytt-losenord")
    assert answer.status_code == 200
    return re.search(r"<code>([^<]+)</code>", answer.text)[1]


def test_a_one_time_password_is_changed_before_anything_else(surf: Surf, house) -> None:
    page = surf("handlaggare")
    word = reset(surf)
    assert page.get("/mina").status_code == 303, "out at once"
    page = surf()
    page.log_in(MAIL, word)
    for path in ("/mina", "/konto", "/nytt", "/hjalp"):
        assert page.get(path).headers["location"] == f"/konto/losenord?nasta={path}"
    assert page.post("/nytt", kanal="phone", text="x").headers["location"] == "/konto/losenord"
    text = page.get("/konto/losenord").text
    assert "Nuvarande lösenord" not in text
    assert 'href="/mina"' not in text
    assert "samma lösenord" in page.post("/konto/losenord", losenord=word, losenord_igen=word).text
    assert page.post("/konto/losenord", losenord=NEW, losenord_igen=NEW).headers["location"] == "/"
    assert page.get("/mina").status_code == 200
    assert surf().log_in(MAIL, word).status_code == 401
    assert kinds(house)[:1] == [AccountEvent.FAILED]
    with house.store.read() as tx:
        assert word not in repr(tx.access_log())


def wanted_in(text: str) -> str:
    return re.search(r'name="nasta" value="([^"]*)"', text)[1]


def test_what_must_be_done_first_leads_on_to_the_page_that_was_wanted(house, surf: Surf) -> None:
    """Who followed the link in a mail on their first day was on the front page after the password and the codes."""
    word = reset(surf)
    page = Surfer(make_app(house, login=LoginSettings(code_roles=frozenset({Role.HANDLAGGARE}))))
    page.log_in(MAIL, word, nasta="/sok?q=lampa&typ=1")
    left = page.get("/sok?q=lampa&typ=1").headers["location"]
    assert left == "/konto/losenord?nasta=/sok%3Fq%3Dlampa%26typ%3D1"
    wanted = wanted_in(page.get(left).text)
    assert wanted == "/sok?q=lampa&amp;typ=1"
    refused = page.post("/konto/losenord", losenord=NEW, losenord_igen="fel", nasta=unescape(wanted))
    assert wanted_in(refused.text) == wanted
    again = page.post("/konto/losenord", losenord=NEW, losenord_igen=NEW, nasta=unescape(wanted))
    assert again.headers["location"] == "/sok?q=lampa&typ=1"
    left = page.follow(again).headers["location"]
    assert left.startswith("/konto/tvasteg?nasta=/sok")
    text = page.get(left).text
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', text)[1]
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    fields = {"hemlighet": sealed, "nasta": unescape(wanted_in(text))}
    wrong = page.post("/konto/tvasteg", kod="0", **fields)
    assert wanted_in(wrong.text) == wanted
    assert f'href="{wanted}"' in page.post("/konto/tvasteg", kod=code_of(house, secret), **fields).text


def test_a_page_elsewhere_is_led_on_to_by_nobody(surf: Surf) -> None:
    word, page = reset(surf), surf()
    page.log_in(MAIL, word)
    page.get("/konto/losenord")
    answer = page.post("/konto/losenord", losenord=NEW, losenord_igen=NEW, nasta="//ond.example/")
    assert answer.headers["location"] == "/"


def word_in(answer) -> str:
    return re.search(r"<code>([^<]+)</code>", answer.text)[1]


def test_the_same_form_sent_twice_gives_one_password(surf: Surf, house) -> None:
    admin, before = surf("admin"), len(kinds(house))
    admin.get("/personer/handlaggare")
    words = [word_in(admin.post("/personer/handlaggare/nytt-losenord", gang="sidan")) for _ in range(2)]
    assert words[0] == words[1]
    assert len(kinds(house)) == before + 1
    assert word_in(admin.post("/personer/handlaggare/nytt-losenord", gang="en annan")) != words[0]
    assert surf().log_in(MAIL, words[0]).status_code == 401


def test_a_new_person_sent_twice_is_one_with_one_password(surf: Surf, house) -> None:
    admin = surf("admin")
    form = {"namn": "Ny Alm", "epost": "ny@ekdala.example", "gang": "sidan", "roll": "handlaggare", "galler": "gata"}
    admin.get("/personer/ny")
    first = word_in(admin.post("/personer/ny", **form))
    assert word_in(admin.post("/personer/ny", **form)) == first
    assert surf().log_in("ny@ekdala.example", first).headers["location"] == "/"
    house.clock.pass_minutes(11)
    late = admin.post("/personer/ny", **form)
    assert "har redan en inloggning" in late.text
    assert first not in late.text


def test_codes_sent_twice_give_the_same_spare_codes(surf: Surf, house) -> None:
    page = surf("handlaggare")
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', (text := page.get("/konto/tvasteg").text))[1]
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    form = {"hemlighet": sealed, "kod": code_of(house, secret), "gang": "sidan"}
    answers = [page.post("/konto/tvasteg", **form) for _ in range(2)]
    codes = [re.findall(r"<li><code>([^<]+)</code>", one.text) for one in answers]
    assert len(codes[0]) == 10
    assert codes[0] == codes[1]


def test_a_person_sees_that_somebody_else_gave_a_new_password(surf: Surf) -> None:
    word, page = reset(surf), surf()
    page.log_in(MAIL, word)
    page.get("/konto/losenord")
    page.post("/konto/losenord", losenord=NEW, losenord_igen=NEW)
    text = page.get("/konto").text
    assert re.search(r"Fick nytt engångslösenord, av administratören", text)
    assert "Loggade in (med lösenord)" in text


def test_a_one_time_password_grows_old(surf: Surf, clock) -> None:
    word = reset(surf)
    clock.pass_minutes(4 * 24 * 60 + 1)
    assert surf().log_in(MAIL, word).status_code == 401


# ---- One-time codes


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
    assert mine.post("/konto/tvasteg", **fields, nuvarande="fel").status_code == 422
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


# ---- Sessions, locks and leavers


def test_an_account_tells_what_each_role_is_for_and_which_keys_there_are(surf: Surf) -> None:
    text = surf("gataregistrator").get("/konto").text
    assert "Registrator: Gata och park" in text
    assert "Bekräfta och fördela" in text
    text = surf("handlaggare").get("/konto").text
    assert "data-tangenter" in text, "one who has no queue switches the keys off here (WCAG 2.1.4)"
    assert "Skriv en anteckning" in text
    assert "Bekräfta och fördela" not in text


def test_ones_sessions_are_shown_and_ended(surf: Surf, house) -> None:
    page = surf("handlaggare")
    phone = surf()
    phone.client.headers["user-agent"] = "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1 <script>"
    phone.log_in(MAIL, h.PASSWORD)
    text = page.get("/konto").text
    assert "Safari på iPhone" in text
    assert "&lt;script" not in text
    (key,) = re.findall(r"/konto/inloggningar/([0-9a-f]+)/avsluta", text)
    chef = surf("chef")
    chef.get("/konto")
    assert chef.post(f"/konto/inloggningar/{key}/avsluta").status_code == 404
    assert page.post(f"/konto/inloggningar/{key}/avsluta").status_code == 303
    assert phone.get("/mina").status_code == 303
    again = surf("handlaggare")
    assert page.post("/konto/logga-ut-overallt").headers["location"] == "/logga-in"
    assert "Du är utloggad överallt" in page.get("/logga-in").text
    assert again.get("/mina").status_code == page.get("/mina").status_code == 303


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("sparr", {"las": "igen"}),
        ("logga-ut", {}),
        ("nytt-losenord", {}),
        ("tvasteg-av", {}),
        ("slutar", {"sista_dag": "2026-11-25"}),
    ],
)
def test_an_act_of_the_administrator_ends_sessions_at_once(surf: Surf, house, act: str, fields: dict) -> None:
    page, admin = surf("handlaggare"), surf("admin")
    assert page.get("/mina").status_code == 200
    admin.get("/personer/handlaggare")
    assert admin.post(f"/personer/handlaggare/{act}", **fields).status_code in (200, 303)
    assert page.get("/mina").status_code == 303
    with house.store.read() as tx:
        line = tx.access_log(1)[0]
        assert (line.user_id, line.actor_id) == ("handlaggare", "admin")
        assert not tx.sessions("handlaggare")


def test_a_lock_is_opened_again(surf: Surf) -> None:
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    admin.post("/personer/handlaggare/sparr", las="igen")
    assert surf().log_in(MAIL, h.PASSWORD).status_code == 401
    assert "Spärrad" in admin.get("/personer").text
    admin.get("/personer/handlaggare")
    admin.post("/personer/handlaggare/sparr", las="upp")
    assert surf().log_in(MAIL, h.PASSWORD).status_code == 303


def test_a_leaver_works_to_the_end_of_the_last_day(surf: Surf, house, clock) -> None:
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    assert admin.post("/personer/handlaggare/slutar", sista_dag="i morgon").status_code == 422
    assert admin.post("/personer/handlaggare/slutar", sista_dag="2026-11-27").status_code == 303
    with house.store.read() as tx:
        assert tx.user("handlaggare").last_day == date(2026, 11, 27)
    assert "Slutar 27 november 2026" in admin.get("/personer").text
    clock.pass_minutes(24 * 60)
    assert surf().log_in(MAIL, h.PASSWORD).status_code == 303
    page = surf("handlaggare")
    clock.pass_minutes(14 * 60 + 5)
    assert page.get("/mina").status_code == 303
    assert surf().log_in(MAIL, h.PASSWORD).status_code == 401


def test_nobody_administers_their_own_log_in(surf: Surf) -> None:
    admin = surf("admin")
    admin.get("/personer/admin")
    for act in ("sparr", "nytt-losenord", "tvasteg-av", "slutar", "koppla-loss", "logga-ut"):
        assert admin.post(f"/personer/admin/{act}").status_code == 403, act
    assert admin.get("/personer").status_code == 200


def test_every_change_of_a_person_is_told_in_words(surf: Surf, house) -> None:
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    fields = {"namn": "Maja Ek-Ros", "epost": MAIL, "titel": "trafikingenjör", "roll": "chef", "galler": "gata"}
    admin.post("/personer/handlaggare", **fields)
    admin.post("/personer/handlaggare", **fields)
    with house.store.read() as tx:
        (line,) = tx.access_log()
    assert line.text == "namn, ny roll Chef: Gata och park, inte längre Handläggare: Gata och park"
    assert "av Ada Gran" in admin.get("/personer/handlaggare").text
    assert "ny roll Chef: Gata och park" in surf("granskare").get("/kontologg").text


def test_units_are_shown_as_the_configuration_has_them(surf: Surf) -> None:
    text = surf("admin").get("/enheter").text
    for words in ("Gata och park", "Samhällsbyggnadsförvaltningen", "Gustav Vik", "Maja Ek", "Äldreomsorg"):
        assert words in text, words
