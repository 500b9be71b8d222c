"""Why a reply by mail from the staff does nothing, and whether its writer is told of it."""

from dataclasses import dataclass
from datetime import datetime

from cases.calendar import local_day, swedish_time
from cases.case import Case, CaseStatus
from cases.inbound.authenticity import failed, proven
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.reply_token import LIFETIME, Capability
from cases.post.routing_mail import RoutingReply
from cases.post.staff import ANSWERED_BY_MAIL
from cases.steps.routing.confirm import works

# Characters of a line of ours that nobody else writes by chance.
_TELLING = 40
ROUTED_BY_MAIL = frozenset({LetterKind.TILL_REGISTRATOR, LetterKind.MEJLSVAR_STOPPAT})
"""The letters to staff whose reply can route the case."""


@dataclass(frozen=True, slots=True)
class StaffReply:
    """A message that answers an internal letter: which, by what capability (None: by its Message-ID), from whom.

    ``used`` says that its own Message-ID came before, ``message_row_id`` where it is stored.
    """

    entry: OutboxEntry
    capability: Capability | None
    user: User | None
    used: bool
    message_row_id: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a reply does nothing; ``told`` where the right person learns it by mail and not only the journal."""

    why: str
    told: bool = False


def doubt(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime) -> Refusal | None:
    """What speaks against a person having written it just now who may answer; None where nothing does."""
    return _stranger(tx, reply, message, office, now) or _mechanical(reply, message)


def refusal_of(
    tx: Tx,
    reply: StaffReply,
    case: Case | None,
    message: InboundMessage,
    routing: RoutingReply | None,
    office: Office,
    now: datetime,
) -> Refusal | None:
    """Why a reply with a code does nothing; None where it may. ``case`` is None where its writer may not read it."""
    return (
        doubt(tx, reply, message, office, now)
        or _onlooker(reply, case, office)
        or _unfit(tx, reply, message, office, now, routing)
        or (_overtaken(tx, reply, case) if routing is None else None)
        # A confirmation has no words of its own to be read.
        or (_quoting(reply, message, office) if routing is None or routing.changes else None)
    )


def _stranger(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime) -> Refusal | None:
    """What speaks against the writer being the person whom the letter went to.

    Nobody is written to then, but a colleague who wrote for sure: that one believes that the answer went out.
    """
    if reply.capability is not None and not reply.capability.genuine:
        return Refusal("Svarsadressens signatur stämmer inte.")
    if reply.user is None or not reply.user.works_on(local_day(now)):
        return Refusal("Den som svarade är ingen aktiv användare.")
    if failed(message.auth):
        return Refusal("Avsändaren kunde inte bekräftas (DMARC). Det kan vara någon annan som har skrivit.")
    if message.from_addr.lower() != reply.entry.recipient.lower() and not _stands_in(tx, reply, now):
        sure = proven(message.auth, message.from_addr, office.internal_domains)
        return Refusal("Svaret kom från någon annan än den som brevet gick till. Svara på ärendesidan.", told=sure)
    return None


def _stands_in(tx: Tx, reply: StaffReply, now: datetime) -> bool:
    """Whether the writer is today's named substitute of whom the letter went to; who has left has none."""
    owner, day = tx.user_by_email(reply.entry.recipient), local_day(now)
    if reply.user is None or owner is None or not owner.works_on(day):
        return False
    return owner.id in reply.user.stands_in_on(day)


def _mechanical(reply: StaffReply, message: InboundMessage) -> Refusal | None:
    """What says that no person sent this just now; a machine is not written to."""
    if message.auto_submitted.lower() not in ("", "no"):
        return Refusal("Svaret är automatiskt.")
    if reply.used:
        return Refusal("Mejlet har kommit förut, eller saknar ett eget id.")
    return None


def _onlooker(reply: StaffReply, case: Case | None, office: Office) -> Refusal | None:
    """What speaks against a person who may read the case and no more, as on the desk."""
    if case is None or reply.user is None or works(case, reply.user, office.viewer(reply.user)):
        return None
    return Refusal("Du får läsa ärendet, men inte svara i det.", told=True)


def _overtaken(tx: Tx, reply: StaffReply, case: Case | None) -> Refusal | None:
    """What was said since the letter that is answered: two who got it, one standing in for the other, both answer.

    Whoever means it answers what tells them of it.
    """
    if case is None or case.status is not CaseStatus.ANSWERED:
        return None
    events = tx.case_file(case.id, SYSTEM).events
    given = next((e for e in reversed(events) if e.kind is EventKind.ANSWERED), None)
    if given is None or given.at <= reply.entry.created_at:
        return None
    return Refusal(f"Ärendet besvarades den {swedish_time(given.at)}. Se först om det behövs ett svar till.", told=True)


def _unfit(
    tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime, routing: RoutingReply | None
) -> Refusal | None:
    """What speaks against the reply itself; the right person is told."""
    if routing is not None and reply.entry.letter.kind not in ROUTED_BY_MAIL:
        return Refusal("Det går inte att fördela ärendet genom det brevet. Fördela på ärendesidan.", told=True)
    if routing is None and reply.entry.letter.kind not in ANSWERED_BY_MAIL:
        return Refusal("Det går inte att svara den som skrev genom det brevet. Svara på ärendesidan.", told=True)
    if not proven(message.auth, message.from_addr, office.internal_domains):
        why = "Kommunens e-postserver kunde inte bekräfta att mejlet kom från dig. Svara på ärendesidan."
        return Refusal(why, told=True)
    if now > reply.entry.created_at + LIFETIME or (reply.capability is not None and reply.capability.expired(now)):
        return Refusal("Brevet är för gammalt för att svara på med e-post. Svara på ärendesidan.", told=True)
    if tx.repeated(reply.entry.case_id, now - LIFETIME):
        # Many signatures leave the Message-ID out, so that a copy of the mail passes with another one.
        return Refusal("Samma text har kommit förut, och används bara en gång. Svara på ärendesidan.", told=True)
    return None


def _quoting(reply: StaffReply, message: InboundMessage, office: Office) -> Refusal | None:
    """What is left of the letter that was answered, a link to the desk or a line of it: the quote was not all cut.

    The line tells it also where a filter of the mail has put its own links in place of ours.
    """
    said, address = " ".join(message.message.split()), office.constants.get("kommun_adress", "")
    lines = (" ".join(line.split()) for line in reply.entry.letter.text.splitlines())
    if office.desk_url not in said and not any(len(one) >= _TELLING and one in said for one in lines if one != address):
        return None
    why = "Mejlet innehåller det brev som du svarade på. Ta bort det, så att bara ditt svar är kvar."
    return Refusal(why, told=True)
