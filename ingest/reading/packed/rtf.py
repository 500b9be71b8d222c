"""Rich text as plain text, by a library that must not be handed everything: two of its patterns never come to an end.

Both go back over what they have read: a font table of a thousand signs without its semicolons took two seconds, and a
link of five thousand without its end took sixteen.
"""

import re
from collections.abc import Iterator

from striprtf.striprtf import font_table_group, rtf_to_text

_NUMBER, _CHARSET = re.compile(r"\\f([0-9]{1,9})"), re.compile(r"\\fcharset([0-9]{1,5})")
_LINK = re.compile(
    r'(\{\\field\{\s{0,9}\\\*\\fldinst\{[^"{}\r\n]{0,200}HYPERLINK\s("[^"{}\r\n]{0,2000}")\}\}\s{0,9}'
    r"\{(?:[^{}\r\n]++|\{[^{}\r\n]*+\}){1,50}+\}\})",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(\{\\field)(?=\{)", re.IGNORECASE)


def plain_of_rtf(rtf: str) -> str:
    """The words of a document, a link's address behind them. Raises what the library does where it is damaged."""
    return str(rtf_to_text(_with_links(_with_fonts(rtf)), encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]


def _with_fonts(rtf: str) -> str:
    """The same with a table before its own of what is asked for alone, which the library then finds instead."""
    table: str = font_table_group(rtf)  # type: ignore[no-untyped-call]
    if not table:
        return rtf
    within = rtf.index(table) + 1
    return f"{rtf[:within]}{{\\fonttbl{''.join(_fonts(table))}}}{rtf[within:]}"


def _fonts(table: str) -> Iterator[str]:
    for entry in table.split(";"):
        number = _NUMBER.search(entry)
        charset = _CHARSET.search(entry, number.end()) if number else None
        if number and charset:
            yield f"\\f{number[1]}\\fcharset{charset[1]} x;"


def _with_links(rtf: str) -> str:
    """The same with each address written behind its link, and no link left for the library to look for."""
    # A line's end says nothing in rich text.
    return _FIELD.sub(r"\1\n", _LINK.sub(r"\1(\2)", rtf))
