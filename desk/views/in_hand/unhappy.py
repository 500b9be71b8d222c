"""A case goes to the chef, or not: as somebody asks, or as a citizen's reply says that the answer was no good."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.errors import NotAllowed
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.steps.joining.unhappy import REASONS, is_chef, pending
from cases.steps.working import work
from desk.context import Asked, CaseWorker
from desk.forms import Form
from desk.rights import Action
from desk.views.in_hand.acting import act

router = APIRouter()


@router.post("/arenden/{case_id}/lyft")
def escalate(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        work.escalate(tx, case_id, form.number("version"), form.text("skal"), person.user, person.office, person.now)

    return act(person, case_id, form, Action.ESCALATE, step, _lifted(person, case_id))


@router.post("/arenden/{case_id}/onojd")
def settle(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Lift the case as the reply suggests, or say that it is not called for."""
    lifts = form.text("gor") == "lyft"

    def step(tx: Tx, case: Case) -> None:
        event = pending(case, tx.case_file(case_id, SYSTEM).events)
        if event is None:
            raise NotAllowed("Förslaget gäller inte längre. Någon har redan tagit ställning.")
        version = form.number("version")
        if lifts:
            work.escalate(tx, case_id, version, REASONS[event.kind], person.user, person.office, person.now)
        else:
            work.not_lifted(tx, case_id, version, person.user, person.office, person.now)

    said = _lifted(person, case_id) if lifts else "Förslaget är avvisat."
    return act(person, case_id, form, Action.ESCALATE, step, said)


def _lifted(person: Asked, case_id: str) -> str:
    """What is said once a case is lifted: its own chef has taken it over. Raises NotFound."""
    with person.desk.store.read() as tx:
        case = tx.get_case(case_id, person.viewer)
    if is_chef(case, person.user, person.office):
        return "Du har tagit över ärendet."
    return "Ärendet är lyft till chefen, som har fått veta det."
