"""That the alarm of the database itself was told: the database cannot note it, so a file beside it does."""

import os
from contextlib import suppress
from pathlib import Path

from config import Settings
from service.checks.database import sqlite_file

_NAME = "database.alarm"


class DatabaseOutage:
    """Whether people believe the database to be down. Where no file can be written it is known to this process alone.

    The file, empty, lies in the service's own folder (systemd's ``STATE_DIRECTORY``), else beside SQLite's.
    """

    def __init__(self, settings: Settings) -> None:
        own = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
        database = sqlite_file(settings.database.url.reveal())
        folder = Path(own) if own else database and database.parent
        self._file = folder / _NAME if folder else None
        self._known = False

    def told(self) -> bool:
        """Whether it was told, by this process or one before it, and not yet that it is over."""
        return self._known or (self._file is not None and self._file.exists())

    def note(self, *, down: bool) -> None:
        """What people have been told now."""
        self._known = down
        if self._file is not None:
            # The disk may be what is full or broken.
            with suppress(OSError):
                self._file.touch() if down else self._file.unlink(missing_ok=True)
