"""The citizens' mailboxes of the demonstration: what the embedded SMTP server took in, kept in memory."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail in one box. ``received_at`` is aware; ``content`` is the bytes as SMTP's DATA gave them."""

    received_at: datetime
    envelope_from: str
    rcpt: str
    content: bytes

    def parsed(self) -> EmailMessage:
        """The mail as the standard library reads it."""
        return message_from_bytes(self.content, policy=default)


class Boxes:
    """Mailboxes by address in lower case. Safe to use from several threads; readers get copies."""

    def __init__(self) -> None:
        self._mails: dict[str, list[StoredMail]] = {}
        self._changed = threading.Condition()

    def put(self, mail: StoredMail) -> None:
        """Lay a mail last in its recipient's box and wake those who wait."""
        with self._changed:
            self._mails.setdefault(mail.rcpt.lower(), []).append(mail)
            self._changed.notify_all()

    def snapshot(self) -> dict[str, list[StoredMail]]:
        """All boxes as they are now, oldest mail first."""
        with self._changed:
            return {address: list(mails) for address, mails in sorted(self._mails.items())}

    def wait_for(self, address: str, wanted: Callable[[StoredMail], bool], timeout: float) -> StoredMail | None:
        """The first mail to ``address`` that is ``wanted``, waiting at most ``timeout`` seconds; None if none came."""

        def find() -> StoredMail | None:
            return next(filter(wanted, self._mails.get(address.lower(), ())), None)

        with self._changed:
            return self._changed.wait_for(find, timeout)
