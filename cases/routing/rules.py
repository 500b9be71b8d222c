"""Fördelningsregler: what a municipality itself says of whose a letter is. A rule puts a unit first, no more."""

from dataclasses import dataclass
from datetime import datetime

from cases.routing.areas import Area


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must all hold of a letter; of each list one is enough, and an empty one asks nothing.

    ``words`` stand in it in any form, ``places`` as written; ``domains`` are the sender's, ``addresses`` those it was
    sent to, both in lower case; ``areas`` what the model takes it to be about.
    """

    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.words or self.places or self.domains or self.addresses or self.areas)


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One of them. They are asked in the order of ``position``; one that is not ``active`` is passed by."""

    id: str
    position: int
    name: str
    unit_id: str
    active: bool
    conditions: Conditions
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """How a rule has fared: letters it spoke of, those of them a person has decided on, and decided as it said."""

    hits: int = 0
    decided: int = 0
    followed: int = 0
