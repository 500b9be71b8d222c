"""Builds the shipped model: encoder, then heads. ``python -m classifier.build``; needs the extra ``build``."""

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from classifier.encoder.build import build_encoder
from classifier.encoder.folder import SETTINGS, prepare_encoder, space_of_folder, write_middle
from classifier.encoder.tuning import Tuning
from classifier.folder import DEFAULT_FOLDER, LETTERS, MANIFEST
from classifier.heads.labels import read_letters
from classifier.heads.tuned import ENCODER, HEAD, TUNED
from classifier.text import readable
from classifier.training import train

_SAMPLE = 200  # letters that show the encoder's typical activations


def build(
    out: Path,
    letters: Path = LETTERS,
    *,
    seed: int = 1,
    embedder: Path | None = None,
    folds: int = 5,
    keep_folds: bool = False,
) -> dict[str, object]:
    """Writes the model folder ``out`` whole or not at all; returns its manifest.

    ``embedder`` is a sentence-transformers folder on disk; without one the bundled encoder is built. The manifest names
    which it was. ``keep_folds`` keeps what the folds said beside the letters, so that nobody need learn them again.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".model-") as scratch:
        texts = [letter.text for letter in read_letters(letters)]
        encoder, model = Path(scratch) / "encoder", Path(scratch) / "model"
        sample = texts[:: max(1, len(texts) // _SAMPLE)]
        if embedder is None:
            build_encoder(encoder, sample, Tuning.load(TUNED / ENCODER))
            shutil.copyfile(TUNED / HEAD, encoder / HEAD)
        else:
            prepare_encoder(embedder, encoder, sample)
        write_middle(encoder, [readable(text) for text in sample])
        threads = os.cpu_count() or 1
        manifest = train(
            letters, model, encoder=encoder, seed=seed, folds=folds, threads=threads, keep_folds=keep_folds
        )
        manifest["embedder"] = _named(encoder, embedder)
        (model / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(Path(scratch) / "model", out)
    return manifest


def _named(encoder: Path, embedder: Path | None) -> dict[str, str]:
    """Which encoder the model was trained with; it carries a copy, so the folder may move afterwards."""
    settings = json.loads((encoder / SETTINGS).read_text(encoding="utf-8"))
    source = str(embedder.resolve()) if embedder is not None else ""
    return {"name": str(settings["name"]), "space": space_of_folder(encoder), "folder": source}


def main(arguments: list[str]) -> int:
    """Builds where there is no model yet, or with ``--force``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--letters", type=Path, default=LETTERS)
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--keep-folds", action="store_true", help="after letters, phrases or views have changed")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if (asked.out / MANIFEST).is_file() and not asked.force:
        logging.getLogger(__name__).info("The model is there already: %s", asked.out)
        return 0
    logging.getLogger(__name__).info("%s", build(asked.out, asked.letters, keep_folds=asked.keep_folds)["scores"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
