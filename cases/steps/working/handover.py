"""All that somebody has in hand goes to another in one step, and the cases of a unit that is no more to the new one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.calendar import local_day
from cases.case import ALLOWED_MOVES, Case, CaseStatus
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, Role, User, Viewer
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal
from cases.steps.staff import entitled, pass_word_on, tell_owner, unit_addresses

# Work begun or only offered is offered anew; whatever else a case waits for, it goes on waiting for.
_OFFERED = frozenset({CaseStatus.ASSIGNED, CaseStatus.IN_PROGRESS, CaseStatus.REOPENED})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many cases went to the new person, and how many back to their units, for the new one works elsewhere."""

    taken: int
    returned: int


def hand_over(tx: Tx, leaver: User, to: User, by: str, office: Office, now: datetime) -> HandedOver:
    """Give all that one person has in hand to another; each case is journalled, and its new owner told.

    A case of a unit the new person does not work in goes back to that unit. ``by`` is a user id or ``system``.
    """
    if to.id == leaver.id:
        raise NotAllowed(f"{to.name} är den som lämnar över. Välj någon annan att lämna till.", "to")
    if not to.works_on(local_day(now)):
        raise NotAllowed(f"{to.name} kan inte ta över. Välj någon annan som arbetar här.", "to")
    taken = returned = 0
    for case_id in tx.in_hand(leaver.id):
        case = tx.hold_case(case_id, SYSTEM)
        if case.assignee_id != leaver.id or case.ended:
            # Somebody was given it at this moment, or ended it.
            continue
        if _may_have(case, to, office):
            _give(tx, case, leaver, to, by, office, now)
            taken += 1
        else:
            _give_back(tx, case, leaver, by, office, now)
            returned += 1
    return HandedOver(taken, returned)


def leave(tx: Tx, leaver: User, to: User, by: str, office: Office, now: datetime) -> HandedOver:
    """Somebody leaves: hand over, close the account at once, and end every substitution with them.

    With the account closed, no reply by mail of theirs is taken, whatever signed address it goes to.
    """
    done = hand_over(tx, leaver, to, by, office, now)
    yesterday = local_day(now) - timedelta(days=1)
    for absence in tx.absences(local_day(now)):
        if leaver.id in (absence.user_id, absence.substitute_id):
            tx.end_absence(absence.id, yesterday)
    leaver = tx.hold_user(leaver.id)
    tx.add_user(replace(leaver, active=False, last_day=leaver.last_day or local_day(now)))
    tx.end_sessions(leaver.id)
    return done


def _may_have(case: Case, to: User, office: Office) -> bool:
    if case.whistle:
        return to.has(Role.VISSELMOTTAGARE)
    return case.unit_id in office.viewer(to).member_units


def _give(tx: Tx, case: Case, leaver: User, to: User, by: str, office: Office, now: datetime) -> None:
    offered = case.status in _OFFERED and CaseStatus.ASSIGNED in {case.status, *ALLOWED_MOVES[case.status]}
    case = tx.save_case(replace(case, assignee_id=to.id, status=CaseStatus.ASSIGNED if offered else case.status))
    note(tx, office, case.id, EventKind.HANDED_OVER, now, f"Från {leaver.name} till {to.name}, {to.title}.", by)
    queue_internal(tx, office, case, LetterKind.TILL_HANDLAGGARE, [to.email], now=now)
    pass_word_on(tx, case)


def _give_back(tx: Tx, case: Case, leaver: User, by: str, office: Office, now: datetime) -> None:
    rest = CaseStatus.REGISTERED if case.registry_number else CaseStatus.ROUTED
    status = rest if case.status in _OFFERED and rest in ALLOWED_MOVES[case.status] else case.status
    case = tx.save_case(replace(case, assignee_id="", status=status))
    note(tx, office, case.id, EventKind.HANDED_OVER, now, f"Från {leaver.name}. Tillbaka hos enheten.", by)
    whom = entitled(tx, case, unit_addresses(office, case), local_day(now))
    queue_internal(tx, office, case, LetterKind.TILL_ENHETSREGISTRATOR, whom, now=now)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a reorganisation moves: how many cases go from one unit to another, and the numbers of those left."""

    old: str
    new: str
    cases: int
    left: tuple[str, ...]


def to_move(tx: Tx, office: Office) -> Sequence[Moved]:
    """What ``move_units`` would move now."""
    return [moved for moved, _ in _plans(tx, office, tx.get_case)]


def move_units(tx: Tx, by: str, office: Office, now: datetime) -> Sequence[Moved]:
    """Move the cases of every unit that the profile says was taken over, ended ones too, each with a journal line.

    Deadlines, handläggare and links stay. A protected case does not move to another nämnd: that is disclosure, which a
    person decides case by case, and its number is returned.
    """
    done = list[Moved]()
    for moved, cases in _plans(tx, office, tx.hold_case):
        for case in cases:
            _move(tx, case, moved.new, by, office, now)
        done.append(moved)
    return done


def _plans(tx: Tx, office: Office, look: Callable[[str, Viewer], Case]) -> Iterator[tuple[Moved, list[Case]]]:
    """What goes from each unit that was taken over and still has cases, and the cases themselves."""
    tree = office.organisation
    for old in sorted(tree.renamed):
        new = tree.unit_now(old)
        authority = tree.authority_of(new).id
        going, left = list[Case](), list[str]()
        for case_id in tx.of_unit(old):
            case = look(case_id, SYSTEM)
            if case.unit_id != old:
                # Somebody gave it to another unit at this moment.
                continue
            if case.protected and case.authority_id != authority:
                left.append(case.number)
            else:
                going.append(case)
        if going or left:
            yield Moved(old, new, len(going), tuple(left)), going


def _move(tx: Tx, case: Case, new: str, by: str, office: Office, now: datetime) -> None:
    old = case.unit_id
    case = tx.save_case(replace(case, unit_id=new, authority_id=office.organisation.authority_of(new).id))
    name = office.organisation.unit(new).name
    note(tx, office, case.id, EventKind.MOVED, now, f"Omorganisation: enheten {old} är nu {name}.", by)
    if not case.ended and not case.assignee_id:
        tell_owner(tx, office, case, LetterKind.TILL_ENHETSREGISTRATOR, now)
