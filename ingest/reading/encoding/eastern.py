"""The Latin letters of eastern Europe and of Turkish where a mail calls itself western, or nothing at all.

Their bytes are those of other letters in Windows-1252: *proszę naprawić* is *proszê naprawiæ* there. No western
language has those together, though, and few eastern ones have them in one charset.
"""

import re

_SAMPLE = 20_000
# Letters of western languages, each with what its writers borrow …
_WESTERN = (
    "åäöéèêáàüëïôçñøæíóúšžß",
    "æøåéèêáàäöüôóëç",
    "äöüßéèàáâêôîñ",
    "àâçéèêëîïôûùüÿœ",
    "áéíñóúüçàèòïºª",
    "ãõáâàçéêíóôúüîèöºª",
    "àèéìòùíîúó",
    "ëïéèöüêáóàç",
    "áðéíóúýþæöø",
    "ëç",
)
# … of which the first two are only a northerner's when one of his own is among them.
_NORTHERN = ("åäö", "åø")
_EASTERN = (
    ("cp1250", "ąćęłńóśźż"),
    ("iso8859-2", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýž"),
    ("iso8859-2", "áčďéěíňóřšťúůýž"),
    ("cp1250", "áäčďéíľňóôšťúýž"),
    ("iso8859-2", "áäčďéíľňóôšťúýž"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "čćđšž"),
    ("iso8859-2", "čćđšž"),
    ("cp1250", "ăâîşţ"),
    ("cp1254", "çğıİöşüâî"),
    ("cp1257", "ąčęėįšųūž"),
    ("cp1257", "āčēģīķļņšūž"),
)
_SPARSE = 40
_PLAIN = frozenset(range(0x80))


def _bytes_of(codec: str, letters: str) -> frozenset[int]:
    both = {sign for letter in letters for sign in (letter, letter.upper()) if len(sign) == 1}
    return frozenset("".join(both).encode(codec, "ignore"))


def _signs_of(codec: str) -> frozenset[int]:
    """Return the bytes beyond ASCII that are no letters: quotes, dashes, the euro."""
    signs = ((code, bytes([code]).decode(codec, "ignore")) for code in range(0x80, 0x100))
    return frozenset(code for code, sign in signs if sign >= "\xa0" and not sign.isalpha())


_WESTERN_BYTES = [_bytes_of("cp1252", letters) | _signs_of("cp1252") for letters in _WESTERN]
_NORTHERN_BYTES = [_bytes_of("cp1252", letters) for letters in _NORTHERN]
_EASTERN_BYTES = [(codec, _bytes_of(codec, letters) | _signs_of(codec)) for codec, letters in _EASTERN]
# What is a letter in one charset and a sign in another, between letters of a word: there it is the letter.
_LETTER = r"[^\W\d_¹²³¼½¾]"
_SIGN_INSIDE = re.compile(rf"{_LETTER}(?:[¹²³¼½¾]|[^\w\x00-\x7f\xa0\xad´·’‘–—…]){_LETTER}")
_BEYOND, _ASCII = re.compile(rb"[\x80-\xff]"), re.compile(rb"[A-Za-z]")
_BESIDE = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")


def is_western(raw: bytes) -> bool:
    """Whether most letters are ASCII's, and the others such as some western language has in Windows-1252."""
    sample = raw[:_SAMPLE]
    return _is_latin(sample) and _has_western(frozenset(sample) - _PLAIN, sample)


def eastern(raw: bytes, *, least: int) -> str | None:
    """Return text whose letters no western language has together, where they are an eastern one's in one charset.

    ``least`` is how many different ones it must have; no eastern text has fewer of them than one letter in forty, and
    borrowed words and names do.
    """
    sample = raw[:_SAMPLE]
    high = frozenset(sample) - _PLAIN
    if len(high) < least or _has_western(high, sample) or not _is_latin(sample):
        return None
    if _SPARSE * len(_BEYOND.findall(sample)) < len(_ASCII.findall(sample)):
        return None
    texts = {raw.decode(codec, "replace") for codec, known in _EASTERN_BYTES if high <= known}
    likely = [text for text in texts if not _SIGN_INSIDE.search(text)]
    return likely[0] if len(likely) == 1 else None


def _has_western(high: frozenset[int], sample: bytes) -> bool:
    for number, known in enumerate(_WESTERN_BYTES):
        if high <= known and (number >= len(_NORTHERN_BYTES) or high & _NORTHERN_BYTES[number]):
            return not _SIGN_INSIDE.search(sample.decode("cp1252", "replace"))
    return False


def _is_latin(sample: bytes) -> bool:
    """Whether most letters are ASCII's, and the others stand next to them."""
    beyond = len(_BEYOND.findall(sample))
    return len(_ASCII.findall(sample)) > 2 * beyond and 2 * len(_BESIDE.findall(sample)) > beyond
