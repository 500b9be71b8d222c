"""A member of staff answers by replying to a mail of ours: whose reply it is, what it does, and why if it does not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.calendar import local_day, read_swedish_date
from cases.case import Case
from cases.errors import LyhordError, NotAllowed, NotFound
from cases.inbound.authenticity import proven
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.enclosures import file_names, goes_along
from cases.letters.letter import LETTER_NAMES, LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.mail_answers import NO_CODE, Form, form_in, names_code, read_answer
from cases.post.reply_token import Capability, read_capability, reply_words
from cases.post.routing_mail import NO_ROUTING_CODE, RoutingReply, routing_reply_in
from cases.post.staff import ANSWERED_BY_MAIL, queue_apart, queue_internal
from cases.steps.answering.copies import beside_us
from cases.steps.answering.enclose import enclose_of_mail, takers
from cases.steps.answering.mail_refusal import ROUTED_BY_MAIL, Refusal, StaffReply, doubt, refusal_of
from cases.steps.answering.send import Sending, send_answer
from cases.steps.routing.confirm import confirm
from cases.steps.routing.route_by_mail import routing_request
from cases.steps.working.work import send_back
from cases.store.findings import merged_ids

_DAY = timedelta(days=1)
_EXPLANATIONS = 5
_STRAY = "Du skrev ett nytt mejl i stället för att svara på ett mejl från oss om ärendet."
_NO_CASE = (
    "Därför vet vi inte vilket ärende det gällde. Öppna mejlet du fick om ärendet, svara på det och skriv koden i "
    "ämnesraden, eller svara på ärendesidan. Gällde det något eget? Skicka det igen utan koden."
)
_NOT_COPIED = (
    " Den som stod bland mottagarna i ditt mejl har inte fått brevet. Ska någon få en kopia skickar du svaret på "
    "ärendesidan och fyller i Kopia till."
)
_PROTECTED = "Ärendet är skyddat och besvaras bara på ärendesidan."


class MailAnswerStopped(LyhordError):
    """An answer by mail failed half-way: whoever holds the transaction undoes it and notes the reason in a new one."""


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
    return next((one for one in letters_named(tx, message, office) if one[0].internal), None)


def letters_named(tx: Tx, message: InboundMessage, office: Office) -> Iterator[tuple[OutboxEntry, Capability]]:
    """The letters about cases that the addresses a message went to name, with what each address claims."""
    for word in reply_words(message, office):
        capability = read_capability(word, office)
        entry = _entry(tx, capability.entry_id) if capability else None
        if capability and entry and entry.case_id:
            yield entry, capability


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


def stray_command(tx: Tx, message: InboundMessage, office: Office, now: datetime) -> User | None:
    """Who of the staff for sure wrote a command in a mail that answers none of ours; None where nobody did."""
    subject = message.subject
    if message.form is not None or not (names_code(subject) or routing_reply_in(subject)):
        return None
    user = tx.user_by_email(message.from_addr)
    sure = proven(message.auth, message.from_addr, office.internal_domains)
    return user if sure and user is not None and user.works_on(local_day(now)) else None


def stop_stray(tx: Tx, case_id: str, writer: User, office: Office, now: datetime) -> None:
    """Tell its writer that nobody got it and how to do it: in the case it names, so that the reply to that will do."""
    if case_id:
        _refuse(tx, case_id, Refusal(_STRAY, told=True), office, now, writer)
        return
    values = {"hinder": f"{_STRAY} {_NO_CASE}", "lank": f"{office.desk_url}/mina"}
    queue_apart(tx, office, LetterKind.MEJLSVAR_STOPPAT, [writer.email], values, now)


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
    refusal = refusal_of(tx, reply, case, message, routing, office, now)
    if refusal is None and stopped:
        refusal = Refusal(stopped, told=True)
    what = routing or form
    if refusal is None and case is not None and reply.user is not None and what is not None:
        _carry_out(tx, _Order(what, case, message, reply, reply.user), office, now)
        return
    refusal = refusal or Refusal("Den som svarade får inte läsa ärendet.")
    _refuse(tx, reply.entry.case_id, refusal, office, now, reply.user if case is not None else None)


def _without_code(tx: Tx, reply: StaffReply, message: InboundMessage, office: Office, now: datetime) -> None:
    """The reply that comes of itself, with nothing in the subject: its writer must not believe that it was sent on."""
    case, kind = _readable(tx, reply, office), reply.entry.letter.kind
    doubtful = doubt(tx, reply, message, office, now)
    if doubtful is not None:
        _refuse(tx, reply.entry.case_id, doubtful, office, now, reply.user if case is not None else None)
        return
    if case is None or kind not in ANSWERED_BY_MAIL | ROUTED_BY_MAIL:
        note(tx, office, reply.entry.case_id, EventKind.STAFF_REPLY, now, "En medarbetare svarade på ett internt brev.")
        return
    why = _PROTECTED if case.protected else NO_CODE
    why = NO_ROUTING_CODE if kind is LetterKind.TILL_REGISTRATOR else why
    _refuse(tx, case.id, Refusal(why, told=True), office, now, reply.user)


def _readable(tx: Tx, reply: StaffReply, office: Office) -> Case | None:
    if reply.user is None:
        return None
    try:
        return tx.get_case(reply.entry.case_id, office.viewer(reply.user))
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class _Order:
    """What a reply asks for, of which case, and by whom: somebody who may."""

    what: Form | RoutingReply
    case: Case
    message: InboundMessage
    reply: StaffReply
    by: User


def _carry_out(tx: Tx, order: _Order, office: Office, now: datetime) -> None:
    """Do it and tell its writer, or why it cannot be done."""
    case, by, what = order.case, order.by, order.what
    try:
        step = (
            _answering(tx, order, what, office, now)
            if isinstance(what, Form)
            else _routing(tx, order, what, office, now)
        )
    except NotAllowed as error:
        _refuse(tx, case.id, Refusal(str(error), told=True), office, now, by)
        return
    try:
        done = step()
    except LyhordError as error:
        raise MailAnswerStopped(str(error)) from error
    note(tx, office, case.id, EventKind.STAFF_REPLY, now, f"Svar med e-post: {what.label}.", by.id)
    case, values = tx.get_case(case.id, SYSTEM), {"gjort": done, "frist": ""}
    queue_internal(tx, office, case, LetterKind.MEJLSVAR_SKICKAT, [by.email], now=now, values=values)


_Step = Callable[[], str]
"""Does what was asked for; returns what was done, in Swedish."""


def _routing(tx: Tx, order: _Order, routing: RoutingReply, office: Office, now: datetime) -> _Step:
    """*Bekräfta* or *Ändra* of a registrator. Raises NotAllowed where it cannot be read."""
    case, text = order.case, order.message.message
    request = routing_request(case, tx.suggestion(case.id), routing, text, order.by, office)

    def step() -> str:
        routed = confirm(tx, case.id, request, order.by, office, now)
        return f"Ärendet är fördelat till {office.organisation.unit(routed.unit_id).name}."

    return step


def _answering(tx: Tx, order: _Order, form: Form, office: Office, now: datetime) -> _Step:
    """A letter to the citizen, or *Inte mitt ärende*. Raises NotAllowed where it cannot be read or may not go."""
    case, kind = order.case, form.kind
    if case.protected:
        raise NotAllowed(_PROTECTED)
    values = read_answer(form, order.message.message, now)

    def hand_back() -> str:
        send_back(tx, case.id, case.version, values["skal"], order.by, office, now)
        return "Ärendet är lämnat tillbaka och fördelas på nytt."

    if kind is None:
        return hand_back
    # No page offers the letter back, so it waits for nothing.
    wish = Sending(case.id, case.version, (), kind, _typed(form, values), values, pause=timedelta(0))

    def write() -> str:
        send_answer(tx, wish, order.by, office, now)
        done = f"Brevet ”{LETTER_NAMES[wish.kind]}” går nu till den som skrev, med ditt namn och din befattning."
        done = f"{done} {_enclosed(tx, order, wish.kind, office, now)}".strip()
        # Their program sent them the mail, which is not the letter; a Cc of habit is no wish to hand it out.
        return done + (_NOT_COPIED if beside_us(tx, case, [order.message], office) else "")

    return write


def _typed(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """The values as they would stand in the letter's form on the desk."""
    days = {field.variable: read_swedish_date(values.get(field.variable, "")) for field in form.fields if field.is_day}
    return {**values, **{name: day.isoformat() for name, day in days.items() if day}}


def _enclosed(tx: Tx, order: _Order, kind: LetterKind, office: Office, now: datetime) -> str:
    """Let the files of the reply go with the letters that were made of it just now; what is told of it."""
    files = [(place, file) for place, file in enumerate(order.message.attachments) if goes_along(file)]
    if not files:
        return ""
    parts = (order.case.id, *merged_ids(tx, order.case.id))
    made = (entry for one in parts for entry in tx.letters_of(one) if entry.created_at == now)
    try:
        enclose_of_mail(tx, order.reply.message_row_id, files, takers(made, kind), office)
    except NotAllowed as error:
        return f"Inga bilagor går med, men de finns i ärendet. {error}"
    return f"Med brevet går {file_names([file for _, file in files])}."


def _refuse(tx: Tx, case_id: str, refusal: Refusal, office: Office, now: datetime, to: User | None) -> None:
    note(tx, office, case_id, EventKind.STAFF_REPLY, now, f"Svar med e-post gjorde ingenting. {refusal.why}")
    if to is None or not refusal.told or _told_enough(tx, case_id, now):
        return
    case = tx.get_case(case_id, SYSTEM)
    queue_internal(tx, office, case, LetterKind.MEJLSVAR_STOPPAT, [to.email], now=now, values={"hinder": refusal.why})


def _told_enough(tx: Tx, case_id: str, now: datetime) -> bool:
    """Whether so many explanations left in a day that a machine must be writing."""
    told = (e for e in tx.letters_of(case_id) if e.letter.kind is LetterKind.MEJLSVAR_STOPPAT)
    return sum(entry.created_at > now - _DAY for entry in told) >= _EXPLANATIONS
