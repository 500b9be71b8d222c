"""What came and went in a case, as its pages show it: messages, what their documents say, letters out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cases.case import Case
from cases.inbound.authenticity import Explanation, explain
from cases.inbound.documents import ReadPage, StoredDocument
from cases.letters.letter import OutboxEntry
from cases.letters.permit import overtaken
from cases.routing.suggestion import Suggestion
from cases.steps.answering.copies import copied_in
from cases.store.views import AttachmentFile, CaseFile, StoredMessage
from desk.case.marks import letter_spans, marked, read_page
from desk.case.tracks import marked_tracks
from desk.context import Asked
from desk.rights import Rights, rights


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of the thread; ``body`` is what was newly written with its marks, ``rest`` the quoted remainder.

    ``copied`` says that its writer was copied in on a letter of ours.
    """

    stored: StoredMessage
    at: datetime
    body: Markup
    rest: str
    attachments: tuple[AttachmentFile, ...]
    trust: Explanation | None = None
    copied: bool = False


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of a document with its doubtful words marked."""

    page: ReadPage
    text: Markup


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """What a machine read out of an attachment; ``stored.note`` says why where it could not."""

    stored: StoredDocument
    pages: tuple[ShownPage, ...]


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter out, in the thread; ``late`` says why one that waits will not leave after all."""

    entry: OutboxEntry
    at: datetime
    late: str = ""
    copies: tuple[OutboxEntry, ...] = ()


def show_document(stored: StoredDocument) -> ShownDocument:
    """What a machine read out of an attachment, page by page."""
    return ShownDocument(stored, tuple(ShownPage(page, read_page(page)) for page in stored.pages))


def read_texts(person: Asked, file: CaseFile) -> dict[str, ShownDocument]:
    """What a machine read out of each attachment, by its id: of a letter on paper there are no other words."""
    if not file.attachments:
        return {}
    with person.desk.store.read() as tx:
        return {d.attachment_id: show_document(d) for d in tx.documents(file.case.id, person.viewer)}


def thread(file: CaseFile) -> list[ShownMessage | ShownLetter]:
    """All messages and letters to the citizen in the order they came and went; internal notices apart."""
    first = next((m for m in file.messages if m.direction == "in"), None)
    shown: list[ShownMessage | ShownLetter] = [
        show_message(m, file, suggestion=file.suggestion if m is first or len(file.messages) == 1 else None)
        for m in file.messages
    ]
    shown += [_letter(e, file.letters) for e in file.letters if not (e.internal or e.copy_of)]
    return sorted(shown, key=lambda one: one.at)


def _letter(entry: OutboxEntry, letters: Sequence[OutboxEntry]) -> ShownLetter:
    copies = tuple(one for one in letters if one.copy_of == entry.id)
    return ShownLetter(entry, entry.created_at, _late(entry, letters), copies)


def _late(entry: OutboxEntry, letters: Sequence[OutboxEntry]) -> str:
    return overtaken(entry, lambda: letters) if entry.waits else ""


def whole_thread(person: Asked, files: Sequence[CaseFile]) -> list[tuple[Case, Rights, ShownMessage | ShownLetter]]:
    """The threads of a case and those merged into it as one, each part with its case and what one may do there."""
    parts = [
        (file.case, rights(file.case, person.user, person.viewer), shown) for file in files for shown in thread(file)
    ]
    return sorted(parts, key=lambda part: part[2].at)


def show_message(stored: StoredMessage, file: CaseFile, suggestion: Suggestion | None) -> ShownMessage:
    """One message with its marks; only the citizen's words carry any."""
    text = stored.message.words or stored.message.text
    flags = file.case.flags if stored.direction == "in" else ()
    spans = letter_spans(text, suggestion, flags, marked_tracks(file.case, suggestion))
    rest = stored.message.text if stored.message.text.strip() != text.strip() else ""
    mine = tuple(a for a in file.attachments if a.message_id == stored.id)
    by_mail = bool(stored.raw_id) and stored.direction != "robot" and stored.message.form is None
    trust = explain(stored.message.auth) if by_mail else None
    copied = copied_in(file.letters, stored.message)
    return ShownMessage(stored, stored.received_at, marked(text, spans), rest, mine, trust, copied)
