"""Posts the sample letters: first those that stand alone, then those that answer a receipt, once it has come."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cases.records.numbering import find_numbers
from service.demo.boxes import StoredMail
from service.demo.letters import SampleLetter

PLACEHOLDER = re.compile(rb"\{\{(RECEIPT_MESSAGE_ID|CASE_NUMBER):([a-z0-9-]+)\}\}")


class PostOffice(Protocol):
    """What posting needs of ``EmbeddedPost``."""

    def deliver(self, raw: bytes, *, envelope_from: str = "") -> None:
        """Lay a mail in the municipality's mailbox."""

    def wait_for(self, address: str, wanted: Callable[[StoredMail], bool], timeout: float) -> StoredMail | None:
        """The first such mail to the address, or None when ``timeout`` seconds have passed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a citizen can quote from a receipt; ``case_number`` is empty where the mail tells none."""

    message_id: str
    case_number: str


@dataclass(frozen=True, slots=True)
class PostingReport:
    """The slugs posted, in order, and those left unposted because the receipt they answer never came."""

    posted: tuple[str, ...]
    unposted: tuple[str, ...]


def post_letters(
    post: PostOffice, letters: Sequence[SampleLetter], *, number_pattern: str, patience: float = 60.0
) -> PostingReport:
    """Post every letter once, waiting at most ``patience`` seconds for each receipt that another letter answers.

    ``number_pattern`` is the profile's pattern for case numbers, by which one is found in a receipt. The daemon must
    be running meanwhile, or nothing that answers a receipt can be posted.
    """
    by_slug = {letter.slug: letter for letter in letters}
    posted: list[str] = []
    unposted: list[str] = []
    for letter in sorted(letters, key=lambda one: bool(one.after)):
        found = {slug: _receipt(post, by_slug[slug], number_pattern, patience) for slug in letter.after}
        receipts = {slug: receipt for slug, receipt in found.items() if receipt is not None}
        if len(receipts) < len(letter.after):
            unposted.append(letter.slug)
            continue
        post.deliver(fill_in(letter.raw, receipts), envelope_from=letter.envelope_from)
        posted.append(letter.slug)
    return PostingReport(tuple(posted), tuple(unposted))


def fill_in(raw: bytes, receipts: dict[str, Receipt]) -> bytes:
    """The letter with ``{{RECEIPT_MESSAGE_ID:slug}}`` and ``{{CASE_NUMBER:slug}}`` filled in.

    Raises KeyError for a slug without a receipt.
    """

    def value(match: re.Match[bytes]) -> bytes:
        receipt = receipts[match.group(2).decode("ascii")]
        wanted = receipt.message_id if match.group(1) == b"RECEIPT_MESSAGE_ID" else receipt.case_number
        return wanted.encode("ascii", "replace")

    return PLACEHOLDER.sub(value, raw)


def answers(message_id: str) -> Callable[[StoredMail], bool]:
    """A test whether a mail answers the one with this Message-ID, by In-Reply-To or References."""

    def wanted(mail: StoredMail) -> bool:
        parsed = mail.parsed()
        return any(message_id in str(parsed[header] or "") for header in ("In-Reply-To", "References"))

    return wanted


def _receipt(post: PostOffice, letter: SampleLetter, pattern: str, patience: float) -> Receipt | None:
    mail = post.wait_for(letter.sender, answers(letter.message_id), patience)
    if mail is None:
        return None
    parsed = mail.parsed()
    body = parsed.get_body(("plain", "html"))
    said = f"{parsed['Subject']}\n{body.get_content() if body else ''}"
    return Receipt(str(parsed["Message-ID"] or ""), next(iter(find_numbers(pattern, said)), ""))
