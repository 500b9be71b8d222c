"""Text parts made readable: format=flowed (RFC 3676), text/enriched, line ends."""

import re

from ingest.reading.encoding.guesses import composed

_ENRICHED_PARAM = re.compile(r"<param>[^<]{0,2000}</param>", re.IGNORECASE)
_ENRICHED_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9-]{0,59})>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

# Spaces that do not break a line, signs of no width, those of direction among them, and Unicode's own line ends.
_SPACES = (
    *((sign, " ") for sign in "\xa0\u2007\u202f"),
    *(
        (sign, "")
        for sign in "\xad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    ),
    *((sign, "\n") for sign in "\u2028\u2029"),
)


def plain_lines(text: str) -> str:
    """Return text with one kind of line end and of space, and without control signs and those that take no room."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    if _CONTROL.search(lines):
        lines = _CONTROL.sub("", lines)
    if not lines.isascii():
        for sign, plain in _SPACES:
            lines = lines.replace(sign, plain)
    return composed(lines)


def unflow(text: str, *, delsp: bool) -> str:
    """Join the soft line breaks of format=flowed: a line that ends with a space goes on in the next of equal depth."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        body = content[:-1] if soft and delsp else content
        if depth == open_depth and content != "-- ":
            out[-1].append(body)
        else:
            out.append([">" * depth + " " if depth else "", body])
        open_depth = depth if soft else -1
    return "\n".join(map("".join, out))


def enriched_to_text(text: str) -> str:
    """Return text/enriched (RFC 1896) as plain text: single line breaks are spaces, doubled ones breaks."""
    bare = _ENRICHED_TAG.sub("", _ENRICHED_PARAM.sub("", text.replace("<<", "\ue0f8")))
    joined = re.sub(r"\n(\n*)", lambda run: run.group(1) or " ", bare)
    return joined.replace("\ue0f8", "<")
