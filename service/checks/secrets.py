"""Looks at the files that hold secrets: whether others on the machine can read them too."""

import stat
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from config import Secret, Settings
from service.checks.line import CheckLine

# A container's secrets are laid there readable to all, and its only user is the one who may.
_CONTAINERS = Path("/run/secrets")


def check_secrets(settings: Settings) -> Iterator[CheckLine]:
    """A line for each secret's file that everybody can read, or one for all; none where no secret is in a file."""
    files = sorted({secret.file.resolve() for secret in _secrets(settings) if secret.file})
    open_to_all = [file for file in files if file.parent != _CONTAINERS and _read_by_all(file)]
    for file in open_to_all:
        remedy = f"Skriv chgrp lyhord {file} && chmod 0640 {file}, och byt hemligheten om andra har konto här."
        yield CheckLine("Hemligheterna", False, f"{file} kan läsas av alla på maskinen", remedy)
    if files and not open_to_all:
        yield CheckLine("Hemligheterna", True, "filerna med hemligheter kan inte läsas av alla på maskinen")


def _read_by_all(file: Path) -> bool:
    """By its own rights, and by the folders' on the way there, which may keep everybody else out."""
    there = all(folder.stat().st_mode & stat.S_IXOTH for folder in file.parents)
    return there and bool(file.stat().st_mode & stat.S_IROTH)


def _secrets(value: object) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _secrets(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _secrets(one)
