"""Blocks of quoted headers in a language that nobody knows here, told by their build alone."""

import re

_LABEL = re.compile(r"[\s>*]{0,6}[^\W\d_][^\n:：፦@]{0,24}[:：፦]\*?\s?\S")
_NAMED_ADDRESS = re.compile(r"<[^<>\s@]{1,120}@[^<>\s@]{3,120}>")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def is_any_label(line: str) -> bool:
    """Whether a line begins like a header or a form's question, whatever the word, with its value behind it."""
    return bool(_LABEL.match(line))


def find_foreign_block(lines: list[str], at: int) -> int | None:
    """Return the line past four headers or more, or nothing.

    One of them names somebody by his address between angle brackets, one says a time of day. The caller knows that
    words between dashes stand above: *-------- Original Message --------* in that language.
    """
    end = at
    while end < min(at + 8, len(lines)) and len(lines[end]) < 1000 and is_any_label(lines[end]):
        end += 1
    found = lines[at:end]
    timed = any(map(_CLOCK.search, found))
    return end if len(found) >= 4 and timed and any(map(_NAMED_ADDRESS.search, found)) else None


def find_unannounced_block(lines: list[str], at: int) -> int | None:
    """Return the line past such headers with only an empty line above, or nothing.

    They name the sender, then the time with its year, then a recipient, both by their addresses in brackets.
    """
    if not _NAMED_ADDRESS.search(lines[at]) or any(map(str.strip, lines[at - 1 : at])):
        return None
    end = find_foreign_block(lines, at) or at
    timed = next((n for n in range(at, end) if _CLOCK.search(lines[n]) and _YEAR.search(lines[n])), end)
    return end if any(map(_NAMED_ADDRESS.search, lines[timed:end])) else None
