"""What a registrator lets be seen outside the house: a wording in the open register, a citizen's own page."""

from datetime import datetime

from cases.errors import NotAllowed, StaleVersion
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note


def publish(tx: Tx, case_id: str, subject: str, by: User, office: Office, now: datetime) -> None:
    """Let the open register show the case's neutral subject, word for word as the person saw it.

    Whoever changes the subject later takes it back by that. Raises StaleVersion where it has changed meanwhile.
    """
    case = tx.get_case(case_id, office.viewer(by))
    if case.protected:
        raise NotAllowed("Ärendet är skyddat, och finns inte i det öppna registret.")
    if not subject or subject != case.register_subject:
        raise StaleVersion("Ärendemeningen har ändrats sedan du öppnade sidan. Läs den igen innan du visar den utåt.")
    found = office.screen(subject)
    if found or office.mask(subject) != subject:
        raise NotAllowed(" ".join(found) or "Ärendemeningen ser ut att nämna en person. Rätta ärendemeningen först.")
    tx.publish_subject(case_id, subject, by.id, now)
    note(tx, office, case_id, EventKind.NOTE, now, "Ärendemeningen får visas i det öppna registret.", by.id)


def withdraw(tx: Tx, case_id: str, by: User, office: Office, now: datetime) -> None:
    """Show type and area alone again."""
    tx.get_case(case_id, office.viewer(by))
    tx.publish_subject(case_id, "", by.id, now)
    note(tx, office, case_id, EventKind.NOTE, now, "Ärendemeningen visas inte längre i det öppna registret.", by.id)


def close_links(tx: Tx, case_id: str, by: User, office: Office, now: datetime) -> None:
    """Close the sender's page, for the link may be in the wrong hands; nothing tells from outside that it was."""
    tx.get_case(case_id, office.viewer(by))
    if tx.close_citizen_links(case_id):
        note(tx, office, case_id, EventKind.NOTE, now, "Avsändarens länk till ärendet är stängd.", by.id)
