"""The passes over alarms and promises: one case that cannot be seen to never keeps the others from it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cases.calendar import local_day
from cases.office import Office
from cases.parts import in_parts
from cases.ports import Store, Tx
from cases.records.following import Follower
from cases.records.wishes import Wish
from cases.steps.routing import suggest as suggesting
from cases.steps.watching import appeal_watch, law_watch, new_cases, whistle_watch
from cases.steps.watching import late as listing
from cases.steps.watching import promises as promising
from cases.steps.watching import reminders as reminding
from cases.steps.working import following, wishes

T = TypeVar("T")
LOG = logging.getLogger("lyhord.sweeps")
# Enough to share a transaction's cost, few enough that nobody waits long for a case or for SQLite's one writer.
_TOGETHER = 50
# Whoever is alarmed of several of these cases gets one letter.
_ALARMED_TOGETHER = 500


def alarms(store: Store, office: Office, now: datetime) -> int:
    """Serious letters nobody opened, receipts the model kept waiting, lists of new cases; safe to run twice or late.

    How many.
    """
    with store.read() as tx:
        serious = list(suggesting.unopened(tx, office, now))
        waiting = list(suggesting.unsuggested(tx, office, now))
        lists = list(new_cases.lists_due(tx, office, now))
    told = sum(_alone(store, suggesting.alarm_unopened, one, office, now) for one in serious)
    told += sum(_alone(store, suggesting.receipt_without_model, one, office, now) for one in waiting)
    return told + sum(_alone(store, new_cases.send_new_list, one, office, now) for one in lists)


def promises(store: Store, office: Office, now: datetime) -> int:
    """Letters of deadlines, alarms, reminders and cases nobody accepted; safe to run twice, late or elsewhere.

    How many letters, alarms and cases given back that made, with reminders of decisions not to hand out and of notes,
    and word to followers.
    """
    with store.read() as tx:
        offered = list(reminding.unaccepted(tx, office, now))
    # Back to the unit first, so that a reminder reaches whoever then has the case.
    back = sum(_alone(store, reminding.hand_back, one, office, now) for one in offered)
    with store.read() as tx:
        watched = list(appeal_watch.to_remind(tx, office, now))
        wished = list(wishes.to_remind(tx, office, now))
        follow = list(following.to_tell(tx, office, now))
        alarmed, due = promising.waiting(tx, office, now)
    parts = [*in_parts(alarmed, _ALARMED_TOGETHER), *in_parts(due, _TOGETHER)]
    kept = sum(_together(store, part, office, now) for part in parts)
    kept += sum(_alone(store, appeal_watch.remind, one, office, now) for one in watched)
    kept += sum(_alone(store, wishes.remind, one, office, now) for one in wished)
    kept += sum(_alone(store, following.tell, one, office, now) for one in follow)
    # After them, so that no list tells of what has just been kept.
    kept += sum(_once_a_day(store, one, office, now) for one in (_WHISTLE, _LAW))
    return back + kept + _once_a_day(store, _LISTS, office, now)


@dataclass(frozen=True, slots=True)
class _OfTheDay(Generic[T]):
    """What goes out once a day in service hours: to whom it has not, one of them, and what notes that all have it.

    What comes up after ``over`` was noted leaves the next day.
    """

    over: str
    waiting: Callable[[Tx, Office, datetime], Sequence[T]]
    send: Callable[[Tx, T, Office, datetime], int]


_WHISTLE = _OfTheDay("whistle_watch_over", whistle_watch.to_remind, whistle_watch.remind)
_LAW = _OfTheDay("law_watch_over", law_watch.to_remind, law_watch.remind)
_LISTS = _OfTheDay("late_lists_over", listing.unlisted, listing.send_list)


def _once_a_day(store: Store, one: _OfTheDay[T], office: Office, now: datetime) -> int:
    """Each in a transaction of its own: one that cannot be written keeps no other back."""
    with store.read() as tx:
        if not office.calendar.in_service(now) or tx.setting(one.over) >= local_day(now).isoformat():
            return 0
        waiting = one.waiting(tx, office, now)
    if waiting:
        return sum(_alone(store, one.send, key, office, now) for key in waiting)
    with store.begin() as tx:
        tx.claim_day(one.over, local_day(now))
    return 0


def _together(store: Store, case_ids: Sequence[str], office: Office, now: datetime) -> int:
    try:
        with store.begin() as tx:
            return promising.keep_all(tx, case_ids, office, now)
    except Exception:  # noqa: BLE001 - whichever it was must not take the others with it
        return sum(_alone(store, promising.keep, one, office, now) for one in case_ids)


def _alone(store: Store, step: Callable[[Tx, T, Office, datetime], int], one: T, office: Office, now: datetime) -> int:
    try:
        with store.begin() as tx:
            return step(tx, one, office, now)
    except Exception as error:  # noqa: BLE001 - one case must never keep the others' promises back
        # A person who changed the case in the same moment makes StaleVersion: the next sweep looks again.
        case_id = one.case_id if isinstance(one, (Wish, Follower)) else one
        what = f"case {case_id}" if isinstance(case_id, str) else "a list of cases"
        LOG.warning("%s was not seen to: %s", what, type(error).__name__)
        return 0
