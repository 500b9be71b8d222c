"""Registerutdrag and rättelse: a person's own data gathered and handed out, and a detail put right, both visibly."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed, NotFound
from cases.records.registered import Person as Registered
from cases.steps.records.personal_data import CORRECTED_NAMES, MOST_MENTIONED, Corrected, correct, extract, mentioned
from desk.case.opening import open_file
from desk.case.rows import make_rows
from desk.context import Asked, CaseWorker, Registrator
from desk.forms import Form, Posted
from desk.rights import Action, rights
from desk.security import disposition

router = APIRouter()


@router.get("/utdrag")
def find(person: Registrator, epost: str = "", namn: str = "") -> Response:
    return _page(person, Registered(epost.strip()[:300], namn.strip()[:200]))


def _page(
    person: Asked,
    asked: Registered,
    problem: str = "",
    ticked: tuple[str, ...] = (),
    typed: Posted | None = None,
) -> Response:
    with person.desk.store.read() as tx:
        lines = tx.cases_of(asked, person.viewer)
        named = mentioned(tx, asked, person.viewer)
    return person.page(
        "documents/extract.html",
        asked=asked,
        rows=make_rows(lines, person.office, person.now),
        named=make_rows(named, person.office, person.now),
        most=MOST_MENTIONED,
        status=422 if problem else 200,
        problem=problem,
        ticked=ticked,
        typed=typed,
        masks=person.desk.settings.masker is not None,
    )


def _asked(form: Posted) -> Registered:
    number, address = form.text("personnummer")[:40], form.text("adress")[:300]
    return Registered(form.text("epost")[:300], form.text("namn")[:200], number, address)


@router.post("/utdrag")
def hand_out(person: Registrator, form: Form) -> Response:
    """Look for the person, or give the extract as a ZIP; every case in it has a line in its journal.

    Who is asked about comes in a form: no personnummer stands in an address, which histories and logs keep.
    """
    asked, chosen = _asked(form), form.many("arende")
    if form.text("gor") == "hitta":
        return _page(person, asked, "" if asked.known else "Fyll i minst en uppgift om personen.")
    masker = None if form.ticked("omaskerat") else person.desk.settings.masker
    pack = person.desk.settings.extract_package
    if pack is None:
        raise NotFound("Här går det inte att göra registerutdrag.")
    ours: list[str] = []
    try:
        with person.desk.store.begin() as tx:
            theirs = {line.id for line in tx.cases_of(asked, person.viewer)}
            theirs |= {line.id for line in mentioned(tx, asked, person.viewer)}
            ours = [one for one in chosen if one in theirs]
            made = extract(tx, ours, asked, masker, form.text("skal"), person.user, person.office, person.now)
    except NotAllowed as refusal:
        form.blamed.extend(["skal"] if ours and masker is None and not form.text("skal") else [])
        return _page(person, asked, str(refusal), chosen, form)
    name = f"registerutdrag {local_day(person.now).isoformat()}.zip"
    headers = {"Content-Disposition": disposition(name)}
    return Response(pack(made, person.now), media_type="application/zip", headers=headers)


@router.get("/arenden/{case_id}/ratta")
def correction(case_id: str, person: CaseWorker) -> Response:
    return _correction(person, case_id)


def _correction(person: Asked, case_id: str, problem: str = "", typed: Posted | None = None) -> Response:
    case = open_file(person, case_id).case
    rights(case, person.user, person.viewer).demand(Action.ORIGINAL)
    values = {"case": case, "names": CORRECTED_NAMES, "problem": problem, "typed": typed}
    return person.page("documents/correct.html", values, status=422 if problem else 200)


@router.post("/arenden/{case_id}/ratta")
def correct_now(case_id: str, person: CaseWorker, form: Form) -> Response:
    said = (form.text("ratt"), form.text("skal"))
    try:
        what = form.need("vad", Corrected, "Välj vad som ska rättas.")
        with person.desk.store.begin() as tx:
            case = tx.get_case(case_id, person.viewer)
            rights(case, person.user, person.viewer).demand(Action.ORIGINAL)
            correct(tx, case_id, form.number("version"), what, *said, person.user, person.office, person.now)
    except NotAllowed as problem:
        form.blamed.extend([] if form.blamed else ["skal" if said[0] and not said[1] else "ratt"])
        return _correction(person, case_id, str(problem), form)
    return person.go(f"/arenden/{case_id}", "Rättelsen är gjord. Vad som stod förut och varför står i journalen.")
