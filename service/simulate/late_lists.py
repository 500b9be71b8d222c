"""The checker's part on lists of late cases: one a person and day, true in its numbers, and what the journal says."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from re import Pattern

from service.simulate.days import day_of, moment_of
from service.simulate.life import Life
from service.simulate.records import Event, History, Left

LIST = "paminnelse_lista"
"""The template of the lists."""
_NUMBER = re.compile(r"^- (\S+)$", re.MULTILINE)
_TOTAL = re.compile(r"^Svarstiden har gått ut i (\S+) ärende", re.MULTILINE)
_MORE = re.compile(r"^Och (\S+) ärenden? till\.$", re.MULTILINE)
_WRITTEN_TO = re.compile(r"Mejl till (.+?)\.(?: Med|$)")
_IN_LIST = re.compile(r"lista över försenade ärenden till (.+)\.$")
_TO_HAND = ("paminnelse_efter", "bevakning")
MOST = 20
"""Cases that a list names."""
_WORDS = "noll ett två tre fyra fem sex sju åtta nio tio elva tolv".split()  # noqa: SIM905


def numbers_in(left: Left) -> list[str]:
    """The numbers of the cases that a list names, in its order."""
    return _NUMBER.findall(left.text)


def full(history: History) -> Mapping[date, frozenset[str]]:
    """Who got a list, by day, which says that there are more cases than it names."""
    found = defaultdict[date, set[str]](set)
    for left in history.letters:
        if left.kind == LIST and more_than_named(left):
            found[day_of(left.at)].add(left.to)
    return {day: frozenset(whom) for day, whom in found.items()}


def lists(lives: Sequence[Life], history: History) -> Iterator[str]:
    """One a person and day; as many as it says, the longest late first, and none left out behind *och fler*."""
    sent = [left for left in history.letters if left.kind == LIST]
    yield from twice(sent, "late cases")
    known = {life.fact.number: life for life in lives}
    for left in sent:
        yield from (f"{left.to}, {day_of(left.at)}: {what}" for what in _wrong(left, known, history))


def _wrong(left: Left, known: dict[str, Life], history: History) -> Iterator[str]:
    yield from miscounted(left, _TOTAL, "cases")
    named = numbers_in(left)
    written = moment_of(day_of(left.at), history.rules.opens, 5)
    by_promise = (known[one] for one in named if one in known and not known[one].late_by_law(day_of(left.at)))
    days = [life.owed(written) for life in by_promise]
    since = [day for day in days if day is not None]
    if since != sorted(since):
        yield "a list does not begin with what is the longest late"
    if more_than_named(left) and total_in(left, _TOTAL) < sum(
        _is_chefs(life, left, history) for life in known.values()
    ):
        yield "a list leaves cases out"


def _is_chefs(life: Life, left: Left, history: History) -> bool:
    """Whether a case is late and its unit's chef is who the list went to; the case of a whistle-blower is not."""
    opening = moment_of(day_of(left.at), history.rules.opens, 5)
    if life.fact.anonymous or "visselblasning" in life.flags(opening) or life.ended(opening):
        return False
    owed, unit = life.owed(opening), life.unit(opening)
    return owed is not None and owed < day_of(left.at) and history.rules.chefs.get(unit) == left.to


def journal(life: Life, history: History) -> Iterator[str]:
    """Whom the journal calls reminded was written to that day, or stands with the case in that list or the next."""
    for event in life.events:
        if event.kind == "reminded":
            yield from _astray(life, event, history)


def _astray(life: Life, event: Event, history: History) -> Iterator[str]:
    day = day_of(event.at)
    own, listed = _WRITTEN_TO.search(event.text), _IN_LIST.search(event.text)
    if not own and not listed:
        yield f"the journal of {day} does not say who was reminded"
    written = {left.to for left in life.letters if left.kind in _TO_HAND and day_of(left.at) == day}
    if own and history.names.get(own[1], "") not in written:
        yield f"the journal says that {own[1]} was written to on {day}"
    following = history.rules.open_after(day)
    over = moment_of(following, history.rules.opens) - timedelta(minutes=5)
    if not listed or history.ended < over + timedelta(days=1) or life.owed(over) is None or life.ended(over):
        return
    told = {left.to for left in life.letters if left.kind == LIST and day_of(left.at) in (day, following)}
    for address in listed[1].split(", "):
        if address not in told | life.more(day) | life.more(following):
            yield f"the journal says that {address} has it in the list after {day}"


def twice(sent: Sequence[Left], of_what: str) -> Iterator[str]:
    """Who got more than one such list on a day."""
    times = Counter((left.to, day_of(left.at)) for left in sent)
    yield from (f"{to} got {n} lists of {of_what} on {day}" for (to, day), n in times.items() if n > 1)


def miscounted(left: Left, total_said: Pattern[str], of_what: str, least: int = 1) -> Iterator[str]:
    """Where a list does not name as many as it says, names one twice, or names fewer or more than it should."""
    named, more, total = numbers_in(left), more_than_named(left), total_in(left, total_said)
    if total < least or len(set(named)) < len(named) or total != len(named) + more:
        yield f"a list of {total} {of_what} names {len(named)} and {more} more"
    if len(named) > MOST or (more and len(named) < MOST):
        yield f"a list names {len(named)} {of_what}"


def total_in(left: Left, total_said: Pattern[str]) -> int:
    """How many cases a list says that it is about; 0 where it does not say."""
    told = total_said.search(left.text)
    return value(told[1]) if told else 0


def more_than_named(left: Left) -> int:
    """How many cases a list counts and does not name."""
    found = _MORE.search(left.text)
    return value(found[1]) if found else 0


def value(word: str) -> int:
    """A number in words or digits; -1 where it is none."""
    return _WORDS.index(word) if word in _WORDS else int(word) if word.isdecimal() else -1
