"""The house stands as it is drawn: rooms, sizes, names, and documents that tell of what is there."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from service.cli import COMMANDS, build_parser
from tests.tools.tree import ROOMS, ROOT, sources, tracked

LONGEST_FUNCTION = 45
LONGEST_MODULE = 320
FETCHED_LATE = {"service/late.py", "storage/queries/incidents.py"}
"""Where what takes a second to load waits until it is used, and says so: most commands need none of it."""


def test_no_function_is_too_long_to_take_in() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{node.name} {node.end_lineno - node.lineno + 1}"
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_a_crowd() -> None:
    rooms = [file for file in sources() if "migrations" not in file.parts]
    sizes = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").count("\n") for file in rooms}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert {place.split(":")[0] for place in hidden} == FETCHED_LATE, hidden


def test_the_ground_floor_needs_only_the_standard_library() -> None:
    foreign = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in sources("cases")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name not in {*sys.stdlib_module_names, "cases"}
    }
    assert not foreign


def _imported(node: ast.AST) -> list[str]:
    """The top packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or ".").partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [str(f.relative_to(ROOT)) for f in sources() if not ast.get_docstring(ast.parse(f.read_text("utf-8")))]
    assert not silent


def test_the_wheel_holds_every_room_and_no_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) == {*ROOMS, "templates"}


def test_every_page_that_is_named_is_there_and_no_page_is_left_over() -> None:
    pages = ROOT / "templates" / "desk"
    named = {
        ("public/" if "external" in file.parts else "") + name
        for file in (*sources("desk"), *pages.rglob("*.html"))
        for name in re.findall(r'"([\w/]+\.html)"', file.read_text(encoding="utf-8"))
    }
    assert named == {file.relative_to(pages).as_posix() for file in pages.rglob("*.html")}


def test_lock_files_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--find-links", text)


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    hosts = re.compile(rb"https?://[a-z.]*(pypi|hosted|npmjs|debian)[a-z]*[.](org|com)")
    paths = re.compile(rb"(^|[^A-Za-z0-9_.])/(work|farm)/")
    found = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if file != Path(__file__) and (hosts.search(file.read_bytes()) or paths.search(file.read_bytes()))
    ]
    assert not found


def test_every_command_loads_and_says_what_it_does(capsys) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            build_parser(name).parse_args([name, "--help"])
        assert stopped.value.code == 0
        assert COMMANDS[name][1:] in " ".join(capsys.readouterr().out.split())


def test_the_readme_tells_of_what_it_does_badly_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "## What this does not do well" in text
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
