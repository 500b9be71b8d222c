"""Local log-in: argon2id hashes, and the lock that slows down whoever guesses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cases.access import User
from cases.errors import NotAllowed
from cases.ports import Store

SHORTEST = 12
_FREE_TRIES = 5
_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(minutes=15)
_MOST_KEPT = 10_000
_HASHER = PasswordHasher()
# Verified against where there is no such user, so that the answer takes as long and tells nothing.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An argon2id hash (RFC 9106). Raises NotAllowed where the password is shorter than twelve characters."""
    if len(password) < SHORTEST:
        raise NotAllowed(f"Lösenordet är för kort. Välj minst {SHORTEST} tecken, gärna en mening.")
    return _HASHER.hash(password)


def right_password(user: User | None, password: str) -> bool:
    """Whether the password opens this user's account; takes as long whatever the reason it does not."""
    known = user is not None and user.active and bool(user.password_hash)
    hashed = user.password_hash if user is not None and known else _NOBODY
    try:
        return _HASHER.verify(hashed, password) and known
    except (VerificationError, InvalidHashError):
        return False


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed tries of one address in a row, and until when it is locked."""

    failed: int = 0
    locked_until: datetime | None = None


class Throttle:
    """Counts failed tries by address, in memory for all and in the store for those who exist, so a restart keeps it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tries: dict[str, Tries] = {}

    def locked(self, email: str, now: datetime) -> bool:
        """Whether this address must wait."""
        until = self._get(email).locked_until
        return until is not None and now < until

    def failed(self, email: str, now: datetime, *, known: bool) -> None:
        """Count a failed try; from the fifth on each locks the address longer, a quarter of an hour at most."""
        count = self._get(email).failed + 1
        over = count - _FREE_TRIES
        until = now + min(_LOCK * 2**over, _LONGEST_LOCK) if over >= 0 else None
        self._put(email, Tries(min(count, 50), until), known=known)

    def succeeded(self, email: str) -> None:
        """Forget the failures."""
        if self._get(email).failed:
            self._put(email, Tries(), known=True)

    def _get(self, email: str) -> Tries:
        key = _key(email)
        if key not in self._tries:
            with self._store.read() as tx:
                self._tries[key] = _parse(tx.setting(key))
        return self._tries[key]

    def _put(self, email: str, tries: Tries, *, known: bool) -> None:
        key = _key(email)
        self._tries.pop(key, None)
        self._tries[key] = tries
        while len(self._tries) > _MOST_KEPT:
            self._tries.pop(next(iter(self._tries)))
        if known:
            with self._store.begin() as tx:
                tx.save_setting(key, _format(tries))


def _key(email: str) -> str:
    return "login:" + sha256(email.strip().lower().encode()).hexdigest()[:32]


def _format(tries: Tries) -> str:
    return f"{tries.failed} {tries.locked_until.isoformat() if tries.locked_until else ''}"


def _parse(text: str) -> Tries:
    failed, _, until = text.partition(" ")
    return Tries(int(failed or 0), datetime.fromisoformat(until) if until else None)
