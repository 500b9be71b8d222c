"""The table of rules tells the truth: each is tried, or said to be lacking, and the page is the one made from it."""

from tests.rules.table import RULES
from tests.tools.rules_doc import DOC, document, rule_tests


def test_each_rule_is_tried_or_said_to_be_lacking() -> None:
    tried = rule_tests()
    assert set(RULES) == {*(f"O{n}" for n in range(1, 29)), *(f"R{n}" for n in range(1, 33))}
    assert {number for number, rule in RULES.items() if not rule.lacks} == set(tried)


def test_the_page_is_made_from_the_table() -> None:
    assert DOC.read_text(encoding="utf-8") == document(), "run `make rules`"
