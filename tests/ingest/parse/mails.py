"""The mails that the tests of reading use; every one was written for this project, all persons are fictional."""

import re
from pathlib import Path

MAILS = Path(__file__).parents[2] / "mails"


def read_mail(name: str) -> bytes:
    return (MAILS / name).read_bytes()


def read_records(name: str) -> dict[str, str]:
    """Return the records of a text file by their names: each begins with a line ``## name``."""
    text = (MAILS / name).read_text(encoding="utf-8")
    pieces = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return {name: body.strip("\n") for name, body in zip(pieces[::2], pieces[1::2], strict=True)}
