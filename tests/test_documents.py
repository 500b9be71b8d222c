"""The documents tell of what is there: drawings are those of the code, tests and files that are named exist."""

import ast
import re
from pathlib import Path

import pytest

from config import describe
from service.cli import COMMANDS, main
from tests.tools.architecture import DRAWN, PICTURES
from tests.tools.tree import ROOMS

ROOT = Path(__file__).parents[1]
DOCS = sorted((*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")))


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


def test_code_that_a_page_names_is_there() -> None:
    keys = {one.key for one in describe()}
    settings = keys | {re.sub("_(env|file)$", "", key) for key in keys}  # a secret is told by the one or the other
    pages = {page.name: page.read_text("utf-8") for page in DOCS if page.name != "CHANGELOG.md"}
    dotted = [(page, name) for page, text in pages.items() for name in _DOTTED.findall(text) if name not in settings]
    files = [(page, file) for page, text in pages.items() for file in re.findall(r"`([\w/]+/\w+\.py)\b", text)]
    assert len(dotted) > 20
    assert [one for one in dotted if not _names_code(one[1])] == []
    assert [one for one in files if not any((ROOT / room / one[1]).is_file() for room in ("", *ROOMS))] == []


_DOTTED = re.compile(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)`")


def _names_code(name: str) -> bool:
    """Whether it is a module, or something that is written in one."""
    place, within = ROOT, name.split(".")
    while within and (place / within[0]).is_dir():
        place /= within.pop(0)
    file = place / "__init__.py"
    if within and (place / f"{within[0]}.py").is_file():
        file = place / f"{within.pop(0)}.py"
    return {*within} <= {*re.findall(r"\w+", file.read_text("utf-8"))}


@pytest.mark.parametrize("page", DOCS, ids=[str(page.relative_to(ROOT)) for page in DOCS])
def test_a_pages_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    inside = [one.partition("#") for one in targets if "://" not in one and not one.startswith("/")]
    assert [file for file, _, _ in inside if not (page.parent / file).exists()] == []
    assert [
        (file, part) for file, _, part in inside if part and part not in _parts(page.parent / file if file else page)
    ] == []


def _parts(page: Path) -> set[str]:
    """The names by which a page's headings are reached, as forges make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_every_figure_at_metrics_is_explained_and_no_other() -> None:
    told = set(re.findall(r"lyhord_(\w+)", (ROOT / "docs" / "admin" / "watch.md").read_text("utf-8")))
    made = re.findall(
        r"""(?:_gauge|_by)\(\s*"(\w+)|MetricFamily\("lyhord_(\w+)""",
        (ROOT / "service" / "monitoring" / "metrics.py").read_text("utf-8"),
    )
    names = {one or other for one, other in made}
    assert len(names) > 10
    assert names - {"letters_in"} | {"letters_in_total"} == told


COMMANDS_OF_DOCS = sorted(
    {
        (page.name, line.strip())
        for page in DOCS
        if page.name != "CHANGELOG.md"  # which tells of what was, too
        for line in re.findall(r"(?:^[ #$]*|`|-- |/bin/)(lyhord [a-z][^`\n]*)", page.read_text("utf-8"), re.MULTILINE)
        if line.split()[1] in COMMANDS
    }
)


@pytest.mark.parametrize(("page", "line"), COMMANDS_OF_DOCS, ids=[f"{page}: {line}" for page, line in COMMANDS_OF_DOCS])
def test_a_command_of_the_documents_can_be_given(page: str, line: str, capsys) -> None:
    """Its options exist, and its first word is one of those the command knows."""
    words = line.partition(" #")[0].partition(" && ")[0].split()[1:]
    with pytest.raises(SystemExit):
        main([words[0], "--help"])
    shown = capsys.readouterr().out
    options = [word.partition("=")[0].rstrip(";,.") for word in words if word.startswith("--")]
    assert [one for one in options if not re.search(rf"{one}\b", shown)] == [], page
    choices = re.search(r"\nord:\n\s+\{([a-z,-]+)\}", shown)
    if choices and len(words) > 1 and re.fullmatch(r"[a-z-]{3,}", words[1]):
        assert words[1] in choices[1].split(","), page
