"""Gallring: which ended cases may be erased, and by which decision (arkivlagen 1990:782).

Keeping is the rule; nothing is erased without a decision of the authority that the municipality's file names, and never
what must be kept: a case in the diary, a protected one, one that another still open case hangs on.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from cases.calendar import local_day
from cases.case import OUTCOME_NAMES, Outcome
from cases.people.access import Viewer
from cases.records.disposal import Disposal, Erased
from cases.routing.suggestion import CASE_TYPE_NAMES, CaseType


class Spared(StrEnum):
    """Why a case that has ended long ago is kept all the same."""

    NO_RULE = "no_rule"
    TOO_YOUNG = "too_young"
    REGISTERED = "registered"
    PROTECTED = "protected"
    TIED = "tied"


SPARED_NAMES: dict[Spared, str] = {
    Spared.NO_RULE: "Ingen regel gäller dem",
    Spared.TOO_YOUNG: "Tiden har inte gått ut",
    Spared.REGISTERED: "De är diarieförda",
    Spared.PROTECTED: "De är skyddade",
    Spared.TIED: "De hör ihop med ett ärende som ska vara kvar",
}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Erase cases so many whole years after they ended, by a decision with a number.

    Empty ``types`` and ``outcomes`` mean any. ``registered`` and ``protected`` say that the decision covers cases in
    the diary, or protected ones, too.
    """

    id: str
    years: int
    decision: str
    types: frozenset[CaseType] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    registered: bool = False
    protected: bool = False

    @property
    def words(self) -> str:
        """The rule as the protocol says it."""
        kinds = ", ".join(sorted(CASE_TYPE_NAMES[one].lower() for one in self.types)) or "alla slag"
        ends = ", ".join(sorted(OUTCOME_NAMES[one].lower() for one in self.outcomes)) or "alla utfall"
        more = [word for word, on in (("även diarieförda", self.registered), ("även skyddade", self.protected)) if on]
        return "; ".join([f"{self.years} år efter avslut", kinds, ends, *more])


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """The rules in order, the first that fits a case counts; ``automatic`` lets the service carry them out alone."""

    rules: tuple[RetentionRule, ...] = ()
    automatic: bool = False
    loose: RetentionRule | None = None
    """For messages that never became a case: spam, robots, lists; by age alone."""


@dataclass(frozen=True, slots=True)
class EndedCase:
    """What the rules look at; nothing of the letter. ``tied`` are the ids of cases not erased that it hangs with."""

    id: str
    number: str
    registry_number: str
    type: CaseType | None
    outcome: Outcome | None
    received_at: datetime
    ended_at: datetime
    protected: bool
    version: int
    tied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EndedKind:
    """All that a rule looks at, alike in many cases: ``by`` is a day by which they had ended, None for none yet."""

    type: CaseType | None
    outcome: Outcome | None
    protected: bool
    registered: bool
    by: date | None


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case that may be erased, and the rule that says so."""

    case: EndedCase
    rule: RetentionRule


@dataclass(frozen=True, slots=True)
class DisposalPlan:
    """What would be erased now, and how many ended cases are kept for which reason."""

    due: tuple[DueCase, ...]
    spared: Mapping[Spared, int]
    loose: int = 0
    """Messages without a case."""

    @property
    def stamp(self) -> str:
        """Tells whether what is confirmed is what was shown: these cases as they stood, by these rules."""
        said = [f"{d.case.id}:{d.case.version}:{d.rule.decision}:{d.rule.words}" for d in self.due]
        return sha256("\n".join([*said, str(self.loose)]).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def count(self) -> int:
        """Cases and loose messages together."""
        return len(self.due) + self.loose


class Retention(Protocol):
    """What the store knows of ended cases, erasing and protocols."""

    def ended_cases(
        self,
        viewer: Viewer,
        before: datetime,
        limit: int,
        *,
        protected: bool = True,
        registered: bool = True,
        types: Collection[CaseType] = (),
    ) -> Sequence[EndedCase]:
        """Cases the viewer may read that ended before then and are not erased yet, the longest ended first.

        Without those that are ``protected``, or ``registered`` in the diary, where that is said; of these types alone.
        """

    def count_ended(self, viewer: Viewer, days: Sequence[date]) -> Mapping[EndedKind, int]:
        """How many ended cases that are not erased yet the viewer may read, by the first of ``days`` they had ended by.

        The days come in order.
        """

    def erase_case(self, case_id: str, token: str, at: datetime) -> Erased:
        """Take everything of a case but numbers, days, kind, area, unit and outcome. ``token`` replaces its own.

        Gone are the sender, raw mail, messages, attachments and what was read in them, letters out, decisions on paper,
        journal, flags, suggestions, drafts, imprints and search text. Bytes may linger in the file until ``scrub``.
        """

    def count_loose(self, before: datetime) -> int:
        """How many messages without a case came before then."""

    def erase_loose(self, before: datetime) -> Erased:
        """Take them, with their raw mail and attachments."""

    def add_disposal(self, disposal: Disposal) -> None:
        """Keep a protocol."""

    def disposals(self) -> Sequence[Disposal]:
        """Every protocol, newest first."""


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def last_days(rules: RetentionRules, today: date) -> Sequence[date]:
    """For each rule that takes any, in order, the latest day on which a case may have ended for it to go today."""
    return sorted({years_before(today, one.years) for one in rules.rules if one.years > 0})


def verdict(case: EndedCase, rules: RetentionRules, today: date) -> RetentionRule | Spared:
    """The rule by which a case is to be erased today, or why it is kept."""
    ended, registered = local_day(case.ended_at), bool(case.registry_number)
    return verdict_of(EndedKind(case.type, case.outcome, case.protected, registered, ended), rules, today)


def verdict_of(kind: EndedKind, rules: RetentionRules, today: date) -> RetentionRule | Spared:
    """The same of cases that are alike, by one of the ``last_days`` of these rules."""
    rule = _rule_for(kind, rules)
    if rule is None:
        return Spared.NO_RULE
    if kind.by is None or kind.by > years_before(today, rule.years):
        return Spared.TOO_YOUNG
    if kind.protected and not rule.protected:
        return Spared.PROTECTED
    if kind.registered and not rule.registered:
        return Spared.REGISTERED
    return rule


def _rule_for(kind: EndedKind, rules: RetentionRules) -> RetentionRule | None:
    """The first that fits, unless it says that such cases are kept."""
    rule = next((one for one in rules.rules if _fits(kind, one)), None)
    return rule if rule and rule.years > 0 else None


def _fits(kind: EndedKind, rule: RetentionRule) -> bool:
    return (not rule.types or kind.type in rule.types) and (not rule.outcomes or kind.outcome in rule.outcomes)


def make_plan(found: Sequence[EndedCase], rules: RetentionRules, today: date) -> DisposalPlan:
    """What the rules say of these cases today.

    A case that another stands for, or that is a part of another's letter, goes with that one and never before.
    """
    spared = Counter[Spared]()
    due: list[DueCase] = []
    for case in found:
        said = verdict(case, rules, today)
        if isinstance(said, Spared):
            spared[said] += 1
        else:
            due.append(DueCase(case, said))
    free = frozenset(whole([one.case for one in due]))
    if len(free) < len(due):
        spared[Spared.TIED] += len(due) - len(free)
    return DisposalPlan(tuple(one for one in due if one.case.id in free), dict(spared))


def whole(found: Sequence[EndedCase]) -> Mapping[str, datetime]:
    """The cases that hang with none but each other, however long the chain; by id, when the last of the chain ended."""
    free, before = list(found), len(found) + 1
    # Whom one hangs with that stays, stays too; and so on along the chain, until none is left that does.
    while len(free) < before:
        ids, before = {one.id for one in free}, len(free)
        free = [one for one in free if one.tied <= ids]
    return _last_ends(free)


def _last_ends(found: Sequence[EndedCase]) -> dict[str, datetime]:
    ends, ties = {one.id: one.ended_at for one in found}, {one.id: one.tied for one in found if one.tied}
    waiting = sorted(ties, key=lambda one: ends[one])
    while waiting:
        one = waiting.pop()
        for other in ties[one]:
            if ends[other] < ends[one]:
                ends[other] = ends[one]
                waiting.append(other)
    return ends
