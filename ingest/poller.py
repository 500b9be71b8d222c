"""One pass over a mailbox: every letter's bytes committed first, then the letter moved away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.errors import LoginRefused, MailboxError
from cases.inbound.messages import RawMessage
from cases.numerals import size_words
from cases.ports import NewId, Store
from cases.store.mail_store import MailStore
from ingest.connection import ConnectionLost
from ingest.mailbox import Batch, FailedMessage, ImapMailbox, OversizedMessage


@dataclass(slots=True)
class PollReport:
    """What one pass did, in letters.

    ``kept`` were new; ``known`` were kept before and only moved (after a crash, or under a new UIDVALIDITY); ``moved``
    left their folder. ``oversized`` were kept in part and stand in quarantine, ``failed`` could not be fetched.
    ``unread`` says of each folder that could not be read why, ``problems`` what else went wrong, ready to be shown.
    ``unmovable`` is true where the server has neither MOVE nor UIDPLUS, so that letters stay where they are;
    ``staying`` are those, and others, that were kept at an earlier pass and lie in their folder after this one too.
    """

    kept: int = 0
    known: int = 0
    moved: int = 0
    oversized: list[OversizedMessage] = field(default_factory=list)
    failed: list[FailedMessage] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unmovable: bool = False
    staying: int = 0


def poll_once(
    mailbox: ImapMailbox, store: Store, *, now: datetime, new_id: NewId, folders: Sequence[str] = ()
) -> PollReport:
    """Take all letters of these folders (by default inbox and junk) into the store, exactly once, and move them.

    Killed at any instant it loses nothing: what is committed is known at the next pass, what is not is still in the
    mailbox. A folder that is missing does not stop the next. Raises LoginRefused, ConnectionLost, MailboxError where
    the mailbox cannot be opened, and whatever the store raises; what was done until then stands.
    """
    report = PollReport()
    # Here, since what keeps us out of the mailbox is no fault of a folder.
    mailbox.connect()
    for folder in folders or mailbox.folders:
        try:
            _poll_folder(mailbox, store, folder, now, new_id, report)
        except (ConnectionLost, LoginRefused):
            raise
        except MailboxError as error:
            report.unread.append(str(error))
    return report


def _poll_folder(
    mailbox: ImapMailbox, store: Store, folder: str, now: datetime, new_id: NewId, report: PollReport
) -> None:
    here = mailbox.select(folder)
    uids = mailbox.uids()
    with store.read() as tx:
        kept = set(tx.kept_uids(mailbox.address.name, here.name, here.uidvalidity, uids))
    report.known += len(kept)
    _finish_moving(mailbox, sorted(kept), report)
    for batch in mailbox.new_messages([uid for uid in uids if uid not in kept], now):
        fresh = keep_batch(store, batch, now, new_id, report)
        _move(mailbox, [raw.uid for raw in _raws(batch) if raw.uid in fresh], report)
        _finish_moving(mailbox, [raw.uid for raw in _raws(batch) if raw.uid not in fresh], report)


def keep_batch(store: Store, batch: Batch, now: datetime, new_id: NewId, report: PollReport) -> Collection[int]:
    """One transaction for the batch; nothing is moved before it is committed. Returns the UIDs that were new."""
    with store.begin() as tx:
        given = {new_id(): raw for raw in batch.messages}
        fresh = {given[raw_id].uid for raw_id in tx.keep_many(given, now)}
        fresh |= {large.raw.uid for large in batch.oversized if _keep_start(tx, large, new_id(), now)}
    report.kept += len(fresh)
    report.known += len(_raws(batch)) - len(fresh)
    report.oversized += batch.oversized
    report.failed += batch.failed
    report.problems += [f"Brevet med UID {bad.uid} i {bad.folder} togs inte in. {bad.error}" for bad in batch.failed]
    return fresh


def _keep_one(tx: MailStore, raw: RawMessage, raw_id: str, now: datetime) -> bool:
    return not tx.raw_known(raw) and tx.keep_raw(raw, raw_id, now)


def _keep_start(tx: MailStore, large: OversizedMessage, raw_id: str, now: datetime) -> bool:
    """Keep the beginning and put it before a person at once; a retry makes a case of what there is."""
    if not _keep_one(tx, large.raw, raw_id, now):
        return False
    error = (
        f"Brevet är {size_words(large.size)}, större än gränsen (max_message_bytes). Bara de första "
        f"{size_words(len(large.raw.content))} är sparade, så bilagor kan saknas eller vara trasiga. Hela brevet finns "
        "i brevlådan."
    )
    tx.mark_unreadable(raw_id, error, 1, None)
    return True


def _move(mailbox: ImapMailbox, uids: Sequence[int], report: PollReport) -> None:
    """Move what is kept; a refusal (a full mailbox, say) is reported and does not stop the taking in."""
    try:
        moved = mailbox.move_done(uids)
    except ConnectionLost:
        raise
    except MailboxError as error:
        report.problems.append(str(error))
        return
    report.moved += len(uids) if moved else 0
    report.unmovable = report.unmovable or not moved


def _finish_moving(mailbox: ImapMailbox, uids: Sequence[int], report: PollReport) -> None:
    """The same of letters that an earlier pass kept, or that are known from before the mailbox was built anew."""
    try:
        staying = mailbox.finish_moving(uids)
    except ConnectionLost:
        raise
    except MailboxError as error:
        report.problems.append(str(error))
        staying = len(uids)
    report.moved += len(uids) - staying
    report.staying += staying
    report.unmovable = report.unmovable or bool(uids and not mailbox.can_move())


def _raws(batch: Batch) -> list[RawMessage]:
    return [*batch.messages, *(large.raw for large in batch.oversized)]
