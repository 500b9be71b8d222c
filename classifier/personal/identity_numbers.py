"""Finds personal identity numbers and coordination numbers (folkbokföringslagen 18 and 18 a §§) in running text."""

import re
from collections.abc import Iterator

from personnummer import personnummer

# A digit, or a letter that a scanner or a hurried hand puts in its place.
_D = "[0-9OolI]"
_SIGN = r"\s?[-+/_\u2010-\u2015\u2212]\s?"
# Two or no century digits, six of date, a sign or space or nothing, four more; no digit on either side.
_SHAPE = re.compile(rf"(?<!\d)(?<!\d-)((?:18|19|20|[Il]9|2[Oo])?{_D}{{6}})({_SIGN}|\s)?({_D}{{4}})(?![\d-])")
# The date in parts: 1912-12-12 1212, 12 12 12-1212. Pairs of digits without a sign are telephone numbers.
_APART = re.compile(
    r"(?<![\d-])(?<!\d[ .])((?:18|19|20)\d\d([-. ])\d\d\2\d\d|\d\d([-. ])\d\d\3\d\d(?=\s?[^\s\d]))"
    rf"({_SIGN}|\s)?(\d{{4}})(?![\d-])"
)
_READ_AS = str.maketrans("OolI", "0011")
_PHONE = re.compile(r"(?:tel|telefon|mobil|ring|nås på|sms)\w*[.:]?\s*$", re.IGNORECASE)
_LOOK_BACK = 20
_MOST_LETTERS = 4


def find_identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every number whose date exists and whose check digit is right.

    Organisation numbers fall away (their third digit makes no month). Ten digits without a sign after a word like
    *telefon* are taken as a telephone number. Up to four letters that look like digits (``12I2I2-l2l2``) are taken
    as those.
    """
    for match in _SHAPE.finditer(text):
        sign = (match.group(2) or "").strip()
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _valid(match.group(1), sign, match.group(3)) and (sign or not _PHONE.search(before)):
            yield match.span()
    for match in _APART.finditer(text):
        if _valid(re.sub(r"\D", "", match.group(1)), (match.group(4) or "").strip(), match.group(5)):
            yield match.span()


def _valid(date: str, sign: str, last: str) -> bool:
    number = f"{date}{'+' if sign == '+' else '-' if sign else ''}{last}"
    letters = sum(map(str.isalpha, number))
    return letters <= _MOST_LETTERS and bool(personnummer.valid(number.translate(_READ_AS)))
