"""Decoding header values: RFC 2047 words in every broken form that is seen, and raw eight-bit text."""

import base64
import binascii
import re

from ingest.reading.encoding.charsets import codec_of, decode_guess, decode_text
from ingest.reading.encoding.guesses import composed, mended
from ingest.reading.notes import Notes

# Signs that turn the direction of writing are among them: behind one in a name, an address reads backwards, perhaps as
# a colleague's.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[ \t\r\n]+")
# What is left when a program encoded words that were encoded already.
_CODED = re.compile(r"(?:\s{0,9}=\?[\w-]{2,40}\?[bBqQ]\?[^?\s]{1,500}\?=){1,99}\s{0,9}")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")


def decode_header(raw: bytes, notes: Notes) -> str:
    """Return the readable value of an unstructured header (Subject, a name): one line, no control characters."""
    return tidy(decode_words(eight_bit(raw, notes), notes))


def tidy(text: str) -> str:
    """Return text on one line without control characters."""
    return _SPACES.sub(" ", _CONTROL.sub("", composed(text))).strip()


def eight_bit(raw: bytes, notes: Notes) -> str:
    """Return the characters of a raw header value, which RFC 5322 wants in ASCII and many programs do not."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    notes.add("raw eight-bit header")
    return decode_guess(raw, notes) if not raw.isascii() else decode_text(raw, "", notes)


def decode_words(text: str, notes: Notes) -> str:
    """Decode the RFC 2047 words in a header value; neighbours in one charset are joined before decoding.

    Programs split a word in the middle of a character, put spaces into it, forget its end or write it inside quotes:
    all of that is read, since the alternative is to show the code.
    """
    if "=?" not in text:
        return _mend_mojibake(text, notes)
    once = _words_once(text, notes)
    return _words_once(once, notes) if _CODED.fullmatch(once) else once


def _words_once(text: str, notes: Notes) -> str:
    out: list[str] = []
    pending: list[tuple[str, str, str]] = []
    at = 0
    while (start := text.find("=?", at)) >= 0:
        word = _word_at(text, start, notes)
        if word is None:
            end = start + 2
            out.append(_flush(pending, notes) + text[at:end])
        else:
            charset, how, inside, end = word
            between = text[at:start]
            if between.strip() or not pending:
                out.append(_flush(pending, notes) + between)
            if pending and pending[0][0] != charset:
                out.append(_flush(pending, notes))
            pending.append((charset, how, inside))
        at = end
    out.append(_flush(pending, notes) + text[at:])
    return _mend_mojibake("".join(out), notes)


def _word_at(text: str, start: int, notes: Notes) -> tuple[str, str, str, int] | None:
    """Return charset, encoding, content and end of the encoded word at ``start``, or nothing when there is none."""
    question = text.find("?", start + 2, start + 80)
    if question < 0 or text[question + 2 : question + 3] != "?":
        return None
    charset, how, first = text[start + 2 : question], text[question + 1].lower(), question + 3
    if how not in "bq" or not charset or " " in charset:
        return None
    end = text.find("?=", first)
    after = end + 2
    inside = text[first:end]
    if end < 0:  # the word was cut off: what is there is read to the end of the line
        notes.add("encoded word without its end")
        inside, after = text[first:].rstrip("?"), len(text)
    return charset.split("*")[0].lower(), how, inside, after


def _decoded(words: list[tuple[str, str, str]]) -> bytes:
    """Return the bytes of neighbours; base64 that was cut without counting to four means nothing piece by piece."""
    apart = b"".join(_from_b(inside) if how == "b" else _from_q(inside) for _, how, inside in words)
    pieces = [_NO_BASE64.sub("", inside) for _, how, inside in words if how == "b"]
    whole = "".join(pieces)
    if len(pieces) < len(words) or "=" in whole.rstrip("=") or len(whole) % 4:
        return apart
    together = _from_b(whole)
    return together if _is_text(together, words[0][0]) else apart


def _is_text(raw: bytes, charset: str) -> bool:
    try:
        return not _CONTROL.search(raw.decode(codec_of(charset) or "utf-8"))
    except UnicodeDecodeError:
        return False


def _from_b(word: str) -> bytes:
    clean = _NO_BASE64.sub("", word).replace("=", "")
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return base64.b64decode(clean + "=" * (-len(clean) % 4))


def _from_q(word: str) -> bytes:
    ascii_word = re.sub(r"[ \t\r\n]+", "_", word).encode("utf-8", "replace")
    return binascii.a2b_qp(ascii_word, header=True)


def _flush(pending: list[tuple[str, str, str]], notes: Notes) -> str:
    if not pending:
        return ""
    charset = pending[0][0]
    raw = _decoded(pending)
    pending.clear()
    if not codec_of(charset):
        notes.add(f"unknown charset {charset[:40]!r}")
        return decode_guess(raw, notes)
    return decode_text(raw, charset, notes)


def _mend_mojibake(text: str, notes: Notes) -> str:
    """Undo UTF-8 that was encoded twice (``Ã¥`` for ``å``) where the whole value says so."""
    whole = mended(text, least=1)
    if whole is None:
        return text
    notes.add("encoded twice")
    return whole
