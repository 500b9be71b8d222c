"""One's own account and an administrator's acts: passwords."""

import re
from dataclasses import replace
from html import unescape

import pytest

from cases.people.access import Role
from cases.people.accounts import AccountEvent
from desk.login.passwords import hash_password
from desk.settings import LoginSettings
from desk.views.entrance import account
from tests.desk import house as h
from tests.desk.accounts import MAIL, NEW, Surf, code_of, kinds
from tests.desk.conftest import Surfer, make_app


def change(page: Surfer, old: str, new: str = NEW, again: str = ""):
    page.get("/konto/losenord")
    return page.post("/konto/losenord", nuvarande=old, losenord=new, losenord_igen=again or new)


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
    ("act", "fields"), [("sparr", {"las": "igen"}), ("nytt-losenord", {}), ("logga-ut", {})], ids=str
)
def test_who_is_shut_out_while_the_new_password_is_made_stays_out(
    surf: Surf, house, monkeypatch: pytest.MonkeyPatch, act: str, fields: dict[str, str]
) -> None:
    """Making it takes a moment, in which an administrator may lock out whoever has got hold of the log-in."""
    page, admin = surf("handlaggare"), surf("admin")
    admin.get("/personer/handlaggare")

    def slowly(*words: object) -> str:
        admin.post(f"/personer/handlaggare/{act}", **fields)
        return hash_password(*words)

    monkeypatch.setattr(account, "hash_password", slowly)
    assert change(page, h.PASSWORD).status_code == 401
    assert page.get("/mina").status_code == 303
    assert surf().log_in(MAIL, NEW).status_code == 401
    with house.store.read() as tx:
        assert tx.user("handlaggare").active is (act != "sparr")


def test_a_password_changed_by_the_same_form_twice_leaves_its_owner_logged_in(
    surf: Surf, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, twice = surf("handlaggare"), surf("handlaggare")
    twice.client.cookies.update(page.client.cookies)
    page.get("/konto/losenord")
    twice.get("/konto/losenord")

    def slowly(*words: object) -> str:
        monkeypatch.setattr(account, "hash_password", hash_password)
        assert change(twice, h.PASSWORD).headers["location"] == "/konto"
        return hash_password(*words)

    monkeypatch.setattr(account, "hash_password", slowly)
    assert change(page, h.PASSWORD).headers["location"] == "/konto"
    assert page.get("/mina").status_code == 200
    assert surf().log_in(MAIL, NEW).status_code == 303


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


def test_a_person_sees_that_somebody_else_gave_a_new_password(surf: Surf) -> None:
    word, page = reset(surf), surf()
    page.log_in(MAIL, word)
    page.get("/konto/losenord")
    page.post("/konto/losenord", losenord=NEW, losenord_igen=NEW)
    text = page.get("/konto").text
    assert re.search(r"Fick nytt engångslösenord, av administratören", text)
    assert "Loggade in (med lösenord)" in text
    assert "Be administratören." in text
    assert "Be administratören." not in surf("admin").get("/konto").text, "who is asked is oneself"


def test_a_one_time_password_grows_old(surf: Surf, clock) -> None:
    word = reset(surf)
    clock.pass_minutes(4 * 24 * 60 + 1)
    assert surf().log_in(MAIL, word).status_code == 401


def test_who_has_no_role_yet_is_told_that_it_is_a_role_that_is_missing(surf: Surf, house) -> None:
    """They were led to a page of another role's, whose button led to the same page again."""
    page = surf("handlaggare")
    with house.store.begin() as tx:
        tx.add_user(replace(tx.user("handlaggare"), grants=frozenset()))
    assert page.get("/").headers["location"] == "/konto"
    assert "Be administratören om en roll." in page.get("/konto").text
    assert surf("admin").get("/personer").text.count("Ingen roll") == 1
