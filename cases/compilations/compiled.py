"""What a compilation shows (R15, O26): its part, the lines of its list, its figures, and the years before."""

from dataclasses import dataclass
from datetime import date

from cases.compilations.figures import Agreed, Figure, Helped, Kept, Median
from cases.compilations.periods import ListColumn, Period
from cases.compilations.reporting import ReportCase


@dataclass(frozen=True, slots=True)
class Scope:
    """What a compilation is of: a unit, a förvaltning, a nämnd, or everything (``id`` empty)."""

    id: str
    name: str
    units: frozenset[str]
    authority_id: str = ""

    def holds(self, case: ReportCase) -> bool:
        """Whether a case belongs here; one without a unit belongs to its nämnd and to the whole."""
        return not self.id or case.unit_id in self.units or case.authority_id == self.authority_id


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of the list (R15); every text is neutral where the case is protected."""

    unit: str
    day: date
    kind: str
    concerns: str
    measure: str
    cause: str


@dataclass(frozen=True, slots=True)
class YearLine:
    """The same part of one year, to compare with: counts None where withheld."""

    period: Period
    total: int | None
    complaints: int | None
    answered: Median
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Compilation:
    """Everything a compilation shows; ``lines`` is never shortened, the figures withhold small counts.

    ``gaps`` are sentences on what is missing in the list; ``causes`` what was learnt, as (unit, text), of unprotected
    cases; ``years`` begins with this period. ``by_hallmark`` counts tags, of which a case may have several (R23);
    ``review`` says whether the year's review of the routine was done (O27); ``faults_are_complaints`` that
    felanmälningar are among the complaints (O4), though they are a type of their own.
    """

    period: Period
    scope: Scope
    made_on: date
    columns: tuple[ListColumn, ...]
    total: int | None
    by_unit: tuple[Figure, ...]
    by_type: tuple[Figure, ...]
    by_area: tuple[Figure, ...]
    by_channel: tuple[Figure, ...]
    by_month: tuple[Figure, ...]
    by_outcome: tuple[Figure, ...]
    kept: tuple[Kept, ...]
    answered: Median
    closed: Median
    agreed: tuple[Agreed, ...]
    years: tuple[YearLine, ...]
    lines: tuple[ListLine, ...] = ()
    gaps: tuple[str, ...] = ()
    causes: tuple[tuple[str, str], ...] = ()
    by_hallmark: tuple[Figure, ...] = ()
    review: str = ""
    helped: tuple[Helped, ...] = ()
    faults_are_complaints: bool = False
