"""Figures of some letters are those letters' own, each read with the calibration of the fold it was held out in."""

import numpy as np
import pytest

from classifier.evaluation import figures
from classifier.heads.labels import FLAGS, SEVERITIES, all_targets, read_letters
from classifier.heads.weights import AREA_AT, OUTPUTS, Calibration


@pytest.fixture(scope="module")
def letters(sample):
    return read_letters(sample)[:30]


def calibration(cut):
    return Calibration(1.0, 1.0, (0.5,) * (len(SEVERITIES) - 1), (cut,) * len(FLAGS))


def test_only_the_asked_letters_count(letters):
    scores = 10 * all_targets(letters) - 5
    scores[:10, AREA_AT] = -scores[:10, AREA_AT]
    parts = [(np.arange(0, 30, 2), calibration(0.5)), (np.arange(1, 30, 2), calibration(0.5))]
    rules = np.zeros((30, len(FLAGS)), bool)
    wrong, right = (figures(scores, letters, parts, rules, rows) for rows in (np.arange(10), np.arange(10, 30)))
    assert (wrong["area_top1"], right["area_top1"]) == (0.0, 1.0)
    assert right["type_accuracy"] == right["severity_accuracy"] == 1.0


def test_each_fold_keeps_its_own_cut(letters):
    parts = [(np.arange(15), calibration(0.9)), (np.arange(15, 30), calibration(0.1))]
    rules = np.zeros((30, len(FLAGS)), bool)
    scores = np.zeros((30, OUTPUTS))
    strict = figures(scores, letters, parts, rules, np.arange(15))
    loose = figures(scores, letters, parts, rules, np.arange(15, 30))
    assert {strict[f"{kind}_recall"] for kind in FLAGS} == {0.0}
    assert any(loose[f"{kind}_recall"] == 1.0 for kind in FLAGS)
