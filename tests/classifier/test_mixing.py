"""The second stage lifts what the first pulled down, hears the other heads, and can be taken into the weights."""

import numpy as np
import pytest

from classifier.heads.mixing import Mix, cross_mixed
from classifier.heads.solver import sigmoid
from classifier.heads.weights import AREA_AT, FLAG_AT, OUTPUTS, SEVERITY_AT, TYPE_AT, HeadWeights

COUNT = 3000


@pytest.fixture(scope="module")
def world():
    """Letters of a common and a rare type; the first stage knows them but leans on the common one."""
    chance = np.random.default_rng(2)
    goals = np.zeros((COUNT, OUTPUTS))
    goals[np.arange(COUNT), chance.integers(0, AREA_AT.stop, COUNT)] = 1
    rare = chance.random(COUNT) < 0.15
    goals[np.arange(COUNT), TYPE_AT.start + rare] = 1
    goals[:, FLAG_AT.start] = chance.random(COUNT) < 0.3
    goals[:, SEVERITY_AT.start] = goals[:, FLAG_AT.start]
    scores = 3 * goals + chance.normal(size=goals.shape)
    scores[:, SEVERITY_AT] = chance.normal(size=(COUNT, 2))
    scores[:, TYPE_AT.start + 1] -= 3
    return scores, goals


def test_a_rare_type_is_found_again(world):
    scores, goals = world
    rare = goals[:, TYPE_AT.start + 1] > 0
    before, after = (s[:, TYPE_AT].argmax(axis=1) == 1 for s in (scores, cross_mixed(scores, goals)))
    assert before[rare].mean() < 0.6
    assert after[rare].mean() > 0.75


def test_one_head_hears_another(world):
    scores, goals = world
    level, flag = SEVERITY_AT.start, goals[:, FLAG_AT.start] > 0
    after = sigmoid(cross_mixed(scores, goals)[:, level])
    assert after[flag].mean() > after[~flag].mean() + 0.02


def test_flags_stay(world):
    scores, goals = world
    assert (Mix.fit(scores, goals)(scores)[:, FLAG_AT] == scores[:, FLAG_AT]).all()


def test_it_is_taken_into_the_weights(world):
    scores, goals = world
    mix, chance = Mix.fit(scores, goals), np.random.default_rng(0)
    heads = HeadWeights({}, None, {"words": chance.normal(size=(7, OUTPUTS))}, chance.normal(size=OUTPUTS))
    row = chance.normal(size=7)
    mixed = heads.mixed(mix.matrix, mix.shift)
    expected = mix(row @ heads.tables["words"] + heads.constant)
    assert row @ mixed.tables["words"] + mixed.constant == pytest.approx(expected, abs=1e-4)
