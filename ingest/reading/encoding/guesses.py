"""What text is that does not say its character set, or says a wrong one: told by the letters it would have."""

import codecs
import re
import unicodedata
from itertools import islice

from charset_normalizer import from_bytes

from ingest.reading.encoding.eastern import eastern, is_western

# Fewer letters than this tell statistics nothing; the commonest letters of a few scripts tell more.
_FEW = 60
_SAMPLE = 20_000
# So many different letters of an eastern language speak against a charset that is named, and where none is.
_LEAST_CALLED, _LEAST = 3, 2
# Swedish letters between others as DOS and old Macs wrote them: where Windows-1252 has daggers and quotation marks.
_NORTHERN = (
    ("cp850", re.compile(rb"[a-z][\x84\x86\x94][a-z]")),
    ("mac_roman", re.compile(rb"[a-z][\x8a\x8c\x9a][a-z]")),
)
# Of those, the ones that no word in Windows-1252 has inside, be it Finnish or Czech.
_SURELY_NORTHERN = re.compile(rb"[a-z][\x84\x86\x8a\x8c\x94][a-z]")
_SWEDISH = re.compile(rb"[a-z][\xe4\xe5\xf6][a-z]")
# UTF-8 for the letters, quotes and dashes of western Europe, which a program pasted into text of another charset.
_PASTED = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x80-\xbf]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{4,40}")
_PLAUSIBLE = [
    *("cp1250", "cp1251", "koi8_r", "iso8859_5", "cp866", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1252"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949", "mac_cyrillic"),
]
# Hiragana in EUC, which are every second sign of Japanese; in Korean's EUC they are single strokes of letters.
_KANA = re.compile(rb"\xa4[\xa1-\xf3]")
# Cyrillic's capitals as Windows and as old Macs wrote them.
_CAPITALS, _MAC_CAPITALS = re.compile(rb"[\xc0-\xdf]"), re.compile(rb"[\x80-\x9f]")
_LATIN = ["cp1250", "cp1254", "cp1257", "cp1252"]
# The commonest letters of Russian and Ukrainian, of Greek, Arabic and Hebrew: most of what is written in them.
_COMMON = {
    "cp1251": "оеаинтсрвлкмдпуяыьбзі",
    "koi8-u": "оеаинтсрвлкмдпуяыьбзі",
    "cp1253": "αοιετσνηυρπκμλάήέίόώς",
    "cp1256": "المنويرتبةهدسفعكحقأىص",
    "cp1255": "יוהלאמתרשבנעדחקפכםצגן",
}
# Letters that Swedes, other northerners and western Europeans write, as Windows-1252 bytes.
_WESTERN = frozenset("åäöÅÄÖéÉèüÜæøÆØßáíóúñçàâêîôûëï–—’‘”“…«»§°´€½·".encode("cp1252") + b"\xa0")
# UTF-8 read as Windows-1252: Ã¥ for å, â€“ for a dash.
_LEADS = "ÃÂâ"
_DOUBLE = re.compile(f"[{_LEADS}][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def composed(text: str) -> str:
    """Return text with its letters in one piece (Unicode NFC): Macs and phones write å as a and a ring."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def western(raw: bytes) -> str:
    """Decode Windows-1252; UTF-8 pasted into it in several places is read as that."""
    if len(list(islice(_PASTED.finditer(raw), 2))) < 2:
        return _western(raw)
    at, out = 0, []
    for found in _PASTED.finditer(raw):
        out += [_western(raw[at : found.start()]), found.group(0).decode("utf-8")]
        at = found.end()
    return "".join([*out, _western(raw[at:])])


def _western(raw: bytes) -> str:
    return raw.decode("cp1252", "lyhord_latin1")


def _latin1_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as Windows-1252, its five undefined bytes as spaces."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("cp1252", "replace").replace("\ufffd", " "), error.end
    raise error


def _control_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Write the control characters that stand where Windows-1252 has nothing as the bytes they came from."""
    if isinstance(error, UnicodeEncodeError) and all("\x80" <= sign < "\xa0" for sign in _wrong(error)):
        return _wrong(error).encode("latin-1"), error.end
    raise error


def _wrong(error: UnicodeEncodeError) -> str:
    return error.object[error.start : error.end]


codecs.register_error("lyhord_latin1", _latin1_bytes)
codecs.register_error("lyhord_controls", _control_bytes)


def mended(text: str, *, least: int) -> str | None:
    """Return text whose UTF-8 was encoded twice or more (``Ã¥`` for ``å``) as it was; nothing when not all says so.

    ``least`` is how many letters of the kind it must have: a few may be what somebody wrote about.
    """
    # Most texts have none of the leads, which is found out ten times as quickly.
    if not any(lead in text for lead in _LEADS) or len(list(islice(_DOUBLE.finditer(text), least))) < least:
        return None
    try:
        once = text.encode("cp1252", "lyhord_controls").decode("utf-8")
    except UnicodeError:
        return None
    return mended(once, least=least) or once  # each gateway on the way may have done it again


def mislabelled(raw: bytes) -> str | None:
    """Return text that calls itself western and is DOS's, a Mac's or an eastern one's; nothing when it is western."""
    sample = raw[:_SAMPLE]
    if len(list(islice(_SURELY_NORTHERN.finditer(sample), 2))) > 1 and not _SWEDISH.search(sample):
        return _northern(raw)
    runs = _HIGH_RUN.findall(sample)
    if sum(len(set(run)) > 2 for run in runs) > 2 and sum(map(len, runs)) * 3 > len(re.findall(rb"[A-Za-z]", sample)):
        return _foreign(raw)
    return eastern(raw, least=_LEAST_CALLED)


def guessed(raw: bytes) -> str:
    """Decode by what the bytes look like: northern letters of DOS and Mac, western, few of a script, statistics."""
    northern = _northern(raw)
    if northern is not None:
        return northern
    if (text := eastern(raw, least=_LEAST)) is not None:
        return text
    if is_western(raw):
        return western(raw)
    high = [byte for byte in _PASTED.sub(b"", raw[:_SAMPLE]) if byte >= 0x80]
    likely = sum(byte in _WESTERN for byte in high)
    letters = sum(65 <= (byte & 0xDF) <= 90 for byte in raw[:_SAMPLE])
    # Western text has few letters beyond ASCII, and the usual ones; mostly high bytes are another script.
    if likely >= 0.8 * len(high) and len(high) <= max(4, letters):
        return western(raw)
    return _foreign(raw)


def _northern(raw: bytes) -> str | None:
    for codec, letters_inside in _NORTHERN:
        if len(letters_inside.findall(raw[:_SAMPLE])) >= 2:
            return raw.decode(codec)
    return None


def _foreign(raw: bytes) -> str:
    high = bytes(byte for byte in raw[:_SAMPLE] if byte >= 0x80)
    latin = _is_latin(raw[:_SAMPLE], len(high))
    script = "" if latin else _script(high)
    if script == "cp1255" or (script and len(high) < _FEW):  # statistics take Hebrew for Russian
        return raw.decode(script, "replace")
    if 2 * 5 * len(_KANA.findall(raw[:_SAMPLE])) > len(high) and (japanese := _strictly(raw, "euc_jp")):
        return japanese
    plausible = _LATIN if latin else _PLAUSIBLE
    best = from_bytes(raw[:_SAMPLE], cp_isolation=plausible, enable_fallback=False).best() if len(high) > 3 else None
    if best is None or best.encoding in ("utf_8", "ascii"):
        return western(raw)
    # The two differ but in their capitals, which statistics take no notice of.
    windows = best.encoding == "mac_cyrillic" and len(_CAPITALS.findall(high)) > len(_MAC_CAPITALS.findall(high))
    return raw.decode("cp1251" if windows else best.encoding, "replace")


def _is_latin(sample: bytes, high: int) -> bool:
    """Whether most letters are ASCII's and the ``high`` others stand among them, as in Czech, Turkish or Lithuanian."""
    return not _HIGH_RUN.search(sample) and len(re.findall(rb"[A-Za-z]", sample)) > 2 * high


def _strictly(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return ""


def _script(high: bytes) -> str:
    """Return the charset in which bytes, most of them letters, are the commonest ones of a script, or ``""``."""
    letters = bytes(byte for byte in high if byte >= 0xC0)
    if len(letters) < 4 or len(letters) * 10 < len(high) * 8:
        return ""
    shares = {
        codec: sum(map(common.__contains__, letters.decode(codec, "replace"))) for codec, common in _COMMON.items()
    }
    best = max(shares, key=lambda codec: shares[codec])
    return best if 2 * shares[best] > len(letters) else ""
