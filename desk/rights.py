"""Who may do what with a case they may read; reading itself is decided in the store's queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cases.case import ALLOWED_MOVES, WAITING, Case, CaseStatus
from cases.errors import NotAllowed
from cases.people.access import Role, User, Viewer
from cases.post.plan import owed
from cases.steps.routing.confirm import keeps, works
from cases.ties import waits

CASE_ROLES = frozenset({Role.REGISTRATOR, Role.HANDLAGGARE, Role.CHEF, Role.VISSELMOTTAGARE})
ROUTERS = frozenset({Role.REGISTRATOR, Role.VISSELMOTTAGARE})
KEEPERS = frozenset({Role.REGISTRATOR, Role.ADMIN})


class Action(StrEnum):
    """What the case page offers."""

    CONFIRM = "confirm"
    SENDER = "sender"
    ASSIGN = "assign"
    ACCEPT = "accept"
    ANSWER = "answer"
    ORAL = "oral"
    ASK = "ask"
    STATUS_TOLD = "status_told"
    ESCALATE = "escalate"
    SEND_BACK = "send_back"
    CLOSE = "close"
    REOPEN = "reopen"
    FLAGS = "flags"
    CLEAR_FLAGS = "clear_flags"
    RELEASE = "release"
    READER = "reader"
    LINK = "link"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    OWN_CASE = "own_case"
    NOTE = "note"
    ORIGINAL = "original"
    LETTERS = "letters"
    DISCLOSE = "disclose"
    QUICK = "quick"
    TAG = "tag"
    APPEAL = "appeal"
    TRACK = "track"
    LAW_TOLD = "law_told"


_A, _S = Action, CaseStatus
# Each of these changes where the case stands, and so needs the arrow in the table of moves.
_MOVES = {
    _A.CONFIRM: _S.ROUTED,
    _A.ASSIGN: _S.ASSIGNED,
    _A.ACCEPT: _S.IN_PROGRESS,
    _A.ESCALATE: _S.ESCALATED,
    _A.SEND_BACK: _S.SUGGESTED,
    _A.CLOSE: _S.CLOSED,
    _A.REOPEN: _S.REOPENED,
}
# From these the table has an arrow, which means another thing there.
_THERE_ALREADY = {_A.ACCEPT: frozenset({_S.IN_PROGRESS, _S.ANSWERED}), _A.SEND_BACK: WAITING}
_WORK = (
    _A.ACCEPT,
    _A.ANSWER,
    _A.ORAL,
    _A.ASK,
    _A.STATUS_TOLD,
    _A.ESCALATE,
    _A.SEND_BACK,
    _A.CLOSE,
    _A.REOPEN,
    _A.FLAGS,
    _A.LINK,
    _A.MERGE,
    _A.UNMERGE,
    _A.LETTERS,
    _A.QUICK,
    _A.TAG,
    _A.APPEAL,
    _A.LAW_TOLD,
)
_LEAD = (_A.ASSIGN, _A.CLEAR_FLAGS, _A.RELEASE, _A.READER, _A.TRACK)
_KEEP = (_A.CONFIRM, _A.ORIGINAL, _A.SENDER, _A.SPLIT, _A.OWN_CASE, _A.DISCLOSE)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do with one case as it stands."""

    allowed: frozenset[Action]

    def may(self, action: str) -> bool:
        """Whether the action is offered; for templates, by its name."""
        return action in self.allowed

    def demand(self, action: Action) -> None:
        """Raise NotAllowed where it is not theirs."""
        if action not in self.allowed:
            raise NotAllowed("Det kan du inte göra i det här ärendet, eller inte i det läge som ärendet är i nu.")


def rights(case: Case, user: User, viewer: Viewer) -> Rights:
    """The rights of a person who may read the case: readers note, workers work, chefs lead, registrators keep.

    Whoever has it in hand may give it to a colleague of the unit.
    Of a case that was erased (gallring) nothing is left to work with.
    """
    if case.disposed_at is not None:
        return Rights(frozenset())
    found = {_A.NOTE}
    if case.assignee_id == user.id:
        found.add(_A.ASSIGN)
    kept, leads = keeps(case, viewer), case.unit_id in viewer.chef_units
    if works(case, user, viewer):
        found.update(_WORK)
    if kept or leads:
        found.update(_LEAD)
    if kept:
        found.update(_KEEP)
    return Rights(frozenset(action for action in found if _fits(case, action)))


def _fits(case: Case, action: Action) -> bool:
    """Whether the case stands so that the action means something."""
    own = {_A.RELEASE: case.on_hold, _A.SENDER: bool(case.sender_doubt), _A.LAW_TOLD: case.whistle}
    if action in own:
        return own[action]
    if action in (_A.UNMERGE, _A.MERGE, _A.SPLIT):
        return _fits_merger(case, action)
    # Before a case is routed its track is part of that decision.
    if action in (_A.ANSWER, _A.ORAL, _A.ASK, _A.STATUS_TOLD, _A.TRACK):
        # Of a status (O24), or of an answer whose day may be moved (R5); nobody waits for it where nobody can be told.
        waited_for = action is not _A.STATUS_TOLD or owed(case) is not None
        return waited_for and case.answerable
    if action is _A.QUICK:
        return (
            bool(case.unit_id) and not case.protected and not case.ended and case.status not in (*WAITING, _S.ANSWERED)
        )
    # What still waits in a merger is taken apart, which puts it and the other case's promises back where they were.
    if case.status in _THERE_ALREADY.get(action, ()) or (action is _A.REOPEN and waits(case)):
        return False
    again = action is _A.ASSIGN and case.status is _S.ASSIGNED
    return again or action not in _MOVES or _MOVES[action] in ALLOWED_MOVES[case.status]


def _fits_merger(case: Case, action: Action) -> bool:
    """Open cases can be merged and split; a merged one taken apart until its sender has the answer."""
    if action is _A.UNMERGE:
        return waits(case)
    return not case.ended and case.status not in (_S.RECEIVED, _S.ANSWERED)


def holds_any(user: User, roles: Iterable[Role]) -> bool:
    """Whether the person holds one of the roles anywhere."""
    return any(user.has(role) for role in roles)
