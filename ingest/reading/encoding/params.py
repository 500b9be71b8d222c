"""Parameters of ``Content-Type`` and ``Content-Disposition``: RFC 2231 and the ways around it."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from ingest.reading.encoding.charsets import codec_of, decode_guess, decode_text
from ingest.reading.encoding.words import decode_words, eight_bit, tidy
from ingest.reading.notes import Notes

_PARTING = re.compile(r"[\\\";]")
_SECTION = re.compile(r"([^*]{1,60})\*(\d{1,3})?(\*)?")
# "attachment filename=a.pdf", "text/plain charset=utf-8", or a parameter without anything before it.
_NO_SEMICOLON = re.compile(
    r"\s{0,9}(?:([^\s=,]{1,100})[\s,]{1,9})?((?:charset|(?:file)?name|boundary)(?:\*\d{0,2}){0,2}\s{0,3}=.*)",
    re.IGNORECASE | re.DOTALL,
)
# A letter beyond ASCII as web addresses write it, which some web forms do in names as well.
_PERCENT = re.compile(r"%[C-F][0-9A-F](?:%[89AB][0-9A-F]){1,3}", re.IGNORECASE)
_TYPE = re.compile(r"([\w.+-]{1,80})\s{0,3}/\s{0,3}([\w.+-]{1,120})", re.ASCII)


# Most parts of most mails are of a dozen kinds, written in the same few ways; longer values name a boundary or a file.
_USUAL_BYTES = 80


def split_value(raw: bytes, notes: Notes) -> tuple[str, dict[str, str]]:
    """Return the value of a header field in lower case, and its parameters decoded."""
    usual = _read_before(raw) if len(raw) <= _USUAL_BYTES else None
    return (usual[0], dict(usual[1])) if usual else _split(raw, notes)


@lru_cache(maxsize=256)
def _read_before(raw: bytes) -> tuple[str, dict[str, str]] | None:
    """Return a value and its parameters, unless they took a tolerance to read, which each mail notes for itself."""
    notes = Notes()
    found = _split(raw, notes)
    return None if notes.defects else found


def _split(raw: bytes, notes: Notes) -> tuple[str, dict[str, str]]:
    text = eight_bit(raw, notes)
    pieces = _pieces(text)
    lost = _NO_SEMICOLON.fullmatch(pieces[0]) if "=" in pieces[0] else None
    if lost:
        pieces[:1] = [lost.group(1) or "", lost.group(2)]
    params = [_name_value(piece) for piece in pieces[1:200]]
    return pieces[0].strip().lower(), _joined([(name, value) for name, value in params if name], notes)


def media_type(value: str) -> str:
    """Return ``type/subtype`` out of a Content-Type's value, or ``""`` when it is none."""
    found = _TYPE.match(value.strip("\"' "))
    return f"{found.group(1)}/{found.group(2)}" if found else ""


def _pieces(text: str) -> list[str]:
    """Split at semicolons outside quotes; a quote that is never closed quotes nothing."""
    closable = text.rfind('"')
    if closable < 0:
        return text.split(";")
    pieces, start, escaped, quoted = [], 0, -1, False
    for found in _PARTING.finditer(text):
        at, sign = found.start(), found.group()
        if at == escaped:
            continue
        if sign == '"':
            quoted = not quoted and at < closable
        elif sign == ";" and not quoted:
            pieces.append(text[start:at])
            start = at + 1
        elif quoted and sign == "\\":
            escaped = at + 1
    return [*pieces, text[start:]]


def _name_value(piece: str) -> tuple[str, str]:
    name, equals, value = piece.partition("=")
    if not equals:
        return "", ""
    value = value.strip()
    if value.startswith('"'):
        value = re.sub(r"\\([\"\\])", r"\1", value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:])
    return name.strip().lower(), value


def _joined(params: list[tuple[str, str]], notes: Notes) -> dict[str, str]:
    """Join RFC 2231 continuations and decode extended values; of two equal names the first stays."""
    out: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, value in params:
        found = _SECTION.fullmatch(name)
        if found:
            index, extended = int(found.group(2) or 0), bool(found.group(3)) or found.group(2) is None
            sections.setdefault(found.group(1), []).append((index, extended, value))
        else:
            out.setdefault(name, _without_percent(tidy(decode_words(value, notes)), notes))
    for name, pieces in sections.items():
        out[name] = tidy(_continued(sorted(pieces, key=lambda piece: piece[0]), notes)) or out.get(name, "")
    return out


def _charset(value: str) -> tuple[str, str]:
    """Part ``charset'language'value`` (RFC 2231); some programs leave out the language with its quote."""
    parts = value.split("'", 2)
    if len(parts) == 3:
        return parts[0], parts[2]
    return (parts[0], parts[1]) if len(parts) > 1 and codec_of(parts[0]) else ("", value)


def _without_percent(value: str, notes: Notes) -> str:
    """Decode a value in the form of RFC 2231 whose name lacks the asterisk that says so, and UTF-8 in web form."""
    if not _PERCENT.search(value) or " " in value:
        return value
    charset, rest = _charset(value)
    if codec_of(charset):
        return tidy(decode_text(unquote_to_bytes(rest), charset, notes))
    try:
        return tidy(unquote_to_bytes(value).decode("utf-8"))
    except UnicodeDecodeError:
        return value


def _continued(pieces: list[tuple[int, bool, str]], notes: Notes) -> str:
    """Decode one RFC 2231 value; continuations of RFC 2047 words (some programs mix both) are decoded as those."""
    charset, data = "", []
    for number, (_, extended, value) in enumerate(pieces):
        rest = value
        if extended and number == 0:
            charset, rest = _charset(value)
        data.append(unquote_to_bytes(rest) if extended else rest.encode("utf-8", "surrogateescape"))
    raw = b"".join(data)
    if b"=?" in raw:
        return decode_words(raw.decode("utf-8", "replace"), notes)
    return decode_text(raw, charset, notes) if codec_of(charset) else decode_guess(raw, notes)
