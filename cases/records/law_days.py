"""The day by which the law wants a case on a special track done, beside what the municipality itself promises.

A request under the GDPR: within a month of its receipt, and two months more where who asked is told in time and why
(art. 12.3). An appeal: handed on to the court at once, which JO takes to be within a week (FL (2017:900) 46 §). Neither
is moved on by a Sunday: the municipality is better early. A request for official documents: at once (TF 2:15 and 16),
which JO takes to be the same day or some day later; here the next weekday, or the day the sender was told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from cases.calendar import local_day, months_after
from cases.case import Case
from cases.promises import NEW_DAY_RULE
from cases.routing.tracks import TRACK_RULES, Track

_MONTHS, _LONGER = 1, 3
_HAND_ON = timedelta(weeks=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class TrackDay:
    """By when ``what`` is to be done, by which ``ground``; ``more`` is what else is to be known of the day.

    ``said`` is who is to have what, for a mail; ``to_sender``: it is the sender who waits for it. ``ahead`` is how many
    working days before it somebody is reminded.
    """

    day: date
    what: str
    ground: str
    more: str
    said: str
    ahead: int
    to_sender: bool = False


def _told_day(case: Case, usual: date) -> date:
    """The last new day that the sender was told, else the usual one."""
    return max((d.due for d in case.deadlines if d.rule == NEW_DAY_RULE), default=usual)


def _gdpr(case: Case) -> TrackDay:
    came = local_day(case.received_at)
    first, last = months_after(came, _MONTHS), months_after(came, _LONGER)
    told = _told_day(case, first)
    more = (
        "En månad från att begäran kom. Är den svår eller är de många får det ta upp till två månader till. Skriv det "
        "och varför, med den nya dagen, innan månaden är slut."
    )
    if told > first:
        more = "Avsändaren har fått en ny dag. Mer än tre månader från att begäran kom får det inte ta."
    ground = "Dataskyddsförordningen artikel 12.3"
    return TrackDay(
        min(max(told, first), last), "Svara på begäran", ground, more, "den som skrev ha fått svar", 5, to_sender=True
    )


def _appeal(case: Case) -> TrackDay:
    day = local_day(case.received_at) + _HAND_ON
    more = "Det ska ske skyndsamt, och JO godtar i regel en vecka. Kom det för sent avvisas det i stället."
    return TrackDay(
        day, "Lämna till domstolen", "Förvaltningslagen 45 och 46 §§", more, "överklagandet vara hos domstolen", 1
    )


def _document(case: Case) -> TrackDay:
    usual = local_day(case.received_at) + timedelta(days=1)
    while usual.weekday() >= _SATURDAY:
        usual += timedelta(days=1)
    told = _told_day(case, usual)
    more = (
        "Det ska ske skyndsamt, och enligt JO i regel samma dag eller någon dag senare. Är det mycket att gå igenom: "
        "skriv det till avsändaren, med en ny dag."
    )
    if told > usual:
        more = "Det ska ske skyndsamt. Avsändaren har fått en ny dag."
    ground = "Tryckfrihetsförordningen 2 kap. 15 och 16 §§"
    return TrackDay(
        max(told, usual), "Lämna ut, eller ge besked", ground, more, "den som skrev få svar skyndsamt, helst", 0
    )


_DAYS: dict[str, Callable[[Case], TrackDay]] = {
    TRACK_RULES[Track.GDPR].label: _gdpr,
    TRACK_RULES[Track.OVERKLAGANDE].label: _appeal,
    TRACK_RULES[Track.ALLMAN_HANDLING].label: _document,
}
DATED_TRACKS = tuple(_DAYS)
"""The names of the tracks that have such a day."""
DECIDED_TRACKS = tuple(TRACK_RULES[one].label for one in (Track.OVERKLAGANDE, Track.ALLMAN_HANDLING))
"""Those of them whose day counts no more once there is a decision, in the case or appealed by it, with its own days."""


def track_day(case: Case) -> TrackDay | None:
    """The day of a case, met or not; None where its track has none."""
    made = _DAYS.get(case.track)
    return made(case) if made else None


def law_waits(case: Case) -> date | None:
    """The same day while the case waits for it: it is neither answered nor ended."""
    found = None if case.ended or case.outcome is not None else track_day(case)
    return found.day if found else None
