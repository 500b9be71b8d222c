"""A year beside its halves: what one of them withholds the year withholds too, or a subtraction would tell it.

A year then says nothing that does not follow from its two half-years as they are shown.
"""

from collections.abc import Iterable, Sequence

from cases.figures import Agreed, Figure, Kept, Median


def count_beside(whole: int | None, parts: Iterable[int | None]) -> int | None:
    """The year's count; None where a half's is withheld."""
    return None if any(part is None for part in parts) else whole


def figures_beside(whole: Sequence[Figure], parts: Iterable[Sequence[Figure]]) -> tuple[Figure, ...]:
    """The year's rows, without the counts that a half withholds."""
    hidden = {one.label for part in parts for one in part if one.count is None}
    return tuple(Figure(one.label, None) if one.label in hidden else one for one in whole)


def agreed_beside(whole: Sequence[Agreed], parts: Iterable[Sequence[Agreed]]) -> tuple[Agreed, ...]:
    """The same of how often a suggestion was right."""
    hidden = {one.label for part in parts for one in part if one.count is None}
    return tuple(Agreed(one.label, None, None) if one.label in hidden else one for one in whole)


def kept_beside(whole: Sequence[Kept], parts: Iterable[Sequence[Kept]]) -> tuple[Kept, ...]:
    """The same of promises."""
    hidden = {one.kind for part in parts for one in part if one.promised is None}
    return tuple(Kept(one.kind, None, None, None) if one.kind in hidden else one for one in whole)


def median_beside(whole: Median, parts: Iterable[Median]) -> Median:
    """The same of a median and of how many it is."""
    return Median(None, None) if any(part.count is None for part in parts) else whole
