"""Remembers in the database which keys the settings had at the last upgrade, to tell what a new version brings."""

import json
from collections.abc import Sequence

from cases.ports import Store
from config.changes import Keys, changes, known_keys

_KEYS = "config:keys"


def recorded_keys(store: Store) -> Keys:
    """The keys of the version that last upgraded the database; empty where none has said."""
    with store.read() as tx:
        kept = tx.setting(_KEYS)
    return dict(json.loads(kept)) if kept else {}


def news(store: Store) -> Sequence[str]:
    """What this version's keys have that those of the last upgrade had not; nothing where none were kept."""
    before = recorded_keys(store)
    return changes(before) if before else ()


def record_keys(store: Store) -> None:
    """Keep this version's keys."""
    with store.begin() as tx:
        tx.save_setting(_KEYS, json.dumps(known_keys(), ensure_ascii=False, sort_keys=True))
