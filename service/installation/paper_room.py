"""Letters on paper and attached documents: the passes that fetch, part, and have them read."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cases.errors import LyhordError
from cases.inbound.documents import Blankett, DocumentText, WaitingDocument
from cases.inbound.messages import Attachment
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import NewId, Store
from cases.steps.receiving.paper import keep_reading, open_letters
from cases.store.mail_store import KeptRaw
from ingest.documents.errors import ReadingStopped
from ingest.documents.kinds import DocumentKind, document_kind
from ingest.dropfolder import DropFolder
from ingest.paper.blanketter import read_blankett
from ingest.paper.process import DocumentReader
from ingest.reading.attachments import make_attachment
from service.notes import PAPER_STATE, note_of

LOG = logging.getLogger("lyhord.paper")
_TRIES = 3
_WAIT = timedelta(minutes=1)
_NOTE_EVERY = timedelta(minutes=1)
_GRACE = timedelta(minutes=2)
"""What a reading may take beyond its own limit before another machine takes it for dead."""

_TYPES = {DocumentKind.TEXT: "text/plain", DocumentKind.ODT: "application/vnd.oasis.opendocument.text"}
_GIVEN_UP = "Inte läst av maskin: läsningen avbröts tre gånger."


@dataclass(frozen=True, slots=True)
class PaperRoom:
    """The passes over paper of one municipality with what they need; each is safe to run twice, late or elsewhere."""

    store: Store
    office: Office
    reader: DocumentReader
    new_id: NewId
    folders: Sequence[DropFolder] = ()
    blanketter: Sequence[Blankett] = ()
    split_on_blank: bool = True
    # What was noted last of each folder, and when.
    noted: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def fetch(self, now: datetime) -> int:
        """Keep what lies finished in the drop folders; returns how many files were new."""
        kept = 0
        for folder in self.folders:
            report = folder.look(self.store, now, self.new_id)
            kept += report.kept
            self._note(folder.id, next(iter(report.problems), ""), now)
        return kept

    def _note(self, folder_id: str, problem: str, now: datetime) -> None:
        """What stands in the way, or that nothing does, for alarms too: at once where it is new, else each minute."""
        before, at = self.noted.get(folder_id, ("", now - _NOTE_EVERY))
        if problem == before and timedelta() <= now - at < _NOTE_EVERY:
            return
        if problem:
            LOG.warning("drop folder %s: %s", folder_id, problem)
        with self.store.begin() as tx:
            done = note_of(tx.setting(PAPER_STATE + folder_id)).get("done", "") if problem else now.isoformat()
            told = {"at": now.isoformat(), "error": problem, "done": done}
            tx.save_setting(PAPER_STATE + folder_id, json.dumps(told, ensure_ascii=False))
        self.noted[folder_id] = problem, now

    def open(self, now: datetime, limit: int = 5) -> int:
        """Make cases of kept files, a case a letter; returns how many."""
        with self.store.read() as tx:
            waiting = list(tx.papers_to_read(limit, now))
        return sum(self._open_one(raw, now) for raw in waiting)

    def _open_one(self, raw: KeptRaw, now: datetime) -> int:
        try:
            with self.store.read() as tx:
                content = tx.raw_content(raw.id)
            pieces = self.reader.split(content, on_blank=self.split_on_blank)
            letters = [_letter(piece, i if len(pieces) > 1 else 0) for i, piece in enumerate(pieces, 1)]
            with self.store.begin() as tx:
                return len(open_letters(tx, raw, letters, self.office, now))
        except ReadingStopped:
            return 0
        except Exception as error:  # noqa: BLE001 - one bad file must never stop the next
            LOG.warning("paper %s could not become a case: %s", raw.sha256[:12], type(error).__name__)
            attempts = raw.attempts + 1
            why = str(error) if isinstance(error, LyhordError) else f"Oväntat fel ({type(error).__name__})."
            with self.store.begin() as tx:
                tx.mark_unreadable(raw.id, why, attempts, now + _WAIT if attempts < _TRIES else None)
            return 0

    def read(self, now: datetime, limit: int = 3) -> int:
        """Have waiting documents read, one after the other; returns how many."""
        return sum(1 for _ in range(limit) if self._read_next(now))

    def _read_next(self, now: datetime) -> bool:
        stale = timedelta(seconds=self.reader.limits.seconds) + _GRACE
        with self.store.begin() as tx:
            document = tx.claim_document(now, now - stale)
        if document is None:
            return False
        try:
            read = self._read(document)
        except ReadingStopped:
            with self.store.begin() as tx:
                tx.release_document(document.attachment_id)
            return False
        filled = read_blankett(read.text, self.blanketter)
        with self.store.begin() as tx:
            keep_reading(tx, document, read, filled, self.office, now)
        return True

    def _read(self, document: WaitingDocument) -> DocumentText:
        # Whoever claimed it before died over it: the file may be to blame, and others wait.
        if document.attempts > _TRIES:
            return DocumentText("", (), machine_read=False, note=_GIVEN_UP)
        with self.store.read() as tx:
            content = tx.attachment(document.attachment_id, SYSTEM).content
        return self.reader.read(content, document.content_type)

    def stop(self) -> None:
        """End the reading that goes on; its document waits for the next start."""
        self.reader.stop()


def _letter(content: bytes, part: int) -> Attachment:
    """A letter as the file of a case; its name is ours, since the scanner's tells nothing."""
    declared = _TYPES.get(document_kind(content), "application/octet-stream")
    made = make_attachment("", declared, content)
    ending = made.name.rpartition(".")[2]
    name = f"brev-{part}.{ending}" if part else f"brev.{ending}"
    return Attachment(name, made.content_type, len(content), sha256(content).hexdigest(), content, risk=made.risk)
