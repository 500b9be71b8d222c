"""Beslut att inte lämna ut: the decision somebody may appeal, written, kept in the journal, and fetched as PDF."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import swedish_date
from cases.disclosure import GROUNDS, likely_ground
from cases.errors import NotAllowed, NotFound
from cases.press import Press
from cases.refusal import COURT_NAMES, Court, Lacking, Refusal, decision_paper
from cases.steps.refuse import refuse
from cases.views import CaseFile
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted
from desk.opening import open_file
from desk.rights import Action, rights
from desk.security import LETTER_CSP, disposition

router = APIRouter()
# The fields that hold what a decision may lack.
_FIELDS = {"asked": "vad", "grounds": "lagrum", "reasons": "skal", "decided_by": "beslutsfattare"}


@router.get("/arenden/{case_id}/avslag")
def write_decision(case_id: str, person: CaseWorker) -> Response:
    return _page(person, _file(person, case_id))


@router.post("/arenden/{case_id}/avslag")
def decide(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Keep the decision and give it as PDF; what it lacks is said at its field."""
    file, press = _file(person, case_id), _press(person)
    try:
        refusal = _read(form)
        with person.desk.store.begin() as tx:
            case = refuse(tx, case_id, form.number("version"), refusal, person.user, person.office, person.now)
    except NotAllowed as problem:
        if isinstance(problem, Lacking):
            form.blamed.append(_FIELDS[problem.part])
        return _page(person, file, form, str(problem))
    authority, day = person.office.organisation.authorities[case.authority_id], swedish_date(person.now)
    made = press.document(decision_paper(refusal, case, authority, day, _contact(person)))
    name = disposition(f"Beslut {case.number} {day}.pdf")
    headers = {"Content-Disposition": name, "Content-Security-Policy": LETTER_CSP}
    return Response(made, media_type="application/pdf", headers=headers)


def _press(person: Asked) -> Press:
    press = person.desk.settings.press
    if press is None:
        raise NotFound("This desk has no press.")
    return press


def _file(person: Asked, case_id: str) -> CaseFile:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.DISCLOSE)
    _press(person)
    return file


def _read(form: Posted) -> Refusal:
    return Refusal(
        asked=form.text("vad"),
        whole=form.text("omfattning") != "delvis",
        grounds=form.many("lagrum"),
        reasons=form.text("skal"),
        decided_by=form.text("beslutsfattare"),
        mandate=form.text("delegation"),
        court=form.need("kammarratt", Court, "Välj den kammarrätt som prövar kommunens beslut."),
        asker=form.text("till"),
    )


def _contact(person: Asked) -> str:
    tree = person.office.organisation
    unit = tree.unit(tree.central_unit)
    ours = (person.office.constants.get("kommun_adress", ""), *tree.central_registrators[:1], unit.phone)
    return ", ".join(one for one in ours if one)


def _page(person: Asked, file: CaseFile, form: Posted | None = None, problem: str = "") -> Response:
    first = {likely_ground(f for f in file.case.flags if f.active)} if file.case.protected else set[str]()
    user = person.user
    return person.page(
        "refuse.html",
        status=422 if problem else 200,
        case=file.case,
        authority=person.office.organisation.authorities[file.case.authority_id],
        typed=form,
        problem=problem,
        chosen=set(form.many("lagrum")) if form else first,
        decided_by=form.text("beslutsfattare") if form else f"{user.name}, {user.title}".rstrip(", "),
        GROUNDS=GROUNDS,
        courts=COURT_NAMES,
    )
