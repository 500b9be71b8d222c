"""What the folds said is kept beside the letters, and used only while it is still true."""

from functools import partial

import numpy as np
import pytest

from cases.errors import ModelError
from classifier.evaluation import evaluate_kept
from classifier.heads.features import VIEWS
from classifier.heads.kept import keep_scores, kept_scores
from classifier.heads.weights import OUTPUTS
from classifier.model import blank_pipeline
from classifier.training import Course, first_scores, folds_name, give_encoder
from tests.classifier.tiny import HashEncoder, write_sample


def course(folder):
    nlp = blank_pipeline()
    give_encoder(nlp, HashEncoder())
    return Course.read(nlp, folder)


def named(folder, seed: int = 3) -> str:
    return folds_name(course(folder), 2, seed)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A folder with the first lines of the sample."""
    folder = tmp_path_factory.mktemp("fewer")
    lines = write_sample(folder / "sample.jsonl", 200).read_text(encoding="utf-8").splitlines()
    (folder / "sample.jsonl").write_text("\n".join(lines[:5]), encoding="utf-8")
    return folder


def test_they_are_learnt_once(few, monkeypatch) -> None:
    said = np.random.default_rng(4).normal(size=(5, OUTPUTS)) * 5
    answers = iter([said])
    monkeypatch.setattr("classifier.training.unseen_scores", lambda *_, **__: next(answers))
    ask = partial(first_scores, course(few), few, 2, 3, run=map)
    assert ask(keep=True)[1] is False
    again, kept = ask(keep=False)
    assert kept
    assert np.allclose(again, said, atol=0.01)
    with pytest.raises(StopIteration):
        first_scores(course(few), few, 2, 4, run=map, keep=False)


@pytest.mark.parametrize(
    ("was", "is_now"), [('"severity": "normal"', '"severity": "allvarlig"'), ("hej fyra", "goddag fyra")]
)
def test_where_a_letter_differs_they_are_not_asked(few, tmp_path, was: str, is_now: str) -> None:
    text = (few / "sample.jsonl").read_text(encoding="utf-8")
    (tmp_path / "sample.jsonl").write_text(text.replace(was, is_now, 1), encoding="utf-8")
    assert named(tmp_path) != named(few) == named(few)


def test_nor_where_the_learning_or_what_is_seen_differs(few, monkeypatch) -> None:
    names = {named(few), named(few, seed=4)}
    monkeypatch.setattr("classifier.training.PENALTY", 0.2)
    names.add(named(few))
    monkeypatch.setitem(VIEWS, "words", VIEWS["signs"])
    names.add(named(few))
    assert len(names) == 4


def test_nothing_is_told_of_what_was_kept_of_others(few) -> None:
    with pytest.raises(ModelError, match="utan --kept"):
        evaluate_kept(few, encoder=HashEncoder(), folds=2, seed=9)


def test_what_was_kept_under_another_name_is_not_taken(tmp_path) -> None:
    keep_scores(tmp_path, "one", np.ones((2, 3)))
    assert kept_scores(tmp_path, "another") is None
    assert kept_scores(tmp_path, "one").tolist() == np.ones((2, 3)).tolist()
    assert kept_scores(tmp_path / "letters.jsonl", "one") is None
