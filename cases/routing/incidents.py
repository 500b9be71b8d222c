"""Letters of one incident: what is kept of each to find the others, and when two are so alike that one asks."""

from collections.abc import Collection
from dataclasses import dataclass

WINDOW_DAYS = 60
"""Letters further apart are no longer of one incident, however alike."""
WINDOW_CASES = 2_000
"""How many of the letters nearest in time are compared at most, so that a case page costs the same every year."""
MOST_OFFERED = 5
# Chosen on pairs written for it (tests/classifier/incident_letters.jsonl) and on the training letters, no two of which
# are of one incident: docs/classifier.md tells how many of each are then found and offered.
LEAST_COSINE = 0.12
"""Below this two letters are about different things, whatever words they share."""
_REACH = 0.31
_SAME_WORDS = 0.6
_SAME_STREET = LEAST_COSINE
_SAME_PLACE = 0.25
_SHARED_WORD = 0.48
_NO_PLACE = 0.55
_SOON_DAYS = 10
_FEW_SHARED = 2
_STREETS = ("gatan", "vägen", "stigen", "gränd", "gränden", "torget", "backen", "allén")


def named_space(encoder: str, reach: float) -> str:
    """The name of an encoder's space with its ``reach``: the cosine that one unrelated pair in a thousand has there."""
    return f"{encoder}:{reach:.3f}"


def unit(space: str) -> float:
    """What a cosine of this space is to be multiplied by to mean what it does for the encoder of the numbers above."""
    reach = space.partition(":")[2]
    return _REACH / float(reach) if reach else 1.0


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is kept of a letter to find others of its incident.

    ``vector`` is its meaning, one signed byte for each dimension, of length 127; only vectors of one ``space`` (one
    encoder) can be compared. ``places`` are the places it names, ``words`` its rare lemmas; both lower case.
    """

    space: str
    vector: bytes
    places: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two letters are of one incident (0 to 1), and what they share, for a person to judge by.

    ``shared`` has the places first, with a capital.
    """

    score: float
    shared: tuple[str, ...]
    copy: bool = False


def likeness(mine: Imprint, other: Imprint, cosine: float, apart_days: float, *, one_area: bool) -> Likeness | None:
    """Whether two letters may be of one incident; None where they are not to be offered. ``one_area``: of one subject.

    The same letter again; or alike in meaning and about one place; or, where one of them names no place, so alike and
    so near in time that it must be the same thing. Two street lamps in different streets are two incidents: letters
    that each name places and share none are never offered.
    """
    if apart_days > WINDOW_DAYS or cosine < LEAST_COSINE:
        return None
    both = mine.words | mine.places, other.words | other.places
    shared = both[0] & both[1]
    places = mine.places & other.places
    named = tuple(place.capitalize() for place in sorted(places)) + tuple(sorted(shared - mine.places))
    if len(shared) > _FEW_SHARED and _overlap(*both) >= _SAME_WORDS:
        return Likeness(1.0, named[:6], copy=True)
    if mine.places and other.places:
        street = one_area and any(place.endswith(_STREETS) for place in places)
        enough = bool(places) and cosine >= (_SAME_STREET if street else _SAME_PLACE)
    else:
        enough = one_area and apart_days <= _SOON_DAYS and cosine >= (_SHARED_WORD if shared else _NO_PLACE)
    return Likeness(round(min(cosine, 0.99), 3), named[:6]) if enough else None


def _overlap(one: Collection[str], other: Collection[str]) -> float:
    together = len(set(one) | set(other))
    return len(set(one) & set(other)) / together if together else 0.0
