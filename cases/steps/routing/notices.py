"""Telling registrators of new cases: a mail for each, until so many come that one list tells more than they would.

One sender's flood must not drown what others write, so a sender is counted first; many senders' (a campaign, a spammer
with a new address for each letter) must not drown the mailbox, so each registrator's mails are counted too.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cases.case import Case
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.letters.permit import receipt_held
from cases.office import Office
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal, with_substitutes
from cases.routing.flags import FlagKind, active_kinds
from cases.routing.suggestion import Severity

_COUNTED, _DAY = timedelta(hours=1), timedelta(days=1)
_OWN_LETTERS = 2
_FROM_THERE = (
    "Mejlet till registrator: brevet kom därifrån. Troligen svarar en maskin på våra mejl, så inget mer skickas."
)
_SAME_AGAIN = (
    "Mejlet till registrator: adressen har skrivit flera brev det senaste dygnet, och samma ord förut. Troligen "
    "skriver en maskin. Ärendet står i Att fördela."
)


def tell_of_new(tx: Tx, office: Office, case: Case, addresses: Sequence[str], now: datetime) -> None:
    """Tell these, and who stands in for one of them, of a case to route: at once, or in the next list.

    What is urgent, held for a person, or about a child in harm's way is told at once however many it is
    (Rulings, Letters out; SoL 19:1).
    """
    if not _must_be_seen(case) and _repeats_itself(tx, case):
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, _SAME_AGAIN)
        return
    reached = dict.fromkeys(one for one in with_substitutes(tx, office, case, addresses, now) if one)
    whom = [one for one in reached if not _answers_itself(tx, case, one)]
    if len(whom) < len(reached):
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, _FROM_THERE)
    held = [] if _must_be_seen(case) else list(_held_back(tx, office, case, whom, now))
    for address in held:
        tx.hold_notice(case.id, address, now)
    if held:
        why = "Mejlet till registrator: så många brev kommer just nu att de nya ärendena samlas i ett mejl."
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, why)
    told = [one for one in whom if one not in held]
    queue_internal(tx, office, case, LetterKind.TILL_REGISTRATOR, told, now=now, values=urgent(case), stand_ins=False)


def _answers_itself(tx: Tx, case: Case, address: str) -> bool:
    """Whether a machine may sit there that answers our mails with letters to us, each of which would cause a mail.

    Who tells of letters from this very address tells nothing new, so two of them in a day are enough.
    """
    own = address.lower() == case.sender.email.lower()
    return own and tx.earlier_from(case, case.received_at - _DAY) >= _OWN_LETTERS


def _repeats_itself(tx: Tx, case: Case) -> bool:
    """Whether a machine may write that answers our mails from another address than theirs: only its words tell.

    Who sends one letter to two mailboxes of ours is told of by both.
    """
    since = case.received_at - _DAY
    return tx.earlier_from(case, since) >= _OWN_LETTERS and tx.repeated(case.id, since)


def urgent(case: Case) -> dict[str, str]:
    """What a mail to staff says besides of a threat or a serious letter."""
    threat = FlagKind.HOT_VALD in active_kinds(case.flags)
    return {"bradskande": "ja"} if threat or case.severity is Severity.ALLVARLIG else {}


def _must_be_seen(case: Case) -> bool:
    return bool(urgent(case)) or receipt_held(case) or FlagKind.OROSANMALAN in active_kinds(case.flags)


def _held_back(tx: Tx, office: Office, case: Case, addresses: Sequence[str], now: datetime) -> Iterator[str]:
    """Who has had enough mails of this sender's letters, or of letters at all, within the hour."""
    flood = tx.earlier_from(case, case.received_at - _COUNTED) >= office.letters.notices_per_sender
    for address in addresses:
        if flood or tx.notices_reach(office.letters.notices_per_hour, address, now - _COUNTED):
            yield address
