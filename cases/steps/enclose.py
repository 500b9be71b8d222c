"""Files go along with an answer: kept in the case as what the municipality sent, and tied to the letters."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.errors import NotAllowed
from cases.inbound.digest import content_digest
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.letters.enclosures import check_enclosures, file_names
from cases.letters.letter import LETTER_NAMES, LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.store.views import StoredMessage


def enclose_new(
    tx: Tx,
    case_id: str,
    kind: LetterKind,
    files: Sequence[Attachment],
    entry_ids: Iterable[str],
    by: User,
    office: Office,
    now: datetime,
) -> None:
    """Let files that a person chose go along with those of these letters that are of that kind.

    Raises NotAllowed, its ``part`` "files", for files that may not leave, or where a flag lets only the neutral letter.
    """
    check_enclosures(files, office.screen)
    letters = [entry for entry in map(tx.get_entry, entry_ids) if _takes_files(entry, kind)]
    if not letters:
        raise NotAllowed("Det neutrala meddelandet tar inga filer med sig. Lämna dem på ett annat sätt.", "files")
    name = LETTER_NAMES[kind]
    told = not_by_mail(f"Bilagor till ”{name}”", file_names(files), now, sender_name=by.name, attachments=tuple(files))
    row_id = office.new_id()
    tx.add_message(StoredMessage(row_id, case_id, now, told, "", direction="staff"), content_digest(told))
    ids = [file.id for file in tx.attachment_files([row_id])]
    for entry in letters:
        tx.enclose(entry.id, ids)
    note(tx, office, case_id, EventKind.NOTE, now, f"Med brevet ”{name}” går {file_names(files)}.", by.id)


def enclose_of_mail(
    tx: Tx,
    message_row_id: str,
    files: Sequence[tuple[int, Attachment]],
    kind: LetterKind,
    entry_ids: Iterable[str],
    office: Office,
) -> None:
    """The same of files by their place in a stored mail. Raises NotAllowed for files that may not leave."""
    check_enclosures([file for _, file in files], office.screen)
    stored = tx.attachment_files([message_row_id])
    ids = [stored[place].id for place, _ in files]
    for entry in map(tx.get_entry, entry_ids):
        if _takes_files(entry, kind):
            tx.enclose(entry.id, ids)


def _takes_files(entry: OutboxEntry, kind: LetterKind) -> bool:
    return entry.to_citizen and entry.letter.kind is kind


def leave_out(tx: Tx, entries: Iterable[OutboxEntry]) -> None:
    """Forget the files kept for letters that were taken back: what nobody sent is no document of the case (TF 2:12)."""
    alone = [entry for entry in entries if entry.enclosures]
    files = dict.fromkeys(one for entry in alone for one in entry.enclosures)
    for message_row_id in {tx.attachment(one, SYSTEM).message_id for one in files}:
        tx.erase_message(message_row_id)
    for entry in alone:
        tx.enclose(entry.id, ())
