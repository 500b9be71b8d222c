"""Ärendet: the page itself, and the routing decision made on it."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.errors import IllegalMove, NotAllowed
from cases.office import Office
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity, Suggestion
from cases.steps.routing.confirm import confirm, open_for
from cases.steps.routing.suggested import area_of, neutral_subject
from desk.case.page import NONE_FITS, case_page
from desk.context import CaseWorker
from desk.filters import back_to_queue
from desk.forms import Form, Posted, flatten
from desk.rights import Action, rights

router = APIRouter()


@router.get("/arenden/{case_id}")
def show_case(case_id: str, person: CaseWorker) -> Response:
    return case_page(person, case_id)


@router.post("/arenden/{case_id}/fordela")
def route_case(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Confirm or correct; the registrator goes on to the next letter in the queue."""
    try:
        with person.desk.store.begin() as tx:
            case = open_for(tx, case_id, form.number("version"), person.user, person.office)
            rights(case, person.user, person.viewer).demand(Action.CONFIRM)
            reasons = person.desk.settings.routine.no_case_reasons
            request = read_request(form, case, tx.suggestion(case_id), person.office, reasons)
            case = confirm(tx, case_id, request, person.user, person.office, person.now)
    except (NotAllowed, IllegalMove) as problem:
        form.blamed.extend(_lacking(form))
        return case_page(person, case_id, str(problem), form, 422)
    return person.go(back_to_queue(form, case.id), _said(case, request, person.office))


def _lacking(form: Posted) -> list[str]:
    """The field that the decision wants filled in and is empty, where that is what is wrong."""
    if form.text("beslut") == RoutingChoice.SPECIAL_TRACK and not form.text("ordning"):
        return ["ordning"]
    no_reason = not form.text("skal") and not form.text("orsak")
    return ["orsak"] if form.text("beslut") == RoutingChoice.NOT_A_CASE and no_reason else []


def _said(case: Case, request: RoutingRequest, office: Office) -> str:
    if request.choice is RoutingChoice.NOT_A_CASE:
        return f"{case.number} blir inget ärende."
    unit = office.organisation.unit(case.unit_id).name
    if request.choice is RoutingChoice.SPECIAL_TRACK:
        return f"Ärende {case.number} går i särskild ordning: {case.track}. Enhet: {unit}."
    return f"Ärende {case.number} är fördelat till {unit}."


def read_request(
    form: Form, case: Case, suggestion: Suggestion | None, office: Office, reasons: Sequence[str] = ()
) -> RoutingRequest:
    """The decision in a form. Raises NotAllowed, in words, where something needed was not chosen.

    ``reasons`` are those to choose among where a letter is no case.
    """
    choice = form.need("beslut", RoutingChoice, "Välj vad som ska göras med brevet.")
    none_fits = form.text("enhet") == NONE_FITS
    chancery = office.organisation.unit_for(Area.KANSLI).id
    unit_id = form.text("annan_enhet") or (chancery if none_fits else form.text("enhet"))
    if unit_id not in office.organisation.units:
        raise form.refusal("annan_enhet", "Välj vilken enhet ärendet hör till.")
    kind = form.need("typ", CaseType, "Välj vilken typ av ärende det är.")
    area = form.choice("amne", Area) or area_of(unit_id, case, suggestion, office)
    reason = form.why_no_case(reasons) if choice is RoutingChoice.NOT_A_CASE else form.text("motivering")
    return RoutingRequest(
        version=case.version,
        choice=choice,
        unit_id=unit_id,
        area=area,
        type=kind,
        severity=form.choice("allvar", Severity) or Severity.NORMAL,
        flags=form.choices("flagga", FlagKind),
        register_subject=flatten([form.text("rubrik")])[:200] or neutral_subject(kind, area),
        track="" if choice is RoutingChoice.NOT_A_CASE else form.text("ordning"),
        reason=reason,
        none_fits=none_fits,
    )
