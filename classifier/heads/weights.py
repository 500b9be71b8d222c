"""What training leaves behind: the heads' weights on every view, their calibration and thresholds; kept as files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.heads.features import VIEWS, Row, Scale, Vocabulary
from classifier.heads.labels import AREAS, FLAGS, SEVERITIES, TYPES

# Where each head's outputs lie among the columns of a score row.
AREA_AT = slice(0, len(AREAS))
TYPE_AT = slice(AREA_AT.stop, AREA_AT.stop + len(TYPES))
SEVERITY_AT = slice(TYPE_AT.stop, TYPE_AT.stop + len(SEVERITIES) - 1)
FLAG_AT = slice(SEVERITY_AT.stop, SEVERITY_AT.stop + len(FLAGS))
OUTPUTS = FLAG_AT.stop
DENSE = "embedding"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns scores into promises: softmax temperatures, and the cut on a flag's or severity step's probability."""

    area: float
    type: float
    severity: tuple[float, ...]
    flags: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class HeadWeights:
    """All heads at once: ``tables[view]`` has shape (features, outputs), ``constant`` (outputs,)."""

    vocabularies: dict[str, Vocabulary]
    scale: Scale
    tables: dict[str, Array]
    constant: Array

    def mixed(self, matrix: Array, shift: Array) -> "HeadWeights":
        """The same heads with ``scores @ matrix + shift`` taken into the weights."""
        tables = {view: np.asarray(table @ matrix, np.float32) for view, table in self.tables.items()}
        return HeadWeights(self.vocabularies, self.scale, tables, self.constant @ matrix + shift)

    def rows(self, doc: Doc) -> dict[str, Row]:
        """The letter in each view; both `scores` and `shares` want it."""
        return {view: self.vocabularies[view].row(doc._.traces[view]) for view in VIEWS}

    def scores(self, doc: Doc, rows: Mapping[str, Row]) -> Array:
        """One score per output, shape (outputs,)."""
        total = self.constant + self.scale(doc._.embedding.vector) @ self.tables[DENSE]
        for view, row in rows.items():
            total = total + row.values @ self.tables[view][row.columns]
        return np.asarray(total, np.float64)

    def shares(self, doc: Doc, rows: Mapping[str, Row], asked: Array) -> Array:
        """What each token adds to scores ``asked``, a column a mixture of outputs: shape (tokens, columns of asked)."""
        found = self._dense_shares(doc, asked)
        for view, row in rows.items():
            each = row.values / np.bincount(row.at, minlength=len(row.columns))
            parts = (self.tables[view][row.columns] @ asked) * each[:, None]
            _add(found, row.tokens, parts[row.at])
        return found

    def _dense_shares(self, doc: Doc, asked: Array) -> Array:
        """The embedding is a sum over pieces, so a piece's share goes to the token its middle lies in."""
        found = np.zeros((len(doc), asked.shape[1]))
        spans = np.array(doc._.embedding.spans, np.float64).reshape(-1, 2)
        inside = spans[:, 1] > spans[:, 0]
        if inside.any() and len(doc):
            ends = np.array([token.idx + len(token) for token in doc])
            at = np.minimum(np.searchsorted(ends, spans[inside].mean(axis=1), side="right"), len(doc) - 1)
            _add(found, at, doc._.embedding.pieces[inside] @ (self.tables[DENSE] @ asked) / self.scale.spread)
        return found

    def save(self, folder: Path) -> None:
        """Writes ``heads.npz``; weights as float16, whose error is far below the scores' own."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Array] = {f"table_{view}": table.astype(np.float16) for view, table in self.tables.items()}
        for view, words in self.vocabularies.items():
            arrays |= {f"codes_{view}": words.codes.astype(np.uint32)}
            arrays |= {f"idf_{view}": words.weights.astype(np.float32)}
        arrays |= {"mean": self.scale.mean, "spread": np.array(self.scale.spread), "constant": self.constant}
        np.savez(folder / "heads.npz", allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> "HeadWeights":
        """Reads what `save` wrote. Raises `ModelError` where it is missing."""
        path = folder / "heads.npz"
        if not path.is_file():
            raise ModelError(f"Modellen saknar {path}: bygg den igen (make install)")
        with np.load(path) as found:
            words = {
                view: Vocabulary(found[f"codes_{view}"].astype(np.int64), found[f"idf_{view}"].astype(np.float64))
                for view in VIEWS
            }
            # As float16 they stay half as large; a letter's own rows are widened when they are multiplied.
            tables = {view: found[f"table_{view}"] for view in VIEWS}
            tables |= {DENSE: found[f"table_{DENSE}"].astype(np.float32)}
            scale = Scale(found["mean"], float(found["spread"]))
            return cls(words, scale, tables, found["constant"])


def _add(total: Array, at: Array, parts: Array) -> None:
    """Adds each row of ``parts`` to the row of ``total`` that ``at`` names for it."""
    for column in range(total.shape[1]):
        total[:, column] += np.bincount(at, parts[:, column], len(total))


def save_calibration(calibration: Calibration, folder: Path) -> None:
    """Writes ``calibration.json``."""
    row: dict[str, object] = {"area": calibration.area, "type": calibration.type}
    row |= {"severity": list(calibration.severity), "flags": dict(zip(FLAGS, calibration.flags, strict=True))}
    (folder / "calibration.json").write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


def load_calibration(folder: Path) -> Calibration:
    """Reads what `save_calibration` wrote."""
    row = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    return Calibration(row["area"], row["type"], tuple(row["severity"]), tuple(row["flags"][f] for f in FLAGS))
