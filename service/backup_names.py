"""What a copy is called, and whom it can be encrypted for: what the checks need to know of copies."""

import pyrage

PREFIX, SUFFIX = "lyhord-", ".tar.zst.age"


def is_recipient(key: str) -> bool:
    """Whether a copy can be encrypted for this public key."""
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        return False
    return True
