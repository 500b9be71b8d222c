"""The classifier with what a municipality's own letters have taught it: retrained heads, and the units it added."""

import filecmp
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cases.routing.suggestion import Suggestion
from classifier.arrays import Array
from classifier.encoder.port import Embedder, Embedding
from classifier.finding import find_pipe
from classifier.folder import MANIFEST, shipped_version
from classifier.heads.labels import read_letters
from classifier.local.letters import LocalLetter, write_training
from classifier.local.unit_head import UNITS_FILE, UnitExample, UnitHead, area_row
from classifier.model import SpacyClassifier
from classifier.pipes.embedding import EmbeddingPipe
from classifier.text import readable
from classifier.training import train

_EMBEDDING = "embedding"
_BATCH = 32
_OTHERS = 600
"""Shipped letters that show the unit head what no added unit's letters look like."""


class SharedEncoder:
    """An encoder that remembers its last batch, so that what reads the same letters again need not encode them again.

    Safe from several threads: each call ends with a memory of its own.
    """

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._last: dict[str, Embedding] = {}

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """One embedding per text, in order."""
        last = self._last
        new = [text for text in dict.fromkeys(texts) if text not in last]
        made = dict(zip(new, self._inner.embed(new), strict=True)) if new else {}
        found = {text: made.get(text) or last[text] for text in texts}
        self._last = found
        return iter([found[text] for text in texts])


class LocalClassifier:
    """`cases.routing.suggestion.Classifier`: a saved model, its unit head, and the shipped one for what must stay.

    ``guard`` says which flags and special tracks a letter has. Only unflagged letters are learnt from, so heads
    trained on them would learn to raise none; that is why it is never theirs to say. None: the model says itself.
    """

    def __init__(
        self, model: SpacyClassifier, head: UnitHead | None = None, guard: SpacyClassifier | None = None
    ) -> None:
        self.model = model
        self.head = head
        self._guard = guard
        pipe = find_pipe(model.nlp, EmbeddingPipe)
        self._encoder = SharedEncoder(pipe.encoder)
        for one in (model, guard):
            if one is not None:
                find_pipe(one.nlp, EmbeddingPipe).encoder = self._encoder

    @classmethod
    def load(cls, folder: Path, *, shipped: Path, encoder: Embedder | None = None) -> "LocalClassifier":
        """The model in ``folder``, guarded by the shipped one where it is another. Raises `ModelError`."""
        model = SpacyClassifier.load(folder, encoder=encoder)
        guard = None if folder == shipped else SpacyClassifier.load(shipped, encoder=encoder)
        return cls(model, UnitHead.load(folder), guard)

    @property
    def version(self) -> str:
        return self.model.version

    def suggest(self, subject: str, body: str) -> Suggestion:
        """The suggestion for one letter."""
        return self.suggest_many([(subject, body)])[0]

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        """The suggestions for several letters, in their order."""
        parts = (letters[at : at + _BATCH] for at in range(0, len(letters), _BATCH))
        return [made for part in parts for made in self._batch(part)]

    def _batch(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        made = self.model.suggest_many(letters)
        if self._guard is not None:
            guarded = self._guard.suggest_many(letters)
            made = [replace(one, flags=safe.flags, tracks=safe.tracks) for one, safe in zip(made, guarded, strict=True)]
        if self.head is None:
            return made
        vectors = self.embed([one.text for one in made])
        return [self._with_unit(one, vector) for one, vector in zip(made, vectors, strict=True)]

    def embed(self, texts: Sequence[str]) -> list[Array]:
        """The letters' embeddings."""
        return [found.vector for found in self._encoder.embed([readable(text) for text in texts])]

    def _with_unit(self, made: Suggestion, vector: Array) -> Suggestion:
        unit, sure = self.head.suggest(vector, _areas(made)) if self.head else ("", 0.0)
        return replace(made, unit_id=unit, unit_confidence=sure, doubt="") if unit else made


def _areas(made: Suggestion) -> Array:
    row: Array = area_row({ranked.area.value: ranked.confidence for ranked in made.areas})
    return row


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a challenger is made of: the shipped letters and model, and how models are trained and loaded.

    ``encoder`` is the folder of the encoder every model shares, or an object in its place (then ``load`` must hand it
    to the model).
    """

    shipped_letters: Path
    shipped_model: Path
    encoder: Embedder | Path
    load: Callable[[Path], LocalClassifier]
    seed: int = 1
    folds: int = 5

    @property
    def base(self) -> str:
        """Names the shipped model."""
        return shipped_version(self.shipped_model)

    def train(self, local: Sequence[LocalLetter], out: Path, name: str) -> None:
        """Train heads on the shipped letters but the locked ones, and on the local ones, into the folder ``out``.

        The letters lie in a file of their own while the training runs, closed to others, and nowhere afterwards.
        """
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".making-letters-") as scratch:
            letters = Path(scratch) / "letters"
            write_training(letters, self.shipped_letters, local)
            train(letters, out, encoder=self.encoder, seed=self.seed, folds=self.folds)
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        manifest |= {"version": name, "base": self.base}
        (out / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self._share_encoder(out)

    def copy(self, model: Path, out: Path, name: str) -> None:
        """The same heads under another name, for new units beside them."""
        own = shutil.ignore_patterns(_EMBEDDING, "record.json", UNITS_FILE)
        shutil.copytree(model, out, dirs_exist_ok=True, ignore=own)
        if (model / _EMBEDDING).is_dir():
            shutil.copytree(model / _EMBEDDING, out / _EMBEDDING, dirs_exist_ok=True)
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8")) | {"version": name, "base": self.base}
        (out / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self._share_encoder(out)

    def _share_encoder(self, out: Path) -> None:
        """The encoder is a hundred megabytes and the same for all: one file under several names where that works."""
        if not isinstance(self.encoder, Path):
            return
        for file in (out / _EMBEDDING).iterdir():
            same = self.encoder / file.name
            if same.is_file() and filecmp.cmp(same, file, shallow=False):
                _link(same, file)

    def teach_units(self, model: LocalClassifier, local: Sequence[LocalLetter], folder: Path) -> UnitHead | None:
        """Learn the units that answer for no area, and save the head in ``folder``."""
        if not any(letter.area is None for letter in local):
            return None
        head = UnitHead.learn([*self._examples(model, local), *self._others(model)])
        if head is not None:
            head.save(folder)
        return head

    def _examples(self, model: LocalClassifier, local: Sequence[LocalLetter]) -> list[UnitExample]:
        made = model.model.suggest_many([_split(letter.text) for letter in local])
        vectors = model.embed([letter.text for letter in local])
        return [
            UnitExample(vector, _areas(said), "" if letter.area else letter.unit_id, letter.sender)
            for letter, said, vector in zip(local, made, vectors, strict=True)
        ]

    def _others(self, model: LocalClassifier) -> list[UnitExample]:
        texts = [letter.text for letter in read_letters(self.shipped_letters)]
        texts = texts[:: max(1, len(texts) // _OTHERS)]
        made = model.model.suggest_many([_split(text) for text in texts])
        pairs = zip(made, model.embed(texts), strict=True)
        return [UnitExample(vector, _areas(said), "", f"shipped-{i}") for i, (said, vector) in enumerate(pairs)]


def _split(text: str) -> tuple[str, str]:
    subject, _, body = text.partition("\n")
    return subject, body


def _link(same: Path, file: Path) -> None:
    beside = file.with_name(f".{file.name}")
    try:
        os.link(same, beside)
    except OSError:
        # Another disk, or another owner's file: the copy stays.
        return
    beside.replace(file)
