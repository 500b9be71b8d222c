"""The checker's part on alarms for want of a unit: registrator and chef are told, each in one letter a day."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from service.simulate.days import day_of
from service.simulate.late_lists import MOST, more_than_named, numbers_in, value
from service.simulate.life import Life
from service.simulate.records import Event, History, Left

ALARM_LIST = "larm_lista"
"""The template of the lists."""
ALARMS = frozenset({ALARM_LIST, "till_registrator", "till_chef"})
"""What an alarm may come as: a list where several cases have no unit."""
_NO_UNIT = "Ingen enhet är bekräftad"
_TOTAL = re.compile(r"^Svarstiden går ut i (\S+) ärenden som ingen enhet har", re.MULTILINE)
# A mail server may be down for a weekend.
_AT_LAST = timedelta(days=3)


def alarm_lists(lives: Sequence[Life], history: History) -> Iterator[str]:
    """As many as each says, one a person and day, and nobody left out."""
    sent = [left for left in history.letters if left.kind == ALARM_LIST]
    times = Counter((left.to, day_of(left.at)) for left in sent)
    yield from (f"{to} got {n} lists of cases without a unit on {day}" for (to, day), n in times.items() if n > 1)
    for left in sent:
        yield from (f"{left.to}, {day_of(left.at)}: {what}" for what in _wrong(left))
    for life in lives:
        for event in life.events:
            if event.kind == "alarm" and event.text.startswith(_NO_UNIT):
                yield from _untold(life, event, history)


def _wrong(left: Left) -> Iterator[str]:
    named, more = numbers_in(left), more_than_named(left)
    told = _TOTAL.search(left.text)
    total = value(told[1]) if told else 0
    if total < 2 or len(set(named)) < len(named) or total != len(named) + more:
        yield f"a list of {total} cases without a unit names {len(named)} and {more} more"
    if len(named) > MOST or (more and len(named) < MOST):
        yield f"a list of cases without a unit names {len(named)}"


def _untold(life: Life, event: Event, history: History) -> Iterator[str]:
    alarms = [left for left in history.letters if left.kind in ALARMS and _after(left, event)]
    mine = {left.to for left in life.letters if left.kind in ALARMS and _after(left, event)}
    # Behind *och tio ärenden till*.
    mine |= {left.to for left in alarms if left.kind == ALARM_LIST and more_than_named(left)}
    chefs = set(history.rules.chefs.values())
    if not mine or ("visselblasning" not in life.flags(event.at) and not mine & chefs):
        yield f"{life.fact.number}: no chef was told on {day_of(event.at)} that no unit had it"
    if mine and not mine - chefs and len(chefs) > 1:
        yield f"{life.fact.number}: no registrator was told on {day_of(event.at)} that no unit had it"


def _after(left: Left, event: Event) -> bool:
    return event.at <= left.at <= event.at + _AT_LAST
