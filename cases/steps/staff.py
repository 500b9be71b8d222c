"""Whom among the staff a case concerns, and telling them with a link."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.calendar import local_day
from cases.case import Case
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import Grant, Role
from cases.people.organisation import Unit
from cases.ports import Tx
from cases.post.staff import queue_internal


def tell_owner(tx: Tx, office: Office, case: Case, kind: LetterKind, now: datetime) -> None:
    """The handläggare; without one the unit's registrators; without a unit the central ones (R11: somebody owns it)."""
    day = local_day(now)
    whom = entitled(tx, case, owner_addresses(tx, office, case, day), day)
    queue_internal(tx, office, case, kind, whom, now=now)


def owner_addresses(tx: Tx, office: Office, case: Case, day: date) -> tuple[str, ...]:
    """The addresses of those who own the case that day; somebody who has left owns nothing."""
    if case.assignee_id and (person := tx.user(case.assignee_id)).works_on(day):
        return (person.email,)
    return unit_addresses(office, case) if case.unit_id else routers(tx, office, case, day)


def unit_addresses(office: Office, case: Case) -> tuple[str, ...]:
    """The registrators of the case's unit; without any the central ones."""
    own = office.unit_of(case).registrators if case.unit_id else ()
    return own or office.organisation.central_registrators


def receivers(office: Office, case: Case) -> tuple[str, ...]:
    """Who routes the case: the registrators of the unit that receives it first (R16), else the central ones (O17)."""
    unit = office.organisation.units.get(case.first_unit)
    return (unit.registrators if unit and not case.protected else ()) or office.organisation.central_registrators


def routers(tx: Tx, office: Office, case: Case, day: date) -> tuple[str, ...]:
    """The same, but another nämnd's own registrators where its mailbox took the letter in; it is its own authority."""
    return (() if case.first_unit else _of_another_namnd(tx, office, case, day)) or receivers(office, case)


def central(tx: Tx, office: Office, case: Case, day: date) -> tuple[str, ...]:
    """Who is told where nobody routes a case: the registrators of its nämnd where that is another, else the central."""
    return _of_another_namnd(tx, office, case, day) or office.organisation.central_registrators


def _of_another_namnd(tx: Tx, office: Office, case: Case, day: date) -> tuple[str, ...]:
    """The registrators of the case's nämnd where that is not the home authority."""
    at_home = case.authority_id == office.organisation.home_authority
    return () if at_home else registrators_of(tx, case.authority_id, day)


def registrators_of(tx: Tx, authority_id: str, day: date) -> tuple[str, ...]:
    """The addresses of those who keep one nämnd's diary that day."""
    keeps = Grant(Role.REGISTRATOR, authority_id)
    return tuple(user.email for user in tx.users() if user.works_on(day) and keeps in user.grants)


def entitled(tx: Tx, case: Case, addresses: Sequence[str], day: date) -> Sequence[str]:
    """These addresses, but a whistle-blower's case is named to its own receivers alone (lag 2021:890 5:5)."""
    if not case.whistle:
        return addresses
    # For the whole municipality or one nämnd: each of them reads them all.
    return [user.email for user in tx.users() if user.works_on(day) and user.has(Role.VISSELMOTTAGARE)]


def pass_word_on(tx: Tx, case: Case) -> None:
    """Let mails that tell of a colleague's answer, and wait for it to leave, go to whom the case was given meanwhile.

    Who wrote the answer is told of nothing. What still names somebody who has it no more is held back as it is sent.
    """
    owner = tx.user(case.assignee_id)
    for sent in tx.sent_answers(case.id):
        letters = map(tx.get_entry, (one for told in sent.told for one in told.entry_ids))
        word = [e for e in letters if e.case_id == case.id and e.letter.kind is LetterKind.KOLLEGA_SVARAT and e.waits]
        if word and sent.draft.user_id != owner.id and owner.email not in {one.recipient for one in word}:
            tx.redirect_entry(word[0].id, owner.email)


def case_chef(office: Office, case: Case) -> Unit:
    """Whose chef answers for a case: its unit; unconfirmed, that of the suggested area, else the central one."""
    tree = office.organisation
    unit = tree.units.get(case.unit_id)
    if unit is None and case.area is not None:
        unit = tree.unit_for(case.area)
    return unit or tree.unit(tree.central_unit)
