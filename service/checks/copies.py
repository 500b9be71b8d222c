"""When ``lyhord backup`` last made a copy that was read back, and what has failed since; for doctor, alarms, figures.

It stands in the database: the folder of copies may lie where one machine alone sees it, or be emptied each day.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.errors import LyhordError
from cases.ports import Store, Tx
from config import Settings
from service.backup_names import newest_file
from service.checks.line import CheckLine
from service.notes import age, moment_of, note_of

NAME = "Säkerhetskopiorna"
REMEDY = "Se vad den senaste körningen sade: journalctl -u lyhord-backup."
FIRST_REMEDY = "Kör lyhord backup, och låt en timer göra det varje natt."
_STATE = "backup:state"
# Who makes one by hand sees it fail, and tries again.
_TRIED_AGAIN = timedelta(hours=1)


def note_made(store: Store, now: datetime) -> None:
    """A copy was made and read back."""
    with store.begin() as tx:
        tx.save_setting(_STATE, json.dumps({"at": now.isoformat()}))


def note_failed(store: Store, now: datetime, error: Exception) -> None:
    """None was made, and why; of an error not ours only the kind is kept."""
    why = str(error).partition(". ")[0].rstrip(".") if isinstance(error, LyhordError) else type(error).__name__
    with store.begin() as tx:
        before = note_of(tx.held_setting(_STATE))
        since = before.get("failed", now.isoformat())
        tx.save_setting(_STATE, json.dumps({**before, "failed": since, "error": why}, ensure_ascii=False))


def newest_copy(tx: Tx, settings: Settings) -> datetime | None:
    """When the newest proven copy was made; the folder tells where no version has noted any yet. None: there is none.

    After a restore it is the last one the restored database knows of.
    """
    noted = note_of(tx.setting(_STATE))
    if noted or not settings.backup.folder:
        return moment_of(noted)
    with suppress(OSError):
        newest = newest_file(Path(settings.backup.folder))
        return datetime.fromtimestamp(newest, UTC) if newest is not None else None
    return None


def never_copied(tx: Tx, settings: Settings) -> bool:
    """Whether nobody has made a copy, or tried to: the timer of a new installation has not gone yet."""
    return not note_of(tx.setting(_STATE)) and newest_copy(tx, settings) is None


def copies_line(tx: Tx, settings: Settings, now: datetime) -> CheckLine | None:
    """How old the newest copy is, and whether that is too old; None where Lyhörd makes no copies, or need not tell."""
    noted, hours = note_of(tx.setting(_STATE)), settings.alarms.backup_hours
    if not hours or not (noted or settings.backup.folder):
        return None
    made = newest_copy(tx, settings)
    text = f"den senaste gjordes för {age(now - made)} sedan" if made else "det finns ingen än"
    well = made is not None and now - made <= timedelta(hours=hours)
    failed = moment_of(noted, "failed")
    if failed is not None and now - failed > _TRIED_AGAIN:
        well, text = False, f"{text}, och försöken har misslyckats i {age(now - failed)} ({noted['error']})"
    remedy = REMEDY if noted or made else FIRST_REMEDY
    return CheckLine(NAME, well, text, "" if well else remedy)
