"""A stretch of a letter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters ``start`` to ``end`` of the letter."""

    start: int
    end: int
