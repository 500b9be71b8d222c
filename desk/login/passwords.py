"""Local log-in: argon2id hashes, what a password may be, and the one-time passwords an administrator hands out."""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cases.calendar import local_day
from cases.errors import NotAllowed
from cases.people.access import User
from cases.people.accounts import Account
from cases.ports import Tx
from desk.login.clear import clear_word
from desk.login.weak import is_weak

SHORTEST = 12
LONGEST = 200
# How long a one-time password waits for its owner; over a weekend and a day more.
ONE_TIME_LASTS = timedelta(days=4)
_HASHER = PasswordHasher()
# A hash takes 64 MiB while it is made; forty at once, which many addresses together can ask for, would be too many.
_AT_ONCE = BoundedSemaphore(4)


def hash_password(password: str, own: Iterable[str] = ()) -> str:
    """An argon2id hash (RFC 9106). Raises NotAllowed where the password is too short, too long or too common.

    ``own`` are names of the person and the place, which nobody's password may consist of.
    """
    if len(password) < SHORTEST:
        raise NotAllowed(f"Lösenordet är för kort. Välj minst {SHORTEST} tecken, gärna en mening.")
    if len(password) > LONGEST:
        raise NotAllowed(f"Lösenordet är för långt. Välj högst {LONGEST} tecken.")
    if is_weak(password, own):
        raise NotAllowed(
            "Lösenordet är för lätt att gissa. Välj en egen mening, till exempel några ord efter varandra."
        )
    with _AT_ONCE:
        return _HASHER.hash(_same(password))


@cache
def _nobody() -> str:
    """Verified against where there is no such user, so that the answer takes as long and tells nothing.

    Made when first asked for: each command of the line loads this module, and none but the desk wants 64 MiB for it.
    """
    return _HASHER.hash("nobody has this password")


def right_password(
    user: User | None, password: str, account: Account | None = None, now: datetime | None = None
) -> bool:
    """Whether the password opens this user's account now; takes as long whatever the reason it does not.

    With ``account`` and ``now``, one who has left and one whose one-time password has grown old are kept out too.
    """
    known = user is not None and user.active and bool(user.password_hash) and _opens(user, account, now)
    hashed = user.password_hash if user is not None and known else _nobody()
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed, _same(password)) and known
    except (VerificationError, InvalidHashError):
        return False


def _opens(user: User, account: Account | None, now: datetime | None) -> bool:
    if now is None:
        return True
    until = account.password_until if account else None
    return user.works_on(local_day(now)) and (until is None or now < until)


def _same(password: str) -> str:
    """The password as every keyboard and system means it: å in one character or in two is the same letter."""
    return unicodedata.normalize("NFKC", password)


def one_time_password(seed: str = "") -> str:
    """Four times four clear characters, 79 bits, drawn from the seed or anew: ``k7fm-29xp-tq4w-8hrd``."""
    return clear_word(seed or secrets.token_hex(32), 4, 4)


def given_until(user: User, account: Account, word: str) -> datetime | None:
    """Until when this one-time password works, where it is the one this person was given and has not changed yet."""
    return account.password_until if account.must_change and right_password(user, word) else None


def give_password(tx: Tx, user: User, now: datetime, word: str = "") -> tuple[str, datetime]:
    """A one-time password and until when it works; its owner must change it, and every session of theirs ends."""
    word, until = word or one_time_password(), now + ONE_TIME_LASTS
    tx.add_user(replace(user, password_hash=hash_password(word)))
    tx.save_account(replace(tx.account(user.id), must_change=True, password_until=until))
    tx.end_sessions(user.id)
    return word, until
