"""An answer somebody is writing, and one just sent that can still be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cases.case import CaseStatus, Outcome
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


@dataclass(frozen=True, slots=True)
class Answered:
    """One case that an answer touched: the letters it queued there, and where the case stood before and after."""

    case_id: str
    entry_ids: tuple[str, ...]
    before: Stand
    after: Stand


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """A letter that waits to leave at ``leaves_at``, with all that must be put back if it is taken back before."""

    entry_id: str
    draft: AnswerDraft
    leaves_at: datetime
    cases: tuple[Answered, ...]


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
        """The letters of the case that can be taken back, the latest first."""

    def erase_sent(self, entry_id: str) -> None:
        """Forget it; nothing where there is none."""
