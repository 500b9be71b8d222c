"""Long lists taken some at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The things in their order, ``size`` at a time; the last part may be shorter. Nothing gives no part."""
    return (things[start : start + size] for start in range(0, len(things), size))
