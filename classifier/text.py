"""One string out of a letter, and what is done to it before anything reads it."""

import re
import unicodedata

LIMIT = 20_000  # characters the words are read of; the encoder has its own, lower bound
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_HYPHENS = "\u2010\u2011\u2012\u2212"  # what word processors and telephones write for a hyphen in a number
_RUN = 200  # signs without a space; tokenizers need time with the square of a longer run
_LONG_RUN = re.compile(rf"(\S{{{_RUN}}})\S")


def letter_text(subject: str, body: str) -> str:
    """The string every position counts in: the subject, a line break, the body."""
    return f"{subject}\n{body}"


def readable(text: str) -> str:
    """The same string, character for character, made plain: positions in it are positions in ``text``.

    Direction marks, zero-width signs and other invisible characters become spaces; signs that NFKC maps to one sign
    are mapped (so a no-break space becomes a space); hyphens of every kind become one; a run of signs without spaces
    loses one to a space now and then.
    Only the first and last half of `LIMIT` characters stay; what lies between becomes line breaks, so that a letter
    of a megabyte costs no more than its ends.
    """
    if len(text) > LIMIT:
        half = LIMIT // 2
        text = text[:half] + "\n" * (len(text) - LIMIT) + text[-half:]
    plain = _LONG_RUN.sub(r"\1 ", _HIDDEN.sub(" ", text))
    return plain if plain.isascii() else "".join(map(_plain, plain))


def _plain(sign: str) -> str:
    if sign < "\u00a0" or (sign.isalpha() and sign < "\u0250"):
        return sign
    if sign in _HYPHENS:
        return "-"
    mapped = unicodedata.normalize("NFKC", sign)
    return mapped if len(mapped) == 1 else sign
