"""What became of letters: told in the case's journal, and remembered for where the database loses it."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime

from cases.journal import CaseEvent, EventKind
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.ports import Clock, NewId, Store, Tx

_MOST = 10_000
_RECALLED = 1000
_EVENTS = {
    OutboxStatus.SENT: EventKind.LETTER_SENT,
    OutboxStatus.FAILED: EventKind.LETTER_FAILED,
    OutboxStatus.WITHHELD: EventKind.LETTER_WITHHELD,
    OutboxStatus.UNCERTAIN: EventKind.LETTER_UNCERTAIN,
}
_MAY_HAVE_COME = (OutboxStatus.SENT, OutboxStatus.UNCERTAIN)
_Letter = tuple[str, datetime, str]


class HandedOver:
    """The fate of the latest letters that came, or may have come; never of one that was to be tried again.

    What was noted of a letter is lost where the commit fails, or where the database's standby takes over before it
    heard of it. The letter would then go a second time, or wait for a person who can find out no more than we know.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._fates: OrderedDict[_Letter, OutboxEntry] = OrderedDict()

    def note(self, entry: OutboxEntry) -> None:
        """Remember what became of a letter just tried."""
        if entry.status in _MAY_HAVE_COME:
            self._fates[_this_sending(entry)] = entry
            if len(self._fates) > self._most:
                self._fates.popitem(last=False)

    def fate(self, entry: OutboxEntry) -> OutboxEntry | None:
        """The entry as it is to be recorded; None of a letter that may go, as where a person sends it once more."""
        known = self._fates.get(_this_sending(entry))
        if known is None:
            return None
        return replace(
            entry,
            status=known.status,
            attempts=known.attempts,
            retry_at=None,
            sent_at=known.sent_at,
            error=known.error,
        )


def recall(store: Store, handed: HandedOver, *, now: datetime, clock: Clock, new_id: NewId) -> int:
    """Tell a database that has lost it what became of letters, and send none; returns of how many."""
    count = 0
    with store.begin() as tx:
        for entry in (*tx.stuck_inflight(now), *tx.due(_RECALLED, now)):
            if (known := handed.fate(entry)) and tx.hold_entry(entry.id) == entry:
                tx.update_entry(known)
                journal(tx, known, clock, new_id)
                count += 1
    return count


def journal(tx: Tx, entry: OutboxEntry, clock: Clock, new_id: NewId) -> None:
    """Note in its case what became of a letter, unless it is tried again."""
    kind = _EVENTS.get(entry.status)
    if kind is None or not entry.case_id:
        return
    whose = f", till {entry.recipient}" if entry.copy_of else ""
    text = entry.name if entry.status is OutboxStatus.SENT else f"{entry.name}{whose}: {entry.error}"
    tx.add_event(CaseEvent(new_id(), entry.case_id, clock(), "system", kind, text))


def _this_sending(entry: OutboxEntry) -> _Letter:
    """A letter that a person sends again is due anew, and one whose address was put right goes to another."""
    return entry.id, entry.not_before, entry.recipient
