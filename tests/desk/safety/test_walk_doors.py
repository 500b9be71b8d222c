"""A walk to every door: other people's ids, forms without a token or with another's, ways out, and broken lines."""

import re
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import pytest

import desk
from cases.errors import DeliveryError
from cases.people.absence import Absence
from notifier.mime import compose, to_bytes
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.safety.test_access import OTHER_POSTS, all_routes, parts, shape
from tests.desk.safety.town import WRONG, furnish
from tests.desk.safety.walking import BROKEN, PLAIN, Map, acted_on, forms, leads_home
from tests.desk.steps import routed
from tests.notifier.conftest import IDENTITY

# What stands for each parameter of an address; a route with a new one needs a line here. Of cases it is another's.
IDS = {
    "case_id": "{c}", "message_id": "{m}", "attachment_id": "{a}", "entry_id": "{e}", "number": "1", "letter": "svar",
    "language": "sv", "box": "0", "mail": "0", "chapter": "registrator", "name": "x.png", "user_id": "xq7",
    "protocol_id": "ingen", "client_id": "ingen", "webhook_id": "ingen", "absence_id": "ingen", "raw_id": WRONG,
    "key": "ingen", "paper_id": "ingen", "refused_id": "ingen", "note_id": "ingen", "path:path": "finns/inte",
}  # fmt: skip
EVIL_WAYS = (
    "https://ond.example", "//ond.example", "/\\ond.example", "\\\\ond.example", "https:ond.example", "/\t/ond.example",
    "javascript:alert(1)", " //ond.example", "/%5cond.example\r\nX-Xq7: ja", "https://127.0.0.1:8000@ond.example",
)  # fmt: skip
_OUTSIDERS = ("handlaggare", "chef", "vissel", "admin")
_WORDS = ("Nils Ros", "nils@post.example", "blir slagen", "klass 4B")
# What a form or an address may hold, by name, as the desk's own code asks for it.
_ASKED = re.compile(
    r"""(?:text|many|number|choice|choices|need|ticked|secret|query_params\.get)\(\s*"(\w+)"|get\("(\w+)"""
)


def names() -> list[str]:
    """Every name of a field or of a part of a query."""
    files = Path(desk.__file__).parent.rglob("*.py")
    found = {name for file in files for pair in _ASKED.findall(file.read_text("utf-8")) for name in pair if name}
    return sorted((found | {"nasta", "next", "url", "return_to", "fran", "fraga", "tillbaka"}) - {"csrf", "version"})


def filled(path: str, ids: dict[str, str]) -> str:
    """An address with an id for each parameter."""
    return re.sub(r"\{([\w:]+)\}", lambda match: IDS[match[1]].format(**ids), path)


def doors(app, method: str) -> list[str]:
    """The routes of a method, each once."""
    return sorted({path for how, path in all_routes(app) if how == method})


def opener(path: str) -> str:
    """Somebody who may send a form of this route."""
    allowed = {shape(re.sub(r"/(vissel|handlaggare|svar|sv)(?=/|$)", "/{x}", p)): who for p, who in OTHER_POSTS.items()}
    return min(allowed.get(shape(path), {"registrator"}), key=lambda who: (who != "registrator", who))


@pytest.fixture
def school(house):
    return routed(house, h.school(house))


def test_every_parameter_of_an_address_has_its_line(app) -> None:
    used = {name for _, path in all_routes(app) for name in re.findall(r"\{([\w:]+)\}", path)}
    assert used == set(IDS)


@pytest.mark.parametrize("role", _OUTSIDERS)
def test_no_address_of_anothers_case_opens_or_changes_anything(house, app, surf, school, role: str) -> None:
    page, ids, before = surf(role), parts(house, school), house.case(school.id)
    page.get("/konto")
    for method in ("GET", "POST"):
        for path in (path for path in doors(app, method) if "{case_id}" in path):
            data = (
                {"csrf": page.token, "version": str(before.version), "text": "x", "skal": "x"}
                if method == "POST"
                else None
            )
            answer = page.client.request(method, filled(path, ids), data=data)
            assert answer.status_code in (403, 404), (method, path)
            assert not any(word in answer.text for word in (*_WORDS, before.number)), (method, path)
    assert house.case(school.id) == before


def test_no_part_of_a_case_is_reached_through_another(house, app, surf, school) -> None:
    lamp = routed(house, h.lamp(house, attachments=(h.picture(),), html="<p>Hej</p>"))
    mine, others = parts(house, lamp), parts(house, school)
    page = surf("gataregistrator")
    page.get("/konto")
    for method in ("GET", "POST"):
        for path in (
            path for path in doors(app, method) if re.search(r"\{case_id\}.*\{(message|entry|attachment)_id\}", path)
        ):
            for ids in ({**others, "c": mine["c"]}, {**mine, "c": others["c"]}):
                answer = page.client.request(method, filled(path, ids), data={"csrf": page.token})
                assert answer.status_code == 404, (method, path)


def test_another_towns_ids_lead_nowhere(house, app, surf, tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'granne.sqlite'}"
    migrate.upgrade(url)
    neighbour = h.House(SqlStore(url, analyser=analyse), h.office(), h.Watch())
    neighbour.people()
    # The ids of the tests are counted from one in each town: the neighbour's are others.
    neighbour.office = replace(neighbour.office, new_id=lambda: uuid4().hex)
    case = routed(neighbour, h.school(neighbour))
    ids, page = parts(neighbour, case), surf("registrator")
    theirs = Surfer(make_app(neighbour), "registrator")
    assert theirs.get(f"/arenden/{case.id}").status_code == 200
    page.get("/konto")
    for method in ("GET", "POST"):
        for path in (path for path in doors(app, method) if "{case_id}" in path):
            answer = page.client.request(method, filled(path, ids), data={"csrf": page.token, "version": "1"})
            assert answer.status_code in (403, 404), (method, path)
            assert not any(word in answer.text for word in _WORDS), (method, path)
    neighbour.store.close()


def test_anothers_log_in_and_absence_are_theirs(house, app, surf) -> None:
    admin, page, day = surf("admin"), surf("handlaggare"), date(2026, 12, 1)
    with house.store.read() as tx:
        (session,) = tx.sessions("admin")
    with house.store.begin() as tx:
        tx.add_absence(Absence("borta", "chef", "gataregistrator", day, day, "chef", house.clock()))
    page.get("/konto")
    page.post(f"/konto/inloggningar/{session.key}/avsluta")
    assert admin.get("/konto").status_code == 200
    assert page.post("/borta/borta/sluta").status_code in (403, 404, 422)
    with house.store.read() as tx:
        assert tx.absence("borta").last_day == day


def test_no_form_is_taken_without_its_token_or_with_anothers(house, app, surf, school) -> None:
    ids, before, other, stranger = parts(house, school), house.case(school.id), surf("chef"), surf()
    other.get("/konto")
    stranger.get("/logga-in")
    people = {who: surf(who) for who in h.PEOPLE}
    for path in doors(app, "POST"):
        page = people[opener(path)] if not path.startswith("/logga-in") else stranger
        typed = {"text": "Min text" * 5, "epost": "admin@ekdala.example", "losenord": h.PASSWORD}
        for token in ({}, *({"csrf": one} for one in (other.token, page.client.cookies.get("lyhord", ""), "å" * 32))):
            data = {**token, "version": str(before.version), **typed}
            answer = page.client.post(filled(path, ids), data=data)
            # Logging in begins anew, with a word about it.
            expected = 303 if path == "/logga-in" else 403
            assert answer.status_code == expected, path
        if expected == 403:
            assert "Ingenting ändrades." in answer.text, path
            assert "Min text" in answer.text, "what was typed is not lost"
    assert stranger.get("/konto").headers["location"] == "/logga-in?nasta=/konto"
    assert house.case(school.id) == before


def test_no_address_or_field_sends_anybody_elsewhere(house, app, surf) -> None:
    case = routed(house, h.lamp(house))
    ids, people, asked = parts(house, case), {who: surf(who) for who in h.PEOPLE}, names()
    ways = cycle(EVIL_WAYS)
    for path in doors(app, "GET"):
        answer = people["registrator"].client.get(filled(path, ids), params=dict.fromkeys(asked, next(ways)))
        assert acted_on(answer) == [], path
    for page in people.values():
        page.get("/konto")
    for path in (path for path in doors(app, "POST") if not path.startswith(("/logga", "/konto/logga"))):
        page = people[opener(path)]
        for way in (next(ways), BROKEN):
            data = {**dict.fromkeys(asked, way), "csrf": page.token, "version": str(house.case(case.id).version)}
            answer = page.client.post(filled(path, ids), data=data)
            assert answer.status_code < 500, path
            assert "Ingenting ändrades." not in answer.text, "the form was heard"
            assert acted_on(answer) == [], path


@pytest.mark.parametrize("way", [*EVIL_WAYS, "/%09/ond.example"])
def test_logging_in_leads_to_no_other_place(surf, way: str) -> None:
    page = surf()
    page.get("/logga-in")
    answer = page.post("/logga-in", epost="handlaggare@ekdala.example", losenord=h.PASSWORD, nasta=way)
    assert answer.status_code == 303
    assert leads_home(answer)
    assert "location" in answer.headers
    assert "xq7" not in answer.headers


def test_no_line_of_anybody_begins_a_header_of_a_mail(house) -> None:
    town = furnish(house, BROKEN, "xq7.broken@ond.example")
    app = town.desk()
    page, where = Surfer(app, "handlaggare"), Map(app)
    for name in ("mine", "unhappy", "main"):
        for path in (f"/arenden/{town.cases[name]}", f"/arenden/{town.cases[name]}/svara?brev=svar"):
            for form in forms(page.get(path).text, path):
                for text in (BROKEN, PLAIN) if where.route("POST", form.action) else ():
                    for button in form.buttons or [("gor", "skicka")]:
                        page.client.post(form.action, data={**form.filled(text, hidden=False), button[0]: [button[1]]})
    with house.store.read() as tx:
        entries = [entry for case_id in town.cases.values() for entry in tx.letters_of(case_id)]
    assert len(entries) > len(town.cases)
    heads = []
    for entry in entries:
        try:
            head = to_bytes(compose(entry, IDENTITY, house.clock())).partition(b"\r\n\r\n")[0]
        except DeliveryError:
            continue
        heads.append(head)
        assert not re.search(rb"(?im)^x-xq7", head), entry.letter.kind
    assert len(heads) > len(town.cases)
    assert any(b"\r\nTo: xq7.broken@ond.example\r\n" in head for head in heads), "also to who wrote it"
