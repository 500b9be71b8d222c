"""Letters in an outbox, and passes over it as the tests want them."""

from contextlib import contextmanager

from cases.journal import EventKind
from cases.letters.letter import OutboxStatus
from cases.letters.permit import Permit, Verdict, permit
from cases.people.access import SYSTEM
from notifier.outbox import send_due
from tests.notifier.conftest import CASE, NOW


def allow(_tx, _entry) -> Permit:
    return Permit(Verdict.SEND)


def check(tx, one) -> Permit:
    return permit(tx.get_case(one.case_id, SYSTEM), one.letter.kind, automatic=one.automatic)


def queue(store, *entries) -> None:
    with store.begin() as tx:
        for one in entries:
            tx.queue(one)


def look(store, number: int = 1):
    with store.read() as tx:
        return tx.get_entry(f"{number:032x}")


def statuses(store, *numbers: int) -> list[OutboxStatus]:
    return [look(store, number).status for number in numbers]


def events(store) -> list[tuple[EventKind, str]]:
    with store.read() as tx:
        return [(event.kind, event.text) for event in tx.case_file(CASE, SYSTEM).events]


def run(store, sender, ids, now=NOW, **changes):
    return send_due(store, sender, **({"now": now, "clock": lambda: now, "new_id": ids, "check": allow} | changes))


class Tired:
    """A store whose second claim fails, as when the database goes away between two letters."""

    def __init__(self, store):
        self.store = store
        self.claims = 0

    @contextmanager
    def begin(self):
        with self.store.begin() as tx:
            yield Claims(tx, self)


class Claims:
    def __init__(self, tx, tired):
        self.tx = tx
        self.tired = tired

    def claim(self, entry, version, now):
        self.tired.claims += 1
        if self.tired.claims == 2:
            raise OSError("databasen försvann")
        return self.tx.claim(entry, version, now)

    def __getattr__(self, name):
        return getattr(self.tx, name)


class Meanwhile:
    """A sender during whose first letter something else happens."""

    def __init__(self, sender, then):
        self.sender = sender
        self.then = [then]

    def send(self, one, files=()):
        for then in self.then:
            then()
        self.then = []
        return self.sender.send(one)
