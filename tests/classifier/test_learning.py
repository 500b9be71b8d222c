"""The mathematics under the heads: slopes, fits, folds, calibration and measures."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import ndtri

from cases.routing.flags import FlagKind
from classifier.heads.calibration import temperature
from classifier.heads.cuts import flag_cut
from classifier.heads.folds import source_folds, stratified_folds
from classifier.heads.scores import automatic_share, calibration_error, macro_f1, top
from classifier.heads.solver import Problem, descend, each_of, one_of, sigmoid, softmax


@pytest.fixture
def chance():
    return np.random.default_rng(5)


@pytest.mark.parametrize("loss", [one_of, each_of])
def test_slopes_are_the_slopes_of_the_costs(loss, chance):
    scores, targets = chance.normal(size=(4, 3)), chance.dirichlet([1, 1, 1], size=4)
    _, slope = loss(scores, targets)
    for at in np.ndindex(scores.shape):
        step = np.zeros_like(scores)
        step[at] = 1e-6
        numeric = (loss(scores + step, targets)[0] - loss(scores - step, targets)[0]) / 2e-6
        assert slope[at] == pytest.approx(numeric, abs=1e-5)


def test_learns_what_can_be_told_apart(chance):
    classes = chance.integers(0, 3, 90)
    points = np.eye(3)[classes] * 3 + chance.normal(size=(90, 3)) * 0.3
    fit = Problem(two_views(points)).fit(np.eye(3)[classes], one_of, 0.1)
    assert fit(two_views(np.eye(3) * 3)).argmax(axis=1).tolist() == [0, 1, 2]


def two_views(points):
    return {"words": csr_matrix(points[:, :2]), "meaning": points[:, 2:]}


@pytest.mark.parametrize("loss", [one_of, each_of])
def test_nothing_lower_lies_beside_what_is_found(loss, chance):
    points, targets = chance.normal(size=(60, 5)), chance.dirichlet([1, 1, 1], size=60)
    fit = Problem(two_views(points)).fit(targets, loss, 0.5, steps=200)
    weights = np.vstack([fit.weights["words"], fit.weights["meaning"]])
    _, back = loss(points @ weights + fit.constant, targets)
    assert np.abs(points.T @ back + 0.5 * weights).max() < 0.02
    assert np.abs(back.sum(axis=0)).max() < 0.02


def test_descends_a_narrow_valley():
    def valley(at):
        x, y = at.astype(np.float64)
        steep = np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2, steep.astype(np.float32)

    assert descend(valley, np.array([-1.2, 1.0], np.float32), 300) == pytest.approx([1, 1], abs=0.05)


def test_folds_hold_every_letter_once_and_every_label_in_proportion():
    labels = ["a"] * 50 + ["b"] * 25
    folds = stratified_folds(labels, 5, 1)
    assert sorted(np.concatenate(folds).tolist()) == list(range(75))
    assert all(sum(labels[i] == "a" for i in fold) == 10 for fold in folds)
    assert all((a == b).all() for a, b in zip(folds, stratified_folds(labels, 5, 1), strict=True))


def test_a_source_is_held_out_whole():
    assert [fold.tolist() for fold in source_folds(["x", "y", "x"])] == [[0, 2], [1]]


def test_sources_are_held_out_in_parts_of_about_one_size():
    sources = ["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"]
    parts = [{sources[i] for i in part} for part in source_folds(sources, 2)]
    assert parts == [{"a", "d"}, {"b", "c"}]
    assert sorted(np.concatenate(source_folds(sources, 2)).tolist()) == list(range(11))


def test_temperature_cools_the_overconfident(chance):
    scores = chance.normal(size=(600, 4)) * 2
    truth = (scores + chance.gumbel(size=(600, 4))).argmax(axis=1)
    found = temperature(scores * 3, np.eye(4)[truth])
    assert found == pytest.approx(3, rel=0.25)
    assert calibration_error(softmax(scores * 3 / found), np.eye(4)[truth]) < 0.08


def mailbox(kind: FlagKind, apart: float, share: float = 0.1) -> tuple[float, float]:
    """Recall and precision of a flag that ``share`` of 4,000 letters have, scored so many steps above the others."""
    many = int(4000 * share)
    steps = [ndtri((np.arange(n) + 0.5) / n) for n in (many, 4000 - many)]
    odds = np.concatenate([steps[0] + apart, steps[1]]) - 3
    chances, truth = sigmoid(odds), np.repeat([1.0, 0.0], [many, 4000 - many])
    said = chances >= flag_cut(kind, chances, truth)
    return float(said[:many].mean()), float(said[:many].sum() / said.sum())


def test_where_both_can_be_had_the_cut_is_as_safe_from_chance_on_either_side():
    recall, precision = mailbox(FlagKind.BARN, 3.8)
    errors = (0.9 * 0.1 / 400) ** 0.5, (0.6 * 0.4 / (400 * recall / precision)) ** 0.5
    assert (recall - 0.9) / errors[0] == pytest.approx((precision - 0.6) / errors[1], abs=0.4)
    assert min(recall - 0.9, precision - 0.6) > 0.02


def test_a_critical_flag_is_asked_more_recall():
    assert mailbox(FlagKind.HOT_VALD, 2.9)[0] > mailbox(FlagKind.BARN, 2.9)[0]


def test_where_not_both_can_be_had_misses_weigh_more_as_far_as_patience_goes():
    recall, precision = mailbox(FlagKind.UPPHANDLING, 1.5)
    assert precision == pytest.approx(0.45, abs=0.05)
    assert mailbox(FlagKind.OROSANMALAN, 1.5)[0] > recall


def test_few_letters_do_not_move_the_cut_as_they_happen_to_lie(chance):
    odds = np.concatenate([chance.normal(2.5, 1, 20), chance.normal(-1, 1, 380)])
    truth = np.repeat([1.0, 0.0], [20, 380])
    lowest = int(odds[:20].argmin())
    moved = odds.copy()
    moved[lowest] -= 0.5
    cuts = [flag_cut(FlagKind.BARN, sigmoid(rows), truth) for rows in (odds, moved)]
    assert cuts[1] == pytest.approx(cuts[0], rel=0.15)


def test_measures():
    chances = np.array([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.5, 0.1, 0.4]])
    right = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    assert top(chances, right, 1) == pytest.approx(1 / 3)
    assert top(chances, right, 2) == 1
    assert automatic_share(chances, right, 0.99) == pytest.approx(1 / 3)
    assert macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1])) == pytest.approx(2 / 3)
    assert sigmoid(np.array([-800.0, 0.0, 800.0])).tolist() == [0, 0.5, 1]
