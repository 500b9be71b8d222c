"""An answer somebody is writing, and one just sent that can still be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cases.case import Case, CaseStatus, Outcome
from cases.letters.letter import LetterKind
from cases.promises import Deadline

UNDO = timedelta(seconds=30)
"""How long a letter that a person sends on the desk waits, so that they can take it back."""


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What one person has typed so far in one letter of one case; ``typed`` by variable, as it stands in the form."""

    case_id: str
    user_id: str
    kind: LetterKind
    typed: Mapping[str, str]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Stand:
    """What an answer changes in a case; compared before anything is put back."""

    status: CaseStatus
    outcome: Outcome | None
    assignee_id: str
    deadlines: tuple[Deadline, ...]

    @classmethod
    def of(cls, case: Case) -> "Stand":
        """How a case stands now."""
        return cls(case.status, case.outcome, case.assignee_id, case.deadlines)


@dataclass(frozen=True, slots=True)
class Answered:
    """One case that an answer touched: the letters it queued there, and where the case stood before and after.

    The first of the letters is the one that tells its sender, which may be that of another case of theirs.
    """

    case_id: str
    entry_ids: tuple[str, ...]
    before: Stand
    after: Stand

    @property
    def letter_id(self) -> str:
        """The letter that tells its sender."""
        return self.entry_ids[0]


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """A letter that waits to leave at ``leaves_at``, with all that must be put back if it never does.

    Each letter of an answer has its own. That of the case where it was written names also the cases ``cases`` which the
    others tell of: it is taken back with them.
    """

    entry_id: str
    draft: AnswerDraft
    leaves_at: datetime
    cases: tuple[Answered, ...]

    @property
    def told(self) -> tuple[Answered, ...]:
        """The cases whose sender this very letter tells."""
        return tuple(one for one in self.cases if one.letter_id == self.entry_id)


class Drafts(Protocol):
    """Answers in the making. Ask for the case as a viewer first: these questions do not look at who may read it."""

    def save_draft(self, draft: AnswerDraft) -> None:
        """Keep what is typed, in place of what was kept for the same person, case and letter."""

    def draft(self, case_id: str, user_id: str, kind: LetterKind) -> AnswerDraft | None:
        """What this person has typed."""

    def drafts_of(self, case_id: str, user_id: str) -> Sequence[AnswerDraft]:
        """This person's drafts in the case, the latest first."""

    def writers_of(self, case_id: str) -> dict[str, datetime]:
        """Who has a draft in the case, by id, and when it was last kept; nothing of what they write."""

    def erase_draft(self, case_id: str, user_id: str, kind: LetterKind) -> None:
        """Forget one; nothing where there is none."""

    def erase_drafts(self, case_id: str) -> None:
        """Forget everybody's drafts in the case."""

    def save_sent(self, sent: SentAnswer) -> None:
        """Keep how to take a letter back until it has left."""

    def sent_answer(self, entry_id: str) -> SentAnswer | None:
        """How to take this letter back; None once it has left or was taken back."""

    def sent_answers(self, case_id: str) -> Sequence[SentAnswer]:
        """The letters of the case that have not left, the latest first."""

    def erase_sent(self, entry_id: str) -> None:
        """Forget it; nothing where there is none."""
