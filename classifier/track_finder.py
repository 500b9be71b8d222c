"""Which special tracks a letter belongs to: its wordings weighed with what the heads say of area, type and flags."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Evidence, Severity
from cases.routing.tracks import SuggestedTrack, Track
from classifier.heads.calibration import Reading
from classifier.words.danger import DANGER
from classifier.words.life import SELF_HARM
from classifier.words.passage import Passage
from classifier.words.tracks import CARE_WRONGS, OFFERS_PROPOSAL, WORDINGS
from classifier.words.wordings import lower, sentence

# How often a wording, a flag rule and the heads together were right where they were counted (docs/classifier.md).
_BY_WORDS = 0.9
_BY_RULE = 0.6
_LEAST = 0.5
_LEAST_FLAG = 0.4
_SCHOOL = (Area.FORSKOLA, Area.GRUNDSKOLA, Area.GYMNASIUM_VUX)
_CARE = (Area.ALDREOMSORG, Area.FUNKTIONSSTOD)
_FLAG_TRACKS = {Track.OROSANMALAN: FlagKind.OROSANMALAN, Track.VISSELBLASNING: FlagKind.VISSELBLASNING}


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter's tracks are read from: its text made plain, and what the components before said of it."""

    text: str
    reading: Reading
    rules: Mapping[FlagKind, Passage]
    passages: Mapping[FlagKind, Passage]
    evidence: Sequence[Evidence]

    def share(self, areas: Sequence[Area]) -> float:
        """How likely one of these areas is, 0 to 1."""
        return sum(self.reading.areas.get(area, 0.0) for area in areas)

    @property
    def serious(self) -> bool:
        """Whether the heads call it serious."""
        return self.reading.severity is Severity.ALLVARLIG

    @property
    def complains(self) -> bool:
        """Whether something is wrong in the writer's eyes: neither praise nor an idea."""
        return self.reading.type not in (CaseType.BEROM, CaseType.FORSLAG)


def find_tracks(letter: Letter) -> tuple[SuggestedTrack, ...]:
    """The tracks of a letter, the most pressing first; each once, as whatever was surest of it says."""
    found: dict[Track, SuggestedTrack] = {}
    for one in (*_by_words(letter), *_by_flags(letter), *_by_heads(letter)):
        if one.track not in found or one.confidence > found[one.track].confidence:
            found[one.track] = one
    return tuple(found[track] for track in Track if track in found)


def _by_words(letter: Letter) -> Iterator[SuggestedTrack]:
    low = lower(letter.text)
    for track, wording in WORDINGS.items():
        where = wording.find(low)
        if where is not None and _fits(track, letter, low):
            yield _suggested(track, letter.text, where, _BY_WORDS)
    if (where := SELF_HARM.find(low)) is not None:
        yield _suggested(Track.AKUT_FARA, letter.text, where, _BY_RULE)
    if letter.share(_CARE) >= _LEAST and letter.complains and (where := CARE_WRONGS.find(low)) is not None:
        yield _suggested(Track.LEX_SARAH, letter.text, where, _BY_RULE)


def _fits(track: Track, letter: Letter, low: str) -> bool:
    """Whether the wording of a track is believed in this letter: some mean it only beside an area or a type."""
    match track:
        case Track.KRANKNING:
            return letter.share(_SCHOOL) >= _LEAST_FLAG and letter.reading.type is not CaseType.BEROM
        case Track.MEDBORGARFORSLAG:
            said = "medborgarförslag" in low.partition("\n")[0] or OFFERS_PROPOSAL.search(low) is not None
            return said or letter.reading.type is CaseType.FORSLAG
        case Track.AKUT_FARA:
            return letter.serious or DANGER.search(low) is not None
        case Track.BROTT | Track.MILJOANMALAN | Track.SKADESTAND:
            return letter.complains
        case _:
            return True


def _by_flags(letter: Letter) -> Iterator[SuggestedTrack]:
    for track, kind in _FLAG_TRACKS.items():
        chance = max(letter.reading.flags.get(kind, 0.0), _BY_RULE if kind in letter.rules else 0.0)
        passage = letter.rules.get(kind) or letter.passages.get(kind)
        if passage is not None and chance >= _LEAST_FLAG:
            yield _suggested(track, letter.text, passage, chance)


def _by_heads(letter: Letter) -> Iterator[SuggestedTrack]:
    """Tracks that area, type and severity tell together; the passage is the one that spoke loudest for the area."""
    for track, chance in _heads(letter):
        if chance >= _LEAST:
            at = max(letter.evidence, key=lambda e: e.weight, default=None)
            where = sentence(letter.text, at.start, at.end) if at else Passage(0, 0)
            yield _suggested(track, letter.text, where, chance)


def _heads(letter: Letter) -> Iterator[tuple[Track, float]]:
    kind, sure = letter.reading.type, letter.reading.type_confidence
    if kind is CaseType.FELANMALAN:
        yield Track.FELANMALAN, sure
    if kind in (CaseType.KLAGOMAL, CaseType.FELANMALAN):
        yield Track.MILJOANMALAN, letter.share([Area.MILJO_HALSA])
    if kind is CaseType.KLAGOMAL:
        yield Track.SKOLKLAGOMAL, min(sure, letter.share(_SCHOOL))
        if letter.serious:
            yield Track.LEX_SARAH, letter.share(_CARE)
            yield Track.VARDSKADA, letter.share([Area.HALSO_SJUKVARD])


def _suggested(track: Track, text: str, where: Passage, confidence: float) -> SuggestedTrack:
    return SuggestedTrack(track, text[where.start : where.end], where.start, where.end, round(confidence, 3))
