"""What goes to the archive of one ended case: the case, its records in and out with their files, and its journal."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.case import Case
from cases.inbound.messages import ScanState
from cases.journal import EVENT_NAMES
from cases.letters.letter import LEFT
from cases.people.organisation import Organisation
from cases.store.views import AttachmentFile, CaseFile


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file: its name within the case, MIME type, bytes, and when its content came to be."""

    name: str
    content_type: str
    content: bytes
    created: datetime


class Direction(StrEnum):
    """Whether a record came in, went out, or passed within the municipality: an official's answer by mail."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """One handling: which way it went, from whom to whom, with the files that are it."""

    id: str
    direction: Direction
    title: str
    at: datetime
    sender: str
    recipient: str
    files: tuple[ArchiveFile, ...]


@dataclass(frozen=True, slots=True)
class ArchiveCase:
    """One case as the archive gets it; ``events`` are moment, what happened, and its text."""

    case: Case
    unit: str
    authority: str
    records: tuple[ArchiveRecord, ...]
    events: tuple[tuple[datetime, str, str], ...]


Original = Callable[[str], bytes]
"""Gives the bytes of a raw message or an attachment by its id; empty where there are none."""


def archive_case(file: CaseFile, tree: Organisation, raw: Original, attached: Original) -> ArchiveCase:
    """Everything of a case that is a handling; letters that never left, and mails to staff, are none."""
    case = file.case
    unit, authority = tree.units.get(case.unit_id), tree.authorities.get(case.authority_id)
    records = sorted(
        (*_received(file, raw, attached), *_outgoing(file, attached), *_papers(file)), key=lambda one: (one.at, one.id)
    )
    return ArchiveCase(
        case,
        unit.name if unit else "",
        authority.name if authority else "",
        tuple(records),
        tuple((event.at, EVENT_NAMES[event.kind], event.text) for event in file.events),
    )


def _received(file: CaseFile, raw: Original, attached: Original) -> Iterator[ArchiveRecord]:
    for number, stored in enumerate(file.messages, 1):
        message, at = stored.message, stored.received_at
        # Staff of another body than the municipality write from outside it.
        staff = stored.direction == "staff" and not stored.outsider
        if staff and not message.from_addr:
            # No mail, but what keeps the files of a letter out, which has them.
            continue
        way, place = (Direction.INTERNAL, f"internt-{number}") if staff else (Direction.INCOMING, f"in-{number}")
        original = raw(stored.raw_id) if stored.raw_id else b""
        if original:
            letter = ArchiveFile(f"{place}.eml", "message/rfc822", original, at)
        else:
            letter = ArchiveFile(f"{place}.txt", "text/plain", message.text.encode("utf-8", "replace"), at)
        files = [letter]
        own = [one for one in file.attachments if one.message_id == stored.id and one.scan is not ScanState.INFECTED]
        files += _attached(own, place, attached, at)
        sender = message.from_name or message.from_addr or file.case.sender.name
        yield ArchiveRecord(stored.id, way, message.subject, at, sender, "", tuple(files))


def _attached(files: Iterable[AttachmentFile], place: str, attached: Original, at: datetime) -> Iterator[ArchiveFile]:
    for position, one in enumerate(files, 1):
        yield ArchiveFile(f"{place}-bilaga-{position}-{one.name}", one.content_type, attached(one.id), at)


def _outgoing(file: CaseFile, attached: Original) -> Iterator[ArchiveRecord]:
    sent = [one for one in file.letters if not one.internal and one.status in LEFT]
    for number, entry in enumerate(sent, 1):
        at = entry.sent_at or entry.created_at
        text = f"{entry.letter.subject}\n\n{entry.letter.text}".encode("utf-8", "replace")
        name = ArchiveFile(f"ut-{number}.txt", "text/plain", text, at)
        along = (one for one in file.attachments if one.id in entry.enclosures)
        files = (name, *_attached(along, f"ut-{number}", attached, at))
        yield ArchiveRecord(entry.id, Direction.OUTGOING, entry.name, at, "", entry.recipient, files)


def _papers(file: CaseFile) -> Iterator[ArchiveRecord]:
    """Decisions and letters on paper; to whom stands in their text, where it is known."""
    for one in file.papers:
        name = ArchiveFile(f"beslut-{one.number}.txt", "text/plain", one.text.encode("utf-8", "replace"), one.at)
        yield ArchiveRecord(one.id, Direction.OUTGOING, one.paper.title, one.at, "", "", (name,))
