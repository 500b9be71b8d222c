"""What the classifier suggests about a letter. A person decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag
from cases.routing.incidents import Imprint
from cases.routing.tracks import SuggestedTrack


class CaseType(StrEnum):
    """What kind of matter the letter is (O4, O5)."""

    KLAGOMAL = "klagomal"
    FELANMALAN = "felanmalan"
    BEROM = "berom"
    FORSLAG = "forslag"
    FRAGA = "fraga"
    OVRIGT = "ovrigt"


CASE_TYPE_NAMES: dict[CaseType, str] = {
    CaseType.KLAGOMAL: "Klagomål",
    CaseType.FELANMALAN: "Felanmälan",
    CaseType.BEROM: "Beröm",
    CaseType.FORSLAG: "Förslag",
    CaseType.FRAGA: "Fråga",
    CaseType.OVRIGT: "Övrigt",
}


class Severity(StrEnum):
    """How serious; ``allvarlig`` goes to the nearest manager at once (R7)."""

    LAG = "lag"
    NORMAL = "normal"
    ALLVARLIG = "allvarlig"


SEVERITY_NAMES: dict[Severity, str] = {
    Severity.LAG: "Låg",
    Severity.NORMAL: "Normal",
    Severity.ALLVARLIG: "Allvarlig",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the letter that spoke for the first area: ``text[start:end]``, with its weight (0 to 1)."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class RankedArea:
    """An area with its calibrated confidence, 0 to 1."""

    area: Area
    confidence: float


@dataclass(frozen=True, slots=True)
class SpokenRule:
    """What one of the municipality's own rules said of a letter: its name then, and the unit it puts first."""

    rule_id: str
    name: str
    unit_id: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Everything the model says of one letter.

    ``tracks`` are the special tracks it seems to belong to, the most pressing first; ``doubt`` is why none of the areas
    may be right, in Swedish, empty where one may.

    ``areas`` is ranked, best first, and holds all of them; ``text`` is the very string that the positions in
    ``evidence`` and in the flags count in; ``language`` is ISO 639-1; ``type_confidence`` is 0 to 1. ``unit_id`` is a
    unit that answers for no area and was learnt from confirmations, where the letter is likely its; else empty.
    ``imprint`` finds letters of the same incident and is kept apart from the rest. ``rule`` is none of the model's: a
    rule of the municipality that puts another unit first; ``evidence`` is then what that rule found.
    """

    areas: tuple[RankedArea, ...]
    type: CaseType
    type_confidence: float
    severity: Severity
    flags: tuple[ConfidentialityFlag, ...]
    language: str
    evidence: tuple[Evidence, ...]
    text: str
    model_version: str
    tracks: tuple[SuggestedTrack, ...] = ()
    doubt: str = ""
    unit_id: str = ""
    unit_confidence: float = 0.0
    imprint: Imprint | None = None
    rule: SpokenRule | None = None

    @property
    def named_units(self) -> tuple[str, ...]:
        """The ids of units named besides the areas', the one to be put first before the others."""
        return tuple(one for one in (self.rule.unit_id if self.rule else "", self.unit_id) if one)


class Classifier(Protocol):
    """Reads a letter and suggests. Deterministic for one model version; no network."""

    @property
    def version(self) -> str:
        """Names the model: training data digest and scores stand in its folder."""

    def suggest(self, subject: str, body: str) -> Suggestion:
        """The suggestion for one letter; ``body`` is what the sender newly wrote."""

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        """The same for several letters at once, in their order."""
