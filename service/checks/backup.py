"""Looks at the copies: a folder that can be written, keys that can be encrypted for, and a newest copy that is new."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import Settings
from service.backup_names import is_recipient, newest_file
from service.checks.copies import FIRST_REMEDY, NAME, REMEDY
from service.checks.line import CheckLine
from service.notes import age


def check_backup(settings: Settings, now: datetime) -> Iterator[CheckLine]:
    """The lines of ``[backup]``. Without a folder there is one line, and no fault: copies may be made another way."""
    backup, hours = settings.backup, settings.alarms.backup_hours
    if not backup.folder:
        yield CheckLine(NAME, True, "backup.folder är tom, så lyhord backup måste få en mapp; se att någon gör kopior")
        return
    yield _folder(Path(backup.folder), timedelta(hours=hours) if hours else timedelta.max, now)
    yield _recipients(backup.recipients)


def _folder(folder: Path, oldest: timedelta, now: datetime) -> CheckLine:
    try:
        newest = newest_file(folder)
    except OSError:
        newest = None
    if not folder.is_dir():
        remedy = (
            f"Montera disken, eller gör mappen: install -d -m 0750 -o lyhord {folder}. Gör en annan maskin kopiorna, "
            "låt backup.folder vara tom här."
        )
        return CheckLine(NAME, False, f"mappen {folder} finns inte", remedy)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"Ge Lyhörds användare rätten: chown lyhord {folder}."
        return CheckLine(NAME, False, f"mappen {folder} går inte att läsa och skriva i", remedy)
    if newest is None:
        return CheckLine(NAME, False, f"det finns ingen kopia i {folder} än", FIRST_REMEDY)
    passed = now - datetime.fromtimestamp(newest, UTC)
    well = passed <= oldest
    return CheckLine(NAME, well, f"den nyaste i {folder} gjordes för {age(passed)} sedan", "" if well else REMEDY)


def _recipients(recipients: Sequence[str]) -> CheckLine:
    name, remedy = f"{NAME}, nycklar", "Gör ett par med lyhord backup --new-key FIL, och skriv den publika (age1…)."
    wrong = [number for number, key in enumerate(recipients, start=1) if not is_recipient(key)]
    if not recipients:
        return CheckLine(name, False, "backup.recipients är tom, så det finns ingen att kryptera för", remedy)
    if wrong:
        text = f"nyckel {', '.join(map(str, wrong))} i backup.recipients är ingen hel publik nyckel"
        return CheckLine(name, False, text, remedy)
    return CheckLine(name, True, f"kopiorna krypteras för {len(recipients)}")
