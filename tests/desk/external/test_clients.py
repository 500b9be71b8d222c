"""Andra system: an administrator makes a key that is shown once, says where events go, and takes both back."""

import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from cases.api import ApiScope
from cases.webhooks import SEALED_FOR, Delivery, DeliveryState
from tests.desk.asking import API
from tests.desk.conftest import BASE, Surfer, make_app
from tests.desk.in_hand.test_refused import marked

NEW = {"namn": "Felanmälan-appen", "far": ["letters:write", "events:read"], "enhet": "gata", "dagar": "30"}


@pytest.fixture
def admin(house):
    page = Surfer(make_app(house, api=API), "admin")
    page.get("/andra-system")
    return page


def kept(house):
    with house.store.read() as tx:
        return tx.clients()


def test_a_key_is_shown_once_and_works(house, admin) -> None:
    answer = admin.post("/andra-system/ny", **NEW)
    token = re.search(r"<code>(lyhord_[\w-]{43})</code>", answer.text)[1]
    (client,) = kept(house)
    assert (client.scopes, client.units) == ({ApiScope.LETTERS_WRITE, ApiScope.EVENTS_READ}, {"gata"})
    assert token not in admin.get("/andra-system").text + repr(client)
    ask = TestClient(admin.client.app, base_url=BASE, headers={"Authorization": f"Bearer {token}"})
    assert ask.get("/api/v1/events").status_code == 200
    assert ask.get("/api/v1/cases").status_code == 403
    admin.get("/andra-system")
    assert admin.post(f"/andra-system/{client.id}/aterkalla").status_code == 303
    assert ask.get("/api/v1/events").status_code == 401
    assert "Återkallad" in admin.get("/andra-system").text
    text = admin.get("/kontologg").text
    assert "Nyckel till ett annat system skapad" in text and "Nyckel till ett annat system återkallad" in text


def test_the_same_form_sent_twice_shows_the_same_key_for_a_while(house, admin) -> None:
    form = {**NEW, "gang": "sidan som visades"}
    first = shown(admin.post("/andra-system/ny", **form))
    assert shown(admin.post("/andra-system/ny", **form)) == first
    assert len(kept(house)) == 1
    for page in (
        admin.post("/andra-system/ny", **{**form, "gang": "en annan", "namn": "En annan"}),
        admin.get("/andra-system"),
    ):
        assert first not in page.text
    house.clock.pass_minutes(11)
    late = admin.post("/andra-system/ny", **form)
    assert late.status_code == 422
    assert "visas inte igen" in late.text
    assert first not in late.text


def test_the_same_address_sent_twice_shows_the_same_secret_for_a_while(house, admin) -> None:
    admin.post("/andra-system/ny", **NEW)
    path = f"/andra-system/{kept(house)[0].id}/mottagare"
    form = {"adress": "https://app.example/handelser", "gang": "sidan som visades"}
    admin.get("/andra-system")
    first = shown(admin.post(path, **form))
    assert shown(admin.post(path, **form)) == first
    house.clock.pass_minutes(11)
    assert first not in admin.post(path, **form).text


def shown(answer) -> str:
    return re.search(r'class="stor-kod"><code>([^<]+)<', answer.text)[1]


NEVER = (
    ({"namn": " "}, "namn", "ett namn"),
    ({"far": []}, "far", "Välj vad systemet får göra"),
    ({"enhet": "rymden"}, "enhet", "Det finns ingen enhet"),
    ({"enhet": []}, "enhet", "Utan enhet"),
    ({"far": ["cases:read", "letters:write"], "enhet": []}, "enhet", "Utan enhet"),
    ({"far": ["cases:protected"], "enhet": "*"}, "enhet", "Skyddade ärenden lämnas bara ut"),
    ({"dagar": "0"}, "dagar", "mellan 1 och"),
    ({"dagar": "9999"}, "dagar", "mellan 1 och"),
    ({"dagar": "x"}, "dagar", "mellan 1 och"),
)


def test_a_key_that_could_do_nothing_or_too_much_is_refused_at_its_field(house, admin) -> None:
    for changes, where, why in NEVER:
        answer = admin.post("/andra-system/ny", **{**NEW, **changes}, form="ny")
        found, said = marked(answer.text)
        assert (answer.status_code, found, why in said) == (422, where, True), changes
    assert kept(house) == []
    assert "stor-kod" in admin.post("/andra-system/ny", **{**NEW, "far": "letters:write", "enhet": []}).text


def test_what_was_chosen_for_a_refused_key_is_chosen_still(house, admin) -> None:
    answer = admin.post("/andra-system/ny", **{**NEW, "namn": "", "enhet": ["gata", "*"]}, form="ny")
    assert '<option value="gata" selected>' in answer.text
    assert '<option value="*" selected>' in answer.text
    assert answer.text.count(" checked") == len(NEW["far"])


def test_a_refused_address_is_told_of_at_the_field_of_its_system(house, admin) -> None:
    for name in ("Ett", "Två"):
        admin.get("/andra-system")
        admin.post("/andra-system/ny", **{**NEW, "namn": name})
    client = kept(house)[1]
    admin.get("/andra-system")
    answer = admin.post(f"/andra-system/{client.id}/mottagare", adress="http://x.example/", form=client.id)
    found, _ = marked(answer.text)
    form = answer.text.split(f'id="{found}"')[0].rsplit("<form", 1)[1]
    assert f'action="/andra-system/{client.id}/mottagare"' in form
    assert 'value="365"' in answer.text, "the other form of the page is as it was"


def test_no_two_systems_have_one_name(house, admin) -> None:
    admin.post("/andra-system/ny", **NEW)
    admin.get("/andra-system")
    assert admin.post("/andra-system/ny", **NEW).status_code == 422


def test_where_events_go_is_added_shown_and_ended(house, admin) -> None:
    admin.post("/andra-system/ny", **NEW)
    (client,) = kept(house)
    path = f"/andra-system/{client.id}/mottagare"
    admin.get("/andra-system")
    for url in ("http://x.example/", "https://127.0.0.1/", "https://10.0.0.1/", "javascript:alert(1)", ""):
        assert admin.post(path, adress=url).status_code == 422, url
    answer = admin.post(path, adress="https://mottagare.example/in?nyckel=hemlig")
    secret = re.search(r"<code>([\w-]{43})</code>", answer.text)[1]
    with house.store.read() as tx:
        (hook,) = tx.webhooks()
    sealer = admin.client.app.state.desk.sealer
    assert (secret in hook.secret, sealer.kept(SEALED_FOR, hook.secret)) == (False, secret)
    now = house.clock()
    dead = Delivery("d1", hook.id, 7, now, now, DeliveryState.DEAD, 12, "answered 503", now)
    with house.store.begin() as tx:
        tx.add_delivery(dead)
        tx.add_delivery(replace(dead, id="d2", position=8, state=DeliveryState.WAITING, done_at=None))
    text = admin.get("/andra-system").text
    assert "Gav upp: 1" in text and "Händelse 7: answered 503" in text
    assert "nyckel=" not in text and secret not in text
    assert admin.post(f"/andra-system/mottagare/{hook.id}/igen").status_code == 303
    assert "En händelse skickas igen." in admin.get("/andra-system").text
    with house.store.read() as tx:
        assert tx.delivery_counts(hook.id)[DeliveryState.WAITING] == 2
    assert admin.post(f"/andra-system/mottagare/{hook.id}/avsluta").status_code == 303
    assert "mottagare.example" not in admin.get("/andra-system").text


def test_events_are_sent_once_to_an_address(house, admin) -> None:
    admin.post("/andra-system/ny", **NEW)
    (client,) = kept(house)
    admin.get("/andra-system")
    answers = [admin.post(f"/andra-system/{client.id}/mottagare", adress="https://x.example/in") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 422]
    assert "Händelser skickas redan dit" in answers[1].text
    with house.store.read() as tx:
        assert len(tx.webhooks()) == 1


def test_a_client_that_may_not_follow_gets_no_events(house, admin) -> None:
    admin.post("/andra-system/ny", **{**NEW, "far": ["cases:read"]})
    admin.get("/andra-system")
    (client,) = kept(house)
    answer = admin.post(f"/andra-system/{client.id}/mottagare", adress="https://mottagare.example/")
    assert (answer.status_code, "får inte följa händelser" in answer.text) == (422, True)


def test_without_the_api_the_page_says_so_and_makes_nothing(house, surf) -> None:
    page = surf("admin")
    assert "API:et är avstängt" in page.get("/andra-system").text
    assert page.post("/andra-system/ny", **NEW).status_code == 404
