"""Takes a lock and holds it until killed: ``python -m tests.servers.locking URL NAME``."""

import sys
from threading import Event

from storage.database.locks import open_lock


def main() -> None:
    """Say ``ready`` once the lock is ours."""
    lock = open_lock(sys.argv[1], sys.argv[2])
    sys.stdout.write("ready\n" if lock.take() else "taken\n")
    sys.stdout.flush()
    Event().wait()


if __name__ == "__main__":
    main()
