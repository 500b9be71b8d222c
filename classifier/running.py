"""How a thing is done to each of several: one after another, or by a pool."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Run(Protocol):
    """Applies a function to each of some things: `map`, or that of a pool."""

    def __call__(self, function: Callable[[_In], _Out], things: Iterable[_In], /) -> Iterable[_Out]:
        """The results, in the order of the things."""
