"""Files go along with an answer: kept in the case as what the municipality sent, and tied to the letters."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.letters.enclosures import check_enclosures, file_names
from cases.letters.letter import LETTER_NAMES, LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.store.views import AttachmentFile, StoredMessage


def enclose_new(
    tx: Tx,
    case_id: str,
    kind: LetterKind,
    files: Sequence[Attachment],
    letters: Sequence[OutboxEntry],
    by: User,
    office: Office,
    now: datetime,
) -> None:
    """Let files that a person chose go along with these letters of that kind.

    Raises NotAllowed, its ``part`` "files", for files that may not leave, or where a flag lets only the neutral letter.
    """
    check_enclosures(files, office.screen)
    if not letters:
        raise NotAllowed("Det neutrala meddelandet tar inga filer med sig. Lämna dem på ett annat sätt.", "files")
    name = LETTER_NAMES[kind]
    told = not_by_mail(f"Bilagor till ”{name}”", file_names(files), now, sender_name=by.name, attachments=tuple(files))
    row_id = office.new_id()
    tx.add_message(StoredMessage(row_id, case_id, now, told, "", direction="staff"))
    _tie(tx, letters, [file.id for file in tx.attachment_files([row_id])])
    note(tx, office, case_id, EventKind.NOTE, now, f"Med brevet ”{name}” går {file_names(files)}.", by.id)


def enclose_of_mail(
    tx: Tx, message_row_id: str, files: Sequence[tuple[int, Attachment]], letters: Iterable[OutboxEntry], office: Office
) -> None:
    """The same of files by their place in a stored mail. Raises NotAllowed for files that may not leave."""
    check_enclosures([file for _, file in files], office.screen)
    stored = tx.attachment_files([message_row_id])
    _tie(tx, letters, [stored[place].id for place, _ in files])


def enclose_kept(tx: Tx, letter_id: str, files: Sequence[AttachmentFile]) -> None:
    """Let files that the case has already go along with a letter as well."""
    _tie(tx, [entry := tx.get_entry(letter_id)], [*entry.enclosures, *(file.id for file in files)])


def takers(entries: Iterable[OutboxEntry], kind: LetterKind) -> list[OutboxEntry]:
    """The letters among these that files may go along with: those of the answer's kind, to citizens, and copies."""
    return [entry for entry in entries if (entry.to_citizen or entry.copy_of) and entry.letter.kind is kind]


def _tie(tx: Tx, letters: Iterable[OutboxEntry], attachment_ids: Sequence[str]) -> None:
    for letter in letters:
        tx.enclose(letter.id, attachment_ids)


def leave_out(tx: Tx, entries: Iterable[OutboxEntry]) -> None:
    """Forget the files kept for letters that were taken back: what nobody sent is no document of the case (TF 2:12)."""
    alone = [entry for entry in entries if entry.enclosures]
    files = dict.fromkeys(one for entry in alone for one in entry.enclosures)
    for message_row_id in _kept_in(tx, files):
        tx.erase_message(message_row_id)
    _tie(tx, alone, ())


def leave_out_alone(tx: Tx, entry: OutboxEntry) -> None:
    """The same of one that never left and never will, where no other letter took the files along.

    What came in, in a colleague's mail too, stays: it is the case's whatever became of the letter.
    """
    _tie(tx, [entry], ())
    for message_row_id in _kept_in(tx, entry.enclosures):
        stored = tx.get_message(message_row_id)
        if stored.direction == "staff" and not stored.raw_id and not _taken_along(tx, stored.case_id, entry.enclosures):
            tx.erase_message(message_row_id)


def _kept_in(tx: Tx, files: Iterable[str]) -> set[str]:
    """The stored messages that files hang on; a file may be gone."""
    found = set()
    for one in files:
        with suppress(NotFound):
            found.add(tx.attachment(one, SYSTEM).message_id)
    return found


def _taken_along(tx: Tx, case_id: str, files: Iterable[str]) -> bool:
    """Whether a letter of the case, or of one that was answered along with it, has any of these files."""
    cases = [case_id, *(line.id for line in tx.case_file(case_id, SYSTEM).linked)]
    tied = (one for case in cases for letter in tx.letters_of(case) for one in letter.enclosures)
    return not set(files).isdisjoint(tied)
