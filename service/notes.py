"""What the daemon notes of itself in the settings, and how long it may be silent; for health, figures and alarms."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from config import MailboxSettings
from ingest.idle import Pace

MAILBOX_STATE = "health:mailbox:"
MAILBOX_ROOM = "health:mailbox room:"
"""Bytes ``used`` and their ``limit``, as the mail server told; nothing where it does not."""
MAILBOX_UNTAKEN = "health:mailbox untaken:"
"""The ``count`` of letters that the mail server has not handed out though they were asked for again."""
MAILBOX_STAYING = "health:mailbox staying:"
"""The ``count`` of letters that are kept, and lie in the mailbox's own folders all the same."""
PAPER_STATE = "health:paper:"
"""Of a scanner's folder: what stood in the way at the last look, and when all in it was last taken care of."""
MAIL_SERVER = "health:mail server"
"""Since when no letter leaves, and why; nothing where they do."""
LAST_PASS = "health:pass:"  # noqa: S105 - a key, no password
_MARGIN = timedelta(minutes=5)
_FAILURE_LASTS = timedelta(minutes=5)
PASSES = {
    "read": "Läsa brev",
    "suggest": "Föreslå ämne",
    "send": "Skicka brev",
    "sweep": "Larma om det som blir liggande",
    "promises": "Hålla löften",
}
"""The passes that health tells of, as it calls them."""


def longest_silence(box: MailboxSettings) -> timedelta:
    """A mailbox in IDLE is read again after this long at the latest, without any letter coming."""
    return timedelta(seconds=max(Pace().idle, box.poll_seconds)) + _MARGIN


def note_of(text: str) -> dict[str, str]:
    """What the daemon noted; empty where it noted nothing that can be read."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return {key: str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def moment_of(note: Mapping[str, str], name: str = "at") -> datetime | None:
    """When the daemon noted it, or another moment that it says; None where it says none."""
    try:
        return datetime.fromisoformat(note[name])
    except (KeyError, ValueError):
        return None


def failed_at(note: Mapping[str, str], now: datetime) -> datetime | None:
    """When a pass last failed; None where it did not lately: it is made again after seconds, so that is past."""
    at = moment_of(note)
    return at if note.get("error") and at is not None and now - at <= _FAILURE_LASTS else None


def last_read(note: Mapping[str, str]) -> datetime | None:
    """When a mailbox was last read and all went well, by its note, which is written anew at each try; None if never."""
    if note.get("state") == "ok" and "read" not in note:
        return moment_of(note)
    return moment_of(note, "read")


def age(passed: timedelta) -> str:
    """How long ago, in one unit: ``40 sekunder``, ``3 timmar``."""
    seconds = max(0, int(passed.total_seconds()))
    for length, one, many in ((86400, "dygn", "dygn"), (3600, "timme", "timmar"), (60, "minut", "minuter")):
        if seconds >= length:
            count = seconds // length
            return f"{count} {one if count == 1 else many}"
    return f"{seconds} {'sekund' if seconds == 1 else 'sekunder'}"
