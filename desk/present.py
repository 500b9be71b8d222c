"""How the desk says things in Swedish: deadlines, confidence, sizes, states, who and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cases.calendar import STOCKHOLM, WorkingCalendar, local_day, swedish_date
from cases.case import STATUS_NAMES, Case
from cases.letters.letter import OUTBOX_NAMES
from cases.numerals import count_words  # noqa: F401 - the pages ask for it here
from cases.office import Office
from cases.steps.routing.suggested import neutral_subject
from cases.store.views import CaseLine

SURE = 0.8
LIKELY = 0.5
DOUBTFUL = 0.3
HIDDEN_NAME = "Skyddad avsändare"
_LANGUAGES = {
    "sv": "svenska", "en": "engelska", "ar": "arabiska", "fi": "finska", "pl": "polska", "uk": "ukrainska",
    "so": "somaliska", "ru": "ryska", "fa": "persiska", "no": "norska", "da": "danska", "de": "tyska", "es": "spanska",
    "fr": "franska", "tr": "turkiska", "ku": "kurdiska", "ps": "pashto", "ro": "rumänska", "hr": "kroatiska",
    "bs": "bosniska", "nl": "nederländska", "it": "italienska", "ti": "tigrinska", "am": "amhariska",
    "se": "nordsamiska",
}  # fmt: skip


def language_words(code: str) -> str:
    """A letter's language (ISO 639-1) in Swedish; the code itself where it is none that citizens here write."""
    return _LANGUAGES.get(code, code or "okänt")


@dataclass(frozen=True, slots=True)
class Due:
    """A due date in words, with how pressing it is: ``late``, ``soon`` or ``calm``; both empty where none is left."""

    words: str
    level: str
    exact: str = ""


def due_words(due: date | None, today: date, calendar: WorkingCalendar) -> Due:
    """*i dag*, *i morgon*, *om 3 arbetsdagar*, *försenat 2 dagar*: as a colleague would say it.

    A day that a person promised may be a Sunday: on the Friday before it, it is *om 2 dagar*.
    """
    if due is None:
        return Due("", "")
    return Due(*_in_words(due, today, calendar), swedish_date(due))


def _in_words(due: date, today: date, calendar: WorkingCalendar) -> tuple[str, str]:
    days = (due - today).days
    if days < 0:
        return f"försenat {-days} {'dag' if days == -1 else 'dagar'}", "late"
    if days == 0:
        return "i dag", "soon"
    if days == 1:
        return "i morgon", "soon"
    working = calendar.working_days_between(today, due)
    if not working:
        return f"om {days} dagar", "soon"
    return f"om {'en arbetsdag' if working == 1 else f'{working} arbetsdagar'}", "soon" if working <= 1 else "calm"


def confidence_words(confidence: float) -> str:
    """*säker*, *trolig* or *osäker*: what a share means to a person in a hurry."""
    if confidence >= SURE:
        return "säker"
    return "trolig" if confidence >= LIKELY else "osäker"


def when_words(moment: datetime, now: datetime) -> str:
    """``i dag 14.05``, ``i går 9.30``, ``21 november``, with the year where it is another."""
    day, today = local_day(moment), local_day(now)
    clock = f"{moment.astimezone(STOCKHOLM):%H.%M}"
    if day == today:
        return f"i dag {clock}"
    if (today - day).days == 1:
        return f"i går {clock}"
    text = swedish_date(day)
    return text.rsplit(" ", 1)[0] if day.year == today.year else text


def register_subject(case: Case | CaseLine) -> str:
    """What the register shows: the confirmed neutral subject, or one made of type and area."""
    return case.register_subject or neutral_subject(case.type, case.area)


NAMELESS = "Utan namn"
"""What a list says of a sender whose name is not known: one who would be anonymous, or who only gave none."""


def register_sender(line: CaseLine) -> str:
    """The sender as the register shows it; left out where the case is protected (OSL 5:2)."""
    return HIDDEN_NAME if line.protected else line.sender_name


_ANONYMOUS, _UNNAMED = "Anonym", "Avsändare utan namn"


def sender_name(case: Case) -> str:
    """Who wrote, as far as is known."""
    if case.sender.anonymous:
        return _ANONYMOUS
    # An address is personal enough to stand in one place alone.
    return case.sender.name or ("" if case.protected else case.sender.email) or _UNNAMED


def sender_within(case: Case) -> str:
    """The same within a sentence, where a heading begins with what one does."""
    name = sender_name(case)
    return "avsändaren" if name in (_ANONYMOUS, _UNNAMED) else name


def other_authority(unit_id: str, authority_id: str, office: Office) -> str:
    """The name of the unit's authority where it is another than the case's: to send secrets there is disclosure."""
    if unit_id not in office.organisation.units:
        return ""
    authority = office.organisation.authority_of(unit_id)
    return authority.name if authority.id != authority_id else ""


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """Who stands behind a line of the journal."""
    if actor.startswith("api:"):
        return "Ett annat system"
    return "Lyhörd" if actor == "system" else names.get(actor, "En medarbetare")


_COUNTS = {
    "raw_waiting": "Brev som väntar på att läsas",
    "raw_quarantined": "Brev i karantän",
    "loose": "Meddelanden utan ärende",
}
_DOCUMENTS = {
    "waiting": "som väntar på att läsas",
    "read": "som är lästa",
    "unread": "som en person behöver läsa",
}


def count_name(name: str) -> str:
    """A name of the store's counts in Swedish: ``outbox_sent`` is ``Utkorgen: Skickat``."""
    kind, _, rest = name.replace(":", "_").replace(".", "_").partition("_")
    if kind == "outbox" and (sent := next((n for s, n in OUTBOX_NAMES.items() if s.value == rest), "")):
        return f"Utkorgen: {sent}"
    if kind in ("cases", "case") and (state := next((n for s, n in STATUS_NAMES.items() if s.value == rest), "")):
        return f"Ärenden: {state}"
    if kind == "documents":
        return f"Bilagor {_DOCUMENTS.get(rest, rest)}"
    return _COUNTS.get(name, name)


_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


def without_addresses(text: str) -> str:
    """What a mail server said, without whom it said it of: an administrator sees the reason, not the person."""
    return _ADDRESS.sub("[e-post]", text)


_WHERE = {"number": "ärendets nummer", "party": "avsändaren", "letter": "brevet", "journal": "journalen"}


def where_words(kind: str) -> str:
    """Where a search found its words."""
    return _WHERE.get(kind, "ärendet")
