"""Slows down whoever guesses: failed tries are counted by account and by network address, in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.people.accounts import Tries
from cases.ports import Store, Tx
from desk.login.sealing import Sealer
from desk.outside import Pace, neighbourhood


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many tries are free, and after how long without any they are forgotten."""

    name: str
    free: int
    forgotten: timedelta


ACCOUNT = Allowance("account", 5, timedelta(hours=24))
# A whole town hall may share one address, and everybody mistypes on a Monday.
ADDRESS = Allowance("address", 100, timedelta(hours=1))
_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(minutes=15)
_KEPT = timedelta(days=2)
WAIT = "För många försök. Vänta en stund, som mest en kvart, och försök igen."
"""What whoever must wait is told, with the longest wait."""


class Throttle:
    """A try is counted before the password is looked at, under lock: many at once, on any process, gain nothing.

    Who is named is kept as a digest, whether or not there is such an account: the answer is the same, and what was
    typed in the wrong field is in no table.
    """

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer
        self._noted = Pace(1)

    def take(self, account: str, address: str, now: datetime) -> bool:
        """Count a try and say whether it may be made; False where account or address must wait, and nothing counted.

        From the last free try on, each makes the next wait twice as long, a quarter of an hour at most.
        """
        keys = self._keys(account, address)
        with self._store.begin() as tx:
            tx.forget_tries(now - _KEPT)
            found = {key: _fresh(tx.tries(key), allowance, now) for key, allowance in keys}
            if any(t.held_until is not None and now < t.held_until for t in found.values()):
                _save(tx, found)
                return False
            _save(tx, {key: _one_more(found[key], allowance, now) for key, allowance in keys})
            return True

    def worth_noting(self, address: str, now: datetime) -> bool:
        """Whether a try that must wait is written in the log: one a minute of each network, told by each process.

        Each cost its sender nothing, and the log would grow as fast as they are sent.
        """
        return not self._noted.wait(neighbourhood(address), now)

    def succeeded(self, account: str, address: str, now: datetime) -> None:
        """Forget the account's tries, and take back the one that was counted for the address."""
        with self._store.begin() as tx:
            for key, allowance in self._keys(account, address):
                left = tx.tries(key)
                tx.save_tries(key, Tries() if allowance is ACCOUNT else _one_less(left, allowance, now))

    def _keys(self, account: str, address: str) -> list[tuple[str, Allowance]]:
        # Of the addresses of one household's network (IPv6) nobody could try them all.
        named, where = [(ACCOUNT, account.strip().casefold())], neighbourhood(address)
        if where:
            named.append((ADDRESS, where))
        # Always in the same order, so that two processes never wait for each other.
        return sorted(
            ((self._sealer.digest(allowance.name, text), allowance) for allowance, text in named),
            key=lambda item: item[0],
        )


def _fresh(tries: Tries, allowance: Allowance, now: datetime) -> Tries:
    old = tries.last_at is None or now - tries.last_at > allowance.forgotten
    return Tries() if old else tries


def _one_more(tries: Tries, allowance: Allowance, now: datetime) -> Tries:
    failed = min(tries.failed + 1, allowance.free + 50)
    return Tries(failed, now, _until(failed, allowance, now))


def _one_less(tries: Tries, allowance: Allowance, now: datetime) -> Tries:
    failed = max(tries.failed - 1, 0)
    return Tries(failed, tries.last_at, _until(failed, allowance, now))


def _until(failed: int, allowance: Allowance, now: datetime) -> datetime | None:
    over = failed - allowance.free
    return now + min(_FIRST * 2 ** min(over, 10), _LONGEST) if over >= 0 else None


def _save(tx: Tx, found: dict[str, Tries]) -> None:
    for key, tries in found.items():
        tx.save_tries(key, tries)
