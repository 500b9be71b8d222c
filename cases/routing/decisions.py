"""What a registrator decided about a letter: confirmed as suggested, or corrected."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity


class RoutingChoice(StrEnum):
    """Where the decision sends the case."""

    UNIT = "unit"
    SPECIAL_TRACK = "special_track"
    NOT_A_CASE = "not_a_case"


@dataclass(frozen=True, slots=True)
class RoutingRequest:
    """What a registrator submits from the queue or the case page.

    ``version`` is that of the case as it was shown. ``flags`` are the kinds that shall act from now on: suggested ones
    that are missing here are cleared, ones not suggested are raised. ``register_subject`` is the neutral subject for
    the register. ``none_fits``: the person said that none of the suggested units is right.
    """

    version: int
    choice: RoutingChoice
    unit_id: str
    area: Area
    type: CaseType
    severity: Severity
    flags: frozenset[FlagKind]
    register_subject: str = ""
    track: str = ""
    reason: str = ""
    none_fits: bool = False


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """The decision as kept: what was suggested, what was chosen, by whom and when; agreement is counted from it.

    ``suggested_unit`` is the one that stood first, which a rule may have put there.
    """

    id: str
    case_id: str
    decided_by: str
    decided_at: datetime
    choice: RoutingChoice
    unit_id: str
    area: Area
    suggested_area: Area | None
    suggested_unit: str
    model_version: str
    agreed: bool
    reason: str = ""
    none_fits: bool = False
