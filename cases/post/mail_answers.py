"""The ready-made replies by mail: the codes of the subject line, the headings of the text, and reading both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from textwrap import dedent
from types import MappingProxyType
from urllib.parse import quote

from cases.calendar import MONTHS, local_day, swedish_date
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a reply: the letter's variable, its heading in the mail, and whether it is a day or may be left."""

    variable: str
    heading: str
    is_day: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One ready-made reply; ``kind`` is the citizen's letter, None where the case is handed back (*inte min*)."""

    code: str
    label: str
    kind: LetterKind | None
    fields: tuple[Field, ...]


_K = LetterKind
_FORMS = (
    Form(
        "atgard",
        "Vi gör en åtgärd",
        _K.BESLUT_ATGARD,
        (
            Field("atgard", "Vad som görs"),
            Field("nar", "När"),
            Field("vem", "Vem"),
            Field("motivering", "Varför", optional=True),
        ),
    ),
    Form("ingen", "Ingen åtgärd", _K.BESLUT_INGEN, (Field("motivering", "Varför"),)),
    Form("svar", "Svar på fråga", _K.SVAR, (Field("svar", "Svar"),)),
    Form(
        "status",
        "Besked om läget",
        _K.STATUS,
        (
            Field("lage", "Vad som är gjort"),
            Field("nasta_steg", "Vad som händer nu"),
            Field("svarsdatum", "Svar senast", is_day=True, optional=True),
        ),
    ),
    Form(
        "mertid", "Vi behöver mer tid", _K.LANGRE_TID, (Field("ny_tid", "Ny dag", is_day=True), Field("skal", "Varför"))
    ),
    Form(
        "komplettera",
        "Vi behöver mer uppgifter",
        _K.KOMPLETTERA,
        (Field("fraga", "Fråga"), Field("svarsdatum", "Svara senast", is_day=True)),
    ),
    Form(
        "ursakt",
        "Vi ber om ursäkt",
        _K.URSAKT,
        (Field("rattelse", "Hur felet rättas"), Field("nar", "När"), Field("fel", "Vad som blev fel", optional=True)),
    ),
    Form("intemin", "Inte mitt ärende", None, (Field("skal", "Varför"),)),
)
FORMS: Mapping[str, Form] = MappingProxyType({form.code: form for form in _FORMS})
NO_CODE = (
    "I ämnesraden ska det stå en kod, och bara en, som säger vilket brev ditt svar ska bli. Var det svaret på en "
    "fråga: #svar. Gör ni ingen åtgärd: #ingen. Är ärendet inte ditt: #intemin. De andra koderna, och rubrikerna som "
    "hör till dem, står i mejlet du fick när ärendet blev ditt."
)
"""What somebody is told whose reply has no code."""
# Each letter greets by itself. With the names alone after it: "Hej och tack för brevet" says something.
_GREETING = re.compile(r"\A\s*(?i:hej|hejsan|god dag|god morgon)(?: (?:igen|[A-ZÅÄÖ][\w-]{0,30})){0,3} ?[!,.]? *\n")
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_DATE = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})(?:en)? )?(?:den )?(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)})"
    r"(?:,? (?P<year>\d{4}))?",
    re.IGNORECASE,
)
# A day without a year is the next one of that name; one so far off has been, and was meant so.
_NEAR = timedelta(days=180)
_CODE = re.compile(rf"#({'|'.join(FORMS)})\b", re.IGNORECASE)


def form_in(subject: str) -> Form | None:
    """The ready-made reply whose code stands in a subject line; None where there is none, or more than one."""
    found = {code.lower() for code in _CODE.findall(subject)}
    return FORMS[found.pop()] if len(found) == 1 else None


def names_code(subject: str) -> bool:
    """Whether a subject line has the code of a ready-made reply, or several."""
    return _CODE.search(subject) is not None


def ready_made(number: str, address: str) -> str:
    """A line ``label|mailto:`` for each reply, as the letters' templates take it; no link where address is empty."""
    return "\n".join(f"{_label(form)}|{_link(form, number, address)}" for form in _FORMS)


def _label(form: Form) -> str:
    named = [f"{field.heading}:" for field in form.fields if not field.optional]
    body = f"med rubrikerna {' '.join(named)}" if len(named) > 1 else "med din text"
    return f"{form.label} – #{form.code}, {body}"


def _link(form: Form, number: str, address: str) -> str:
    if not address:
        return ""
    body = "".join(f"{field.heading}:\r\n\r\n" for field in form.fields) if len(form.fields) > 1 else ""
    link = f"mailto:{quote(address, safe='@+')}?subject={quote(f'#{form.code} [{number}]', safe='')}"
    return f"{link}&body={quote(body, safe='')}" if body else link


def read_answer(form: Form, text: str, now: datetime) -> dict[str, str]:
    """The letter's variables as somebody filled them in. Raises NotAllowed, in words that say how to mend it."""
    text = _GREETING.sub("", text)
    values = _sections(form, text) if len(form.fields) > 1 else {form.fields[0].variable: text.strip()}
    lacking = [f.heading for f in form.fields if not f.optional and not values.get(f.variable)]
    if lacking and len(form.fields) == 1:
        raise NotAllowed("Mejlet har ingen text. Skriv ditt svar överst i mejlet.")
    if lacking:
        named = ", ".join(f"”{heading}:”" for heading in lacking)
        raise NotAllowed(f"Det här saknas: {named}. Skriv rubriken på en egen rad och din text efter den.")
    days = {f.variable: _day(f, values[f.variable], now) for f in form.fields if f.is_day and values.get(f.variable)}
    return {name: value for name, value in {**values, **days}.items() if value}


def _sections(form: Form, text: str) -> dict[str, str]:
    """The text under each heading. What stands above the first would be lost, so it is refused."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        heading, colon, rest = line.strip().strip("*").partition(":")
        field = next((f for f in form.fields if colon and f.heading.lower() == heading.strip(" *").lower()), None)
        if field is not None and field.variable in found:
            raise NotAllowed(f"Rubriken ”{field.heading}:” står mer än en gång. Skriv den en gång.")
        if field is not None:
            current = found[field.variable] = [rest.strip(" *")]
        elif current is not None:
            current.append(line.rstrip())
        elif line.strip():
            raise NotAllowed(
                "Det står text ovanför den första rubriken. Flytta den till rätt rubrik, eller ta bort den."
            )
    return {name: dedent("\n".join(lines).strip("\n")).strip() for name, lines in found.items()}


def _day(field: Field, text: str, now: datetime) -> str:
    day = _swedish(" ".join(text.split()).strip(" ."), local_day(now)) or _iso(text.strip(" ."))
    if day is None:
        raise NotAllowed(f"Dagen efter ”{field.heading}:” går inte att läsa. Skriv den så här: 4 december 2026.")
    if day <= local_day(now):
        raise NotAllowed(f"Dagen efter ”{field.heading}:” har redan varit. Skriv en dag som kommer.")
    return swedish_date(day)


def _swedish(text: str, today: date) -> date | None:
    """``torsdag den 3 december 2026``, with or without weekday and year; None where the two do not agree."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    month, day, weekday = MONTHS.index(found["month"].lower()) + 1, int(found["day"]), (found["weekday"] or "").lower()
    meant = _made(int(found["year"]), month, day) if found["year"] else _coming(month, day, today)
    return meant if meant and weekday in ("", _WEEKDAYS[meant.weekday()]) else None


def _coming(month: int, day: int, today: date) -> date | None:
    """This year's day of that name, or the next year's where this year's has been or is none (29 February)."""
    this, following = (_made(year, month, day) for year in (today.year, today.year + 1))
    near = following is not None and following - today < _NEAR
    return following if near and (this is None or this <= today) else this


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
