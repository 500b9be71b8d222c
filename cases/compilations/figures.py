"""The figures of a compilation: counts with small cells withheld, shares of promises kept, medians in working days."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from cases.calendar import WorkingCalendar, local_day
from cases.compilations.reporting import Agreement, Asked, ReportCase
from cases.promises import Deadline, PromiseKind

SMALLEST = 5
"""A count from one up to but not this is withheld in statistics: it could point somebody out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table of counts; ``count`` None is withheld, which is not the same as none."""

    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise was kept, of ``promised`` cases whose day has come; shares 0 to 1, None where withheld.

    ``in_time`` is by the first day promised, ``as_told`` by that or a later day the citizen was told of (R5), of the
    cases whose later day has come as well.
    """

    kind: PromiseKind
    promised: int | None
    in_time: float | None
    as_told: float | None


@dataclass(frozen=True, slots=True)
class Median:
    """The middle time, in working days after the day of receipt, of ``count`` cases; None where withheld or none."""

    count: int | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How often the first routing to a unit was as suggested, of ``count``; the share 0 to 1, None where withheld."""

    label: str
    count: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Helped:
    """How many were asked whether an answer of a unit was of help, how many said so or not, and the share it helped.

    The share is 0 to 1 of those who answered, None where nobody did; what is withheld is None.
    """

    label: str
    asked: int | None
    answered: int | None
    share: float | None


def shown(count: int) -> int | None:
    """The count, or None where it is small."""
    return None if 0 < count < SMALLEST else count


def shield(counts: Mapping[str, int], group_of: Callable[[str], str] = lambda _key: "") -> dict[str, int | None]:
    """The counts with small ones withheld, and others with them so that no sum gives them away.

    In each group, and in the whole, what is withheld is nothing, or at least two cells that make ``SMALLEST`` together
    (where there are others to withhold): a total less what is shown tells no small count.
    """
    hidden = {key for key, count in counts.items() if shown(count) is None}
    before = -1
    # What the whole withholds besides may be alone in its own group, so that both are looked at until nothing is added.
    while len(hidden) > before:
        before = len(hidden)
        for group in sorted({group_of(key) for key in hidden}):
            _widen(hidden, {key: count for key, count in counts.items() if group_of(key) == group})
        _widen(hidden, counts)
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown_part(counts: Mapping[str, int], part: Collection[str]) -> int | None:
    """The sum of some counts; None where it, the whole and what ``shield`` shows together tell a small one."""
    hidden = {key for key, count in shield(counts).items() if count is None}
    inside = [counts[key] for key in hidden if key in part]
    outside = [counts[key] for key in hidden if key not in part]
    told = any(side and (len(side) < 2 or sum(side) < SMALLEST) for side in (inside, outside))
    return None if told else shown(sum(count for key, count in counts.items() if key in part))


def _widen(hidden: set[str], counts: Mapping[str, int]) -> None:
    inside = {key for key in counts if key in hidden}
    others = sorted((count, key) for key, count in counts.items() if count and key not in hidden)
    while others and inside and (len(inside) < 2 or sum(counts[key] for key in inside) < SMALLEST):
        key = others.pop(0)[1]
        inside.add(key)
        hidden.add(key)


def figures(
    values: Iterable[str],
    labels: Mapping[str, str],
    group_of: Callable[[str], str] = lambda _key: "",
    *,
    zeros: bool = False,
) -> tuple[Figure, ...]:
    """How many of each value, as rows in the order of ``labels``; without ``zeros`` only what there is."""
    counts = Counter(values)
    kept = shield(counts, group_of)
    return tuple(Figure(label, kept.get(key, 0)) for key, label in labels.items() if zeros or counts[key])


def promises_kept(cases: Sequence[ReportCase], today: date) -> tuple[Kept, ...]:
    """The share kept of each promise made, of those kept already or whose day is past."""
    found = []
    for kind in PromiseKind:
        made = [days for case in cases if (days := [d for d in case.deadlines if d.kind is kind])]
        if made:
            found.append(_kept(kind, made, today))
    return tuple(found)


def _kept(kind: PromiseKind, made: Sequence[Sequence[Deadline]], today: date) -> Kept:
    first = [kept for days in made if (kept := _met(days[0], today)) is not None]
    told = [kept for days in made if (kept := _as_told(days, today)) is not None]
    return Kept(kind, shown(len(first)), _share(first), _share(told))


def _share(kept: Sequence[bool]) -> float | None:
    return sum(kept) / len(kept) if shown(len(kept)) else None


def _as_told(days: Sequence[Deadline], today: date) -> bool | None:
    """Whether each answer came by the last day told before it; None where no such day has come.

    After an answer that was not enough another day may be told. What one answer kept has one moment.
    """
    last: dict[datetime | None, Deadline] = {}
    for one in days:
        last[one.met_at] = max(one, last.get(one.met_at, one), key=lambda deadline: deadline.due)
    kept = [found for one in last.values() if (found := _met(one, today)) is not None]
    return all(kept) if kept else None


def _met(deadline: Deadline, today: date) -> bool | None:
    """Whether it was kept by its day; None while it may be."""
    if deadline.met_at is None:
        return False if deadline.due < today else None
    return local_day(deadline.met_at) <= deadline.due


def median_days(
    cases: Iterable[ReportCase], end: Callable[[ReportCase], datetime | None], calendar: WorkingCalendar
) -> Median:
    """The median of working days from receipt to ``end``, over the cases that came that far."""
    days = [
        calendar.working_days_between(local_day(case.received_at), local_day(moment))
        for case in cases
        if (moment := end(case)) is not None
    ]
    count = shown(len(days))
    return Median(count, float(median(days)) if count else None)


def agreement(
    made: Sequence[Agreement], labels: Mapping[str, str], group_of: Callable[[str], str]
) -> tuple[Agreed, ...]:
    """Per unit, in the order of ``labels``, how often the first routing was as suggested."""
    counts = Counter(one.unit_id for one in made)
    agreed = Counter(one.unit_id for one in made if one.agreed)
    kept = shield(counts, group_of)
    return tuple(
        Agreed(label, count, agreed[unit] / count if count else None)
        for unit, label in labels.items()
        if unit in kept
        for count in (kept[unit],)
    )


def helpfulness(made: Sequence[Asked], labels: Mapping[str, str], group_of: Callable[[str], str]) -> tuple[Helped, ...]:
    """Per unit, in the order of ``labels``, what those who were asked said."""
    asked = Counter(one.unit_id for one in made)
    said = {unit: sum(one.helped is not None for one in made if one.unit_id == unit) for unit in asked}
    helped = Counter(one.unit_id for one in made if one.helped)
    shown_asked, shown_said = shield(asked, group_of), shield(said, group_of)
    return tuple(
        Helped(label, shown_asked[unit], count, helped[unit] / count if count else None)
        for unit, label in labels.items()
        if unit in asked
        for count in (shown_said[unit] if shown_asked[unit] else None,)
    )
