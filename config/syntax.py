"""What is wrong with a TOML file that cannot be read, in Swedish: tomllib knows English alone, and names no key."""

import re

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_QUOTED = re.compile(r"'([^']*)'")
_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(?:#.*)?")
_KEY = re.compile(r"""\s*([\w."'-]+)\s*=""")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00bb]")
_UNSEEN = re.compile("[\u00a0\u200b-\u200f\u2028\u2029\u202f\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")
_NAMING = "Skriv nyckel = värde; ett namn med annat än a–z, siffror, - och _ står mellan citattecken."
_VALUES = (
    'En text står mellan raka citattecken ("), ja och nej skrivs true och false, en dag 2026-12-31 och ett tal utan '
    "mellanslag, med punkt och inte komma; en anmärkning börjar med #."
)
_TEXTS = 'En text står på en rad mellan raka citattecken ("), och tecknet \\ i den skrivs dubbelt.'
_GATHER = "Flytta nycklarna till den första, och ta bort den andra."
# By the beginning of what tomllib says; the first that fits.
_SAYINGS = {
    "Cannot declare": ("Tabellen {table} står en gång till", _GATHER),
    "Cannot overwrite": ("Nyckeln står en gång till", "Låt en av dem stå."),
    "Duplicate inline": ("Nyckeln står en gång till", "Låt en av dem stå."),
    "Cannot": ("Tabellen skrivs på två sätt", _GATHER),
    "Expected '='": ("Det saknas ett likhetstecken efter nyckeln", _NAMING),
    "Expected newline": ("Det står något mer efter värdet", _VALUES),
    "Expected ']": ("Rubriken är inte avslutad", "Skriv [tabell] eller [[lista]] på en egen rad."),
    "Invalid initial": ("Nyckelns namn går inte att läsa", _NAMING),
    "Invalid statement": ("Raden är ingen inställning", _NAMING),
    "Invalid value": ("Värdet går inte att läsa", _VALUES),
    "Invalid date": ("Dagen eller klockslaget finns inte", "Rätta det; en dag skrivs 2026-12-31."),
    "Unclosed array": ("Listan är inte avslutad", "Skriv ett komma mellan värdena, och ] efter det sista."),
    "Unclosed inline": ("Tabellen är inte avslutad", "Skriv ett komma mellan nycklarna, och } efter den sista."),
    "Unterminated": ("Texten är inte avslutad", _TEXTS),
    "Illegal character": ("Texten är inte avslutad", _TEXTS),
    "Expected": ("Texten är inte avslutad", _TEXTS),
}
_OTHER = ("Texten går inte att läsa", _TEXTS)


def told(message: str, text: str) -> tuple[str, str, str]:
    """The dotted key where it can be seen, what is wrong, and the way out, by tomllib's message about this text.

    Of the line nothing more is told: it may hold a secret.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found = _AT.search(message)
    number = int(found[1]) if found else len(lines)
    where = f"rad {number}, tecken {found[2]}" if found else "filens slut"
    what, remedy = next((say for begins, say in _SAYINGS.items() if message.startswith(begins)), _OTHER)
    what = what.format(table=f"[{'.'.join(_QUOTED.findall(message))}]")
    at_header = message.startswith("Cannot")
    return _key(lines[:number], at_header=at_header), f"{what}, {where}.", _typed(lines[number - 1], message) or remedy


def _typed(line: str, message: str) -> str:
    """The way out for what a word processor or a web page has put into a line."""
    if not message.startswith(("Invalid", "Expected newline", "Expected '='", "Found")):
        return ""
    if _CURLY.search(line):
        return 'Byt de böjda citattecknen mot raka (").'
    return "Skriv om raden för hand: den har ett tecken som inte syns." if _UNSEEN.search(line) else ""


def _key(lines: list[str], *, at_header: bool) -> str:
    """The dotted key of the last line; empty where it begins none, as where a list was not ended before a header."""
    header = next((found[1] for line in reversed(lines) if (found := _HEADER.fullmatch(line))), "")
    if _HEADER.fullmatch(lines[-1]):
        return header if at_header else ""
    key = _KEY.match(lines[-1])
    return ".".join(filter(None, (header, key[1]))) if key else ""
