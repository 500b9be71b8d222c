"""The checker's part on alarms for want of a unit: registrator and chef are told, each in one letter a day."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from service.simulate.days import day_of
from service.simulate.late_lists import miscounted, more_than_named, twice
from service.simulate.life import Life
from service.simulate.records import Event, History, Left

ALARM_LIST = "larm_lista"
"""The template of the lists."""
ALARMS = frozenset({ALARM_LIST, "till_registrator", "till_chef"})
"""What an alarm may come as: a list where several cases have no unit."""
_OF_WHAT = "cases without a unit"
_NO_UNIT = "Ingen enhet är bekräftad"
_TOTAL = re.compile(r"^Svarstiden går ut i (\S+) ärenden som ingen enhet har", re.MULTILINE)
# A mail server may be down for a weekend.
_AT_LAST = timedelta(days=3)


def alarm_lists(lives: Sequence[Life], history: History) -> Iterator[str]:
    """As many as each says, one a person and day, and nobody left out."""
    sent = [left for left in history.letters if left.kind == ALARM_LIST]
    yield from twice(sent, _OF_WHAT)
    for left in sent:
        yield from (f"{left.to}, {day_of(left.at)}: {what}" for what in miscounted(left, _TOTAL, _OF_WHAT, least=2))
    for life in lives:
        for event in life.events:
            if event.kind == "alarm" and event.text.startswith(_NO_UNIT):
                yield from _untold(life, event, history)


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
