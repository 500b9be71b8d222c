"""What goes on in Ekdala before anybody looks: a contractor is asked and the chef follows, somebody has an answer.

The people of the demonstration do it, as soon as the letter it is about waits to be routed. Where somebody was faster,
or a flag keeps the letter back, it is left out.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cases.calendar import local_day
from cases.case import Case, CaseStatus
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Clock, Store, Tx
from cases.steps.answering.answer import answer
from cases.steps.answering.asking import Question, ask
from cases.steps.routing.confirm import confirm
from cases.steps.routing.suggested import as_suggested
from cases.steps.working import work
from cases.steps.working.following import follow
from service.demo.letters import SampleLetter

_PAUSE = 0.5
_LONGEST = 300.0
_CONTRACTOR = "jour@storgatans-asfalt.example"
_QUESTION = (
    "I cykelfältet på Storgatan, utanför apoteket, är det ett djupt hål. När kan ni laga det, och kan ni spärra av "
    "platsen redan i dag?"
)
_ANSWER = {
    "atgard": "Vi har ändrat plogrundan, så att Tallvägen plogas samma natt som Storgatan. Föraren har fått veta att "
    "ingen vall ska läggas framför infarterna.",
    "nar": "från och med nästa snöfall",
    "vem": "Gata och park",
    "motivering": "Tallvägen låg sist på rundan. Det märkte vi inte förrän du och några till hörde av er.",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it is played: the store, the office and the wall clock of the demonstration."""

    store: Store
    office: Office
    clock: Clock


Scene = Callable[[Tx, Case, Stage], None]


def play(stage: Stage, letters: Sequence[SampleLetter], stop: threading.Event, longest: float = _LONGEST) -> None:
    """Play each scene once, until ``stop`` is set or that many seconds have passed."""
    left = {letter.message_id: SCENES[letter.slug] for letter in letters if letter.slug in SCENES}
    until = time.monotonic() + longest
    while left and not stop.is_set() and time.monotonic() < until:
        left = {key: scene for key, scene in left.items() if not _played(stage, key, scene)}
        stop.wait(_PAUSE if left else 0)


def _played(stage: Stage, message_id: str, scene: Scene) -> bool:
    """Play a scene where its letter waits to be routed; False while the letter is not there or not read yet."""
    with stage.store.read() as tx:
        case_id = tx.case_by_message_ids([message_id])
        case = tx.get_case(case_id, SYSTEM) if case_id else None
    if case is None or case.status is CaseStatus.RECEIVED:
        return False
    with stage.store.begin() as tx:
        case = tx.hold_case(case.id, SYSTEM)
        if case.status is CaseStatus.SUGGESTED and not case.protected:
            scene(tx, case, stage)
    return True


def _asked(tx: Tx, case: Case, stage: Stage) -> None:
    """A hole in the street: its handläggare asks who mends the streets, and the chef follows the case."""
    case = _confirmed(tx, case, stage)
    follow(tx, case.id, _person(tx, "robert.vagmark"), stage.office, stage.clock())
    hassan = _takes(tx, case, stage)
    now = stage.clock()
    question = Question(_CONTRACTOR, _QUESTION, local_day(now) + timedelta(days=6))
    ask(tx, case.id, question, hassan, stage.office, now)


def _answered(tx: Tx, case: Case, stage: Stage) -> None:
    """A road that was ploughed last: the answer asks whether it was of help."""
    hassan = _takes(tx, _confirmed(tx, case, stage), stage)
    version = tx.get_case(case.id, SYSTEM).version
    answer(tx, case.id, version, LetterKind.BESLUT_ATGARD, _ANSWER, hassan, stage.office, stage.clock())


SCENES: dict[str, Scene] = {"hal-i-gatan": _asked, "snorojning": _answered}
"""By the letter they are about."""


def _confirmed(tx: Tx, case: Case, stage: Stage) -> Case:
    request = as_suggested(case, stage.office, tx.suggestion(case.id))
    return confirm(tx, case.id, request, _person(tx, "rut.registrator"), stage.office, stage.clock())


def _takes(tx: Tx, case: Case, stage: Stage) -> User:
    """The handläggare of the streets is given the case and takes it."""
    rut, hassan = _person(tx, "rut.registrator"), _person(tx, "hassan.handlaggare")
    case = work.assign(tx, case.id, case.version, hassan, rut, stage.office, stage.clock())
    work.accept(tx, case.id, case.version, hassan, stage.office, stage.clock())
    return hassan


def _person(tx: Tx, name: str) -> User:
    user = tx.user_by_email(f"{name}@ekdala.example")
    assert user is not None
    return user
