"""What training leaves behind: the heads' weights on every view, their calibration and thresholds; kept as files."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.features import VIEWS, Scale, Vocabulary
from classifier.labels import AREAS, FLAGS, SEVERITIES, TYPES

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

    def scores(self, doc: Doc) -> Array:
        """One score per output, shape (outputs,)."""
        total = self.constant + self.scale(doc._.embedding.vector) @ self.tables[DENSE]
        for view in VIEWS:
            columns, values = self.vocabularies[view].row(doc._.traces[view])
            total = total + values @ self.tables[view][columns]
        return np.asarray(total, np.float64)

    def shares(self, doc: Doc, outputs: list[int]) -> Array:
        """What each token adds to these outputs' scores, shape (tokens, len(outputs))."""
        found = self._dense_shares(doc, outputs)
        for view in VIEWS:
            seen = doc._.traces[view]
            columns, values = self.vocabularies[view].row(seen)
            if not len(columns):
                continue
            each = self.vocabularies[view].columns(seen.codes)
            known = each >= 0
            at = np.searchsorted(columns, each[known])
            value = values[at] / np.bincount(at, minlength=len(columns))[at]
            parts = self.tables[view][each[known]][:, outputs] * value[:, None]
            np.add.at(found, seen.tokens[known], parts)
        return found

    def _dense_shares(self, doc: Doc, outputs: list[int]) -> Array:
        """The embedding is a sum over pieces, so a piece's share goes to the token its middle lies in."""
        found = np.zeros((len(doc), len(outputs)))
        parts = doc._.embedding.pieces @ self.tables[DENSE][:, outputs] / self.scale.spread
        ends = np.array([token.idx + len(token) for token in doc])
        middles = np.array([(start + end) / 2 for start, end in doc._.embedding.spans])
        inside = np.array([end > start for start, end in doc._.embedding.spans], bool)
        if inside.any() and len(doc):
            at = np.minimum(np.searchsorted(ends, middles[inside], side="right"), len(doc) - 1)
            np.add.at(found, at, parts[inside])
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


def save_calibration(calibration: Calibration, folder: Path) -> None:
    """Writes ``calibration.json``."""
    row: dict[str, object] = {"area": calibration.area, "type": calibration.type}
    row |= {"severity": list(calibration.severity), "flags": dict(zip(FLAGS, calibration.flags, strict=True))}
    (folder / "calibration.json").write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


def load_calibration(folder: Path) -> Calibration:
    """Reads what `save_calibration` wrote."""
    row = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    return Calibration(row["area"], row["type"], tuple(row["severity"]), tuple(row["flags"][f] for f in FLAGS))
