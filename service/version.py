"""What ``lyhord --version`` says: the program's version, and the name of the model that came with it."""

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path


def version_words() -> str:
    """``lyhord 1.2.3``, with the shipped model's version in brackets where it is built; loads no model."""
    name = _model_name(shipped_folder() / "manifest.json")
    return f"lyhord {version('lyhord')}" + (f" (modell {name})" if name else "")


def shipped_folder() -> Path:
    """``classifier.model.DEFAULT_FOLDER``, found without importing the classifier, which takes seconds."""
    spec = find_spec("classifier")
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin else Path("model")


def _model_name(manifest: Path) -> str:
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return ""
