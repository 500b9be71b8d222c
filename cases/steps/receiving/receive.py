"""A message that was read finds its place: a new case, an old one, or the list of mail without a case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.errors import StaleVersion
from cases.inbound.authenticity import failed
from cases.inbound.bounces import bounce_words
from cases.inbound.digest import content_digest
from cases.inbound.messages import InboundMessage, MessageKind, ScanState
from cases.inbound.thanks import mere_thanks
from cases.journal import EventKind
from cases.letters.letter import OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.reply_token import reply_words
from cases.post.staff import may_read
from cases.records.numbering import find_numbers
from cases.steps.answering.by_mail import case_let_into, staff_reply, stop_stray, stray_command, take
from cases.steps.answering.copies import copied_in
from cases.steps.joining.bouncing import bounced
from cases.steps.joining.loops import parroting
from cases.steps.joining.opening import arrival_text, case_of, in_mailbox
from cases.steps.joining.reply import await_originals, link_replies, named, opened_by_reply, original_joins, reply_joins
from cases.steps.receiving.asked import answer_joins, question_answered
from cases.steps.sender import correspondent, is_deaf, passed_on
from cases.steps.working.absence import out_of_office
from cases.store.mail_store import KeptRaw, Twin
from cases.store.views import StoredMessage


class Outcome(StrEnum):
    """What became of a message."""

    NEW_CASE = "new_case"
    REPLY = "reply"
    STAFF_REPLY = "staff_reply"
    ANSWERED_OUTSIDE = "answered_outside"
    DUPLICATE = "duplicate"
    BOUNCE = "bounce"
    ROBOT = "robot"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Received:
    """The outcome, and the case and stored message it concerns (empty where none)."""

    outcome: Outcome
    case_id: str = ""
    message_row_id: str = ""


def receive(
    tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime, stopped: str = ""
) -> Received:
    """Place one message that was read; the same transaction marks its raw bytes as read (``Tx.mark_read``).

    Raises MailAnswerStopped where an answer by mail fails: undo all, and call again with the reason as ``stopped``.
    """
    twins = tx.twins(message.message_id) if message.message_id else ()
    twin = _same_letter(twins, message)
    if twin is not None:
        if twin.case_id:
            note(tx, office, twin.case_id, EventKind.DUPLICATE, now, "Samma meddelande kom in en gång till.")
        return Received(Outcome.DUPLICATE, twin.case_id, twin.message_row_id)
    if message.kind is MessageKind.BOUNCE:
        return _bounce(tx, raw, message, office, now)
    if message.kind is not MessageKind.CITIZEN or _ours(message, office):
        return _robot(tx, raw, message, office, now)
    reply = staff_reply(tx, message, office)
    if reply is not None:
        case_id = reply.entry.case_id
        row_id = _store(tx, raw, message, office, case_id, now, direction="staff", outsider=reply.user is None)
        take(tx, replace(reply, message_row_id=row_id), message, office, now, stopped)
        return Received(Outcome.STAFF_REPLY, case_id, row_id)
    writer = stray_command(tx, message, office, now)
    if writer is not None:
        return _stray(tx, raw, message, writer, office, now)
    return _from_outside(tx, raw, message, office, now, used=bool(twins))


def _stray(tx: Tx, raw: KeptRaw, message: InboundMessage, writer: User, office: Office, now: datetime) -> Received:
    """A command of the staff that answers no letter of ours is no citizen's letter, whatever case it names."""
    meant = (_joins(tx, message, office), *_numbered(tx, message, office))
    case_id = next((one for one in meant if one and may_read(tx, office, one, writer)), "")
    row_id = _store(tx, raw, message, office, case_id, now, direction="staff")
    stop_stray(tx, case_id, writer, office, now)
    return Received(Outcome.STAFF_REPLY, case_id, row_id)


def _from_outside(
    tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime, *, used: bool
) -> Received:
    """A citizen's letter, or the answer of somebody whom we asked, which is never taken for the citizen's."""
    question = question_answered(tx, message, office)
    if question is None:
        return _letter(tx, raw, message, office, now, used=used)
    return _answered(tx, raw, message, question, office, now)


def _answered(
    tx: Tx, raw: KeptRaw, message: InboundMessage, question: OutboxEntry, office: Office, now: datetime
) -> Received:
    other = message.from_addr.lower() != question.recipient.lower()
    row_id = _store(
        tx, raw, message, office, question.case_id, now, direction="outside", outsider=other, question=question.id
    )
    answer_joins(tx, question, message, office, now)
    return Received(Outcome.ANSWERED_OUTSIDE, question.case_id, row_id)


def _same_letter(twins: Sequence[Twin], message: InboundMessage) -> Twin | None:
    if not twins:
        return None
    digest, sender = content_digest(message), message.from_addr.lower()
    return next((t for t in twins if t.content_digest == digest and t.from_addr.lower() == sender), None)


def _ours(message: InboundMessage, office: Office) -> bool:
    """Whether we wrote it ourselves; a web form may well send from the mailbox's own address, and is a citizen's."""
    ours = message.from_addr.lower() in office.own_addresses
    return ours and not (message.form is not None and message.form.understood)


def _when(raw: KeptRaw, message: InboundMessage) -> datetime:
    """The earliest Received of an own server, else the mailbox's receiving time; never Date: (Rulings)."""
    return message.received_by_own or raw.received_at


def _store(
    tx: Tx,
    raw: KeptRaw,
    message: InboundMessage,
    office: Office,
    case_id: str,
    now: datetime,
    *,
    direction: str = "in",
    outsider: bool = False,
    question: str = "",
) -> str:
    if case_id and tx.hold_case(case_id, SYSTEM).disposed_at is not None:
        raise StaleVersion(f"Case {case_id} was erased while a message was on its way into it: read it again.")
    row_id = office.new_id()
    stored = StoredMessage(row_id, case_id, _when(raw, message), message, raw.id, direction, outsider, question)
    tx.add_message(stored)
    if case_id:
        if raw.error:
            note(tx, office, case_id, EventKind.NOTE, now, f"Brevet fastnade på vägen. {raw.error}")
        note_viruses(tx, message, office, case_id, now)
    return row_id


def note_viruses(tx: Tx, message: InboundMessage, office: Office, case_id: str, now: datetime) -> None:
    """The letter is a case all the same; that a file of it was kept back stands in the journal."""
    bad = sum(a.scan is ScanState.INFECTED for a in message.attachments)
    unsure = sum(a.scan is ScanState.UNCHECKED for a in message.attachments)
    if bad:
        text = f"Bilagor med virus: {bad}. De är satta i karantän och kan inte hämtas. Resten av brevet går att läsa."
        note(tx, office, case_id, EventKind.VIRUS, now, text)
    if unsure:
        text = (
            f"Bilagor som inte är kontrollerade för virus: {unsure}. Virusskyddet svarade inte. Öppna med försiktighet."
        )
        note(tx, office, case_id, EventKind.NOTE, now, text)


def _letter(tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime, *, used: bool) -> Received:
    """``used`` says that another letter came with the same Message-ID."""
    case_id = _joins(tx, message, office)
    earlier = "" if case_id else opened_by_reply(tx, message, office)
    if earlier:
        row_id = _store(tx, raw, message, office, earlier, now)
        original_joins(tx, earlier, _when(raw, message), office, now)
        link_replies(tx, earlier, message, office, now)
        return Received(Outcome.REPLY, earlier, row_id)
    if not case_id:
        return _new_case(tx, raw, message, office, now, used=used)
    strange = _strange(tx, case_id, message, office)
    row_id = _store(tx, raw, message, office, case_id, now, outsider=bool(strange))
    if parroting(tx, case_id, now):
        note(tx, office, case_id, EventKind.AUTO_REPLY, now, "Samma text som förut från samma avsändare.")
        return Received(Outcome.REPLY, case_id, row_id)
    copied = bool(strange) and copied_in(tx.letters_of(case_id), message)
    case, thanks = tx.get_case(case_id, SYSTEM), copied and mere_thanks(message)
    reply_joins(tx, case, _when(raw, message), office, now, strange, copied=copied, thanks=thanks)
    return Received(Outcome.REPLY, case_id, row_id)


def _strange(tx: Tx, case_id: str, message: InboundMessage, office: Office) -> str:
    """Why a reply may not be the correspondent's own, in Swedish; empty where nothing speaks against it."""
    if failed(message.auth):
        return "Svarets avsändare kunde inte bekräftas (DMARC). Det kan vara någon annan som har skrivit."
    case, address = tx.get_case(case_id, SYSTEM), message.from_addr.lower()
    carried = address == case.forwarded_by.lower() and address != case.sender.email.lower()
    if tx.has_sender(case_id, address) and not carried:
        return ""
    if passed_on(tx, message, office):
        return "Svaret är vidarebefordrat av en medarbetare."
    if copied_in(tx.letters_of(case_id), message):
        return f"Från {message.from_addr}, som har fått en kopia av ett brev från oss."
    return "Svaret kom från en annan adress än avsändarens."


def _joins(tx: Tx, message: InboundMessage, office: Office) -> str:
    """Reply address token, then threading headers, then a case number from the case's own correspondent.

    A form's mail is always a new case: its sender is the same for all citizens, and what they type proves nothing.
    """
    if message.form is not None:
        return ""
    return (
        next((c for c in (tx.case_by_token(t) for t in reply_words(message, office)) if c), "")
        or case_let_into(tx, message, office)
        or tx.case_by_message_ids(named(message))
        or next((c for c in _numbered(tx, message, office) if _own_case(tx, c, message)), "")
    )


def _own_case(tx: Tx, case_id: str, message: InboundMessage) -> bool:
    """Whether a message is from the case's correspondent, or from somebody copied in.

    A robot's address is many people's, a forged one nobody's.
    """
    known = tx.has_sender(case_id, message.from_addr) or copied_in(tx.letters_of(case_id), message)
    return known and not is_deaf(message.from_addr) and not failed(message.auth)


def _numbered(tx: Tx, message: InboundMessage, office: Office) -> list[str]:
    numbers = find_numbers(office.case_pattern, message.subject)
    return [case_id for case_id in (tx.case_by_number(n) for n in numbers) if case_id]


def _new_case(tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime, *, used: bool) -> Received:
    found = correspondent(tx, message, office)
    case = in_mailbox(tx, case_of(tx, office, _when(raw, message), found), raw.mailbox, office, now)
    tx.add_case(case)
    note(tx, office, case.id, EventKind.RECEIVED, now, arrival_text(found))
    row_id = _store(tx, raw, message, office, case.id, now)
    await_originals(tx, case.id, message)
    link_replies(tx, case.id, message, office, now)
    for other in _numbered(tx, message, office):
        text = "Ämnesraden nämner ett annat ärende, men avsändaren är en annan. Kontrollera om de hör ihop."
        note(tx, office, case.id, EventKind.NOTE, now, text)
        tx.link_cases(case.id, other, "Ärendenumret nämns i ämnesraden", now)
    if used:
        note(tx, office, case.id, EventKind.NOTE, now, "Meddelandets id har använts förut, men med annat innehåll.")
    return Received(Outcome.NEW_CASE, case.id, row_id)


def _robot(tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime) -> Received:
    """Robots, lists and spam are kept, seen by a person, and never answered (RFC 3834).

    A contractor's system for its tickets often sends what people write there as a mass mailing.
    """
    mass = message.kind in (MessageKind.LIST, MessageKind.SPAM) and not _ours(message, office)
    question = question_answered(tx, message, office) if mass else None
    if question is not None:
        return _answered(tx, raw, message, question, office, now)
    ids = [i for i in (message.read_receipt, *named(message)) if i]
    case_id = tx.case_by_message_ids(ids) if message.kind is MessageKind.AUTO_REPLY else ""
    row_id = _store(tx, raw, message, office, case_id, now, direction="robot")
    if case_id and message.read_receipt:
        text = "Mottagarens e-postprogram säger att brevet har visats. Det bevisar inte att någon har läst det."
        note(tx, office, case_id, EventKind.READ_RECEIPT, now, text)
        return Received(Outcome.ROBOT, case_id, row_id)
    if message.kind is MessageKind.AUTO_REPLY:
        out_of_office(tx, message, office, now)
    if case_id:
        note(tx, office, case_id, EventKind.AUTO_REPLY, now, "Ett automatiskt svar kom in.")
        return Received(Outcome.ROBOT, case_id, row_id)
    return Received(Outcome.LOOSE, "", row_id)


def _bounce(tx: Tx, raw: KeptRaw, message: InboundMessage, office: Office, now: datetime) -> Received:
    """A delivery report finds its letter by the Message-ID it quotes; the case's owner is told what to do."""
    for report in message.bounces:
        entry = tx.outbox_by_message_id(report.original_message_id) if report.original_message_id else None
        if entry is None:
            continue
        row_id = _store(tx, raw, message, office, entry.case_id, now, direction="robot")
        if report.action == "failed":
            bounced(tx, entry.id, bounce_words(report.status), office, now)
        return Received(Outcome.BOUNCE, entry.case_id, row_id)
    return Received(Outcome.LOOSE, "", _store(tx, raw, message, office, "", now, direction="robot"))
