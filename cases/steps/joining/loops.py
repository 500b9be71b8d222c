"""Machines that answer our letters without saying that they are machines: noticed, and not answered again.

What says what it is (RFC 3834) never gets this far. Here are the others: a form letter that greets every letter in, a
vacation notice of a program that sets no header.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from cases.letters.letter import LetterKind
from cases.ports import Tx

_AT_ONCE = timedelta(minutes=5)
_SAME_WORDS = timedelta(days=1)
_SAME_ANSWER = timedelta(days=7)
_DAY = timedelta(days=1)
_WAKES = 5
_ROBOT = "Troligen svarar en maskin på våra brev, så inget mer skickas av sig självt."


def looping(tx: Tx, case_id: str, email: str, received_at: datetime) -> str:
    """Why a new letter looks like a machine's answer to our receipts, or empty.

    Either its words came before from the same address within a day, or this letter and the one before it each came
    within five minutes after a receipt to that address: then two receipts have left and the third does not.
    """
    if tx.repeated(case_id, received_at - _SAME_WORDS):
        return f"Samma brev har kommit från adressen det senaste dygnet. {_ROBOT}"
    times = tx.receipts_between(email, received_at - 2 * _AT_ONCE, received_at) if email else ()
    chain = (received_at, *times[:2])
    if len(chain) == 3 and all(later - earlier <= _AT_ONCE for later, earlier in pairwise(chain)):
        return f"Adressen svarade genast på våra två senaste bekräftelser. {_ROBOT}"
    return ""


def parroting(tx: Tx, case_id: str, now: datetime) -> bool:
    """Whether the newest message of a case repeats word for word what its sender had said within a week."""
    return tx.repeated(case_id, now - _SAME_ANSWER)


def woken_enough(tx: Tx, case_id: str, now: datetime) -> bool:
    """Whether the owner of a case was told of replies so often in a day that one more mail only harms."""
    told = (e for e in tx.letters_of(case_id) if e.letter.kind is LetterKind.SVAR_INKOMMET)
    return sum(entry.created_at > now - _DAY for entry in told) >= _WAKES
