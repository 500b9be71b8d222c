"""A mail passed on: who wrote it first, and what. The colleague who passed it on is only its carrier."""

import re
from dataclasses import dataclass

from cases.inbound.messages import Mailaddress
from ingest.reading.addresses import read_addresses
from ingest.reading.bodies import Body, Nested
from ingest.reading.notes import Notes
from ingest.reading.quoteblocks import (
    bare_role,
    find_header_block,
    is_forward_marker,
    is_original_marker,
    label_role,
    past_named,
)
from ingest.reading.quotes import new_lines, without_marks

_PREFIX = re.compile(
    r"\s{0,5}(?:(?:re|sv|vs|aw)\s?:\s{0,3})?(?:vb|fw|fwd|vl|wg|tr|rv|rif|enc|doorst|pd|vidarebefordrat|videresendt?|i)\s{0,2}:",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"\[(?:mailto:)?([^\[\]\s]{3,200}@[^\[\]\s]{3,200})\]|<mailto:([^<>\s]{3,200})>")
_MAX_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside: its sender as its headers or the carrier's program name him, and its text without quotes."""

    sender: Mailaddress
    text: str


def find_forwarded(subject: str, body: Body, text: str, notes: Notes) -> Forwarded | None:
    """Return the mail that another one passes on, attached to it or written into it; nothing when it passes on none."""
    if len(body.nested) == 1:
        return _attached(body.nested[0], notes)
    if not _PREFIX.match(subject) and not any(is_forward_marker(line) for line in text.split("\n")[:_MAX_LINES]):
        return None
    return _written(text)


def _attached(nested: Nested, notes: Notes) -> Forwarded | None:
    senders = read_addresses(nested.part.headers.first("from"), notes)
    if not senders:
        return None
    text = "\n".join(piece.strip("\n") for piece in nested.body.texts if piece.strip())
    return Forwarded(senders[0], without_marks(new_lines(text)))


def _written(text: str) -> Forwarded | None:
    """Read the first block of quoted headers and what stands below it."""
    lines = without_marks(text).split("\n")[:_MAX_LINES]
    for number in range(len(lines)):
        end = find_header_block(lines, number)
        if end is None and number and is_original_marker(lines[number - 1]):
            end = past_named(lines, number)
        if end is None:
            continue
        named = next((line for line in lines[number:end] if "from" in (label_role(line), bare_role(line))), "")
        behind = re.split("[:：]" if label_role(named) else " ", named, maxsplit=1)[-1]
        value = _MAILTO.sub(lambda found: f"<{found.group(1) or found.group(2)}>", behind)
        senders = read_addresses(value.replace("*", "").strip().encode(), Notes())
        below = new_lines("\n".join(lines[end:])).strip("\n ")
        return Forwarded(senders[0], below) if senders else None
    return None
