"""The letters a case's promises will cause, derived from the case and from what left already; nothing is stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.calendar import WorkingCalendar, local_day, swedish_date
from cases.case import STATUS_NAMES, WAITING, Case
from cases.letters.letter import LetterKind
from cases.letters.permit import Verdict, permit
from cases.office import Office
from cases.promises import Deadline, PromiseKind, in_force

Mark = tuple[LetterKind, date]
"""That a letter of this kind was queued for a deadline on this day; an alarm is marked as TILL_CHEF.

Of what is to be watched, a whistle-blower's days are marked as TILL_REGISTRATOR, a refusal's as BEVAKNING,
a special track's as TILL_HANDLAGGARE.
"""
MARGIN = timedelta(hours=2)
"""How long before closing on its last day a promised letter leaves, so that a mail server may be down for a while."""


class PlanState(StrEnum):
    """Where a planned letter stands."""

    PLANNED = "planned"
    QUEUED = "queued"
    CANCELLED = "cancelled"
    OVERTAKEN = "overtaken"
    ALARMED = "alarmed"


PLAN_NAMES: dict[PlanState, str] = {
    PlanState.PLANNED: "Planerat",
    PlanState.QUEUED: "Lämnat till utkorgen",
    PlanState.CANCELLED: "Går inte",
    PlanState.OVERTAKEN: "Behövs inte",
    PlanState.ALARMED: "Larm har gått",
}


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One letter of one promise: ``kind`` leaves at ``due_at`` (aware) unless the case moves; ``reason`` is Swedish.

    ``day`` is the due day of the promise, or for a reminder after it the day of the reminder. ``alarm``: at ``due_at``
    registrator and chef are alarmed instead, because no person has confirmed a unit.
    """

    case_id: str
    kind: LetterKind
    promise: PromiseKind
    due_at: datetime
    day: date
    state: PlanState
    reason: str = ""
    alarm: bool = False

    @property
    def id(self) -> str:
        """Alike each time the same letter is planned."""
        return f"{self.case_id}:{self.kind}:{self.day.isoformat()}"

    def leaves(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.state is PlanState.PLANNED and self.due_at <= now


_LETTERS = {PromiseKind.STATUS: LetterKind.STATUS, PromiseKind.ANSWER: LetterKind.LANGRE_TID}


def plan(case: Case, marks: Collection[Mark], office: Office, now: datetime) -> tuple[PlannedLetter, ...]:
    """What will leave because of promises, what left already and what no longer will, in order of time."""
    planner = _Planner(case, marks, office, now)
    return tuple(sorted(planner.letters(), key=lambda letter: (letter.due_at, letter.kind)))


def has_unit(case: Case) -> bool:
    """Whether a person has confirmed which unit has the case."""
    return bool(case.unit_id) and case.status not in WAITING


def alarmed(case: Case) -> str:
    """Who is told where no person has confirmed a unit on the last day; of whistle-blowing nobody but its receivers."""
    return "de som läser ärendet" if case.whistle else "registrator och chef"


def owed(case: Case) -> Deadline | None:
    """The nearest status or answer that the citizen was promised and waits for; None where nobody waits."""
    if case.ended or case.sender.anonymous:
        return None
    return min((d for d in in_force(case.deadlines) if d.kind in _LETTERS), key=lambda d: d.due, default=None)


def leaves_at(calendar: WorkingCalendar, due: date) -> datetime:
    """When a promised letter leaves that is due on a day: shortly before closing on the last open day until then."""
    day = calendar.last_open_day(due)
    return max(calendar.opening(day), calendar.closing(day) - MARGIN)


def horizon(office: Office, now: datetime) -> date:
    """The latest due day that may cause a letter or a reminder today, with those of closing days that follow."""
    calendar = office.calendar
    until = calendar.next_open_day(local_day(now)) - timedelta(days=1)
    return max(until, calendar.add_working_days(calendar.roll_back(until), office.letters.remind_working_days))


@dataclass(frozen=True, slots=True)
class _Planner:
    case: Case
    marks: Collection[Mark]
    office: Office
    now: datetime

    def letters(self) -> Iterator[PlannedLetter]:
        # Two letters may have told the same day.
        for deadline in dict.fromkeys(self.case.deadlines):
            if deadline.kind in _LETTERS:
                yield self._before(deadline)
            if self._promises_letter(deadline):
                yield self._promised(deadline)
        yield from self._after()

    def _promises_letter(self, deadline: Deadline) -> bool:
        """A status for its promise; for an answer the delay notice, where the profile has one, and once only."""
        if deadline.kind is PromiseKind.ANSWER:
            return self.office.letters.delay_notice and deadline == self.case.deadline(PromiseKind.ANSWER)
        return deadline.kind in _LETTERS

    def _before(self, deadline: Deadline) -> PlannedLetter:
        calendar = self.office.calendar
        day = calendar.subtract_working_days(deadline.due, self.office.letters.remind_working_days)
        state, reason = self._state(LetterKind.PAMINNELSE_FORE, deadline)
        if state is PlanState.PLANNED and local_day(self.now) > deadline.due:
            state, reason = PlanState.OVERTAKEN, "Svarstiden har gått ut."
        at = calendar.opening(calendar.last_open_day(day))
        return self._letter(LetterKind.PAMINNELSE_FORE, deadline, at, deadline.due, state, reason)

    def _promised(self, deadline: Deadline) -> PlannedLetter:
        kind = _LETTERS[deadline.kind]
        state, reason = self._state(kind, deadline)
        alarm = state is PlanState.PLANNED and not has_unit(self.case)
        if alarm:
            whom = alarmed(self.case)
            reason = f"Ingen enhet är bekräftad. Är det så när tiden är inne larmas {whom} i stället."
            if (LetterKind.TILL_CHEF, deadline.due) in self.marks:
                state, reason = (
                    PlanState.ALARMED,
                    "Ingen enhet var bekräftad i tid. Brevet går när en enhet har ärendet.",
                )
        elif state is PlanState.PLANNED:
            state, reason = self._permitted(kind)
        at = leaves_at(self.office.calendar, deadline.due)
        return self._letter(kind, deadline, at, deadline.due, state, reason, alarm=alarm)

    def _permitted(self, kind: LetterKind) -> tuple[PlanState, str]:
        verdict = permit(self.case, kind, automatic=True)
        state = PlanState.CANCELLED if verdict.verdict is Verdict.WITHHOLD else PlanState.PLANNED
        return state, verdict.reason

    def _after(self) -> Iterator[PlannedLetter]:
        """Reminders sent on days after a deadline, and the next one where a promise is still unkept."""
        kept = min((d for d in self.case.deadlines if d.kind in _LETTERS), key=lambda d: d.due, default=None)
        sent = sorted(day for kind, day in self.marks if kind is LetterKind.PAMINNELSE_EFTER)
        calendar = self.office.calendar
        if kept is not None:
            for day in sent:
                at = calendar.opening(day)
                yield self._letter(LetterKind.PAMINNELSE_EFTER, kept, at, day, PlanState.QUEUED, "")
        late = owed(self.case)
        if late is None:
            return
        day = calendar.next_open_day(max([late.due, *sent]))
        # Days that nobody swept are not made up for: one reminder says how old the matter is.
        today = max(day, local_day(self.now))
        reason = f"Varje arbetsdag från den {swedish_date(day)}, tills löftet är hållet."
        yield self._letter(LetterKind.PAMINNELSE_EFTER, late, calendar.opening(day), today, PlanState.PLANNED, reason)

    def _state(self, kind: LetterKind, deadline: Deadline) -> tuple[PlanState, str]:
        if (kind, deadline.due) in self.marks:
            return PlanState.QUEUED, ""
        if self.case.ended:
            return PlanState.CANCELLED, f"Ärendet är: {STATUS_NAMES[self.case.status]}."
        if self.case.sender.anonymous:
            return PlanState.CANCELLED, "Avsändaren är anonym, så ingen återkoppling är möjlig."
        if deadline.met_at is not None:
            return PlanState.OVERTAKEN, f"Löftet hölls den {swedish_date(deadline.met_at)}."
        if deadline not in in_force(self.case.deadlines):
            return PlanState.OVERTAKEN, "Avsändaren har fått besked om en ny dag."
        return PlanState.PLANNED, ""

    def _letter(
        self,
        kind: LetterKind,
        deadline: Deadline,
        at: datetime,
        day: date,
        state: PlanState,
        reason: str,
        *,
        alarm: bool = False,
    ) -> PlannedLetter:
        return PlannedLetter(self.case.id, kind, deadline.kind, at, day, state, reason, alarm)
