"""Lists: what each holds, in which order, narrowed how."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cases.case import ENDED, Case, CaseStatus
from cases.journal import CaseEvent, EventKind
from cases.people.access import SYSTEM, Grant, Role, User
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from cases.store.views import ListFilter, ListKind, ListOrder, MeantUnit, OrderKey
from storage import SqlStore
from tests.storage.samples import NOW, case, flag, inbound, later, stored, suggestion, viewer

S = CaseStatus


def due(day: int, **other: Any) -> dict[str, Any]:
    return {"deadlines": (Deadline(PromiseKind.ANSWER, date(2026, 12, day)),), **other}


def ids(store: SqlStore, kind: ListKind, asker: Any = SYSTEM, **filters: Any) -> list[str]:
    with store.read() as tx:
        found = [line.id for line in tx.lines(kind, asker, ListFilter(**filters))]
        everything = tx.count(kind, asker, ListFilter(**{**filters, "limit": 1, "offset": 0}))
    assert everything >= len(found)
    return found


def fill(store: SqlStore, *found: Case) -> None:
    with store.begin() as tx:
        for one in found:
            tx.add_case(one)


def test_a_unit_that_a_suggestion_means(store: SqlStore) -> None:
    """By area where no unit is named; by name, whatever the area; as the first letter's latest suggestion says."""
    said: dict[str, list[list[str]]] = {
        "by area": [[""]],
        "named": [["park"]],
        "elsewhere": [["skola"]],
        "changed": [["skola", "park"]],
        "gone": [["avskaffad"]],
        "by its first letter": [["park"], ["skola"]],
        "a name that only begins alike": [["parkering"]],
    }
    areas = dict.fromkeys(said, Area.GATA_PARK) | {"named": Area.KANSLI, "changed": Area.KANSLI}
    fill(store, case("routed", area=Area.GATA_PARK, unit_id="skola"), case("unread", area=None, unit_id=""))
    fill(store, *(case(one, area=area, unit_id="") for one, area in areas.items()))
    with store.begin() as tx:
        for one, letters in said.items():
            for number, units in enumerate(letters):
                tx.add_message(stored(one, id=f"{one} {number}", received_at=later(number)))
                for unit in units:
                    sure = 0.8 if unit else 0.0
                    tx.add_suggestion(one, f"{one} {number}", suggestion(unit_id=unit, unit_confidence=sure), NOW)
    meant = MeantUnit(frozenset({Area.GATA_PARK}), frozenset({"park"}), frozenset({"skola", "parkering"}))
    found = {"by area", "named", "changed", "gone", "by its first letter"}
    assert set(ids(store, ListKind.ALL, unit_id="park", meant=meant)) == found
    assert ids(store, ListKind.ALL, unit_id="park") == []
    assert ids(store, ListKind.ALL, unit_id="skola") == ["routed"]


@pytest.mark.parametrize("status", list(S))
def test_which_lists_hold_a_status(store: SqlStore, status: CaseStatus) -> None:
    fill(store, case("placed", status=status), case("lost", status=status, unit_id=""))
    waiting = status in (S.RECEIVED, S.SUGGESTED)
    lost = ["lost"] if waiting or status is S.REOPENED else []
    assert sorted(ids(store, ListKind.TO_ROUTE)) == lost + (["placed"] if waiting else [])
    assert sorted(ids(store, ListKind.OPEN)) == ([] if status in ENDED else ["lost", "placed"])
    assert ids(store, ListKind.UNIT) == ([] if status in ENDED else ["placed"])
    assert sorted(ids(store, ListKind.ALL)) == ["lost", "placed"]


def test_oldest_promise_first_then_serious_then_oldest_letter(store: SqlStore) -> None:
    waiting = {"status": S.SUGGESTED, "unit_id": ""}
    fill(
        store,
        case("no promise", deadlines=(), **waiting),
        case("third", **due(3, **waiting)),
        case("second", **due(3, **waiting), received_at=later(-5)),
        case("first", **due(3, **waiting), severity=Severity.ALLVARLIG),
        case("zeroth", **due(2, **waiting)),
    )
    assert ids(store, ListKind.TO_ROUTE) == ["zeroth", "first", "second", "third", "no promise"]
    assert ids(store, ListKind.TO_ROUTE, limit=2, offset=1) == ["first", "second"]


def test_cases_of_one_second_follow_their_numbers(store: SqlStore) -> None:
    """As numbers count: 10 comes after 9, however the ids fall."""
    numbers = {"b": "EK-9", "c": "EK-10", "a": "EK-11"}
    fill(store, *(case(one, number=number, assignee_id="u1") for one, number in numbers.items()))
    assert ids(store, ListKind.ALL) == ["a", "c", "b"]
    assert ids(store, ListKind.MINE, viewer("u1")) == ["b", "c", "a"]
    assert ids(store, ListKind.OPEN) == ["b", "c", "a"]


@pytest.mark.parametrize("kind", [ListKind.ALL, ListKind.OPEN])
@pytest.mark.parametrize(
    ("key", "forth", "back"),
    [
        (OrderKey.NUMBER, "cabde", "edbac"),
        (OrderKey.RECEIVED, "bdace", "ecadb"),
        (OrderKey.DUE, "cadbe", "dbcae"),
        # By the units' names, and what has none of them last either way.
        (OrderKey.UNIT, "dbcae", "cadbe"),
        (OrderKey.STATUS, "edbca", "cadbe"),
    ],
)
def test_a_list_is_sorted_by_its_columns_and_paged(
    store: SqlStore, kind: ListKind, key: OrderKey, forth: str, back: str
) -> None:
    """What is alike stands as the list has it by itself: newest first in the register, oldest in work."""
    fill(
        store,
        case("a", number="EK-9", unit_id="gata", received_at=later(3), status=S.DELAYED, **due(2)),
        case("b", number="EK-10", unit_id="skola", received_at=later(1), **due(3)),
        case("c", number="EK-8", unit_id="gata", received_at=later(4), status=S.DELAYED, **due(2)),
        case("d", number="EK-11", unit_id="skola", received_at=later(2), **due(3)),
        case("e", number="EK-12", unit_id="", received_at=later(5), status=S.SUGGESTED, deadlines=()),
    )
    turned = kind is ListKind.OPEN and key not in (OrderKey.NUMBER, OrderKey.RECEIVED)
    for backwards, expected in ((False, forth), (True, back)):
        order = ListOrder(key, backwards, ("skola", "gata"))
        paged = [one for n in range(3) for one in ids(store, kind, order=order, limit=2, offset=2 * n)]
        assert "".join(paged) == expected.translate(str.maketrans("abcd", "cdab") if turned else {})


def test_the_register_by_unit_ends_with_units_that_are_no_more_and_then_with_none(store: SqlStore) -> None:
    fill(
        store,
        case("a", number="EK-9", unit_id="gata", received_at=later(3), status=S.DELAYED),
        case("b", number="EK-10", unit_id="borta", received_at=later(1)),
        case("c", number="EK-8", unit_id="gata", received_at=later(4)),
        case("d", number="EK-11", unit_id="", received_at=later(2), status=S.SUGGESTED),
    )
    by_unit, by_status = ListOrder(OrderKey.UNIT, units=("skola", "gata")), ListOrder(OrderKey.STATUS)
    assert ids(store, ListKind.ALL, order=by_unit) == ["c", "a", "b", "d"]
    assert ids(store, ListKind.ALL, order=by_unit, limit=1, offset=3) == ["d"]
    assert ids(store, ListKind.ALL, order=by_unit, unit_id="gata") == ["c", "a"]
    assert ids(store, ListKind.ALL, order=by_unit, unit_id="borta") == ["b"]
    assert ids(store, ListKind.ALL, order=by_status, unit_id="gata") == ["c", "a"]
    assert ids(store, ListKind.ALL, order=by_status, status=S.DELAYED) == ["a"]


def test_a_promise_kept_no_longer_counts(store: SqlStore) -> None:
    kept = Deadline(PromiseKind.STATUS, date(2026, 12, 1), met_at=NOW)
    fill(store, case("c1", deadlines=(kept, Deadline(PromiseKind.ANSWER, date(2026, 12, 9)))), case("c2", **due(5)))
    with store.read() as tx:
        lines = tx.lines(ListKind.OPEN, SYSTEM, ListFilter())
    assert [(line.id, line.due) for line in lines] == [("c2", date(2026, 12, 5)), ("c1", date(2026, 12, 9))]


def test_late_is_open_and_due_before_the_day(store: SqlStore) -> None:
    fill(
        store,
        case("late", **due(4)),
        case("today", **due(5)),
        case("ended", **due(4), status=S.CLOSED),
        case("never", deadlines=()),
    )
    assert ids(store, ListKind.LATE, late_on=date(2026, 12, 5)) == ["late"]
    with pytest.raises(ValueError, match="late_on"):
        ids(store, ListKind.LATE)
    # A day that the law gives counts where it is nearer, and where nothing is promised.
    law = (("today", date(2026, 12, 3)), ("never", date(2026, 12, 2)), ("late", date(2026, 12, 9)))
    assert ids(store, ListKind.LATE, late_on=date(2026, 12, 5), law=law) == ["never", "today", "late"]
    by_due = ListOrder(OrderKey.DUE, backwards=True)
    assert ids(store, ListKind.OPEN, law=law, order=by_due) == ["late", "today", "never"]


def test_mine_and_my_units(store: SqlStore) -> None:
    fill(
        store,
        case("mine", assignee_id="u1"),
        case("done", assignee_id="u1", status=S.CLOSED),
        case("kansli", unit_id="kansli"),
        case("skola", unit_id="skola"),
        case("nobodys", unit_id=""),
    )
    assert ids(store, ListKind.MINE, viewer("u1")) == ["mine"]
    assert ids(store, ListKind.MINE, viewer("")) == ids(store, ListKind.UNIT, viewer("u9")) == []
    two = viewer("u9", member_units={"gata"}, chef_units={"kansli"}, sees_unflagged=True)
    assert sorted(ids(store, ListKind.UNIT, two)) == ["kansli", "mine"]
    assert ids(store, ListKind.UNIT, two, unit_id="kansli") == ["kansli"]
    assert ids(store, ListKind.UNIT, two, unit_id="skola") == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": CaseType.FRAGA}, ["c1"]),
        ({"area": Area.KOST}, ["c1"]),
        ({"status": S.DELAYED}, ["c1"]),
        ({"protected": True}, ["c1"]),
        ({"protected": False}, ["c2"]),
        ({"track": "jo"}, ["c1"]),
        ({"unit_id": "kost"}, ["c1"]),
        ({}, ["c1", "c2"]),
        ({"unit_id": "kost", "protected": False}, []),
    ],
)
def test_filters(store: SqlStore, filters: dict[str, Any], expected: list[str]) -> None:
    one = case("c1", type=CaseType.FRAGA, area=Area.KOST, status=S.DELAYED, track="jo", unit_id="kost")
    fill(store, replace(one, flags=(flag(FlagKind.BARN),), received_at=later(1)), case("c2"))
    assert ids(store, ListKind.ALL, **filters) == expected
    with store.read() as tx:
        assert tx.count(ListKind.ALL, SYSTEM, ListFilter(**filters)) == len(expected)


def test_days_are_those_of_the_swedish_calendar(store: SqlStore) -> None:
    midnight_in_summer = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    fill(store, case("july", received_at=midnight_in_summer))
    fill(store, case("june", received_at=midnight_in_summer.replace(hour=21, minute=59)))
    assert ids(store, ListKind.ALL, since=date(2026, 7, 1)) == ["july"]
    assert ids(store, ListKind.ALL, until=date(2026, 6, 30)) == ["june"]
    assert ids(store, ListKind.ALL, since=date(2026, 6, 30), until=date(2026, 7, 1)) == ["july", "june"]


def test_a_line_says_all_it_should(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_user(User("u1", "anna@osby.example", "Anna Ek", "", frozenset({Grant(Role.HANDLAGGARE)})))
        tx.add_case(
            case(
                assignee_id="u1",
                unit_id="",
                flags=(flag(),),
                registry_number="KS/2026:1",
                area=Area.KANSLI,
                language="so",
            )
        )
        first = inbound("Hej\nFörst  skrev\njag detta\n\n" + "x" * 400)
        tx.add_message(stored("c1", inbound("Sedan detta."), id="m2", received_at=later(5)))
        tx.add_message(stored("c1", first, id="m1"))
        tx.add_message(stored("c1", inbound("Från oss."), direction="out", received_at=later(-5)))
        tx.add_suggestion("c1", "m1", suggestion(areas=()), NOW)
        tx.add_suggestion("c1", "m1", suggestion(), NOW)
        tx.add_suggestion("c1", "m2", suggestion(areas=()), NOW)
    with store.read() as tx:
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
    assert line.assignee_name == "Anna Ek"
    assert (line.area, line.area_confidence, line.flags) == (Area.KANSLI, 0.25, (flag(),))
    assert (line.number, line.registry_number, line.protected, line.language) == ("EK-2026-c1", "KS/2026:1", True, "so")
    assert line.excerpt.startswith("Hej. Först skrev jag detta. xxx")
    assert len(line.excerpt) == 240
    assert line.due == date(2026, 12, 1)


def test_counts_for_health(store: SqlStore) -> None:
    fill(store, case("c1"), case("c2"), case("c3", status=S.CLOSED))
    with store.read() as tx:
        counts = tx.state_counts()
    assert (counts["cases.assigned"], counts["cases.closed"], counts["loose"]) == (2, 1, 0)


def test_counting_stops_where_it_is_told_to(store: SqlStore) -> None:
    fill(store, *(case(f"c{n}") for n in range(5)))
    with store.read() as tx:
        counts = [tx.count(ListKind.ALL, SYSTEM, ListFilter(limit=1), most) for most in (None, 3, 5, 9)]
    assert counts == [5, 3, 5, 5]


def test_the_latest_of_some_kinds_in_each_journal(store: SqlStore) -> None:
    fill(store, case("c1"), case("c2"), case("c3"))
    said = [("c1", EventKind.UNHAPPY, 2), ("c1", EventKind.ANSWERED, 1), ("c1", EventKind.NOTE, 3)]
    with store.begin() as tx:
        for n, (case_id, kind, hours) in enumerate([*said, ("c2", EventKind.NOTE, 1), ("c3", EventKind.UNHAPPY, 1)]):
            tx.add_event(CaseEvent(f"e{n}", case_id, later(hours), "system", kind, ""))
        found = tx.last_of(["c1", "c2"], {EventKind.UNHAPPY, EventKind.ANSWERED})
    assert found == {"c1": EventKind.UNHAPPY}
