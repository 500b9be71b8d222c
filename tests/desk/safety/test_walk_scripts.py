"""A walk through every page of every role in a town of hostile texts, each form sent on the way: text stays text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import httpx
import pytest

from tests.desk.conftest import Surfer
from tests.desk.safety.test_access import PAGES
from tests.desk.safety.town import Town, furnish
from tests.desk.safety.walking import HOT, PLAIN, FoundForm, Map, acted_on, forms, walk

# Who walks, and the cases each begins at; the two other roles are shown the same templates.
WALKERS = {
    "registrator": ("waiting", "held", "hidden", "school", "main", "like", "doubt", "closed"),
    "handlaggare": ("mine", "unhappy", "closed"),
    "chef": ("lifted", "main"),
    "vissel": ("whistle",),
    "admin": (),
    "granskare": (),
}
# Pages no walk comes to: a new one is walked or named here, with why.
NOT_WALKED = {
    "/": "leads on",
    "/logga-in": "for strangers: the walk through the doors",
    "/logga-in/kod": "for who is half logged in",
    "/logga-in/kommunen": "without an identity provider nothing",
    "/logga-in/svar": "without an identity provider nothing",
    "/hjalp/bild/{}": "pictures of our own",
    "/arenden/{}/bilagor/{}/sida/{}": "a picture of a page, of a scanned letter alone",
    "/gallring/{}.csv": "numbers alone, and here nothing was disposed of",
    "/inkommet/{}": "the first tour makes a case of it",
    "/{}": "what no page is found for",
}
# Forms that took a hostile text or what it came with; what they keep is on the pages of the second tour.
ACCEPTED = {
    "/arenden/{}/" + name
    for name in (
        "anteckna", "avsandare", "avslag", "avsluta", "bekrafta", "brev/{}/igen", "brev/{}/stoppa", "dela", "fordela",
        "lage", "lamna-tillbaka", "lamna-ut", "lasare", "lyft", "markera", "muntligt-svar", "oppen-rubrik", "oppna",
        "ratta", "samma-handelse", "svara", "ta", "ta-isar", "tilldela",
    )
} | {
    "/nytt", "/borta", "/overlamning", "/personer/ny", "/inkommet/{}/arende", "/karantan/{}/igen",
}  # fmt: skip
_SKIPPED = re.compile(r"/logga-in|/hjalp/bild|/personer/(?!ny|xq7)")
_ENDS_THE_WALK = re.compile(r"/logga-ut|/konto/logga-ut-overallt")
# What takes a case away from its page comes after what does not.
_LATE = re.compile(
    r".*/(fordela|bekrafta|avsluta|lamna-tillbaka|tilldela|lyft|sla-ihop|samma-handelse|overlamning|sparr|slutar|ta"
    r"|muntligt-svar|markera)"
)


def tour(pages: dict[str, Surfer], where: Map, town: Town) -> Iterator[tuple]:
    """Every page of everybody: (who, address, answer)."""
    times = Counter[str]()
    for who, page in pages.items():
        times["/arenden/{}"] = -len(WALKERS[who])
        starts = [f"/arenden/{town.cases[one]}" for one in WALKERS[who]]
        starts += [*PAGES, "/personer/xq7", "/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom"]
        for path, answer in walk(page, where, starts, times, 2, lambda path: bool(_SKIPPED.match(path))):
            yield who, path, answer


def send(page: Surfer, path: str, form: FoundForm, button, text: str):
    """Send a form filled: as it was seen, or with its page opened again; None where the form is gone by now."""
    again = [form] if text == HOT else forms(page.get(path).text, path)
    same = next((one for one in again if one.key == form.key), None)
    if same is None:
        return None
    chosen = {button[0]: [button[1]]} if button else {}
    return page.client.post(same.action, data={**same.filled(text, hidden=text == HOT), **chosen})


def test_a_text_acts_on_no_page_of_anybody(house) -> None:
    town = furnish(house, HOT)
    app = town.desk()
    where, pages = Map(app), {who: Surfer(app, who) for who in WALKERS}
    places, wrong = defaultdict(list), []
    for who, path, answer in tour(pages, where, town):
        wrong += [("GET", who, path, what) for what in acted_on(answer)]
        for form in forms(answer.text, path) if "html" in answer.headers.get("content-type", "") else ():
            for button in form.buttons or [None]:
                places[where.route("POST", form.action), form.key, button].append((who, path, form))
    accepted = set()
    for (route, _, button), some in sorted(places.items(), key=lambda one: bool(_LATE.fullmatch(one[0][0]))):
        texts = (HOT, PLAIN) if some[0][2].writable else (PLAIN,)
        for text in texts if not _ENDS_THE_WALK.match(route) else ():
            sent = ((who, path, send(pages[who], path, form, button, text)) for who, path, form in some[:3])
            who, path, answer = next((one for one in sent if one[2] is not None), ("", "", None))
            if answer is not None:
                wrong += [("POST", who, route, what) for what in acted_on(answer)]
                accepted |= {route} if answer.status_code in (200, 303) else set()
    visited = set()
    for who, path, answer in tour(pages, where, town):
        wrong += [("GET", who, path, what) for what in acted_on(answer)]
        visited |= {where.route("GET", path)} if answer.status_code == 200 else set()
    assert wrong == []
    assert {path for method, path in where.all if method == "GET"} - visited - set(NOT_WALKED) == set()
    assert ACCEPTED - accepted == set(), "the walk must have left its texts behind"
    assert "&lt;xq7" in pages["registrator"].get(f"/arenden/{town.cases['closed']}").text


def _answer(content: str, kind: str, **headers: str) -> httpx.Response:
    ours = {"content-type": kind, "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'"}
    return httpx.Response(200, headers={**ours, **headers}, text=content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"<p>{HOT}", "text/html"),
        (f'<p title="{HOT}">', "text/html"),
        ("<a href=' javascript:xq7'>x</a>", "text/html"),
        ("<p>7014007</p>", "text/html"),
        ("<script src=//ond.example/x.js></script>", "text/html"),
        (f'rubrik;"{HOT}"'.replace('\\"', ""), "text/csv"),
        ("a;-1+1", "text/csv"),
        ("<feed><xq7/></feed>", "application/atom+xml"),
    ],
)
def test_the_check_for_what_acts_can_fail(content: str, kind: str) -> None:
    answer = _answer(content, kind)
    assert acted_on(answer) != []
    answer.headers["content-type"] = "text/plain"
    assert acted_on(answer) == []


@pytest.mark.parametrize("target", ["https://ond.example", "//ond.example", "/\\ond.example", "/x\\y", "x", "/a b"])
def test_the_check_for_strange_ways_can_fail(target: str) -> None:
    assert acted_on(_answer("", "text/plain", location=target)) != []
