"""Lämna ut handlingar: choose, mask, see what is left, and fetch the package."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import swedish_date
from cases.disclosure.documents import GROUNDS, HandOver
from cases.disclosure.handout import LookYourself, grounds_used, notice, package, prepare
from cases.errors import NotAllowed, NotFound
from cases.steps.records.disclose import disclosed
from cases.store.views import CaseFile
from desk.case.disclosing import Asking, ask
from desk.case.opening import open_file
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted
from desk.rights import Action, rights
from desk.security import LETTER_CSP, disposition

router = APIRouter()
WAYS = {HandOver.WHOLE: "Som den är", HandOver.TEXT: "Texten, maskerad", HandOver.LEAVE: "Lämna inte ut"}


@router.get("/arenden/{case_id}/lamna-ut")
def choose_documents(case_id: str, person: CaseWorker) -> Response:
    file = _file(person, case_id)
    return _page(person, file, ask(person, file, None))


@router.post("/arenden/{case_id}/lamna-ut")
def hand_out(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Show what is left, or make the package; the journal tells how much, never to whom."""
    file = _file(person, case_id)
    asking = ask(person, file, form)
    if form.text("gor") != "hamta":
        return _page(person, file, asking, form)
    try:
        return _package(person, file, asking)
    except LookYourself as problem:
        return _page(person, file, asking, form, str(problem), problem.ids)
    except NotAllowed as problem:
        return _page(person, file, asking, form, str(problem))


def _file(person: Asked, case_id: str) -> CaseFile:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.DISCLOSE)
    if person.desk.settings.press is None:
        raise NotFound("This desk has no press.")
    return file


def _package(person: Asked, file: CaseFile, asking: Asking) -> Response:
    case, press = file.case, person.desk.settings.press
    if press is None:
        raise NotFound("This desk has no press.")
    prepared = prepare(asking.documents, asking.choice)
    grounds = grounds_used(prepared)
    if grounds and not asking.choice.notice:
        raise NotAllowed("Skriv beskedet om det som inte lämnas ut, eller använd förslaget.")
    whole = [one.document.id for one in prepared if one.way is HandOver.WHOLE]
    with person.desk.store.read() as tx:
        contents = {one: tx.attachment(one, person.viewer).content for one in whole}
    made = package(case, prepared, asking.choice, press, contents, person.now)
    with person.desk.store.begin() as tx:
        disclosed(tx, case, prepared, grounds, person.user, person.office, person.now)
    name = f"Handlingar {case.number} {swedish_date(person.now)}.zip"
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": LETTER_CSP}
    return Response(made, media_type="application/zip", headers=headers)


def _page(
    person: Asked,
    file: CaseFile,
    asking: Asking,
    form: Posted | None = None,
    problem: str = "",
    unseen: frozenset[str] = frozenset(),
) -> Response:
    try:
        prepared = prepare(asking.documents, asking.choice)
    except NotAllowed as refusal:
        prepared, problem = [], problem or str(refusal)
    grounds = grounds_used(prepared)
    proposed = _notice(person, file, grounds)
    # A proposal nobody has touched follows what is chosen; what somebody wrote stays.
    own = form.text("besked") if form and form.text("besked") != form.text("forslag") else ""
    return person.page(
        "documents/disclose.html",
        status=422 if problem else 200,
        case=file.case,
        asking=asking,
        prepared=prepared,
        grounds=grounds,
        notice=own or proposed,
        proposed=proposed,
        shown=form is not None,
        problem=problem,
        unseen=unseen | asking.choice.looked,
        GROUNDS=GROUNDS,
        WAYS=WAYS,
    )


def _notice(person: Asked, file: CaseFile, grounds: dict[str, int]) -> str:
    office, case = person.office, file.case
    unit = office.organisation.unit(office.organisation.central_unit)
    authority = office.organisation.authorities[case.authority_id]
    contact = ", ".join(one for one in (unit.name, unit.phone, *office.organisation.central_registrators[:1]) if one)
    return notice(case, authority, grounds, contact)
