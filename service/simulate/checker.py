"""Judges a simulated year by what left and what was noted: promises kept, nothing twice, nothing astray.

Other code than the engine's: it knows the rules from the profile's words and the law, and asks no engine, no store.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from service.simulate.alarm_lists import ALARM_LIST, alarm_lists
from service.simulate.days import day_of, moment_of, plus_working, swedish
from service.simulate.figures import figures_agree
from service.simulate.late_lists import LIST, full, journal, lists, numbers_in
from service.simulate.life import HOLD, Life, to_staff
from service.simulate.records import Event, History, Left
from service.simulate.staff_letters import TO_STAFF

_SOON = timedelta(minutes=20)
_ONCE = frozenset({"mottagning", "status", "langre_tid", "eskalerad"})
_NEXT_PASS = timedelta(minutes=62)


def breaches(history: History) -> list[str]:
    """Every breach as one sentence that names the case; empty where all was kept."""
    lives = lives_of(history)
    found = list(_anybody(history))
    for life in lives:
        checks = (_receipt, _letters_allowed, _twice, _promises, _before, _before_new_day, _after, _alarms, journal)
        for check in (*checks, *TO_STAFF):
            found += [f"{life.fact.number}: {what}" for what in check(life, history)]
    return [*found, *lists(lives, history), *alarm_lists(lives, history), *figures_agree(lives, history)]


def lives_of(history: History) -> list[Life]:
    """The cases with what belongs to each."""
    letters, events = defaultdict[str, list[Left]](list), defaultdict[str, list[Event]](list)
    for left in history.letters:
        # A list belongs to each case that it names.
        for number in numbers_in(left) if left.kind in (LIST, ALARM_LIST) else [left.case]:
            letters[number].append(left)
    for event in history.events:
        events[event.case].append(event)
    more = full(history)
    return [
        Life(fact, tuple(letters[fact.number]), tuple(events[fact.number]), history.rules, more)
        for fact in history.facts
    ]


def _anybody(history: History) -> Iterator[str]:
    """What holds for every mail, whichever case it is of."""
    ids = Counter(left.message_id for left in history.letters)
    yield from (f"{key} left {times} times" for key, times in ids.items() if times > 1)
    apart = Counter((x.kind, x.to, x.text, day_of(x.at)) for x in history.letters if not x.case)
    yield from (f"{kind} reached {to} {n} times on {day}" for (kind, to, _, day), n in apart.items() if n > 1)
    senders = {fact.number: fact.sender for fact in history.facts}
    for left in history.letters:
        robot = left.to.lower().startswith(("mailer-daemon", "nyheter@", "postmaster"))
        if robot:
            yield f"{left.case}: {left.kind} went to the machine {left.to}"
        if to_staff(left.kind) and left.to not in history.rules.staff:
            yield f"{left.case}: {left.kind} went to {left.to}, who is no staff"
        if not to_staff(left.kind) and left.to != senders.get(left.case):
            yield f"{left.case}: {left.kind} went to {left.to}, who did not write"
        if left.automatic and not left.auto_submitted:
            yield f"{left.case}: {left.kind} left by itself and does not say so"


def _receipt(life: Life, history: History) -> Iterator[str]:
    """At once; none where it is held, for nobody, for junk. A machine may get two before it is seen through."""
    fact = life.fact
    sent = [left for left in life.to_citizen if left.kind == "mottagning"]
    began = next((e.at for e in life.events if e.kind == "suggested"), fact.received_at)
    if not fact.by_mail or fact.machine or fact.junk or life.no_mail(began) or life.flags(began) & HOLD:
        return
    refused = any(e.kind == "letter_withheld" and e.text.startswith("Mottagningsbekräftelse") for e in life.events)
    latest = _up_again(fact.received_at, history) + _SOON
    if not refused and (not sent or sent[0].at > latest):
        yield f"no receipt by {latest:%d %B %H:%M}"


def _up_again(moment: datetime, history: History) -> datetime:
    """The moment, or when what was down then was up again."""
    for _ in range(3):
        moment = max([moment, *(o.until for o in history.outages if o.since <= moment < o.until)])
        # A letter that met a dead server waits a minute at least, and the hourly pass at most.
    return moment + (timedelta(hours=1) if any(o.until == moment for o in history.outages) else timedelta())


def _letters_allowed(life: Life, history: History) -> Iterator[str]:
    """Nothing to whom it must not go, before its time, at night, or with the citizen's own words."""
    for left in life.letters:
        if life.fact.word and life.fact.word in f"{left.subject}\n{left.text}":
            yield f"{left.kind} holds the citizen's words"
        if to_staff(left.kind):
            continue
        if life.no_mail(left.at):
            yield f"{left.kind} left where nothing may leave by mail"
        if life.held(left.at) and left.automatic:
            yield f"{left.kind} left by itself while held"
        if left.kind not in ("mottagning", "sekretess_safe") and life.safe_only(left.at):
            yield f"{left.kind} left where only the neutral letter may"
        if left.kind != "mottagning" and not life.unit(left.at):
            yield f"{left.kind} left before a unit had the case"
        clock = swedish(left.at)
        served = history.rules.open(clock.date()) and history.rules.opens <= clock.hour < history.rules.closes
        late = any(o.since <= left.at <= o.until + timedelta(hours=2) for o in history.outages)
        if left.automatic and left.kind != "mottagning" and not served and not late:
            yield f"{left.kind} left by itself at {clock:%A %d %B %H:%M}"


def _twice(life: Life, _history: History) -> Iterator[str]:
    """Each automatic letter once; a reminder after once a day to each."""
    kinds = Counter(left.kind for left in life.to_citizen if left.automatic and left.kind in _ONCE - {"eskalerad"})
    yield from (f"{kind} left by itself {times} times" for kind, times in kinds.items() if times > 1)
    days = Counter((left.kind, left.to, day_of(left.at)) for left in life.letters if left.kind.startswith("paminnelse"))
    yield from (f"{kind} reached {to} {times} times on {day}" for (kind, to, day), times in days.items() if times > 1)
    before = Counter((left.to, _named_day(left)) for left in life.letters if left.kind == "paminnelse_fore")
    yield from (f"paminnelse_fore of {day} reached {to} {n} times" for (to, day), n in before.items() if n > 1)


def _named_day(left: Left) -> str:
    """A reminder before names the day; the line that holds it."""
    return next((line for line in left.text.splitlines() if "senast" in line.lower()), "")


def _promises(life: Life, history: History) -> Iterator[str]:
    """Kept by the last day, or the delay told, or registrator and chef alarmed because no unit had the case."""
    for kind in ("status", "answer"):
        due = life.due(kind)
        if due is None or (kind == "answer" and not history.rules.delay_notice):
            continue
        # A closing day moves the letter, never the promise.
        open_day = history.rules.open_until(due)
        leaving, closing = (moment_of(open_day, history.rules.closes - hours) for hours in (2, 0))
        told = life.told(kind)
        delayed = kind == "answer" and any(day_of(at) <= due for at, _ in life.delays())
        over = life.ended(closing) or closing > history.ended or life.fact.received_at > leaving
        if over or delayed or (told is not None and day_of(told) <= due):
            continue
        yield from _excused(life, kind, due, leaving, closing)


def _excused(life: Life, kind: str, due: date, leaving: datetime, closing: datetime) -> Iterator[str]:
    """Why nothing left by the last day, if that is as it should be."""
    # Whatever happened after the letter's time found it gone already; so judge by how things stood for the last hours.
    hours = [leaving + timedelta(minutes=5 + 60 * n) for n in (0, 1)]
    if all(life.no_mail(at) or life.held(at) for at in hours):
        return
    if all(not life.unit(at) for at in hours):
        alarmed = any(e.kind == "alarm" and day_of(e.at) == day_of(leaving) for e in life.events)
        if not alarmed:
            yield f"no unit had it by {due}, and nobody was alarmed"
        return
    if any(life.no_mail(at) or life.held(at) or not life.unit(at) or life.ended(at) for at in (*hours, closing)):
        return
    yield f"{kind} promised by {due}: nothing left"


def _before(life: Life, history: History) -> Iterator[str]:
    """One working day before the first day of each promise; none of what is kept already."""
    sent = [left for left in life.letters if left.kind == "paminnelse_fore"]
    for kind in ("status", "answer"):
        due = life.due(kind)
        if due is None or life.fact.anonymous:
            continue
        opening = _day_before(due, history)
        there = life.fact.received_at < opening <= history.ended and any(e.at <= opening for e in life.events)
        if there and life.owed_of(kind, opening) == due and not life.ended(opening):
            on_time = [left for left in sent if day_of(left.at) == day_of(opening)]
            if not on_time and not _moved_that_day(life, day_of(opening)):
                yield f"no reminder before {due}"
    for left in sent:
        if life.owed(left.at - timedelta(seconds=1)) is None:
            yield f"paminnelse_fore {left.at:%d %B}, though all was kept"


def _day_before(due: date, history: History) -> datetime:
    """When the reminder before a day has left: at opening of the working day before it, or of an open one earlier."""
    return moment_of(history.rules.open_until(plus_working(due, -1)), history.rules.opens, 5)


def _before_new_day(life: Life, history: History) -> Iterator[str]:
    """One working day before the new day that a delay notice told of, while that is the day owed."""
    if life.fact.anonymous:
        return
    reminded = {day_of(left.at) for left in life.letters if left.kind == "paminnelse_fore"}
    for told, day in life.delays():
        opening = _day_before(day, history)
        owed = told < opening <= history.ended and life.owed(opening) == day and life.told("answer") != told
        if not owed or life.ended(opening) or _moved_that_day(life, day_of(opening)):
            continue
        if day_of(opening) not in reminded:
            yield f"no reminder before {day}, the new day told on {day_of(told)}"


def _moved_that_day(life: Life, day: date) -> bool:
    """Whether the case was answered, ended or opened in the morning, so that both may be right."""
    moves = {"answered", "closed", "reopened", "confirmed"}
    return any(day_of(e.at) == day and e.kind in moves and swedish(e.at).hour < 10 for e in life.events)


def _after(life: Life, history: History) -> Iterator[str]:
    """Each working day after the day owed, in the chef's list as well, until it is kept."""
    sent = defaultdict[date, set[str]](set)
    for left in life.letters:
        if left.kind in ("paminnelse_efter", LIST):
            sent[day_of(left.at)].add(left.to)
            if not life.late_by_law(day_of(left.at)):
                yield from _in_vain(life, left)
    if life.fact.anonymous:
        return
    day, last = day_of(life.fact.received_at), day_of(history.ended)
    while (day := day + timedelta(days=1)) < last:
        opening = moment_of(day, history.rules.opens, 5)
        owed = life.owed(opening) if history.rules.open(day) else None
        if owed is None or life.ended(opening) or _moved_that_day(life, day):
            continue
        yield from _on_day(life, day, owed, opening, sent[day] | life.more(day))


def _in_vain(life: Life, left: Left) -> Iterator[str]:
    # A list that met a dead mail server tells how it was when it was written.
    if life.owed(left.at - (timedelta(hours=2) if left.kind == LIST else timedelta(seconds=1))) is None:
        yield f"{left.kind} {left.at:%d %B}, though all was kept"
    # One that met a dead mail server leaves when it is up again.
    if life.ended(left.at - timedelta(hours=2)):
        yield f"{left.kind} {left.at:%d %B}, though nobody expects anything more"


def _on_day(life: Life, day: date, owed: date, opening: datetime, reached: set[str]) -> Iterator[str]:
    if owed >= day:
        kinds = ("paminnelse_efter",) if life.late_by_law(day) else ("paminnelse_efter", LIST)
        if any(left.kind in kinds and day_of(left.at) == day for left in life.letters):
            yield f"paminnelse_efter on {day}, though {owed} was promised"
    elif not reached:
        yield f"no reminder on {day} though {owed} is past"
    elif (
        (unit := life.unit(opening))
        and life.rules.chefs[unit] not in reached
        and "visselblasning" not in life.flags(opening)
    ):
        yield f"the reminder on {day} did not reach the chef"


def _alarms(life: Life, history: History) -> Iterator[str]:
    """A serious letter reaches a chef soon, opened or not, where the profile has it so (R7)."""
    fact, minutes = life.fact, history.rules.serious_minutes
    if minutes is None or not fact.serious or not fact.by_mail or "visselblasning" in life.flags(life.events[-1].at):
        return
    told = [left.at for left in life.letters if left.kind == "till_chef"]
    opened = [e.at for e in life.events if e.kind == "confirmed"]
    unopened = fact.received_at + timedelta(minutes=minutes) + _NEXT_PASS
    latest = max(_up_again(min([unopened, *opened]), history) + _SOON, _up_again(unopened, history))
    if not told or min(told) > latest:
        yield f"serious, and no chef was told by {latest:%d %B %H:%M}"
