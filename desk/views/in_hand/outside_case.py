"""What a registrator decides on the case page about what is seen outside the house."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.ports import Tx
from cases.steps.records import outside
from desk.context import CaseWorker
from desk.forms import Form
from desk.rights import Action
from desk.views.in_hand.acting import act

router = APIRouter()


@router.post("/arenden/{case_id}/oppen-rubrik")
def public_subject(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Let the open register show the neutral subject, or not any more."""

    def step(tx: Tx, _case: Case) -> None:
        if form.ticked("visa"):
            outside.publish(tx, case_id, form.text("rubrik"), person.user, person.office, person.now)
        else:
            outside.withdraw(tx, case_id, person.user, person.office, person.now)

    said = "Ärendemeningen visas i det öppna registret." if form.ticked("visa") else "Bara typ och ämne visas."
    return act(person, case_id, form, Action.ORIGINAL, step, said)


@router.post("/arenden/{case_id}/lank-av")
def close_link(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Close the sender's page."""

    def step(tx: Tx, _case: Case) -> None:
        outside.close_links(tx, case_id, person.user, person.office, person.now)

    return act(person, case_id, form, Action.ORIGINAL, step, "Länken är stängd.")
