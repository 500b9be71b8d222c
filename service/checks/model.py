"""Tries the model: it loads, tells its version and scores, and makes one suggestion."""

import json
from collections.abc import Iterator
from pathlib import Path

from cases.errors import ModelError
from cases.numerals import percent_words
from cases.routing.areas import AREA_NAMES
from classifier.folder import DEFAULT_FOLDER, MANIFEST
from service.checks.line import CheckLine
from service.late import read_model

NAME = "Modellen"
SHIPPED_REMEDY = "Installera samma version av Lyhörd igen (install.sh), eller bygg modellen med lyhord train."
_SUBJECT = "Trasig gatlykta"
_BODY = "Hej! Gatlyktan vid busshållplatsen på Skolgatan har varit trasig i två veckor. Kan ni laga den?"


def check_model(folder: Path, embedder: str = "") -> Iterator[CheckLine]:
    """The lines of the model in ``folder``; ``embedder`` is the encoder's folder that the configuration names."""
    if not (folder / MANIFEST).is_file():
        yield CheckLine(NAME, False, f"det finns ingen modell i {folder}", _remedy(folder))
        return
    try:
        model = read_model(folder)
        suggestion = model.suggest(_SUBJECT, _BODY)
    except ModelError as error:
        yield CheckLine(NAME, False, str(error).rstrip("."), _remedy(folder))
        return
    except Exception as error:  # noqa: BLE001 - damaged files are told of by whichever library reads them
        text = f"modellen i {folder} går inte att använda ({type(error).__name__})"
        yield CheckLine(NAME, False, text, _remedy(folder))
        return
    trained = _embedder(folder)
    if embedder and Path(embedder).resolve() != Path(trained.get("folder") or folder):
        text = f"modellen är tränad med kodaren {trained.get('name', 'som följer med')}, inte den i {embedder}"
        remedy = f"Kör lyhord train --embedder {embedder} --out {folder}, eller lämna classifier.embedder tom."
        yield CheckLine(NAME, False, text, remedy)
    first = suggestion.areas[0]
    named = f"{AREA_NAMES[first.area]} med säkerheten {first.confidence:.2f}".replace(".", ",")
    yield CheckLine(NAME, True, f"version {model.version}{_scores(folder)}; ett provbrev om en gatlykta gav {named}")


def _embedder(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("embedder", {})
    return found


def _scores(folder: Path) -> str:
    scores = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("scores", {})
    if not {"area_top1", "area_top3"} <= scores.keys():
        return ""
    first, three = (percent_words(scores[key]) for key in ("area_top1", "area_top3"))
    return f", rätt ämne först för {first} av breven och bland tre för {three}"


def _remedy(folder: Path) -> str:
    if folder == DEFAULT_FOLDER:
        return SHIPPED_REMEDY
    return f"Bygg en med lyhord train --out {folder}, eller lämna classifier.model_folder tom för den som följer med."
