"""A restored backup: what is noted of it, and what may have left since it was made, so that nobody is mailed twice."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.errors import ConfigError
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import NewId, Store, Tx
from service.bootstrap import House

STATE = "restore:state"
_WAITING = (OutboxStatus.QUEUED, OutboxStatus.INFLIGHT, OutboxStatus.AWAITING_RETRY)
_MOST = 1_000_000
_WHY = (
    "Ovisst: databasen är återställd från en kopia, och brevet kan ha gått efter att kopian gjordes. "
    "Se i brevlådans skickade brev eller fråga mottagaren, och skicka igen eller stäng."
)


def settle(store: Store, taken_at: str, now: datetime, new_id: NewId) -> int:
    """Mark letters to citizens that waited in the copy as uncertain; returns how many. Staff's are sent again."""
    with store.begin() as tx:
        state = {"taken_at": taken_at, "recovered_at": ""}
        tx.save_setting(STATE, json.dumps(state))
        waiting = [entry for entry in still_waiting(tx) if entry.not_before <= now]
        return hold(tx, waiting, now, new_id)


def still_waiting(tx: Tx) -> list[OutboxEntry]:
    """The letters that nobody has sent yet."""
    return [one.entry for one in tx.entries(_WAITING, SYSTEM, _MOST)]


def hold(tx: Tx, entries: Sequence[OutboxEntry], now: datetime, new_id: NewId) -> int:
    """Mark those to citizens as uncertain; returns how many."""
    outside = [entry for entry in entries if not entry.internal]
    for entry in outside:
        tx.update_entry(replace(entry, status=OutboxStatus.UNCERTAIN, error=_WHY, retry_at=None, claimed_at=None))
        if entry.case_id:
            text = f"{entry.name}: {_WHY}"
            tx.add_event(CaseEvent(new_id(), entry.case_id, now, "system", EventKind.LETTER_UNCERTAIN, text))
    return len(outside)


def restored_state(tx: Tx) -> dict[str, str]:
    """When the copy was taken and its mailbox recovered; empty where nothing was restored."""
    read: dict[str, str] = json.loads(tx.setting(STATE) or "{}")
    return read


def check_recovered(house: House) -> None:
    """Raises ConfigError where a copy was restored and the letters since then are not found again yet."""
    with house.store.read() as tx:
        state = restored_state(tx)
    if state and not state["recovered_at"]:
        raise ConfigError(
            "Databasen är återställd från en säkerhetskopia. Kör `lyhord mailbox recover` först, så att brev som kom "
            "efter kopian hittas igen och ingen får samma brev två gånger."
        )
