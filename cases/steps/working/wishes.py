"""What somebody asks for beside a note: word of it to who has the case at once, or a reminder on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.staff import queue_internal, still_reads
from cases.records.wishes import Wish
from cases.steps.staff import entitled, owner_addresses
from cases.steps.working.work import add_note


def note_with_wishes(
    tx: Tx,
    case_id: str,
    text: str,
    by: User,
    office: Office,
    now: datetime,
    *,
    remind_on: date | None = None,
    tell: bool = False,
    once: str = "",
) -> None:
    """A note; a mail to who wrote it on that day, and one now to another who has the case. ``once`` as in ``add_note``.

    Raises NotAllowed, its ``part`` "text" or "day".
    """
    if remind_on and remind_on <= local_day(now):
        raise NotAllowed("Välj en dag efter i dag.", "day")
    note_id = add_note(tx, case_id, text, by, office, now, once)
    if note_id and remind_on:
        tx.add_wish(Wish(note_id, case_id, by.id, remind_on))
    if note_id and tell:
        _tell(tx, tx.get_case(case_id, SYSTEM), by, office, now)


def _tell(tx: Tx, case: Case, by: User, office: Office, now: datetime) -> None:
    if case.assignee_id in ("", by.id):
        return
    whom = entitled(tx, case, owner_addresses(tx, office, case, local_day(now)), local_day(now))
    why = f"{by.name} har skrivit en anteckning i ärendet som du behöver läsa. Den står i journalen."
    queue_internal(tx, office, case, LetterKind.BEVAKNING, whom, now=now, values={"anledning": why})


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[Wish]:
    """The reminders that are due; in service hours alone, so that a Saturday's comes on Monday."""
    return tx.wishes_due(local_day(now)) if office.calendar.in_service(now) else ()


def remind(tx: Tx, wish: Wish, office: Office, now: datetime) -> int:
    """Send it, once; how many reminders that made. The mail says nothing of the note."""
    if not tx.end_wish(wish.case_id, wish.note_id):
        return 0
    case, asker = tx.get_case(wish.case_id, SYSTEM), tx.user(wish.user_id)
    why = f"{asker.name} ville bli påmind om ärendet den {swedish_date(wish.day)}. Anteckningen står i journalen."
    if any(one.id == wish.note_id for one in tx.letters_of(case.id)):
        why = f"En fråga som {asker.name} har ställt till någon utanför kommunen har inte fått något svar."
    whom = _whom(tx, case, asker, office, local_day(now))
    queue_internal(tx, office, case, LetterKind.BEVAKNING, whom, now=now, values={"anledning": why})
    return 1


def _whom(tx: Tx, case: Case, asker: User, office: Office, today: date) -> Sequence[str]:
    """Who asked; whoever has the case where that person has left or may read it no more."""
    if still_reads(tx, office, case.id, asker, today):
        return (asker.email,)
    return entitled(tx, case, owner_addresses(tx, office, case, today), today)
