"""What a list shows of a letter: its first words, on one line."""

import re

_LENGTH = 240
# Holds that many characters however the lines are broken; a letter may be of megabytes.
_BEGINNING = 4000
_PART_ENDS = re.compile(r"(?<=\w)[^\S\n]*\n[^\S\n]*\n\s*")
_GREETING_ENDS = re.compile(r"\A(\w[^\n]{0,28}\w)[^\S\n]*\n\s*(?=[^\W\d_a-zåäö])")


def excerpt_of(text: str) -> str:
    """The first 240 characters.

    A greeting or heading that ends without a mark gets a full stop: on one line it would read on into what comes after
    it ("Hej Jag undrar ...").
    """
    beginning = _GREETING_ENDS.sub(r"\1. ", text[:_BEGINNING].strip())
    return " ".join(_PART_ENDS.sub(". ", beginning).split())[:_LENGTH]
