"""Finds homes, births, accounts and names in social media that `classifier.personal.contacts` does not know.

Apart from it, since what the model sees rests on that.
"""

import re
from collections.abc import Iterator

from cases.calendar import MONTHS
from cases.records.masking import PersonalKind, PersonalSpan

_STREET = "(?:gatan|vägen|stigen|gränden|backen|allén|torget|ringen|liden|brinken|slingan)"
_CAPITALS = re.compile(
    rf"\b[A-ZÅÄÖ]{{2,20}}{_STREET.upper()}\s\d{{1,3}}(?:\s?[A-H](?!\w))?(?:,?\s(?:LGH|LÄGENHET)\.?\s?\d{{1,4}})?"
)
_IN_WORDS = re.compile(
    rf"\b(?:bor|bodde)\s(?:på\s)?([A-ZÅÄÖ]\w{{1,20}}{_STREET}\s(?:ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|\w{{2,8}}ton))\b"
)
_FLOOR = re.compile(
    r"(?<=, )(?:\d{1,2}\s?tr|(?:en|två|tre|fyra|fem)\strappor)\b\.?(?:\supp\b)?(?:\s(?:ög|öv|nb|tv|th)\b)?"
)
_POSTCODE = re.compile(r"(?:(?<=, )|^)[1-9]\d{4}\s[A-ZÅÄÖ][a-zåäöé]{2,30}\b", re.MULTILINE)
# Where people live, in other languages, with a number behind the street.
_HOME_ABROAD = re.compile(
    r"\b(?:osoitteessa|mun orun|live at|live on|wohne in der|wohne in|mieszkam przy|bor i|degganahay|живу на|живу по)"
    r"\s(?:ul\.\s)?([^\W\d_]\w{2,30}(?:\s[^\W\d_]\w{1,30})?\s\d{1,4}(?:\s?[A-H](?!\w))?)"
)
_MONTH = f"(?:{'|'.join(MONTHS)})"
_BORN = re.compile(
    r"\b(?:född|födda|föddes|födelsedatum|f\.)\s?:?\s?(?:den\s)?"
    rf"(\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[\s/.-](?:19|20)?\d\d|\w{{1,12}}\s{_MONTH}\s(?:(?:19|20)\d\d|(?:nitton|tjugo)\w{{0,30}}))",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/-])@[A-Za-z_][\w.]{2,29}(?![\w@])")
_PROFILE = re.compile(
    r"\b(?:https?://)?(?:www\.)?(?:facebook|instagram|linkedin|tiktok|twitter|snapchat|youtube|x)\.com/[^\s<>\"]{2,200}",
    re.IGNORECASE,
)
_CALLED_ON = re.compile(
    r"\b(?:snap(?:chat)?|insta(?:gram)?|tiktok|discord)\s?(?::|heter)\s?([A-Za-z_][\w.]{2,29})", re.IGNORECASE
)
_ACCOUNT = re.compile(r"\b\d{4}(?:-\d)?,\s?\d(?:[ -]?\d){5,14}(?!\w)")
_PASSPORT = re.compile(r"\b[A-Z]{2}\d{7}\b")
_ASKED = re.compile(r"[?&](?:adress|address|gata|street|namn|name|personnr|pnr)=([^&\s]{2,100})", re.IGNORECASE)


def find_beyond(text: str) -> Iterator[PersonalSpan]:
    """The stretches, each pattern's in order."""
    for pattern, kind in (
        (_BORN, PersonalKind.IDENTITY_NUMBER),
        (_CAPITALS, PersonalKind.ADDRESS),
        (_IN_WORDS, PersonalKind.ADDRESS),
        (_HOME_ABROAD, PersonalKind.ADDRESS),
        (_ASKED, PersonalKind.ADDRESS),
        (_PROFILE, PersonalKind.NAME),
        (_HANDLE, PersonalKind.NAME),
        (_CALLED_ON, PersonalKind.NAME),
        (_ACCOUNT, PersonalKind.NUMBER),
        (_PASSPORT, PersonalKind.NUMBER),
    ):
        for found in pattern.finditer(text):
            yield PersonalSpan(*found.span(found.lastindex or 0), kind)


def find_floors(text: str) -> Iterator[PersonalSpan]:
    """Floors and towns that stand behind a street: asked last, for they are within longer addresses too."""
    for pattern in (_FLOOR, _POSTCODE):
        yield from (PersonalSpan(*found.span(), PersonalKind.ADDRESS) for found in pattern.finditer(text))
