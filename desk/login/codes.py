"""Spends a one-time code or a spare code: each works once, on whatever process it is given."""

from dataclasses import replace
from datetime import datetime

from cases.people.accounts import Account, AccountEvent
from cases.ports import Tx
from desk.login.sealing import Sealer
from desk.login.totp import matching_step, plain_spare_code, spare_codes

_SECRET = "code secret"  # noqa: S105 - the name of a purpose
_SPARE = "spare code"


def seal_secret(sealer: Sealer, secret: str) -> str:
    """The secret of one-time codes as the database keeps it."""
    return sealer.keep(_SECRET, secret)


def holds_secret(sealer: Sealer, account: Account, secret: str, step: int) -> bool:
    """Whether the account's codes come from this secret, and that step of it is the latest that was given."""
    return account.code_step == step and sealer.kept(_SECRET, account.code_secret) == secret


def spend_code(tx: Tx, sealer: Sealer, account: Account, code: str, now: datetime) -> AccountEvent | None:
    """Use up a code: ``CAME_IN`` for one of the telephone's, ``CODE_SPENT`` for a spare one, None for a wrong one."""
    secret = sealer.kept(_SECRET, account.code_secret)
    step = matching_step(secret, code, now) if secret else 0
    if step and tx.spend_step(account.user_id, step):
        return AccountEvent.CAME_IN
    spare = tx.spend_spare_code(account.user_id, _spare_key(sealer, account.user_id, code))
    return AccountEvent.CODE_SPENT if spare else None


def give_spare_codes(tx: Tx, sealer: Sealer, user_id: str, seed: str) -> list[str]:
    """Ten new spare codes instead of the old, drawn from the seed; shown once, kept as digests."""
    codes = spare_codes(seed)
    tx.save_spare_codes(user_id, [_spare_key(sealer, user_id, code) for code in codes])
    return codes


def drop_codes(tx: Tx, user_id: str) -> None:
    """Log in without one-time codes from now on."""
    tx.save_account(replace(tx.account(user_id), code_secret="", code_step=0))
    tx.save_spare_codes(user_id, ())


def _spare_key(sealer: Sealer, user_id: str, code: str) -> str:
    return sealer.digest(_SPARE, f"{user_id} {plain_spare_code(code)}")
