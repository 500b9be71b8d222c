"""The append-only journal: who did what to a case, when and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened."""

    RECEIVED = "received"
    REPLY_RECEIVED = "reply_received"
    STAFF_REPLY = "staff_reply"
    DUPLICATE = "duplicate"
    SUGGESTED = "suggested"
    SUGGESTION_FAILED = "suggestion_failed"
    CONFIRMED = "confirmed"
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    MOVED = "moved"
    NOTE = "note"
    ANSWERED = "answered"
    ORAL_ANSWER = "oral_answer"
    CLOSED = "closed"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    LETTER_QUEUED = "letter_queued"
    LETTER_SENT = "letter_sent"
    LETTER_FAILED = "letter_failed"
    LETTER_WITHHELD = "letter_withheld"
    LETTER_UNCERTAIN = "letter_uncertain"
    LETTER_CANCELLED = "letter_cancelled"
    LETTER_POSTED = "letter_posted"
    BOUNCED = "bounced"
    AUTO_REPLY = "auto_reply"
    READ = "read"
    READER_ADDED = "reader_added"
    READER_REMOVED = "reader_removed"
    HOLD_RELEASED = "hold_released"
    ALARM = "alarm"
    LINKED = "linked"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"
    READ_RECEIPT = "read_receipt"
    SENDER_CONFIRMED = "sender_confirmed"
    VIRUS = "virus"
    DISCLOSED = "disclosed"
    REFUSED = "refused"
    HANDED_OUT = "handed_out"
    APPEALED = "appealed"
    APPEAL_TRIED = "appeal_tried"
    RECONSIDERED = "reconsidered"
    HANDED_ON = "handed_on"
    APPEAL_TIME = "appeal_time"
    DISPOSED = "disposed"
    EXTRACTED = "extracted"
    CORRECTED = "corrected"
    ARCHIVED = "archived"
    UNHAPPY = "unhappy"
    CHEF_ASKED = "chef_asked"
    NOT_LIFTED = "not_lifted"
    HANDED_OVER = "handed_over"
    AWAY = "away"
    TAGGED = "tagged"
    REMINDED = "reminded"
    ASKED = "asked"
    ANSWERED_OUTSIDE = "answered_outside"
    TRACK_CHOSEN = "track_chosen"
    SPARED = "spared"


EVENT_NAMES: dict[EventKind, str] = {
    EventKind.RECEIVED: "Inkommet",
    EventKind.REPLY_RECEIVED: "Svar från avsändaren",
    EventKind.STAFF_REPLY: "Svar från medarbetare",
    EventKind.DUPLICATE: "Dubblett noterad",
    EventKind.SUGGESTED: "Förslag framtaget",
    EventKind.SUGGESTION_FAILED: "Förslag kunde inte tas fram",
    EventKind.CONFIRMED: "Fördelat",
    EventKind.FLAGGED: "Sekretessmarkering satt",
    EventKind.UNFLAGGED: "Sekretessmarkering borttagen",
    EventKind.REGISTERED: "Diariefört",
    EventKind.ASSIGNED: "Tilldelat",
    EventKind.ACCEPTED: "Ärendet taget",
    EventKind.MOVED: "Status ändrad",
    EventKind.NOTE: "Anteckning",
    EventKind.ANSWERED: "Besvarat",
    EventKind.ORAL_ANSWER: "Muntligt svar",
    EventKind.CLOSED: "Avslutat",
    EventKind.REOPENED: "Öppnat igen",
    EventKind.ESCALATED: "Lyft till chef",
    EventKind.LETTER_QUEUED: "Brev i utkorgen",
    EventKind.LETTER_SENT: "Brev skickat",
    EventKind.LETTER_FAILED: "Brev gick inte att skicka",
    EventKind.LETTER_WITHHELD: "Brev hålls inne",
    EventKind.LETTER_UNCERTAIN: "Oviss leverans",
    EventKind.LETTER_CANCELLED: "Brev stoppat",
    EventKind.LETTER_POSTED: "Brev postat på papper",
    EventKind.BOUNCED: "Brev studsade",
    EventKind.AUTO_REPLY: "Automatiskt svar mottaget",
    EventKind.READ: "Läst",
    EventKind.READER_ADDED: "Läsare tillagd",
    EventKind.READER_REMOVED: "Läsare borttagen",
    EventKind.HOLD_RELEASED: "Spärr hävd",
    EventKind.ALARM: "Larm",
    EventKind.LINKED: "Koppling till annat ärende",
    EventKind.MERGED: "Ihopslaget",
    EventKind.UNMERGED: "Isärtaget igen",
    EventKind.SPLIT: "Uppdelat",
    EventKind.READ_RECEIPT: "Läskvitto mottaget",
    EventKind.SENDER_CONFIRMED: "Avsändare bekräftad",
    EventKind.VIRUS: "Virus i bilaga",
    EventKind.DISCLOSED: "Handlingar sammanställda för utlämnande",
    EventKind.REFUSED: "Beslut att inte lämna ut",
    EventKind.HANDED_OUT: "Beslut lämnat",
    EventKind.APPEALED: "Beslut överklagat",
    EventKind.APPEAL_TRIED: "Rättidsprövning",
    EventKind.RECONSIDERED: "Omprövning",
    EventKind.HANDED_ON: "Överlämnat till kammarrätten",
    EventKind.APPEAL_TIME: "Tid för överklagande",
    EventKind.DISPOSED: "Gallrat",
    EventKind.EXTRACTED: "Registerutdrag lämnat",
    EventKind.CORRECTED: "Rättelse",
    EventKind.ARCHIVED: "Exporterat till arkiv",
    EventKind.UNHAPPY: "Avsändaren verkar inte nöjd",
    EventKind.CHEF_ASKED: "Avsändaren verkar vilja tala med chefen",
    EventKind.NOT_LIFTED: "Lyfts inte till chef",
    EventKind.HANDED_OVER: "Överlämnat",
    EventKind.AWAY: "Handläggaren är borta",
    EventKind.TAGGED: "Kännetecken ändrade",
    EventKind.REMINDED: "Påminnelse",
    EventKind.ASKED: "Fråga till någon utanför",
    EventKind.ANSWERED_OUTSIDE: "Svar från någon utanför",
    EventKind.TRACK_CHOSEN: "Särskild ordning vald",
    EventKind.SPARED: "Undantaget från gallringen",
}


STATUS_TOLD = "Besked om läget:"
"""How the note begins that tells how the sender was told how it goes (O24)."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of the journal. ``actor`` is a user id or ``system``; ``text`` is Swedish and holds no quoted letter."""

    id: str
    case_id: str
    at: datetime
    actor: str
    kind: EventKind
    text: str = ""


NAMES_ANOTHER = frozenset(
    {
        EventKind.LINKED,
        EventKind.SPLIT,
        EventKind.MERGED,
        EventKind.UNMERGED,
        EventKind.ANSWERED,
        EventKind.RECEIVED,
        EventKind.APPEALED,
    }
)
"""Lines that may name another case: where it was answered, came from or went. Search finds none of them."""
_ANOTHER = "[annat ärende]"


def without_numbers(text: str, numbers: Iterable[str]) -> str:
    """A line of the journal with something neutral for the case numbers that its reader may not know of."""
    for number in numbers:
        text = re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", _ANOTHER, text)
    return text


def no_longer_linked(number: str) -> str:
    """What the line says that takes a link to the case with this number back."""
    return f"{number}, borttagen"


def linked_number(event: CaseEvent) -> str:
    """The number of the case that a line of a link, made or taken back, names."""
    return event.text.partition(",")[0]
