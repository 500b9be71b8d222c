"""Beslut att inte lämna ut: the decision somebody may appeal, written and kept, and fetched as PDF any time."""

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import swedish_date
from cases.disclosure.documents import GROUNDS, likely_ground
from cases.disclosure.refusal import Refusal
from cases.errors import NotAllowed, NotFound
from cases.letters.press import Press
from cases.office import Office
from cases.people.access import User
from cases.records.courts import COURT_NAMES, Court
from cases.steps.records.refuse import refuse
from cases.store.views import CaseFile
from desk.case.opening import open_file
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted
from desk.rights import Action, rights
from desk.security import PDF_CSP, disposition

router = APIRouter()
# The fields that hold what a decision may lack.
_FIELDS = {"asked": "vad", "grounds": "lagrum", "reasons": "skal", "decided_by": "beslutsfattare"}


@router.get("/arenden/{case_id}/avslag")
def write_decision(case_id: str, person: CaseWorker) -> Response:
    return _page(person, _file(person, case_id))


@router.post("/arenden/{case_id}/avslag")
def decide(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Keep the decision; what it lacks is said at its field."""
    file = _file(person, case_id)
    try:
        refusal = _read(form)
        with person.desk.store.begin() as tx:
            kept = refuse(tx, case_id, form.number("version"), refusal, appeal_contact(person), *_by(person))
    except NotAllowed as problem:
        form.blame(problem, _FIELDS)
        return _page(person, file, form, str(problem))
    return person.go(f"/arenden/{case_id}#beslut", f"Beslutet är fattat. Det är handling {kept.number} i ärendet.")


@router.get("/arenden/{case_id}/beslut/{paper_id}")
def fetch_paper(case_id: str, paper_id: str, person: CaseWorker) -> Response:
    """A decision that was made in the case, as it was handed out; for whoever may read the case."""
    kept = next((one for one in open_file(person, case_id).papers if one.id == paper_id), None)
    if kept is None:
        raise NotFound("No such paper in this case.")
    name = disposition(f"{kept.paper.title} {swedish_date(kept.at)}.pdf", inline=True)
    headers = {"Content-Disposition": name, "Content-Security-Policy": PDF_CSP}
    return Response(_press(person).document(kept.paper), media_type="application/pdf", headers=headers)


def _by(person: Asked) -> tuple[User, Office, datetime]:
    return person.user, person.office, person.now


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


def appeal_contact(person: Asked) -> str:
    """Where an appeal is handed in: address, mail and telephone of the municipality's registrators."""
    tree = person.office.organisation
    unit = tree.unit(tree.central_unit)
    ours = (person.office.constants.get("kommun_adress", ""), *tree.central_registrators[:1], unit.phone)
    return ", ".join(one for one in ours if one)


def _page(person: Asked, file: CaseFile, form: Posted | None = None, problem: str = "") -> Response:
    first = {likely_ground(f for f in file.case.flags if f.active)} if file.case.protected else set[str]()
    user = person.user
    return person.page(
        "documents/refuse.html",
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
