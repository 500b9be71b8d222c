"""Where links lead, and where pictures stood: what mail programs write into a text that nobody can read there."""

import re
from urllib.parse import unquote

_SAFE_LINK = re.compile(
    r"https://[\w.-]{1,60}\.safelinks\.protection\.outlook\.com/[^\s?]{0,40}\?url=([^&\s<>\"]{1,2000})"
    r"(?:&[^\s<>\"()\[\]]{0,2000}(?<![.,:!?]))?",
    re.IGNORECASE,
)
_TARGET = re.compile(r"(?:https?://|mailto:)[^\s<>\"\x00-\x20\x7f]+", re.IGNORECASE)
# Outlook's sign in plain text for a picture in the page: "[cid:image001.png@01DA1234.5678ABCD]".
_PLACE = re.compile(r"^[ \t]{0,40}\[cid:[^\[\]\s]{1,200}\][ \t]{0,40}\n?|\[cid:[^\[\]\s]{1,200}\]", re.MULTILINE)


def meant(target: str) -> str:
    """Return where a link leads whose target Microsoft's Safe Links rewrote, else its target; to read, not to open."""
    found = _SAFE_LINK.match(target)
    return _inside(found) if found else target


def readable(text: str) -> str:
    """Return plain text with the targets of its links as they were written, and without the places of pictures."""
    if "[cid:" in text:
        text = _PLACE.sub("", text)
    return _SAFE_LINK.sub(_inside, text) if "safelinks." in text.lower() else text


def _inside(found: re.Match[str]) -> str:
    target = unquote(found.group(1))
    return target if _TARGET.fullmatch(target) else found.group()
