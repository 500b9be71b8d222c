"""Who may read which case: a table of people by cases, asked of every page."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.case import Case, CaseStatus
from cases.errors import NotFound
from cases.journal import CaseEvent, EventKind, no_longer_linked
from cases.people.access import SYSTEM, Viewer
from cases.people.organisation import Authority
from cases.records.numbering import entry_text
from cases.routing.flags import FlagKind, FlagState
from cases.store.views import DiaryEntry, ListFilter, ListKind
from cases.ties import CaseTie, TieKind
from storage import SqlStore
from tests.storage.samples import NOW, case, flag, inbound, stored, viewer

WHISTLE = flag(FlagKind.VISSELBLASNING)
CASES = {
    "open": case("open", assignee_id="handl"),
    "flagged": case("flagged", flags=(flag(),), assignee_id="handl"),
    "cleared": case("cleared", flags=(flag(state=FlagState.CLEARED),)),
    "whistle": case("whistle", flags=(WHISTLE,), assignee_id="handl"),
    "received": case("received", status=CaseStatus.RECEIVED, unit_id="", assignee_id=""),
    "suggested": case("suggested", status=CaseStatus.SUGGESTED, unit_id="", flags=()),
    "suggested flagged": case("suggested flagged", status=CaseStatus.SUGGESTED, unit_id="", flags=(flag(),)),
    "first gata's": case("first gata's", status=CaseStatus.SUGGESTED, unit_id="", first_unit="gata", flags=()),
    "first gata's flagged": case(
        "first gata's flagged", status=CaseStatus.SUGGESTED, unit_id="", first_unit="gata", flags=(flag(),)
    ),
    "left gata": case("left gata", unit_id="skola", first_unit="gata", authority_id="bun"),
    "elsewhere": case("elsewhere", unit_id="skola", authority_id="bun"),
    "elsewhere flagged": case("elsewhere flagged", unit_id="skola", authority_id="bun", flags=(flag(),)),
}
PLAIN = {"open", "cleared", "suggested", "first gata's", "left gata", "elsewhere"}
OF_KS = {
    *("open", "flagged", "cleared", "received", "suggested", "suggested flagged"),
    *("first gata's", "first gata's flagged"),
}
OF_BUN = {"left gata", "elsewhere", "elsewhere flagged"}
OF_GATA = {"open", "flagged", "cleared"}
VIEWERS = {
    "the daemon": (SYSTEM, set(CASES)),
    "nobody": (Viewer("nobody"), set()),
    "a nameless one": (Viewer(""), set()),
    "one with empty scopes": (viewer("x", member_units={""}, chef_units={""}, diary_authorities={""}), set()),
    "a unit's member": (viewer("m", member_units={"gata"}), {"open", "cleared"}),
    "a unit's registrator": (viewer("r", registrator_units={"gata"}), OF_GATA | {"first gata's"}),
    "a unit's chef": (viewer("c", chef_units={"gata"}), OF_GATA),
    "the handläggare": (viewer("handl"), {"open", "flagged"}),
    "the diary of ks": (viewer("d", diary_authorities={"ks"}), OF_KS),
    "the diary of bun": (viewer("d", diary_authorities={"bun"}), OF_BUN),
    "a central registrator": (viewer("s", sees_unflagged=True), PLAIN),
    "central with the diary": (viewer("s", sees_unflagged=True, diary_authorities={"ks"}), OF_KS | PLAIN),
    "a whistle receiver": (viewer("w", whistle=True), {"whistle"}),
    "a reader added": (viewer("added"), {"flagged"}),
}


def _fill(store: SqlStore) -> None:
    with store.begin() as tx:
        for one in CASES.values():
            tx.add_case(one)
            tx.add_message(stored(one.id, inbound("En trasig gunga.")))
        for case_id in ("flagged", "whistle"):
            tx.add_reader(case_id, "added", "vikarie", NOW)
            tx.add_reader(case_id, "added", "vikarie", NOW)


def _may_get(store: SqlStore, one: Case, asker: Viewer) -> bool:
    with store.read() as tx:
        try:
            return tx.get_case(one.id, asker).id == tx.case_file(one.id, asker).case.id
        except NotFound:
            return False


@pytest.mark.parametrize("who", VIEWERS)
def test_every_page_shows_the_same_cases(store: SqlStore, who: str) -> None:
    _fill(store)
    asker, expected = VIEWERS[who]
    with store.read() as tx:
        listed = {line.id for line in tx.lines(ListKind.ALL, asker, ListFilter())}
        found = {hit.line.id for hit in tx.search("trasig gunga", asker)}
        glanced = {one.id for one in tx.glances(ListKind.ALL, asker, ListFilter())}
        named = {line.id for line in tx.lines_by_id(list(CASES), asker)}
        count = tx.count(ListKind.ALL, asker, ListFilter())
        to_route = {line.id for line in tx.lines(ListKind.TO_ROUTE, asker, ListFilter())}
    fetched = {name for name, one in CASES.items() if _may_get(store, one, asker)}
    assert listed == found == fetched == glanced == named == expected
    assert count == len(expected)
    assert to_route == {name for name in expected if CASES[name].status in (CaseStatus.RECEIVED, CaseStatus.SUGGESTED)}


KS = [Authority("ks", "Kommunstyrelsen", "KS", "KS {year}/{serial}")]
BUN = [Authority("bun", "Barn- och utbildningsnämnden", "BUN", "BUN {year}/{serial}")]


def test_who_keeps_a_diary_for_another_sees_its_numbers_and_no_more(store: SqlStore) -> None:
    """R18: the line of what they may not read alone, by day; whistle-blowing alike; of what has no number, none."""
    day = timedelta(days=1)
    theirs: dict[str, dict[str, Any]] = {
        "secret": {"flags": (flag(),)},
        "newer": {"flags": (flag(),), "received_at": NOW + day},
        "plain": {},
        "whistle": {"flags": (WHISTLE,)},
        "let read": {"flags": (flag(),)},
        "third": {"flags": (flag(),), "authority_id": "mbn"},
    }
    with store.begin() as tx:
        for name, more in theirs.items():
            tx.add_case(
                case(name, **{"unit_id": "skola", "authority_id": "bun", "registry_number": f"KS {name}", **more})
            )
        tx.add_case(case("unentered", unit_id="skola", authority_id="bun", flags=(flag(),)))
        tx.add_reader("let read", "d", "vikarie", NOW)
        keeper = viewer("d", diary_authorities={"ks"}, entered_authorities={"bun"}, sees_unflagged=True)
        entries = tx.diary_entries(keeper, KS, None, None, 9)
        assert [one.registry_number for one in entries] == ["KS newer", "KS whistle", "KS secret"]
        assert entries[2] == DiaryEntry("KS secret", NOW, "bun")
        of_ks_alone = tx.diary_entries(replace(keeper, sees_unflagged=False), KS, None, None, 9)
        assert {one.registry_number for one in of_ks_alone} == {"KS newer", "KS secret", "KS plain", "KS whistle"}
        assert [one.registry_number for one in tx.diary_entries(keeper, KS, NOW.date() + day, None, 9)] == ["KS newer"]
        assert list(tx.diary_entries(keeper, KS, None, NOW.date(), 9)) == entries[1:]
        assert tx.diary_entries(keeper, KS, None, None, 1) == [entries[0]]
        assert {line.id for line in tx.lines(ListKind.ALL, keeper, ListFilter())} == {"plain", "let read"}
        for other in (viewer("d", diary_authorities={"ks"}), Viewer("nobody"), viewer("w", whistle=True)):
            assert tx.diary_entries(other, KS, None, None, 9) == []
        of_bun = viewer("b", diary_authorities={"bun"})
        assert tx.diary_entries(of_bun, BUN, None, None, 9) == [], "it is in the diary of another"


def test_a_number_given_up_for_one_in_another_diary_stands_where_it_was_given(store: SqlStore) -> None:
    """R18: it left the diary without a line, and a whistle-blower's stood on none."""
    cases = {
        "read": {},
        "secret": {"flags": (flag(),)},
        "whistle": {"flags": (WHISTLE,)},
        "back": {"authority_id": "ks"},
    }
    with store.begin() as tx:
        for n, (name, more) in enumerate(cases.items(), 1):
            numbers = [f"KS 2026/{n}", f"BUN 2026/{n}", *([f"KS 2026/{n + 10}"] if name == "back" else [])]
            first = case(name, unit_id="skola", registry_number=numbers[0], **{"authority_id": "bun", **more})
            tx.add_case(first)
            tx.add_event(CaseEvent(f"{name}0", name, NOW, "r", EventKind.REGISTERED, entry_text(numbers[0])))
            for earlier, number in itertools.pairwise(numbers):
                first = tx.save_case(replace(tx.get_case(name, SYSTEM), registry_number=number))
                said = entry_text(number, earlier)
                tx.add_event(CaseEvent(f"{name}{number}", name, NOW, "r", EventKind.REGISTERED, said))

    def told(who: Viewer, kept: list[Authority]) -> dict[str, tuple[str, str]]:
        with store.read() as tx:
            found = tx.diary_entries(who, kept, None, None, 9)
        assert all(bool(one.now) == bool(one.now_of) and (one.moved or not one.case_id) for one in found)
        return {one.registry_number: (one.now or str(one.moved), one.case_id) for one in found}

    central = viewer("d", diary_authorities={"ks"}, sees_unflagged=True)
    at_ks = {"KS 2026/1": ("BUN 2026/1", "read"), "KS 2026/2": ("True", ""), "KS 2026/3": ("False", "")}
    back = {"KS 2026/4": ("KS 2026/14", "back")}
    assert told(central, KS) == at_ks | back
    unread = {"KS 2026/1": ("BUN 2026/1", "")}
    assert told(replace(central, sees_unflagged=False), KS) == at_ks | back | unread
    both = replace(central, entered_authorities=frozenset({"bun"}))
    assert told(both, KS)["KS 2026/2"] == ("BUN 2026/2", "")
    assert told(both, KS)["KS 2026/3"] == ("False", "")
    receiver = replace(central, whistle=True)
    assert told(receiver, KS)["KS 2026/3"] == ("BUN 2026/3", "whistle")
    of_bun = viewer("b", diary_authorities={"bun"})
    assert told(of_bun, BUN) == {"BUN 2026/3": ("False", ""), "BUN 2026/4": ("KS 2026/14", "")}


def test_what_is_merged_is_read_with_the_case_it_is_merged_into_and_with_no_other(store: SqlStore) -> None:
    mains = (case("gata's"), case("skola's", unit_id="skola", authority_id="bun"))
    ties = {
        "merged here": (CaseStatus.MERGED, [("gata's", TieKind.MERGED)]),
        "merged there": (CaseStatus.MERGED, [("skola's", TieKind.MERGED)]),
        "split here, merged there": (CaseStatus.MERGED, [("gata's", TieKind.SPLIT), ("skola's", TieKind.MERGED)]),
        "open again": (CaseStatus.REOPENED, [("gata's", TieKind.MERGED)]),
    }
    with store.begin() as tx:
        for one in mains:
            tx.add_case(one)
        for name, (status, hangs) in ties.items():
            tx.add_case(case(name, status=status, unit_id="", authority_id="son", assignee_id=""))
            for other, kind in hangs:
                tx.add_tie(CaseTie(name, other, kind, CaseStatus.ROUTED, NOW))
        asker = viewer("m", member_units={"gata"})
        listed = {line.id for line in tx.lines(ListKind.ALL, asker, ListFilter())}
    assert listed == {"gata's", "merged here"}


def test_other_cases_of_a_sender_are_only_those_one_may_read(store: SqlStore) -> None:
    sender = case().sender
    with store.begin() as tx:
        tx.add_case(case("c1", sender=sender))
        tx.add_case(case("c2", sender=sender, flags=(flag(),)))
        tx.add_case(case("c3", sender=sender))
        tx.link_cases("c1", "c2", "", NOW)
        file = tx.case_file("c1", viewer(member_units={"gata"}))
        assert ([line.id for line in file.same_sender], file.linked) == (["c3"], ())
        file = tx.case_file("c1", viewer(chef_units={"gata"}))
        assert ([line.id for line in file.same_sender], [line.id for line in file.linked]) == (["c3", "c2"], ["c2"])


def test_that_a_case_is_linked_is_told_and_found_by_those_who_may_read_both(store: SqlStore) -> None:
    plain, hidden = case("c1"), case("c2", flags=(WHISTLE,))
    both, one = Viewer("b", member_units=frozenset({"gata"}), whistle=True), viewer("m", member_units={"gata"})
    with store.begin() as tx:
        for this, other in ((plain, hidden), (hidden, plain)):
            tx.add_case(this)
            tx.add_event(CaseEvent(f"e{this.id}", this.id, NOW, "rut", EventKind.LINKED, other.number))
        tx.link_cases("c1", "c2", "", NOW)
        # Nor that it is no more.
        tx.add_event(CaseEvent("e3", "c1", NOW, "rut", EventKind.LINKED, no_longer_linked(hidden.number)))
        assert (tx.unlink_cases("c2", "c1"), tx.unlink_cases("c1", "c2")) == (True, False)
        assert tx.case_file("c1", both).linked == tx.case_file("c2", both).linked == ()
    with store.read() as tx:
        said = [hidden.number, no_longer_linked(hidden.number)]
        assert [event.text for event in tx.case_file("c1", both).events] == said
        assert tx.case_file("c1", one).events == ()
        assert [hit.line.id for hit in tx.search(hidden.number, both)] == ["c2"]
        assert tx.search(hidden.number, one) == []


def test_a_part_names_the_case_it_is_split_from_to_those_who_may_read_both(store: SqlStore) -> None:
    """And a merged case the one it is answered in; of ``S-20260`` no part is taken for ``S-2026``."""
    whole, part, main = case("c1", flags=(WHISTLE,), number="S-2026"), case("c2"), case("c3", number="S-20260")
    both, one = Viewer("b", member_units=frozenset({"gata"}), whistle=True), viewer("m", member_units={"gata"})
    said = {EventKind.SPLIT: "En del av brevet i S-2026. Resten finns där.", EventKind.ANSWERED: "I S-20260."}
    with store.begin() as tx:
        for this in (whole, part, main):
            tx.add_case(this)
        for other, tie in (("c1", TieKind.SPLIT), ("c3", TieKind.MERGED)):
            tx.add_tie(CaseTie("c2", other, tie, CaseStatus.ROUTED, NOW))
        for kind, text in said.items():
            tx.add_event(CaseEvent(f"e{kind}", "c2", NOW, "rut", kind, text))
    with store.read() as tx:
        assert [event.text for event in tx.case_file("c2", both).events] == [*said.values()]
        hidden = "En del av brevet i [annat ärende]. Resten finns där."
        assert [event.text for event in tx.case_file("c2", one).events] == [hidden, "I S-20260."]
        assert tx.search("S-2026", one) == []
        assert [hit.line.id for hit in tx.search("S-2026", both)] == ["c1"]
