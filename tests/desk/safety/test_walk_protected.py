"""Every page, list, file and answer as everybody who may not read a protected case: none may change because of it.

The town is looked at before and after such cases come, are worked with, closed and erased, one for each flag. What
somebody sees must be the same to the letter: so nothing tells of a case, a count, a name, a unit or a moment. Routes
are found from the app itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from starlette.routing import Mount

from cases.api import ApiScope
from cases.case import Case, Outcome
from cases.people.access import SYSTEM, Grant, Role, User
from cases.records.public import OPEN_AREAS
from cases.records.retention import RetentionRule, RetentionRules
from cases.routing.areas import Area
from cases.routing.flags import FLAG_RULES, FlagKind
from cases.steps.answering.answer import answer_orally
from cases.steps.answering.closing import close
from cases.steps.joining import linking
from cases.steps.records import outside
from cases.steps.records.retention import dispose
from cases.steps.routing.confirm import confirm
from cases.steps.routing.suggested import as_suggested
from cases.steps.working import work
from config import load
from desk.app import create_app
from desk.outside import PublicSettings
from service.reports import statistics_page
from tests.desk import house as h
from tests.desk.asking import API, Asker
from tests.desk.conftest import Surfer
from tests.desk.kept_pages import with_kept_pages
from tests.desk.safety.test_access import PAGES, shape
from tests.desk.safety.test_walk_doors import doors, filled
from tests.desk.safety.walking import Map, walk

WHISTLE = FlagKind.VISSELBLASNING
FLAGS = tuple(FlagKind)
SEND = (ApiScope.CASES_READ, ApiScope.EVENTS_READ)
RULES = RetentionRules((RetentionRule("övriga", 2, "KS 2026/9", registered=True, protected=True),))
SECRET = re.compile(r"xq[a-zåäö]+\d", re.IGNORECASE)
"""A word of a protected letter, its sender, its file or of what was written about it."""


def _user(name: str, *grants: Grant) -> User:
    return replace(
        h.PEOPLE["registrator"], id=name, email=f"{name}@ekdala.example", name=name, grants=frozenset(grants)
    )


# Besides those of every town: the other nämnd's people, who handle what is protected here.
OTHERS = (
    _user("sonregistrator", Grant(Role.REGISTRATOR, "son")),
    _user("hemhandlaggare", Grant(Role.HANDLAGGARE, "hemtjanst")),
    _user("hemkollega", Grant(Role.HANDLAGGARE, "hemtjanst")),
    # Whoever reads both of two cases can say that they hang together.
    _user("allas", Grant(Role.REGISTRATOR), Grant(Role.REGISTRATOR, "son"), Grant(Role.VISSELMOTTAGARE)),
)
# Who may read none of it; without a name, everybody.
OUTSIDE = ("", "registrator", "hemkollega", "chef", "admin")
LATE = (FlagKind.BARN, FlagKind.SOCIALTJANST, FlagKind.SKYDDAD_IDENTITET, FlagKind.HOT_VALD, WHISTLE)
"""One for each thing a flag does, and the one with readers of its own."""
# Counts alone, for those who keep the machine going, and the protocol of what was erased, which holds numbers and days
# (arkivlagen 10 §): looked at for words.
COUNTED = re.compile(r"/(halsa|modell|utkorg|utkorg\.csv|overlamning|gallring|gallring/\w+\.csv)(\?.*)?")
NUMBER = "EK-2026-00010"
QUERIES = (
    "/sok?q=xqrubrik*", "/sok?q=Storgatan", f"/sok?q={NUMBER}", "/sok?q=hemlig.example", "/diarium?enhet=hemtjanst",
    "/diarium.csv?skyddat=ja", "/diarium?status=closed", "/diarium?amne=aldreomsorg", "/enheten?skyddat=ja",
    "/forsenat?skyddat=ja", "/att-fordela/lista?skyddat=ja", "/utdrag?epost=xqpost0@hemlig.example",
    "/utdrag?namn=Xqnamn0", "/statistik", "/statistik?period=2026", "/statistik?period=2026-H2&fil=csv",
    "/statistik?period=2026-H2&fil=tal", "/robots.txt",
    "/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom", "/oppet/arenden?enhet=hemtjanst",
    "/oppet/arenden?sok=ek",
)  # fmt: skip
API_PAGES = ("/cases", "/cases?unit=hemtjanst", "/cases?status=closed", "/events", "/openapi.json")
# Of no case, or a page that differs each time by itself.
NOT_SEEN = re.compile(r"/logga|/hjalp|/konto/|/brevmallar|/personer|/brevlador|/andra-system")
# What no page is found for, and mail that is no case's.
UNREACHED = {"/{}", "/inkommet/{}"}
_ONCE = re.compile(r'name="gang" value="[^"]*"')


@dataclass
class Town:
    """A municipality with everything switched on, and those who look at it from outside; ``doors`` are closed last."""

    house: h.House
    doors: ExitStack
    lamp: str = ""
    """A case of the street unit, which its people and the central registrator read."""

    def __post_init__(self) -> None:
        house = self.house
        self.people = h.PEOPLE | {one.id: one for one in OTHERS}
        with house.store.begin() as tx:
            for one in OTHERS:
                tx.add_user(one)
        report = SimpleNamespace(settings=load("demo", _ENVIRON), office=house.office, store=house.store)
        report.clock = house.clock
        areas = frozenset({*OPEN_AREAS, Area.ALDREOMSORG})
        public = PublicSettings(register=True, case_page=True, areas=areas, per_minute=10**6, url="https://x.example")
        settings = h.settings(public=public, api=API, retention=RULES, mailboxes_page=None)
        facts = {"store": house.store, "office": house.office, "classifier": None, "clock": house.clock}
        self.app = with_kept_pages(create_app(**facts, settings=settings, extra_pages=[statistics_page(report)]))
        self.where = Map(self.app)
        self.pages = {who: self._surfer(who) for who in ("", *self.people)}
        self.systems = [
            Asker(house, *SEND, units=("*",), name="alla"),
            Asker(house, *SEND, units=("hemtjanst",), name="hem"),
        ]
        self.systems.append(Asker(house, *ApiScope, units=("gata",), name="gata"))
        for one in self.systems:
            one.client = self.pages[""].client

    def _surfer(self, who: str) -> Surfer:
        page = Surfer(self.app)
        # One loop for all it asks: to begin one takes longer than many a page.
        self.doors.enter_context(page.client)
        if who:
            with self.house.store.begin() as tx:
                begun = self.app.state.desk.sessions.begin(tx, self.people[who], self.house.clock())
            page.client.cookies.set("lyhord", begun.token, domain="127.0.0.1", path="/")
        return page

    def letter(self, name: str, area: Area, flags: Iterable[FlagKind] = (), *, mark: str = "") -> Case:
        """A letter from somebody of this name; with ``mark`` every word of it is one that must not be seen."""
        body = f"Hemtjänsten på Storgatan kom inte. xqbrev{mark}" if mark else "Lyktan på Storgatan är trasig."
        made = h.suggestion(body, area, 0.9, flags=[(kind, "Storgatan") for kind in flags])
        files = (h.attached(f"xqbild{mark}.pdf", "application/pdf", b"%PDF-1.4\n"),) if mark else ()
        host = "hemlig" if mark else "mejl"
        sender = {"from_name": name, "from_addr": f"{name.lower().replace('namn', 'post')}@{host}.example"}
        subject = f"Xqrubrik{mark}" if mark else f"Fråga från {name}"
        return self.house.letter(subject, body, made, attachments=files, **sender)

    def step(self, case_id: str, who: str, do, *more: object) -> None:
        """One step of somebody with a case as it stands now."""
        with self.house.store.begin() as tx:
            version = tx.get_case(case_id, SYSTEM).version
            do(tx, case_id, version, *more, self.people[who], self.house.office, self.house.clock())

    def routed(self, case: Case, who: str = "registrator") -> None:
        """As suggested."""
        with self.house.store.begin() as tx:
            now = tx.get_case(case.id, SYSTEM)
            confirm(
                tx,
                case.id,
                as_suggested(now, self.house.office),
                self.people[who],
                self.house.office,
                self.house.clock(),
            )

    def seen(self, who: str) -> dict[str, tuple[object, ...]]:
        """Every page somebody comes to and every list asked for, as it is answered; pages of counts apart."""
        found, times = {}, Counter[str]()
        for path, answer in walk(self.pages[who], self.where, PAGES, times, 1, lambda path: bool(NOT_SEEN.match(path))):
            found[path] = _told(answer)
        return found | {path: _told(self.pages[who].client.get(path)) for path in QUERIES} | self._asked(who)

    def _asked(self, who: str) -> dict[str, tuple[object, ...]]:
        """What a form that looks for somebody answers."""
        page, fields = self.pages[who], {"gor": "hitta", "namn": "Xqnamn0"}
        page.get("/konto")
        return {"POST /utdrag": _told(page.post("/utdrag", **fields))} if who else {}

    def told(self, system: Asker) -> dict[str, tuple[object, ...]]:
        """All that another system can ask; how far the feed has come is everybody's."""
        answers = {path: _told(system.ask(path)) for path in API_PAGES}
        return {path: (*rest, re.sub(r'"next":\d+', "", body)) for path, (*rest, body) in answers.items()}

    def look(self, whom: Iterable[str]) -> dict[str, Mapping[str, tuple[object, ...]]]:
        """What these people and other systems see now."""
        return {who: self.seen(who) for who in whom} | {one.made.name: self.told(one) for one in self.systems}


_ENVIRON = {
    f"LYHORD_{name}": value
    for name, value in {
        "IMAP_HOST": "127.0.0.1", "IMAP_PORT": "1", "IMAP_USER": "u", "IMAP_PASSWORD": "p", "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "1", "DATABASE_URL": "sqlite://", "DESK_SECRET": "x" * 40, "DESK_PORT": "1",
        "DESK_URL": "http://127.0.0.1:8000",
    }.items()
}  # fmt: skip


def _told(answer) -> tuple[object, ...]:
    heads = ("location", "etag", "content-type", "content-disposition", "cache-control")
    return (answer.status_code, *(answer.headers.get(name) for name in heads), _ONCE.sub("", answer.text))


def changed(before: Mapping, after: Mapping) -> list[tuple[str, str]]:
    """Where somebody sees another thing than before; of pages that count alone, where a word of a letter stands."""
    found = []
    for who, pages in after.items():
        for path in sorted({*pages, *before[who]}):
            was, now = before[who].get(path), pages.get(path)
            if COUNTED.fullmatch(path):
                found += [(who, path)] if now and SECRET.search(str(now[-1])) else []
            elif was != now:
                found.append((who, path))
    return found


@pytest.fixture
def town(house: h.House) -> Iterator[Town]:
    with ExitStack() as doors:
        yield _furnished(Town(house, doors))


def _furnished(made: Town) -> Town:
    """What everybody may see, looked at once: what nobody has opened yet changes by being opened."""
    for name, area in (("Anders", Area.ALDREOMSORG), ("Cia", Area.VA_AVFALL)):
        made.routed(made.letter(name, area))
    made.routed(lamp := made.letter("Berit", Area.GATA_PARK))
    made.lamp = lamp.id
    unread = made.house.letter("Snabb fråga", "När öppnar biblioteket?", None, from_name="Gun")
    for case in (made.letter("Eva", Area.GRUNDSKOLA), unread):
        assert made.pages["registrator"].get(f"/arenden/{case.id}").status_code == 200
    return made


def _come(town: Town, kinds: Iterable[FlagKind] = FLAGS) -> list[tuple[FlagKind, str]]:
    """A letter for each of these flags, to the mailbox of the other nämnd; gives flag and case of each."""
    house = town.house
    office, house.office = house.office, replace(house.office, box_authorities={"synpunkter": "son"})
    marks = ((kind, str(FLAGS.index(kind))) for kind in kinds)
    came = [(kind, town.letter(f"Xqnamn{n}", Area.ALDREOMSORG, [kind], mark=n).id) for kind, n in marks]
    house.office = office
    return came


def _published(town: Town) -> list[tuple[FlagKind, str]]:
    """Cases without a flag that anybody may see with their words, and the flag that each gets later."""
    house, by, found = town.house, town.people["sonregistrator"], []
    for kind in LATE:
        case = town.letter("Xqnamn7", Area.ALDREOMSORG, mark="7")
        town.routed(case)
        with house.store.begin() as tx:
            subject = tx.get_case(case.id, SYSTEM).register_subject
            outside.publish(tx, case.id, subject, by, house.office, house.clock())
        found.append((kind, case.id))
    return found


def _keeper(kind: FlagKind) -> str:
    return "vissel" if kind is WHISTLE else "sonregistrator"


def _work(town: Town, cases: Iterable[tuple[FlagKind, str]]) -> None:
    """Routed, given to somebody, noted on, read by one who is let in for a while, and answered."""
    people, guest, told = town.people, town.people["hemkollega"], (town.house.office, town.house.clock())
    for kind, case_id in cases:
        keeper, owner = people[_keeper(kind)], people["vissel" if kind is WHISTLE else "hemhandlaggare"]
        town.routed(town.house.case(case_id), keeper.id)
        town.step(case_id, keeper.id, work.assign, owner)
        with town.house.store.begin() as tx:
            work.add_note(tx, case_id, "xqnot9 ringde Xqnamn9", keeper, *told)
            if kind is not WHISTLE:
                work.add_reader(tx, case_id, guest, "vikarie", keeper, *told)
                assert tx.get_case(case_id, town.house.office.viewer(guest))
                work.remove_reader(tx, case_id, guest, keeper, *told)
        town.step(case_id, owner.id, answer_orally, Outcome.ANSWERED, "Ringde xqnamn9.")


def _end(town: Town, cases: Iterable[tuple[FlagKind, str]], *, erased: bool) -> None:
    """Closed, and erased as if the years were gone."""
    for kind, case_id in cases:
        town.step(case_id, _keeper(kind), close, "xqsak9 lärde oss")
    if erased:
        with town.house.store.begin() as tx:
            dispose(tx, RULES, SYSTEM, "system", town.house.office, town.house.clock() + timedelta(days=3 * 366))


def _link(town: Town, cases: Iterable[tuple[FlagKind, str]]) -> None:
    """To a case that those outside read; every other is taken from it again."""
    told = (town.people["allas"], town.house.office, town.house.clock())
    with town.house.store.begin() as tx:
        for n, (_, case_id) in enumerate(cases):
            linking.link(tx, town.lamp, case_id, *told)
            if n % 2:
                linking.unlink(tx, town.lamp, case_id, *told)


def test_who_may_not_read_a_protected_case_sees_no_trace_of_it_as_long_as_it_lives(town: Town) -> None:
    """Some waiting, some answered, some closed, some erased; and some that everybody saw before their flag was set."""
    before = town.look(OUTSIDE)
    late = _published(town)
    seen = {path for _, path in changed(before, town.look(("",)))}
    assert {"/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom", "/cases", "/events"} <= seen
    for kind, case_id in late:
        town.step(case_id, "sonregistrator", work.set_flags, {kind}, "såg det sedan")
    cases, each = _come(town, FLAGS * 4), len(FLAGS)
    _work(town, cases[each:])
    _link(town, cases[each : 2 * each])
    _end(town, cases[-each:], erased=True)
    _end(town, cases[-2 * each : -each], erased=False)
    after = town.look(OUTSIDE)
    assert changed(before, after) == []
    routes = {path for method, path in town.where.all if method == "GET" and not path.startswith("/arenden/{}")}
    reached = {town.where.route("GET", path) for pages in after.values() for path in pages}
    assert {path for path in routes - reached if not NOT_SEEN.match(path)} == UNREACHED
    mounts = ((one.path, getattr(one.app, "routes", ())) for one in town.app.routes if isinstance(one, Mount))
    apart = {shape(at + one.path) for at, some in mounts for one in some if "GET" in (one.methods or ())}
    asked = {path.partition("?")[0] for path in (*QUERIES, *(f"/api/v1{path}" for path in API_PAGES))}
    assert apart - asked == {"/oppet/", "/oppet/mitt/{}", "/oppet/arenden/{}", "/api/v1/cases/{}"}, "see external/"


def _parts(town: Town, case: Case) -> dict[str, str]:
    """An id of the case for each parameter of an address below it."""
    with town.house.store.read() as tx:
        file = tx.case_file(case.id, SYSTEM)
    return {"c": case.id, "m": file.messages[0].id, "a": file.attachments[0].id, "e": file.letters[0].id}


def test_an_address_of_a_case_one_may_not_read_is_as_of_none(town: Town) -> None:
    """Every address below a case, and every form that takes the number of one."""
    tried = (("registrator", WHISTLE), ("hemkollega", FlagKind.SOCIALTJANST))
    come = dict(_come(town, [kind for _, kind in tried]))
    for who, kind in tried:
        page, hidden = town.pages[who], town.house.case(come[kind])
        ids = _parts(town, hidden)
        for path in (path for path in doors(town.app, "GET") if "{case_id}" in path):
            of_none = filled(path, ids | {"c": "0" * 32})
            told, none = (_told(page.client.get(one)) for one in (filled(path, ids), of_none))
            assert told[0] in (403, 404), path
            assert repr(told).replace(hidden.id, "0" * 32) == repr(none), path
        told, none = ([_told(one.ask(f"/cases/{of}")) for one in town.systems] for of in (hidden.id, "0" * 32))
        assert repr(told).replace(hidden.id, "0" * 32) == repr(none)
    page, number = town.pages["registrator"], town.house.case(come[WHISTLE]).number
    page.get(f"/arenden/{town.lamp}")
    for act in ("koppla", "sla-ihop"):
        fields = {"version": town.house.case(town.lamp).version}
        told, none = (page.post(f"/arenden/{town.lamp}/{act}", nummer=one, **fields) for one in (number, "EK-2026-9"))
        assert _ONCE.sub("", told.text).replace(number, "EK-2026-9") == _ONCE.sub("", none.text), act
        assert (told.status_code, "som du kan läsa" in told.text) == (none.status_code, True), act


def test_no_letter_names_a_flag_or_says_what_a_protected_case_is_about(town: Town) -> None:
    _work(town, come := _come(town))
    labels = [rule.label.lower() for rule in FLAG_RULES.values()] + ["visselbl", "skyddad identitet"]
    for kind, case_id in come:
        with town.house.store.read() as tx:
            letters = tx.letters_of(case_id)
        receivers = {"vissel@ekdala.example", "allas@ekdala.example"}
        assert {one.recipient for one in letters} == receivers or kind is not WHISTLE
        for one in letters:
            text = f"{one.letter.subject}\n{one.letter.text}\n{one.letter.html}"
            assert not SECRET.search(text), (kind, one.letter.kind)
            assert [label for label in labels if label in text.lower()] == [], (kind, one.letter.kind)
