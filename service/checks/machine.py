"""Looks at the machine: room on the disk, and whether anything keeps the clock right."""

import ctypes
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from cases.numerals import size_words
from service.checks.database import database_place, sqlite_file
from service.checks.line import CheckLine

MEBIBYTE = 1024**2
_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_UNSYNCHRONISED = 5
_TIMEX_BYTES = 1024


def check_disk(url: str, least: int) -> Iterator[CheckLine]:
    """Free space where the database is; below ``least`` mebibytes (``alarms.disk_mebibytes``) is a fault."""
    file = sqlite_file(url)
    if file is None:
        yield CheckLine("Disken", True, f"databasen är {database_place(url)}; se efter utrymmet där")
    elif not file.parent.is_dir():
        yield CheckLine("Disken", False, f"mappen {file.parent} finns inte", "Skapa den, eller rätta database.url.")
    else:
        yield free_space(file.parent, shutil.disk_usage(file.parent).free, least)


def free_space(folder: Path, free: int, least: int) -> CheckLine:
    """Whether ``free`` bytes are ``least`` mebibytes: to the page, the checks and the alarm alike."""
    text = f"{size_words(free)} ledigt i {folder}"
    if free >= least * MEBIBYTE:
        return CheckLine("Disken", True, text)
    remedy = f"Frigör utrymme till minst {size_words(least * MEBIBYTE)}, eller flytta databasen till en större disk."
    return CheckLine("Disken", False, text, remedy)


def kernel_state() -> int | None:
    """What adjtimex(2) answers: 5 (TIME_ERROR) where nothing keeps the clock; None where the kernel is not asked."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        # A zeroed struct timex asks without changing anything.
        answer = int(library.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    except (OSError, AttributeError):
        return None
    return answer if answer >= 0 else None


def check_clock(*, timesync: Path = _TIMESYNC, kernel: Callable[[], int | None] = kernel_state) -> Iterator[CheckLine]:
    """Whether the system says that its clock is kept; where nobody knows, the line says so and is no fault."""
    state = kernel()
    if timesync.exists() or state not in (None, _UNSYNCHRONISED):
        yield CheckLine("Klockan", True, "hålls rätt av systemets tidstjänst")
    else:
        hint = "ingen tidstjänst säger sig hålla den; slå på NTP om värdmaskinen inte gör det"
        yield CheckLine("Klockan", True, f"det gick inte att avgöra om den går rätt ({hint})")
