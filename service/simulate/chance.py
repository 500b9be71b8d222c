"""What chance decides in a simulated year: when letters come, from whom, about what, and how people behave."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from cases.calendar import STOCKHOLM, WorkingCalendar
from cases.case import Channel
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity

# How much more or less is written in a month, on a weekday (Monday first) and in an hour; only the ratios count.
_MONTHS = (1.0, 1.1, 1.2, 1.15, 1.1, 0.95, 0.55, 0.9, 1.2, 1.1, 1.05, 0.7)
_WEEKDAYS = (1.3, 1.2, 1.1, 1.05, 0.95, 0.45, 0.5)
_HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 13, 12, 10, 9, 10, 10, 9, 8, 7, 7, 7, 7, 6, 4, 2)
_DAY_OFF = 0.4

_AREAS = {
    Area.GATA_PARK: 26,
    Area.VA_AVFALL: 10,
    Area.GRUNDSKOLA: 10,
    Area.ALDREOMSORG: 9,
    Area.KULTUR_FRITID: 8,
    Area.FORSKOLA: 6,
    Area.BYGGLOV: 6,
    Area.MILJO_HALSA: 5,
    Area.IFO: 4,
    Area.KANSLI: 4,
    Area.FASTIGHET_LOKAL: 3,
    Area.FUNKTIONSSTOD: 3,
    Area.KOST: 2,
    Area.GYMNASIUM_VUX: 2,
    Area.HALSO_SJUKVARD: 1,
    Area.NARINGSLIV: 1,
}
_TYPES = {
    CaseType.FELANMALAN: 34,
    CaseType.KLAGOMAL: 33,
    CaseType.FRAGA: 14,
    CaseType.FORSLAG: 10,
    CaseType.BEROM: 9,
}
_FLAGS = {
    FlagKind.SOCIALTJANST: 26,
    FlagKind.HALSA: 18,
    FlagKind.SKOLA: 16,
    FlagKind.BARN: 14,
    FlagKind.PERSONNUMMER: 8,
    FlagKind.HOT_VALD: 8,
    FlagKind.SKYDDAD_IDENTITET: 6,
    FlagKind.VISSELBLASNING: 4,
}
_CHANNELS = {Channel.EMAIL: 84, Channel.PHONE: 8, Channel.VISIT: 4, Channel.LETTER: 4}
_LANGUAGES = {"sv": 92, "en": 4, "ar": 2, "fi": 2}


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Matter:
    """One letter as it truly is, and what the played model will say of it.

    ``word`` is a nonsense word that stands in the letter and nowhere else. ``vacation`` is how the writer's mailbox
    answers us: ``""``, ``marked`` (says it is a machine), or ``unmarked``; ``dead``: mail to the address bounces.
    """

    word: str
    at: datetime
    channel: Channel
    area: Area
    said_area: Area
    type: CaseType
    severity: Severity
    flags: frozenset[FlagKind]
    said_flags: frozenset[FlagKind]
    language: str
    email: str
    anonymous: bool
    junk: bool
    dead: bool
    vacation: str
    unhappy: bool
    adds: bool


class Chance:
    """All of it from one seed, so that the same year comes again."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same year must come again

    def pick(self, weights: dict[_T, int]) -> _T:
        """One of these, by weight."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.random.random() < share

    def hours(self, median: float, spread: float = 1.0) -> float:
        """A time that is short as a rule and now and then long (log-normal)."""
        return self.random.lognormvariate(math.log(median), spread)

    def arrivals(self, year: int, expected: int, calendar: WorkingCalendar) -> Iterator[datetime]:
        """Moments of a Poisson process whose rate goes by season, weekday, holiday and hour; UTC not promised."""
        hours = list(_hours_of(year, calendar))
        total = sum(weight for _, weight in hours)
        for start, weight in hours:
            count = self._poisson(expected * weight / total)
            yield from sorted(start + timedelta(minutes=60 * self.random.random()) for _ in range(count))

    def _poisson(self, mean: float) -> int:
        limit, count, product = math.exp(-mean), 0, self.random.random()
        while product > limit:
            count += 1
            product *= self.random.random()
        return count

    def matter(self, number: int, at: datetime) -> Matter:
        """The letter that comes at that moment."""
        area, channel = self.pick(_AREAS), self.pick(_CHANNELS)
        flags = frozenset({self.pick(_FLAGS)}) if self.chance(0.12) else frozenset()
        said = frozenset(f for f in flags if self.chance(0.92)) | self._false_alarm()
        by_mail = channel is Channel.EMAIL
        anonymous = not by_mail and self.chance(0.3)
        return Matter(
            word=f"zq{number:05d}x",
            at=at,
            channel=channel,
            area=area,
            said_area=area if self.chance(0.82) else self.pick(_AREAS),
            type=self.pick(_TYPES),
            severity=Severity.ALLVARLIG if self.chance(0.03) else Severity.NORMAL,
            flags=flags,
            said_flags=said,
            language=self.pick(_LANGUAGES),
            email="" if anonymous or (not by_mail and self.chance(0.5)) else self._address(number),
            anonymous=anonymous,
            junk=by_mail and not flags and self.chance(0.03),
            dead=by_mail and self.chance(0.02),
            vacation=self.pick({"": 94, "marked": 4, "unmarked": 2}) if by_mail else "",
            unhappy=by_mail and self.chance(0.06),
            adds=by_mail and self.chance(0.1),
        )

    def _address(self, number: int) -> str:
        """Most write once; some write again and again."""
        who = self.random.randrange(40) if self.chance(0.1) else number + 1000
        return f"invanare{who}@mejl.example"

    def _false_alarm(self) -> frozenset[FlagKind]:
        return frozenset({self.pick(_FLAGS)}) if self.chance(0.03) else frozenset()


def _hours_of(year: int, calendar: WorkingCalendar) -> Iterator[tuple[datetime, float]]:
    day = date(year, 1, 1)
    while day.year == year:
        weight = _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()]
        if day.weekday() < 5 and not calendar.is_working_day(day):
            weight *= _DAY_OFF
        midnight = datetime.combine(day, time(), STOCKHOLM)
        for hour, share in enumerate(_HOURS):
            yield midnight + timedelta(hours=hour), weight * share
        day += timedelta(days=1)
