"""A Swedish date as another language writes it."""

import re
from datetime import date

from cases.calendar import MONTHS

_ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WRITTEN = re.compile(r"(\d{1,2}) ([a-zåäö]+) (\d{4})", re.IGNORECASE)
# Figures are understood where month names would have to be inflected.
_FIGURES = {"so": "{d:02}/{m:02}/{y}", "ar": "{y}-{m:02}-{d:02}"}


def in_language(value: str, language: str = "sv") -> str:
    """``21 november 2026`` as the language writes it; what is no Swedish date is left as it stands."""
    day = _parse(str(value).strip())
    if day is None or language == "sv":
        return value
    if language == "en":
        return f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"
    return _FIGURES.get(language, "{d}.{m}.{y}").format(d=day.day, m=day.month, y=day.year)


def _parse(text: str) -> date | None:
    found = _WRITTEN.fullmatch(text)
    if not found or found[2].lower() not in MONTHS:
        return None
    try:
        return date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return None
