"""What a citizen says of an answer on the page that it links to: that it was of help, or that it was not, and why."""

from datetime import datetime

from cases.case import Case
from cases.inbound.messages import InboundMessage, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.joining.reply import reply_joins
from cases.store.views import StoredMessage

NOT_HELPED = "Jag blev inte hjälpt av svaret."
"""How a *no* with words begins; ``cases.inbound.unhappy`` takes it for what it says."""
_SAID = {True: "Avsändaren svarar på frågan i brevet: blev hjälpt.", False: "Avsändaren svarar: blev inte hjälpt."}


def say_if_helped(tx: Tx, key: str, helped: bool, words: str, office: Office, now: datetime) -> bool:
    """Keep what the holder of an answer's link says, once; False where the link asks nothing, or nothing any more.

    A *no* with words joins the case as a reply to the answer does: it opens again, and who has it is told.
    """
    case = tx.citizen_case(key, now)
    if case is None or not tx.say_if_helped(key, helped, now):
        return False
    case = tx.hold_case(case.id, SYSTEM)
    note(tx, office, case.id, EventKind.NOTE, now, _SAID[helped])
    if words and not helped:
        message = _message(case, words, now)
        tx.add_message(StoredMessage(office.new_id(), case.id, now, message, ""))
        reply_joins(tx, case, now, office, now, "")
    return True


def _message(case: Case, words: str, now: datetime) -> InboundMessage:
    text = f"{NOT_HELPED}\n\n{words}"
    return not_by_mail(NOT_HELPED, text, now, sender_name=case.sender.name, sender_addr=case.sender.email)
