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
    return "\n".join(lines)


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
