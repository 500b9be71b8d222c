"""Reading ``Date:`` and the time of ``Received:`` in the many spellings that are not RFC 5322."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar",
            "feb februari february februar",
            "mar mars march märz mrz",
            "apr april",
            "may maj mai mei",
            "jun juni june",
            "jul juli july",
            "aug augusti august",
            "sep sept september",
            "oct okt oktober october",
            "nov november",
            "dec des dez december desember dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_LOOSE = re.compile(
    r"(\d{1,2})[ .\-]{1,3}([^\W\d_]{3,10})\.?[ ,\-]{1,3}(\d{4}|\d{2})[ ,T]{1,3}(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"\s{0,3}([+-]\d{4}|Z|GMT|UTC|CET|CEST)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"(?:[.,]\d{1,9})?\s{0,3}([+-]\d{2}:?\d{2}|Z)?"
)
_ZONES = {"CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "BST": 60, "EET": 120, "EEST": 180, "JST": 540, "MSK": 180}


def read_date(text: str) -> datetime | None:
    """Return the moment a date header names, aware; nothing when it names none. A missing zone is read as UTC."""
    clean = " ".join(text.replace("\x00", "").split())[:200]
    if not clean:
        return None
    return _by_rfc(clean) or _by_pattern(clean)


def _by_rfc(text: str) -> datetime | None:
    try:
        found = parsedate_tz(text)
        if found is None or found[0] < 1970 or len(text) < 10:
            return None
        offset = found[9] if found[9] is not None else _named_zone(text)
        return datetime(*found[:5], min(found[5], 59), tzinfo=_zone(offset))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _named_zone(text: str) -> int:
    return next((minutes * 60 for name, minutes in _ZONES.items() if re.search(rf"\b{name}\b", text)), 0)


def _zone(seconds: int) -> timezone:
    return UTC if not seconds or abs(seconds) >= 86_400 else timezone(timedelta(seconds=seconds))


def _by_pattern(text: str) -> datetime | None:
    """Read ISO dates and dates with months in our neighbours' languages."""
    try:
        if found := _ISO.search(text):
            year, month, day, hour, minute = (int(found.group(n)) for n in range(1, 6))
            return datetime(year, month, day, hour, minute, int(found.group(6) or 0), tzinfo=_offset(found.group(7)))
        if found := _LOOSE.search(text):
            month = _MONTHS.get(found.group(2).lower(), 0)
            year = int(found.group(3)) + (2000 if len(found.group(3)) == 2 else 0)
            clock = int(found.group(4)), int(found.group(5)), int(found.group(6) or 0)
            return datetime(year, month, int(found.group(1)), *clock, tzinfo=_offset(found.group(7)))
    except ValueError:
        return None
    return None


def _offset(text: str | None) -> timezone:
    if not text:
        return UTC
    digits = text.replace(":", "")
    if digits[0] in "+-":
        seconds = (int(digits[1:3]) * 60 + int(digits[3:5])) * 60
        return _zone(seconds if digits[0] == "+" else -seconds)
    return _zone(_ZONES.get(digits.upper(), 0) * 60)
