"""Calendar invitations as lines a person can read (RFC 5545)."""

import re

_FIELDS = (
    ("SUMMARY", "Inbjudan"),
    ("DTSTART", "Börjar"),
    ("DTEND", "Slutar"),
    ("LOCATION", "Plats"),
    ("ORGANIZER", "Inbjudare"),
    ("DESCRIPTION", ""),
)
_METHOD = re.compile(r"^METHOD:[ \t]{0,3}([A-Z]{3,20})", re.IGNORECASE | re.MULTILINE)
_TOLD = {"REPLY": "Svar på inbjudan", "COUNTER": "Annat förslag till inbjudan", "CANCEL": "Inställt"}
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{0,2}(Z?))?")


def invitation_text(calendar: str) -> str:
    """Return the first event of a calendar as labelled lines in Swedish; times as written, UTC said where it is."""
    unfolded = re.sub(r"\r?\n[ \t]", "", calendar[:100_000])
    event = unfolded.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    lines = []
    for name, label in _FIELDS:
        found = re.search(rf"^{name}([;:][^\n]{{0,20000}})$", event, re.MULTILINE)
        value = _value(found.group(1), time=name.startswith("DT")) if found else ""
        if value:
            lines.append(f"{label}: {value}" if label else f"\n{value}")
    if lines and (told := _TOLD.get(_method(unfolded))):
        lines[0] = lines[0].replace("Inbjudan", told, 1)
    return "\n".join(lines)


def is_answer(calendar: str) -> bool:
    """Whether a calendar answers an invitation (RFC 5546 section 1.4): a program wrote it for who pressed *Ja*."""
    return _method(calendar[:100_000]) == "REPLY"


def _method(calendar: str) -> str:
    found = _METHOD.search(calendar)
    return found.group(1).upper() if found else ""


def _value(raw: str, *, time: bool) -> str:
    """Return a property's value without its parameters, its escapes undone."""
    text = re.sub(r'^(?:;[^:;"]{1,80}(?:"[^"]{0,300}")?){0,10}:', "", raw.strip())
    if time:
        found = _TIME.search(text)
        if not found:
            return ""
        year, month, day, hour, minute, utc = found.groups()
        return f"{year}-{month}-{day}" + (f" {hour}:{minute}{' UTC' if utc else ''}" if hour else "")
    plain = text.replace("\\n", "\n").replace("\\N", "\n")
    return re.sub(r"\\([,;\\])", r"\1", plain).removeprefix("mailto:").removeprefix("MAILTO:").strip()
