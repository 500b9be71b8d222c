"""The text of a part: decoded, in the charset it is really in, and no longer than is read."""

from ingest.reading.decoding import decode_body, unlabelled
from ingest.reading.encoding.charsets import decode_text
from ingest.reading.limits import MAX_TEXT_BYTES
from ingest.reading.markup.flowed import plain_lines
from ingest.reading.markup.htmltree import without_data
from ingest.reading.notes import Notes
from ingest.reading.structure import Part

_BEGINNING = 1_000


def part_text(part: Part, notes: Notes, *, html: bool = False) -> str:
    raw = decode_body(part, notes)
    if html and (b"<" not in raw[:_BEGINNING] or b"=C3=" in raw):  # no page begins so, or says so
        raw = unlabelled(raw, notes)
    return text_of(part, raw, notes, html=html)


def text_of(part: Part, raw: bytes, notes: Notes, *, html: bool = False) -> str:
    if html and len(raw) > MAX_TEXT_BYTES:
        raw = without_data(raw)
    return plain_lines(decode_text(notes.take_text(raw), part.charset, notes, html=html))
