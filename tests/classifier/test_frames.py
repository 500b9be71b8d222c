"""What was learnt of frames: found at a letter's beginning and end, never in its middle."""

import numpy as np
import pytest

from classifier.folder import LETTERS
from classifier.heads.frames import Blocks, Frames
from tests.classifier.tiny import HashEncoder

ABOVE = ["Kvittens från plattformen\nFlöde nummer fyra", "Registrerat av växeln\nKanal telefon"]
BELOW = ["Verktyget skickade utskicket", "Utskicket raderas automatiskt"]
LETTERS_OF_OURS = [
    f"Rubrik\nLampan vid {place} lyser inte. Barnen går där i mörkret." for place in ["skolan", "bron", "parken"]
] * 120


def embedded(text: str):
    return next(HashEncoder().embed([text]))


@pytest.fixture(scope="module")
def frames() -> Frames:
    found = Frames.learn(embedded, LETTERS_OF_OURS, Blocks(ABOVE, BELOW), seed=1)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "body",
    [
        f"{ABOVE[0]}\nLampan vid bron lyser inte. Barnen går där i mörkret.",
        "Lampan vid bron lyser inte. Barnen går där i mörkret.\n" + BELOW[1],
        f"{ABOVE[1]}\n\nLampan vid bron lyser inte. Barnen går där i mörkret.\n\n{BELOW[0]}",
    ],
)
def test_beginning_and_end_are_found(frames: Frames, body: str) -> None:
    text = f"Lampa\n{body}"
    left = text
    for start, end in frames.find(text, embedded(text)):
        left = left.replace(text[start:end], "")
    assert " ".join(left.split()) == "Lampa Lampan vid bron lyser inte. Barnen går där i mörkret."


def test_the_middle_is_the_letters(frames: Frames) -> None:
    text = (
        f"Lampa\nLampan vid bron lyser inte. Barnen går där.\n{BELOW[0]}\nLampan vid skolan lyser inte. Barnen går där."
    )
    assert frames.find(text, embedded(text)) == []


def test_a_text_that_would_be_nothing_else_is_left(frames: Frames) -> None:
    text = f"Lampa\n{ABOVE[0]}\nHej"
    assert frames.find(text, embedded(text)) == []
    assert frames.find("Lampa\n", embedded("Lampa\n")) == []


def test_what_was_learnt_is_kept(frames: Frames, tmp_path) -> None:
    frames.save(tmp_path / "frames")
    again = Frames.load(tmp_path / "frames")
    assert again is not None
    text = f"Lampa\n{ABOVE[0]}\n{LETTERS_OF_OURS[0]}"
    assert again.find(text, embedded(text)) == frames.find(text, embedded(text)) != []
    assert Frames.load(tmp_path) is None
    np.savez(tmp_path / "frames.npz", weights=np.zeros(9), constant=np.array(0.0))
    assert Frames.load(tmp_path) is None, "a municipality's model of the version before is told by words alone"


def test_frames_stand_beside_the_shipped_letters_and_nowhere_else(tmp_path) -> None:
    shipped = Blocks.read(LETTERS)
    assert len(shipped.above) > 100 and len(shipped.below) > 100
    assert len(set(shipped.above)) == len(shipped.above)
    assert Blocks.read(tmp_path) == Blocks([], [])
    assert Frames.learn(embedded, LETTERS_OF_OURS, Blocks([], []), seed=1) is None
