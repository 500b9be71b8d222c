"""Reads the folder of fetched letters: after an older database was restored, and where somebody laid one in it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from cases.ports import NewId, Store
from ingest.connection import speaking
from ingest.mailbox import Batch, ImapMailbox
from ingest.marks import Mark, uids_since
from ingest.poller import PollReport, keep_batch

_CLOCKS_APART = timedelta(hours=1)


def recover_done(
    mailbox: ImapMailbox, store: Store, *, since: date, now: datetime, new_id: NewId, mark: Mark | None = None
) -> PollReport:
    """Keep those letters of the done folder that the store does not know; none is moved.

    They are looked for among those received since that day, and those that came to the folder since ``mark``, however
    long ago they were received. A letter is known by its bytes and its receiving time (``MailStore.raw_known``), since
    a moved one has another UID. Safe to run twice. Raises MailboxError.
    """
    report = PollReport()
    here = mailbox.select(mailbox.address.done)
    # The server counts days in its own time zone (RFC 3501 6.4.4).
    earliest = since - timedelta(days=1)
    with speaking(mailbox.address, f"sökningen i mappen {here.name}"):
        found = mailbox.client.search(["SINCE", earliest])
    uids = sorted({*found, *(uids_since(mailbox, mark) if mark else ())})
    with store.read() as tx:
        kept = set(tx.kept_uids(mailbox.address.name, here.name, here.uidvalidity, uids))
    report.known += len(kept)
    for batch in mailbox.new_messages([uid for uid in uids if uid not in kept], now):
        keep_batch(store, batch, now, new_id, report)
    return report


def keep_laid(
    mailbox: ImapMailbox, store: Store, *, mark: Mark, passed: datetime, now: datetime, new_id: NewId
) -> PollReport:
    """Keep letters that somebody laid in the done folder since ``mark`` before they were taken in; none is moved.

    ``passed`` is when the mailbox was last looked through: a letter received before was taken in then, or lay where
    nobody asked us to look, as in an archive that is being tidied. Raises MailboxError.
    """
    report = PollReport()
    mailbox.select(mailbox.address.done)
    for batch in mailbox.new_messages(uids_since(mailbox, mark), now):
        keep_batch(store, _received_since(batch, passed - _CLOCKS_APART), now, new_id, report)
    return report


def _received_since(batch: Batch, earliest: datetime) -> Batch:
    return replace(
        batch,
        messages=tuple(raw for raw in batch.messages if raw.received_at >= earliest),
        oversized=tuple(large for large in batch.oversized if large.raw.received_at >= earliest),
    )
