"""Finds addresses, telephone numbers, e-mail addresses, property designations and plates in running Swedish text."""

import re
from collections.abc import Iterator

from cases.records.masking import PersonalKind, PersonalSpan

_STREET = (
    r"(?:gatan?|vägen|väg|vägs|gränd|gränden|stigen|stig|allén|alle|torget|torg|backen|plan|planen|liden|kajen|promenaden"
    r"|esplanaden|stråket|leden|rundan|slingan|vreten|tået|brinken|ringen|parken|hagen|ängen|gården|udden|gat|v)"
)
_HOUSE = r"\d{1,3}(?: ?[A-Ha-h](?!\w))?(?:,? (?:lgh|lägenhet|port|uppg(?:ång)?|tr|vån)\.? ?\w{1,4})?"
_ADDRESS = re.compile(
    rf"\b(?:(?:[A-ZÅÄÖ][\w:]*\s){{0,2}}[A-ZÅÄÖa-zåäö][\wåäöé:-]+{_STREET}|[A-ZÅÄÖ][\w]*\s(?:väg|gata|gränd|stig|allé|torg|plan|backe))"
    rf" {_HOUSE}(?![\d:])",
)
_STREET_ALONE = re.compile(
    r"\b(?:Esplanaden|Torget|Allén|Kajen|Promenaden|Backen|Brinken|Gränden|Stigen|Ringen|Slingan|Liden) "
    rf"{_HOUSE}(?![\d:])"
)
# The second word of a town stands on its line, and is not what comes next in a signature.
_TOWN = re.compile(
    r"\b(?:SE?-)?[1-9]\d{2}\s\d{2}\s+[A-ZÅÄÖ][\wåäöÅÄÖ]+(?:[^\S\r\n](?!Tel|Tfn|Mob|Fax|Epost|Mejl)[A-ZÅÄÖ][\wåäö]+)?"
)
# So few that a letter of nothing but spaces is read as fast as any other.
_SPACES = r"\s{1,9}"
_LIVES = re.compile(
    rf"\b(?:bor|bodde|hemma|hem|adress(?:en)?(?:{_SPACES}är)?)\s?:?{_SPACES}(?:(?:på|vid|i|till)\s{{0,9}})?"
    rf"([A-ZÅÄÖ][\wåäöé-]*{_STREET})\b"
)
_LIVES_AT = re.compile(
    rf"\b(?:bor|bodde|adress(?:en)?(?:{_SPACES}är)?)\s?:?{_SPACES}(?:(?:på|vid|i)\s{{0,9}})?"
    r"([A-ZÅÄÖ][\wåäöé-]+(?:\s[A-ZÅÄÖ][\wåäö]+)? \d{1,4}(?: ?[A-Ha-h])?)\b(?![:\d]| ?(?:km|kilometer|mil|min|år|m)\b)"
)
_FLAT = re.compile(r"\b(?:lgh|lägenhet(?:snummer)?)\s?\.?\s?(?:nr\s?)?\d{1,4}\b|\bbox\s\d{1,5}\b", re.IGNORECASE)
_EMAIL = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b|\b[\w.+-]{1,64}\s?[\[(]at[\])]\s?[\w.-]{3,100}\b"
)
_AREA_CODE = r"(?:(?:\+|00)\s?\d{1,3}\s?[- ]?(?:\(0\)\s?)?\d{1,3}|0\d{1,3})"
_PHONE = re.compile(rf"(?<![\w:/.,-]){_AREA_CODE}(?:\s?[-–/]\s?|\s)?\d{{2,3}}(?:[\s-]?\d{{2,3}}){{1,3}}(?![\d:]|-\d)")
_SHORT_PHONE = re.compile(
    r"(?<=\b(?:tel|tfn|mob|sms))(?:n|\.|:|nr|efon(?:nummer)?|il(?:nummer)?)*\s*(\d[\d\s-]{3,12}\d)\b"
    r"|(?<![\d.])(07\d(?:\.\d{2,3}){3})(?![.\d])",
    re.IGNORECASE,
)
_LEAST_PHONE, _MOST_PHONE = 8, 13
_IDENTITY = re.compile(
    r"(?<![\d-])(?:(?:18|19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-9]\d)\s?[-+–—]\s?(?:\d{4}|[Xx*]{4})(?!\d)"
)
_IDENTITY_RUN = re.compile(r"(?<![\d-])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-9]\d)\d{4}(?!\d)")
_PROPERTY = re.compile(
    r"\b[A-ZÅÄÖ][\wåäöé-]+(?:\s[A-ZÅÄÖ][\wåäöé-]+)?\s(?:\d{1,3}|[sS]|[gG][aA]):\d{1,4}\b"
    r"|\b(?:[Ff]astighet(?:en)?|[Kk]v\.?|[Kk]varteret|[Tt]omten)\s[A-ZÅÄÖ][\wåäöé-]+(?:\s[A-ZÅÄÖ][\wåäöé-]+)?\s\d{1,3}(?::\d{1,4})?\b"
)
_PLATE = re.compile(r"(?<![\w-])(?![A-Z]*[IQV])[A-HJ-PR-UW-Z]{3}[\s-]?\d{2}[A-HJ-NPR-UW-Z\d](?![\w-])")
_NO_PLATE = frozenset(
    {"SMS", "LSS", "RUT", "KBT", "CSN", "SFS", "KLM", "RAL", "LED", "SEK", "USD", "EUR", "BBR", "SOU", "DNR"}
)
_PLATE_SAID = re.compile(
    r"\b(?:reg(?:\.?\s?(?:nr|nummer|skylt)|istreringsnummer)\.?:?\s*)([A-Za-zÅÄÖåäö]{3}\s?\d{2}\w)\b", re.IGNORECASE
)
_DATE = r"(?:19|20)\d\d-(?:\d\d-\d\d|(?:19|20)\d\d)\b"
_LONG_NUMBER = re.compile(rf"(?<![\w:/-])(?!{_DATE})\d(?:[ -]?\d){{6,}}+(?!\w| ?(?:kr|kronor|:-|invånare|kvadrat))")


def _spans(pattern: re.Pattern[str], text: str, kind: PersonalKind) -> Iterator[PersonalSpan]:
    for found in pattern.finditer(text):
        group = found.lastindex or 0
        yield PersonalSpan(found.start(group), found.end(group), kind)


def _phones(text: str) -> Iterator[PersonalSpan]:
    for span in _spans(_PHONE, text, PersonalKind.PHONE):
        digits = sum(sign.isdigit() for sign in text[span.start : span.end])
        if _LEAST_PHONE <= digits <= _MOST_PHONE:
            yield span


def _plates(text: str) -> Iterator[PersonalSpan]:
    yield from _spans(_PLATE_SAID, text, PersonalKind.PLATE)
    yield from (s for s in _spans(_PLATE, text, PersonalKind.PLATE) if text[s.start : s.start + 3] not in _NO_PLATE)


def find_contacts(text: str) -> Iterator[PersonalSpan]:
    """Everything but names and checked identity numbers; stretches may overlap, the surer kinds come first."""
    yield from _spans(_EMAIL, text, PersonalKind.EMAIL)
    yield from _spans(_IDENTITY, text, PersonalKind.IDENTITY_NUMBER)
    yield from _spans(_IDENTITY_RUN, text, PersonalKind.IDENTITY_NUMBER)
    yield from _phones(text)
    yield from _spans(_SHORT_PHONE, text, PersonalKind.PHONE)
    for pattern in (_ADDRESS, _STREET_ALONE, _TOWN, _LIVES, _LIVES_AT, _FLAT):
        yield from _spans(pattern, text, PersonalKind.ADDRESS)
    yield from _spans(_PROPERTY, text, PersonalKind.PROPERTY)
    yield from _plates(text)
    yield from _spans(_LONG_NUMBER, text, PersonalKind.NUMBER)
