"""The decision not to hand out is taken: the case gets its registry number, the decision becomes a handling of it."""

from datetime import datetime

from cases.calendar import local_day, swedish_date
from cases.disclosure.documents import next_number
from cases.disclosure.refusal import Refusal, checked, decision_paper, journal_text
from cases.journal import EventKind
from cases.letters.papers import KeptPaper, PaperKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.records.appeals import Refused
from cases.steps.routing.confirm import NOT_ENTERED, enter_in_diary, open_for


def refuse(
    tx: Tx, case_id: str, version: int, refusal: Refusal, contact: str, by: User, office: Office, now: datetime
) -> KeptPaper:
    """Keep the decision. What holds a secret must be in the diary (OSL 5:1), so an ordered case is entered now.

    The case is saved, so that a form sent twice is one decision. Raises NotFound, StaleVersion, and NotAllowed where
    the decision lacks something.
    """
    case = open_for(tx, case_id, version, by, office)
    authority, whole = office.organisation.authorities[case.authority_id], checked(refusal)
    case = tx.save_case(case)
    if case.unit_id and case.status not in NOT_ENTERED:
        case = enter_in_diary(tx, case, by, office, now)
    number = next_number(tx.case_file(case_id, office.viewer(by)))
    paper = decision_paper(whole, case, authority, swedish_date(now), contact, number)
    kept = KeptPaper(office.new_id(), case_id, number, PaperKind.REFUSAL, now, by.id, paper)
    tx.add_paper(kept)
    tx.save_refused(Refused(kept.id, case_id, number, local_day(now), whole.court))
    # Saved anew: from now on the decision has days of its own, and the request waits no longer.
    tx.save_case(tx.get_case(case_id, SYSTEM))
    note(tx, office, case_id, EventKind.REFUSED, now, journal_text(whole, authority, number), by.id)
    return kept
