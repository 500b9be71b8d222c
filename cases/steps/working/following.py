"""A colleague follows a case: word of what happens in it, at most once a day, while they may read it."""

from collections.abc import Sequence
from datetime import datetime

from cases.calendar import local_day
from cases.journal import EventKind
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.staff import queue_internal, still_reads
from cases.records.following import Follower

_K = EventKind
_OF_WEIGHT = frozenset(
    {
        _K.REPLY_RECEIVED,
        _K.ANSWERED_OUTSIDE,
        _K.CONFIRMED,
        _K.ASSIGNED,
        _K.MOVED,
        _K.ANSWERED,
        _K.ESCALATED,
        _K.CLOSED,
        _K.REOPENED,
    }
)
"""The citizen writes, somebody who was asked answers, the case moves, is answered or ended."""
_NEWS = {"anledning": "Det har hänt något i ett ärende som du följer."}


def follow(tx: Tx, case_id: str, by: User, office: Office, now: datetime) -> None:
    """Follow a case one may read. Raises NotFound."""
    tx.get_case(case_id, office.viewer(by))
    tx.follow(case_id, by.id, now)


def to_tell(tx: Tx, office: Office, now: datetime) -> Sequence[Follower]:
    """Those who have news; in service hours alone, and not of what can still be undone."""
    if not office.calendar.in_service(now):
        return ()
    return tx.followers_to_tell(_OF_WEIGHT, now - UNDO, local_day(now))


def tell(tx: Tx, follower: Follower, office: Office, now: datetime) -> int:
    """Tell of the news, once; how many mails that made. Who may not read the case any more follows it no more.

    Whoever has the case by now is told by its own mails.
    """
    today = local_day(now)
    if not tx.note_told(follower, now - UNDO, today):
        return 0
    case, person = tx.get_case(follower.case_id, SYSTEM), tx.user(follower.user_id)
    if not still_reads(tx, office, case.id, person, today):
        tx.unfollow(case.id, person.id)
        return 0
    if case.assignee_id == person.id:
        return 0
    queue_internal(tx, office, case, LetterKind.BEVAKNING, [person.email], now=now, values=_NEWS, stand_ins=False)
    return 1
