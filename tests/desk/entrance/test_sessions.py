"""Sessions are shown and ended, locks opened, leavers shut out, and every change of a person is told."""

import re
from datetime import date

import pytest

from tests.desk import house as h
from tests.desk.accounts import MAIL, Surf


def test_an_account_tells_what_each_role_is_for_and_which_keys_there_are(surf: Surf) -> None:
    text = surf("gataregistrator").get("/konto").text
    assert "Registrator: Gata och park" in text
    assert "Bekräfta och fördela" in text
    text = surf("handlaggare").get("/konto").text
    assert "data-tangenter" in text, "one who has no queue switches the keys off here (WCAG 2.1.4)"
    assert "Skriv en anteckning" in text
    assert "Bekräfta och fördela" not in text
    assert "data-tangenter" not in surf("admin").get("/konto").text, "nobody is offered keys that do nothing"


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
    text = admin.get("/personer").text
    assert "Spärrad" in text and "Ingen är registrator" not in text
    admin.get("/personer/registrator")
    admin.post("/personer/registrator/sparr", las="igen")
    assert "Ingen är registrator för hela kommunen" in admin.get("/personer").text, (
        "letters come in and wait for nobody"
    )
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


def mark(text: str) -> str:
    return re.search(r'name="version" value="([^"]+)"', text)[1]


def test_a_role_that_was_taken_away_meanwhile_is_not_given_back_unseen(surf: Surf, house) -> None:
    one, other = surf("admin"), surf("admin")
    fields = {"namn": "Maja Ek-Ros", "epost": MAIL, "titel": "trafikingenjör", "roll": "handlaggare", "galler": "gata"}
    shown = mark(one.get("/personer/handlaggare").text)
    other.get("/personer/handlaggare")
    other.post("/personer/handlaggare", **fields | {"namn": "Maja Ek", "roll": "", "galler": ""})
    refused = one.post("/personer/handlaggare", **fields, version=shown)
    assert refused.status_code == 422
    assert "har ändrats av någon annan" in refused.text
    assert "ändras det här: namn, ny roll Handläggare: Gata och park." in refused.text
    assert 'value="Maja Ek-Ros"' in refused.text
    with house.store.read() as tx:
        assert not tx.user("handlaggare").grants
    assert one.post("/personer/handlaggare", **fields, version=mark(refused.text)).status_code == 303
    with house.store.read() as tx:
        assert tx.user("handlaggare").grants == h.PEOPLE["handlaggare"].grants


def test_units_are_shown_as_the_configuration_has_them(surf: Surf) -> None:
    text = surf("admin").get("/enheter").text
    for words in ("Gata och park", "Samhällsbyggnadsförvaltningen", "Gustav Vik", "Maja Ek", "Äldreomsorg"):
        assert words in text, words
