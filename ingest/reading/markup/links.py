"""Where links lead, and where pictures stood: what mail programs write into a text that nobody can read there."""

import html
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
# Outlook writes the target behind the words also where they are the target: "anna@x.example<mailto:anna@x.example>".
_BEHIND = re.compile(r" ?<(?:mailto:|tel:|https?://(?:www\.)?)([^<>\s]{3,300})>", re.IGNORECASE)
_ESCAPED = re.compile(
    r"&(?:[aeiou](?:ring|uml|acute|grave|circ)|oslash|aelig|#(?:22[89]|246|19[67]|214));", re.IGNORECASE
)
_SCHEME = len("https://www./ ")
_BETWEEN = " \t\n<>()[]\",;:'"


def meant(target: str) -> str:
    """Return where a link leads whose target Microsoft's Safe Links rewrote, else its target; to read, not to open."""
    found = _SAFE_LINK.match(target)
    return _inside(found) if found else target


def readable(text: str) -> str:
    """Return plain text with its links as they were written, each target once, and without the places of pictures.

    Letters that a web form wrote as a page's (``&aring;``) are letters, where it wrote none in another way.
    """
    if text.isascii() and len(_ESCAPED.findall(text)) > 1:
        text = html.unescape(text)
    if "[cid:" in text:
        text = _PLACE.sub("", text)
    if "safelinks." in text.lower():
        text = _SAFE_LINK.sub(_inside, text)
    return _BEHIND.sub(_unless_said, text) if "<" in text else text


def _unless_said(found: re.Match[str]) -> str:
    """Return a target with its brackets, or nothing where it is the word before it."""
    target = found.group(1).lower().rstrip("/")
    before = found.string[max(0, found.start() - len(target) - _SCHEME) : found.start()].lower().rstrip("/")
    if not before.endswith(target):
        return found.group()
    left = before.removesuffix(target).removesuffix("www.").removesuffix("http://").removesuffix("https://")
    return "" if not left or left[-1] in _BETWEEN else found.group()


def _inside(found: re.Match[str]) -> str:
    target = unquote(found.group(1))
    return target if _TARGET.fullmatch(target) else found.group()
