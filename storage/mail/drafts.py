"""Answers somebody is writing, and those that can still be taken back."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cases.case import CaseStatus, Outcome
from cases.letters.drafts import AnswerDraft, Answered, SentAnswer, Stand
from cases.letters.letter import LetterKind
from cases.promises import Deadline, PromiseKind
from storage.database.engine import Part
from storage.payloads import dump
from storage.rows import Row
from storage.tables.drafts import answer_drafts, sent_answers

_d, _s = answer_drafts.c, sent_answers.c
_DRAFTS = (
    sa.select(answer_drafts)
    .where(_d.case_id == sa.bindparam("its_case"), _d.user_id == sa.bindparam("its_user"))
    .order_by(_d.saved_at.desc())
)
_WRITERS = (
    sa.select(_d.user_id, sa.func.max(_d.saved_at).label("saved_at"))
    .where(_d.case_id == sa.bindparam("its_case"))
    .group_by(_d.user_id)
)
_SENT = sa.select(sent_answers).order_by(_s.saved_at.desc(), _s.entry_id)
_SENT_ONE = _SENT.where(_s.entry_id == sa.bindparam("its_id"))
_SENT_OF = _SENT.where(_s.case_id == sa.bindparam("its_id"))


class DraftPart(Part):
    """The whole of ``Drafts``."""

    def save_draft(self, draft: AnswerDraft) -> None:
        """Keep what is typed, in place of what was kept before."""
        self.replace(answer_drafts, ["case_id", "user_id", "kind"], _draft_row(draft))

    def draft(self, case_id: str, user_id: str, kind: LetterKind) -> AnswerDraft | None:
        """What this person has typed."""
        return next((one for one in self.drafts_of(case_id, user_id) if one.kind is kind), None)

    def drafts_of(self, case_id: str, user_id: str) -> Sequence[AnswerDraft]:
        """This person's drafts in the case, the latest first."""
        asked = {"its_case": case_id, "its_user": user_id}
        return [_draft(row) for row in self.connection.execute(_DRAFTS, asked).mappings()]

    def writers_of(self, case_id: str) -> dict[str, datetime]:
        """Who has a draft in the case, by id, and when it was last kept."""
        return {row.user_id: row.saved_at for row in self.connection.execute(_WRITERS, {"its_case": case_id})}

    def erase_draft(self, case_id: str, user_id: str, kind: LetterKind) -> None:
        """Forget one."""
        which = (_d.case_id == case_id, _d.user_id == user_id, _d.kind == kind)
        self.connection.execute(answer_drafts.delete().where(*which))

    def erase_drafts(self, case_id: str) -> None:
        """Forget everybody's drafts in the case."""
        self.connection.execute(answer_drafts.delete().where(_d.case_id == case_id))

    def save_sent(self, sent: SentAnswer) -> None:
        """Keep how to take a letter back until it has left."""
        cases = dump([_answered_out(one) for one in sent.cases])
        row = _draft_row(sent.draft) | {"entry_id": sent.entry_id, "leaves_at": sent.leaves_at, "cases": cases}
        self.replace(sent_answers, ["entry_id"], row)

    def sent_answer(self, entry_id: str) -> SentAnswer | None:
        """How to take this letter back."""
        return next(iter(self._sent(_SENT_ONE, entry_id)), None)

    def sent_answers(self, case_id: str) -> Sequence[SentAnswer]:
        """The letters of the case that can be taken back, the latest first."""
        return self._sent(_SENT_OF, case_id)

    def erase_sent(self, entry_id: str) -> None:
        """Forget it."""
        self.connection.execute(sent_answers.delete().where(_s.entry_id == entry_id))

    def _sent(self, query: sa.Select[tuple[object, ...]], of: str) -> list[SentAnswer]:
        return [_sent_answer(row) for row in self.connection.execute(query, {"its_id": of}).mappings()]


def _draft_row(draft: AnswerDraft) -> dict[str, Any]:
    return {
        "case_id": draft.case_id,
        "user_id": draft.user_id,
        "kind": draft.kind,
        "typed": dump(dict(draft.typed)),
        "saved_at": draft.saved_at,
    }


def _draft(row: Row) -> AnswerDraft:
    typed = json.loads(row["typed"])
    return AnswerDraft(row["case_id"], row["user_id"], LetterKind(row["kind"]), typed, row["saved_at"])


def _sent_answer(row: Row) -> SentAnswer:
    cases = tuple(_answered_in(one) for one in json.loads(row["cases"]))
    return SentAnswer(row["entry_id"], _draft(row), row["leaves_at"], cases)


def _answered_out(one: Answered) -> list[object]:
    return [one.case_id, list(one.entry_ids), _stand_out(one.before), _stand_out(one.after)]


def _answered_in(raw: list[Any]) -> Answered:
    return Answered(raw[0], tuple(raw[1]), _stand_in(raw[2]), _stand_in(raw[3]))


def _stand_out(stand: Stand) -> list[object]:
    deadlines = [[d.kind, d.due.isoformat(), d.rule, d.met_at and d.met_at.isoformat()] for d in stand.deadlines]
    return [stand.status, stand.outcome, stand.assignee_id, deadlines]


def _stand_in(raw: list[Any]) -> Stand:
    status, outcome, assignee, deadlines = raw
    return Stand(CaseStatus(status), Outcome(outcome) if outcome else None, assignee, tuple(map(_deadline, deadlines)))


def _deadline(raw: list[Any]) -> Deadline:
    kind, due, rule, met = raw
    return Deadline(PromiseKind(kind), date.fromisoformat(due), rule, datetime.fromisoformat(met) if met else None)
