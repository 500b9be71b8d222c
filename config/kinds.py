"""The kinds of value a key may have: how each is read from TOML, and what is said where it cannot be."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FIELD = re.compile(r"\{([^{}]*)\}")


class Wrong(ValueError):
    """A value that its key cannot have: what is wrong, and the way out, both in Swedish."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its name for a reader, and how it is read. ``read`` raises Wrong; ``base`` resolves paths."""

    name: str
    read: Callable[[object, Path], Any]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("Här ska det stå en text.", 'Skriv den mellan citattecken: "så här".')
    if "\x00" in value:
        raise Wrong("Texten innehåller ett nolltecken.", "Ta bort det.")
    return value.strip()


def required_text(value: object, _base: Path) -> str:
    text = _text(value)
    if not text:
        raise Wrong("Texten är tom.", "Fyll i den.")
    return text


def one_line(value: object, base: Path) -> str:
    text = required_text(value, base)
    if len(text.splitlines()) > 1:
        raise Wrong("Texten har flera rader.", "Skriv den på en rad.")
    return text


def _slug(value: object, base: Path) -> str:
    text = required_text(value, base)
    if not _SLUG.fullmatch(text):
        raise Wrong("Det är inget giltigt id.", "Använd a–z, 0–9, _ och -, högst 40 tecken, till exempel gata_park.")
    return text


def _language(value: object, base: Path) -> str:
    text = required_text(value, base)
    if not _LANGUAGE.fullmatch(text):
        raise Wrong(
            "Det är ingen språkkod.", "Skriv två eller tre små bokstäver enligt ISO 639, till exempel sv eller en."
        )
    return text


def _integer(low: int, high: int) -> Callable[[object, Path], int]:
    def read(value: object, _base: Path) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}", value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("Här ska det stå ett heltal.", f"Skriv ett tal från {low} till {high}, utan citattecken.")
        if not low <= value <= high:
            raise Wrong("Talet är utanför gränserna.", f"Skriv ett tal från {low} till {high}.")
        return value

    return read


def _share(value: object, _base: Path) -> float:
    if isinstance(value, str) and re.fullmatch(r"[01](\.[0-9]{1,9})?", value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Wrong("Här ska det stå en andel.", "Skriv ett tal från 0 till 1, till exempel 0.95.")
    return float(value)


def _boolean(value: object, _base: Path) -> bool:
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    if not isinstance(value, bool):
        raise Wrong("Här ska det stå ja eller nej.", "Skriv true eller false, utan citattecken.")
    return value


def _clock(value: object, base: Path) -> time:
    if isinstance(value, time):
        return value
    text = required_text(value, base)
    if not re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", text) or int(text[:2]) > 23:
        raise Wrong("Det är inget klockslag.", 'Skriv timmar och minuter, till exempel "07:00".')
    return time.fromisoformat(text)


def _date(value: object, base: Path) -> date:
    # A TOML date with a time is a datetime, which is a date too in Python: only the plain one will do.
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(required_text(value, base))
    except ValueError as error:
        raise Wrong("Det är inget datum.", "Skriv år-månad-dag, till exempel 2026-12-23.") from error


def _existing(what: str, exists: Callable[[Path], bool]) -> Callable[[object, Path], Path]:
    def read(value: object, base: Path) -> Path:
        path = base / required_text(value, base)
        if not _quietly(exists, path):
            raise Wrong(
                f"{what} {path} finns inte.", "Skapa den, eller rätta sökvägen (räknad från inställningsfilens mapp)."
            )
        return path

    return read


def _quietly(exists: Callable[[Path], bool], path: Path) -> bool:
    try:
        return exists(path)
    except (OSError, ValueError):
        return False


def _organisation_number(value: object, base: Path) -> str:
    text = required_text(value, base)
    if not re.fullmatch(r"[0-9]{6}-[0-9]{4}", text):
        raise Wrong(
            "Det är inget organisationsnummer.", "Skriv sex siffror, bindestreck och fyra siffror: 212000-0000."
        )
    return text


def _number_pattern(required: frozenset[str], allowed: frozenset[str], example: str) -> Callable[[object, Path], str]:
    def read(value: object, base: Path) -> str:
        text = one_line(value, base)
        fields = _FIELD.findall(text)
        names = [field.partition(":")[0] for field in fields]
        known = all(re.fullmatch(r"(?:year|plan|serial(?::0[1-9]d)?)", field) for field in fields)
        # The finder in cases.records.numbering names no group twice and knows no doubled braces.
        odd = "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text) or len(set(names)) < len(names)
        if not known or odd or not required <= set(names) <= allowed:
            wanted = ", ".join(f"{{{name}}}" for name in sorted(allowed))
            raise Wrong(
                "Mönstret går inte att fylla i.", f"Använd {wanted}, var och en högst en gång, till exempel {example}."
            )
        return text

    return read


def _spam_header(value: object, base: Path) -> str:
    text = one_line(value, base)
    if not re.fullmatch(r"[!-9;-~]+: ?.+", text):
        raise Wrong("Det är inget huvud.", "Skriv namn, kolon och hur värdet börjar, till exempel X-Spam-Flag: YES.")
    return text


def choice(*options: str) -> Kind:
    """One of a few words."""

    def read(value: object, base: Path) -> str:
        text = required_text(value, base)
        if text not in options:
            raise Wrong("Ordet är inte ett av de möjliga.", f"Välj bland {', '.join(options)}.")
        return text

    return Kind(" \\| ".join(f"`{option}`" for option in options), read)


def one_of(words: type[StrEnum]) -> Kind:
    """One of an enumeration's values, as its member."""
    plain = choice(*(word.value for word in words))
    return Kind(plain.name, lambda value, base: words(plain.read(value, base)))


def optional(kind: Kind) -> Kind:
    """The kind, or an empty text, which stays an empty text."""

    def read(value: object, base: Path) -> Any:  # noqa: ANN401 - whatever the inner kind gives
        return "" if isinstance(value, str) and not value.strip() else kind.read(value, base)

    return Kind(f"{kind.name} eller tomt", read)


def list_of(kind: Kind, *, least: int = 0, name: str = "") -> Kind:
    """A list of the kind without repeats, as a tuple."""

    def read(value: object, base: Path) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong("Här ska det stå en lista.", 'Skriv den inom hakparenteser: ["ett", "två"].')
        items = tuple(kind.read(item, base) for item in value)
        if len(items) < least:
            raise Wrong("Listan är för kort.", f"Skriv minst {least} i den.")
        if len(set(items)) < len(items):
            raise Wrong("Samma sak står flera gånger i listan.", "Låt den stå en gång.")
        return items

    return Kind(name or f"lista av {kind.name}", read)


TEXT = Kind("text, flera rader går bra", required_text)
LINE = Kind("text", one_line)
SLUG = Kind("id", _slug)
LANGUAGE = Kind("språkkod", _language)
PORT = Kind("port", _integer(1, 65535))
BOOLEAN = Kind("true \\| false", _boolean)
SHARE = Kind("andel 0–1", _share)
CLOCK = Kind("klockslag", _clock)
DATE = Kind("datum", _date)
FILE = Kind("fil", _existing("Filen", Path.is_file))
FOLDER = Kind("mapp", _existing("Mappen", Path.is_dir))
# A folder on a file server may be away just now; who uses it says so then.
PLACE = Kind("mapp, får saknas", lambda value, base: base / required_text(value, base))
ORGANISATION_NUMBER = Kind("organisationsnummer", _organisation_number)
SPAM_HEADER = Kind("huvud: början av värdet", _spam_header)
SECRET = Kind("hemlighet", required_text)
CASE_PATTERN = Kind(
    "nummermönster",
    _number_pattern(frozenset({"year", "serial"}), frozenset({"year", "serial"}), "EK-{year}-{serial:05d}"),
)
REGISTRY_PATTERN = Kind(
    "nummermönster",
    _number_pattern(frozenset({"year", "serial"}), frozenset({"year", "serial", "plan"}), "KS/{year}:{serial} {plan}"),
)


def integer(low: int, high: int, unit: str = "") -> Kind:
    """A whole number within bounds; ``unit`` is named to the reader."""
    return Kind(f"heltal {low}–{high}{' ' + unit if unit else ''}", _integer(low, high))
