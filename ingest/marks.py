"""How far the folder of fetched letters has come: what tells that a database is older than its mailbox."""

from dataclasses import dataclass
from datetime import datetime

from cases.errors import MailboxError
from cases.ports import Store
from ingest.connection import ConnectionLost, speaking
from ingest.mailbox import ImapMailbox


@dataclass(frozen=True, slots=True)
class Mark:
    """The next letter in the done folder gets this UID, as long as the folder has this UIDVALIDITY (RFC 3501)."""

    uidvalidity: int
    uidnext: int


def done_mark(mailbox: ImapMailbox) -> Mark | None:
    """How far the done folder is now; None where it is not made yet, or the server does not say.

    Raises ConnectionLost.
    """
    for afresh in (False, True):
        try:
            return _mark(mailbox, mailbox.done_folder(afresh=afresh))
        except ConnectionLost:
            raise
        except MailboxError:
            continue  # somebody may have removed or renamed it: look again, once
    return None


def _mark(mailbox: ImapMailbox, folder: str) -> Mark | None:
    if not folder:
        return None
    with speaking(mailbox.address, f"frågan om mappen {folder}"):
        told = mailbox.client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])
    validity, following = told.get(b"UIDVALIDITY"), told.get(b"UIDNEXT")
    return Mark(validity, following) if validity and following else None


def holds_unknown(mailbox: ImapMailbox, store: Store, since: Mark, now: datetime) -> bool:
    """Whether a letter came to the done folder since then that the store does not know. Raises MailboxError."""
    here = mailbox.select(mailbox.address.done)
    uids = uids_since(mailbox, since)
    with store.read() as tx:
        # What was found again after a restore was kept from this very folder.
        found_again = set(tx.kept_uids(mailbox.address.name, here.name, here.uidvalidity, uids))
    for batch in mailbox.new_messages([uid for uid in uids if uid not in found_again], now):
        with store.read() as tx:
            if not all(tx.raw_known(raw) for raw in (*batch.messages, *(large.raw for large in batch.oversized))):
                return True
    return False


def uids_since(mailbox: ImapMailbox, since: Mark) -> list[int]:
    """UIDs that the open folder has given since then; none where it has been made anew. Raises MailboxError."""
    here = mailbox.open_folder
    if here.uidvalidity != since.uidvalidity:
        return []
    with speaking(mailbox.address, f"sökningen i mappen {here.name}"):
        found = mailbox.client.search(["UID", f"{since.uidnext}:*"])
    # The star is the last letter, whatever stands before it (RFC 3501 9).
    return sorted(uid for uid in found if uid >= since.uidnext)
