"""Cases that people enter: a phone call, a visit, a paper letter, or a loose message that is a case after all."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.case import Case, Channel, Party
from cases.errors import LyhordError, NotAllowed, NotFound
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.joining.opening import case_of, in_mailbox, open_case
from cases.steps.joining.reply import link_replies
from cases.steps.receiving.receive import note_viruses
from cases.steps.sender import correspondent
from cases.store.views import StoredMessage


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a member of staff writes down of a matter that did not come by mail (O10, R29)."""

    channel: Channel
    sender: Party
    subject: str
    text: str
    received_at: datetime
    attachments: tuple[Attachment, ...] = ()


class WrittenBefore(LyhordError):
    """The very same was written down before; ``case_id`` is what came of it."""

    def __init__(self, case_id: str) -> None:
        super().__init__("The same form was sent before.")
        self.case_id = case_id


def enter(
    tx: Tx, spoken: Spoken, by: User, office: Office, now: datetime, how: str = "Antecknat av", once: str = ""
) -> Case:
    """Make a case of what was told; an anonymous sender gets no feedback (O11). ``how`` begins the journal's line.

    ``once`` is an id that the same form, sent again, has again. Raises NotAllowed for no text, and WrittenBefore where
    a case was made of that form.
    """
    if not spoken.text.strip():
        raise NotAllowed("Skriv vad saken gäller.")
    subject = spoken.subject.strip() or spoken.text.strip().splitlines()[0][:80]
    sender = Party(kind=spoken.sender.kind, anonymous=True) if spoken.sender.anonymous else spoken.sender
    case = open_case(tx, office, spoken.received_at, spoken.channel, sender, subject)
    if once:
        # Asked after the number was drawn: whoever sends the same form at this moment waited there for the first.
        _demand_new(tx, once)
    case = replace(case, registered_by=by.id)
    tx.add_case(case)
    message = not_by_mail(
        subject,
        spoken.text,
        spoken.received_at,
        sender_name=sender.name,
        sender_addr=sender.email,
        attachments=spoken.attachments,
    )
    row_id = once or office.new_id()
    tx.add_message(StoredMessage(row_id, case.id, spoken.received_at, message, ""))
    note(tx, office, case.id, EventKind.RECEIVED, now, f"{how} {by.name}.", by.id)
    note_viruses(tx, message, office, case.id, now)
    return case


def _demand_new(tx: Tx, once: str) -> None:
    try:
        before = tx.get_message(once)
    except NotFound:
        return
    raise WrittenBefore(before.case_id)


def adopt(tx: Tx, message_row_id: str, by: User, office: Office, now: datetime) -> Case:
    """Make a loose message a case after all: a letter counts as received even in the spam filter (NJA 2024 s. 3)."""
    stored = tx.get_message(message_row_id)
    if stored.case_id:
        raise NotAllowed("Meddelandet hör redan till ett ärende.")
    message = stored.message
    case = case_of(tx, office, stored.received_at, correspondent(tx, message, office))
    case = in_mailbox(tx, case, tx.raw_mailbox(stored.raw_id), office, now)
    tx.add_case(case)
    tx.attach_message(message_row_id, case.id)
    note(tx, office, case.id, EventKind.RECEIVED, now, f"Gjort till ärende av {by.name}.", by.id)
    link_replies(tx, case.id, message, office, now)
    return case
