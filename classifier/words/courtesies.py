"""Words said to everybody about everything: whatever they add to a score, they are nobody's reason."""

from functools import lru_cache

from spacy.util import get_lang_class

# What spaCy calls them, where it says otherwise.
_CALLED = {"no": "nb", "bs": "hr"}
# spaCy's own list of French is behind ten seconds of patterns.
_FRENCH_TEXT = """
avec aux ces cette dans depuis des elle elles est est-ce être ils les leur mais mes mon nos notre nous par pas pour
pourquoi quand que qui sans ses son sont sur tout très une votre vos vous
"""
_FRENCH = frozenset(_FRENCH_TEXT.split())
_SAID_TEXT = """
hej hejsan hallå tjena goddag mvh hälsning hälsningar hälsar vänlig vänliga vänligen tack tacksam snälla hello
"""
COURTESIES = frozenset(_SAID_TEXT.split())
"""Greetings and thanks, lower case."""

_SIGNED_TEXT = """
med bästa varma glada förhand regards best kind thanks från skickat min iphone android allt gott kram kramar på
"""
SIGNING = COURTESIES | frozenset(_SIGNED_TEXT.split())
"""Those, and what else stands about a signature."""


@lru_cache(32)
def stop_words(language: str) -> frozenset[str]:
    """The commonest words of a language (ISO 639-1), lower case, as spaCy lists them; none where it does not."""
    if language == "fr":
        return _FRENCH
    try:
        return frozenset(get_lang_class(_CALLED.get(language, language)).Defaults.stop_words)
    except ImportError:
        return frozenset()
