"""What a copy is called, and whom it can be encrypted for: what the checks need to know of copies."""

from pathlib import Path

import pyrage

PREFIX, SUFFIX = "lyhord-", ".tar.zst.age"


def newest_file(folder: Path) -> float | None:
    """When the newest copy in the folder was written, in seconds since 1970; None where there is none."""
    return max((path.stat().st_mtime for path in folder.glob(f"{PREFIX}*{SUFFIX}")), default=None)


def is_recipient(key: str) -> bool:
    """Whether a copy can be encrypted for this public key."""
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        return False
    return True
