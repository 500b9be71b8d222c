"""The decision not to hand out is taken: the case gets its registry number, the journal keeps the whole decision."""

from datetime import datetime

from cases.access import User
from cases.case import Case
from cases.journal import EventKind
from cases.office import Office
from cases.ports import Tx
from cases.post import note
from cases.refusal import Refusal, checked, journal_text
from cases.steps.confirm import NOT_ENTERED, enter_in_diary, open_for


def refuse(tx: Tx, case_id: str, version: int, refusal: Refusal, by: User, office: Office, now: datetime) -> Case:
    """Keep the decision. What holds a secret must be in the diary (OSL 5:1), so an ordered case is entered now.

    Raises NotFound, StaleVersion, and NotAllowed where the decision lacks something.
    """
    case = open_for(tx, case_id, version, by, office)
    text = journal_text(checked(refusal), office.organisation.authorities[case.authority_id])
    if case.unit_id and case.status not in NOT_ENTERED:
        case = enter_in_diary(tx, case, by, office, now)
    note(tx, office, case.id, EventKind.REFUSED, now, text, by.id)
    return tx.get_case(case.id, office.viewer(by))
