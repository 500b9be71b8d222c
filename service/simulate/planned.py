"""Letters that staff of a simulated year set to leave later, by dice of their own: a year without stays the same."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from cases.case import Case
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.steps.answering.send import Sending, send_answer

_SHARE = 0.2
_HOURS = (3, 16, 20, 44, 70)


class Planner:
    """Lets some letters wait; ``wake`` lets the outbox look at a moment, as it does each other second."""

    def __init__(self, seed: int, office: Office, wake: Callable[[datetime], None]) -> None:
        self._random = Random(f"planned {seed}")  # noqa: S311 - the same year must come again
        self._office, self._wake = office, wake

    def plan(self, tx: Tx, case: Case, kind: LetterKind, values: Mapping[str, str], by: User, now: datetime) -> bool:
        """Set the letter to leave later; False where it is to leave at once, as nearly always, or may not wait."""
        if self._random.random() >= _SHARE:
            return False
        at = now + timedelta(hours=self._random.choice(_HOURS))
        wish = Sending(case.id, case.version, (), kind, values, values, at=at)
        try:
            sent = send_answer(tx, wish, by, self._office, now)
        except NotAllowed:
            # The day that was promised comes first. Of a letter that may not leave at all, the next try is told.
            return False
        self._wake(sent.leaves_at + timedelta(seconds=2))
        return True
