"""What a compilation asks of the store: of each case what is counted and listed, never who wrote or what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.case import CaseStatus, Channel, Outcome
from cases.people.access import Viewer
from cases.promises import Deadline
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType

REVIEW_DONE = "review:done:"
"""The setting that remembers the yearly review (O27), by its year: JSON with ``day``, ``by`` and ``result``."""


@dataclass(frozen=True, slots=True)
class ReportCase:
    """One case as compilations see it: there is no sender and no word of the letter to leak.

    ``register_subject`` is the neutral one a person confirmed; ``answered_at`` the first answer, by
    letter when it left or will.
    ``deadlines`` stand in the order they were promised, a later day told of (R5) after the first; the anonymous are
    promised nothing (O11), and who has no address no receipt.
    """

    number: str
    received_at: datetime
    channel: Channel
    status: CaseStatus
    authority_id: str
    unit_id: str = ""
    type: CaseType | None = None
    area: Area | None = None
    outcome: Outcome | None = None
    register_subject: str = ""
    improvement: str = ""
    protected: bool = False
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    deadlines: tuple[Deadline, ...] = ()
    hallmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a case's first routing compares with the model's suggestion."""

    unit_id: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer that asked whether it was of help: whose it was, and what was said; None where nothing was."""

    unit_id: str
    helped: bool | None


class Reports(Protocol):
    """Read-only questions of compilations; each authorises inside the query.

    A compilation covers the cases of the units the viewer is registrator or chef of and of the authorities whose diary
    they keep; for a central registrator also every unprotected case. It never holds a whistle-blower's case, and none
    that was no case (O12), was merged or was split.
    """

    def report_cases(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[ReportCase]:
        """The cases received from ``since`` up to but not at ``until``, oldest first."""

    def agreements(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Agreement]:
        """The first routing of each covered case that had a suggestion, decided in that time."""

    def asked_if_helped(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Asked]:
        """The answers in covered cases that asked whether they were of help, and left in that time."""

    def setting(self, key: str) -> str:
        """A kept fact, or empty."""

    def claim_setting(self, key: str, value: str) -> bool:
        """Keep a small fact where there is none; False, on whatever machine, where it stood there already."""
