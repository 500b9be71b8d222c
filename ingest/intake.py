"""A letter taken in whole: read, with what its receivers added, the form behind it, and its files scanned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cases.inbound.messages import InboundMessage, ScanState
from ingest.antivirus import scanned
from ingest.arrival import with_arrival
from ingest.forms.reading import with_form
from ingest.forms.source import FormSource
from ingest.parse import parse


@dataclass(frozen=True, slots=True)
class Intake:
    """What a municipality knows of its own servers, filter, forms and virus scanner; called with a letter's bytes.

    ``scan`` is None where no scanner is configured. ``own_files`` are SHA-256 (hex) of files that go out with our own
    letters, as the logo does: they come back in answers, and are nobody's attachment.
    """

    own_servers: Sequence[str] = ()
    spam_headers: Sequence[str] = ()
    forms: Sequence[FormSource] = ()
    scan: Callable[[bytes], ScanState] | None = None
    trusted_header: str = ""
    own_files: frozenset[str] = frozenset()

    def __call__(self, content: bytes) -> InboundMessage:
        """Raises UnreadableMessage as ``parse`` does."""
        message = self._without_own_files(parse(content, own_servers=self.own_servers))
        message = with_arrival(
            message,
            content,
            own_servers=self.own_servers,
            spam_headers=self.spam_headers,
            trusted_header=self.trusted_header,
        )
        message = with_form(message, self.forms)
        return message if self.scan is None else scanned(message, self.scan)

    def _without_own_files(self, message: InboundMessage) -> InboundMessage:
        kept = tuple(file for file in message.attachments if file.sha256 not in self.own_files)
        return message if len(kept) == len(message.attachments) else replace(message, attachments=kept)
