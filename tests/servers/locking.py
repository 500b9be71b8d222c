"""Takes a lock and holds it until killed, for ``tests.servers.killing``."""

import sys
from threading import Event

from storage.database.locks import open_lock


def main(url: str, name: str) -> None:
    """Say ``ready`` once the lock is ours."""
    lock = open_lock(url, name)
    sys.stdout.write("ready\n" if lock.take() else "taken\n")
    sys.stdout.flush()
    Event().wait()
