"""Numbers are written by a pattern and found again in subject lines."""

from hypothesis import given
from hypothesis import strategies as st

from cases.records.numbering import find_numbers, format_number

CASE = "EK-{year}-{serial:05d}"
REGISTRY = "KS/{year}:{serial} {plan}"


def test_the_two_known_forms() -> None:
    assert format_number(CASE, year=2026, serial=42) == "EK-2026-00042"
    assert format_number(REGISTRY, year=2016, serial=597, plan="003") == "KS/2016:597 003"


@given(st.integers(2000, 2100), st.integers(1, 999_999), st.text(alphabet=" :[]()Rreåäö,.", max_size=12))
def test_a_number_is_found_whatever_stands_around_it(year: int, serial: int, noise: str) -> None:
    number = format_number(CASE, year=year, serial=serial)
    assert find_numbers(CASE, f"Re: {noise} [{number.lower()}] {noise}") == [number]


@given(st.text())
def test_no_text_makes_finding_fail(text: str) -> None:
    assert isinstance(find_numbers(REGISTRY, text), list)


def test_a_number_inside_a_word_is_none() -> None:
    assert find_numbers(CASE, "XEK-2026-00042 EK-2026-00042B") == []
