"""The API: who gets in, and what each client sees."""

from dataclasses import replace

import pytest

from cases.api import ApiScope
from cases.people.access import EVERYWHERE
from desk.login.sessions import COOKIE
from tests.desk import house as h
from tests.desk.asking import FOLLOW, KEY, LETTER, PROTECTED, READ, ROUTES, Asker
from tests.desk.conftest import Surfer
from tests.desk.external.outside import flag
from tests.desk.steps import routed


def test_it_is_not_there_until_it_is_switched_on(surf) -> None:
    assert surf().get("/api/v1/cases").status_code == 303
    assert surf("registrator").get("/api/v1/openapi.json").status_code == 404


def test_the_description_is_for_whom_it_is_set(house) -> None:
    for chosen, stranger, client in (("open", 200, 200), ("token", 401, 200), ("none", 404, 404)):
        one = Asker(house, READ, name=chosen, description=chosen)
        assert one.client.get("/api/v1/openapi.json").status_code == stranger
        assert one.ask("/openapi.json").status_code == client
    found = one = Asker(house, READ, name="x").ask("/openapi.json").json()
    described = {(m.upper(), path.replace("case_id", "id")) for path, ms in found["paths"].items() for m in ms}
    assert described == set(ROUTES), "the table of routes knows each"
    assert all(op["security"] for ms in found["paths"].values() for op in ms.values())


def request(one: Asker, method: str, path: str, case_id: str, **headers: str):
    more = {"json": LETTER, "headers": {**KEY, **headers}} if method == "POST" else {"headers": headers}
    return one.ask(path.format(id=case_id), method, **more)


@pytest.mark.parametrize("scope", ApiScope)
def test_each_route_asks_for_its_scope(house, cases, scope: ApiScope) -> None:
    one = Asker(house, scope)
    for (method, path), needed in ROUTES.items():
        answer = request(one, method, path, cases["lamp"].id)
        expected = (201 if method == "POST" else 200) if scope is needed else 403
        assert answer.status_code == expected, (method, path)
        if expected == 403:
            assert answer.headers["content-type"] == "application/problem+json"
            assert cases["lamp"].number not in answer.text


def test_nobody_gets_in_but_with_a_token_that_works(house, clock, cases) -> None:
    one = Asker(house, *ApiScope)
    cookies = {}
    for who in h.PEOPLE:
        page = Surfer(one.client.app, who)
        cookies[who] = page.client.cookies.get(COOKIE)
    tokens = ["", "x", "lyhord_", one.made.key, one.token[:-1], one.token + "x", "å"]
    wrong = [{"Authorization": f"Bearer {token}".encode()} for token in tokens]
    wrong += [{}, {"Authorization": f"Basic {one.token}"}, *({"Cookie": f"{COOKIE}={c}"} for c in cookies.values())]
    for method, path in ROUTES:
        # What a stranger sends is not even read.
        broken = {"content": b"{"} if method == "POST" else {}
        for who in wrong:
            headers = {"Content-Type": "application/json", **who}
            answer = one.client.request(method, f"/api/v1{path}".format(id=cases["lamp"].id), headers=headers, **broken)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), (path, headers)
            assert answer.headers["content-type"] == "application/problem+json"
            assert "set-cookie" not in answer.headers
    assert one.ask("/cases").status_code == 200
    clock.pass_minutes(60 * 24 * 31)
    assert one.ask("/cases").status_code == 401, "its time is over"
    clock.pass_minutes(-60 * 24 * 31)
    with house.store.begin() as tx:
        tx.save_client(replace(tx.client(one.made.id), revoked_at=clock()))
    assert one.ask("/cases").status_code == 401, "it was revoked"


def test_the_token_is_kept_as_a_digest_and_its_use_is_noted(house, clock) -> None:
    one = Asker(house, READ)
    one.ask("/cases")
    with house.store.read() as tx:
        kept = tx.client(one.made.id)
    assert one.token not in repr(kept)
    assert kept.seen_at == clock()


# Client's scopes and units → the cases it sees.
SEES = [
    ((READ,), ("gata",), {"lamp"}),
    ((READ,), ("skola",), set()),
    ((READ,), (EVERYWHERE,), {"lamp"}),
    ((READ, PROTECTED), (EVERYWHERE,), {"lamp"}),
    ((READ, PROTECTED), ("gata",), {"lamp"}),
    ((READ, PROTECTED), ("skola",), {"school"}),
    ((READ, PROTECTED), ("gata", "skola"), {"lamp", "school"}),
    ((READ,), (), set()),
]


@pytest.mark.parametrize(("scopes", "units", "expected"), SEES)
def test_a_client_sees_what_its_scopes_and_units_give(house, cases, scopes, units, expected) -> None:
    one = Asker(house, *scopes, units=units)
    page = one.ask("/cases").json()
    assert {c["number"] for c in page["items"]} == {cases[name].number for name in expected}
    assert page["total"] == len(expected), "counted as it is listed"
    for name, case in cases.items():
        answer = one.ask(f"/cases/{case.id}")
        assert answer.status_code == (200 if name in expected else 404)
        if name not in expected:
            assert answer.json() == one.ask(f"/cases/{'0' * 32}").json(), "as if it did not exist"


def test_no_letter_sender_or_flag_is_told(house, cases) -> None:
    one = Asker(house, *ApiScope, units=("gata", "skola"))
    for path in ("/cases", "/events", *(f"/cases/{case.id}" for case in cases.values())):
        text = one.ask(path).text
        for secret in ("slagen", "Nils", "nils@", "Berit", "berit@", "Lingonstigen", "osl_23", "Elev eller", "utpekad"):
            assert secret not in text, (path, secret)
    assert one.ask(f"/cases/{cases['school'].id}").json()["protected"] is True


def test_reading_a_protected_case_is_logged(house, cases) -> None:
    one = Asker(house, READ, PROTECTED, units=("skola", "gata"))
    for case in cases.values():
        one.ask(f"/cases/{case.id}")
    with house.store.read() as tx:
        mine = [(r.user_id, r.case_number) for r in tx.reads() if r.user_id.startswith("api:")]
    assert mine == [(one.made.actor, cases["school"].number)]


def test_an_erased_protected_case_is_told_as_protected_in_the_list_and_by_itself(house, cases) -> None:
    """Its flags were erased with it, so that the case said of itself that it had never been protected."""
    one = Asker(house, READ, PROTECTED, units=("skola", "gata"))
    case = cases["school"]
    with house.store.begin() as tx:
        tx.erase_case(case.id, "t" * 26, house.clock())
    listed = {item["id"]: item["protected"] for item in one.ask("/cases").json()["items"]}
    assert (listed[case.id], one.ask(f"/cases/{case.id}").json()["protected"]) == (True, True)
    assert one.ask(f"/cases/{cases['lamp'].id}").json()["protected"] is False
    plain = Asker(house, READ, name="vanlig", units=("skola", "gata"))
    assert plain.ask(f"/cases/{case.id}").status_code == 404


def test_whistle_blowing_is_never_told(house) -> None:
    text = "Jag arbetar hos er och har sett hur chefen tar mutor."
    case = h.House.letter(
        house,
        "Missförhållande",
        text,
        h.suggestion(text, h.Area.GATA_PARK, 0.9, flags=((h.FlagKind.VISSELBLASNING, "tar mutor"),)),
    )
    one = Asker(house, *ApiScope, units=(*house.office.organisation.units, EVERYWHERE))
    assert case.number not in one.ask("/cases").text + one.ask("/events").text
    assert one.ask(f"/cases/{case.id}").status_code == 404


def test_a_flag_set_later_takes_the_case_away(house, cases) -> None:
    one = Asker(house, READ, FOLLOW)
    assert one.ask(f"/cases/{cases['lamp'].id}").status_code == 200
    assert cases["lamp"].number in one.ask("/events").text
    flag(house, cases["lamp"])
    assert one.ask(f"/cases/{cases['lamp'].id}").status_code == 404
    assert cases["lamp"].number not in one.ask("/cases").text + one.ask("/events").text


def test_lists_are_filtered_and_paged(house, cases) -> None:
    one = Asker(house, READ)
    for n in range(3):
        routed(house, h.lamp(house, hours=24 * (n + 2)))
    assert len(one.ask("/cases?limit=2").json()["items"]) == 2
    assert len(one.ask("/cases?limit=2&offset=3").json()["items"]) == 1
    assert one.ask("/cases?limit=2").json()["total"] == 4
    assert len(one.numbers("?since=2026-11-25")) == 1
    assert len(one.numbers("?until=2026-11-24")) == 3
    assert one.numbers("?unit=skola") == set()
    assert one.numbers("?status=closed") == set()
    assert one.ask("/cases?since=0001-01-01&until=9999-12-31").json()["total"] == 4


def test_who_asks_too_fast_waits(house, clock) -> None:
    one = Asker(house, READ, per_minute=3)
    answers = [one.ask("/cases") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "60"
    clock.pass_minutes(1)
    assert one.ask("/cases").status_code == 200


def test_every_answer_is_guarded(house, cases) -> None:
    one = Asker(house, READ)
    for path in ("/cases", f"/cases/{cases['lamp'].id}", "/cases/x", "/finns/inte", "/events", "/cases/", "/"):
        headers = one.ask(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers and "access-control-allow-origin" not in headers
        assert headers["content-type"] in ("application/json", "application/problem+json"), path
    assert one.ask("/cases", "DELETE").status_code == 405


def test_what_nobody_foresaw_is_a_problem_and_quotes_nothing(house, monkeypatch, caplog) -> None:
    one = Asker(house, READ)

    def fails(*_args, **_more):
        raise RuntimeError("berit@mejl.example")

    monkeypatch.setattr("storage.queries.case_lines.LinePart.lines", fails)
    answer = one.ask("/cases")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "berit" not in answer.text + caplog.text


def test_a_stranger_may_not_ask_faster_than_a_client(house) -> None:
    one = Asker(house, READ, per_minute=3)
    strangers = [one.client.get("/api/v1/cases").status_code for _ in range(4)]
    assert strangers == [401, 401, 401, 429]
    assert one.ask("/cases").status_code == 200, "whom it does not hold up"
