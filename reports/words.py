"""How a compilation's cells are written in Swedish: decimal comma, thousands apart, dates in words."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from cases.calendar import swedish_date
from cases.numerals import percent_words

NBSP = "\u00a0"
HIDDEN_WORDS = "visas inte"
NOTHING_WORDS = "inget att räkna på"
"""What a screen reader says of the dash of ``Nothing``."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share, 0 to 1, told in whole percent."""

    value: float


@dataclass(frozen=True, slots=True)
class Days:
    """A number of working days, told with at most one decimal."""

    value: float


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure withheld for being small."""

    words: ClassVar[str] = HIDDEN_WORDS


@dataclass(frozen=True, slots=True)
class Nothing:
    """A share or a median of no case at all: there is none, and none is withheld."""

    words: ClassVar[str] = "–"


HIDDEN, NOTHING = Hidden(), Nothing()
Cell = str | int | date | Share | Days | Hidden | Nothing


def whole(number: int) -> str:
    """``1 234``, with spaces that do not break."""
    return f"{number:,}".replace(",", NBSP)


def decimal(number: float) -> str:
    """``2,5``, or ``3`` where there is nothing behind the comma."""
    rounded = round(number, 1)
    return whole(int(rounded)) if rounded == int(rounded) else f"{whole(int(rounded))},{f'{rounded:.1f}'[-1]}"


def written(cell: Cell) -> str:
    """A cell as a page shows it."""
    match cell:
        case Hidden() | Nothing():
            return cell.words
        case Share(value):
            return percent_words(value).replace(" ", NBSP)
        case Days(value):
            return decimal(value)
        case date():
            return swedish_date(cell).replace(" ", NBSP)
        case int():
            return whole(cell)
        case str():
            return cell


def is_number(cell: Cell) -> bool:
    """Whether the cell stands to the right in its column."""
    return not isinstance(cell, str | date)
