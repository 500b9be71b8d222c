"""What a whistle-blower is to be told by law, in words for the case page of those who receive such reports."""

from dataclasses import dataclass
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.office import Office
from cases.records.whistle import TOLD_NAMES, Told, WhistleDays
from desk import present


@dataclass(frozen=True, slots=True)
class LawDay:
    """One thing to tell: by when, in words how soon, the day it was told, and what else is to be known of it."""

    what: str
    by: date
    due: present.Due
    told: date | None
    spared: bool = False
    more: str = ""


@dataclass(frozen=True, slots=True)
class ShownLaw:
    """Both, and what may be noted of them still."""

    days: tuple[LawDay, ...]
    choices: dict[Told, str]


_TELL = {Told.CONFIRMED: "Bekräfta mottagandet", Told.FEEDBACK: "Berätta vad ni gör, och varför"}


def shown_law(days: WhistleDays, office: Office, now: datetime) -> ShownLaw:
    """The confirmation, then the feedback (lag 2021:890 5 kap. 8 § 2 and 3)."""
    today = local_day(now)

    def words(day: date) -> present.Due:
        return present.due_words(day, today, office.calendar)

    confirm = LawDay(
        _TELL[Told.CONFIRMED],
        days.confirm_by,
        words(days.confirm_by),
        days.confirmed or (days.feedback if days.spared is None else None),
        spared=days.confirmed is None and days.spared is not None,
        more=_why_spared(days),
    )
    feedback = LawDay(
        _TELL[Told.FEEDBACK], days.feedback_by, words(days.feedback_by), days.feedback, more=_counted(days)
    )
    return ShownLaw((confirm, feedback), _choices(days))


def _why_spared(days: WhistleDays) -> str:
    if days.confirmed is not None or days.spared is None:
        return ""
    return f"{TOLD_NAMES[days.spared].partition(': ')[2]}.".capitalize()


def _counted(days: WhistleDays) -> str:
    if days.spared is Told.DECLINED and days.confirmed is None:
        return "Lagen ger ingen dag när avsändaren har avsagt sig bekräftelsen. Dagen är den som annars hade gällt."
    if days.confirmed is not None and days.confirmed <= days.confirm_by:
        return f"Tre månader från bekräftelsen den {swedish_date(days.confirmed)}."
    return f"Tre månader från den {swedish_date(days.confirm_by)}, då bekräftelsen senast ska ha lämnats."


def _choices(days: WhistleDays) -> dict[Told, str]:
    """What is still to be noted; that a confirmation is spared while there is none."""
    left = {Told.FEEDBACK} if days.feedback is None else set[Told]()
    if days.confirmed is None and days.feedback is None:
        left |= {Told.CONFIRMED} | ({Told.DECLINED, Told.REVEALING} if days.spared is None else set())
    return {told: name for told, name in TOLD_NAMES.items() if told in left}
