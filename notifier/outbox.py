"""One pass over the outbox: claim a letter that may go just now, send it, record what became of it.

What is due is looked at together, letters and cases; each letter is then claimed by itself, and only where both still
stand as they were seen, so that a flag raised meanwhile holds it. One letter is in flight at a time, so a crash leaves
at most one uncertain. No transaction is open while SMTP is spoken.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from cases.errors import DeliveryError, LyhordError
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.letters.permit import Permit, Verdict
from cases.people.access import SYSTEM
from cases.ports import Clock, NewId, Sender, Store, Tx
from cases.store.views import AttachmentFile
from notifier.fates import HandedOver, journal
from notifier.pass_report import PassReport
from notifier.retry import retry_at
from notifier.smtp_answers import ServerUnavailable

LOG = logging.getLogger("lyhord.outbox")
STUCK_AFTER = timedelta(minutes=15)
_DEAD_SERVER_WAIT = timedelta(minutes=1)
_CRASHED = "Sändningen avbröts, och ingen vet om brevet kom fram. Fråga mottagaren, eller skicka igen."
_UNDONE = "Brevet får inte skickas just nu, men ärendet gick inte att ställa tillbaka som det stod."
_S = OutboxStatus

Check = Callable[[Tx, OutboxEntry], Permit]
"""Reads the case again and says whether the letter may go just now (``steps.answering.leaving``)."""

NeverLeft = Callable[[Tx, OutboxEntry], None]
"""Told of a letter that was withheld or that no server takes, before it is recorded (``steps.answering.unsend``)."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A letter that is due, what may happen to it and the version of its case by which that was judged."""

    entry: OutboxEntry
    permit: Permit
    version: int | None


class _Undone(LyhordError):
    """What follows from withholding this letter could not be done."""

    def __init__(self, entry: OutboxEntry) -> None:
        super().__init__(entry.id)
        self.entry = entry


@dataclass(frozen=True, slots=True)
class _Pass:
    """What the steps of one pass share; ``ahead`` are the letters looked at and not yet claimed."""

    store: Store
    sender: Sender
    now: datetime
    clock: Clock
    new_id: NewId
    check: Check
    never_left: NeverLeft
    report: PassReport
    limit: int
    handed: HandedOver
    ahead: list[_Seen] = field(default_factory=list)


def send_due(
    store: Store,
    sender: Sender,
    *,
    now: datetime,
    clock: Clock,
    new_id: NewId,
    check: Check,
    never_left: NeverLeft = lambda _tx, _entry: None,
    limit: int = 50,
    stuck_after: timedelta = STUCK_AFTER,
    handed: HandedOver | None = None,
) -> PassReport:
    """Send up to ``limit`` letters that are due at ``now``; safe to run twice at once.

    ``stuck_after`` must be longer than one letter can take: several times the mail server's timeout. ``handed`` is what
    earlier passes of this process know.
    """
    known = HandedOver() if handed is None else handed
    room = _Pass(store, sender, now, clock, new_id, check, never_left, PassReport(), limit, known)
    _recover_stuck(room, stuck_after)
    done: OutboxEntry | None = None
    for _ in range(limit):
        entry = _turn(room, done)
        done = _tried(room, entry) if entry is not None and entry.status is _S.INFLIGHT else None
        if entry is None or room.report.server_down:
            break
    _keep(room, done)
    room.report.tell(LOG)
    return room.report


def _recover_stuck(room: _Pass, stuck_after: timedelta) -> None:
    """Letters whose sender died: a citizen's waits for a person, one to staff is sent again under the same id.

    Of those that we handed over ourselves, and could not record, nobody need wait or ask.
    """
    with room.store.begin() as tx:
        for entry in tx.stuck_inflight(room.now):
            if known := room.handed.fate(entry):
                _settle(tx, room, known)
            elif entry.claimed_at and entry.claimed_at >= room.now - stuck_after:
                continue
            elif entry.internal:
                _settle(tx, room, replace(entry, status=_S.AWAITING_RETRY, retry_at=room.now))
            else:
                _settle(tx, room, replace(entry, status=_S.UNCERTAIN, error=_CRASHED))
            room.report.recovered += 1


def _turn(room: _Pass, done: OutboxEntry | None) -> OutboxEntry | None:
    """Record the last letter and claim the next in one transaction, which is one wait for the disk less a letter."""
    try:
        with room.store.begin() as tx:
            _record(tx, room, done)
            return _claim(tx, room)
    except _Undone as undone:
        _keep(room, done)
        return _put_off(room, undone.entry)
    except Exception:
        # What became of the last one is kept even where the next cannot be claimed.
        _keep(room, done)
        raise


def _put_off(room: _Pass, entry: OutboxEntry) -> OutboxEntry:
    """A letter that may not go and cannot be withheld: looked at again later, so that it holds back no other.

    Where that never helps it is withheld as it is, and a person finds it and its case.
    """
    with room.store.begin() as tx:
        now = tx.hold_entry(entry.id)
        again = retry_at(now.attempts + 1, DeliveryError(_UNDONE, retryable=True), room.clock())
        status = _S.AWAITING_RETRY if again else _S.WITHHELD
        put_off = replace(now, status=status, attempts=now.attempts + 1, retry_at=again, error=_UNDONE)
        if now.waits:
            _settle(tx, room, put_off)
            room.report.count(status)
    return put_off


def _claim(tx: Tx, room: _Pass) -> OutboxEntry | None:
    """The next letter, in flight, or withheld where it may not go just now; None where nothing is due."""
    if not room.ahead:
        room.ahead.extend(_look(tx, room))
    while room.ahead:
        seen = room.ahead.pop(0)
        claimed = tx.claim(seen.entry, seen.version, room.clock())
        if claimed is None:
            # Its case has changed, and the next pass looks again; or another worker has it, whom we meet from behind.
            room.ahead.reverse()
        elif seen.permit.verdict is Verdict.SEND:
            return claimed
        else:
            return _withhold(tx, room, claimed, seen.permit.reason)
    return None


def _look(tx: Tx, room: _Pass) -> Iterator[_Seen]:
    due = tx.due(room.limit - room.report.claimed, room.clock())
    tx.foresee_sending([entry.case_id for entry in due if entry.case_id])
    for entry in map(partial(_addressed, tx), due):
        permit = _permit(tx, room, entry)
        yield _Seen(entry, permit, _version(tx, entry))


def _addressed(tx: Tx, entry: OutboxEntry) -> OutboxEntry:
    """The letter; one sent in vain goes to the address as it is now: it may have been put right meanwhile."""
    if entry.status is not _S.AWAITING_RETRY or not (entry.case_id and entry.to_citizen):
        return entry
    email = tx.get_case(entry.case_id, SYSTEM).sender.email
    if email in ("", entry.recipient):
        return entry
    tx.redirect_entry(entry.id, email)
    return replace(entry, recipient=email)


def _version(tx: Tx, entry: OutboxEntry) -> int | None:
    return tx.get_case(entry.case_id, SYSTEM).version if entry.case_id else None


def _withhold(tx: Tx, room: _Pass, entry: OutboxEntry, reason: str) -> OutboxEntry:
    held = replace(entry, status=_S.WITHHELD, error=reason)
    try:
        room.never_left(tx, held)
    except Exception as error:
        LOG.warning("letter %s could not be withheld: %s", entry.id, type(error).__name__)
        raise _Undone(entry) from error
    _settle(tx, room, held)
    room.report.count(_S.WITHHELD)
    return held


def _permit(tx: Tx, room: _Pass, entry: OutboxEntry) -> Permit:
    try:
        return room.check(tx, entry)
    except Exception as error:  # noqa: BLE001 - what cannot be checked does not go, and must not stop the next
        LOG.warning("letter %s could not be checked: %s", entry.id, type(error).__name__)
        return Permit(Verdict.WITHHOLD, "Det gick inte att kontrollera om brevet får skickas.")


def _tried(room: _Pass, entry: OutboxEntry) -> OutboxEntry:
    """Send a claimed letter, unless we did and the database lost that; the entry as it is to be recorded."""
    after = room.handed.fate(entry)
    if after is None:
        after = _send(room, entry)
        room.handed.note(after)
    room.report.count(after.status)
    return after


def _send(room: _Pass, entry: OutboxEntry) -> OutboxEntry:
    tried = replace(entry, attempts=entry.attempts + 1, retry_at=None)
    try:
        room.sender.send(entry, _enclosures(room, entry))
    except ServerUnavailable as error:
        # No try is used up, however long the server is down.
        room.report.server_down = str(error)
        again = room.clock() + _DEAD_SERVER_WAIT
        return replace(entry, status=_S.AWAITING_RETRY, retry_at=again, error=str(error))
    except DeliveryError as error:
        return _after_error(tried, error, room.clock())
    except Exception as error:  # noqa: BLE001 - a letter that breaks the sender must not stop the next
        LOG.warning("letter %s broke the sender: %s", entry.id, type(error).__name__)
        return replace(tried, status=_S.UNCERTAIN, error=_CRASHED)
    return replace(tried, status=_S.SENT, sent_at=room.clock(), error="")


def _enclosures(room: _Pass, entry: OutboxEntry) -> Sequence[AttachmentFile]:
    """The files that go along, with their bytes. Raises DeliveryError where one is gone: half a letter is none."""
    if not entry.enclosures:
        return ()
    try:
        with room.store.read() as tx:
            return [tx.attachment(one, SYSTEM) for one in entry.enclosures]
    except LyhordError as error:
        raise DeliveryError(
            "En fil som skulle gå med finns inte längre. Skriv brevet på nytt.", retryable=False
        ) from error


def _after_error(tried: OutboxEntry, error: DeliveryError, now: datetime) -> OutboxEntry:
    """The entry after a try that failed.

    An internal letter whose fate is uncertain is tried again under the same Message-ID; a citizen's waits for a person.
    """
    soft = DeliveryError(str(error), retryable=True) if error.uncertain and tried.internal else error
    again = retry_at(tried.attempts, soft, now)
    if again is not None:
        return replace(tried, status=_S.AWAITING_RETRY, retry_at=again, error=str(error))
    return replace(tried, status=_S.UNCERTAIN if soft.uncertain else _S.FAILED, error=str(error))


def _keep(room: _Pass, done: OutboxEntry | None) -> None:
    if done is not None:
        with room.store.begin() as tx:
            _record(tx, room, done)


def _record(tx: Tx, room: _Pass, done: OutboxEntry | None) -> None:
    if done is None:
        return
    if tx.settle_entry(done):
        if done.status is _S.FAILED:
            room.never_left(tx, done)
        journal(tx, done, room.clock, room.new_id)
    elif done.status is _S.SENT:
        # Somebody took us for dead and dealt with the letter. That it was accepted is news even so; a failure is not.
        if tx.hold_entry(done.id).status is not _S.BOUNCED:
            tx.update_entry(done)
        journal(tx, done, room.clock, room.new_id)


def _settle(tx: Tx, room: _Pass, entry: OutboxEntry) -> None:
    tx.update_entry(entry)
    journal(tx, entry, room.clock, room.new_id)
