"""Taken in parts, a list is the same list."""

from hypothesis import given
from hypothesis import strategies as st

from cases.parts import in_parts


@given(st.lists(st.integers()), st.integers(1, 7))
def test_the_parts_are_the_list_and_none_is_empty_or_too_long(things: list[int], size: int) -> None:
    parts = list(in_parts(things, size))
    assert [one for part in parts for one in part] == things
    assert all(1 <= len(part) <= size for part in parts)
    assert all(len(part) == size for part in parts[:-1])
