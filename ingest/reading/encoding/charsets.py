"""Turning bytes into text whatever the mail claims about its character set."""

import codecs
import re
from functools import lru_cache

from ingest.reading.encoding.guesses import guessed, mended, mislabelled, western
from ingest.reading.notes import Notes

# What a name means in practice. Latin-1 is read as Windows-1252 (as every browser does): programs on Windows write
# curly quotes and dashes into mails they call ISO-8859-1. The other pairs are the supersets their writers mean.
_MEANT = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-6-e": "iso-8859-6",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-2-0-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8-sig": "utf-8",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8-r",
    "x-windows-1252": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
}
_NUMBERED = re.compile(
    r"(?:x-)?(?:windows|win|cp|ibm|ansi|dos|microsoft-cp|csibm)[-_ ]?(\d{3,4})"
    r"|(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_:](?!i\b|e\b).{0,30})?"
)
_JIS_SHIFTS = (b"$@", b"$B", b"(B", b"(J", b"(I")
# Python calls these encodings of text too; no mail is in them, and some refuse to read anything.
_NO_CHARSETS = ("undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap")
_STATEFUL = ("iso2022", "utf-7", "hz", "utf-16", "utf-32", "utf_16", "utf_32")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
# No text has the control signs 80 to 9F; what stands there are quotes and dashes of the Windows charset that was meant.
_QUOTES = {code: sign for code in range(0x80, 0xA0) if (sign := bytes([code]).decode("cp1252", "ignore"))}
# Where the signs 80 to 9F are used, Windows' own charset was meant by the standard's name.
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253", "iso8859-9": "cp1254", "iso8859-13": "cp1257"}
_HALVES = re.compile("[\ud800-\udfff]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_C1 = re.compile("[\x80-\x9f]")
_TWICE = 2


@lru_cache(maxsize=512)
def codec_of(name: str) -> str:
    """Return the codec that a charset name means in practice, or ``""`` when nobody knows it."""
    asked = re.split(r"[*;,?\s]", name.strip(" \t\"'=_<>"))[0].lower().removeprefix("charset=").strip("\"'")
    numbered = _NUMBERED.fullmatch(asked)
    if numbered:
        asked = f"iso-8859-{int(numbered.group(2))}" if numbered.group(2) else f"cp{numbered.group(1)}"
    for candidate in (_MEANT.get(asked, asked), asked.removeprefix("x-"), asked.replace("-", "").replace("_", "")):
        try:
            info = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        if info._is_text_encoding and info.name not in _NO_CHARSETS:  # noqa: SLF001 - the only way to tell rot13 and hex from character sets
            return info.name
    return ""


def decode_text(raw: bytes, declared: str, notes: Notes, *, html: bool = False) -> str:
    """Return the text of a body: declared charset, else BOM, HTML meta, UTF-8, and last the likeliest guess."""
    text = _decoded(raw, declared, notes, html=html)
    if text.isascii():
        return text
    if (whole := mended(text, least=_TWICE)) is not None:
        notes.add("encoded twice")
        text = whole
    if _C1.search(text):
        text = text.translate(_QUOTES)
    # UTF-7 and UTF-16 can spell halves of characters, which neither a database nor JSON takes.
    return _HALVES.sub("\ufffd", text)


def _decoded(raw: bytes, declared: str, notes: Notes, *, html: bool) -> str:
    for bom, codec in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(codec, "replace")
    codec = codec_of(declared) if declared else ""
    if declared and not codec:
        notes.add(f"unknown charset {declared[:40]!r}")
    if not codec and html:
        codec = _meta_codec(raw)
    if raw.isascii() and not codec.startswith(_STATEFUL):
        return _ascii_text(raw)
    if not codec:
        return decode_guess(raw, notes)
    return _decode_declared(raw, codec, notes)


def _ascii_text(raw: bytes) -> str:
    """Read seven-bit text; escape sequences betray ISO-2022-JP even when no charset says so (RFC 1468)."""
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return raw.decode("iso2022_jp_ext", "replace")
    return raw.decode("ascii")


def _meta_codec(raw: bytes) -> str:
    found = _META.search(raw, 0, 4096)
    codec = codec_of(found.group(1).decode("ascii")) if found else ""
    # A meta tag that could be read at all is not in a two-byte charset, whatever it says (HTML standard).
    return "utf-8" if codec.startswith("utf-16") else codec


def _decode_declared(raw: bytes, codec: str, notes: Notes) -> str:
    """Decode as declared unless the bytes prove the declaration wrong."""
    if codec == "cp1252" or codec.startswith(("iso8859", "cp125")):
        text = _strict(raw, "utf-8") if _UTF8_PAIR.search(raw) else None
        if text is None and codec == "cp1252" and raw.count(b"\xc3") > 3:
            text = _nearly_utf8(raw)
        if text is not None:
            notes.add("text is UTF-8 although declared otherwise")
            return text
        if codec == "cp1252":
            return _called_western(raw, notes)
    if codec.startswith("utf-16"):
        codec = _sixteen(raw, codec)
    text = _strict(raw, codec)
    if text is not None and codec in _WINDOWS and _C1.search(text):
        text = _strict(raw, _WINDOWS[codec]) or text
    if text is not None:
        return text
    notes.add(f"text is not valid {codec}")
    if codec.startswith("iso2022_jp"):
        return _lenient_jis(raw)
    if codec == "utf-8":
        return _patched_utf8(raw, notes)
    lenient = raw.decode(codec, "replace")
    # A few bad bytes are damage; many mean that the declaration is wrong.
    return lenient if lenient.count("\ufffd") * 20 <= len(lenient) else decode_guess(raw, notes)


def _called_western(raw: bytes, notes: Notes) -> str:
    text = mislabelled(raw)
    if text is None:
        return western(raw)
    notes.add("text is of another charset than declared")
    return text


def _sixteen(raw: bytes, codec: str) -> str:
    """Return what text is that calls itself UTF-16: where its NULs stand tells the order, none at all UTF-8."""
    first, second = raw[:4000:2].count(0), raw[1:4000:2].count(0)
    if not first and not second and _strict(raw, "utf-8") is not None and raw.count(b" ") * 30 > len(raw):
        return "utf-8"
    return codec if first == second else "utf-16-be" if first > second else "utf-16-le"


def _lenient_jis(raw: bytes) -> str:
    """Read ISO-2022-JP with characters that only vendors' tables have (NEC's row 13: ① № ㈱), piece by piece."""
    out, double = [], False
    for piece in re.split(rb"\x1b(\$[@B]|\([BJI])", raw):
        if piece in _JIS_SHIFTS:
            double = piece.startswith(b"$")
        elif double:
            out.append(bytes(byte | 0x80 for byte in piece).decode("euc_jis_2004", "replace"))
        else:
            out.append(piece.decode("ascii", "replace"))
    return "".join(out)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _patched_utf8(raw: bytes, notes: Notes) -> str:
    """Read text that is UTF-8 in places: what is not is taken as Windows-1252, unless nothing is UTF-8 at all."""
    if not _UTF8_PAIR.search(raw):
        return decode_guess(raw, notes)
    return _SURROGATES.sub(_paired, raw).decode("utf-8", "lyhord_latin1")


def _paired(found: re.Match[bytes]) -> bytes:
    """Write one sign as UTF-8 that was written as two halves (CESU-8, of Java and some databases)."""
    halves = found.group(0).decode("utf-8", "surrogatepass")
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()


def _nearly_utf8(raw: bytes) -> str | None:
    """Return text that is UTF-8 but for single bytes, cut off or pasted in by a program; nothing when it is not."""
    if not _UTF8_PAIR.search(raw):
        return None
    lenient = raw.decode("utf-8", "replace")
    bad = lenient.count("\ufffd") - lenient.endswith("\ufffd")
    good = sum(sign > "\x7f" for sign in lenient) - bad
    return raw.decode("utf-8", "lyhord_latin1") if good >= 4 * bad else None


def decode_guess(raw: bytes, notes: Notes) -> str:
    """Decode text that says nothing usable about its charset: UTF-8, else Swedish in Windows-1252, else a guess."""
    text = _strict(raw, "utf-8")
    if text is None:
        text = _nearly_utf8(raw)
    if text is not None:
        return text
    notes.add("charset guessed")
    hint = codec_of(notes.charset_hint) if notes.charset_hint else ""
    if hint not in ("", "utf-8", "cp1252", "ascii") and (text := _strict(raw, hint)) is not None:
        return text
    return guessed(raw)
