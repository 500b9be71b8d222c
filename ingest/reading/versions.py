"""Which of several versions of one text to read: plain before HTML, unless the plain one is none."""

import html
import re

from ingest.reading.automatic.programs import REACTION_TYPE
from ingest.reading.structure import Part

PLAIN_TYPES = ("text/plain", "text/markdown", "text/x-markdown")
VARIANT_TYPES = ("text/x-amp-html", "text/watch-html", REACTION_TYPE)
"""Versions for one program or one watch only (AMP for Email, Apple, Gmail): the other versions say the same."""

# A text part that only says that the program cannot show the other one, or where to see it.
_STUB = re.compile(
    r"(?:does not|doesn't|cannot|can't|unable|not able|need|contains|kan inte|stöder inte|stödjer inte|innehåller"
    r"|klient|client|reader|program|view|visa)"
    r".{0,80}\bhtml\b|\bhtml\b.{0,80}(?:client|reader|viewer|capable|enabled|compatible|e-?mail|program|klient)"
    r"|\b(?:view|visa|läs|read|open|öppna|se)\b.{0,60}\b(?:browser|web page|online|webbläsare\w{0,2}|webbsida)\b"
    r"|(?:kan inte|can't|cannot|unable to|trouble|problem\w{0,2} (?:att|med)|svårt att|inte kan)\s.{0,20}"
    r"(?:läsa|visa|read\w{0,3}|view\w{0,3}|see\w{0,3})\b.{0,40}(?:meddelande|brev|mejl|mail|message)"
    r"|(?:client|klient|program)\w{0,3}\b.{0,40}"
    r"(?:(?:does|can|could)(?:n['’]t| not)|can(?:not|['’]t)|stöder inte|stödjer inte|kan inte|kunde inte)",
    re.IGNORECASE | re.DOTALL,
)
_SHORT = 300
_FEW = 2  # long words, of which one in common says nothing
_LETTER = 5  # long words make a page say more than one word
_NO_WORDS = re.compile(r"https?://\S{1,500}|\[(?:cid|image|bild)\b[^\]\n]{0,200}\]|\S{1,64}@\S{1,200}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{5,40}")
_TAG = re.compile(r"<[^<>]{0,5000}>")
_SEARCHED = 200_000


def is_plain(part: Part) -> bool:
    """Whether a version is the plain one: such a text, or parts of which the first text is."""
    if part.content_type == "multipart/alternative":
        return any(map(is_plain, part.children))
    first = next((c for c in part.children if c.content_type.startswith(("text/", "multipart/"))), None)
    return is_plain(first) if first else part.content_type in PLAIN_TYPES


def is_stub(text: str) -> bool:
    """Whether a plain version only points to the other one, or holds nothing but links and places of pictures."""
    words = text.strip()
    return len(words) < _SHORT and (bool(_STUB.search(words)) or not re.search(r"\w", _NO_WORDS.sub("", words)))


def is_version(plain: str, pages: list[str]) -> bool:
    """Whether a plain text says what the HTML says; of a long one that is believed, one of few words must be in it."""
    if len(plain) >= _SHORT or not pages:
        return True
    said = _NO_WORDS.sub("", plain).lower()
    words = set(_WORD.findall(said))
    page = html.unescape(_TAG.sub("", "\n".join(pages)[:_SEARCHED])).replace("\xad", "").lower()
    if len(words) < _FEW:
        return len(_WORD.findall(page)) < _LETTER or _alike(said) in _alike(page)
    return 2 * sum(word in page for word in words) >= len(words)


def _alike(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, however their lines are set."""
    return _alike(one) == _alike(other)
