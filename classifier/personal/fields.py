"""Finds names where a form, a mail's quoted header or a file's name puts them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from classifier.personal.name_lists import is_word, names_written_small
from classifier.personal.name_words import is_compound_or_place, may_be_surname

_FIELD = re.compile(
    r"^[> \t]{0,9}(?:(?:För- och efter|För|Efter)?namn|(?:Barnets|Elevens|Ditt)\snamn|Kontaktperson|Sökande|Anmälare"
    r"|Vittne|Kontohavare|Vårdnadshavare(?:\s\d)?)[^\S\n]?:[^\S\n]{0,5}([^\W\d_][^\n,<(;:@\d]{1,60})",
    re.MULTILINE | re.IGNORECASE,
)
_NAME = r"[^\W\d_a-zåäö][^\W\d_.'’-]{0,30}(?:[-'’][^\W\d_]{1,30})?"
_SENDER = re.compile(rf"(?<![\w-])({_NAME}\.?(?:[ ]{_NAME}\.?){{1,4}})\"?\s?<[^<>\s]{{1,64}}@")
_FILE = re.compile(
    r"(?<![\w.%+-])[\w%+-]{3,120}\.(?:pdf|jpe?g|png|gif|webp|heic|tiff?|docx?|odt|xlsx?|txt|zip|mp4|mov)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 5
_LEAST = 3


def find_fields(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name; in a file's name a first name that is no word, and the word behind it."""
    for found in _FIELD.finditer(text):
        value = found[1].rstrip()
        small = value.islower() and any(is_word(word) or is_compound_or_place(word) for word in value.split())
        if not small and len(value.split()) <= _MOST_WORDS and not value.lower().endswith((" kommun", " ab")):
            yield found.start(1), found.start(1) + len(value)
    for found in _SENDER.finditer(text):
        if not any(map(is_word, found[1].lower().split())):
            yield found.span(1)
    for found in _FILE.finditer(text):
        yield from _in_file(text, *found.span())


def _in_file(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    parts = [part for part in _PART.finditer(text, start, end) if len(part.group()) >= _LEAST]
    for part, after in pairwise(parts):
        if part.group().lower() in names_written_small():
            joined = len(text[part.end() : after.start()]) == 1 and text[part.end()] != "."
            yield part.start(), after.end() if joined and may_be_surname(after.group()) else part.end()
