"""The tuned encoder: what is shipped of it, and how its own head joins those that are learnt on words."""

from dataclasses import replace

import numpy as np
import pytest

from cases.errors import ModelError
from classifier.encoder.tuning import Tuning
from classifier.encoder.weights import Weights
from classifier.finding import find_pipe
from classifier.folder import LETTERS
from classifier.heads.labels import read_letters
from classifier.heads.tuned import ENCODER, SHARES, TUNED, Tuned, TunedHead, save_unseen
from classifier.heads.weights import DENSE, OUTPUTS
from classifier.model import blank_pipeline
from classifier.pipes.embedding import EmbeddingPipe
from classifier.training import Course, fit_weights, give_encoder
from tests.classifier.tiny import DIMENSION, HashEncoder

FIRST_TUNED, LAST = "l6.ao", "l11.ao"


@pytest.fixture
def head():
    draw = np.random.default_rng(5)
    return TunedHead(draw.normal(size=DIMENSION), draw.normal(size=(DIMENSION, OUTPUTS)), draw.normal(size=OUTPUTS))


@pytest.fixture(scope="module")
def course(sample):
    nlp = blank_pipeline()
    give_encoder(nlp, HashEncoder())
    return Course.of(nlp, read_letters(sample))


def test_a_tuning_comes_back_as_it_was_saved(tmp_path) -> None:
    up, down = np.arange(6.0).reshape(3, 2), np.ones((2, 4))
    Tuning({"a": (up, down)}, {"b": np.array([0.5, 2.0])}).save(tmp_path / ENCODER)
    found = Tuning.load(tmp_path / ENCODER)
    assert found.matrix("a", np.ones((3, 4))).tolist() == (1 + up @ down).tolist()
    assert found.vector("b", np.zeros(2)).tolist() == [0.5, 2.0]
    assert found.matrix("c", up) is up
    assert found.vector("c", np.ones(2)).tolist() == [1, 1]


def test_a_missing_tuning_says_what_to_do(tmp_path) -> None:
    with pytest.raises(ModelError, match="installera Lyhörd på nytt"):
        Tuning.load(tmp_path / ENCODER)


def test_the_shipped_tuning_changes_the_upper_layers_a_little_and_no_other() -> None:
    plain, tuned = Weights.installed(), Weights.installed(Tuning.load(TUNED / ENCODER))
    hidden = plain.shape.hidden
    for layer in range(plain.shape.layers):
        name = f"l{layer}.ao"
        before, after = (w.matrix(f"{name}.w", hidden, hidden) for w in (plain, tuned))
        moved = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert (0.01 < moved < 1) if layer >= int(FIRST_TUNED[1]) else moved == 0
    assert not np.array_equal(*(w.vector(f"{LAST}.b", hidden) for w in (plain, tuned)))


def test_a_head_is_kept_beside_its_encoder(tmp_path, head) -> None:
    assert TunedHead.load(tmp_path) is None
    head.save(tmp_path)
    vectors = np.random.default_rng(6).normal(size=(3, DIMENSION))
    assert np.allclose(TunedHead.load(tmp_path)(vectors), head(vectors))
    pipe = find_pipe(blank_pipeline(), EmbeddingPipe)
    (tmp_path / "encoder.json").write_text("{}")
    assert pipe.head is None
    assert pipe.from_disk(tmp_path).head is not None


def test_letters_it_was_tuned_with_keep_what_was_said_before(tmp_path, monkeypatch, head, course) -> None:
    letters, vectors = course.letters[:3], course.seen.vectors[1:3]
    asked = []

    def vectors_of(new):
        asked.extend(letter.text for letter in new)
        return vectors

    said = np.random.default_rng(8).normal(size=(2, OUTPUTS))
    save_unseen(tmp_path, [letter.text for letter in letters[:2]], said)
    monkeypatch.setattr("classifier.heads.tuned.TUNED", tmp_path)
    reworded = replace(letters[1], text=letters[1].text + " Tack!")
    told = Tuned.of(head, [letters[0], reworded, letters[2]], vectors_of).told
    assert asked == [reworded.text, letters[2].text]
    assert np.allclose(told[0], said[0] * SHARES, atol=0.05)
    assert np.allclose(told[1:], head(vectors) * SHARES)


def test_the_shipped_letters_have_been_told_of_unseen() -> None:
    letters = read_letters(LETTERS / "train.jsonl")
    silent = TunedHead(np.zeros(2), np.zeros((2, OUTPUTS)), np.zeros(OUTPUTS))
    told = Tuned.of(silent, letters, lambda new: np.zeros((len(new), 2))).told
    assert (np.abs(told).sum(axis=1) > 0).all()


def test_its_head_stands_beside_heads_learnt_on_the_words_alone(head, course) -> None:
    tuned = replace(course, tuned=Tuned(head, head(course.seen.vectors) * SHARES))
    views, heads = tuned.learn()
    assert DENSE not in heads.weights
    weights = fit_weights(tuned)
    words = sum(views.tables(course.seen)[view] @ table for view, table in heads.weights.items()) + heads.constant
    dense = (course.seen.vectors - weights.scale.mean) / weights.scale.spread @ weights.tables[DENSE]
    assert np.allclose(tuned.scored(views, heads), words + head(course.seen.vectors) * SHARES)
    assert np.allclose(dense + weights.constant - heads.constant, head(course.seen.vectors) * SHARES, atol=1e-4)


def test_a_part_of_a_course_keeps_its_letters_scores(head, course) -> None:
    tuned = replace(course, tuned=Tuned(head, np.arange(len(course.letters) * OUTPUTS).reshape(-1, OUTPUTS)))
    rows = np.array([5, 2])
    assert tuned.part(rows).tuned.told.tolist() == tuned.tuned.told[rows].tolist()
    assert course.part(rows).tuned is None
