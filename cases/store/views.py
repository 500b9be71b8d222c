"""What the store answers when a page asks: plain rows, already authorised, nothing of a case one may not read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.case import Case, CaseStatus, Channel
from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import InboundMessage, ScanState
from cases.journal import CaseEvent
from cases.letters.letter import OutboxEntry
from cases.letters.papers import KeptPaper
from cases.routing.areas import Area
from cases.routing.decisions import RoutingDecision
from cases.routing.flags import ConfidentialityFlag
from cases.routing.incidents import Likeness
from cases.routing.suggestion import CaseType, Severity, Suggestion


class ListKind(StrEnum):
    """Which list of cases is asked for."""

    TO_ROUTE = "to_route"
    """Letters waiting for a registrator, oldest promise first."""
    MINE = "mine"
    FOLLOWED = "followed"
    """Those somebody follows, ended ones too."""
    UNIT = "unit"
    LATE = "late"
    OPEN = "open"
    ALL = "all"
    """Every case one may read, newest first: the register."""


@dataclass(frozen=True, slots=True)
class MeantUnit:
    """A unit as suggestions mean it, for cases that nobody has routed yet (`Organisation.unit_meant`).

    ``areas`` are those it answers for; ``names`` the ids a suggestion may name it by, ``others`` those of other units.
    """

    areas: frozenset[Area]
    names: frozenset[str]
    others: frozenset[str]


class OrderKey(StrEnum):
    """What a list can be sorted by; never by a kind of flag (dataskyddslagen 3:3)."""

    NUMBER = "nummer"
    RECEIVED = "inkom"
    DUE = "svar"
    UNIT = "enhet"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class ListOrder:
    """How a person sorted a list; what is alike stands in the list's own order.

    ``units`` are ids of units in the order of their names; cases of none of them come last.
    """

    key: OrderKey
    backwards: bool = False
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Narrows a list; empty means all. There is no filter by kind of flag (dataskyddslagen 3:3).

    With ``meant`` a case that no unit has yet counts as of ``unit_id`` where its suggestion means that unit.
    ``assignee_id`` is whoever has the case, "" nobody; ``sender`` the address it came from. ``law`` are ids of cases
    with a day that the law gives, which counts where it is nearer than what is promised. Without ``order`` the list has
    its own (`ListKind`).
    """

    unit_id: str = ""
    sender: str = ""
    assignee_id: str | None = None
    meant: MeantUnit | None = None
    type: CaseType | None = None
    area: Area | None = None
    status: CaseStatus | None = None
    protected: bool | None = None
    track: str = ""
    late_on: date | None = None
    since: date | None = None
    until: date | None = None
    law: tuple[tuple[str, date], ...] = ()
    order: ListOrder | None = None
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a list; ``sender_doubt`` and ``language`` are the case's.

    ``suggested_unit`` is a unit that the suggestion puts before those of the areas, learnt by the model or said by the
    rule of that name (``rule``, empty where none spoke); ``area_confidence`` is then that unit's. ``doubted``: the
    suggestion says why none may be right, however sure it is. All of it, and the ``excerpt``, are only of cases that a
    person has still to route.
    """

    id: str
    number: str
    registry_number: str
    status: CaseStatus
    version: int
    received_at: datetime
    channel: Channel
    sender_name: str
    subject: str
    register_subject: str
    type: CaseType | None
    severity: Severity | None
    area: Area | None
    area_confidence: float
    unit_id: str
    authority_id: str
    assignee_id: str
    assignee_name: str
    protected: bool
    flags: tuple[ConfidentialityFlag, ...]
    due: date | None
    track: str
    excerpt: str = ""
    sender_doubt: str = ""
    language: str = ""
    suggested_unit: str = ""
    rule: str = ""
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """What a diary's keeper sees of a number there that stands on no other line: OSL 5:2 without sender and subject.

    ``moved``: the case has a number in another diary now. ``now`` is that one, ``now_of`` its authority and ``case_id``
    the case, where the viewer may know each; else they are empty.
    """

    registry_number: str
    received_at: datetime
    authority_id: str
    moved: bool = False
    now: str = ""
    now_of: str = ""
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class CaseGlance:
    """What tells under which heading of an overview a case belongs; ``threat``: flagged for threat or violence."""

    id: str
    unit_id: str
    assignee_id: str
    status: CaseStatus
    severity: Severity | None
    due: date | None
    threat: bool = False


JUDGED = frozenset({"in", "outside"})
"""The directions that the model reads, for what must be kept secret: all that comes from outside the municipality."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message in a case's thread. ``outsider`` marks a reply from another address than the correspondent's.

    ``direction`` is ``in``, ``staff``, ``robot``, or ``outside`` for the answer of somebody whom we asked: ``question``
    is the letter that asked, and the address that of whoever got it where ``outsider`` is not set.
    """

    id: str
    case_id: str
    received_at: datetime
    message: InboundMessage
    raw_id: str
    direction: str = "in"
    outsider: bool = False
    question: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """One attachment of a stored message, with its bytes only where they were asked for; an infected one has none."""

    id: str
    message_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = b""
    risk: str = ""
    scan: ScanState = ScanState.NONE


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the case page shows."""

    case: Case
    messages: tuple[StoredMessage, ...]
    attachments: tuple[AttachmentFile, ...]
    letters: tuple[OutboxEntry, ...]
    events: tuple[CaseEvent, ...]
    suggestion: Suggestion | None
    decisions: tuple[RoutingDecision, ...]
    linked: tuple[CaseLine, ...] = ()
    same_sender: tuple[CaseLine, ...] = ()
    papers: tuple[KeptPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class SameIncident:
    """A case that may be of one incident with the one shown, and what speaks for it."""

    line: CaseLine
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class LooseMessage:
    """A message that became no case: spam, robot, list, bounce without a match. A person can make it one."""

    id: str
    raw_id: str
    received_at: datetime
    kind: str
    sender: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A raw message that could not be read, or not the whole of it, with why; no content is shown in the list."""

    raw_id: str
    mailbox: str
    folder: str
    received_at: datetime
    size: int
    attempts: int
    error: str

    @property
    def place(self) -> str:
        """Where it came in, as a person names it."""
        if self.mailbox.startswith(DROP_FOLDER):
            return f"Skannern ({self.mailbox.removeprefix(DROP_FOLDER)})"
        return f"{self.mailbox}, {self.folder}"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A case found, with a snippet whose hits stand between U+E000 and U+E001 (private use, never in a letter)."""

    line: CaseLine
    snippet: str
    where: str
