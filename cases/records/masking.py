"""Personal details in running text: what kinds there are, and what stands in their place where they are masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PersonalKind(StrEnum):
    """What tells of a person in a text that is to be shown or kept outside its case."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    IDENTITY_NUMBER = "identity_number"
    """A personal identity or coordination number, also one with a wrong check digit: it was meant as one."""
    PROPERTY = "property"
    """A property designation (fastighetsbeteckning): the land register tells who owns it."""
    PLATE = "plate"
    """A registration mark of a vehicle."""
    NUMBER = "number"
    """Any other long number: an account, an invoice, a reference."""


STAND_INS: dict[PersonalKind, str] = {
    PersonalKind.NAME: "[namn]",
    PersonalKind.ADDRESS: "[adress]",
    PersonalKind.PHONE: "[telefon]",
    PersonalKind.EMAIL: "[e-post]",
    PersonalKind.IDENTITY_NUMBER: "[personnummer]",
    PersonalKind.PROPERTY: "[fastighet]",
    PersonalKind.PLATE: "[regnummer]",
    PersonalKind.NUMBER: "[nummer]",
}


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Characters ``start`` to ``end`` of the text."""

    start: int
    end: int
    kind: PersonalKind


class Masker(Protocol):
    """Finds personal details. Deterministic, no network; it can miss what no pattern tells (a nickname, a title)."""

    def find(self, text: str) -> Sequence[PersonalSpan]:
        """The stretches that tell of a person, in their order, none overlapping another."""

    def mask(self, text: str) -> str:
        """The text with a stand-in (`STAND_INS`) for each of them."""


def replaced(text: str, spans: Sequence[PersonalSpan]) -> str:
    """The text with each span's stand-in; the spans in order and apart."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], STAND_INS[span.kind]]
        at = span.end
    return "".join([*pieces, text[at:]])
