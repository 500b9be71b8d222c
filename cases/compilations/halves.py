"""A year beside its halves: what one of them withholds the year withholds too, or a subtraction would tell it.

A year then says nothing that does not follow from its two half-years as they are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cases.compilations.compiled import Compilation, YearLine
from cases.compilations.figures import Agreed, Figure, Helped, Kept, Median


def _count(whole: int | None, parts: Iterable[int | None]) -> int | None:
    """The year's count; None where a half's is withheld."""
    return None if any(part is None for part in parts) else whole


def _figures(whole: Sequence[Figure], parts: Iterable[Sequence[Figure]]) -> tuple[Figure, ...]:
    """The year's rows, without the counts that a half withholds."""
    hidden = {one.label for part in parts for one in part if one.count is None}
    return tuple(Figure(one.label, None) if one.label in hidden else one for one in whole)


def _agreed(whole: Sequence[Agreed], parts: Iterable[Sequence[Agreed]]) -> tuple[Agreed, ...]:
    """The same of how often a suggestion was right."""
    hidden = {one.label for part in parts for one in part if one.count is None}
    return tuple(Agreed(one.label, None, None) if one.label in hidden else one for one in whole)


def _helped(whole: Sequence[Helped], parts: Sequence[Sequence[Helped]]) -> tuple[Helped, ...]:
    """The same of whether answers were of help."""
    hidden = {one.label for part in parts for one in part if one.answered is None}
    return tuple(Helped(one.label, None, None, None) if one.label in hidden else one for one in whole)


def _kept(whole: Sequence[Kept], parts: Iterable[Sequence[Kept]]) -> tuple[Kept, ...]:
    """The same of promises."""
    hidden = {one.kind for part in parts for one in part if one.promised is None}
    return tuple(Kept(one.kind, None, None, None) if one.kind in hidden else one for one in whole)


def _median(whole: Median, parts: Iterable[Median]) -> Median:
    """The same of a median and of how many it is."""
    return Median(None, None) if any(part.count is None for part in parts) else whole


def beside(year: Compilation, halves: Sequence[Compilation]) -> Compilation:
    """A year as it may be shown where its two half-years are."""
    by_half = [{one.period.year: one for one in half.years} for half in halves]
    return replace(
        year,
        total=_count(year.total, [half.total for half in halves]),
        by_unit=_figures(year.by_unit, [half.by_unit for half in halves]),
        by_type=_figures(year.by_type, [half.by_type for half in halves]),
        by_area=_figures(year.by_area, [half.by_area for half in halves]),
        by_channel=_figures(year.by_channel, [half.by_channel for half in halves]),
        by_month=_figures(year.by_month, [half.by_month for half in halves]),
        by_outcome=_figures(year.by_outcome, [half.by_outcome for half in halves]),
        by_hallmark=_figures(year.by_hallmark, [half.by_hallmark for half in halves]),
        kept=_kept(year.kept, [half.kept for half in halves]),
        answered=_median(year.answered, [half.answered for half in halves]),
        closed=_median(year.closed, [half.closed for half in halves]),
        agreed=_agreed(year.agreed, [half.agreed for half in halves]),
        helped=_helped(year.helped, [half.helped for half in halves]),
        years=tuple(
            _line(one, [half[one.period.year] for half in by_half if one.period.year in half]) for one in year.years
        ),
    )


def _line(year: YearLine, halves: Sequence[YearLine]) -> YearLine:
    return YearLine(
        year.period,
        _count(year.total, [half.total for half in halves]),
        _count(year.complaints, [half.complaints for half in halves]),
        _median(year.answered, [half.answered for half in halves]),
        _kept(year.kept, [half.kept for half in halves]),
    )
