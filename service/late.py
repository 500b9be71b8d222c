"""What takes seconds to load and most commands never use: word lists, lists of names, the model.

Here alone an import waits until it is used, so that a command which needs none of it begins at once. A process that
lives on calls ``load_all`` first.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from cases.records.masking import Masker
from cases.routing.suggestion import Classifier


def load_all() -> None:
    """Load all of it, but no model, now: later it would come in the midst of a transaction or a person's wait."""
    import_module("classifier.local.model")
    mask_people("start")
    analyse("start")


def analyse(text: str) -> Sequence[str]:
    """The terms of a text that is kept or looked for (``storage.search.analyse``)."""
    from storage.search.analyse import analyse as terms

    return terms(text)


def masker() -> Masker:
    """What finds names, numbers and addresses in a text."""
    from classifier.personal.masking import LetterMasker

    return LetterMasker()


def mask_people(text: str) -> str:
    """The text with stand-ins for the names and numbers of people."""
    from classifier.personal.masking import LetterMasker

    return LetterMasker().mask_people(text)


def read_model(folder: Path) -> Classifier:
    """The classifier of a folder, as it is there now. Raises ModelError."""
    from classifier.model import SpacyClassifier

    return SpacyClassifier.load(folder)


@lru_cache(maxsize=2)
def load_classifier(folder: Path) -> Classifier:
    """The same, loaded once."""
    return read_model(folder)


def load_local(shipped: Path, folder: Path) -> Classifier:
    """A model that learnt from the municipality's own letters; the shipped one is let go, for both are too much."""
    from classifier.local.model import LocalClassifier

    load_classifier.cache_clear()
    return LocalClassifier.load(folder, shipped=shipped)
