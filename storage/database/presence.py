"""Who works on a database: each service shares a lock while it runs, and whoever rebuilds it has it alone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from storage.database.locks import Lock, lock_file, open_lock
from storage.errors import InUse

ALONE = "lyhord db eller lyhord restore"
"""What the one who has the database alone is called, by PostgreSQL too."""
_ROLES = ("daemon", "desk")


def open_presence(url: str, role: str, label: str) -> Lock:
    """The lock, not yet taken, of a service that runs as ``daemon`` or ``desk``; any number may share it.

    Refused only while somebody has the database alone. ``label`` tells a person which service it is, in ASCII.
    """
    return open_lock(url, _name(role), shared=True, label=label)


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Nothing runs on the database, and nothing starts, until the end. Raises InUse with what runs and the way out."""
    with ExitStack() as stack:
        locks = [open_lock(url, _name(role), label=ALONE) for role in _ROLES if _ever_ran(url, role)]
        for lock in locks:
            stack.callback(lock.release)
        if taken := [lock for lock in locks if not lock.take()]:
            raise _in_use(taken)
        yield


def _name(role: str) -> str:
    return f"running {role}"


def _ever_ran(url: str, role: str) -> bool:
    """A file is not made only to be locked: made by root, it would keep the service's own user out."""
    file = lock_file(url, _name(role))
    return file is None or file.exists()


def _in_use(taken: list[Lock]) -> InUse:
    who = " och ".join(dict.fromkeys(label for lock in taken for label in lock.holders())) or "lyhord"
    return InUse(
        f"Databasen används av {who}, så inget är ändrat. Stoppa det först (systemctl stop lyhord, på varje maskin), "
        "och kör samma kommando igen."
    )
