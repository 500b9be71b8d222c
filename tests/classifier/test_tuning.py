"""Tuning the encoder: the net in torch is the encoder that is built, and what it learns comes out whole."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed only where an encoder is tuned: pip install '.[tune]'")

from classifier.encoder.onnx_encoder import OnnxEncoder  # noqa: E402 - torch may be missing
from classifier.encoder.tuning import Tuning  # noqa: E402
from classifier.encoder.weights import Weights  # noqa: E402
from classifier.folder import DEFAULT_FOLDER, LETTERS  # noqa: E402
from classifier.heads.labels import all_targets, read_letters  # noqa: E402
from classifier.heads.tuned import ENCODER, TUNED  # noqa: E402
from classifier.text import readable  # noqa: E402
from classifier.tuning import lesson  # noqa: E402
from classifier.tuning.__main__ import word_rows  # noqa: E402
from classifier.tuning.net import FIRST, Net  # noqa: E402

pytestmark = pytest.mark.model
BUILT = DEFAULT_FOLDER / "embedding"


_WHOLE = 400
"""Signs of a letter that is not cut when tuning; the encoder that is built reads longer ones whole."""


@pytest.fixture(scope="module")
def letters():
    return [letter for letter in read_letters(LETTERS / "train.jsonl") if len(letter.text) < _WHOLE][::120]


def test_the_net_is_the_encoder_that_is_built(letters) -> None:
    net, every = Net(Weights.installed(Tuning.load(TUNED / ENCODER))), np.arange(len(letters))
    mine = lesson.Lower.read(net, word_rows(letters, BUILT)).vectors(net, every).numpy()
    built = np.array([found.vector for found in OnnxEncoder(BUILT).embed([readable(x.text) for x in letters])])
    alike = (mine * built).sum(axis=1) / np.linalg.norm(built, axis=1)
    assert np.median(alike) > 0.99
    assert alike.min() > 0.95


def test_what_is_learnt_is_in_the_tuning(letters, monkeypatch) -> None:
    monkeypatch.setattr(lesson, "EPOCHS", 2)
    weights, goals, every = Weights.installed(), all_targets(letters), np.arange(len(letters))
    lower = lesson.Lower.read(Net(weights), word_rows(letters, BUILT))
    net = lesson.tune(weights, lower, goals, every, seed=1)
    vectors = lower.vectors(net, every)
    assert (net.scores(vectors).detach().numpy()[:, :19].argmax(1) == goals[:, :19].argmax(1)).mean() > 0.8
    assert np.allclose(net.own_head()(vectors.numpy()), net.scores(vectors).detach().numpy(), atol=1e-3)
    again = Net(Weights.installed(net.tuning()))
    assert torch.allclose(lower.vectors(again, every), vectors, atol=0.01)
    assert min(int(name[1:].partition(".")[0]) for name in net.tuning().factors) == FIRST
