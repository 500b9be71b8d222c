"""The log of who read what of a protected case: its parts, its lines and what narrows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """Narrows the log of readings to a person, a number of a case or of its diary, and a time; empty means all."""

    user_id: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None


class ReadPart(StrEnum):
    """What of a protected case was read; never a name of a file or a word of a letter."""

    CASE = "case"
    FILE = "file"
    LETTER = "letter"
    SENT = "sent"
    ANSWERING = "answering"
    DISCLOSING = "disclosing"
    SPLITTING = "splitting"
    CORRECTING = "correcting"
    EXTRACT = "extract"
    API = "api"
    QUEUE = "queue"


READ_PARTS: dict[ReadPart, str] = {
    ReadPart.CASE: "Ärendets sida",
    ReadPart.FILE: "En bilaga",
    ReadPart.LETTER: "Ett brev i original",
    ReadPart.SENT: "Ett brev från oss",
    ReadPart.ANSWERING: "Sidan Svara",
    ReadPart.DISCLOSING: "Sidan Lämna ut",
    ReadPart.SPLITTING: "Sidan Dela upp",
    ReadPart.CORRECTING: "Sidan Rätta",
    ReadPart.EXTRACT: "Utdrag ur registret",
    ReadPart.API: "Uppgifter till ett annat system",
    ReadPart.QUEUE: "De första orden i Att fördela",
}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Who read what of a protected case, and when; ``part`` is none where it was read before that was kept."""

    at: datetime
    user_id: str
    case_number: str
    part: ReadPart | None = None
