"""What of a case is seen outside the house, for the registrator's eyes on the case page."""

from dataclasses import dataclass

from cases.case import Case
from cases.ports import Tx
from cases.records.public import SHOWN
from desk.context import Asked
from desk.rights import Action, Rights


@dataclass(frozen=True, slots=True)
class ShownOutside:
    """The wording the open register shows or may be let show, and how many links to the case still open."""

    subject: str = ""
    confirmed: bool = False
    links: int = 0


def shown_outside(person: Asked, tx: Tx, case: Case, owned: Rights) -> ShownOutside:
    """Nothing for who may not decide it, nor where it is switched off."""
    public = person.desk.settings.public
    if public is None or not owned.may(Action.ORIGINAL):
        return ShownOutside()
    listed = public.register and case.status in SHOWN and case.area in public.areas and not case.protected
    subject = case.register_subject if listed else ""
    links = tx.citizen_links(case.id, person.now) if public.case_page else 0
    return ShownOutside(subject, bool(subject) and tx.public_subject(case.id) == subject, links)
