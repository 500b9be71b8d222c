"""A case, its states, and the table of legal moves between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.errors import IllegalMove
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, Effect, FlagKind, active_kinds, effects
from cases.routing.suggestion import CaseType, Severity


class CaseStatus(StrEnum):
    """Where a case stands (domain.md §2)."""

    RECEIVED = "received"
    SUGGESTED = "suggested"
    SPECIAL_TRACK = "special_track"
    NOT_A_CASE = "not_a_case"
    ROUTED = "routed"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    AWAITING_SENDER = "awaiting_sender"
    ESCALATED = "escalated"
    DELAYED = "delayed"
    DECIDED = "decided"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"


STATUS_NAMES: dict[CaseStatus, str] = {
    CaseStatus.RECEIVED: "Inkommet",
    CaseStatus.SUGGESTED: "Att fördela",
    CaseStatus.SPECIAL_TRACK: "Särskild ordning",
    CaseStatus.NOT_A_CASE: "Inget ärende",
    CaseStatus.ROUTED: "Fördelat",
    CaseStatus.REGISTERED: "Diariefört",
    CaseStatus.ASSIGNED: "Tilldelat",
    CaseStatus.IN_PROGRESS: "Pågår",
    CaseStatus.AWAITING_SENDER: "Väntar på avsändaren",
    CaseStatus.ESCALATED: "Hos chef",
    CaseStatus.DELAYED: "Fördröjt",
    CaseStatus.DECIDED: "Beslutat",
    CaseStatus.ANSWERED: "Besvarat",
    CaseStatus.CLOSED: "Avslutat",
    CaseStatus.REOPENED: "Öppnat igen",
    CaseStatus.MERGED: "Ihopslaget",
    CaseStatus.SPLIT: "Uppdelat",
}

_S = CaseStatus
# Work that somebody has in hand: from each of these a case can be rerouted, handed on, lifted, decided or closed.
_AT_WORK = (
    _S.SUGGESTED,
    _S.ASSIGNED,
    _S.IN_PROGRESS,
    _S.AWAITING_SENDER,
    _S.ESCALATED,
    _S.DELAYED,
    _S.DECIDED,
    _S.ANSWERED,
    _S.CLOSED,
    _S.SPECIAL_TRACK,
    _S.MERGED,
    _S.SPLIT,
)


def _at_work(*others: CaseStatus) -> frozenset[CaseStatus]:
    return frozenset((*_AT_WORK, *others))


ALLOWED_MOVES: dict[CaseStatus, frozenset[CaseStatus]] = {
    _S.RECEIVED: frozenset({_S.SUGGESTED, _S.ROUTED, _S.NOT_A_CASE, _S.SPECIAL_TRACK, _S.MERGED}),
    _S.SUGGESTED: frozenset({_S.ROUTED, _S.SPECIAL_TRACK, _S.NOT_A_CASE, _S.MERGED, _S.SPLIT}),
    _S.SPECIAL_TRACK: _at_work(_S.ROUTED, _S.REGISTERED, _S.NOT_A_CASE),
    _S.NOT_A_CASE: frozenset({_S.REOPENED, _S.SUGGESTED}),
    _S.ROUTED: _at_work(_S.REGISTERED, _S.NOT_A_CASE),
    _S.REGISTERED: _at_work(),
    _S.ASSIGNED: _at_work(_S.REGISTERED, _S.ROUTED),
    _S.IN_PROGRESS: _at_work(_S.REGISTERED),
    _S.AWAITING_SENDER: _at_work(_S.REGISTERED),
    _S.ESCALATED: _at_work(_S.REGISTERED),
    _S.DELAYED: _at_work(_S.REGISTERED),
    # A decision can be told, or be taken up again before anybody was told.
    _S.DECIDED: frozenset({_S.ANSWERED, _S.IN_PROGRESS, _S.ESCALATED, _S.CLOSED, _S.REGISTERED}),
    _S.ANSWERED: frozenset({_S.CLOSED, _S.REOPENED, _S.ESCALATED, _S.ANSWERED, _S.IN_PROGRESS}),
    # A closed or answered case that gets a reply reopens (Rulings, Numbers and states).
    _S.CLOSED: frozenset({_S.REOPENED}),
    _S.REOPENED: _at_work(_S.REGISTERED, _S.ROUTED, _S.NOT_A_CASE),
    _S.MERGED: frozenset({_S.REOPENED}),
    _S.SPLIT: frozenset({_S.REOPENED}),
}

ENDED = frozenset({_S.CLOSED, _S.NOT_A_CASE, _S.MERGED, _S.SPLIT})
WAITING = frozenset({_S.RECEIVED, _S.SUGGESTED})


class Channel(StrEnum):
    """How the letter came (O9, O10)."""

    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    VISIT = "visit"
    WEB = "web"
    FORM = "form"
    APP = "app"
    FACEBOOK = "facebook"
    DIALOGUE = "dialogue"


CHANNEL_NAMES: dict[Channel, str] = {
    Channel.EMAIL: "E-post",
    Channel.LETTER: "Brev",
    Channel.PHONE: "Telefon",
    Channel.VISIT: "Besök",
    Channel.WEB: "Webb",
    Channel.FORM: "Blankett",
    Channel.APP: "App",
    Channel.FACEBOOK: "Facebook, åsiktsfliken",
    Channel.DIALOGUE: "Medborgardialog",
}


class Outcome(StrEnum):
    """How a case ended (O19–O22)."""

    ACTED = "acted"
    PROPOSED = "proposed"
    FURTHER_PREPARATION = "further_preparation"
    POLITICAL = "political"
    NO_ACTION = "no_action"
    ANSWERED = "answered"


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.ACTED: "Åtgärd beslutas och genomförs",
    Outcome.PROPOSED: "Förslag till den som beslutar",
    Outcome.FURTHER_PREPARATION: "Fortsatt beredning hos annan",
    Outcome.POLITICAL: "Till politiskt organ",
    Outcome.NO_ACTION: "Ingen åtgärd",
    Outcome.ANSWERED: "Frågan besvarad",
}


@dataclass(frozen=True, slots=True)
class Party:
    """The correspondent. ``anonymous``: no feedback is possible (O11); ``kind`` is an optional sender type (O2)."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    anonymous: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One matter with a number.

    ``version`` grows by one with every saved change; saving with an old version raises StaleVersion. ``subject`` is
    the sender's, ``register_subject`` the neutral one a person confirmed. ``token`` is the unguessable part of the
    reply address. ``mail_refused`` is why no mail may go to the sender (DMARC failed, bounced ...); ``hold_released``
    that a person has lifted the hold of a flag. ``sender_doubt`` is why a registrator must confirm who wrote before any
    letter leaves; ``forwarded_by`` the address of the employee who passed the letter on. ``disposed_at`` is when all
    but numbers and days was erased (gallring). ``first_unit`` is the suggested unit whose registrators route the case
    (R16); empty, the central ones do.
    """

    id: str
    number: str
    token: str
    status: CaseStatus
    received_at: datetime
    channel: Channel
    sender: Party
    subject: str
    authority_id: str
    register_subject: str = ""
    version: int = 0
    type: CaseType | None = None
    severity: Severity | None = None
    area: Area | None = None
    unit_id: str = ""
    assignee_id: str = ""
    registry_number: str = ""
    language: str = ""
    track: str = ""
    outcome: Outcome | None = None
    registered_by: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    mail_refused: str = ""
    hold_released: bool = False
    improvement: str = ""
    sender_doubt: str = ""
    forwarded_by: str = ""
    disposed_at: datetime | None = None
    first_unit: str = ""
    flags: tuple[ConfidentialityFlag, ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    @property
    def protected(self) -> bool:
        """Skyddat ärende: at least one flag acts."""
        return bool(active_kinds(self.flags))

    @property
    def whistle(self) -> bool:
        """Read by the whistle-blowing role alone (Rulings, Access)."""
        return FlagKind.VISSELBLASNING in active_kinds(self.flags)

    @property
    def on_hold(self) -> bool:
        """Nothing automatic leaves until a person decides."""
        return Effect.HOLD in effects(self.flags) and not self.hold_released

    @property
    def ended(self) -> bool:
        """Nothing more is expected of anybody."""
        return self.status in ENDED

    @property
    def answerable(self) -> bool:
        """Whether its sender is written to: it has been routed, and nothing has ended it."""
        return not self.ended and self.status not in WAITING

    def deadline(self, kind: PromiseKind) -> Deadline | None:
        """The deadline of one promise, or None where the profile makes no such promise."""
        return next((d for d in self.deadlines if d.kind is kind), None)


def check_move(case: Case, to: CaseStatus) -> None:
    """Raise IllegalMove, naming case, from, to and what is possible, where the table has no such arrow."""
    if to in ALLOWED_MOVES[case.status]:
        return
    possible = ", ".join(sorted(STATUS_NAMES[s] for s in ALLOWED_MOVES[case.status]))
    here, there = STATUS_NAMES[case.status], STATUS_NAMES[to]
    raise IllegalMove(f"Ärende {case.number} är {here} och kan inte bli {there}. Möjligt är: {possible}.")
