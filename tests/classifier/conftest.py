"""One tiny model for all tests of the room."""

import pytest

from classifier.model import SpacyClassifier
from classifier.training import train
from tests.classifier.tiny import HashEncoder, write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("letters") / "sample.jsonl")


@pytest.fixture(scope="session")
def folder(sample, tmp_path_factory):
    out = tmp_path_factory.mktemp("model")
    train(sample, out, encoder=HashEncoder(), seed=3, folds=2)
    return out


@pytest.fixture(scope="session")
def model(folder):
    return SpacyClassifier.load(folder, encoder=HashEncoder())
