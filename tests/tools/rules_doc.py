"""Writes ``docs/rules.md``: each rule of the two routines, the test that tries it, and where it lives."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.rules.table import RULES, Rule

_ROOT = Path(__file__).parents[2]
DOC = _ROOT / "docs" / "rules.md"
_TESTS = _ROOT / "tests" / "rules"
_NAME = re.compile(r"test_([or]\d+)_")
_ROUTINES = {"O": ("Osby", "test_osby.py"), "R": ("Rättvik", "test_rattvik.py")}
_HEAD = """# The routines' rules, and what tries them

Made by `make rules` from `tests/rules/`; a test holds it to them. The rules are numbered as in the domain brief: O for
Osby, R for Rättvik. Each test takes a letter through real IMAP, SMTP and database with the profile of its municipality
and a clock that is turned; a soft rule is tried by the page, letter or setting that carries it.
"""


def rule_tests() -> dict[str, str]:
    """The test of each rule, by the rule's number. Raises ValueError where a rule has two."""
    found: dict[str, str] = {}
    for _, file in _ROUTINES.values():
        for name in _functions(_TESTS / file):
            number = _NAME.match(name)
            if number is None or number[1].upper() in found:
                raise ValueError(f"{file}: {name} is no rule's one test")
            found[number[1].upper()] = f"{file}::{name}"
    return found


def _functions(path: Path) -> Iterable[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def document() -> str:
    """The whole page."""
    tests = rule_tests()
    parts = [_HEAD, f"Tried: {len(tests)} of {len(RULES)}.\n"]
    for letter, (name, file) in _ROUTINES.items():
        rows = [_row(number, rule, tests) for number, rule in RULES.items() if number[0] == letter]
        parts += [
            f"## {name} (`tests/rules/{file}`)\n",
            "| rule | it says | tried by | where |",
            "| --- | --- | --- | --- |",
        ]
        parts += [*rows, ""]
    return "\n".join(parts)


def _row(number: str, rule: Rule, tests: dict[str, str]) -> str:
    tried = f"`{tests[number].split('::')[1]}`" if number in tests else f"**not yet**: {rule.lacks}"
    return f"| {number} | {rule.says} | {tried} | {rule.where} |"


if __name__ == "__main__":
    DOC.write_text(document(), encoding="utf-8")
