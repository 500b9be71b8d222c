"""Plain TF-IDF: words and runs of signs, one logistic regression; the area alone, without reasons."""

import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from tests.bench.subjects import common


def fit(path: Path) -> None:
    """Learn, keep, and say how right it is on the fold."""
    rows = common.rows()
    kept, held = common.sides(len(rows))
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    signs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, signs), LogisticRegression(C=10, max_iter=300))
    model.fit([common.text_of(rows[i]) for i in kept], [rows[i]["area"] for i in kept])
    path.write_bytes(pickle.dumps(model))
    chances = model.predict_proba([common.text_of(rows[i]) for i in held])
    ranked = [[model.classes_[i] for i in np.argsort(-row)] for row in chances]
    common.say(common.accuracy([rows[i] for i in held], ranked))


def load(path: Path) -> Callable[[Sequence[common.Pair]], object]:
    model = pickle.loads(path.read_bytes())
    return lambda letters: model.predict_proba([f"{subject}\n{body}" for subject, body in letters])


if __name__ == "__main__":
    where = Path(sys.argv[2])
    fit(where) if sys.argv[1] == "fit" else common.run(lambda: load(where))
