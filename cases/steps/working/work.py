"""What happens to a case in a unit's hands: assign, accept, note, flag, lift, hold, read, reroute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from cases.calendar import STOCKHOLM, local_day, swedish_date
from cases.case import STATUS_NAMES, WAITING, Case, CaseStatus, Party, check_move
from cases.errors import NotAllowed
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, Role, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal, still_reads
from cases.routing.flags import FlagKind
from cases.steps.joining.reply import counted_from
from cases.steps.joining.unhappy import is_chef, lift
from cases.steps.routing.confirm import decide_flags, keeps, open_for, register
from cases.steps.routing.suggest import send_receipt
from cases.steps.sender import checked_address
from cases.steps.staff import central, entitled, pass_word_on
from cases.store.reads import ReadPart

_LONG_AGO = timedelta(days=183)


def opened(tx: Tx, case_id: str, by: User, office: Office, now: datetime, part: ReadPart = ReadPart.CASE) -> None:
    """A person opened this of a case: the first opening is noted, and every one of a protected case is logged.

    The case keeps its version: what a colleague does who has seen it in a list is not undone by a look.
    """
    case = tx.get_case(case_id, office.viewer(by))
    if case.protected:
        tx.note_read(case_id, by.id, now, part)
    if case.opened_at is None:
        tx.note_opened(case_id, now)


def assign(tx: Tx, case_id: str, version: int, to: User, by: User, office: Office, now: datetime) -> Case:
    """Give the case to a handläggare, who is told by mail; until they accept it the routing owner remains (R11)."""
    before = case = open_for(tx, case_id, version, by, office)
    if not to.works_on(local_day(now)):
        raise NotAllowed(f"{to.name} arbetar inte här längre. Välj någon annan.")
    if case.whistle and not to.has(Role.VISSELMOTTAGARE):
        raise NotAllowed(f"{to.name} är ingen mottagare av visselblåsningar. Välj någon som är det.")
    if case.status is not CaseStatus.ASSIGNED:
        check_move(case, CaseStatus.ASSIGNED)
    case = tx.save_case(replace(case, status=CaseStatus.ASSIGNED, assignee_id=to.id))
    note(tx, office, case.id, EventKind.ASSIGNED, now, f"Till {to.name}, {to.title}.", by.id)
    _tell_former(tx, before, case, f"har gett det till {to.name}.", by, office, now)
    pass_word_on(tx, case)
    if to.id != by.id:
        queue_internal(tx, office, case, LetterKind.TILL_HANDLAGGARE, [to.email], now=now)
        return case
    return accept(tx, case.id, case.version, by, office, now)


def _tell_former(tx: Tx, before: Case, case: Case, what: str, by: User, office: Office, now: datetime) -> None:
    """Tell who had the case in hand that somebody else moved it, so that nobody goes on with what a colleague has.

    ``what`` they did is told after their name. Of a protected case the mail names nobody.
    """
    if before.assignee_id in ("", by.id, case.assignee_id):
        return
    former = tx.user(before.assignee_id)
    if not still_reads(tx, office, case.id, former, local_day(now)):
        return
    why = "Du har inte hand om ärendet längre." + ("" if case.protected else f" {by.name} {what}")
    whom, values = [former.email], {"anledning": why, "frist": ""}
    queue_internal(tx, office, case, LetterKind.BEVAKNING, whom, now=now, values=values, stand_ins=False)


def accept(tx: Tx, case_id: str, version: int, by: User, office: Office, now: datetime) -> Case:
    """The handläggare takes the case in hand and owns it from now on."""
    case = open_for(tx, case_id, version, by, office)
    check_move(case, CaseStatus.IN_PROGRESS)
    case = tx.save_case(replace(case, status=CaseStatus.IN_PROGRESS, assignee_id=by.id))
    note(tx, office, case.id, EventKind.ACCEPTED, now, by=by.id)
    pass_word_on(tx, case)
    return case


def add_note(tx: Tx, case_id: str, text: str, by: User, office: Office, now: datetime, once: str = "") -> str:
    """A note in the journal; anybody who may read the case may add one.

    ``once`` is an id that the same form, sent again, has again: it makes one note. Returns the id of its line, empty
    where it stood there already. Raises NotAllowed, its ``part`` "text".
    """
    tx.get_case(case_id, office.viewer(by))
    if not text.strip():
        raise NotAllowed("Anteckningen är tom. Skriv något först.", "text")
    note_id = once or office.new_id()
    new = tx.add_event_once(CaseEvent(note_id, case_id, now, by.id, EventKind.NOTE, text.strip()))
    return note_id if new else ""


def set_flags(
    tx: Tx,
    case_id: str,
    version: int,
    wanted: frozenset[FlagKind],
    reason: str,
    by: User,
    office: Office,
    now: datetime,
) -> Case:
    """Confirm, raise or clear flags later on; only the case's own registrator or chef clears one, with a reason."""
    case, viewer = open_for(tx, case_id, version, by, office), office.viewer(by)
    cleared = {f.kind for f in case.flags if f.active} - wanted
    if cleared and not (keeps(case, viewer) or case.unit_id in viewer.chef_units):
        raise NotAllowed("Bara en registrator eller chef för ärendet kan ta bort en sekretessmarkering.")
    if cleared and not reason.strip():
        raise NotAllowed("Skriv varför markeringen tas bort.")
    case = tx.save_case(replace(case, flags=decide_flags(tx, case, wanted, by, office, now, reason)))
    case = register(tx, case, by, office, now)
    _receipt(tx, case, office, now)
    return tx.get_case(case_id, SYSTEM)


def _receipt(tx: Tx, case: Case, office: Office, now: datetime) -> None:
    """The receipt that a person's decision lets leave.

    Before the model has read the letter nobody knows what else is to be heeded: then it leaves with the suggestion.
    """
    if case.status not in (CaseStatus.RECEIVED, CaseStatus.CLOSED, CaseStatus.NOT_A_CASE):
        send_receipt(tx, case, office, now)


def release_hold(tx: Tx, case_id: str, version: int, reason: str, by: User, office: Office, now: datetime) -> Case:
    """A person decides that letters may leave for a held case (threat, whistle-blowing)."""
    case = open_for(tx, case_id, version, by, office)
    if not reason.strip():
        raise NotAllowed("Skriv varför spärren hävs.")
    case = tx.save_case(replace(case, hold_released=True))
    note(tx, office, case.id, EventKind.HOLD_RELEASED, now, reason.strip(), by.id)
    _receipt(tx, case, office, now)
    return tx.get_case(case_id, SYSTEM)


def confirm_sender(
    tx: Tx,
    case_id: str,
    version: int,
    party: Party,
    by: User,
    office: Office,
    now: datetime,
    arrived: date | None = None,
) -> Case:
    """A registrator says who wrote a letter that somebody passed on or a strange form sent; then letters may leave.

    ``party`` is the correspondent as confirmed or put right, or an anonymous one. ``arrived`` is the day on which the
    letter reached the municipality, where a colleague had it first: promises run from then. Raises NotFound,
    StaleVersion, NotAllowed (no registrator, an address that is none, or a later day than the mailbox's).
    """
    case = open_for(tx, case_id, version, by, office)
    if not (by.has(Role.REGISTRATOR) or (case.whistle and by.has(Role.VISSELMOTTAGARE))):
        raise NotAllowed("Bara en registrator kan bekräfta vem som är avsändare.")
    party = _checked_party(party, office)
    same = party.email.lower() == case.sender.email.lower() or party.anonymous
    refused = case.mail_refused if same else ""
    known = replace(case, sender=party, sender_doubt="", mail_refused=refused)
    saved = tx.save_case(_arrived(known, arrived, office))
    text = "Avsändaren är bekräftad." if party == case.sender else "Avsändaren är rättad och bekräftad."
    if saved.received_at != case.received_at:
        text += f" Brevet kom till kommunen den {swedish_date(saved.received_at)}, och tiderna räknas därifrån."
    note(tx, office, case.id, EventKind.SENDER_CONFIRMED, now, text, by.id)
    _receipt(tx, saved, office, now)
    return tx.get_case(case_id, SYSTEM)


def _arrived(case: Case, day: date | None, office: Office) -> Case:
    """The case counted from that day, where it is an earlier one. Raises NotAllowed for a later one or a wrong year."""
    known = local_day(case.received_at)
    if day is None or day == known:
        return case
    if day > known:
        raise NotAllowed(
            f"Brevet fanns i brevlådan redan den {swedish_date(known)}. Välj den dagen eller en före.", "day"
        )
    if known - day > _LONG_AGO:
        raise NotAllowed("Dagen ligger mer än ett halvår tillbaka. Kontrollera året.", "day")
    return counted_from(case, datetime.combine(day, time(12), STOCKHOLM).astimezone(UTC), office)


def _checked_party(party: Party, office: Office) -> Party:
    if party.anonymous:
        return Party(kind=party.kind, anonymous=True)
    return replace(party, name=party.name.strip(), email=checked_address(party.email, office))


def escalate(tx: Tx, case_id: str, version: int, reason: str, by: User, office: Office, now: datetime) -> Case:
    """Lift the case to the unit's chef, who is told, and the citizen learns who takes over (R6, R30)."""
    case = open_for(tx, case_id, version, by, office)
    if not reason.strip():
        takes = is_chef(case, by, office)
        raise NotAllowed(f"Skriv varför {'du tar över ärendet' if takes else 'ärendet lyfts till chefen'}.")
    return lift(tx, case, reason.strip(), by, office, now)


def not_lifted(tx: Tx, case_id: str, version: int, by: User, office: Office, now: datetime) -> None:
    """A person has read the reply and sees no reason for the chef to take over."""
    case = open_for(tx, case_id, version, by, office)
    note(tx, office, case.id, EventKind.NOT_LIFTED, now, "Förslaget att lyfta ärendet är avvisat.", by.id)


def send_back(tx: Tx, case_id: str, version: int, reason: str, by: User, office: Office, now: datetime) -> Case:
    """*Inte min*: the case goes back to be routed; the clock never restarts."""
    before = case = open_for(tx, case_id, version, by, office)
    if not reason.strip():
        raise NotAllowed("Skriv varför ärendet lämnas tillbaka, så att registratorn kan fördela rätt.")
    if case.status in WAITING:
        # Moved on by hand, a letter that the model has not read would get no suggestion and no receipt.
        raise NotAllowed("Ärendet väntar redan på att fördelas.")
    check_move(case, CaseStatus.SUGGESTED)
    case = tx.save_case(replace(case, status=CaseStatus.SUGGESTED, assignee_id=""))
    note(tx, office, case.id, EventKind.MOVED, now, f"Tillbaka för ny fördelning: {reason.strip()}", by.id)
    day = local_day(now)
    whom = entitled(tx, case, central(tx, office, case, day), day)
    _tell_former(tx, before, case, "har lämnat tillbaka det för ny fördelning.", by, office, now)
    values = {"anledning": "Ärendet är tillbaka för ny fördelning."}
    queue_internal(tx, office, case, LetterKind.TILL_REGISTRATOR, whom, now=now, values=values)
    return case


def tag(
    tx: Tx, case_id: str, version: int, names: Sequence[str], by: User, office: Office, now: datetime
) -> Sequence[str]:
    """Give the case these hallmarks and no others (R23); only those of the profile. Returns them."""
    case = open_for(tx, case_id, version, by, office)
    chosen = [name for name in office.hallmarks if name in names]
    if chosen != list(tx.hallmarks(case.id)):
        tx.set_hallmarks(case.id, chosen)
        note(tx, office, case.id, EventKind.TAGGED, now, f"{', '.join(chosen) or 'Inga'}.", by.id)
    return chosen


def add_reader(tx: Tx, case_id: str, reader: User, reason: str, by: User, office: Office, now: datetime) -> None:
    """Let one more person read a protected case, with a reason that stands in the journal; they are told by mail."""
    case = tx.get_case(case_id, office.viewer(by))
    if case.whistle and not reader.has(Role.VISSELMOTTAGARE):
        raise NotAllowed(f"{reader.name} är ingen mottagare av visselblåsningar, och bara de läser ett sådant ärende.")
    if not reader.works_on(local_day(now)):
        raise NotAllowed(f"{reader.name} arbetar inte här längre. Välj någon annan.")
    if not reader.may_read:
        raise NotAllowed(f"{reader.name} arbetar inte med ärenden och läser därför inga brev. Välj någon annan.")
    if not reason.strip():
        raise NotAllowed("Skriv varför personen behöver läsa ärendet.")
    if tx.add_reader(case_id, reader.id, reason.strip(), now):
        note(tx, office, case_id, EventKind.READER_ADDED, now, f"{reader.name}: {reason.strip()}", by.id)
        why = {"anledning": f"{by.name} har låtit dig läsa ärendet. Skälet står i journalen."}
        # Who stands in for them was not let read.
        queue_internal(tx, office, case, LetterKind.BEVAKNING, [reader.email], now=now, values=why, stand_ins=False)


def remove_reader(tx: Tx, case_id: str, reader: User, by: User, office: Office, now: datetime) -> None:
    """Take an added person's reading away: the reason it was given for may be gone, or be none for today's flags."""
    tx.get_case(case_id, office.viewer(by))
    if not tx.drop_reader(case_id, reader.id):
        raise NotAllowed(f"{reader.name} är inte tillagd som läsare av ärendet.")
    note(tx, office, case_id, EventKind.READER_REMOVED, now, f"{reader.name}.", by.id)


def move_text(status: CaseStatus) -> str:
    """What the journal says when a case changes state by the way."""
    return f"Ärendet är nu: {STATUS_NAMES[status]}."
