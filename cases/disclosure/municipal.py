"""What belongs to the municipality itself: its addresses, telephones and officials, which no secrecy covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cases.disclosure.censor import Censor, Masking
from cases.office import Office
from cases.people.access import User
from cases.people.organisation import Organisation
from cases.records.masking import PersonalKind
from cases.records.registered import stands_in

_LEAST = 4


@dataclass(frozen=True, slots=True)
class Municipal:
    """Knows the municipality's own details from those of the people who write to it (OSL 39:3 covers homes alone).

    ``told`` are its addresses, telephones and units as they are written; ``names`` and ``emails`` are lower case.
    """

    told: tuple[str, ...]
    names: frozenset[str]
    emails: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def of(cls, office: Office, users: Iterable[User]) -> Self:
        """As the profile, its letters and the desk's people tell it."""
        tree = office.organisation
        known = list(users)
        people = [*(one.name for one in tree.officials()), *(one.name for one in known)]
        emails = {*office.own_addresses, *tree.addresses(), *(one.email for one in known)}
        units = [word for unit in tree.units.values() for word in (unit.name, unit.phone)]
        told = [word for word in (*office.constants.values(), *units) if word]
        names = {name.casefold() for name in people if len(name.split()) > 1} | _place_names(tree)
        return cls(tuple(told), frozenset(names), frozenset(e.casefold() for e in emails if e), office.internal_domains)

    def owns(self, words: str, kind: PersonalKind) -> bool:
        """Whether words of this kind are the municipality's; a first name alone never is, as many bear it."""
        flat = " ".join(words.split()).casefold()
        if kind is PersonalKind.NAME:
            return flat in self.names
        if kind is PersonalKind.EMAIL:
            return flat in self.emails or flat.rpartition("@")[2] in self.domains
        if kind is PersonalKind.ADDRESS:
            # Whole words alone: whoever lives at number 1 is no neighbour of a town hall at number 12.
            return len(flat) >= _LEAST and any(stands_in(flat, " ".join(one.split()).casefold()) for one in self.told)
        if kind in (PersonalKind.PHONE, PersonalKind.NUMBER) and len(flat) >= _LEAST:
            own = Censor([Masking(words, "")])
            return any(own.holds(one) for one in self.told)
        return False


def _place_names(tree: Organisation) -> set[str]:
    """The municipality's own name, of which a signature's *Ekdala* is a part: *Ekdala kommun*, *Rättviks kommun*."""
    name = tree.name.casefold()
    place = name.removesuffix(" kommun")
    return {name, place, place.removesuffix("s")}
