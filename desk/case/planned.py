"""What will be sent because of a case's promises, when and why, in words that name no flag."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from cases.calendar import STOCKHOLM, swedish_date, swedish_time
from cases.case import Case
from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.letters.permit import Verdict, permit
from cases.office import Office
from cases.post.plan import PLAN_NAMES, Mark, PlannedLetter, PlanState, plan
from cases.promises import PROMISE_NAMES

_QUIET = {
    Verdict.WITHHOLD: "Brevet går inte av sig självt. En person bestämmer hur avsändaren får besked.",
    Verdict.SAFE_ONLY: "Med e-post går bara det neutrala meddelandet.",
}

_MORNING, _EVENING = 5, 18


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """One letter of the plan: ``when`` it leaves (empty where it will not) and ``why``, as sentences."""

    name: str
    state: PlanState
    state_name: str
    when: str
    why: str

    @property
    def coming(self) -> bool:
        """Whether it is still to leave."""
        return self.state is PlanState.PLANNED


def shown_plan(case: Case, marks: Collection[Mark], office: Office, now: datetime) -> list[ShownPlan]:
    """The plan of a case in order of time."""
    return [_shown(case, letter, now) for letter in plan(case, marks, office, now)]


def _shown(case: Case, letter: PlannedLetter, now: datetime) -> ShownPlan:
    return ShownPlan(
        LETTER_NAMES[letter.kind], letter.state, PLAN_NAMES[letter.state], _when(letter, now), _why(case, letter)
    )


def _when(letter: PlannedLetter, now: datetime) -> str:
    if letter.state in (PlanState.QUEUED, PlanState.ALARMED):
        return swedish_date(letter.due_at)
    if letter.state is not PlanState.PLANNED:
        return ""
    # Nothing leaves outside service hours, so what is due may still wait for the next opening.
    return "så snart det är öppet" if letter.leaves(now) else _as_people_say(letter.due_at)


def _as_people_say(moment: datetime) -> str:
    """The time in hours of work; where service never closes it is midnight or 21.59, and nobody says so."""
    hour = moment.astimezone(STOCKHOLM).hour
    if hour < _MORNING:
        return swedish_date(moment)
    return f"kvällen den {swedish_date(moment)}" if hour >= _EVENING else swedish_time(moment)


def _why(case: Case, letter: PlannedLetter) -> str:
    reason = _without_flags(case, letter)
    if letter.state is not PlanState.PLANNED or letter.alarm or letter.kind is LetterKind.PAMINNELSE_EFTER:
        return reason
    promise, day = PROMISE_NAMES[letter.promise].lower(), swedish_date(letter.day)
    told = f"Till den som har ärendet: {promise} är lovat senast den {day}."
    if letter.kind is not LetterKind.PAMINNELSE_FORE:
        told = f"Vi har lovat {promise} senast den {day}. Brevet går bara om avsändaren inte har fått det före dess."
    return f"{told} {reason}".strip()


def _without_flags(case: Case, letter: PlannedLetter) -> str:
    """The reason of the plan; where it comes from a flag, what happens without the flag's name (OSL 5:2 in spirit)."""
    verdict = permit(case, letter.kind, automatic=True)
    unflagged = permit(replace(case, flags=()), letter.kind, automatic=True)
    if letter.reason and letter.reason == verdict.reason != unflagged.reason:
        return _QUIET[verdict.verdict]
    return letter.reason
