"""The third stage hears what a line cannot: one flag where another is there and a type is not, and the wordings."""

import numpy as np
import pytest

from classifier.heads import joint as stage
from classifier.heads.joint import JUDGED, Joint, cross_judged, judged
from classifier.heads.labels import FLAGS
from classifier.heads.solver import sigmoid
from classifier.heads.weights import AREA_AT, FLAG_AT, OUTPUTS, TYPE_AT

COUNT = 4000
FIRST, SECOND, THIRD = (FLAG_AT.start + at for at in range(3))


@pytest.fixture(scope="module")
def world():
    """Of flags one and two a letter has the first where it has but one of two marks; wordings tell the third."""
    chance = np.random.default_rng(3)
    marks, rules = chance.random((COUNT, 2)) < 0.5, chance.random((COUNT, len(FLAGS))) < 0.2
    scores, goals = chance.normal(size=(COUNT, OUTPUTS)), np.zeros((COUNT, OUTPUTS))
    scores[:, [FIRST, SECOND]] = np.where(marks, 2.0, -2.0) + chance.normal(size=(COUNT, 2)) * 0.3
    goals[:, FIRST] = marks[:, 0] != marks[:, 1]
    goals[:, THIRD] = rules[:, 2]
    return scores, rules, goals


@pytest.fixture(scope="module")
def unseen(world):
    return cross_judged(*world)


@pytest.fixture(scope="module")
def made(world):
    return Joint.fit(*world)


def right(scores, goals, at):
    """How often a cut at even chances is right."""
    return ((sigmoid(scores[:, at]) > 0.5) == (goals[:, at] > 0)).mean()


def test_it_hears_what_no_line_tells(world, unseen):
    scores, _, goals = world
    assert right(scores, goals, FIRST) < 0.6
    assert right(unseen, goals, FIRST) > 0.95


def test_it_hears_the_wordings(world, unseen):
    assert right(unseen, world[2], THIRD) > 0.95


def test_areas_and_types_stay(world, made):
    scores, rules, _ = world
    after = made(scores, rules)
    for at in (AREA_AT, TYPE_AT):
        assert (after[:, at] == scores[:, at]).all()
    assert (after[:, JUDGED] != scores[:, JUDGED]).any()


def test_no_row_is_judged_by_what_has_seen_it(world, monkeypatch):
    scores, rules, goals = world
    seen = []
    monkeypatch.setattr(stage.Joint, "fit", lambda s, r, g, seed: seen.append(s[:, 0]))
    cross_judged(scores, rules, goals)
    assert sum(len(rest) for rest in seen) == 2 * COUNT
    assert not set.intersection(*(set(rest.tolist()) for rest in seen))


def test_few_letters_teach_nothing(world):
    scores, rules, goals = (table[:500] for table in world)
    assert Joint.fit(scores, rules, goals) is None
    assert judged(None, scores, rules) is scores


def test_the_same_letters_and_seed_give_the_same_net(world, made):
    again, other = Joint.fit(*world), Joint.fit(*world, seed=2)
    assert (again.inner == made.inner).all()
    assert (other.inner != made.inner).any()


def test_it_is_kept(world, made, tmp_path):
    scores, rules, _ = world
    made.save(tmp_path)
    assert (Joint.load(tmp_path)(scores, rules) == made(scores, rules)).all()
    assert Joint.load(tmp_path / "elsewhere") is None
