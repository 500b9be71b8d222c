"""A letter that reached nobody: what its case keeps of that, and who is told."""

from dataclasses import replace
from datetime import datetime

from cases.calendar import local_day
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal
from cases.steps.staff import entitled, tell_owner

_LEFT = (OutboxStatus.SENT, OutboxStatus.UNCERTAIN, OutboxStatus.INFLIGHT)
"""A letter that a report tells of has left, also where the one who sent it has not said so yet, or died before."""


def bounced(tx: Tx, entry_id: str, why: str, office: Office, now: datetime) -> None:
    """A report says that a letter of ours reached nobody; nothing where it had not left, or was sent again since."""
    # As it stands now: its sender may be telling at this moment how it went, or a person sending it again.
    entry = tx.hold_entry(entry_id)
    if entry.status in _LEFT:
        tx.update_entry(replace(entry, status=OutboxStatus.BOUNCED, error=why))
        _tell(tx, entry, office, now)


def _tell(tx: Tx, entry: OutboxEntry, office: Office, now: datetime) -> None:
    if not entry.case_id:
        return
    which = f"Kopian till {entry.recipient}" if entry.copy_of else "Ett brev"
    note(tx, office, entry.case_id, EventKind.BOUNCED, now, f"{which} kom inte fram till mottagaren.")
    if entry.letter.kind is LetterKind.STUDS:
        # Told of in its turn, two dead addresses of ours would be written to without end.
        return
    case = tx.get_case(entry.case_id, SYSTEM)
    # What went to an address that was put right since says nothing of the new one.
    if entry.to_citizen and entry.recipient.lower() == case.sender.email.lower():
        refused = "Ett tidigare brev till adressen studsade. Kontrollera adressen, eller svara per brev eller telefon."
        case = tx.save_case(replace(case, mail_refused=refused))
    others = [one for one in office.organisation.central_registrators if one.lower() != entry.recipient.lower()]
    queue_internal(tx, office, case, LetterKind.STUDS, entitled(tx, case, others, local_day(now)), now=now)
    if not entry.internal and not case.whistle:
        tell_owner(tx, office, case, LetterKind.STUDS, now)
