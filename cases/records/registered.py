"""Whom a register extract is for (GDPR art. 15), and how such a person is looked for and known in what others wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_NO_DIGIT = re.compile(r"\D")
_BETWEEN = r"[-–+\s]?"
# The date with its century, and without.
_LONG, _SHORT, _DATE = 12, 10, 6


@dataclass(frozen=True, slots=True)
class Person:
    """What a registrator who checked it says of somebody; ``number`` is a personnummer, ``address`` a postal one.

    A personnummer is looked for only because the person asks for what is kept of them (dataskyddslagen 3:10).
    """

    email: str = ""
    name: str = ""
    number: str = ""
    address: str = ""

    @property
    def known(self) -> bool:
        """Whether anything is said by which somebody can be looked for."""
        return bool(self.email or self.name or digits(self.number) or self.street)

    @property
    def words(self) -> frozenset[str]:
        """The person's own words, lower case, and their number in ten digits: what is never masked."""
        own = (self.email, self.name, self.address, digits(self.number), *self.name.split())
        return frozenset(word for text in own if (word := text.casefold().strip()))

    @property
    def street(self) -> str:
        """Street and number of the address, which tell where somebody lives; empty where there is no number."""
        first = re.split(r"[,\n]", self.address.strip(), maxsplit=1)[0].strip()
        return " ".join(first.split()) if re.search(r"[^\W\d_].*\d", first) else ""

    def is_called(self, name: str, email: str) -> bool:
        """Whether somebody with this name and address is the person: by the address, or by every part of the name."""
        parts = self.name.casefold().split()
        same = bool(email) and email.casefold() == self.email.casefold()
        return same or (bool(parts) and all(stands_in(part, name.casefold()) for part in parts))

    def queries(self) -> Iterator[str]:
        """What to search letters for: whole name, address, number as people write it. A first name alone is nobody."""
        if len(self.name.split()) > 1:
            yield self.name
        if self.email:
            yield self.email
        # Between quotes the last word is whole: the beginning of a number is another's.
        yield from (f'"{one}"' for one in self._written() if one)
        if self.street:
            yield f'"{self.street}"'

    def _written(self) -> Iterator[str]:
        ten = digits(self.number)
        if not ten:
            return
        long = _NO_DIGIT.sub("", self.number)
        for century in [long[:2]] if len(long) == _LONG else ["19", "20"]:
            yield from (f"{century}{ten}", f"{century}{ten[:_DATE]}-{ten[_DATE:]}")
        yield from (ten, f"{ten[:_DATE]}-{ten[_DATE:]}")

    def named_in(self, text: str) -> list[str]:
        """The sentences in which somebody with this whole name, address, number or street is mentioned."""
        wanted = list(self._patterns())
        if not wanted:
            return []
        find = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE)
        return [one.strip() for one in _SENTENCES.split(text) if find.search(one)]

    def _patterns(self) -> Iterator[str]:
        parts, ten = self.name.split(), digits(self.number)
        if self.email:
            yield re.escape(self.email)
        if len(parts) > 1:
            yield r"\s+".join(re.escape(part) for part in parts) + "s?"
        if ten:
            yield rf"(?:\d\d)?{ten[:_DATE]}{_BETWEEN}{ten[_DATE:]}"
        if self.street:
            yield r"\s+".join(re.escape(part) for part in self.street.split())


def stands_in(words: str, text: str) -> bool:
    """Whether words stand in a text as whole ones: neither *Ek* in *Ekström* nor number 7 in number 77."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def digits(number: str) -> str:
    """A personnummer or coordination number in ten digits; empty where the text is none."""
    found = _NO_DIGIT.sub("", number)
    return found[-_SHORT:] if len(found) in (_SHORT, _LONG) else ""
