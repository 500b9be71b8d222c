"""Counts the year again from journal and letters, and compares with the figures of the compilation."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from statistics import median

from service.simulate.days import day_of, working_between
from service.simulate.life import Life, Round
from service.simulate.records import History

_NOBODY = "Ännu inte fördelat"


def figures_agree(lives: Sequence[Life], history: History) -> Iterator[str]:
    """Every figure of the compilation that differs from the log; what is withheld is not compared."""
    made = history.compiled
    if made is None:
        return
    end = history.ended
    # What became no case is unreported (O12), and whistle-blowing is told of nowhere (lag 2021:890 5:5).
    counted = [life for life in lives if not life.no_case(end) and "visselblasning" not in life.flags(end)]
    of_year = [life for life in counted if day_of(life.fact.received_at).year == history.year]
    yield from _differ("cases", made.total, len(of_year))
    months = Counter(day_of(life.fact.received_at).month for life in of_year)
    for month, said in enumerate(made.by_month, 1):
        yield from _differ(f"cases in month {month}", said, months[month])
    units = Counter(_last_unit(life) or _NOBODY for life in of_year)
    for unit, said in made.by_unit.items():
        yield from _differ(f"cases of {unit}", said, units[unit])
    yield from _shares(of_year, history, made.in_time)
    answered = [(life, reached) for life in of_year for _, reached in list(life.answers())[:1]]
    days = [working_between(day_of(life.fact.received_at), day_of(at)) for life, at in answered]
    yield from _differ("answered cases", made.answered[0], len(days))
    yield from _differ("median days to an answer", made.answered[1], float(median(days)) if days else None)


def _shares(
    lives: Sequence[Life], history: History, said: Mapping[str, tuple[int | None, float | None, float | None]]
) -> Iterator[str]:
    today = day_of(history.ended)
    for kind, (promised, in_time, as_told) in said.items():
        made = [rounds for life in lives if (rounds := _promised(life, kind))]
        first = [_kept(one[0].kept, one[0].days[0][1]) for one in made if one[0].kept or one[0].days[0][1] < today]
        come = [[one for one in rounds if one.kept or one.last < today] for rounds in made]
        told = [all(_kept(one.kept, one.last) for one in rounds) for rounds in come if rounds]
        yield from _differ(f"{kind} promised", promised, len(first))
        yield from _differ(f"{kind} in time", in_time, sum(first) / len(first) if first else None)
        yield from _differ(f"{kind} as told", as_told, sum(told) / len(told) if told else None)


def _promised(life: Life, kind: str) -> list[Round]:
    """Nothing to the anonymous (O11), and no receipt to whom no mail can reach."""
    nobody = life.fact.anonymous or (kind == "receipt" and not life.fact.sender)
    rounds = [] if nobody else life.rounds(kind)
    # A letter that waits for another day has kept nothing yet.
    return [replace(one, kept=one.kept and life.reached(one.kept)) for one in rounds]


def _kept(told: datetime | None, day: date) -> bool:
    return told is not None and day_of(told) <= day


def _last_unit(life: Life) -> str:
    """The unit of the last routing, also where the case went back to be routed anew."""
    named = [e.text for e in life.events if e.kind == "confirmed"]
    return next((n for text in reversed(named) for n in life.rules.chefs if f"ördelat till {n}." in text), "")


def _differ(what: str, said: float | None, counted: float | None) -> Iterator[str]:
    if said is not None and (counted is None or abs(said - counted) > 1e-9):
        yield f"the compilation says {what}: {said}, the log {counted}"
