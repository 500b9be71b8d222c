"""Letters of one incident are told from others that only sound alike."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from cases.routing.incidents import WINDOW_DAYS, likeness, unit
from classifier.folder import DEFAULT_FOLDER, MANIFEST
from classifier.model import SpacyClassifier

_LINES = Path(__file__).with_name("incident_letters.jsonl").read_text(encoding="utf-8").splitlines()
LETTERS = [json.loads(line) for line in _LINES]


def cosine(one: bytes, other: bytes) -> float:
    left, right = (np.frombuffer(v, np.int8).astype(float) for v in (one, other))
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


def imprints(model: SpacyClassifier):
    made = model.suggest_many([(letter["subject"], letter["body"]) for letter in LETTERS])
    return [one.imprint for one in made]


def test_places_are_found_however_they_are_written(model):
    found = [one.places for one in imprints(model)]
    assert found[0] == found[1] == {"lingonstigen"}
    assert all("gångvägen" not in places for places in found)
    (park,) = (f for f, x in zip(found, LETTERS, strict=True) if x["subject"] == "Granen i parken")
    assert park == {"lunnaparken"}


def test_names_of_people_say_nothing_of_the_incident(model):
    imprint = model.suggest("Lampan", "Jag heter Torvald Gransäter och lampan vid Ekbacken är trasig.").imprint
    assert not {"torvald", "gransäter"} & (imprint.places | imprint.words)


def test_the_vector_is_small_and_bears_its_direction(model):
    one, other = model.suggest("Lampan", "Lampan är släckt."), model.suggest("Lampan", "Lampan är släckt.")
    assert one.imprint == other.imprint
    assert len(one.imprint.vector) == 24
    assert one.imprint.space


def test_an_empty_letter_has_an_imprint_like_nothing(model):
    imprint = model.suggest("", "").imprint
    assert likeness(imprint, imprint, 0.0, 0, one_area=True) is None


def test_too_far_apart_in_time_is_another_incident(model):
    one = imprints(model)[0]
    assert likeness(one, one, 1.0, WINDOW_DAYS, one_area=True) is not None
    assert likeness(one, one, 1.0, WINDOW_DAYS + 1, one_area=True) is None


@pytest.mark.model
@pytest.mark.skipif(not (DEFAULT_FOLDER / MANIFEST).is_file(), reason="the model is not built: make install")
def test_one_incident_is_offered_and_the_same_thing_elsewhere_is_not():
    found = imprints(SpacyClassifier.load())
    wrong = []
    for (i, one), (j, other) in combinations(enumerate(LETTERS), 2):
        alike = cosine(found[i].vector, found[j].vector) * unit(found[i].space)
        like = likeness(found[i], found[j], alike, 2, one_area=True)
        if (like is not None) != (one["incident"] == other["incident"]):
            wrong.append((one["subject"], other["subject"]))
    # Of 16 pairs of one incident and 480 others.
    assert len(wrong) <= 2, wrong
