"""Everyday words of a letter that is not in Swedish: there a capital letter alone makes no name."""

import re
from functools import lru_cache

from wordfreq import get_frequency_dict

from classifier.personal.name_lists import first_names, foreign_last_names, last_names

_WORD = re.compile(r"[^\W\d_]+")
HOME = "sv"
# Small words that tell a language from its neighbours.
_TELL_TEXT = {
    "sv": "och att det är jag inte som på för av en ett vi ni har till hej kan när den om var",
    "de": "und der die das ist nicht ich wir für auf eine einen mit bitte wird von im zu den dem sind sich auch seit",
    "fi": "ja on ei että olen ovat kun eivät pitää mutta kuin tämä se minun hyvä meidän kanssa liian kiitos terveisin",
    "en": "and the is to of my we you please with this it has are not for was at our they be",
    "no": "og jeg ikke det er på til av som med går fra noe dette kan vi har hvem min",
    "pl": "i nie się jest na w do że są przy proszę za moja mój dziękuję",
    "nl": "het een niet van wij ik en de voor dat",
    "fr": "le la les est une des nous pas pour dans",
    "es": "el la los que por una para mi con no",
    "so": "waa iyo oo ku ka in si uu ay ma waxaan ayaan la u kale mid",
    "se": "lea ja mun mu ii go lei dat leat mii",
    "tr": "bir ve bu için çok var değil",
}
_TELL = {language: frozenset(words.split()) for language, words in _TELL_TEXT.items()}
_CALLED = {"no": "nb"}
_UNLISTED = frozenset({HOME, "so", "se"})
_LEAST = 3
# In German nouns have capitals; elsewhere a seldom word with one is rather somebody's name.
_COMMON, _COMMON_NOUN = 1e-5, 3e-6


def tongue_of(text: str) -> str:
    """The language of most small words of a text; Swedish where they are too few to tell, or as many."""
    words = _WORD.findall(text.lower())
    told = {language: sum(word in small for word in words) for language, small in _TELL.items()}
    best = max(told, key=lambda language: (told[language], language == HOME))
    return best if told[best] >= _LEAST else HOME


@lru_cache(len(_TELL))
def everyday(tongue: str) -> frozenset[str]:
    """Words of a foreign language that are common there and no names; none where no list tells."""
    if tongue in _UNLISTED:
        return frozenset()
    shares = get_frequency_dict(_CALLED.get(tongue, tongue), wordlist="small")
    least = _COMMON_NOUN if tongue == "de" else _COMMON
    common = {word for word, share in shares.items() if share > least and len(word) > 1}
    get_frequency_dict.cache_clear()
    return frozenset(common - first_names() - last_names() - foreign_last_names())
