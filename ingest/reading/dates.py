"""Reading ``Date:`` and the time of ``Received:`` in the many spellings that are not RFC 5322."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for months in (
        (
            "jan januari january januar janv janvier ene enero gen gennaio janeiro tammi tammikuuta янв января",
            "feb februari february februar févr février febrero febbraio fev fevereiro helmi helmikuuta фев февраля",
            "mar mars march märz mrz mrt maart marzo março maalis maaliskuuta мар марта",
            "apr april avr avril abr abril aprile huhti huhtikuuta апр апреля",
            "may maj mai mei mayo mag maggio maio touko toukokuuta май мая",
            "jun juni june juin junio giu giugno junho kesä kesäkuuta июн июня",
            "jul juli july juil juillet julio lug luglio julho heinä heinäkuuta июл июля",
            "aug augusti august août ago agosto elo elokuuta авг августа",
            "sep sept september septembre septiembre set settembre setembro syys syyskuuta сен сент сентября",
            "oct okt oktober october octobre octubre ott ottobre outubro loka lokakuuta окт октября",
            "nov november novembre noviembre novembro marras marraskuuta ноя нояб ноября",
            "dec des dez december desember dezember déc décembre dic diciembre dicembre dezembro joulu joulukuuta дек",
        ),
        # Polish, Ukrainian and Turkish.
        (
            "sty stycznia січ січня ocak",
            "lut lutego лют лютого şubat",
            "marca бер березня mart",
            "kwi kwietnia кві квітня nisan",
            "maja тра травня mayıs",
            "cze czerwca чер червня haziran",
            "lip lipca лип липня temmuz",
            "sie sierpnia сер серпня ağustos",
            "wrz września вер вересня eylül",
            "paź października жов жовтня ekim",
            "lis listopada лис листопада kasım",
            "gru grudnia гру грудня aralık декабря",
        ),
    )
    for number, names in enumerate(months, 1)
    for name in names.split()
}
_LOOSE = re.compile(
    r"(\d{1,2})[ .\-]{1,3}([^\W\d_]{3,12})\.?[ ,\-]{1,3}(\d{4}|\d{2})(?: [гр]\.)?[ ,T]{1,3}"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,9})?\s{0,3}(?:GMT|UTC?)?([+-]\d{2}:?\d{2}|Z|GMT|UTC|CEST|CET)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"(?:[.,]\d{1,9})?\s{0,3}([+-]\d{2}:?\d{2}|Z)?"
)
# Of calendars and logs (RFC 5545 section 3.3.5): 20261123T100000Z.
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})([+-]\d{2}:?\d{2}|Z)?")
# Americans put the month first between slashes, and so do programs that ask nobody; a number beyond twelve is no month.
_NUMBERS = re.compile(
    r"(\d{1,2})([./])(\d{1,2})\2(\d{4}),? (\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s?([+-]\d{2}:?\d{2}|Z)?"
)
_ZONES = {
    "CET": 60,
    "CEST": 120,
    "MET": 60,
    "MEST": 120,
    "MEZ": 60,
    "MESZ": 120,
    "BST": 60,
    "EET": 120,
    "EEST": 180,
    "JST": 540,
    "MSK": 180,
    "MSD": 240,
    "WET": 0,
    "WEST": 60,
    "TRT": 180,
    "IDT": 180,
    "SAST": 120,
    "CAT": 120,
    "WAT": 60,
    "EAT": 180,
    "PKT": 300,
    "SGT": 480,
    "HKT": 480,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
}
# What Windows calls the zones that letters here come from (CLDR's windowsZones), before *Standard Time*.
_WINDOWS = {
    "w. europe": "Europe/Berlin",
    "central europe": "Europe/Budapest",
    "central european": "Europe/Warsaw",
    "romance": "Europe/Paris",
    "fle": "Europe/Kyiv",
    "gtb": "Europe/Bucharest",
    "e. europe": "Europe/Chisinau",
    "gmt": "Europe/London",
    "greenwich": "Atlantic/Reykjavik",
    "russian": "Europe/Moscow",
    "turkey": "Europe/Istanbul",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "pacific": "America/Los_Angeles",
    "india": "Asia/Kolkata",
    "china": "Asia/Shanghai",
    "arabic": "Asia/Baghdad",
    "iran": "Asia/Tehran",
}
_PLACE = re.compile(
    rf"\s\(?(?:({'|'.join(map(re.escape, _WINDOWS))}) (?:standard|daylight|summer) time"
    r"|(Europe/(?:Stockholm|Helsinki|Oslo|Copenhagen|Berlin|London|Paris|Warsaw|Kyiv|Moscow)))\)?(?=\s|$)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"\d[:.]\d\d\s?(?:GMT|UTC?)?\s?[+-]\d", re.IGNORECASE)
# The zone that stands right behind the time; one in a comment further on only repeats it.
_ZONE = re.compile(
    rf"\d[:.]\d\d(?:\.\d{{1,9}})?\s?[\"(]?(?:({'|'.join(_ZONES)})\b|(?:GMT|UTC?)?\s?([+-])(\d\d):?(\d\d)\b)",
    re.IGNORECASE,
)
_TWELVE = re.compile(r"\b(\d{1,2})([:.]\d\d(?:[:.]\d\d)?)\s?([ap])\.?m\b\.?", re.IGNORECASE)
# Whole hours: *GMT+1*, or behind a time as databases write it, *14:02:11+01*.
_HOURS_OFF = re.compile(r"(?:\b(?:GMT|UTC)\s?|(?<=[:.]\d\d)\s?)([+-])(\d{1,2})(?![\d:])")
# As RFC 5322 has it and nearly every mail server writes it; whatever is written otherwise takes longer to read.
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"
    r"(?: \([A-Z]{1,5}\))?",
    re.ASCII,
)
_FIRST_YEAR = 1970
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AT = re.compile(r"\b(?:kl|klo|at|um)\b\.? (?=\d)", re.IGNORECASE)


def read_date(text: str) -> datetime | None:
    """Return the moment a date header names, aware; nothing when it names none.

    A missing zone is read as UTC, and so is one that nobody knows, as RFC 5322 section 4.3 asks.
    """
    if (usual := _USUAL.fullmatch(text)) and (when := _by_standard(usual)):
        return when
    clean = " ".join(text.replace("\x00", "").split())[:200]
    if not clean:
        return None
    place = None if _OFFSET.search(clean) else _PLACE.search(clean)
    found = _read(_PLACE.sub("", clean))
    return _at_place(found, place) if found and place else found


def _by_standard(found: re.Match[str]) -> datetime | None:
    """Read a date of RFC 5322 itself; nothing where it names no day or time there is."""
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    seconds = (int(hours) * 60 + int(minutes)) * (60 if sign == "+" else -60)
    try:
        clock = int(hour), int(minute), min(int(second), 59)
        when = datetime(int(year), _ENGLISH.index(month) + 1, int(day), *clock, tzinfo=_zone(seconds))
    except ValueError:
        return None
    return when if when.year >= _FIRST_YEAR else None


def _read(text: str) -> datetime | None:
    plain = _AT.sub("", _HOURS_OFF.sub(_zone_in_full, _TWELVE.sub(_in_24_hours, text)))
    return _by_rfc(plain) or _by_pattern(plain)


def _at_place(when: datetime, place: re.Match[str]) -> datetime:
    """Return a clock's time where it hangs; Windows says *Standard* in summer too, so that the day decides."""
    name = _WINDOWS[place.group(1).lower()] if place.group(1) else place.group(2).title()
    there = when.replace(tzinfo=ZoneInfo(name))
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()))


def _in_24_hours(found: re.Match[str]) -> str:
    hour = int(found.group(1)) % 12 + 12 * (found.group(3) in "pP") if int(found.group(1)) <= 12 else found.group(1)
    return f"{hour}{found.group(2)}"


def _zone_in_full(found: re.Match[str]) -> str:
    return f"{found.group(1)}{int(found.group(2)):02d}00"


def _by_rfc(text: str) -> datetime | None:
    try:
        found = parsedate_tz(text)
        if found is None or found[0] < _FIRST_YEAR or len(text) < 10:
            return None
        return datetime(*found[:5], min(found[5], 59), tzinfo=_zone(found[9] or _other_zone(text)))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _other_zone(text: str) -> int:
    """Return the offset in seconds of a zone written in another way: ``CEST``, ``GMT+0100``, ``+01:00``."""
    found = _ZONE.search(text)
    if not found:
        return 0
    if found.group(1):
        return _ZONES[found.group(1).upper()] * 60
    minutes = int(found.group(3)) * 60 + int(found.group(4))
    return minutes * (60 if found.group(2) == "+" else -60)


def _zone(seconds: int) -> timezone:
    return UTC if not seconds or abs(seconds) >= 86_400 else timezone(timedelta(seconds=seconds))


def _by_pattern(text: str) -> datetime | None:
    """Read ISO dates and dates with months in our neighbours' languages."""
    try:
        if found := _ISO.search(text) or _COMPACT.fullmatch(text):
            year, month, day, hour, minute = (int(found.group(n)) for n in range(1, 6))
            return datetime(year, month, day, hour, minute, int(found.group(6) or 0), tzinfo=_offset(found.group(7)))
        if found := _NUMBERS.search(text):
            first, second, year, hour, minute = (int(found.group(n)) for n in (1, 3, 4, 5, 6))
            day, month = (second, first) if found.group(2) == "/" and first <= 12 else (first, second)
            return datetime(year, month, day, hour, minute, int(found.group(7) or 0), tzinfo=_offset(found.group(8)))
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
