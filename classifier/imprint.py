"""What is kept of a letter to find others of its incident: its meaning in one byte a dimension, places, rare words."""

import hashlib
from collections.abc import Iterator

import numpy as np
from spacy.tokens import Doc, Token

from cases.routing.incidents import Imprint
from classifier.arrays import Array
from classifier.swedish import share

_MOST = 24
_RARE = 3e-6
_LISTED = 3e-7
_SHORTEST = 5
_STEP = 127
# A name of a place follows one of these; a person's seldom does.
_BEFORE_NAMES = (
    "på i vid till mot längs från utanför bakom mellan nära runt kring utmed genom hos norr söder öster väster över "
    "hela inne ute nere uppe"
)
_BEFORE = frozenset(_BEFORE_NAMES.split())
# End as places do, and are of every town.
_EVERYWHERE = (
    "gångvägen cykelvägen grusvägen tvärgatan bakgatan infartsvägen utfartsvägen skogsvägen lekparken hundparken "
    "gångbron cykelbron idrottshallen sporthallen simhallen ishallen matsalen skolgården förskolegården "
    "innergården bakgården kyrkogården bostadsområdet villaområdet industriområdet naturområdet "
    "återvinningsstationen busstationen bensinstationen särskolan skidbacken pulkabacken gästhamnen "
    "småbåtshamnen gångstigen skogsstigen"
)
_ANY_TOWN = frozenset(_EVERYWHERE.split())
_ENDS = (
    "gatan",
    "vägen",
    "stigen",
    "gränd",
    "gränden",
    "torget",
    "parken",
    "skolan",
    "backen",
    "allén",
    "leden",
    "bron",
    "badet",
    "hallen",
    "gården",
    "kajen",
    "rondellen",
    "viadukten",
    "dammen",
    "viken",
    "sjön",
    "ån",
    "kyrkan",
    "hamnen",
    "förskola",
    "stationen",
    "plan",
    "området",
)


def imprint(doc: Doc, mean: Array, space: str) -> Imprint:
    """The imprint of a letter that the pipeline has read; ``mean`` (d,) is what all letters have in common."""
    places = frozenset(_places(doc))
    rare = sorted(_rare(doc, places), key=lambda word: (share(word), word))
    return Imprint(space, pack(doc._.embedding.vector - mean), places, frozenset(rare[:_MOST]))


def space_of(description: bytes) -> str:
    """The name of an encoder's space, from what its folder says of it."""
    return hashlib.sha256(description).hexdigest()[:12]


def pack(vector: Array) -> bytes:
    """A direction as signed bytes; half a per cent of a cosine is lost, and three quarters of the room won."""
    length = float(np.linalg.norm(vector)) or 1.0
    return np.round(vector / length * _STEP).astype(np.int8).tobytes()


def _places(doc: Doc) -> Iterator[str]:
    for token in doc:
        if token.is_alpha and len(token) >= _SHORTEST - 1 and (_named(token) or _street(token)):
            yield _bare(token.lower_)


def _named(token: Token) -> bool:
    """A capital where Swedish has none but for names, after a word of place."""
    if token.i == 0 or not token.text[0].isupper() or token.is_upper:
        return False
    return token.nbor(-1).lower_ in _BEFORE


def _street(token: Token) -> bool:
    """Ends as places do, and is no word of the dictionary; many write names without a capital."""
    word = _bare(token.lower_)
    if not word.endswith(_ENDS) or len(word) < len("xxgatan") or word in _ANY_TOWN:
        return False
    inside = token.text[0].isupper() and token.i > 0 and token.nbor(-1).is_alpha
    return inside or share(word) < _LISTED


def _bare(word: str) -> str:
    """Without the genitive."""
    return word[:-1] if word.endswith("s") and len(word) > _SHORTEST else word


def _rare(doc: Doc, places: frozenset[str]) -> set[str]:
    """Rare lemmas; a capital inside a sentence is most often somebody's name, which says who wrote, not of what."""
    found = set()
    for token in doc:
        plain = token.is_alpha and len(token) >= _SHORTEST and _bare(token.lower_) not in places
        name = token.text[:1].isupper() and token.i > 0 and not token.nbor(-1).is_punct and not token.nbor(-1).is_space
        if plain and not name and share(token.lemma_) < _RARE:
            found.add(token.lemma_)
    return found
