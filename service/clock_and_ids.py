"""The clock and the ids of production; everything else is given them as arguments."""

import uuid
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh id of production."""
    return uuid.uuid4().hex
