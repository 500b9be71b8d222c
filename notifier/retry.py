"""When a letter that was not accepted is tried again."""

from datetime import datetime, timedelta

from cases.errors import DeliveryError

# Growing waits, about two days in all: a greylisting server wants minutes, a full mailbox or a broken server a weekday.
# RFC 5321 §4.5.4.1 asks for retries of 30 minutes and more over days; the first three are for greylisting (RFC 6647).
_QUICK = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
WAITS: tuple[timedelta, ...] = (*_QUICK, *(timedelta(hours=4),) * 12)


def retry_at(attempts: int, error: DeliveryError, now: datetime) -> datetime | None:
    """The next try after ``attempts`` failed ones, from 1; None where another would be wrong or enough was tried.

    An uncertain delivery is never tried again by itself here: it may have arrived.
    """
    if not error.retryable or error.uncertain or not 1 <= attempts <= len(WAITS):
        return None
    return now + WAITS[attempts - 1]
