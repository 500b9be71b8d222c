"""How letters are divided among questions to the mail server, none of whose answers may be too large."""

from collections.abc import Iterator

# The answer to SEARCH is one line, and imaplib takes at most a million bytes in one.
_SEARCHED_AT_ONCE = 50_000


def bounded(sizes: dict[int, int], most: int) -> Iterator[list[int]]:
    """Group UIDs so that no group's sizes add up to more than ``most``, unless it is one letter alone."""
    part, weight = list[int](), 0
    for uid, size in sizes.items():
        if part and weight + size > most:
            yield part
            part, weight = [], 0
        part.append(uid)
        weight += size
    if part:
        yield part


def ranges(exists: int) -> list[str]:
    """Sequence sets that together name all letters; ALL where one will do, since pymap takes ``1:9`` for UIDs."""
    if exists <= _SEARCHED_AT_ONCE:
        return ["ALL"] if exists else []
    return [
        f"{first}:{min(first + _SEARCHED_AT_ONCE - 1, exists)}" for first in range(1, exists + 1, _SEARCHED_AT_ONCE)
    ]
