"""A decision not to hand out after it was taken: handed over, appealed, tried in time, looked at again, handed on."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.errors import NotFound
from cases.ports import Tx
from cases.records.appeals import Review, Timely
from cases.steps.joining.linking import link
from cases.steps.records import appeals
from desk.context import Asked, CaseWorker
from desk.forms import Form, parse_day
from desk.rights import Action, rights
from desk.views.documents.refusing import appeal_contact
from desk.views.in_hand.acting import act

router = APIRouter()
Step = Callable[[appeals.Acting], object]


def _act(person: Asked, case_id: str, refused_id: str, form: Form, step: Step, said: str, about: str) -> Response:
    def take(tx: Tx, _case: Case) -> None:
        step(_acting(person, tx, case_id, form.number("version"), refused_id))

    return act(person, case_id, form, Action.APPEAL, take, said, about=about)


def _acting(person: Asked, tx: Tx, case_id: str, version: int, refused_id: str) -> appeals.Acting:
    return appeals.Acting(tx, case_id, version, refused_id, person.user, person.office, person.now)


@router.post("/arenden/{case_id}/avslag/{refused_id}/lamnat")
def handed_over(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    day, how = parse_day(form.text("dag")), form.text("hur")
    said, about = "Dagen är antecknad. De tre veckorna räknas från den.", "hur" if day and not how else "dag"
    return _act(person, case_id, refused_id, form, lambda a: appeals.hand_over(a, day, how), said, about)


@router.post("/arenden/{case_id}/avslag/{refused_id}/overklagat")
def appealed(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    day = parse_day(form.text("dag"))
    said = "Överklagandet är antecknat. Pröva nu om det kom i rätt tid."
    return _act(person, case_id, refused_id, form, lambda a: appeals.appealed(a, day), said, "dag")


@router.post("/arenden/{case_id}/avslag/{refused_id}/provat")
def tried(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    who, reason = form.text("beslutsfattare"), form.text("skal")
    found = form.choice("provning", Timely)

    def step(acting: appeals.Acting) -> None:
        timely = form.need("provning", Timely, "Välj om överklagandet kom i rätt tid.")
        appeals.try_in_time(acting, timely, reason, who, appeal_contact(person))

    late = found is Timely.LATE
    about = "beslutsfattare" if late and not who else "skal" if found is Timely.EXCUSED and not reason else "provning"
    said = (
        "Överklagandet är avvisat. Lämna beslutet till den som överklagade, och anteckna när: också det kan överklagas."
    )
    return _act(person, case_id, refused_id, form, step, said if late else "Rättidsprövningen är antecknad.", about)


@router.post("/arenden/{case_id}/avslag/{refused_id}/omprovat")
def reconsidered(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    what, who = form.text("vad"), form.text("beslutsfattare")

    def step(acting: appeals.Acting) -> None:
        review = form.need("omprovning", Review, "Välj om beslutet står fast eller ändras.")
        appeals.reconsider(acting, review, what, who)

    said = "Omprövningen är antecknad. Lämna nu överklagandet till kammarrätten."
    return _act(person, case_id, refused_id, form, step, said, "vad" if not what else "beslutsfattare")


@router.post("/arenden/{case_id}/avslag/{refused_id}/overlamnat")
def handed_on(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    opinion = form.text("yttrande")
    said = "Överlämnandet är antecknat. Skicka följebrevet och bilagorna till kammarrätten i dag."
    return _act(person, case_id, refused_id, form, lambda a: appeals.hand_on(a, opinion), said, "yttrande")


@router.post("/arenden/{case_id}/avslag/{refused_id}/upphavt")
def overturned(case_id: str, refused_id: str, person: CaseWorker, form: Form) -> Response:
    how = form.text("hur")
    said = "Avvisandet är upphävt. Pröva överklagandet på nytt."
    return _act(person, case_id, refused_id, form, lambda a: appeals.overturned(a, how), said, "hur")


@router.post("/arenden/{case_id}/overklagar")
def appeals_elsewhere(case_id: str, person: CaseWorker, form: Form) -> Response:
    """This case is an appeal of a decision in another: note it there, and go on there."""
    found: list[str] = []

    def take(tx: Tx, case: Case) -> None:
        found.append(_note_there(person, tx, case, form))

    answer = act(person, case_id, form, Action.APPEAL, take, "", about="dag")
    if answer.status_code != 303:
        return answer
    return person.go(f"/arenden/{found[0]}#beslut", "Överklagandet är antecknat. Pröva nu om det kom i rätt tid.")


def _note_there(person: Asked, tx: Tx, case: Case, form: Form) -> str:
    none = "Du har inget ärende med det numret, eller där finns inget beslut som kan överklagas."
    try:
        other = tx.get_case(tx.case_by_number(form.text("nummer")), person.viewer)
    except NotFound:
        raise form.refusal("nummer", none) from None
    refused = next((one for one in reversed(tx.refused_of(other.id)) if one.appealed is None), None)
    if refused is None or not rights(other, person.user, person.viewer).may(Action.APPEAL):
        raise form.refusal("nummer", none)
    acting = _acting(person, tx, other.id, other.version, refused.id)
    appeals.appealed(acting, parse_day(form.text("dag")), case)
    link(tx, other.id, case.id, person.user, person.office, person.now)
    return other.id
