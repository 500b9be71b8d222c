"""Files that go along with an answer: how many, how large, and what no file may be."""

from collections.abc import Callable, Sequence
from typing import Protocol

from cases.errors import NotAllowed
from cases.inbound.documents import LEAST_PICTURE_BYTES
from cases.inbound.messages import Attachment, ScanState

MOST_ENCLOSURES = 10
MOST_ENCLOSED_BYTES = 15_000_000
"""Of all files of a letter together: on its way a file grows by a third, and many servers stop at 20 to 25 MB."""

_NO_FILES = frozenset(
    {"application/pkcs7-signature", "application/pgp-signature", "application/pgp-keys", "text/vcard", "text/x-vcard"}
)
"""What a program hangs on a mail by itself."""


class Enclosed(Protocol):
    """What is asked of a file that may go along, whether somebody chose it just now or it is kept already."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def risk(self) -> str:
        """Why it must not be opened without care; empty for none."""

    @property
    def scan(self) -> ScanState:
        """The virus scanner's word."""


def check_enclosures(files: Sequence[Enclosed], screen: Callable[[str], Sequence[str]]) -> None:
    """Raises NotAllowed, its ``part`` "files", where these may not leave together, with what to do about it.

    ``screen`` names what must not stand in a letter, nor in a file's name.
    """
    if len(files) > MOST_ENCLOSURES:
        raise NotAllowed(f"Högst {MOST_ENCLOSURES} filer går med ett brev. Ta bort några.", "files")
    for file in files:
        _check(file, screen)
    if sum(file.size for file in files) > MOST_ENCLOSED_BYTES:
        most = MOST_ENCLOSED_BYTES // 1_000_000
        raise NotAllowed(
            f"Filerna är tillsammans större än {most} MB, och det tar många e-postservrar inte emot. "
            "Skicka färre eller mindre filer.",
            "files",
        )


def _check(file: Enclosed, screen: Callable[[str], Sequence[str]]) -> None:
    hindrance = ""
    if not file.size:
        hindrance = "är tom. Välj en annan fil."
    elif file.risk:
        hindrance = "är ett program eller har makron, och sådant skickas inte. Spara den som PDF."
    elif file.scan is ScanState.INFECTED:
        hindrance = "innehåller virus och skickas inte."
    elif file.scan is ScanState.UNCHECKED:
        hindrance = "gick inte att kontrollera för virus just nu. Försök igen om en stund."
    if hindrance:
        raise NotAllowed(f"Filen {file.name} {hindrance}", "files")
    if faults := screen(file.name):
        raise NotAllowed(f"Byt namn på filen {file.name}. {' '.join(faults)}", "files")


def goes_along(file: Attachment) -> bool:
    """Whether a file of a colleague's mail was meant to go along: no picture of the text, no logo, no signature."""
    logo = file.content_type.startswith("image/") and file.size < LEAST_PICTURE_BYTES
    return not (file.inline or logo or file.content_type in _NO_FILES)


def file_names(files: Sequence[Enclosed]) -> str:
    """Their names, for a sentence."""
    *first, last = [file.name for file in files]
    return f"{', '.join(first)} och {last}" if first else last
