"""Short steps on the case page: an unhappy sender's case to the chef or not, a small thing ended, hallmarks."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.access import SYSTEM
from cases.case import Case
from cases.errors import NotAllowed
from cases.ports import Tx
from cases.steps import answer, work
from cases.steps.unhappy import REASONS, pending
from desk.context import CaseWorker
from desk.forms import Form
from desk.rights import Action
from desk.views.work import act

router = APIRouter()


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

    said = "Ärendet är lyft till chefen, som har fått veta det." if lifts else "Förslaget är avvisat."
    return act(person, case_id, form, Action.ESCALATE, step, said)


@router.post("/arenden/{case_id}/snabbt")
def quick(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        version, how = form.number("version"), form.text("hur")
        answer.quick_close(tx, case_id, version, how, person.user, person.office, person.now)

    return act(person, case_id, form, Action.QUICK, step, "Ärendet är löst och avslutat.")


@router.post("/arenden/{case_id}/kannetecken")
def tag(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        version, names = form.number("version"), form.many("kannetecken")
        work.tag(tx, case_id, version, names, person.user, person.office, person.now)

    return act(person, case_id, form, Action.TAG, step, "Kännetecknen är sparade.")
