"""Somebody is away: a named substitute for the time, and an out-of-office answer that a registrator hears of once."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.errors import NotAllowed, NotFound
from cases.inbound.authenticity import failed
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry
from cases.office import Office
from cases.people.absence import Absence
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.reply_token import read_capability, reply_words
from cases.post.staff import may_read, present, queue_internal
from cases.steps.staff import case_chef, entitled, unit_addresses

LONGEST = timedelta(days=400)
_SAME_ABSENCE = timedelta(days=14)
_TOLD = "away:"


def name_substitute(
    tx: Tx, absent: User, substitute: User, first_day: date, last_day: date, by: User, office: Office, now: datetime
) -> Absence:
    """Name who stands in for a person for some days; the person does it, or who leads them.

    What is named already stays as it is. Raises NotAllowed, whose ``part`` is the name of the argument that is not fit.
    """
    if by.id != absent.id and not leads(by, absent, office):
        raise NotAllowed(f"Bara {absent.name} och chefen för samma enhet kan utse en ersättare.", "absent")
    _check_days(first_day, last_day, local_day(now))
    _check_substitute(absent, substitute, office, last_day)
    if any(overlapping(tx.absences(first_day, substitute.id), first_day, last_day)):
        text = f"{substitute.name} är själv borta någon av dagarna. Välj någon annan, eller dela upp tiden."
        raise NotAllowed(text, "substitute")
    made = Absence(office.new_id(), absent.id, substitute.id, first_day, last_day, by.id, now)
    same = next((one for one in tx.absences(first_day, absent.id) if _days(one) == _days(made)), None)
    if same is not None:
        return same
    tx.add_absence(made)
    for case_id in tx.in_hand(absent.id):
        note(tx, office, case_id, EventKind.AWAY, now, _text(absent, substitute, made), by.id)
    return made


def _days(one: Absence) -> tuple[str, date, date]:
    return one.substitute_id, one.first_day, one.last_day


def _text(absent: User, substitute: User, made: Absence) -> str:
    days = f"{swedish_date(made.first_day)} till och med {swedish_date(made.last_day)}"
    return f"{substitute.name} ersätter {absent.name} från {days}."


def _check_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise NotAllowed("Sista dagen kommer före den första. Byt plats på dem.", "last_day")
    if last < today:
        raise NotAllowed("Dagarna har redan varit. Skriv en sista dag som är i dag eller senare.", "last_day")
    if last - first > LONGEST:
        raise NotAllowed("Så lång frånvaro hör till den som slutar: lämna över ärendena i stället.", "last_day")


def _check_substitute(absent: User, substitute: User, office: Office, last_day: date) -> None:
    if substitute.id == absent.id:
        raise NotAllowed("Välj någon annan än den som är borta.", "substitute")
    if not substitute.works_on(last_day):
        text = f"{substitute.name} arbetar inte här hela tiden. Välj någon annan eller kortare tid."
        raise NotAllowed(text, "substitute")
    if not colleagues(absent, substitute, office):
        text = f"{substitute.name} arbetar inte i samma enhet som {absent.name}. Välj någon som gör det."
        raise NotAllowed(text, "substitute")


def colleagues(one: User, other: User, office: Office) -> bool:
    """Whether two people work in some unit together; nobody outside it may be let in by a colleague's choice."""
    return bool(office.viewer(one).member_units & office.viewer(other).member_units)


def leads(chef: User, person: User, office: Office) -> bool:
    """Whether somebody is the chef of a unit in which the other works."""
    return bool(office.viewer(chef).chef_units & office.viewer(person).member_units)


def overlapping(kept: Iterable[Absence], first_day: date, last_day: date) -> Iterator[Absence]:
    """Those of some absences that fall on one of these days."""
    return (one for one in kept if one.first_day <= last_day and first_day <= one.last_day)


def end_substitution(tx: Tx, absence_id: str, by: User, office: Office, now: datetime) -> None:
    """From today nobody stands in any more. Raises NotFound where it is not theirs to end."""
    made = tx.absence(absence_id)
    if by.id not in (made.user_id, made.substitute_id) and not leads(by, tx.user(made.user_id), office):
        raise NotFound("Frånvaron finns inte längre.")
    tx.end_absence(absence_id, local_day(now) - timedelta(days=1))
    for case_id in tx.in_hand(made.user_id):
        note(tx, office, case_id, EventKind.AWAY, now, "Ingen ersätter längre handläggaren.", by.id)


def out_of_office(tx: Tx, message: InboundMessage, office: Office, now: datetime) -> None:
    """A machine answered our letter to somebody of the staff: the unit's registrators hear of it, once an absence.

    As long as such answers go on coming within a fortnight of each other it is the same absence. Where a substitute has
    the case before them and is there, all is seen to. Nothing is ever sent to whom the answer came from.
    """
    entry = _answered(tx, message, office)
    person = tx.user_by_email(message.from_addr)
    if entry is None or person is None or failed(message.auth):
        return
    if entry.recipient.lower() != message.from_addr.lower():
        return
    case, text = tx.get_case(entry.case_id, SYSTEM), f"{person.name} svarar automatiskt och är nog borta."
    if _seen_to(tx, case, entry, person, office, now):
        note(tx, office, case.id, EventKind.AWAY, now, f"{text} En ersättare är utsedd.")
        return
    note(tx, office, case.id, EventKind.AWAY, now, text)
    known, day = _TOLD + person.id, local_day(now)
    before = tx.setting(known)
    tx.save_setting(known, day.isoformat())
    if before and day - date.fromisoformat(before) <= _SAME_ABSENCE:
        return
    others = [one for one in unit_addresses(office, case) if one.lower() != person.email.lower()]
    whom = entitled(tx, case, others or [case_chef(office, case).manager.email], day)
    queue_internal(tx, office, case, LetterKind.FRANVARO, whom, now=now, values={"handlaggare": person.name})


def _seen_to(tx: Tx, case: Case, entry: OutboxEntry, person: User, office: Office, now: datetime) -> bool:
    """Whether who stands in for the person is not away as well, and has this case: as theirs, or by the same letter.

    A substitute's own substitute has the substitute's cases alone.
    """
    day = local_day(now)
    there = present(tx, person.email, day)
    if case.assignee_id == person.id:
        return any(may_read(tx, office, case.id, one) for one in there)
    sent = (e for e in tx.letters_of(case.id) if (e.letter.kind, e.created_at) == (entry.letter.kind, entry.created_at))
    told = {e.recipient.lower() for e in sent}
    return any(one.email.lower() in told for one in there)


def _answered(tx: Tx, message: InboundMessage, office: Office) -> OutboxEntry | None:
    """The internal letter that a machine answered: by the thread, else by the signed address it wrote to."""
    for message_id in (message.in_reply_to, *reversed(message.references)):
        entry = tx.outbox_by_message_id(message_id) if message_id else None
        if entry is not None:
            return entry if entry.internal and entry.case_id else None
    for word in reply_words(message, office):
        capability = read_capability(word, office)
        if capability is not None and capability.genuine:
            try:
                entry = tx.get_entry(capability.entry_id)
            except NotFound:
                continue
            return entry if entry.internal and entry.case_id else None
    return None
