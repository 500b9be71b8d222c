"""The folder of a model: where the shipped one lies, what it was learnt from, and what its manifest says.

Loads no model, and nothing that one needs.
"""

import json
from pathlib import Path

from cases.errors import ModelError

DEFAULT_FOLDER = Path(__file__).parent / "model"
LETTERS = Path(__file__).parent / "letters"
MANIFEST = "manifest.json"


def shipped_version(folder: Path) -> str:
    """The version in the manifest of a model's folder. Raises `ModelError` where there is none."""
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"Ingen modell i {folder} att bygga vidare på: bygg den med lyhord train") from error
