"""Personal details of a letter found and masked, by patterns and lists alone: no model needs to be loaded."""

import re
from collections.abc import Iterable

from cases.records.masking import PersonalKind, PersonalSpan, replaced
from classifier.personal.beyond import find_beyond, find_floors
from classifier.personal.contacts import find_contacts
from classifier.personal.disguised import find_disguised
from classifier.personal.fields import find_fields
from classifier.personal.identity_numbers import find_identity_numbers
from classifier.personal.names import find_names
from classifier.text import LIMIT, readable, whole_words

_PEOPLE = frozenset(
    {
        PersonalKind.NAME,
        PersonalKind.PHONE,
        PersonalKind.EMAIL,
        PersonalKind.IDENTITY_NUMBER,
        PersonalKind.PLATE,
    }
)


_COMPANY = re.compile(r"\d\d[2-9]\d{3}-\d{4}")
_CASE = re.compile(r"(?:19|20)\d\d-\d{3,6}")
_ACCOUNT = re.compile(r"(?:konto|kort|kund|faktura|ocr)\w*[\s:.]*$", re.IGNORECASE)
_LOOK_BACK = 20
_AT_ONCE = LIMIT // 2


class LetterMasker:
    """`cases.records.masking.Masker` for Swedish letters."""

    def find(self, text: str) -> list[PersonalSpan]:
        """The stretches that tell of a person, in their order; where two overlap the surer kind wins."""
        # A long text in pieces: of more than its ends nothing is left when it is made plain, and all of it is shown.
        return [
            PersonalSpan(at + span.start, at + span.end, span.kind)
            for at, piece in _pieces(text)
            for span in _apart(piece)
        ]

    def mask(self, text: str) -> str:
        """The text with ``[namn]``, ``[adress]``, ``[telefon]`` ... in their places."""
        return replaced(text, self.find(text))

    def mask_people(self, text: str) -> str:
        """The same for names and numbers of people alone: a register may say in which street the lamp is broken."""
        return replaced(text, [span for span in self.find(text) if span.kind in _PEOPLE])


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    """The text in stretches that are read whole, each with where it begins; parted at a line's end, or at a space."""
    begin = 0
    while len(text) - begin > _AT_ONCE:
        half, end = begin + _AT_ONCE // 2, begin + _AT_ONCE
        near = (text.rfind(sign, half, end) for sign in "\n ")
        cut = next((at for at in near if at > 0), end)
        yield begin, text[begin:cut]
        begin = cut
    yield begin, text[begin:]


def _apart(text: str) -> list[PersonalSpan]:
    plain = readable(text)
    kept, taken = list[PersonalSpan](), set[int]()
    for found in _all(plain):
        span = PersonalSpan(*whole_words(text, found.start, found.end), found.kind)
        stretch = range(span.start, span.end)
        if stretch and taken.isdisjoint(stretch):
            kept.append(span)
            taken.update(stretch)
    return sorted(kept, key=lambda s: s.start)


def _all(plain: str) -> Iterable[PersonalSpan]:
    yield from (PersonalSpan(*at, PersonalKind.IDENTITY_NUMBER) for at in find_identity_numbers(plain))
    yield from find_disguised(plain)
    yield from find_beyond(plain)
    yield from (span for span in find_contacts(plain) if not _is_public(plain, span))
    yield from find_floors(plain)
    yield from (PersonalSpan(*at, PersonalKind.NAME) for at in (*find_fields(plain), *find_names(plain)))


def _is_public(plain: str, span: PersonalSpan) -> bool:
    """Whether a long number is a company's (organisationsnummer: its third digit makes no month) or a case's."""
    if span.kind is not PersonalKind.NUMBER or _ACCOUNT.search(plain, max(0, span.start - _LOOK_BACK), span.start):
        return False
    number = plain[span.start : span.end]
    return bool(_CASE.fullmatch(number) or _COMPANY.fullmatch(number))
