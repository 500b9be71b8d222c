"""What the pages of the desk ask of the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from cases.journal import EventKind
from cases.people.access import Viewer
from cases.people.organisation import Authority
from cases.store.reads import ReadFilter, ReadLine
from cases.store.views import (
    AttachmentFile,
    CaseFile,
    CaseGlance,
    CaseLine,
    DiaryEntry,
    ListFilter,
    ListKind,
    SearchHit,
)


class Pages(Protocol):
    """Read-only questions of the desk; each authorises inside the query."""

    def lines(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> Sequence[CaseLine]:
        """A list of cases, in the order the list promises."""

    def glances(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> Sequence[CaseGlance]:
        """The same list, with only what an overview is made of."""

    def lines_by_id(self, ids: Sequence[str], viewer: Viewer) -> Sequence[CaseLine]:
        """The lines of these cases, in this order; those that the viewer may not read are left out."""

    def count(self, kind: ListKind, viewer: Viewer, filters: ListFilter, most: int | None = None) -> int:
        """How many the list would hold without limit; with ``most`` it stops counting there."""

    def diary_entries(
        self, viewer: Viewer, kept: Sequence[Authority], since: date | None, until: date | None, most: int
    ) -> Sequence[DiaryEntry]:
        """The numbers of these diaries, which the viewer keeps, that no line of the register shows, the newest first.

        Those of cases that the viewer may not read, and those that a case had before it took one in another diary.
        ``since`` and ``until`` are the first and the last local day of receipt.
        """

    def from_same_sender(self, case_ids: Sequence[str], viewer: Viewer) -> Mapping[str, int]:
        """Of those of these cases that have a sender's address, how many to route came from it, by the case's id.

        The viewer may read all that are counted.
        """

    def stuck_letters(self, viewer: Viewer, most: int) -> int:
        """Letters out that failed, are uncertain, or bounced in a case not closed since, of cases the viewer may read.

        It stops counting at ``most``.
        """

    def unread_letters(self, most: int) -> int:
        """Letters in quarantine; it stops counting at ``most``."""

    def last_of(self, case_ids: Sequence[str], kinds: Collection[EventKind]) -> Mapping[str, EventKind]:
        """The latest of these kinds in the journals of cases somebody may read; none where there is none."""

    def case_file(self, case_id: str, viewer: Viewer) -> CaseFile:
        """Everything of one case. Raises NotFound where the viewer may not read it."""

    def attachment(self, attachment_id: str, viewer: Viewer) -> AttachmentFile:
        """One attachment with its bytes. Raises NotFound; NotAllowed where the virus scanner found it infected."""

    def search(self, query: str, viewer: Viewer, limit: int = 50, offset: int = 0) -> Sequence[SearchHit]:
        """Cases that hold every word of the query: of that number, with all in one text, the others; newest first."""

    def reads(self, limit: int = 200, wanted: ReadFilter | None = None) -> Sequence[ReadLine]:
        """Who read which protected case, newest first."""

    def unread_in_queue(self, case_ids: Sequence[str], user_id: str) -> Sequence[str]:
        """Those of these cases whose first words no line of the log says that this person saw in the queue."""

    def state_counts(self) -> Mapping[str, int]:
        """For health: raw waiting, quarantined, outbox by status, cases by status."""
