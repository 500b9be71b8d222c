"""``lyhord train``: build the model from the shipped letters; ``--local``: learn from the municipality's own, too."""

import argparse
import json
import logging
import os
import signal
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

from cases.errors import NotAllowed
from classifier.folder import DEFAULT_FOLDER, LETTERS, MANIFEST
from classifier.local.model import LocalClassifier, Workshop
from classifier.personal.masking import LetterMasker
from service.bootstrap import House
from service.commands.common import add_config, settings_of
from service.commands.opening import opened
from service.installation.learning import Learner
from service.installation.model_room import model_folder, outcome_words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Letters in, folder out."""
    add_config(parser)
    parser.add_argument(
        "--local", action="store_true", help="träna en utmanare på de medföljande breven och kommunens bekräftade"
    )
    parser.add_argument(
        "--nightly", action="store_true", help="som tjänsten själv om natten: låt en modell som bytts tillbaka vara"
    )
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="FIL", help="träningsbrev, JSONL")
    parser.add_argument(
        "--embedder", type=Path, metavar="MAPP", help="mapp med egen kodare, annars classifier.embedder"
    )
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, metavar="MAPP", help="modellens mapp")
    parser.add_argument("--seed", type=int, default=1, metavar="TAL", help="slumpfrö")
    parser.add_argument("--if-missing", action="store_true", help="bara om det inte redan finns en modell")


def run(asked: argparse.Namespace) -> int:
    """Train and print the scores."""
    if asked.local:
        return run_local(asked)
    if asked.if_missing and (asked.out / MANIFEST).is_file():
        return 0
    # onnxruntime's quantiser advises a step that our graph, written whole by ourselves, has no use for.
    logging.disable(logging.WARNING)
    # Building takes the extra "build", which learning from one's own letters does without.
    manifest = import_module("classifier.build").build(
        asked.out, asked.letters, seed=asked.seed, embedder=_embedder(asked)
    )
    print(json.dumps(manifest.get("scores", {}), ensure_ascii=False, indent=2))
    return 0


def _embedder(asked: argparse.Namespace) -> Path | None:
    """The encoder's folder: as asked for, else as the configuration says where there is one."""
    if asked.embedder is not None:
        return Path(asked.embedder)
    named = settings_of(asked).classifier.embedder if Path(asked.config).is_file() else ""
    return Path(named) if named else None


def run_local(asked: argparse.Namespace) -> int:
    """Train a challenger, let it meet the champion, and say how it went. Raises NotAllowed where it is switched off."""
    settings = settings_of(asked)
    if not settings.classifier.local_training:
        raise NotAllowed(
            "classifier.local_training är false: modellen lär inte av kommunens egna brev. "
            "Skriv true i konfigurationen om kommunen har bestämt det."
        )
    # The service ends a training by SIGTERM: leave as from an error, so that nothing half made stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if hasattr(os, "nice"):
        # Nobody waits for this, and somebody may wait for a suggestion.
        os.nice(10)
    logging.disable(logging.WARNING)
    with opened(settings) as house:
        print(outcome_words(_learner(house).learn(house.clock(), asked=not asked.nightly)))
    return 0


def _learner(house: House) -> Learner:
    """What trains a challenger in this house."""
    shipped = model_folder(house.settings)
    workshop = Workshop(LETTERS, shipped, shipped / "embedding", partial(LocalClassifier.load, shipped=shipped))
    return Learner(
        house.store, house.office.organisation, house.model.shelf, workshop, LetterMasker().mask, house.new_id
    )
