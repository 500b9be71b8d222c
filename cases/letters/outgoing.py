"""What is asked of the store about letters out: queue, claim, settle, look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.case import CaseStatus
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.people.access import Viewer

SENDING_HELD = "restore:suspected"
"""The setting that names the mailbox whose done folder holds what the database does not know; no letter leaves then."""


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A letter out in a list, without what it says.

    ``number`` and ``case_status`` are its case's; empty and None where it has none, or where one may not read it.
    """

    entry: OutboxEntry
    number: str = ""
    case_status: CaseStatus | None = None


class Outbox(Protocol):
    """Letters out."""

    def queue(self, entry: OutboxEntry) -> None:
        """Put a rendered letter in the outbox, in the transaction of its cause."""

    def due(self, limit: int, now: datetime) -> Sequence[OutboxEntry]:
        """Letters whose time has come (queued, or awaiting retry), as they stand; nobody has claimed them yet."""

    def claim(self, entry: OutboxEntry, version: int | None, now: datetime) -> OutboxEntry | None:
        """Claim a letter that stands as it did when it was seen: inflight, claimed_at=now; no two workers get it.

        ``version`` is its case's, as it was seen; None for a letter about no case. None where either has changed.
        """

    def stuck_inflight(self, claimed_before: datetime) -> Sequence[OutboxEntry]:
        """Letters in flight since before then: their sender died."""

    def get_entry(self, entry_id: str) -> OutboxEntry:
        """One letter out. Raises NotFound."""

    def hold_entry(self, entry_id: str) -> OutboxEntry:
        """The same as it stands now, which nobody else claims or changes until the transaction ends."""

    def update_entry(self, entry: OutboxEntry) -> None:
        """Save what became of an entry: status, attempts, times and error. Raises NotFound."""

    def redirect_entry(self, entry_id: str, recipient: str) -> None:
        """Let a letter go, when it is sent or sent again, to this address instead."""

    def enclose(self, entry_id: str, attachment_ids: Sequence[str]) -> None:
        """Let these attachments go along with a letter that has not left."""

    def settle_entry(self, entry: OutboxEntry) -> bool:
        """The same of one in flight that we claimed; False, and nothing saved, where somebody dealt with it since."""

    def entries(
        self, statuses: Sequence[OutboxStatus], viewer: Viewer, limit: int = 200, *, unreadable: bool = False
    ) -> Sequence[ListedEntry]:
        """Letters in these states about no case or one that the viewer may read, newest first; with ``unreadable`` all.

        Each without its text, which a list does not show.
        """

    def addresses_asked(self, viewer: Viewer) -> Sequence[str]:
        """Whom questions went to in cases that the viewer may read and that are not protected, the latest first."""

    def letters_of(self, case_id: str) -> Sequence[OutboxEntry]:
        """All letters of a case, oldest first."""
