"""What anybody may see: the open register, and the page on which a citizen follows an own case by a secret link."""

import secrets
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from cases.calendar import local_day
from cases.case import Case, CaseStatus
from cases.letters.letter import FINAL, LEFT, LetterKind, OutboxEntry
from cases.people.organisation import Organisation
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType

_S = CaseStatus
_LETTERS = 42
"""Of a link's token: 42 of 52 letters are 239 bits, which nobody guesses, and never look like an identity number."""
OPEN_AREAS = (
    Area.GATA_PARK,
    Area.VA_AVFALL,
    Area.BYGGLOV,
    Area.MILJO_HALSA,
    Area.KULTUR_FRITID,
    Area.RADDNING,
    Area.FASTIGHET_LOKAL,
    Area.KOST,
)
"""Areas whose name tells nothing of anybody's health, schooling or trouble; others are shown only where switched on."""


class Stage(StrEnum):
    """Where a case stands, in as few words as tell nothing of what it is about."""

    RECEIVED = "received"
    HANDLED = "handled"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


STAGE_NAMES: dict[Stage, str] = {
    Stage.RECEIVED: "Mottaget",
    Stage.HANDLED: "Under arbete",
    Stage.WAITING: "Väntar på dig",
    Stage.ANSWERED: "Besvarat",
    Stage.CLOSED: "Avslutat",
}
STAGES: dict[CaseStatus, Stage] = {
    _S.RECEIVED: Stage.RECEIVED,
    _S.SUGGESTED: Stage.RECEIVED,
    _S.AWAITING_SENDER: Stage.WAITING,
    _S.ANSWERED: Stage.ANSWERED,
    _S.CLOSED: Stage.CLOSED,
    _S.NOT_A_CASE: Stage.CLOSED,
}
"""Every other status is being handled: who is a chef, a special track or a merge is nobody else's business."""
TOLD_BY = {Stage.ANSWERED: FINAL, Stage.WAITING: frozenset({LetterKind.KOMPLETTERA})}
"""The letters that tell a sender of a stage: nobody has been answered by one that leaves the day after tomorrow."""
SHOWN = frozenset(
    {
        _S.ROUTED,
        _S.REGISTERED,
        _S.ASSIGNED,
        _S.IN_PROGRESS,
        _S.AWAITING_SENDER,
        _S.DELAYED,
        _S.ESCALATED,
        _S.DECIDED,
        _S.ANSWERED,
        _S.REOPENED,
    }
)
"""The statuses of which the open register holds cases."""


def stage_of(status: CaseStatus) -> Stage:
    """Where a case stands, as told outside the house."""
    return STAGES.get(status, Stage.HANDLED)


def month_after(first: date) -> date:
    """The first day of the month after the one that begins then."""
    return (first + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """Narrows the open register. ``month`` is the first day of a month; ``areas`` are those that are shown.

    ``since`` and ``until`` are local days of receipt, both included; ``number`` is that of one case.
    """

    unit_id: str = ""
    stage: Stage | None = None
    month: date | None = None
    since: date | None = None
    until: date | None = None
    number: str = ""
    areas: frozenset[Area] = frozenset(OPEN_AREAS)
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of the open register. ``subject`` is empty unless a person confirmed it for this register."""

    number: str
    received_on: date
    area: Area | None
    type: CaseType | None
    unit_id: str
    stage: Stage
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CitizenLink:
    """A link to a case's page. ``key`` is the digest of its token: a copy of the database opens no page.

    That of an answer asks whether it was of help: ``entry_id`` is the letter, ``unit_id`` who gave it, ``helped`` what
    was said, None before that. That of a receipt asks nothing.
    """

    key: str
    case_id: str
    made_at: datetime
    ends_at: datetime
    entry_id: str = ""
    unit_id: str = ""
    helped: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether its page asks if the answer was of help."""
        return bool(self.entry_id)


class PublicPages(Protocol):
    """What the public pages ask of the store; what must not be seen is left out in the query, counts included."""

    def public_lines(self, filters: PublicFilter) -> Sequence[PublicLine]:
        """Open, unprotected cases that a person has routed and no special track has, newest first."""

    def public_count(self, filters: PublicFilter) -> int:
        """How many of them there are, without limit."""

    def public_months(self, filters: PublicFilter) -> Sequence[date]:
        """The first days of the months of which there are any, newest first, whatever the filter's days."""

    def publish_subject(self, case_id: str, subject: str, by: str, at: datetime) -> None:
        """Keep that a person confirmed this wording for the open register; empty takes it back."""

    def public_subject(self, case_id: str) -> str:
        """The wording confirmed for the open register; empty where there is none."""

    def add_citizen_link(self, link: CitizenLink) -> None:
        """Keep a link."""

    def citizen_case(self, key: str, now: datetime) -> Case | None:
        """The case a link opens now; None alike for an unknown, a closed and an expired one."""

    def citizen_link(self, key: str, now: datetime) -> CitizenLink | None:
        """The link itself, while it opens."""

    def say_if_helped(self, key: str, helped: bool, now: datetime) -> bool:
        """Keep what the holder of an answer's link says; False where the link asks nothing, or it was said before."""

    def citizen_links(self, case_id: str, now: datetime) -> int:
        """How many links of a case still open."""

    def close_citizen_links(self, case_id: str) -> int:
        """Let no link of the case open any more; returns how many did."""


def new_token() -> str:
    """A token nobody can guess, letters only."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(_LETTERS))


def link_key(token: str) -> str:
    """The digest a link is kept and found by; the comparison of digests tells nothing of the token by its time."""
    return sha256(f"citizen:{token}".encode("utf-8", "surrogatepass")).hexdigest()


def new_link(token: str, case_id: str, now: datetime, days: int, entry_id: str = "", unit_id: str = "") -> CitizenLink:
    """A link that opens for that many days; that of an answer names its letter and unit."""
    return CitizenLink(link_key(token), case_id, now, now + timedelta(days=days), entry_id, unit_id)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """All a citizen's page says of a case: nothing here depends on a flag."""

    number: str
    received_on: date
    stage: Stage
    unit: str
    next_day: date | None
    late: bool


def _own_stage(case: Case, parts: Sequence[Case]) -> Stage:
    """A merged case is answered with the one it is merged into; a letter that was split, when each part is."""
    done = {Stage.ANSWERED, Stage.CLOSED}
    if case.status is _S.MERGED and case.outcome is not None:
        return Stage.ANSWERED
    if case.status is _S.SPLIT and parts and all(_own_stage(part, ()) in done for part in parts):
        return Stage.ANSWERED
    return stage_of(case.status)


def _untold(stage: Stage, letters: Sequence[OutboxEntry]) -> bool:
    """Whether a letter that tells the sender of this stage waits, and none has left since.

    A case may be answered twice. The open register asks the same in its query (``storage.queries.public``), and a test
    holds the two together.
    """
    told = [one for one in letters if one.for_citizen and one.letter.kind in TOLD_BY.get(stage, ())]
    left = [one.created_at for one in told if one.status in LEFT]
    return any(one.waits and not any(at > one.created_at for at in left) for one in told)


def own_case(
    case: Case,
    units: Mapping[str, str],
    now: datetime,
    parts: Sequence[Case] = (),
    letters: Sequence[OutboxEntry] = (),
) -> OwnCase:
    """What the holder of a link sees. ``units`` are the names of the units that may be named, by id.

    ``parts`` are the cases that the letter of a split one became; ``letters`` the case's own, out.

    Whether a unit is named depends on the unit alone, so that a protected case looks like any other of its unit.
    """
    stage, today = _own_stage(case, parts), local_day(now)
    if _untold(stage, letters):
        stage = Stage.HANDLED
    owed = [d.due for d in in_force(case.deadlines) if d.kind is not PromiseKind.RECEIPT]
    open_still = stage in (Stage.RECEIVED, Stage.HANDLED)
    day = min(owed, default=None) if open_still else None
    unit = "" if stage is Stage.RECEIVED else units.get(case.unit_id, "")
    return OwnCase(case.number, local_day(case.received_at), stage, unit, day, late=day is not None and day < today)


def nameable_units(organisation: Organisation, areas: Iterable[Area]) -> dict[str, str]:
    """Names by id of the units that answer for some of these areas and for no other."""
    answers: dict[str, set[Area]] = {}
    for area in Area:
        answers.setdefault(organisation.unit_for(area).id, set()).add(area)
    allowed = frozenset(areas)
    return {unit_id: organisation.unit(unit_id).name for unit_id, own in answers.items() if own <= allowed}
