"""The checker's part on letters to staff: in service hours, to who stands in, and to nobody who never had the case."""

from collections.abc import Iterator
from datetime import timedelta

from service.simulate.alarm_lists import ALARMS
from service.simulate.days import day_of, swedish
from service.simulate.life import Life, to_staff
from service.simulate.records import Away, History, Left

# These tell one person what came of that person's own mail.
_TO_WRITER = "mejlsvar_"
_LATE = timedelta(hours=2)


def hours(life: Life, history: History) -> Iterator[str]:
    """Reminders come while people are at work; an alarm comes whenever it must."""
    for left in life.letters:
        clock = swedish(left.at)
        served = history.rules.open(clock.date()) and history.rules.opens <= clock.hour < history.rules.closes
        late = any(one.since <= left.at <= one.until + _LATE for one in history.outages)
        if left.kind.startswith("paminnelse_") and not served and not late:
            yield f"{left.kind} left at {clock:%A %d %B %H:%M}"


def substitutes(life: Life, history: History) -> Iterator[str]:
    """Who stands in gets what the one who is away gets, where nothing is protected."""
    for left in life.letters:
        if not to_staff(left.kind) or left.kind.startswith(_TO_WRITER) or life.flags(left.at):
            continue
        for away in history.away:
            told = _copied(life, left, away.substitute) or _did_it(left, away.substitute, history)
            if away.who == left.to and _covers(away, left) and not told:
                yield f"{left.kind} of {day_of(left.at)} did not reach {away.substitute}, who stands in for {left.to}"


def _covers(away: Away, left: Left) -> bool:
    """Not on the first day: a letter may have been written the day before, and left late."""
    return away.first < day_of(left.at) <= away.last and away.named_at < left.at


def _copied(life: Life, left: Left, to: str) -> bool:
    near = timedelta(days=1)
    return any(one.to == to and _alike(one.kind, left.kind) and abs(one.at - left.at) <= near for one in life.letters)


def _did_it(left: Left, who: str, history: History) -> bool:
    """Nobody is told of what they did themselves, as of the answer they gave for the one who is away."""
    said = " ".join(left.text.split())
    return any(f"{name} har " in said for name, address in history.names.items() if address == who)


def _alike(kind: str, other: str) -> bool:
    """One who stands in may read a single case of those that the other has in a list."""
    return kind == other or {kind, other} <= ALARMS


def receivers(life: Life, history: History) -> Iterator[str]:
    """A handläggare hears of a case they were given, or of one whose handläggare they stand in for that day."""
    for left in life.letters:
        if left.to not in history.handlers:
            continue
        had = {history.names.get(name, "") for name in life.had(left.at)}
        stands_in = any(
            away.substitute == left.to and away.who in had and away.first <= day_of(left.at) <= away.last + timedelta(1)
            for away in history.away
        )
        if left.to not in had and not stands_in:
            yield f"{left.kind} reached {left.to}, who never had the case"


TO_STAFF = (hours, substitutes, receivers)
