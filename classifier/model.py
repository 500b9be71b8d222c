"""The trained model as the rest of the house sees it: `cases.routing.suggestion.Classifier`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

import classifier.pipes  # noqa: F401 - makes the components known to spaCy
from cases.errors import ModelError
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.incidents import Imprint
from cases.routing.suggestion import Evidence, RankedArea, Severity, Suggestion
from cases.routing.tracks import SuggestedTrack, Track
from classifier.doubt import doubt
from classifier.encoder.port import Embedder
from classifier.finding import find_pipe
from classifier.folder import DEFAULT_FOLDER, MANIFEST
from classifier.heads.calibration import Reading
from classifier.pipes.embedding import EmbeddingPipe
from classifier.pipes.heads import HeadsPipe
from classifier.printer import Printer
from classifier.swedish import open_word_lists
from classifier.text import ends, in_whole, letter_text
from classifier.words.passage import Passage

CONFIG = Path(__file__).parent / "configs" / "default.cfg"
_PREFIX = "lyhord_"
_UNLEARNT = ("lyhord_tracks",)
_LONGEST = 1_000_000_000  # spaCy's own guard is for parsers; `readable` bounds our work instead


def blank_pipeline(config: Path = CONFIG) -> Language:
    """The untrained pipeline a config describes."""
    nlp = spacy.util.load_model_from_config(spacy.util.load_config(config), auto_fill=True)
    nlp.max_length = _LONGEST
    return nlp


def files_of(folder: Path) -> dict[str, int]:
    """The files of a model's folder but its manifest, and how many bytes each has: what the manifest says of them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def digests_of(folder: Path) -> dict[str, str]:
    """The digest (SHA-256) of each of those files: the manifest says these, too."""
    return {name: _digest(folder / name) for name in files_of(folder)}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _check_whole(folder: Path, files: Mapping[str, int], digests: Mapping[str, str]) -> None:
    """Raises `ModelError` for a file that is gone, cut off or changed: another weight gives other suggestions.

    A model of a version that listed no files, or no digests, is taken as it is.
    """
    for name, size in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"Modellen i {folder} är inte hel: filen {name} saknas.")
        if path.stat().st_size != size:
            raise ModelError(
                f"Modellen i {folder} är inte hel: filen {name} är på {path.stat().st_size} byte, inte {size}."
            )
    for name, digest in digests.items():
        if _digest(folder / name) != digest:
            raise ModelError(f"Modellen i {folder} är inte hel: filen {name} är ändrad sedan den gjordes.")


def _add_unlearnt(nlp: Language) -> None:
    """Components that hold nothing learnt, and that a model saved by an older version lacks, join at the end."""
    for factory in _UNLEARNT:
        if not nlp.has_pipe(factory.removeprefix(_PREFIX)):
            nlp.add_pipe(factory, name=factory.removeprefix(_PREFIX))


class SpacyClassifier:
    """Reads letters with a trained pipeline. ``Suggestion.text`` is the subject, a line break, the body."""

    def __init__(self, nlp: Language, version: str) -> None:
        self.nlp = nlp
        self._version = version
        self._print: Printer | None = None

    @classmethod
    def load(cls, folder: Path = DEFAULT_FOLDER, *, encoder: Embedder | None = None) -> "SpacyClassifier":
        """The model saved in ``folder``; ``encoder`` takes the place of the one saved inside it.

        Raises `ModelError` where there is no model, it is damaged, or it was built by other code.
        """
        if not (folder / MANIFEST).is_file():
            raise ModelError(f"Ingen modell i {folder}. Bygg den med lyhord train --out {folder}.")
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            _check_whole(folder, manifest.get("files", {}), manifest.get("digests", {}))
            # Before the encoder has its memory, so that the two do not add up to more than one process may hold.
            open_word_lists()
            nlp = spacy.load(folder)
            _add_unlearnt(nlp)
            version = str(manifest["version"])
        except ModelError:
            raise
        except Exception as error:
            # Damaged files are told of by the libraries that read them, each with errors of its own.
            said = " ".join(str(error).split())[:200]
            raise ModelError(f"Modellen i {folder} är skadad, eller gjord av en annan version ({said}).") from error
        nlp.max_length = _LONGEST
        if encoder is not None:
            find_pipe(nlp, EmbeddingPipe).encoder = encoder
        return cls(nlp, version)

    @property
    def version(self) -> str:
        return self._version

    def suggest(self, subject: str, body: str) -> Suggestion:
        """The suggestion for one letter."""
        return self.suggest_many([(subject, body)])[0]

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        """The suggestions for several letters, in their order."""
        texts = [letter_text(subject, body) for subject, body in letters]
        # Of a long letter the ends: line breaks in the place of a megabyte would cost as much as its words.
        read = self.nlp.pipe(map(ends, texts))
        return [self._suggestion(t, doc) for t, doc in zip(texts, read, strict=True)]

    def _imprint(self, doc: Doc) -> Imprint:
        """What finds letters of the same incident."""
        if self._print is None:
            self._print = Printer.of(find_pipe(self.nlp, EmbeddingPipe), find_pipe(self.nlp, HeadsPipe))
        return self._print(doc)

    def _suggestion(self, text: str, doc: Doc) -> Suggestion:
        reading: Reading = doc._.reading
        return Suggestion(
            areas=tuple(RankedArea(Area(area), chance) for area, chance in reading.areas.items()),
            type=reading.type,
            type_confidence=reading.type_confidence,
            severity=_severity(reading, doc._.tracks),
            flags=_flags(text, reading, doc._.rule_hits, doc._.passages),
            language=doc._.language,
            # The pipeline reads the letter made plain; what is shown is the letter as it came.
            evidence=tuple(_marked(text, mark) for mark in doc._.evidence),
            text=text,
            model_version=self._version,
            imprint=self._imprint(doc),
            tracks=tuple(_placed(text, one) for one in doc._.tracks),
            doubt=doubt(doc, next(iter(reading.areas.values())), doc._.language),
        )


def _marked(text: str, mark: Evidence) -> Evidence:
    start, end = in_whole(text, mark.start, mark.end)
    return replace(mark, start=start, end=end, text=text[start:end])


def _placed(text: str, track: SuggestedTrack) -> SuggestedTrack:
    start, end = in_whole(text, track.start, track.end)
    return replace(track, start=start, end=end, passage=text[start:end])


def _severity(reading: Reading, tracks: tuple[SuggestedTrack, ...]) -> Severity:
    """As the heads say, but danger to somebody is always serious (R7)."""
    return Severity.ALLVARLIG if any(t.track is Track.AKUT_FARA for t in tracks) else reading.severity


def _flags(
    text: str, reading: Reading, rules: dict[FlagKind, Passage], passages: dict[FlagKind, Passage]
) -> tuple[ConfidentialityFlag, ...]:
    """Rule hits are certain; the heads' flags carry their probability. An exact rule has the last word."""
    found = []
    for kind in FlagKind:
        passage = rules.get(kind) or passages.get(kind)
        if passage is None or (kind is FlagKind.PERSONNUMMER and kind not in rules):
            continue
        chance = 1.0 if kind in rules else reading.flags[kind]
        start, end = in_whole(text, passage.start, passage.end)
        found.append(ConfidentialityFlag(kind, FlagState.SUGGESTED, text[start:end], start, end, confidence=chance))
    return tuple(found)
