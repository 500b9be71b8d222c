"""What a message that joins a case does to it: a reply, or the letter replied to where that is read after its reply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case, CaseStatus
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal
from cases.promises import Deadline, counted_anew, deadline, in_force
from cases.steps.joining.loops import woken_enough
from cases.steps.sender import correspondent
from cases.steps.staff import entitled, routers, tell_owner
from cases.ties import TieKind, waits

_S = CaseStatus
_OVER = frozenset({_S.ANSWERED, _S.CLOSED, _S.NOT_A_CASE, _S.MERGED, _S.SPLIT})
_NO_CLOCK = {_S.SPLIT: "Ärendet är uppdelat", _S.NOT_A_CASE: "Det första brevet blev inget ärende"}
_AGAIN = "Ett nytt brev har kommit i ärendet, som ingen enhet har. Det väntar på att bli fördelat."
# A hostile letter names thousands of others.
_MOST_NAMED = 30


def reply_joins(
    tx: Tx,
    case: Case,
    received_at: datetime,
    office: Office,
    now: datetime,
    strange: str,
    *,
    copied: bool = False,
    thanks: bool = False,
) -> None:
    """A reply restarts no clock; it reopens what was answered or ended, and the owner is told, but not without end.

    Two have no clock of their own, and the reply brings one: what a split case promised is kept in its parts, and what
    was no case promised nothing (O12). ``strange`` is why it may not be the sender's; it is not where its writer was
    ``copied`` in on a letter of ours; where they only say ``thanks``, that is noted and nobody has anything to do.
    """
    kind = EventKind.ANSWERED_OUTSIDE if copied else EventKind.REPLY_RECEIVED
    note(tx, office, case.id, kind, now, strange)
    case = in_main(tx, case, kind, office, now)
    if thanks:
        return
    why = "Ett svar har kommit, men det kan vara från någon annan." if strange else "Avsändaren har svarat."
    why = "Någon som har fått en kopia har svarat." if copied else why
    if case.status is _S.AWAITING_SENDER:
        case = tx.save_case(replace(case, status=_S.IN_PROGRESS))
        note(tx, office, case.id, EventKind.MOVED, now, why)
    if case.status in _NO_CLOCK:
        anew = counted_anew(case.deadlines, office.promises, received_at, office.calendar)
        case = tx.save_case(replace(case, deadlines=anew))
        why = f"{why} {_NO_CLOCK[case.status]}, så tiderna räknas från det nya brevet."
    _wake(tx, case, office, now, why)


def named(message: InboundMessage) -> Sequence[str]:
    """The Message-IDs a message answers, the nearest first."""
    return [i for i in (message.in_reply_to, *reversed(message.references)) if i]


def await_originals(tx: Tx, case_id: str, message: InboundMessage) -> None:
    """A letter that opened a case may answer one that nobody could read yet: remember which, should it come.

    A form's mail answers nothing: its sender is the same for all citizens.
    """
    if message.form is None and (ids := named(message)[:_MOST_NAMED]):
        tx.await_letters(case_id, ids)


def opened_by_reply(tx: Tx, message: InboundMessage, office: Office) -> str:
    """The case that a reply to this letter opened, where it is the same person's for sure; empty where there is none.

    Anybody may answer a letter they were sent too: such a case stays theirs, and is linked (``link_replies``).
    """
    waiting = tx.cases_awaiting(message.message_id)
    if not waiting or message.form is not None:
        return ""
    found = correspondent(tx, message, office)
    if found.refused or found.doubt:
        return ""
    opened = (tx.get_case(one, SYSTEM) for one in waiting)
    return next((case.id for case in opened if _same_person(case, found.party.email)), "")


def _same_person(case: Case, email: str) -> bool:
    doubtful = case.sender_doubt or case.mail_refused or case.sender.anonymous
    return bool(email) and not doubtful and case.sender.email.lower() == email.lower()


def link_replies(tx: Tx, case_id: str, message: InboundMessage, office: Office, now: datetime) -> None:
    """Link a letter's case to those that replies to it opened before it was read; whoever sorts them sees both."""
    for other in tx.cases_awaiting(message.message_id):
        if other != case_id:
            tx.link_cases(case_id, other, "Det ena började med ett svar på det andras brev", now)
            note(
                tx, office, case_id, EventKind.NOTE, now, "Ett svar på brevet lästes före det och har ett eget ärende."
            )
            note(
                tx, office, other, EventKind.NOTE, now, "Brevet som det här svarar på kunde läsas först nu. Se kopplat."
            )


def original_joins(tx: Tx, case_id: str, received_at: datetime, office: Office, now: datetime) -> None:
    """The letter that a case's first one answers could be read at last, as when it is let out of quarantine.

    Where no answer was given, the case counts from it. No receipt leaves: the case has its own.
    """
    case = tx.get_case(case_id, SYSTEM)
    day = swedish_date(local_day(received_at))
    text = f"Brevet från {day}, som ärendets första svarar på, kunde läsas först nu."
    if case.outcome is None and case.status not in _OVER and received_at < case.received_at:
        case = tx.save_case(counted_from(case, received_at, office))
        text += " Tiderna räknas från det."
    note(tx, office, case.id, EventKind.NOTE, now, text)
    case = in_main(tx, case, EventKind.NOTE, office, now)
    # Whoever routes it is told of the case itself once the model has read it.
    if case.status is not _S.RECEIVED:
        _wake(tx, case, office, now, "Ett brev i ärendet var inte läst.")


def counted_from(case: Case, received_at: datetime, office: Office) -> Case:
    """The case as if received then; a day that its sender was told (R5) stands."""
    standing = in_force(case.deadlines)
    return replace(
        case,
        received_at=received_at,
        deadlines=tuple(_earlier(one, case, received_at, office) if one in standing else one for one in case.deadlines),
    )


def _earlier(one: Deadline, case: Case, received_at: datetime, office: Office) -> Deadline:
    for promise in office.promises:
        if promise.kind is one.kind and deadline(promise, case.received_at, office.calendar).due == one.due:
            return replace(one, due=min(one.due, deadline(promise, received_at, office.calendar).due))
    return one


def in_main(tx: Tx, case: Case, kind: EventKind, office: Office, now: datetime) -> Case:
    """The case, or the one it is merged into and waits for its answer in; that one's journal tells of it too.

    Once the answer is given, what comes opens the merged case itself.
    """
    tie = tx.tie(case.id, TieKind.MERGED) if waits(case) else None
    if tie is None:
        return case
    note(tx, office, tie.other_id, kind, now, f"I {case.number}, som är ihopslaget med det här.")
    return tx.get_case(tie.other_id, SYSTEM)


def without_unit(case: Case) -> Case:
    """The case, where it was no case without the unit that its form named: nobody there was told of it or works on it.

    Taken up again it waits to be routed.
    """
    return replace(case, unit_id="") if case.status is _S.NOT_A_CASE else case


def _wake(tx: Tx, case: Case, office: Office, now: datetime, why: str) -> None:
    if case.status in _OVER:
        case = tx.save_case(replace(without_unit(case), status=_S.REOPENED, closed_at=None))
        note(tx, office, case.id, EventKind.REOPENED, now, why)
        if not case.unit_id:
            day = local_day(now)
            whom = entitled(tx, case, routers(tx, office, case, day), day)
            queue_internal(tx, office, case, LetterKind.TILL_REGISTRATOR, whom, now=now, values={"anledning": _AGAIN})
            return
    if not woken_enough(tx, case.id, now):
        tell_owner(tx, office, case, LetterKind.SVAR_INKOMMET, now)
