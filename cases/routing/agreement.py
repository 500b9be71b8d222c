"""How the suggestions fare, in numbers a person can act on: agreement by unit and week, usual corrections, drift."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.calendar import local_day
from cases.routing.areas import Area
from cases.routing.learning import RoutedCase, SuggestedArea

LOW_CONFIDENCE = 0.5
"""Below this the desk calls a suggestion *osäker*."""
RECENT, BEFORE = timedelta(weeks=4), timedelta(weeks=16)
_LEAST = 50
# Usual limits for the population stability index: below 0.1 nothing has moved, above 0.25 much has.
_SOME, _MUCH = 0.1, 0.25
_MORE_UNSURE = 0.1
_FLOOR = 0.005


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """Between nought and one; nought of nothing is nought."""
        return self.hits / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class UnitWeeks:
    """One unit's agreement: all weeks together, and week by week in the order of ``Agreements.weeks``."""

    unit_id: str
    total: Share
    weeks: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Agreements:
    """Agreement by the unit a person chose. ``weeks`` are Mondays, oldest first; ``whole`` is all units together."""

    weeks: tuple[date, ...]
    whole: UnitWeeks
    units: tuple[UnitWeeks, ...]


def monday(moment: datetime) -> date:
    """The Monday of a moment's week, in Swedish time."""
    day = local_day(moment)
    return day - timedelta(days=day.weekday())


def agreements(routed: Sequence[RoutedCase], now: datetime, weeks: int) -> Agreements:
    """The last ``weeks`` weeks, this one included; units with most cases first."""
    last = monday(now)
    days = tuple(last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))
    within = [one for one in routed if monday(one.decided_at) in days]
    order = Counter(one.unit_id for one in within).most_common()
    units = tuple(_unit(unit, [one for one in within if one.unit_id == unit], days) for unit, _ in order)
    return Agreements(days, _unit("", within, days), units)


def _unit(unit_id: str, routed: Sequence[RoutedCase], days: Sequence[date]) -> UnitWeeks:
    each = tuple(_share([one for one in routed if monday(one.decided_at) == day]) for day in days)
    return UnitWeeks(unit_id, _share(routed), each)


def _share(routed: Sequence[RoutedCase]) -> Share:
    return Share(sum(one.agreed for one in routed), len(routed))


@dataclass(frozen=True, slots=True)
class Correction:
    """A usual mistake: how often one unit was suggested and another chosen."""

    suggested_unit: str
    unit_id: str
    count: int


def corrections(routed: Sequence[RoutedCase], most: int = 8) -> tuple[Correction, ...]:
    """The most usual corrections that came more than once, most first."""
    pairs = Counter((one.suggested_unit, one.unit_id) for one in routed if not one.agreed)
    return tuple(Correction(*pair, count) for pair, count in pairs.most_common(most) if count > 1)


def none_fitted(routed: Sequence[RoutedCase]) -> Share:
    """How often a person said that none of the suggested units was right."""
    return Share(sum(one.none_fits for one in routed), len(routed))


@dataclass(frozen=True, slots=True)
class Drift:
    """Whether the letters of the last four weeks are unlike those of the twelve before.

    ``unsure`` and ``unsure_before`` are shares of suggestions below `LOW_CONFIDENCE`; ``index`` is the population
    stability index of the suggested areas, None where there are too few letters to tell. ``words`` are Swedish.
    """

    unsure: Share
    unsure_before: Share
    index: float | None
    words: str
    moved: bool = False


def drift(suggested: Sequence[SuggestedArea], now: datetime) -> Drift:
    """The last four weeks against the twelve before them."""
    new = [one for one in suggested if one.at > now - RECENT]
    old = [one for one in suggested if now - BEFORE < one.at <= now - RECENT]
    unsure, before = _unsure(new), _unsure(old)
    if min(len(new), len(old)) < _LEAST:
        return Drift(unsure, before, None, "Det är för få brev ännu för att se om något har ändrats.")
    index = stability(new, old)
    words = [_area_words(index)]
    if unsure.value - before.value > _MORE_UNSURE:
        words.append("Modellen är oftare osäker än förut.")
    return Drift(unsure, before, index, " ".join(words), moved=index >= _SOME or len(words) > 1)


def _area_words(index: float) -> str:
    if index < _SOME:
        return "Breven handlar om ungefär samma saker som förut."
    if index < _MUCH:
        return "Breven handlar till en del om annat än förut."
    return "Breven handlar om tydligt annat än förut."


def _unsure(suggested: Sequence[SuggestedArea]) -> Share:
    return Share(sum(one.confidence < LOW_CONFIDENCE for one in suggested), len(suggested))


def stability(new: Sequence[SuggestedArea], old: Sequence[SuggestedArea]) -> float:
    """The population stability index: the sum over areas of (new - old) · ln(new / old); rare areas have a floor."""
    now, then = (Counter(one.area for one in part) for part in (new, old))
    pairs = ((max(now[a] / len(new), _FLOOR), max(then[a] / len(old), _FLOOR)) for a in Area)
    return sum((share - before) * math.log(share / before) for share, before in pairs)
