"""Removes letters of our own making from the folder of fetched letters, and only those that are proven to be that."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from ingest.connection import speaking
from ingest.mailbox import ImapMailbox

_SMALL = 64 * 1024
Proven = Callable[[Sequence[str]], Collection[str]]
"""Of these digests (SHA-256 of a letter's bytes), those that are known as ours."""


def remove_done(mailbox: ImapMailbox, sender: str, proven: Proven, now: datetime) -> int:
    """Remove small letters from ``sender`` whose bytes are proven to be ours; returns how many.

    None where the server cannot expunge single letters (RFC 4315). Raises MailboxError.
    """
    here = mailbox.select(mailbox.address.done)
    with speaking(mailbox.address, f"sökningen i mappen {here.name}"):
        uids = sorted(mailbox.client.search(["UNDELETED", "FROM", sender, "SMALLER", _SMALL]))
    gone = 0
    for batch in mailbox.new_messages(uids, now):
        ours = proven([raw.sha256 for raw in batch.messages])
        found = [raw.uid for raw in batch.messages if raw.sha256 in ours]
        gone += len(found) if mailbox.remove(found) else 0
    return gone
