"""Finds personal identity numbers and coordination numbers (folkbokföringslagen 18 and 18 a §§) in running text."""

import re
from collections.abc import Iterator

from personnummer import personnummer

# Two or no century digits, six of date, a sign or space or nothing, four more; no digit on either side.
_SHAPE = re.compile(r"(?<![\d-])((?:18|19|20)?\d{6})(\s?[-+–−]\s?|\s)?(\d{4})(?![\d-])")
_PHONE = re.compile(r"(?:tel|telefon|mobil|ring|nås på|sms)\w*[.:]?\s*$", re.IGNORECASE)
_LOOK_BACK = 20


def find_identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every number whose date exists and whose check digit is right.

    Organisation numbers fall away (their third digit makes no month). Ten digits without a sign after a word like
    *telefon* are taken as a telephone number.
    """
    for match in _SHAPE.finditer(text):
        date, sign, last = match.group(1), (match.group(2) or "").strip(), match.group(3)
        plain = f"{date}{'+' if sign == '+' else '-' if sign else ''}{last}"
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if personnummer.valid(plain) and (sign or not _PHONE.search(before)):
            yield match.span()
