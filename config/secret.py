"""A secret that nobody prints by mistake."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A password, key or URL with a password; only ``reveal()`` gives its text, never ``repr``, ``str`` or a log line.

    ``origin`` says where it was read (``miljövariabeln LYHORD_IMAP_PASSWORD``, ``filen /run/secrets/imap``), which may
    be shown; ``file`` is that file.
    """

    value: str = field(repr=False)
    origin: str = field(default="", compare=False)
    file: Path | None = field(default=None, compare=False)

    def reveal(self) -> str:
        """The text itself; call it where it is used, and keep it nowhere."""
        return self.value

    def renewed(self) -> str:
        """As its file has it now: for what is changed elsewhere at its hour, while we run.

        As it was read at the start where it came from the environment, or its file cannot be read or is empty now.
        """
        if self.file is not None:
            with suppress(OSError, ValueError):
                return read_secret(self.file) or self.value
        return self.value

    def __repr__(self) -> str:
        return "Secret(dold)"

    def __str__(self) -> str:
        return "(dold)"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def read_secret(file: Path) -> str:
    """The text of a secret's file, without its last newline. Raises OSError, or ValueError where it is not UTF-8."""
    # With the mark that some editors begin a file by: it is no part of a password.
    return file.read_text(encoding="utf-8-sig").rstrip("\r\n")
