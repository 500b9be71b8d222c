"""A member of staff answers by replying to a mail of ours: whose reply it is, what it does, and why if it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.calendar import local_day
from cases.case import Case
from cases.errors import LyhordError, NotAllowed, NotFound
from cases.inbound.authenticity import failed, proven
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.mail_answers import NO_CODE, Form, form_in, read_answer
from cases.post.reply_token import LIFETIME, Capability, read_capability, reply_words
from cases.post.routing_mail import NO_ROUTING_CODE, RoutingReply, routing_reply_in
from cases.post.staff import ANSWERED_BY_MAIL, queue_internal
from cases.steps.answer import answer
from cases.steps.confirm import confirm, works
from cases.steps.route_by_mail import routing_request
from cases.steps.work import send_back

_DAY = timedelta(days=1)
_EXPLANATIONS = 5
# Characters of a line of ours that nobody else writes by chance.
_TELLING = 40
_PROTECTED = "Ärendet är skyddat och besvaras bara på ärendesidan."
_ROUTED_BY_MAIL = frozenset({LetterKind.TILL_REGISTRATOR, LetterKind.MEJLSVAR_STOPPAT})


class MailAnswerStopped(LyhordError):
    """An answer by mail failed half-way: whoever holds the transaction undoes it and notes the reason in a new one."""


@dataclass(frozen=True, slots=True)
class StaffReply:
    """A message that answers an internal letter: which, by what capability (None: by its Message-ID), from whom.

    ``used`` says that its own Message-ID came before.
    """

    entry: OutboxEntry
    capability: Capability | None
    user: User | None
    used: bool


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a reply does nothing; ``told`` where the right person learns it by mail and not only the journal."""

    why: str
    told: bool = False


def staff_reply(tx: Tx, message: InboundMessage, office: Office) -> StaffReply | None:
    """The reply to an internal letter that a message is; None where it must be read as a letter from outside.

    A citizen or a contractor whom somebody took into the conversation writes to the same address, and is none of the
    staff; a mailbox of several is, where the letter went there.
    """
    found = None if message.form is not None else (_by_address(tx, message, office) or _by_thread(tx, message))
    if found is None:
        return None
    entry, capability = found
    user = tx.user_by_email(message.from_addr)
    if user is None and message.from_addr.lower() != entry.recipient.lower():
        return None
    used = not message.message_id or bool(tx.twins(message.message_id))
    return StaffReply(entry, capability, user, used)


def case_let_into(tx: Tx, message: InboundMessage, office: Office) -> str:
    """The case of the internal letter whose signed address a message from outside went to; empty where none."""
    found = None if message.form is not None else _by_address(tx, message, office)
    return found[0].case_id if found is not None and found[1].genuine else ""


def _by_address(tx: Tx, message: InboundMessage, office: Office) -> tuple[OutboxEntry, Capability] | None:
    for word in reply_words(message, office):
        capability = read_capability(word, office)
        entry = _entry(tx, capability.entry_id) if capability else None
        if capability and entry and entry.internal and entry.case_id:
            return entry, capability
    return None


def _entry(tx: Tx, entry_id: str) -> OutboxEntry | None:
    try:
        return tx.get_entry(entry_id)
    except NotFound:
        return None


def _by_thread(tx: Tx, message: InboundMessage) -> tuple[OutboxEntry, None] | None:
    for message_id in (message.in_reply_to, *reversed(message.references)):
        entry = tx.outbox_by_message_id(message_id) if message_id else None
        if entry is not None:
            return (entry, None) if entry.internal and entry.case_id else None
    return None


def take(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime, stopped: str = "") -> None:
    """Do what a stored reply asks for, or note why not; without a code in the subject its writer is told of it.

    ``stopped`` is why a first try failed. Raises MailAnswerStopped: then undo everything and call again with it.
    """
    routing = routing_reply_in(message.subject)
    form = form_in(message.subject)
    if form is None and routing is None:
        _without_code(tx, reply, message, office, now)
        return
    case = _readable(tx, reply, office)
    refusal = (
        _stranger(tx, reply, message, office, now)
        or _mechanical(reply, message)
        or _onlooker(reply, case, office)
        or _unfit(tx, reply, message, office, now, routing)
        # A confirmation has no words of its own to be read.
        or (_quoting(reply, message, office) if routing is None or routing.changes else None)
    )
    if refusal is None and case is not None and reply.user is not None:
        if routing is not None:
            _route(tx, case, routing, message, reply.user, office, now, stopped)
        elif form is not None:
            _act(tx, case, form, message, reply.user, office, now, stopped)
        return
    refusal = refusal or _Refusal("Den som svarade får inte läsa ärendet.")
    _refuse(tx, reply.entry.case_id, refusal, office, now, reply.user if case is not None else None)


def _without_code(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime) -> None:
    """The reply that comes of itself, with nothing in the subject: its writer must not believe that it was sent on."""
    case, kind = _readable(tx, reply, office), reply.entry.letter.kind
    doubtful = _stranger(tx, reply, message, office, now) or _mechanical(reply, message)
    if doubtful is not None:
        _refuse(tx, reply.entry.case_id, doubtful, office, now, reply.user if case is not None else None)
        return
    if case is None or kind not in ANSWERED_BY_MAIL | _ROUTED_BY_MAIL:
        note(tx, office, reply.entry.case_id, EventKind.STAFF_REPLY, now, "En medarbetare svarade på ett internt brev.")
        return
    why = _PROTECTED if case.protected else NO_CODE
    why = NO_ROUTING_CODE if kind is LetterKind.TILL_REGISTRATOR else why
    _refuse(tx, case.id, _Refusal(why, told=True), office, now, reply.user)


def _stranger(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime) -> _Refusal | None:
    """What speaks against the writer being the person whom the letter went to.

    Nobody is written to then, but a colleague who wrote for sure: that one believes that the answer went out.
    """
    if reply.capability is not None and not reply.capability.genuine:
        return _Refusal("Svarsadressens signatur stämmer inte.")
    if reply.user is None or not reply.user.works_on(local_day(now)):
        return _Refusal("Den som svarade är ingen aktiv användare.")
    if failed(message.auth):
        return _Refusal("Avsändaren kunde inte bekräftas (DMARC). Det kan vara någon annan som har skrivit.")
    if message.from_addr.lower() != reply.entry.recipient.lower() and not _stands_in(tx, reply, now):
        sure = proven(message.auth, message.from_addr, office.internal_domains)
        return _Refusal("Svaret kom från någon annan än den som brevet gick till. Svara på ärendesidan.", told=sure)
    return None


def _stands_in(tx: Tx, reply: StaffReply, now: datetime) -> bool:
    """Whether the writer is today's named substitute of whom the letter went to; a closed account has none."""
    owner = tx.user_by_email(reply.entry.recipient)
    if reply.user is None or owner is None or not owner.active:
        return False
    return owner.id in reply.user.stands_in_on(local_day(now))


def _mechanical(reply: StaffReply, message: InboundMessage) -> _Refusal | None:
    """What says that no person sent this just now; a machine is not written to."""
    if message.auto_submitted.lower() not in ("", "no"):
        return _Refusal("Svaret är automatiskt.")
    if reply.used:
        return _Refusal("Mejlet har kommit förut, eller saknar ett eget id.")
    return None


def _onlooker(reply: StaffReply, case: Case | None, office: Office) -> _Refusal | None:
    """What speaks against a person who may read the case and no more, as on the desk."""
    if case is None or reply.user is None or works(case, reply.user, office.viewer(reply.user)):
        return None
    return _Refusal("Du får läsa ärendet, men inte svara i det.", told=True)


def _unfit(
    tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime, routing: RoutingReply | None
) -> _Refusal | None:
    """What speaks against the reply itself; the right person is told."""
    if routing is not None and reply.entry.letter.kind not in _ROUTED_BY_MAIL:
        return _Refusal("Det går inte att fördela ärendet genom det brevet. Fördela på ärendesidan.", told=True)
    if routing is None and reply.entry.letter.kind not in ANSWERED_BY_MAIL:
        return _Refusal("Det går inte att svara den som skrev genom det brevet. Svara på ärendesidan.", told=True)
    if not proven(message.auth, message.from_addr, office.internal_domains):
        why = "Kommunens e-postserver kunde inte bekräfta att mejlet kom från dig. Svara på ärendesidan."
        return _Refusal(why, told=True)
    if now > reply.entry.created_at + LIFETIME or (reply.capability is not None and reply.capability.expired(now)):
        return _Refusal("Brevet är för gammalt för att svara på med e-post. Svara på ärendesidan.", told=True)
    if tx.repeated(reply.entry.case_id, now - LIFETIME):
        # Many signatures leave the Message-ID out, so that a copy of the mail passes with another one.
        return _Refusal("Samma text har kommit förut, och används bara en gång. Svara på ärendesidan.", told=True)
    return None


def _quoting(reply: StaffReply, message: InboundMessage, office: Office) -> _Refusal | None:
    """What is left of the letter that was answered, a link to the desk or a line of it: the quote was not all cut.

    The line tells it also where a filter of the mail has put its own links in place of ours.
    """
    said, address = " ".join(message.message.split()), office.constants.get("kommun_adress", "")
    lines = (" ".join(line.split()) for line in reply.entry.letter.text.splitlines())
    if office.desk_url not in said and not any(len(one) >= _TELLING and one in said for one in lines if one != address):
        return None
    why = "Mejlet innehåller det brev som du svarade på. Ta bort det, så att bara ditt svar är kvar."
    return _Refusal(why, told=True)


def _readable(tx: Tx, reply: StaffReply, office: Office) -> Case | None:
    if reply.user is None:
        return None
    try:
        return tx.get_case(reply.entry.case_id, office.viewer(reply.user))
    except NotFound:
        return None


def _act(
    tx: Tx, case: Case, form: Form, message: InboundMessage, by: User, office: Office, now: datetime, stopped: str
) -> None:
    if stopped or case.protected:
        why = stopped or _PROTECTED
        _refuse(tx, case.id, _Refusal(why, told=True), office, now, by)
        return
    try:
        values = read_answer(form, message.message, now)
    except NotAllowed as error:
        _refuse(tx, case.id, _Refusal(str(error), told=True), office, now, by)
        return
    try:
        done = _do(tx, case, form, values, by, office, now)
    except LyhordError as error:
        raise MailAnswerStopped(str(error)) from error
    note(tx, office, case.id, EventKind.STAFF_REPLY, now, f"Svar med e-post: {form.label}.", by.id)
    if any(not attachment.inline for attachment in message.attachments):
        done = f"{done} Bilagorna i ditt mejl följer inte med. De finns i ärendet."
    case = tx.get_case(case.id, SYSTEM)
    queue_internal(
        tx, office, case, LetterKind.MEJLSVAR_SKICKAT, [by.email], now=now, values={"gjort": done, "frist": ""}
    )


def _route(
    tx: Tx,
    case: Case,
    routing: RoutingReply,
    message: InboundMessage,
    by: User,
    office: Office,
    now: datetime,
    stopped: str,
) -> None:
    """*Bekräfta* or *Ändra* of a registrator."""
    if stopped:
        _refuse(tx, case.id, _Refusal(stopped, told=True), office, now, by)
        return
    try:
        request = routing_request(case, tx.suggestion(case.id), routing, message.message, by, office)
    except NotAllowed as error:
        _refuse(tx, case.id, _Refusal(str(error), told=True), office, now, by)
        return
    try:
        case = confirm(tx, case.id, request, by, office, now)
    except LyhordError as error:
        raise MailAnswerStopped(str(error)) from error
    note(tx, office, case.id, EventKind.STAFF_REPLY, now, f"Svar med e-post: {routing.label}.", by.id)
    done = f"Ärendet är fördelat till {office.organisation.unit(case.unit_id).name}."
    values = {"gjort": done, "frist": ""}
    queue_internal(tx, office, case, LetterKind.MEJLSVAR_SKICKAT, [by.email], now=now, values=values)


def _do(tx: Tx, case: Case, form: Form, values: Mapping[str, str], by: User, office: Office, now: datetime) -> str:
    """Take the step; returns what was done, in Swedish."""
    if form.kind is None:
        send_back(tx, case.id, case.version, values["skal"], by, office, now)
        return "Ärendet är lämnat tillbaka och fördelas på nytt."
    answer(tx, case.id, case.version, form.kind, values, by, office, now)
    return f"Brevet ”{LETTER_NAMES[form.kind]}” går nu till den som skrev, med ditt namn och din befattning."


def _refuse(tx: Tx, case_id: str, refusal: _Refusal, office: Office, now: datetime, to: User | None) -> None:
    note(tx, office, case_id, EventKind.STAFF_REPLY, now, f"Svar med e-post gjorde ingenting. {refusal.why}")
    if to is None or not refusal.told or _told_enough(tx, case_id, now):
        return
    case = tx.get_case(case_id, SYSTEM)
    queue_internal(tx, office, case, LetterKind.MEJLSVAR_STOPPAT, [to.email], now=now, values={"hinder": refusal.why})


def _told_enough(tx: Tx, case_id: str, now: datetime) -> bool:
    """Whether so many explanations left in a day that a machine must be writing."""
    told = (e for e in tx.letters_of(case_id) if e.letter.kind is LetterKind.MEJLSVAR_STOPPAT)
    return sum(entry.created_at > now - _DAY for entry in told) >= _EXPLANATIONS
