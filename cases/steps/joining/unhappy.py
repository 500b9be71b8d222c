"""What a citizen's reply asks for: that the case is lifted to the chef, by a person's word or by itself (R6, R30)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.case import ALLOWED_MOVES, Case, CaseStatus, check_move
from cases.errors import NotAllowed
from cases.inbound.unhappy import Wish, wishes
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note, queue_letter
from cases.post.staff import chef_named, queue_internal
from cases.store.views import StoredMessage

_KINDS = {Wish.UNHAPPY: EventKind.UNHAPPY, Wish.CHEF: EventKind.CHEF_ASKED}
REASONS = {
    EventKind.UNHAPPY: "Avsändaren är inte nöjd med svaret.",
    EventKind.CHEF_ASKED: "Avsändaren vill ha kontakt med chefen.",
}
_SETTLED = frozenset(
    {EventKind.ESCALATED, EventKind.NOT_LIFTED, EventKind.ANSWERED, EventKind.CLOSED, EventKind.CONFIRMED}
)
DECIDING = _SETTLED.union(REASONS)
"""Of these lines of the journal the latest tells whether somebody still waits for the chef's word."""
_STRANGE = "Det står i ett brev vars avsändare inte är bekräftad."


def is_chef(case: Case, user: User, office: Office) -> bool:
    """Whether this is the chef whom the case would be lifted to, and who takes it over instead."""
    return office.unit_of(case).manager.email.casefold() == user.email.casefold()


def lift(tx: Tx, case: Case, reason: str, by: User | None, office: Office, now: datetime) -> Case:
    """Lift the case to the unit's chef, who is told unless it is they who do it, and the citizen learns who takes over.

    ``by`` is None where it lifts by itself. Raises IllegalMove, and NotAllowed for a whistle-blower's case, which no
    chef may know of.
    """
    if case.whistle:
        raise NotAllowed("En visselblåsning lyfts inte till en chef. Ge den till en annan mottagare i stället.")
    check_move(case, CaseStatus.ESCALATED)
    case = tx.save_case(replace(case, status=CaseStatus.ESCALATED))
    note(tx, office, case.id, EventKind.ESCALATED, now, reason.strip(), by.id if by else SYSTEM.user_id)
    whom = [] if by and is_chef(case, by, office) else [office.unit_of(case).manager.email]
    values = {"anledning": "Ärendet är lyft till dig."}
    queue_internal(tx, office, case, LetterKind.TILL_CHEF, whom, now=now, values=values)
    # The case is the chef's, also while somebody else is the one to reach.
    queue_letter(tx, office, case, LetterKind.ESKALERAD, now=now, values=chef_named(tx, office, case, now))
    return case


def consider(tx: Tx, case: Case, stored: StoredMessage, office: Office, now: datetime) -> Case:
    """Note what a reply asks for; the profile may let it lift the case by itself.

    It comes after the reply's flags: what is held, or said by somebody who may be another, a person looks at first.
    """
    found = [wish for wish in Wish if wish in wishes(stored.message.message) and _meant(case, wish)]
    if stored.direction != "in" or not found:
        return case
    for wish in found:
        note(tx, office, case.id, _KINDS[wish], now, _STRANGE if stored.outsider else "")
    by_itself = {Wish.UNHAPPY: office.escalation.on_unhappy, Wish.CHEF: office.escalation.on_request}
    chosen = next((wish for wish in found if by_itself[wish]), None)
    if chosen is None or stored.outsider or case.on_hold or case.whistle:
        return case
    return lift(tx, case, f"{REASONS[_KINDS[chosen]]} Lyft av sig självt.", None, office, now)


def _meant(case: Case, wish: Wish) -> bool:
    """Unhappy is one with an answer; the chef can be asked for whenever a unit has the case."""
    if not case.unit_id or CaseStatus.ESCALATED not in ALLOWED_MOVES[case.status]:
        return False
    return wish is Wish.CHEF or (case.status is CaseStatus.REOPENED and case.outcome is not None)


def pending(case: Case, events: Sequence[CaseEvent]) -> CaseEvent | None:
    """The line of the journal that suggests lifting the case and that nobody has settled yet."""
    for event in reversed(events):
        if event.kind in _SETTLED:
            return None
        if event.kind in REASONS:
            return event if CaseStatus.ESCALATED in ALLOWED_MOVES[case.status] else None
    return None
