"""What was typed in a form with files, read without keeping anything of the files: no file is ever opened for them."""

import logging
from collections.abc import AsyncIterator

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

# It warns of each form that is none, as many as a stranger cares to send; the desk answers them.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


async def read_typed(
    content_type: str, pieces: AsyncIterator[bytes], *, most: int, longest: int
) -> list[tuple[str, str]]:
    """The fields of a ``multipart/form-data`` that comes in pieces, each a name and its value, in their order.

    None of them at more than ``most`` fields, at one of more than ``longest`` bytes, and of what is no such form.
    """
    parts = _Parts(most, longest)
    _, options = parse_options_header(content_type)
    try:
        parser = MultipartParser(
            options.get(b"boundary", b""),
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.name_line,
                "on_header_value": parts.say,
                "on_header_end": parts.end_line,
                "on_part_data": parts.take,
                "on_part_end": parts.end,
            },
        )
        async for piece in pieces:
            parser.write(piece)
    except FormParserError:
        return []
    return parts.found


class _Parts:
    """Follows the parser from part to part; one whose head names a file is passed over."""

    def __init__(self, most: int, longest: int) -> None:
        self.found: list[tuple[str, str]] = []
        self._most, self._longest = most, longest
        self._line, self._says = b"", b""
        self._options: dict[bytes, bytes] = {}
        self._value = bytearray()

    def begin(self) -> None:
        self._options = {}
        self._value.clear()

    def name_line(self, data: bytes, start: int, end: int) -> None:
        self._line += data[start:end]

    def say(self, data: bytes, start: int, end: int) -> None:
        self._says += data[start:end]

    def end_line(self) -> None:
        if self._line.lower() == b"content-disposition":
            _, self._options = parse_options_header(self._says)
        self._line, self._says = b"", b""

    @property
    def _typed(self) -> bool:
        return b"name" in self._options and b"filename" not in self._options

    def take(self, data: bytes, start: int, end: int) -> None:
        if self._typed:
            self._value += data[start:end]
        if len(self._value) > self._longest:
            raise FormParserError

    def end(self) -> None:
        if self._typed:
            self.found.append(
                (self._options[b"name"].decode("utf-8", "replace"), self._value.decode("utf-8", "replace"))
            )
        if len(self.found) > self._most:
            raise FormParserError
