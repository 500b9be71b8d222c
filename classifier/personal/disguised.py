"""Finds numbers and addresses written so that no machine shall read them, or as nobody else writes them."""

import re
from collections.abc import Iterator

from cases.records.masking import PersonalKind, PersonalSpan

_AT = r"(?:\s?[\[({]\s?(?:at|a|snabel-?\s?a|@)\s?[\])}]\s?|\ssnabel-?a\s|\s?@\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|punkt|\.)\s?[\])}]\s?|\spunkt\s)"
_EMAIL = re.compile(rf"\b[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}\b", re.IGNORECASE)
_PHONE = re.compile(r"\(0\d{1,3}\)\s?[-–]?\s?\d{2,3}(?:[\s-]?\d{2,3}){1,3}(?!\d)")
# A number that a hospital gives for a while has letters among its last four; some cross these out.
_NUMBER = re.compile(
    r"(?<![\d-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-9]\d)"
    r"(?:[-–]\s?(?=[A-Z\d]{0,3}[A-Z])[A-Z\d]{4}|\s(?:[xX]{4}|\*{4}))(?!\w)"
)
_BORN = re.compile(
    r"\b(?:född|föddes|f\.|personnummer|pers\.?nr|pnr)\s?:?\s?(?:den\s)?((?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))(?![\d-])"
    r"|\bsista (?:fyra|4)(?: (?:siffrorna|siffror))?\s?(?:är)?:?\s?(\d{4})(?!\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b(?:\w{0,20}bil(?:en)?|moped(?:en)?|släp(?:et)?)\s([a-z]{3}\d{2}[a-z\d])(?!\w)", re.IGNORECASE)


def find_disguised(text: str) -> Iterator[PersonalSpan]:
    """What `classifier.personal.contacts` does not know: apart from it, since what the model sees rests on that."""
    for pattern, kind in (
        (_EMAIL, PersonalKind.EMAIL),
        (_PHONE, PersonalKind.PHONE),
        (_NUMBER, PersonalKind.IDENTITY_NUMBER),
        (_BORN, PersonalKind.IDENTITY_NUMBER),
        (_PLATE, PersonalKind.PLATE),
    ):
        for found in pattern.finditer(text):
            yield PersonalSpan(*found.span(found.lastindex or 0), kind)
