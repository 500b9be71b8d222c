"""The documents tell of what is there: drawings are those of the code, tests and files that are named exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.tools.architecture import DRAWN, PICTURES

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_the_drawing_is_that_of_the_code(name: str) -> None:
    assert (PICTURES / name).read_text(encoding="utf-8") == DRAWN[name](), "run `make architecture`"


def test_each_proof_of_the_threat_model_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text("utf-8")))
    assert len(named) > 30
    assert {f"{file}::{test}" for file, test in named if not _exists(file, test)} == set()


def _exists(file: str, test: str) -> bool:
    path = ROOT / file
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return not test or any(isinstance(node, ast.FunctionDef) and node.name == test for node in tree.body)


@pytest.mark.parametrize("page", DOCS, ids=[str(page.relative_to(ROOT)) for page in DOCS])
def test_a_pages_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    gone = [one for one in targets if "://" not in one and not one.startswith("/") and not (page.parent / one).exists()]
    assert gone == []
