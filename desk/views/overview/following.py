"""Following a case that somebody else has, and the list of those one follows."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.ports import Tx
from cases.steps.working import following
from cases.store.views import ListKind
from desk.context import CaseWorker
from desk.forms import Form
from desk.rights import Action
from desk.views.in_hand.acting import act
from desk.views.overview.lists import show_list

router = APIRouter()


@router.get("/foljer")
def followed(person: CaseWorker) -> Response:
    intro = "Du får ett mejl när något händer i dem, högst ett om dagen för varje ärende."
    none = "Du följer inga ärenden. Öppna ett ärende och välj Följ ärendet, så står det här."
    return show_list(person, ListKind.FOLLOWED, "Ärenden jag följer", none, intro)


@router.post("/arenden/{case_id}/folj")
def follow(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Follow the case, or no more."""
    begins = form.ticked("folj")

    def step(tx: Tx, _case: Case) -> None:
        if begins:
            following.follow(tx, case_id, person.user, person.office, person.now)
        else:
            tx.unfollow(case_id, person.user.id)

    said = "Du följer ärendet, och får ett mejl när något händer." if begins else "Du följer inte ärendet längre."
    return act(person, case_id, form, Action.NOTE, step, said)
