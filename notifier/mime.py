"""From an outbox entry to the mail that leaves: headers that cannot be injected into, text and html, lines that travel.

Which automatic mark a letter carries (RFC 3834 §5):

- a letter that no person sent, to the citizen: ``auto-replied``, for it answers the citizen's own message;
- a letter to staff: ``auto-generated``, for it answers nobody;
- a letter a person wrote and sent: none. RFC 3834 keeps the field for what no human originated, and a citizen's own
  out-of-office reply to a real answer is worth knowing of.

``X-Auto-Response-Suppress: All`` (Exchange's word, MS-OXCMAIL) goes with the mark. ``Precedence`` is left out: it was
never standardised, RFC 2076 discourages it, and filters read ``bulk`` as advertising.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage, Message, MIMEPart
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from cases.letters.addresses import ascii_address
from cases.letters.letter import OutboxEntry
from cases.store.views import AttachmentFile
from notifier.logo import CONTENT_ID, FILE_NAME, Logo

_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_THREADED = frozenset({"message-id", "in-reply-to", "references"})
# What stands in every letter alike, or in one of a few ways: read once, since the library reads a header each time.
_ALIKE = frozenset(
    {
        "mime-version",
        "content-transfer-encoding",
        "auto-submitted",
        "x-auto-response-suppress",
        "content-language",
        "content-type",
    }
)
_PLAIN_LINE = 76
MAX_REFERENCES = 20
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom letters come from. ``envelope_sender`` is where bounces go; empty means ``address``.

    ``logo`` goes along with the letters that show it.
    """

    name: str
    address: str
    envelope_sender: str = ""
    logo: Logo | None = None

    @property
    def return_path(self) -> str:
        """The address of SMTP's MAIL FROM.

        Not the empty one that RFC 3834 §3.3 lets personal responders use: a bounce must find its way back to its case,
        and we never answer a bounce.
        """
        return self.envelope_sender or self.address


class _HeaderKinds(HeaderRegistry):
    """The library's kinds of header, each made once: it makes a class anew for every header of every mail."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        kind = self._made.get(name)
        if kind is None:
            kind = self._made[name] = super().__getitem__(name)
        return kind


class LetterPolicy(EmailPolicy):
    """SMTP's policy, 7-bit, with the headers folded by hand that the standard library harms (seen in Python 3.11).

    It breaks a long Message-ID into encoded words, which no client threads by, loses blanks between the encoded
    words of a long name or subject, and the quotes of a long sender's name, whose commas then part addresses.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - the library's signature
        """The header as the library reads it; it may be shared with other mails, so nobody may change it."""
        if name.lower() in _ALIKE and isinstance(value, str) and "boundary" not in value:
            return _read_header(self, name, value)
        return super().header_store_parse(name, value)

    def read_header(self, name: str, value: str) -> tuple[str, Any]:
        """The header as the library reads it, read anew."""
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - the library's signature
        """The header as lines, CRLF after each."""
        if name.lower() in _THREADED:
            return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep
        if name.lower() == "subject" and _needs_encoding(str(value)):
            return f"{name}: {self._encoded(str(value), name)}{self.linesep}"
        line = f"{name}: {value}"
        if name.lower() == "from" and (_needs_encoding(line) or len(line) > _PLAIN_LINE):
            return f"{name}: {self._sender(value.addresses[0], name)}{self.linesep}"
        # One short line of ASCII is what the library, at length, would make of it too.
        if len(line) <= _PLAIN_LINE and line.isascii() and line.isprintable() and "=?" not in line:
            return line + self.linesep
        return str(super().fold(name, value))

    def _sender(self, sender: Address, name: str) -> str:
        """Name and address, on a line each."""
        shown, _, address = str(sender).rpartition(" ")
        if _needs_encoding(sender.display_name):
            shown = self._encoded(sender.display_name, name)
        return f"{shown}{self.linesep} {address}" if shown else address

    def _encoded(self, text: str, name: str) -> str:
        return Header(text, "utf-8", 76, name).encode(linesep=self.linesep)

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401
        """The same as bytes; everything is ASCII by then."""
        return self.fold(name, value).encode("ascii")


@lru_cache(maxsize=64)
def _read_header(policy: LetterPolicy, name: str, value: str) -> tuple[str, Any]:
    return policy.read_header(name, value)


POLICY = LetterPolicy(header_factory=_HeaderKinds(), linesep="\r\n", cte_type="7bit", max_line_length=78)


def _needs_encoding(text: str) -> bool:
    """Also for plain text that looks encoded already: it must be shown as it was written."""
    return not text.isascii() or "=?" in text


def compose(
    entry: OutboxEntry, identity: Identity, now: datetime, files: Sequence[AttachmentFile] = ()
) -> EmailMessage:
    """The mail of an entry, dated ``now``, with its enclosures.

    Raises DeliveryError, not retryable, where an address cannot be one.
    """
    message = EmailMessage(POLICY)
    message["From"] = _mailbox(identity)
    _address(message, entry)
    message["Subject"] = one_line(entry.letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = entry.message_id
    if entry.reply_to:
        message["Reply-To"] = ascii_address(entry.reply_to)
    _thread(message, entry)
    _mark(message, entry)
    _fill(message, entry)
    _add_logo(message, entry, identity.logo)
    for file in files:
        _enclose(message, file)
    message["Content-Language"] = entry.letter.language
    return message


def to_bytes(message: Message) -> bytes:
    """The mail as SMTP carries it: CRLF, ASCII, no line above 998 octets."""
    return message.as_bytes(policy=POLICY)


def one_line(text: str) -> str:
    """Text without line breaks, control characters and half surrogates: nothing in it can begin a header."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _mailbox(identity: Identity) -> Address:
    return Address(one_line(identity.name)[:MAX_NAME].strip(), addr_spec=ascii_address(identity.address))


def _address(message: EmailMessage, entry: OutboxEntry) -> None:
    """To whom it went and who is copied in, for both to see; it is handed in to the recipient alone."""
    first, *copied = entry.shown or (entry.recipient,)
    message["To"] = ascii_address(first if entry.copy_of else entry.recipient)
    if copied:
        message["Cc"] = ", ".join(map(ascii_address, copied))


def _thread(message: EmailMessage, entry: OutboxEntry) -> None:
    """Only what looks like a Message-ID goes out again; a strange one from a strange program is left out."""
    if _ID.fullmatch(entry.in_reply_to):
        message["In-Reply-To"] = entry.in_reply_to
    known = [reference for reference in entry.references if _ID.fullmatch(reference)]
    if known:
        message["References"] = " ".join(known[-MAX_REFERENCES:])


def _mark(message: EmailMessage, entry: OutboxEntry) -> None:
    if not (entry.automatic or entry.internal):
        return
    message["Auto-Submitted"] = "auto-generated" if entry.internal else "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"


def _fill(message: EmailMessage, entry: OutboxEntry) -> None:
    text, html = _sendable(entry.letter.text), _sendable(entry.letter.html)
    message.set_content(text, cte=_encoding(text))
    if html.strip():
        # No encoded part can hold it (RFC 2045 §6.7), so that the library need not look through them for one.
        message.make_alternative(boundary=f"=_{entry.id}")
        message.add_alternative(html, subtype="html", cte=_encoding(html))


def _add_logo(message: EmailMessage, entry: OutboxEntry, logo: Logo | None) -> None:
    """The picture beside the HTML that shows it (multipart/related, RFC 2387): nothing is fetched from anywhere."""
    if logo is None or f"cid:{CONTENT_ID}" not in entry.letter.html:
        return
    page = message.get_body(("html",))
    if page is None:
        return
    page.make_related()
    page.attach(_logo_part(logo))
    # Where the picture belongs to is told by the type of what shows it; some programs need the word.
    page.set_param("type", "text/html")


def _enclose(message: EmailMessage, file: AttachmentFile) -> None:
    """A file for whoever reads to keep: never a mail of its own, whose parts nobody here has looked at."""
    main, _, sub = file.content_type.partition("/")
    if main in ("message", "multipart") or not (main and sub):
        main, sub = "application", "octet-stream"
    message.add_attachment(file.content, main, sub, cte="base64", filename=one_line(file.name))


@lru_cache(maxsize=2)
def _logo_part(logo: Logo) -> MIMEPart:
    """The same in every letter, so made once; nobody changes it."""
    part = MIMEPart(POLICY)
    part.set_content(logo.png, "image", "png", cid=f"<{CONTENT_ID}>", disposition="inline", filename=FILE_NAME)
    return part


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoding(text: str) -> str:
    """Quoted-printable while most of it can be read in it; base64 for Arabic and Cyrillic."""
    strange = len(text) - len(text.encode("ascii", "ignore"))
    return "base64" if strange * 6 > len(text) else "quoted-printable"
