"""One string out of a letter, and what is done to it before anything reads it."""

import re
import unicodedata

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
LIMIT = 20_000  # characters the words are read of; the encoder has its own, lower bound
_HIDDEN_SIGNS = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad"
_HIDDEN = re.compile(f"[{_HIDDEN_SIGNS}]")
# Those, and the accents that are signs of their own.
_MARKED = re.compile(f"[{_HIDDEN_SIGNS}\u0300-\u036f]")
# Arabic script joins and parts its letters by hidden signs of right: there they are spaces, as before.
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_HYPHENS = "\u2010\u2011\u2012\u2212"  # what word processors and telephones write for a hyphen in a number
_RUN = 200  # signs without a space; tokenizers need time with the square of a longer run
_LONG_RUN = re.compile(rf"(\S{{{_RUN}}})\S")
_HALVES = re.compile("[\ud800-\udfff]")
_LEADING = re.compile(rf"\A{_HIDDEN.pattern}+")
_RUNS = re.compile(r"\S+")
_TAIL = re.compile(r"\S+\Z")
_SIGN = re.compile(r"[^\w\s]")
_SIGNS = 2_000  # twice what a letter of `LIMIT` characters has
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_ALPHABET = re.compile("[\u0370-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_TWINS = str.maketrans("аеорсухіјѕһԁАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρα", "aeopcyxijshdABEKMHOPCTXIJSABEZHIKMNOPTYXovpa")


def letter_text(subject: str, body: str) -> str:
    """The string every position counts in: the subject, a line break, the body; halves of signs as `whole_signs`."""
    return whole_signs(f"{subject}\n{body}")


def whole_signs(text: str) -> str:
    """The text with U+FFFD for each half of a sign (lone surrogate, as JSON may hold): no UTF-8 can be made of one."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def readable(text: str) -> str:
    """The same string made plain, as long as before: positions in it are positions in ``text``.

    Signs that NFKC maps to one sign are mapped (so a no-break space becomes a space); hyphens of every kind become one;
    a run of signs without spaces loses one to a space now and then. Direction marks, zero-width signs and other
    invisible characters are gone, and letters written in two signs (o and ¨) are one: the rest of their word moves up,
    and spaces fill the word's end, so there alone positions are not exact (`whole_words`). A word of Latin letters and
    a few Cyrillic or Greek ones that look the same is Latin.
    Only the first and last half of `LIMIT` characters stay; what lies between becomes line breaks, so that a letter
    of a megabyte costs no more than its ends.
    """
    if len(text) > LIMIT:
        half = LIMIT // 2
        text = text[:half] + "\n" * (len(text) - LIMIT) + text[-half:]
    if _MARKED.search(text):
        text = _RUNS.sub(lambda run: _packed(run.group()), text)
    plain = _LONG_RUN.sub(r"\1 ", _HIDDEN.sub(" ", text))
    if plain.isascii():
        return plain
    plain = "".join(map(_plain, plain))
    return _WORD.sub(_latin, plain) if _OTHER_ALPHABET.search(plain) else plain


def with_fewer_signs(text: str) -> str:
    """The same string, as long, with spaces for the middle ones of thousands of signs that are no letter or figure.

    Every such sign is a token of its own, so that a wall of them costs several times what words cost.
    """
    if len(text) <= _SIGNS:
        return text
    places = [found.start() for found in _SIGN.finditer(text)]
    if len(places) <= _SIGNS:
        return text
    first, last = places[_SIGNS // 2], places[-_SIGNS // 2]
    return text[:first] + _SIGN.sub(" ", text[first:last]) + text[last:]


def ends(text: str) -> str:
    """A text of at most `LIMIT` characters: of a longer one its ends, with an empty line between them."""
    half = LIMIT // 2 - 1
    return text if len(text) <= LIMIT else f"{text[:half]}\n\n{text[-half:]}"


def in_whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch found in the `ends` of a text made plain, as one of the text itself."""
    left_out = max(0, len(text) - LIMIT) if start >= LIMIT // 2 else 0
    return whole_words(text, start + left_out, end + left_out)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch found in the text made plain, as one of ``text``: longer where signs of its last word are gone."""
    first, last = max(0, end - _RUN), end + _RUN
    head, tail = _TAIL.search(text, first, end), _RUNS.match(text, end, last)
    run = text[head.start() if head else end : tail.end() if tail else end]
    return (start, tail.end()) if tail and _MARKED.search(run) else (start, end)


def _packed(run: str) -> str:
    """A run without its hidden signs, composed, and filled with spaces to its length."""
    if not _MARKED.search(run) or _ARABIC.search(run):
        return run
    lead = len(run) - len(_LEADING.sub("", run, count=1))
    packed = " " * lead + unicodedata.normalize("NFC", _HIDDEN.sub("", run[lead:]))
    return packed.ljust(len(run)) if len(packed) <= len(run) else run


def _latin(word: re.Match[str]) -> str:
    """A word in which letters of another alphabet stand for Latin ones."""
    found = word.group()
    mended = found.translate(_TWINS)
    return mended if _LATIN.search(found) and not _OTHER_ALPHABET.search(mended) else found


def _plain(sign: str) -> str:
    if sign < "\u00a0" or (sign.isalpha() and sign < "\u0250"):
        return sign
    if sign in _HYPHENS:
        return "-"
    mapped = unicodedata.normalize("NFKC", sign)
    return mapped if len(mapped) == 1 else sign
