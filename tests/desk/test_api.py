"""The API: who gets in, what each client sees, letters handed in once, and events followed without a gap."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from cases.api import UNTOLD, ApiClient, ApiScope, token_key
from cases.inbound.messages import ScanState
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.people.access import EVERYWHERE, SYSTEM
from desk.login.sessions import COOKIE
from desk.outside import ApiSettings
from ingest.reading.attachments import make_attachment
from tests.desk import house as h
from tests.desk.conftest import BASE, Surfer, make_app
from tests.desk.test_case_work import routed
from tests.desk.test_public import flag

API = ApiSettings(attach=make_attachment, description="open", per_minute=100_000, max_letter_bytes=200_000)
READ, PROTECTED, WRITE, FOLLOW = ApiScope
KEY = {"Idempotency-Key": "letter-0001"}
LETTER = {"body": "Papperskorgen vid busshållplatsen är full.", "channel": "app", "sender": {"email": "a@b.example"}}
ROUTES = {
    ("GET", "/cases"): READ,
    ("GET", "/cases/{id}"): READ,
    ("POST", "/letters"): WRITE,
    ("GET", "/events"): FOLLOW,
}


class Asker:
    """Another system with its token; each has an own place to ask from."""

    def __init__(
        self, house, *scopes: ApiScope, units=("gata",), days: int = 30, name: str = "Appen", **settings
    ) -> None:
        self.token = f"lyhord_{name}-{'-'.join(scopes)}-{'-'.join(units)}"
        self.made = ApiClient(
            id=house.office.new_id(),
            name=name,
            key=token_key(self.token),
            scopes=frozenset(scopes),
            units=frozenset(units),
            made_at=house.clock(),
            ends_at=house.clock() + timedelta(days=days),
        )
        with house.store.begin() as tx:
            tx.save_client(self.made)
        self.client = TestClient(make_app(house, api=replace(API, **settings)), base_url=BASE, follow_redirects=False)

    def ask(self, path: str, method: str = "GET", headers=None, **more):
        told = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.client.request(method, f"/api/v1{path}", headers=told, **more)

    def numbers(self, query: str = "") -> set[str]:
        return {one["number"] for one in self.ask(f"/cases{query}").json()["items"]}


@pytest.fixture
def cases(house):
    lamp, school = routed(house, h.lamp(house)), routed(house, h.school(house))
    return {"lamp": lamp, "school": house.case(school.id)}


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
        for headers in wrong:
            answer = one.client.request(method, f"/api/v1{path}".format(id=cases["lamp"].id), headers=headers)
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


def test_a_letter_becomes_a_case_like_any_other(house) -> None:
    one = Asker(house, WRITE)
    sender = {"name": "Anna", "email": "anna@mejl.example", "phone": "070-000 00 00"}
    picture = {"name": "../../bild\u202egnp.exe", "content": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()}
    body = {**LETTER, "sender": sender, "subject": "Skräp", "attachments": [picture]}
    answer = one.ask("/letters", "POST", headers=KEY, json=body)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{answer.json()['id']}"
    with house.store.read() as tx:
        file = tx.case_file(answer.json()["id"], SYSTEM)
        waiting = tx.messages_to_suggest(10)
    assert (file.case.number, file.case.channel, file.case.sender.email) == (
        answer.json()["number"],
        "app",
        "anna@mejl.example",
    )
    assert file.messages[0].message.text == LETTER["body"]
    assert (file.attachments[0].content_type, "/" in file.attachments[0].name) == ("image/png", False)
    assert [case_id for case_id, _ in waiting] == [file.case.id], "the model looks at it next"
    assert file.events[0].actor == one.made.actor


def test_a_letter_without_a_sender_is_anonymous(house) -> None:
    one = Asker(house, WRITE)
    answer = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "sender": None})
    assert house.case(answer.json()["id"]).sender.anonymous


def test_a_virus_is_not_kept_and_is_told_of(house) -> None:
    def attach(name: str, declared: str, content: bytes):
        return replace(make_attachment(name, declared, content), content=b"", scan=ScanState.INFECTED)

    one = Asker(house, WRITE, attach=attach)
    files = [{"name": "x.pdf", "content": base64.b64encode(b"EICAR").decode()}]
    case_id = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "attachments": files}).json()["id"]
    with house.store.read() as tx:
        events = tx.case_file(case_id, SYSTEM).events
    assert EventKind.VIRUS in {e.kind for e in events}


def test_a_letter_sent_again_is_one_case(house) -> None:
    one, other = Asker(house, WRITE), Asker(house, WRITE, name="Annan")
    first = one.ask("/letters", "POST", headers=KEY, json=LETTER)
    again = one.ask("/letters", "POST", headers=KEY, json=LETTER)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    changed = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "body": "Något annat."})
    assert (changed.status_code, house.waiting()) == (422, 1)
    assert other.ask("/letters", "POST", headers=KEY, json=LETTER).json()["number"] != first.json()["number"]


def test_the_same_letter_from_many_threads_is_one_case(house) -> None:
    one = Asker(house, WRITE)
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(one.ask, "/letters", "POST", KEY, json=LETTER) for _ in range(6)]
    assert len({s.result().json()["number"] for s in sent}) == 1
    assert house.waiting() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "  \n"},
        {"body": ""},
        {"channel": "email"},
        {"channel": "fax"},
        {"subject": "Rad\r\nBcc: ond@mejl.example"},
        {"sender": {"email": "a@b.example\r\nBcc: ond@mejl.example"}},
        {"sender": {"email": "inte en adress"}},
        {"sender": {"role": "admin"}},
        {"received_at": "2027-01-01T00:00:00Z"},
        {"received_at": "2026-11-20T00:00:00"},
        {"attachments": [{"name": "x", "content": "inte base64!"}]},
        {"attachments": [{"name": "x", "content": "", "content_type": "text/html\r\nX: y"}]},
        {"extra": 1},
    ],
)
def test_what_is_not_as_described_is_refused_and_not_repeated(house, changes) -> None:
    one = Asker(house, WRITE)
    answer = one.ask("/letters", "POST", headers=KEY, json={**LETTER, **changes})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "ond@mejl.example" not in answer.text
    assert house.waiting() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/cases?limit=0",
        "/cases?limit=201",
        "/cases?offset=-1",
        "/cases?status=x",
        "/cases?since=i+går",
        "/cases/å",
        "/events?after=-1",
        "/events?limit=501",
        "/events?after=x",
        f"/events?after={2**70}",
    ],
)
def test_what_is_asked_wrongly_is_refused(house, path: str) -> None:
    answer = Asker(house, *ApiScope).ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_too_much_is_refused_before_it_is_read(house) -> None:
    one = Asker(house, WRITE)
    huge = json.dumps({**LETTER, "body": "x" * 300_000}).encode()
    kinds = {"Content-Type": "application/json", **KEY}

    def pieces():
        yield from (huge[n : n + 50_000] for n in range(0, len(huge), 50_000))

    for content in (huge, pieces()):
        answer = one.ask("/letters", "POST", headers=kinds, content=content)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert one.ask("/letters", "POST", headers=kinds, content=b"{").status_code == 422


def test_who_asks_too_fast_waits(house, clock) -> None:
    one = Asker(house, READ, per_minute=3)
    answers = [one.ask("/cases") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "60"
    clock.pass_minutes(1)
    assert one.ask("/cases").status_code == 200


def test_events_are_followed_without_a_gap(house, cases) -> None:
    one = Asker(house, FOLLOW)
    seen, at = [], 0
    while True:
        page = one.ask(f"/events?after={at}&limit=2").json()
        if not page["items"] and page["next"] == at:
            break
        seen += page["items"]
        at = page["next"]
    assert [e["position"] for e in seen] == sorted({e["position"] for e in seen})
    assert {e["case_number"] for e in seen} == {cases["lamp"].number}
    assert {"received", "confirmed"} <= {e["kind"] for e in seen}
    routed(house, (new := h.lamp(house, from_addr="ny@mejl.example")))
    page = one.ask(f"/events?after={at}").json()
    assert {e["case_number"] for e in page["items"]} == {new.number}


def test_events_of_a_protected_case_have_no_text_and_flags_are_no_events(house, cases) -> None:
    one = Asker(house, FOLLOW, PROTECTED, units=("skola", "gata"))
    events = one.ask("/events?limit=500").json()["items"]
    shielded = [e for e in events if e["protected"]]
    assert shielded and all(e["text"] == "" for e in shielded)
    plain = Asker(house, FOLLOW, name="vanlig")
    with house.store.begin() as tx:
        for n, kind in enumerate(EventKind):
            tx.add_event(h_event(house, cases["lamp"], kind, f"Anna Ek {n}"))
    kinds = {e["kind"] for e in plain.ask("/events?limit=500").json()["items"]}
    assert kinds.isdisjoint(UNTOLD)
    assert set(EventKind) - UNTOLD <= kinds
    told = [e for e in plain.ask("/events?limit=500").json()["items"] if "Anna Ek" in e["text"]]
    assert {e["kind"] for e in told} == {"letter_queued", "letter_sent", "registered"}


def test_the_name_of_the_neutral_letter_tells_nobody_of_a_flag_that_was_cleared(house, cases) -> None:
    neutral, plain = LETTER_NAMES[LetterKind.SEKRETESS_SAFE], LETTER_NAMES[LetterKind.SVAR]
    with house.store.begin() as tx:
        for kind in (EventKind.LETTER_QUEUED, EventKind.LETTER_SENT):
            for text in (neutral, plain):
                tx.add_event(h_event(house, cases["lamp"], kind, text))
    texts = [e["text"] for e in Asker(house, FOLLOW).ask("/events?limit=500").json()["items"]]
    assert texts.count(plain) == 2
    assert neutral not in texts


def h_event(house, case, kind: EventKind, text: str):
    return CaseEvent(house.office.new_id(), case.id, house.clock(), "system", kind, text)


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

    monkeypatch.setattr("storage.queries.pages.PagePart.lines", fails)
    answer = one.ask("/cases")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "berit" not in answer.text + caplog.text


def test_a_stranger_may_not_ask_faster_than_a_client(house) -> None:
    one = Asker(house, READ, per_minute=3)
    strangers = [one.client.get("/api/v1/cases").status_code for _ in range(4)]
    assert strangers == [401, 401, 401, 429]
    assert one.ask("/cases").status_code == 200, "whom it does not hold up"


def test_the_case_page_and_logs_say_who_handed_it_in(house) -> None:
    one = Asker(house, WRITE)
    case_id = one.ask("/letters", "POST", headers=KEY, json=LETTER).json()["id"]
    text = Surfer(one.client.app, "registrator").get(f"/arenden/{case_id}").text
    assert "Inlämnat genom Appen." in text
    assert "Ett annat system" in text
