"""The questions of a case to somebody outside, as its page shows them beside what was answered."""

from collections.abc import Sequence

from cases.letters.letter import LetterKind, OutboxStatus
from cases.store.views import CaseFile


def questions(files: Sequence[CaseFile]) -> dict[str, object]:
    """The questions by id, and since when those wait that nobody has answered."""
    asked = {one.id: one for file in files for one in file.letters if one.letter.kind is LetterKind.FRAGA_UTANFOR}
    answered = {one.question for file in files for one in file.messages}
    waits = {
        key: one.sent_at or one.created_at
        for key, one in asked.items()
        if one.status is OutboxStatus.SENT and key not in answered
    }
    return {"questions": asked, "unanswered": {} if files[0].case.ended else waits}
