"""One pass over the outbox: claim a letter, ask whether it may go just now, send it, record what became of it.

One letter is in flight at a time, so a crash leaves at most one uncertain. No transaction is open while SMTP is spoken.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.errors import DeliveryError
from cases.journal import CaseEvent, EventKind
from cases.letters import LETTER_NAMES, OutboxEntry, OutboxStatus, Permit, Verdict
from cases.ports import Clock, NewId, Sender, Store, Tx
from notifier.retry import retry_at
from notifier.smtp import ServerUnavailable

LOG = logging.getLogger("lyhord.outbox")
STUCK_AFTER = timedelta(minutes=15)
_DEAD_SERVER_WAIT = timedelta(minutes=1)
_CRASHED = "Sändningen avbröts, och ingen vet om brevet kom fram. Fråga mottagaren, eller skicka igen."
_S = OutboxStatus
_EVENTS = {
    _S.SENT: EventKind.LETTER_SENT,
    _S.FAILED: EventKind.LETTER_FAILED,
    _S.WITHHELD: EventKind.LETTER_WITHHELD,
    _S.UNCERTAIN: EventKind.LETTER_UNCERTAIN,
}

Check = Callable[[Tx, OutboxEntry], Permit]
"""Reads the case again and says whether the letter may go just now (``cases.letters.permit``)."""


@dataclass(slots=True)
class PassReport:
    """How many letters went which way in one pass. ``server_down`` is why the pass stopped early, in Swedish."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    withheld: int = 0
    uncertain: int = 0
    recovered: int = 0
    server_down: str = ""

    @property
    def claimed(self) -> int:
        """Letters the pass took up."""
        return self.sent + self.retried + self.failed + self.withheld + self.uncertain

    def count(self, status: OutboxStatus) -> None:
        """Count one letter that ended the pass in a status."""
        name = "retried" if status is _S.AWAITING_RETRY else status.value
        setattr(self, name, getattr(self, name) + 1)


@dataclass(frozen=True, slots=True)
class _Pass:
    """What the steps of one pass share."""

    store: Store
    sender: Sender
    now: datetime
    clock: Clock
    new_id: NewId
    check: Check
    report: PassReport


def send_due(
    store: Store,
    sender: Sender,
    *,
    now: datetime,
    clock: Clock,
    new_id: NewId,
    check: Check,
    limit: int = 50,
    stuck_after: timedelta = STUCK_AFTER,
) -> PassReport:
    """Send up to ``limit`` letters that are due at ``now``; safe to run twice at once.

    ``stuck_after`` must be longer than one letter can take: several times the mail server's timeout.
    """
    room = _Pass(store, sender, now, clock, new_id, check, PassReport())
    _recover_stuck(room, stuck_after)
    for _ in range(limit):
        if not _one(room):
            break
    _log(room.report)
    return room.report


def _recover_stuck(room: _Pass, stuck_after: timedelta) -> None:
    """Letters whose sender died: a citizen's waits for a person, one to staff is sent again under the same id."""
    with room.store.begin() as tx:
        for entry in tx.stuck_inflight(room.now - stuck_after):
            if entry.internal:
                _settle(tx, room, replace(entry, status=_S.AWAITING_RETRY, retry_at=room.now))
            else:
                _settle(tx, room, replace(entry, status=_S.UNCERTAIN, error=_CRASHED))
            room.report.recovered += 1


def _one(room: _Pass) -> bool:
    """Take up one letter; False where nothing is due or the server is down."""
    with room.store.begin() as tx:
        due = tx.claim_due(1, room.now)
        if not due:
            return False
        entry = replace(due[0], claimed_at=room.clock())
        allowed = _may_go(tx, room, entry)
    if allowed:
        _send(room, entry)
    return not room.report.server_down


def _may_go(tx: Tx, room: _Pass, entry: OutboxEntry) -> bool:
    try:
        permit = room.check(tx, entry)
    except Exception as error:  # noqa: BLE001 - what cannot be checked does not go, and must not stop the next
        LOG.warning("letter %s could not be checked: %s", entry.id, type(error).__name__)
        permit = Permit(Verdict.WITHHOLD, "Det gick inte att kontrollera om brevet får skickas.")
    if permit.verdict is Verdict.SEND:
        tx.update_entry(entry)
        return True
    _settle(tx, room, replace(entry, status=_S.WITHHELD, error=permit.reason))
    room.report.count(_S.WITHHELD)
    return False


def _send(room: _Pass, entry: OutboxEntry) -> None:
    try:
        answer = room.sender.send(entry)
    except ServerUnavailable as error:
        _put_back(room, entry, error)
    except DeliveryError as error:
        _record(room, _after_error(entry, error, room.clock()))
    except Exception as error:  # noqa: BLE001 - a letter that breaks the sender must not stop the next
        LOG.warning("letter %s broke the sender: %s", entry.id, type(error).__name__)
        _record(room, replace(entry, status=_S.UNCERTAIN, attempts=entry.attempts + 1, error=_CRASHED))
    else:
        done = replace(entry, status=_S.SENT, attempts=entry.attempts + 1, sent_at=room.clock(), retry_at=None)
        _record(room, replace(done, error=""))
        LOG.debug("letter %s: %s", entry.id, answer)


def _after_error(entry: OutboxEntry, error: DeliveryError, now: datetime) -> OutboxEntry:
    """The entry after a try that failed.

    An internal letter whose fate is uncertain is tried again under the same Message-ID; a citizen's waits for a person.
    """
    attempts = entry.attempts + 1
    tried = replace(entry, attempts=attempts, error=str(error))
    soft = DeliveryError(str(error), retryable=True) if error.uncertain and entry.internal else error
    again = retry_at(attempts, soft, now)
    if again is not None:
        return replace(tried, status=_S.AWAITING_RETRY, retry_at=again)
    return replace(tried, status=_S.UNCERTAIN if soft.uncertain else _S.FAILED, retry_at=None)


def _put_back(room: _Pass, entry: OutboxEntry, error: ServerUnavailable) -> None:
    """The server is down: the letter waits a minute and no try is used up, however long it lasts."""
    again = room.clock() + _DEAD_SERVER_WAIT
    _record(room, replace(entry, status=_S.AWAITING_RETRY, retry_at=again, error=str(error)))
    room.report.server_down = str(error)


def _record(room: _Pass, entry: OutboxEntry) -> None:
    with room.store.begin() as tx:
        current = tx.get_entry(entry.id)
        ours = current.status is _S.INFLIGHT and current.claimed_at == entry.claimed_at
        # Somebody took us for dead and dealt with the letter. That it was accepted is news even so; a failure is not.
        if ours or entry.status is _S.SENT:
            _settle(tx, room, entry)
    room.report.count(entry.status)


def _settle(tx: Tx, room: _Pass, entry: OutboxEntry) -> None:
    tx.update_entry(entry)
    kind = _EVENTS.get(entry.status)
    if kind is None or not entry.case_id:
        return
    name = LETTER_NAMES[entry.letter.kind]
    text = name if entry.status is _S.SENT else f"{name}: {entry.error}"
    tx.add_event(CaseEvent(room.new_id(), entry.case_id, room.clock(), "system", kind, text))


def _log(report: PassReport) -> None:
    if report.server_down:
        LOG.warning("pass stopped, the mail server is unavailable")
    if report.claimed or report.recovered:
        LOG.info(
            "outbox: %d sent, %d to retry, %d failed, %d withheld, %d uncertain, %d recovered",
            report.sent,
            report.retried,
            report.failed,
            report.withheld,
            report.uncertain,
            report.recovered,
        )
