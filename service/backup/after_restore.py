"""After a restored backup: letters that came between copy and restore are found again, and what is due is done."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.letters.outgoing import SENDING_HELD
from cases.ports import Tx
from ingest.recover import recover_done
from service.backup.older_state import begin_anew, noted_mark
from service.backup.restored import STATE, hold, restored_state, settle, still_waiting
from service.mail_doors import mailboxes
from service.whole_house import WholeHouse

_WAITED = "restore:waited"
# A letter may have come before the copy and been fetched after it.
_MARGIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What ``lyhord mailbox recover`` did: letters found again, cases' letters held as uncertain, and problems."""

    kept: int
    known: int
    unsure: int
    problems: Sequence[str]


def recover(
    house: WholeHouse, now: datetime, since: date | None = None, *, skip: bool = False, restored: bool = False
) -> Recovered:
    """Find letters again in each mailbox's done folder, and do now what fell due before this; run before the daemon.

    Whatever that queues to citizens may have been sent by the service that was lost, so it waits for a person as
    uncertain. ``skip`` only notes that nothing need be found. ``restored`` says that the database was put back without
    us, so that letters waiting in it are uncertain too; where ``OlderState`` has seen that, it need not be said.
    Raises MailboxError, ModelError; then run it again.
    """
    with house.store.read() as tx:
        restored = restored or (bool(tx.setting(SENDING_HELD)) and not skip)
    held = settle(house.store, now.isoformat(), now, house.new_id) if restored else 0
    names = [box.id for box in house.settings.mailboxes]
    with house.store.begin() as tx:
        state = restored_state(tx)
        marks = {name: noted_mark(tx, name) for name in names}
        before = _waited(tx, state)
    reports = []
    if not skip:
        first = since or _first_day(state, now)
        for box in mailboxes(house.settings, house.clock):
            with box:
                mark = marks[box.address.name]
                reports.append(recover_done(box, house.store, since=first, now=now, new_id=house.new_id, mark=mark))
        _catch_up(house, now)
    with house.store.begin() as tx:
        fresh = [entry for entry in still_waiting(tx) if entry.id not in before]
        unsure = held + hold(tx, fresh, now, house.new_id)
        begin_anew(tx, names)
        if state:
            tx.save_setting(STATE, json.dumps({**state, "recovered_at": now.isoformat()}))
            tx.save_setting(_WAITED, "")
    kept, known = sum(one.kept for one in reports), sum(one.known for one in reports)
    return Recovered(kept, known, unsure, [problem for one in reports for problem in one.problems])


def _waited(tx: Tx, state: dict[str, str]) -> frozenset[str]:
    """Ids of the letters that waited before anything was found again, also where a run before this one broke off."""
    known = tx.setting(_WAITED)
    if known:
        return frozenset(json.loads(known))
    waiting = [entry.id for entry in still_waiting(tx)]
    if state and not state["recovered_at"]:
        tx.save_setting(_WAITED, json.dumps(waiting))
    return frozenset(waiting)


def _first_day(state: dict[str, str], now: datetime) -> date:
    taken = datetime.fromisoformat(state["taken_at"]) if state else now
    return (taken - _MARGIN).date()


def _catch_up(house: WholeHouse, now: datetime) -> None:
    """Read, suggest and keep promises as the daemon would have."""
    while house.stages.read(now):
        pass
    while house.stages.suggest(now):
        pass
    house.stages.sweep(now)
    house.stages.promises(now)
