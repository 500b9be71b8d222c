"""A decision not to hand out as the case page shows it: what it waits for, by when, and which letter may appeal it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cases.calendar import local_day
from cases.records.appeals import UNAPPEALED, Refused, Stage
from cases.records.courts import COURT_NAMES
from cases.routing.tracks import Track
from cases.store.views import CaseFile, CaseLine
from desk import present
from desk.case.opening import ReadCase
from desk.case.tracks import ShownTrack
from desk.context import Asked


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    """A decision with its stage; ``due`` tells by when its appeal is to be at the court, ``came`` when a letter came.

    That letter came after the decision and is no appeal yet that anybody noted. ``ruling`` is the decision by which
    its appeal was turned down, ``turned_down`` the one whose appeal it turned down, as long as that is so.
    """

    refused: Refused
    stage: Stage
    court: str
    last: date | None
    due: present.Due | None
    late: bool
    came: date | None
    ruling: Refused | None
    turned_down: Refused | None

    @property
    def waits(self) -> bool:
        """Whether somebody is to do something now."""
        return self.stage in (Stage.HAND_OVER, Stage.TRY, Stage.REVIEW, Stage.HAND_ON) or self.came is not None


def shown_refusals(person: Asked, read: ReadCase) -> list[ShownRefusal]:
    """The decisions of a case, the latest first."""
    return [_shown(person, read, one) for one in reversed(read.refused)]


def _shown(person: Asked, read: ReadCase, refused: Refused) -> ShownRefusal:
    today, calendar = local_day(person.now), person.office.calendar
    stage, until = refused.stage(today, calendar), refused.hand_on_by(calendar)
    due = present.due_words(until, today, calendar) if until and refused.ended is None else None
    came = _came(read.file, refused) if stage in UNAPPEALED else None
    last, late = refused.last_day(calendar), refused.came_late(calendar)
    ruling = next((one for one in reversed(read.refused) if one.turns_down == refused.id), None)
    first = next((one for one in read.refused if one.id == refused.turns_down and one.ended), None)
    return ShownRefusal(refused, stage, COURT_NAMES[refused.court], last, due, late, came, ruling, first)


def _came(file: CaseFile, refused: Refused) -> date | None:
    decided = next((one.at for one in file.papers if one.id == refused.id), None)
    later = [
        one.received_at for one in file.messages if one.direction == "in" and decided and one.received_at > decided
    ]
    return local_day(max(later)) if later else None


def appeal_elsewhere(read: ReadCase, tracks: Sequence[ShownTrack]) -> date | None:
    """The day the latest letter came, where it may appeal a decision that another case holds; else None.

    Such is a letter on that track, and one that comes after a request for a document.
    """
    came = [one.received_at for one in read.file.messages if one.direction == "in"]
    named = {one.key for one in tracks}
    may = Track.OVERKLAGANDE in named or (Track.ALLMAN_HANDLING in named and len(came) > 1)
    return local_day(max(came, default=read.file.case.received_at)) if may and not read.refused else None


def noted_in(person: Asked, read: ReadCase) -> CaseLine | None:
    """The linked case with the decision that this one appeals, once that is noted there."""
    this = read.file.case.id
    with person.desk.store.read() as tx:
        return next((one for one in read.file.linked if this in {r.appeal_case for r in tx.refused_of(one.id)}), None)
