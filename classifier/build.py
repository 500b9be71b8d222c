"""Builds the shipped model: encoder, then heads. ``python -m classifier.build``; needs the extra ``build``."""

import argparse
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from classifier.encoder.build import build_encoder
from classifier.labels import read_letters
from classifier.model import DEFAULT_FOLDER, MANIFEST
from classifier.training import LETTERS, train

_SAMPLE = 200  # letters that show the encoder's typical activations


def build(out: Path, letters: Path = LETTERS, *, seed: int = 1) -> dict[str, object]:
    """Writes the model folder ``out`` whole or not at all; returns its manifest."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".model-") as scratch:
        texts = [letter.text for letter in read_letters(letters)]
        build_encoder(Path(scratch) / "encoder", texts[:: max(1, len(texts) // _SAMPLE)])
        manifest = train(letters, Path(scratch) / "model", encoder=Path(scratch) / "encoder", seed=seed)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(Path(scratch) / "model", out)
    return manifest


def main(arguments: list[str]) -> int:
    """Builds where there is no model yet, or with ``--force``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--letters", type=Path, default=LETTERS)
    parser.add_argument("--force", action="store_true")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if (asked.out / MANIFEST).is_file() and not asked.force:
        logging.getLogger(__name__).info("The model is there already: %s", asked.out)
        return 0
    logging.getLogger(__name__).info("%s", build(asked.out, asked.letters)["scores"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
