"""The door to reading mail: bytes in, an InboundMessage out, whatever the bytes are."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.errors import UnreadableMessage
from cases.inbound.messages import Attachment, Bounce, InboundMessage, Mailaddress, MessageKind
from ingest.reading.addresses import read_addresses
from ingest.reading.around.banners import without_banner, without_tag
from ingest.reading.around.beginnings import is_device_alone
from ingest.reading.around.signature import split_signature
from ingest.reading.automatic.bounces import is_bounce, read_bounces
from ingest.reading.automatic.nothingelse import says_nothing_else
from ingest.reading.automatic.programs import is_sent_by_button
from ingest.reading.automatic.robots import is_auto_reply, is_list, is_spam
from ingest.reading.bodies import read_body
from ingest.reading.dates import read_date
from ingest.reading.encoding.words import decode_header, decode_words
from ingest.reading.found import Body, Nested
from ingest.reading.headers import Headers
from ingest.reading.language import guess_language
from ingest.reading.limits import MAX_TEXT_CHARS
from ingest.reading.mailparser_door import read_envelope
from ingest.reading.notes import Notes
from ingest.reading.plain import Hop
from ingest.reading.quoted.forwards import find_forwarded
from ingest.reading.quoted.quotes import new_lines, without_marks
from ingest.reading.structure import Part, read_structure
from ingest.reading.trust import auth_verdicts, received_by_own

_PREFIX = re.compile(r"^(?:\s{0,3}(?:re|sv|vs|aw|vb|fw|fwd)\s?:){1,5}", re.IGNORECASE)
_SAYING = re.compile(r"\w\W{1,5}\w")  # two words; one alone (*test*, *hej*, *foto*) is no letter
_UNREADABLE = {
    "smime": "Brevet är krypterat med S/MIME och kan inte läsas här. Be avsändaren skicka det utan kryptering.",
    "pgp": "Brevet är krypterat med PGP och kan inte läsas här. Be avsändaren skicka det utan kryptering.",
}
# Enough of a mail to see how its lines end; one with photos is a million times as long as a line.
_SAMPLE = 16_384
_LONE_CR = re.compile(rb"\r(?!\n)")
_CR_FIELDS = re.compile(rb"(?:[\w-]{2,40}:[^\r\n]{0,500}\r(?!\n)){2}[\w-]{2,40}:")
# What a gateway leaves that ends lines anew which had their ends.
_DOUBLED = re.compile(rb"[^\r\n]{1,2000}\r\r\n[^\r\n]{1,2000}\r\r\n")
_SOMETHING = re.compile(rb"[^\x00\r\n\t ]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_ID = re.compile(r"<([^<>]{1,400})>")


def parse(
    content: bytes, *, own_servers: Sequence[str] = (), detect_language: Callable[[str], str] | None = None
) -> InboundMessage:
    """Return what a mail says, with one line in ``defects`` for each tolerance it took to read it.

    ``own_servers`` are the hosts whose ``Received`` and ``Authentication-Results`` are believed; ``detect_language``
    names the language of a letter's own words (ISO 639-1). Raises UnreadableMessage when the bytes hold no mail at all.
    """
    if not _SOMETHING.search(content):
        raise UnreadableMessage("Brevet är tomt: det har varken rubriker eller text. Hämta det igen ur brevlådan.")
    try:
        return _read(content, own_servers, detect_language)
    except Exception as error:
        # What no rule foresaw must not stop the mails behind it: this one is shown to a person as it came.
        raise UnreadableMessage(f"Läsningen av brevet avbröts ({type(error).__name__}).") from error


def _read(content: bytes, own_servers: Sequence[str], detect_language: Callable[[str], str] | None) -> InboundMessage:
    notes = Notes()
    source = content
    if _DOUBLED.match(content):
        notes.add("doubled carriage returns")
        source = content.replace(b"\r\r\n", b"\n")
    elif _is_cr_only(content[:_SAMPLE]):
        notes.add("CR-only line ends")
        source = _LONE_CR.sub(b"\n", content)
    root = read_structure(source, notes)
    body = read_body(root, notes)
    return _message(root, body, notes, own_servers, detect_language)


def _is_cr_only(content: bytes) -> bool:
    return content.count(b"\r") > 20 * content.count(b"\n") or bool(_CR_FIELDS.match(content))


@dataclass(frozen=True, slots=True)
class _Words:
    """What is written in a mail: all of it, what is new in it, the signature; ``marked`` still has the quote marks."""

    marked: str
    text: str
    message: str
    signature: str


def _message(
    root: Part, body: Body, notes: Notes, own_servers: Sequence[str], detect: Callable[[str], str] | None
) -> InboundMessage:
    headers = root.headers
    sender = _sender(headers, notes)
    subject = decode_header(headers.first("subject"), notes)
    words = _words(body, sender, notes)
    date, hops = _when(headers, own_servers, sender, notes)
    told = without_tag(subject)
    bounces = _bounces(root, body, sender, told, notes)
    passed_on = None if bounces else find_forwarded(told, body, words.marked, notes)
    return InboundMessage(
        message_id=_message_id(headers, notes),
        in_reply_to=(_ids(headers.text("in-reply-to")) or [""])[0],
        references=tuple(_ids(headers.text("references"))),
        subject=subject,
        date=date,
        from_name=sender.name,
        from_addr=sender.addr,
        reply_to=next((one.addr for one in read_addresses(headers.first("reply-to"), notes)), ""),
        to=_all(headers, "to", notes),
        cc=_all(headers, "cc", notes),
        kind=MessageKind.BOUNCE if bounces else _kind(root, told, words, body),
        text=words.text,
        message=words.text if bounces else words.message,
        signature=words.signature,
        html="\n".join(body.htmls),
        attachments=tuple(body.attachments if bounces else _files(body)),
        language=(detect or guess_language)(words.message or words.text),
        bounces=bounces,
        delivered_to=tuple(address.addr for address in _all(headers, "delivered-to", notes)),
        auth=auth_verdicts(headers, own_servers),
        auto_submitted=headers.text("auto-submitted"),
        received_by_own=received_by_own(hops, own_servers),
        unreadable=_unreadable(body),
        forwarded_from=passed_on.sender if passed_on else None,
        forwarded_text=passed_on.text if passed_on else "",
        signed=body.signed,
        defects=tuple(notes.defects),
    )


def _words(body: Body, sender: Mailaddress, notes: Notes) -> _Words:
    marked = "\n\n".join(text.strip("\n") for text in body.texts if text.strip())[:MAX_TEXT_CHARS]
    text = without_marks(_with_nested(marked, body.nested, notes))
    called = _called(sender)
    message, signature = split_signature(new_lines(without_banner(marked), called), called)
    return _Words(marked, text, without_marks(message), without_marks(signature))


def _called(sender: Mailaddress) -> str:
    """Return the name somebody signs with: as the header has it, else what his address says of it."""
    named = sender.name if "@" not in sender.name else ""
    return named or _NO_LETTERS.sub(" ", sender.addr.partition("@")[0])


def _when(
    headers: Headers, own_servers: Sequence[str], sender: Mailaddress, notes: Notes
) -> tuple[datetime | None, Sequence[Hop]]:
    """Return the sender's date, an unreadable one being nothing but a defect, and the way the mail came.

    The library behind the envelope is asked for its date where ours could not be read; that it sees another sender is
    noted.
    """
    written = headers.first("date").decode("utf-8", "replace")
    date = read_date(written)
    envelope = read_envelope(headers, own_servers, sender, notes, dated=date is not None or not written)
    if sender.addr and envelope.senders and sender.addr.lower() not in envelope.senders:
        notes.add("sender read differently by two readers")
    date = date or envelope.date
    if written and date is None:
        notes.add("unreadable Date")
    return date, envelope.hops


def _unreadable(body: Body) -> str:
    return _UNREADABLE.get(body.encrypted[:5], _UNREADABLE["pgp"]) if body.encrypted else ""


def _bounces(root: Part, body: Body, sender: Mailaddress, subject: str, notes: Notes) -> tuple[Bounce, ...]:
    """Return the reports of a bounce, at least one; nothing when the mail is none."""
    if not is_bounce(root.headers, body, root, f"{sender.name} {sender.addr}", subject):
        return ()
    found = read_bounces(root.headers, body, subject, _own(root.headers, sender, notes))
    return found or (Bounce("", "", "", ""),)


def _files(body: Body) -> list[Attachment]:
    """Return the attachments, and behind them those of mails that were passed on: the photos belong to the letter."""
    return [*body.attachments, *(file for nested in body.nested for file in _files(nested.body))]


def _message_id(headers: Headers, notes: Notes) -> str:
    """Return the Message-ID without its brackets; a missing one is a defect and stays missing."""
    found = _ids(headers.text("message-id"))
    if not found:
        notes.add("no Message-ID")
        return ""
    return found[0]


def _with_nested(text: str, nested: list[Nested], notes: Notes) -> str:
    pieces = [text]
    for inner in nested:
        sender = read_addresses(inner.part.headers.first("from"), notes)
        who = f"{sender[0].name} <{sender[0].addr}>".strip() if sender else "okänd avsändare"
        subject = decode_header(inner.part.headers.first("subject"), notes)
        inside = "\n".join(t.strip("\n") for t in inner.body.texts if t.strip())
        below = _with_nested(without_marks(inside), inner.body.nested, notes)
        pieces.append(f"[Bifogat brev från {who}: {subject}]\n{below}" if below.strip() else "")
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _sender(headers: Headers, notes: Notes) -> Mailaddress:
    """Return who wrote: the first one named, in the first of three fields that names anybody."""
    named = read_addresses(headers.first("from"), notes)
    froms = headers.all("from")[:5]
    if len(named if len(froms) < 2 else read_addresses(b", ".join(froms), notes)) > 1:
        notes.add("several senders")
    if named:
        return named[0]
    for name in ("sender", "return-path"):
        if found := read_addresses(headers.first(name), notes):
            notes.add(f"no From, sender taken from {name}")
            return found[0]
    notes.add("no sender")
    return Mailaddress("", "")


def _all(headers: Headers, name: str, notes: Notes) -> tuple[Mailaddress, ...]:
    return tuple(address for value in headers.all(name) for address in read_addresses(value, notes) if address.addr)


def _own(headers: Headers, sender: Mailaddress, notes: Notes) -> tuple[str, ...]:
    """Return the addresses a bounce came from and went to: none of them is the one that failed."""
    named = [
        a for name in ("to", "delivered-to", "return-path", "sender", "reply-to") for a in _all(headers, name, notes)
    ]
    return (sender.addr, *(address.addr for address in named))


def _ids(text: str) -> list[str]:
    """Return the ids of a header; blanks in one came from folding a long line, save within quotes.

    Some servers encode an id that is too long for its line (RFC 2047), which no standard allows.
    """
    if "=?" in text:
        text = decode_words(text, Notes())
    found = [piece.strip() if '"' in piece else "".join(piece.split()) for piece in _ID.findall(text)]
    return [piece for piece in found if piece] or [piece.strip("<>[]") for piece in text.split()[:50] if len(piece) > 2]


def _kind(root: Part, subject: str, words: _Words, body: Body) -> MessageKind:
    """Return what a mail that is no bounce is; one whose subject says it all is a citizen's letter."""
    headers = root.headers
    if is_spam(headers, subject):
        return MessageKind.SPAM
    new = f"{words.message}\n{words.signature}"
    automatic = body.answered or is_auto_reply(headers, root, body.reports, subject, new)
    answers = headers.has("in-reply-to") or headers.has("references")
    if (
        automatic
        or says_nothing_else(words.message, answers=answers)
        or is_sent_by_button(root, subject, words.text, words.message)
    ):
        return MessageKind.AUTO_REPLY
    if is_list(headers, words.text):
        return MessageKind.LIST
    # The line a telephone adds to an empty mail says nothing.
    written = words.text.strip(" \n-_*") and not is_device_alone(words.text)
    says_something = written or body.attachments or body.encrypted or _SAYING.search(_PREFIX.sub("", subject))
    if not says_something:
        return MessageKind.EMPTY
    return MessageKind.CITIZEN
