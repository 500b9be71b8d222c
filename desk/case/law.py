"""What the law wants done by a day, in words for the case page: on a special track, and for a whistle-blower."""

from dataclasses import dataclass, field
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.journal import EventKind
from cases.office import Office
from cases.records.law_days import DECIDED_TRACKS, track_day
from cases.records.whistle import TOLD_NAMES, Told, WhistleDays, kept_until
from cases.store.views import CaseFile
from desk import present


@dataclass(frozen=True, slots=True)
class LawDay:
    """One thing to do: by when and by which law, in words how soon, the day it was done, and what else is to be known.

    ``spared``: it is not to be done after all. ``after_end``: it waits where the case has ended.
    """

    what: str
    by: date
    due: present.Due
    told: date | None
    ground: str
    spared: bool = False
    after_end: bool = False
    more: str = ""


@dataclass(frozen=True, slots=True)
class ShownLaw:
    """All of a case, and what a whistle-blower's receiver may still note."""

    days: tuple[LawDay, ...]
    choices: dict[Told, str] = field(default_factory=dict)


_TELLING = "Lag 2021:890 5 kap. 8 §"
_TELL = {Told.CONFIRMED: "Bekräfta mottagandet", Told.FEEDBACK: "Berätta vad ni gör, och varför"}


def shown_law(
    whistle: WhistleDays | None, file: CaseFile, office: Office, now: datetime, *, decided: bool = False
) -> ShownLaw | None:
    """What a whistle-blower is to be told, or what the case's track asks; None where the law gives no day.

    Where it is ``decided``, in the case or in the one with the decision that it appeals, the days are that decision's.
    """
    if whistle is not None:
        return _of_whistle(whistle, kept_until(file.case), office, now)
    found = track_day(file.case)
    if found is None or (decided and file.case.track in DECIDED_TRACKS):
        return None
    answered = [local_day(one.at) for one in file.events if one.kind is EventKind.ANSWERED]
    told = answered[-1] if answered and file.case.outcome else None
    due = present.due_words(found.day, local_day(now), office.calendar)
    day = LawDay(found.what, found.day, due, told, found.ground, more=found.more)
    return ShownLaw((day,))


_KEPT = (
    "Personuppgifterna får användas i två år efter att ärendet avslutades. Handlingarna är allmänna: de får bevaras i "
    "arkivet, och gallras bara enligt ett gallringsbeslut."
)


def _of_whistle(days: WhistleDays, kept: date | None, office: Office, now: datetime) -> ShownLaw:
    """The confirmation, then the feedback (lag 2021:890 5 kap. 8 § 2 and 3); of a closed case how long it is kept."""
    today = local_day(now)

    def words(day: date) -> present.Due:
        return present.due_words(day, today, office.calendar)

    confirm = LawDay(
        _TELL[Told.CONFIRMED],
        days.confirm_by,
        words(days.confirm_by),
        days.confirmed or (days.feedback if days.spared is None else None),
        _TELLING,
        spared=days.confirmed is None and days.spared is not None,
        more=_why_spared(days),
    )
    feedback = LawDay(
        _TELL[Told.FEEDBACK], days.feedback_by, words(days.feedback_by), days.feedback, _TELLING, more=_counted(days)
    )
    shown = [confirm, feedback]
    if kept is not None:
        ground = "Lag 2021:890 7 kap. 8 §"
        shown.append(LawDay("Gallra eller arkivera", kept, words(kept), None, ground, after_end=True, more=_KEPT))
    return ShownLaw(tuple(shown), _choices(days))


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
