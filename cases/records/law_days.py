"""The day by which the law wants a case on a special track done, beside what the municipality itself promises.

A request under the GDPR: within a month of its receipt, and two months more where who asked is told in time and why
(art. 12.3). An appeal: handed on to the court at once, which JO takes to be within a week (FL (2017:900) 46 §). Neither
is moved on by a Sunday: the municipality is better early.
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


def _gdpr(case: Case) -> TrackDay:
    came = local_day(case.received_at)
    first, last = months_after(came, _MONTHS), months_after(came, _LONGER)
    told = max((d.due for d in case.deadlines if d.rule == NEW_DAY_RULE), default=first)
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


_DAYS: dict[str, Callable[[Case], TrackDay]] = {
    TRACK_RULES[Track.GDPR].label: _gdpr,
    TRACK_RULES[Track.OVERKLAGANDE].label: _appeal,
}
DATED_TRACKS = tuple(_DAYS)
"""The names of the tracks that have such a day."""


def track_day(case: Case) -> TrackDay | None:
    """The day of a case, met or not; None where its track has none."""
    made = _DAYS.get(case.track)
    return made(case) if made else None


def law_waits(case: Case) -> date | None:
    """The same day while the case waits for it: it is neither answered nor ended."""
    found = None if case.ended or case.outcome is not None else track_day(case)
    return found.day if found else None
