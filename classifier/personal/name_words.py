"""What one word tells by itself: whether it is a listed name, a last name, hardly a Swedish word, a place."""

import re

from classifier.personal.name_lists import first_names, foreign_last_names, is_unheard, is_word, last_names
from classifier.swedish import compound_parts, is_known, lemma

PLACE_ENDS = (
    *(
        "skolan",
        "skola",
        "förskola",
        "gatan",
        "vägen",
        "parken",
        "hallen",
        "hemmet",
        "huset",
        "bron",
        "kyrkan",
        "torget",
    ),
    *("badet", "boendet", "gården", "kontoret", "förvaltningen", "nämnden", "kommun", "biblioteket"),
)
_TOWN_ENDS = ("by", "torp", "stad", "sjö", "vik", "ås", "köping", "dal", "dala", "näs", "holm", "berga", "tuna", "gata")
# Endings that make a listed last name of a common word's frequency a name all the same (Bergström).
_NAME_ENDS = ("ström", "berg", "gren", "lund", "stedt", "sen", "man", "lin")
# Double names that no list needs to know: O'Connor, D'Angelo, Al-Hassan, McKenna.
BY_FORM = re.compile(r"(?:[OD]['’]|Mc|(?:Al|El|Abu|Ben|Bin)-)[A-ZÅÄÖ]\w+$")
_LEAST_LONG = 5
_MOST_LETTERS_OF_OFFICE = 4  # LSS, IFO


def listed(low: str) -> bool:
    """Whether a lower-case word is a first name, or a double one of two."""
    names = first_names()
    return low in names or ("-" in low and all(part in names for part in low.split("-")))


def plain(word: str) -> str:
    """The name a genitive is of, unless the word is an everyday one (*finns*, *sens*)."""
    names = first_names()
    genitive = word.endswith("s") and word not in names and word[:-1] in names and not is_word(word)
    return word[:-1] if genitive else word


def known(word: str) -> bool:
    """Whether a lower-case word is a first name, also in the genitive."""
    return listed(plain(word))


def caseless(word: str) -> bool:
    """Whether a word is of a script that has no capital letters, as Arabic."""
    return not word[0].isupper() and not word[0].islower()


def surely_surname(low: str) -> bool:
    """Whether a last name is no word or place even where a sentence begins with it: Persson, Lindgren."""
    return low.removesuffix("s").endswith(("sson", "qvist", "gren", "ström"))


def is_surname(low: str) -> bool:
    """Whether a word is a Swedish last name, also of a whole family (*Johanssons*)."""
    bare = low[:-1] if low.endswith(("ss", "ssons")) else low
    is_listed = bare in last_names() and (not is_word(bare) or (len(bare) > _LEAST_LONG and bare.endswith(_NAME_ENDS)))
    return is_listed or (len(bare) > _LEAST_LONG and bare.endswith(("sson", "qvist")))


def is_foreign_surname(low: str) -> bool:
    """Whether a word is a last name elsewhere, and Swedish hardly has it."""
    bare = low.removesuffix("s") if low not in foreign_last_names() else low
    noun = lemma(low) != low or is_known(low.removesuffix("en"))
    return bare in foreign_last_names() and is_unheard(bare) and not noun and not is_compound_or_place(low)


def may_be_surname(word: str) -> bool:
    """Whether a word may follow a first name as the last one."""
    return word.lower() in last_names() or not is_word(word.lower())


def may_be_foreign(word: str) -> bool:
    """Whether a capitalised word is hardly Swedish: no place, no compound, no abbreviation."""
    low = word.lower()
    written = word[0].isupper() and not word[1:].isupper() and len(word) > 2
    return written and is_unheard(low) and not is_compound_or_place(low)


def is_compound_or_place(low: str) -> bool:
    """Whether a word is called as places are, or put together of Swedish words."""
    return low.endswith((*PLACE_ENDS, *_TOWN_ENDS)) or bool(compound_parts(lemma(low)))


def is_listed_anywhere(low: str) -> bool:
    """Whether a word is a first or last name in any language."""
    return listed(low) or low in foreign_last_names() or (low in last_names() and not is_word(low))


def may_be_announced(word: str, low: str, *, beside: bool, at_home: bool) -> bool:
    """Whether an unknown word may be the name announced before it: no everyday word, place, or office's letters.

    ``beside``: it stands after a comma or a bracket, where most words are no name. Where the letter is not in Swedish,
    not ``at_home``, Swedish words are none.
    """
    office = word.isupper() and len(word) <= _MOST_LETTERS_OF_OFFICE
    return not ((at_home and is_word(low)) or low.endswith(PLACE_ENDS) or office or (beside and not is_unheard(low)))
