"""What ``lyhord --version`` says: the program's version, and the name of the model that came with it."""

from importlib.metadata import version

from cases.errors import ModelError
from classifier.folder import DEFAULT_FOLDER, shipped_version


def version_words() -> str:
    """``lyhord 1.2.3``, with the shipped model's version in brackets where it is built; loads no model."""
    try:
        model = f" (modell {shipped_version(DEFAULT_FOLDER)})"
    except ModelError:
        model = ""
    return f"lyhord {version('lyhord')}{model}"
