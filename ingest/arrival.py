"""What the receivers know of a letter: the own filter's mark, who handed it in, which letter it is a receipt for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cases.inbound.authenticity import INTERNAL_PASS
from cases.inbound.messages import InboundMessage, MessageKind
from ingest.reading.headers import Headers, read_headers
from ingest.reading.notes import Notes
from ingest.reading.trust import handed_in_by, sent_within_the_house

_ORIGINAL = re.compile(rb"^original-message-id:[ \t]{0,9}<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)
_SHOWN = re.compile(rb"^disposition:[^\r\n;]{0,200};[ \t]{0,9}displayed\b", re.IGNORECASE | re.MULTILINE)
_REPORT = re.compile(r"report-type\s{0,3}=\s{0,3}\"?disposition-notification", re.IGNORECASE)
_MAX_REPORT = 200_000


def with_arrival(
    message: InboundMessage,
    content: bytes,
    *,
    own_servers: Sequence[str],
    spam_headers: Sequence[str],
    trusted_header: str = "",
) -> InboundMessage:
    """The message with what its receivers added.

    ``spam_headers`` are the municipality's own filter's, each a name, a colon and how the value begins;
    ``trusted_header`` the one that own servers put on mail sent within the house, name, colon and whole value.
    """
    headers, _ = read_headers(content, 0, len(content), Notes(), top=True)
    message = replace(message, handed_in_by=handed_in_by(headers, own_servers))
    if trusted_header and sent_within_the_house(headers, own_servers, trusted_header):
        message = replace(message, auth=(*message.auth, INTERNAL_PASS))
    if message.kind is MessageKind.AUTO_REPLY and _REPORT.search(headers.text("content-type")):
        message = _with_receipt(message, content[:_MAX_REPORT])
    if message.kind is not MessageKind.BOUNCE and marked_as_spam(headers, spam_headers):
        message = replace(message, kind=MessageKind.SPAM)
    return message


def marked_as_spam(headers: Headers, spam_headers: Sequence[str]) -> bool:
    """Whether the municipality's own filter marked it, in the words of the settings; case does not matter."""
    for mark in spam_headers:
        name, _, begins = mark.partition(":")
        wanted = begins.strip().lower()
        values = (value.decode("ascii", "replace").strip().lower() for value in headers.all(name.strip().lower()))
        if any(value.startswith(wanted) for value in values):
            return True
    return False


def _with_receipt(message: InboundMessage, content: bytes) -> InboundMessage:
    """A read receipt (RFC 8098) names our letter in its report; one that says *deleted* is only an automatic answer."""
    found = _ORIGINAL.search(content)
    letter = found.group(1).decode("ascii", "replace") if found else message.in_reply_to
    if _SHOWN.search(content):
        return replace(message, read_receipt=letter)
    return replace(message, in_reply_to=message.in_reply_to or letter)
