"""Every route as every role and as a stranger, compared with a table; every form without its token."""

import re
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from desk.context import asked
from tests.desk import house as h
from tests.desk.steps import routed

ROLES = tuple(h.PEOPLE)
_OPEN = {"/logga-in", "/logga-in/kommunen", "/logga-in/svar"}
REG, GATA, WORK, SCHOOL = "registrator", "gataregistrator", "handlaggare", "skolhandlaggare"
CHEF, ADMIN, WHISTLE, AUDIT = "chef", "admin", "vissel", "granskare"
CASE_ROLES = {REG, GATA, WORK, SCHOOL, CHEF, WHISTLE}
# Who gets 200 for each page without a case; everybody else logged in gets 403, a stranger the log-in page.
PAGES = {
    "/att-fordela": {REG, GATA, WHISTLE},
    "/att-fordela/lista": {REG, GATA, WHISTLE},
    "/mina": CASE_ROLES,
    "/foljer": CASE_ROLES,
    "/enheten": CASE_ROLES,
    "/forsenat": CASE_ROLES,
    "/chef": {CHEF},
    "/nytt": CASE_ROLES,
    "/diarium": CASE_ROLES,
    "/diarium.csv": CASE_ROLES,
    "/sok": CASE_ROLES,
    "/inkommet": {REG},
    "/karantan": {REG, GATA, ADMIN},
    "/utkorg": {REG, GATA, ADMIN},
    "/personer": {ADMIN},
    "/personer/ny": {ADMIN},
    "/personer/handlaggare": {ADMIN},
    "/halsa": {REG, GATA, ADMIN},
    "/laslogg": {AUDIT},
    "/laslogg.csv": {AUDIT},
    "/kontologg.csv": {ADMIN, AUDIT},
    "/utkorg.csv": {REG, GATA, ADMIN},
    "/borta": CASE_ROLES,
    "/standardtexter": CASE_ROLES,
    "/fordelningsregler": {REG, GATA, ADMIN},
    "/listor": CASE_ROLES,
    "/overlamning": {CHEF, ADMIN},
    "/oversyn": {REG},
    "/modell": {REG, GATA, ADMIN},
    "/enheter": {ADMIN},
    "/andra-system": {ADMIN},
    "/gallring": {REG, ADMIN},
    "/utdrag": {REG, GATA},
    "/brevmallar": {REG, ADMIN},
    "/brevmallar/svar/sv": {REG, ADMIN},
    "/brevmallar/svar/sv/prova": {REG, ADMIN},
    "/kontologg": {ADMIN, AUDIT},
    "/konto": set(ROLES),
    "/konto/losenord": set(ROLES),
    "/konto/tvasteg": set(ROLES),
    "/hjalp": set(ROLES),
    "/hjalp/registrator": set(ROLES),
    "/brevlador": set(ROLES),
    "/brevlador/0/0": set(ROLES),
}
# Who gets 200 for the pages of an unflagged case of the street unit, and of a flagged one of the school.
READERS = {"lamp": {REG, GATA, WORK, CHEF}, "school": {REG}}
CASE_PAGES = ("", "/samma-handelse", "/meddelanden/{m}/html", "/bilagor/{a}", "/bilagor/{a}/visa", "/brev/{e}/pdf")
POSTS = (
    "/arenden/{c}/bekrafta", "/arenden/{c}/fordela", "/arenden/{c}/tilldela",
    "/arenden/{c}/ta", "/arenden/{c}/anteckna", "/arenden/{c}/markera", "/arenden/{c}/hav-sparr", "/arenden/{c}/lyft",
    "/arenden/{c}/lamna-tillbaka", "/arenden/{c}/muntligt-svar", "/arenden/{c}/avsluta", "/arenden/{c}/oppna",
    "/arenden/{c}/lasare", "/arenden/{c}/lasare/bort", "/arenden/{c}/lage", "/arenden/{c}/ordning",
    "/arenden/{c}/avsandare", "/arenden/{c}/koppla", "/arenden/{c}/koppla/bort", "/arenden/{c}/svara",
    "/arenden/{c}/fraga", "/arenden/{c}/brev/{e}/stoppa", "/arenden/{c}/brev/{e}/adress",
    "/arenden/{c}/folj", "/arenden/{c}/oppen-rubrik", "/arenden/{c}/lank-av", "/arenden/{c}/brev/{e}/igen",
    "/arenden/{c}/samma-handelse", "/arenden/{c}/sla-ihop", "/arenden/{c}/ta-isar", "/arenden/{c}/dela",
    "/arenden/{c}/meddelanden/{m}/eget", "/arenden/{c}/paminnelse/{m}/bort",
    "/arenden/{c}/svara/utkast", "/arenden/{c}/brev/{e}/angra", "/arenden/{c}/onojd",
    "/arenden/{c}/snabbt", "/arenden/{c}/kannetecken", "/arenden/{c}/lamna-ut", "/arenden/{c}/avslag",
    "/arenden/{c}/avslag/{m}/lamnat", "/arenden/{c}/avslag/{m}/overklagat", "/arenden/{c}/avslag/{m}/provat",
    "/arenden/{c}/avslag/{m}/omprovat", "/arenden/{c}/avslag/{m}/overlamnat", "/arenden/{c}/avslag/{m}/upphavt",
    "/arenden/{c}/overklagar", "/arenden/{c}/lagen",
)  # fmt: skip
OTHER_POSTS = {
    "/flera": CASE_ROLES,
    "/att-fordela/bekrafta": {REG, GATA, WHISTLE},
    "/att-fordela/angra": {REG, GATA, WHISTLE},
    "/nytt": CASE_ROLES,
    "/nytt/forslag": CASE_ROLES,
    "/inkommet/{l}/arende": {REG},
    "/karantan/{q}/igen": {REG, GATA, ADMIN},
    "/karantan/{q}/arende": {REG},
    "/personer/ny": {ADMIN},
    "/personer/handlaggare": {ADMIN},
    "/borta": CASE_ROLES,
    "/borta/{q}/sluta": CASE_ROLES,
    "/standardtexter": CASE_ROLES,
    "/fordelningsregler": {REG, ADMIN},
    "/listor": CASE_ROLES,
    "/overlamning": {CHEF, ADMIN},
    "/omorganisation": {ADMIN},
    "/oversyn": {REG},
    "/modell/tillbaka": {ADMIN},
    "/andra-system/ny": {ADMIN},
    "/andra-system/{q}/aterkalla": {ADMIN},
    "/andra-system/{q}/mottagare": {ADMIN},
    "/andra-system/mottagare/{q}/avsluta": {ADMIN},
    "/andra-system/mottagare/{q}/igen": {ADMIN},
    "/gallring": {REG},
    "/utdrag": {REG, GATA},
    "/brevmallar/svar/sv": {REG, ADMIN},
    "/brevmallar/svar/sv/prova": {REG, ADMIN},
    "/personer/vissel/nytt-losenord": {ADMIN},
    "/personer/vissel/tvasteg-av": {ADMIN},
    "/personer/vissel/koppla-loss": {ADMIN},
    "/personer/vissel/logga-ut": {ADMIN},
    "/personer/vissel/sparr": {ADMIN},
    "/personer/vissel/slutar": {ADMIN},
    "/konto/losenord": set(ROLES),
    "/konto/tvasteg": set(ROLES),
    "/konto/tvasteg-av": set(ROLES),
    "/konto/reservkoder": set(ROLES),
    "/konto/inloggningar/{q}/avsluta": set(ROLES),
}
LEFT_OUT = {
    "/",
    "/konto/logga-ut-overallt",
    "/logga-in",
    "/logga-ut",
    "/logga-in/kod",
    "/logga-in/kommunen",
    "/logga-in/svar",
    "/arenden/{case_id}/svara",
    "/arenden/{case_id}/fraga",
    "/arenden/{case_id}/meddelanden/{message_id}/original",
    "/arenden/{case_id}/brev/{entry_id}/html",
    "/inkommet/{message_id}",
    "/arenden/{case_id}/bilagor/{attachment_id}/sida/{number}",
    "/hjalp/{chapter}",
    "/hjalp/bild/{name}",
    "/gallring/{protocol_id}.csv",
    "/arenden/{case_id}/ratta",
    "/arenden/{case_id}/beslut/{paper_id}",
    "/{path:path}",
}


def shape(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path)


def routes_of(app) -> list[APIRoute]:
    found = []
    for route in app.routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None) or [route]
        found += [r for r in inner if isinstance(r, APIRoute)]
    return found


def all_routes(app) -> list[tuple[str, str]]:
    return [(method, route.path) for route in routes_of(app) for method in route.methods]


def test_the_tables_know_every_route(app) -> None:
    known = {shape(p) for p in (*PAGES, *OTHER_POSTS, *POSTS, *(f"/arenden/{{c}}{p}" for p in CASE_PAGES), *LEFT_OUT)}
    routes = all_routes(app)
    assert len(routes) > 40
    named = {
        shape(
            p.replace("/{user_id}/", "/vissel/")
            .replace("{user_id}", "handlaggare")
            .replace("{box}/{mail}", "0/0")
            .replace("{letter}/{language}", "svar/sv")
        )
        for _, p in routes
    }
    assert named - known == set()


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_to_those_of_the_table_only(surf, role: str) -> None:
    page = surf(role)
    seen = {path: page.get(path).status_code for path in PAGES}
    assert seen == {path: 200 if role in allowed else 403 for path, allowed in PAGES.items()}


def test_a_stranger_sees_the_log_in_page_alone(app, surf, house) -> None:
    case = h.lamp(house)
    page = surf()
    for method, path in all_routes(app):
        if path in _OPEN or method == "HEAD":
            continue
        filled = re.sub(r"\{[^}]+\}", case.id, path)
        answer = page.client.request(method, filled)
        silent = method == "POST" or path == "/att-fordela/lista"
        # Logging out and giving a code need a token and no person.
        expected = 403 if method == "POST" and path in ("/logga-ut", "/logga-in/kod") else 401 if silent else 303
        assert answer.status_code == expected, (method, path)
        assert case.number not in answer.text
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/logga-in")


def test_who_has_a_new_password_or_code_left_to_do_comes_to_nothing_else(app) -> None:
    """Nothing is read with a one-time password, which two know, nor with a password alone where codes are demanded."""
    early = {route.path for route in routes_of(app) if asked not in asking(route.dependant)}
    assert early == {*_OPEN, "/logga-in/kod", "/logga-ut", "/konto/losenord", "/konto/tvasteg"}


def asking(dependant: Dependant) -> Iterator[object]:
    """All that is asked before a page of it is made."""
    yield dependant.call
    for one in dependant.dependencies:
        yield from asking(one)


@pytest.fixture
def cases(house):
    lamp = h.lamp(house, attachments=(h.picture(),), html="<p>Hej</p>")
    return {"lamp": routed(house, lamp), "school": routed(house, h.school(house))}


def parts(house, case) -> dict[str, str]:
    with house.store.read() as tx:
        file = tx.case_file(case.id, h.SYSTEM)
    letter = next(e for e in file.letters if not e.internal)
    attachment = file.attachments[0].id if file.attachments else "ingen"
    return {"c": case.id, "m": file.messages[0].id, "a": attachment, "e": letter.id}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["lamp", "school"])
def test_a_case_is_read_by_those_with_a_need(house, surf, cases, role: str, name: str) -> None:
    page, ids = surf(role), parts(house, cases[name])
    for tail in CASE_PAGES if name == "lamp" else CASE_PAGES[:3]:
        answer = page.get(f"/arenden/{{c}}{tail}".format(**ids))
        expected = 200 if role in READERS[name] else 404 if role in CASE_ROLES else 403
        assert answer.status_code == expected, tail
        if expected != 200:
            assert cases[name].number not in answer.text
            assert cases[name].subject not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_what_they_may_not_read(house, surf, cases, role: str) -> None:
    page, ids = surf(role), parts(house, cases["school"])
    if role in READERS["school"]:
        return
    page.get("/brevlador")
    before = house.case(ids["c"])
    for path in POSTS:
        answer = page.post(path.format(**ids), version=before.version, text="x", skal="x", beslut="unit")
        assert answer.status_code in (403, 404), path
        assert cases["school"].number not in answer.text
    assert house.case(ids["c"]) == before


@pytest.mark.parametrize("role", ROLES)
def test_other_forms_are_for_those_of_the_table(surf, role: str) -> None:
    page = surf(role)
    page.get("/brevlador")
    for path, allowed in OTHER_POSTS.items():
        answer = page.post(path.format(**dict.fromkeys("lq", "ingen")))
        assert (answer.status_code != 403) == (role in allowed), path


def test_the_original_is_for_the_registrators_of_the_case(house, surf, cases) -> None:
    ids = parts(house, cases["lamp"])
    path = "/arenden/{c}/meddelanden/{m}/original".format(**ids)
    answer = surf("registrator").get(path)
    assert answer.content.startswith(b"Subject: ")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert surf("gataregistrator").get(path).status_code == 200
    assert surf("handlaggare").get(path).status_code == 403


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "keepers"), [("lamp", {REG, GATA}), ("school", {REG})])
def test_documents_are_handed_out_by_the_registrators_of_the_case(house, surf, cases, role, name, keepers) -> None:
    page, case = surf(role), cases[name]
    page.get(f"/arenden/{case.id}")
    expected = 200 if role in keepers else 403 if role in READERS[name] or role not in CASE_ROLES else 404
    assert page.get(f"/arenden/{case.id}/lamna-ut").status_code == expected
    assert page.post(f"/arenden/{case.id}/lamna-ut", gor="visa").status_code == expected


def test_no_part_of_one_case_is_reached_through_another(house, surf, cases) -> None:
    lamp, school = parts(house, cases["lamp"]), parts(house, cases["school"])
    page = surf("gataregistrator")
    for tail in ("meddelanden/{m}/html", "meddelanden/{m}/original", "brev/{e}/html", "brev/{e}/pdf"):
        assert page.get("/arenden/{}/".format(lamp["c"]) + tail.format(**school)).status_code == 404
        assert page.get("/arenden/{}/".format(school["c"]) + tail.format(**lamp)).status_code == 404
    page = surf("registrator")
    assert page.get(f"/arenden/{school['c']}/bilagor/{lamp['a']}").status_code == 404


def test_search_and_register_show_nothing_of_what_one_may_not_read(surf, cases) -> None:
    for role in (WORK, GATA, CHEF, SCHOOL, WHISTLE):
        page = surf(role)
        for path in ("/sok?q=rasten", "/sok?q=Nils", "/diarium", "/diarium.csv", "/enheten", "/forsenat"):
            text = page.get(path).text
            assert cases["school"].number not in text, (role, path)
            assert "blir slagen" not in text
    found = surf(REG).get("/sok?q=rasten").text
    assert cases["school"].number in found
    assert "blivit slagen" not in found, "that the letter is read is logged as its page is opened"


def test_the_register_hides_the_sender_and_the_words_of_a_protected_case(surf, cases) -> None:
    for path in ("/diarium", "/diarium.csv"):
        text = surf(REG).get(path).text
        assert "Skyddad avsändare" in text
        assert "Nils" not in text
        assert " slagen" not in text
        assert "Klagomål – grundskola och fritidshem" in text


def test_the_administrator_sees_no_content_anywhere(house, surf, cases) -> None:
    page = surf(ADMIN)
    for path in ("/utkorg", "/karantan", "/halsa", "/personer"):
        text = page.get(path).text
        for secret in ("berit@mejl.example", "nils@post.example", cases["lamp"].number, "Lingonstigen"):
            assert secret not in text, (path, secret)


def test_whistle_blowing_is_for_its_own_role_alone(house, surf) -> None:
    text = "Jag arbetar hos er och har sett hur chefen tar mutor."
    made = h.suggestion(text, h.Area.PERSONAL, 0.9, flags=((h.FlagKind.VISSELBLASNING, "tar mutor"),))
    case = house.letter("Missförhållande", text, made)
    for role in ROLES:
        page = surf(role)
        expected = 200 if role == WHISTLE else 404 if role in CASE_ROLES else 403
        assert page.get(f"/arenden/{case.id}").status_code == expected, role
        assert ("Missförhållande" in page.get("/att-fordela").text) == (role == WHISTLE), role


def test_what_a_recipient_of_whistle_blowing_confirmed_is_found_by_all_of_them_and_nobody_else(house, surf) -> None:
    made = h.suggestion("Mutor", h.Area.PERSONAL, 0.9, flags=((h.FlagKind.VISSELBLASNING, "Mutor"),))
    case = house.letter("Missförhållande", "Mutor", made)
    page = surf(WHISTLE)
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=house.case(case.id).version)
    assert house.case(case.id).unit_id
    for role in CASE_ROLES:
        assert (case.number in surf(role).get("/enheten").text) == (role == WHISTLE), role
    assert case.number not in surf(WHISTLE).get("/mina").text


def test_a_form_from_another_site_is_refused_even_with_the_token(surf) -> None:
    page = surf(REG)
    page.get("/nytt")
    fields = {"csrf": page.token, "kanal": "phone", "text": "Något"}
    for headers in ({"origin": "https://ond.example"}, {"sec-fetch-site": "cross-site"}):
        assert page.client.post("/nytt", data=fields, headers=headers).status_code == 403
    own = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert page.client.post("/nytt", data=fields, headers=own).status_code == 303


def test_what_another_site_sends_is_not_shown_as_if_it_were_typed_here(app, surf) -> None:
    """Their words on our page, to whoever a link of theirs leads here."""
    lure = {"text": "Ring 0999-12 34 56 och säg ditt lösenord så hjälper vi dig."}
    stranger = TestClient(app, base_url="http://127.0.0.1:8000")
    for client, status in ((stranger, 401), (surf(REG).client, 403)):
        for headers in ({"origin": "https://ond.example"}, {"sec-fetch-site": "cross-site"}):
            answer = client.post("/nytt", data=lure, headers=headers)
            assert (answer.status_code, "0999" in answer.text) == (status, False)
        assert "0999" in client.post("/nytt", data=lure).text


def test_nothing_changes_by_looking(app, surf, house, cases) -> None:
    page, ids = surf(REG), parts(house, cases["lamp"])
    page.get(f"/arenden/{ids['c']}")
    before = house.case(ids["c"])
    for path in POSTS:
        assert page.client.get(path.format(**ids)).status_code in (200, 404, 405)
    assert house.case(ids["c"]) == before


def test_a_register_too_long_for_one_file_says_so_and_is_never_cut(house, surf, monkeypatch) -> None:
    """Half a register that looks whole is worse than none (OSL 5:1)."""
    for _ in range(2):
        h.lamp(house)
    page = surf("registrator")
    monkeypatch.setattr("desk.views.overview.lists._MOST_EXPORTED", 1)
    answer = page.get("/diarium.csv")
    assert answer.status_code == 403
    assert "2 ärenden" in answer.text and "Välj" in answer.text
    monkeypatch.setattr("desk.views.overview.lists._MOST_EXPORTED", 2)
    assert len(page.get("/diarium.csv").content.splitlines()) == 3
