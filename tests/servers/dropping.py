"""A process that looks into a drop folder without pause, until it is killed: ``main(database's URL, folder)``."""

import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.dropfolder import DropFolder
from storage import SqlStore


def main(url: str, base: str) -> None:
    """Look for ever; says ``ready`` when it begins."""
    store = SqlStore(url, analyser=str.split)
    folder = DropFolder("skanner", Path(base) / "in", Path(base) / "klart", settle=timedelta(0))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        folder.look(store, datetime.now(UTC), lambda: uuid.uuid4().hex)
