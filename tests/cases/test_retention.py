"""Which ended cases go together, however many hang on each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.calendar import STOCKHOLM
from cases.case import Outcome
from cases.people.access import SYSTEM
from cases.records.retention import (
    DisposalPlan,
    DueCase,
    EndedCase,
    EndedKind,
    RetentionRule,
    RetentionRules,
    Spared,
    make_plan,
    verdict,
    whole,
)
from cases.routing.suggestion import CaseType
from cases.steps.records import retention

ENDED = datetime(2020, 1, 1, 12, tzinfo=UTC)
RULES = RetentionRules((RetentionRule("alla", 2, "KS/2026:9"),))
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def ended(number: int, *tied: int) -> EndedCase:
    """A case that ended so many days after the first of them, and hangs with these."""
    at, ties = ENDED + timedelta(days=number), frozenset(map(str, tied))
    return EndedCase(str(number), f"N-{number}", "", None, None, at, at, protected=False, version=1, tied=ties)


def chain(length: int, *beyond: int) -> list[EndedCase]:
    """Cases that each hang with the one before and the one after, the last with these too."""
    inner = [ended(n, *(one for one in (n - 1, n + 1) if 0 <= one < length)) for n in range(length - 1)]
    return [*inner, ended(length - 1, length - 2, *beyond)]


def test_a_chain_longer_than_python_counts_goes_as_one() -> None:
    """Thousands of complaints of one night are merged one into the other; a recursion ended at the thousandth."""
    found = chain(1200)
    assert set(whole(found).values()) == {found[-1].ended_at}
    plan = make_plan(chain(1200, 5000), RULES, date(2026, 11, 26))
    assert (plan.due, plan.spared) == ((), {Spared.TIED: 1200})


@pytest.mark.parametrize(("day", "said"), [(26, RULES.rules[0]), (27, Spared.TOO_YOUNG)])
def test_two_years_are_over_on_the_same_day_of_the_year(day: int, said: object) -> None:
    case = replace(ended(1), ended_at=datetime(2024, 11, day, 12, tzinfo=UTC))
    assert verdict(case, RULES, date(2026, 11, 26)) == said


@pytest.mark.parametrize(
    ("rule", "goes"),
    [
        ({}, True),
        ({"years": 0}, False),
        ({"types": frozenset({CaseType.KLAGOMAL})}, True),
        ({"types": frozenset({CaseType.BEROM})}, False),
        ({"outcomes": frozenset({Outcome.ACTED})}, True),
        ({"outcomes": frozenset({Outcome.NO_ACTION})}, False),
        ({"types": frozenset({CaseType.BEROM}), "outcomes": frozenset({Outcome.ACTED})}, False),
    ],
)
def test_a_rule_takes_the_kinds_and_outcomes_it_names_and_no_others(rule: dict[str, object], goes: bool) -> None:
    case = replace(ended(1), type=CaseType.KLAGOMAL, outcome=Outcome.ACTED)
    made = replace(RULES.rules[0], **rule)
    assert verdict(case, RetentionRules((made,)), date(2026, 11, 26)) == (made if goes else Spared.NO_RULE)


def test_a_list_in_which_anything_is_another_is_not_the_one_that_was_shown() -> None:
    """It was known by its number, its last case and the sum of all versions: another case could go unseen."""
    rule = RULES.rules[0]
    shown = DisposalPlan((DueCase(ended(1), rule), DueCase(ended(3), rule)), {})
    others = [
        replace(shown, due=(DueCase(ended(2), rule), shown.due[1])),
        replace(shown, due=(DueCase(ended(1), replace(rule, decision="KS/2027:1")), shown.due[1])),
        replace(shown, due=shown.due[:1]),
        replace(shown, due=()),
        replace(shown, loose=1),
    ]
    assert len({one.stamp for one in (shown, *others)}) == 6
    assert replace(shown, spared={Spared.NO_RULE: 1}).stamp == shown.stamp


class Told:
    """A store that tells of these cases."""

    def __init__(self, *found: EndedCase) -> None:
        self.found = found
        self.asked: list[tuple[datetime, dict[str, object]]] = []

    def ended_cases(self, _viewer: object, before: datetime, _limit: int, **but: object) -> tuple[EndedCase, ...]:
        self.asked.append((before, but))
        return tuple(one for one in self.found if one.ended_at < before)

    def count_ended(self, _viewer: object, days: Sequence[date]) -> dict[EndedKind, int]:
        return Counter(
            EndedKind(
                one.type,
                one.outcome,
                one.protected,
                bool(one.registry_number),
                next((day for day in days if one.ended_at.date() <= day), None),
            )
            for one in self.found
        )


def test_only_what_a_rule_may_take_is_read_and_the_rest_counted() -> None:
    """Every ended case there ever was came to the page and to the night's pass, then each old protected one."""
    young = replace(ended(2), ended_at=datetime(2025, 1, 1, tzinfo=UTC), type=CaseType.BEROM)
    told, kept = Told(ended(1), young), RetentionRule("kvar", 0, "KS/2026:9", frozenset({CaseType.BEROM}))
    plan = retention.disposal_plan(told, RULES, SYSTEM, NOW)  # type: ignore[arg-type]
    assert ([one.case.id for one in plan.due], plan.spared) == (["1"], {Spared.TOO_YOUNG: 1})
    plain = {"protected": False, "registered": False, "types": ()}
    assert told.asked == [(datetime(2024, 11, 27, tzinfo=STOCKHOLM), plain)]
    plan = retention.disposal_plan(told, RetentionRules((kept,)), SYSTEM, NOW)  # type: ignore[arg-type]
    assert (plan.due, plan.spared, len(told.asked)) == ((), {Spared.NO_RULE: 2}, 1)
    wide = RetentionRule("vida", 2, "KS/2026:9", frozenset({CaseType.BEROM}), registered=True, protected=True)
    retention.disposal_plan(told, RetentionRules((wide, replace(wide, years=5))), SYSTEM, NOW)  # type: ignore[arg-type]
    assert told.asked[-1][1] == {"protected": True, "registered": True, "types": {CaseType.BEROM}}


@pytest.mark.parametrize(
    ("found", "most", "gone"),
    [
        ((ended(1, 3), ended(2), ended(3, 1)), 3, ["1", "2", "3"]),
        ((ended(1, 3), ended(2), ended(3, 1)), 2, ["2"]),
        ((ended(1, 3), ended(3, 1)), 1, ["1"]),
    ],
)
def test_what_hangs_together_goes_in_one_go(
    monkeypatch: pytest.MonkeyPatch, found: tuple[EndedCase, ...], most: int, gone: list[str]
) -> None:
    """Of two cases that were one, the one went and the other stood for the rest of the day as if it were all."""
    monkeypatch.setattr(retention, "MOST_AT_ONCE", most)
    plan = retention.disposal_plan(Told(*found), RULES, SYSTEM, NOW)  # type: ignore[arg-type]
    assert [one.case.id for one in plan.due] == gone
