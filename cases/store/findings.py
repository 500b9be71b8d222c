"""What was found out about letters: what their documents say, and which are of one incident or hang on another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cases.inbound.documents import DocumentText, StoredDocument, WaitingDocument
from cases.people.access import Viewer
from cases.routing.incidents import Imprint
from cases.store.views import SameIncident
from cases.ties import CaseTie, TieKind


class Documents(Protocol):
    """What attached documents and scanned letters say."""

    def claim_document(self, now: datetime, stale_before: datetime) -> WaitingDocument | None:
        """The next document to read, claimed so that nobody else gets it until the claim is older than that."""

    def release_document(self, attachment_id: str) -> None:
        """Give a claim back unused."""

    def add_document(self, attachment_id: str, read: DocumentText, now: datetime) -> None:
        """Keep what a document says; search finds it, and its letter is shown to the model (again)."""

    def texts_of(self, message_row_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """What the documents of messages say, in their order; messages of which none says anything are left out."""

    def documents(self, case_id: str, viewer: Viewer) -> Sequence[StoredDocument]:
        """The documents of a case with their pages, without pictures; none of a case the viewer may not read."""

    def page_image(self, attachment_id: str, number: int, viewer: Viewer) -> bytes:
        """The picture (JPEG) of a page. Raises NotFound."""

    def read_again(self) -> int:
        """Let every document that no machine could read wait once more; returns how many."""


class Incidents(Protocol):
    """Letters of one incident, and cases that hang on another."""

    def add_imprint(self, case_id: str, message_row_id: str, imprint: Imprint) -> None:
        """Keep what finds a letter's like."""

    def same_incident(self, case_id: str, viewer: Viewer) -> Sequence[SameIncident]:
        """Cases the viewer may read that may be of one incident with this one, surest first."""

    def add_tie(self, tie: CaseTie) -> None:
        """Note that one case hangs on another from now on."""

    def remove_tie(self, case_id: str, kind: TieKind) -> None:
        """The case hangs on no other any more."""

    def tie(self, case_id: str, kind: TieKind) -> CaseTie | None:
        """What the case hangs on."""

    def tied_to(self, case_id: str, kind: TieKind) -> Sequence[CaseTie]:
        """What hangs on the case, oldest first; authorise each before anything of it is shown."""


class Findings(Documents, Incidents, Protocol):
    """Both."""


def merged_ids(tx: Findings, case_id: str) -> list[str]:
    """The cases merged into this one, by id."""
    return [tie.case_id for tie in tx.tied_to(case_id, TieKind.MERGED)]


def tied_ids(tx: Findings, case_id: str) -> set[str]:
    """The cases that this one hangs on, and those that hang on it, by id."""
    hangs_on = {tie.other_id for kind in TieKind if (tie := tx.tie(case_id, kind)) is not None}
    return hangs_on | {tie.case_id for kind in TieKind for tie in tx.tied_to(case_id, kind)}
