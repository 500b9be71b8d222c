"""What came in: the raw bytes, and what was read out of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.inbound.forms import FormAnswers


class MessageKind(StrEnum):
    """What a message is; only ``citizen`` mail becomes a case and is ever answered."""

    CITIZEN = "citizen"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    SPAM = "spam"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The bytes as fetched: the truth from which everything else can be rebuilt.

    ``received_at`` is the mail server's receiving time (INTERNALDATE), aware; ``folder`` the folder it was found in.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Mailaddress:
    """A name and an address as a header claims them; ``From:`` is a claim, never a proof."""

    name: str
    addr: str


class ScanState(StrEnum):
    """What the virus scanner said of a file; ``none`` where the municipality has configured no scanner."""

    NONE = ""
    CLEAN = "clean"
    INFECTED = "infected"
    UNCHECKED = "unchecked"


SCAN_NAMES: dict[ScanState, str] = {
    ScanState.NONE: "",
    ScanState.CLEAN: "Inget virus hittat",
    ScanState.INFECTED: "Innehåller virus och kan inte hämtas",
    ScanState.UNCHECKED: "Inte kontrollerad för virus",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: ``name`` cleaned of paths and control characters, ``content_type`` sniffed where it can be.

    ``risk`` says why it must not be opened without care: ``program``, ``macro`` or empty. ``scan`` is the virus
    scanner's word; the bytes of an infected file stay in the raw message alone.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = b""
    content_id: str = ""
    inline: bool = False
    risk: str = ""
    scan: ScanState = ScanState.NONE


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464 or older): ``status`` like ``5.1.1``, ``action`` failed, delayed, relayed ..."""

    recipient: str
    status: str
    action: str
    original_message_id: str


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """What was read from a RawMessage; rebuilt at will.

    ``text`` is all readable body with HTML made plain, ``message`` what the sender newly wrote (quoted thread and
    signature apart), ``html`` the untrusted HTML part, ``auth`` the verdicts of the configured own server's
    Authentication-Results, like ``("dmarc", "pass")``, ``defects`` one line for each tolerance used, ``bounces`` the
    reports of a bounce, ``unreadable`` why nothing could be read (encrypted ...). ``date`` is the sender's claim and
    never decides a deadline. ``language`` is ISO 639-1 or empty.
    All message ids are without their angle brackets. ``forwarded_from`` and ``forwarded_text`` are the writer and the
    words of a mail that this one passes on, as its carrier's program shows them; ``signed`` is ``smime`` or ``pgp``
    where a signature was attached (never verified). ``form`` holds the answers where a known form sent the mail, and
    ``message`` then is what the citizen wrote in it. ``handed_in_by`` are the IP addresses that own servers say they
    got the mail from, newest first. ``read_receipt`` is the Message-ID of our letter that a read receipt (RFC 8098)
    is about.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    date: datetime | None
    from_name: str
    from_addr: str
    reply_to: str
    to: tuple[Mailaddress, ...]
    cc: tuple[Mailaddress, ...]
    kind: MessageKind
    text: str
    message: str
    signature: str
    html: str
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]
    language: str = ""
    bounces: tuple[Bounce, ...] = ()
    delivered_to: tuple[str, ...] = ()
    auth: tuple[tuple[str, str], ...] = ()
    auto_submitted: str = ""
    received_by_own: datetime | None = None
    unreadable: str = ""
    forwarded_from: Mailaddress | None = None
    forwarded_text: str = ""
    signed: str = ""
    form: FormAnswers | None = None
    handed_in_by: tuple[str, ...] = ()
    read_receipt: str = ""

    @property
    def words(self) -> str:
        """What somebody wrote, whoever passed it on: for the model and its flags."""
        own = self.message or ("" if self.forwarded_text else self.text)
        passed_on = "" if self.forwarded_text in own else self.forwarded_text
        return "\n\n".join(piece for piece in (own, passed_on) if piece.strip())

    @property
    def recipients(self) -> Sequence[str]:
        """All addresses the message says it went to, To, Cc and Delivered-To, lower case."""
        named = [a.addr.lower() for a in (*self.to, *self.cc)]
        return [*named, *(a.lower() for a in self.delivered_to if a.lower() not in named)]


def not_by_mail(
    subject: str,
    text: str,
    date: datetime,
    *,
    sender_name: str = "",
    sender_addr: str = "",
    attachments: tuple[Attachment, ...] = (),
) -> InboundMessage:
    """What came by telephone, over the counter or on paper, as a message like any other; it has no headers."""
    return InboundMessage(
        message_id="",
        in_reply_to="",
        references=(),
        subject=subject,
        date=date,
        from_name=sender_name,
        from_addr=sender_addr,
        reply_to="",
        to=(),
        cc=(),
        kind=MessageKind.CITIZEN,
        text=text,
        message=text,
        signature="",
        html="",
        attachments=attachments,
        defects=(),
    )
