"""A mail passed on: who wrote it first, and what. The colleague who passed it on is only its carrier."""

import re
from dataclasses import dataclass

from cases.inbound.messages import Mailaddress
from ingest.reading.addresses import read_addresses
from ingest.reading.around.banners import without_banner
from ingest.reading.found import Body, Nested
from ingest.reading.notes import Notes
from ingest.reading.quoted.attribution import find_attribution
from ingest.reading.quoted.markers import is_forward_marker, is_original_marker
from ingest.reading.quoted.quoteblocks import bare_role, find_header_block, find_run_together, label_role, past_named
from ingest.reading.quoted.quotes import new_lines, without_marks

_PREFIX = re.compile(
    r"\s{0,5}(?:(?:re|sv|vs|aw)\s?:\s{0,3})?(?:vb|fw|fwd|vl|wg|tr|rv|rif|enc|doorst|pd|redir\.?|i̇?lt|vidarebefordrat|videresendt?|i)\s{0,2}:",
    re.IGNORECASE,
)
# *VS:* passes a mail on in Danish and Norwegian; in Finnish it answers one.
_DANISH_PREFIX = re.compile(r"\s{0,5}vs\s?:", re.IGNORECASE)
_DANISH_FROM = re.compile(r"^[\s>*_]{0,6}Fra\s?:", re.MULTILINE)
# In a line with more than a name in it: '… skrev "Bo Ek" <bo@…> följande:', 'Från: Bo Ek <bo@…>Till: …'.
_IN_LINE = re.compile(
    r"(?:[:\"„«]\s{0,3}([^<>:\"„”«»,\d]{2,80})[\"”»]?\s{0,3})?[<\[(]([^<>\[\]()\s@]{1,64}@[^<>\[\]()\s]{3,190})[>\])]"
)
_MAILTO = re.compile(
    r"[\[(](?:mailto:)?([^\[\]()\s]{1,200}@[^\[\]()\s]{3,200})[\])]|<mailto:([^<>\s]{3,200})>", re.IGNORECASE
)
_MAX_LINES = 2_000
_MAX_ABOVE = 200


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside: its sender as its headers or the carrier's program name him, and its text without quotes."""

    sender: Mailaddress
    text: str


def find_forwarded(subject: str, body: Body, text: str, notes: Notes) -> Forwarded | None:
    """Return the mail that another one passes on, attached to it or written into it; nothing when it passes on none."""
    if len(body.nested) == 1:
        return _attached(body.nested[0], notes)
    prefixed = _PREFIX.match(subject.lower()) or (_DANISH_PREFIX.match(subject) and _DANISH_FROM.search(text))
    if not prefixed and not any(is_forward_marker(line) for line in text.split("\n")[:_MAX_LINES]):
        return None
    return _written(text)


def _attached(nested: Nested, notes: Notes) -> Forwarded | None:
    senders = read_addresses(nested.part.headers.first("from"), notes)
    if not senders:
        return None
    text = "\n".join(piece.strip("\n") for piece in nested.body.texts if piece.strip())
    return Forwarded(senders[0], without_marks(new_lines(without_banner(text))))


def _written(text: str) -> Forwarded | None:
    """Read the first block of quoted headers, or the first line that says who wrote, and what stands below it."""
    lines = without_marks(text).split("\n")[:_MAX_LINES]
    for number in range(len(lines)):
        end = find_header_block(lines, number)
        if end is None and number and is_original_marker(lines[number - 1]):
            end = past_named(lines, number)
        sender = _of_block(lines[number:end]) if end is not None else None
        if end is None:
            end = find_run_together(lines, number)
            end = find_attribution(lines, number) if end is None and number < _MAX_ABOVE else end
            sender = _in_line(" ".join(lines[number:end])) if end is not None else None
        if end is not None:
            return Forwarded(sender, _without_signs(lines[end:])) if sender else None
    return None


def _of_block(block: list[str]) -> Mailaddress | None:
    """Return whom the *From* of a block of headers names."""
    named = next((line for line in block if "from" in (label_role(line), bare_role(line))), "")
    behind = re.split("[:：]" if label_role(named) else " ", named, maxsplit=1)[-1]
    value = _MAILTO.sub(lambda found: f"<{found.group(1) or found.group(2)}>", behind)
    return next(iter(read_addresses(value.replace("*", "").strip().encode(), Notes())), None)


def _in_line(line: str) -> Mailaddress | None:
    """Return whom a line that introduces a mail names first."""
    found = _IN_LINE.search(line)
    return Mailaddress((found.group(1) or "").strip(), found.group(2)) if found else None


def _without_signs(below: list[str]) -> str:
    """Return the mail inside without its own quotes, and without the signs of a program that quotes it all."""
    if all(line.startswith(">") for line in below if line.strip()):
        below = [line.removeprefix(">").removeprefix(" ") for line in below]
    return new_lines(without_banner("\n".join(below).strip("\n"))).strip("\n ")
