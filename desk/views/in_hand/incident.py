"""Cases of one incident on the desk: linked, merged, taken apart and answered together; and one letter split."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from cases.case import Case
from cases.errors import IllegalMove, NotAllowed, NotFound, TemplateError
from cases.inbound.messages import ScanState
from cases.ports import Tx
from cases.routing.areas import Area
from cases.steps.joining import linking
from cases.steps.receiving.own_case import part_from
from cases.steps.routing.merge import merge, unmerge
from cases.steps.routing.split import Matter, split
from cases.steps.routing.suggested import area_of, neutral_subject
from desk.case.incident import HERE, offers
from desk.case.opening import open_file
from desk.case.page import unit_tree
from desk.case.thread import read_texts, thread
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted, flatten
from desk.rights import Action, rights
from desk.views.in_hand.acting import act

router = APIRouter()
_PARTS = 3
_FIELDS = {"subject": "rubrik", "unit_id": "enhet", "text": "text"}


@router.get("/arenden/{case_id}/samma-handelse")
def offered(case_id: str, person: CaseWorker) -> Response:
    """Cases that may be of the same incident: a page, or with ``del`` the part that the case page fetches by itself.

    To find them takes as long as the rest of the case page.
    """
    with person.desk.store.read() as tx:
        case = tx.get_case(case_id, person.viewer)
        found = offers(person, tx, case)
    values = {"case": case, "offers": found, "rights": rights(case, person.user, person.viewer)}
    if "del" not in person.request.query_params:
        return person.page("in_hand/case_same.html", values)
    return HTMLResponse(person.part("in_hand/_case_same.html", values) if found else "")


@router.post("/arenden/{case_id}/samma-handelse")
def same_incident(case_id: str, person: CaseWorker, form: Form) -> Response:
    """What was chosen for a case that the page offered as of the same incident."""
    other, choice = form.text("annat"), form.text("gor")
    if choice == "sla-ihop":
        return _merge(person, case_id, other, form)

    def step(tx: Tx, _case: Case) -> None:
        linking.link(tx, case_id, other, person.user, person.office, person.now)

    done = act(person, case_id, form, Action.LINK, step, "Ärendena är kopplade till varandra.")
    if choice == "besvara" and done.status_code == 303:
        return person.go(f"/arenden/{case_id}/svara?ocksa={other}")
    return done


def _merge(person: Asked, case_id: str, other_id: str, form: Posted) -> Response:
    here = form.text("hall") == HERE

    def step(tx: Tx, case: Case) -> None:
        other = tx.get_case(other_id, person.viewer)
        moved, into = (other, case) if here else (case, other)
        rights(moved, person.user, person.viewer).demand(Action.MERGE)
        rights(into, person.user, person.viewer).demand(Action.LINK)
        version = form.number("annan_version" if here else "version")
        merge(tx, moved.id, version, into.id, person.user, person.office, person.now)

    return act(person, case_id, form, Action.LINK, step, "Ärendena är ihopslagna och besvaras på en gång.")


@router.post("/arenden/{case_id}/sla-ihop")
def merge_by_number(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Put this case into the one with a number somebody typed."""

    def step(tx: Tx, case: Case) -> None:
        into = _numbered(tx, form.text("nummer"), person)
        rights(into, person.user, person.viewer).demand(Action.LINK)
        merge(tx, case.id, form.number("version"), into.id, person.user, person.office, person.now)

    return act(person, case_id, form, Action.MERGE, step, "Ärendena är ihopslagna och besvaras på en gång.")


def _numbered(tx: Tx, number: str, person: Asked) -> Case:
    try:
        return tx.get_case(tx.case_by_number(number), person.viewer)
    except NotFound:
        raise NotAllowed("Det finns inget ärende med det numret som du kan läsa.") from None


@router.post("/arenden/{case_id}/ta-isar")
def take_apart(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        unmerge(tx, case_id, form.number("version"), person.user, person.office, person.now)

    return act(person, case_id, form, Action.UNMERGE, step, "Ärendet är för sig igen, där det var förut.")


@router.post("/arenden/{case_id}/koppla")
def link(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        other = tx.case_by_number(form.text("nummer"))
        try:
            tx.get_case(other, person.viewer)
        except NotFound:
            raise NotAllowed("Det finns inget ärende med det numret som du kan läsa.") from None
        linking.link(tx, case_id, other, person.user, person.office, person.now)

    return act(person, case_id, form, Action.LINK, step, "Ärendena är kopplade till varandra.")


@router.post("/arenden/{case_id}/koppla/bort")
def unlink(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Take a link to another case back."""

    def step(tx: Tx, _case: Case) -> None:
        linking.unlink(tx, case_id, form.text("annat"), person.user, person.office, person.now)

    return act(person, case_id, form, Action.LINK, step, "Ärendena är inte längre kopplade till varandra.")


@router.post("/arenden/{case_id}/meddelanden/{message_id}/eget")
def own_case(case_id: str, message_id: str, person: CaseWorker, form: Form) -> Response:
    """What somebody else wrote in this case becomes a case with them."""

    def step(tx: Tx, _case: Case) -> None:
        part_from(tx, case_id, message_id, person.user, person.office, person.now)

    said = "Brevet är ett eget ärende nu. Det väntar på att fördelas."
    return act(person, case_id, form, Action.OWN_CASE, step, said)


@router.get("/arenden/{case_id}/dela")
def show_split(case_id: str, person: CaseWorker) -> Response:
    return _split_page(person, case_id, None)


@router.post("/arenden/{case_id}/dela")
def split_case(case_id: str, person: CaseWorker, form: Form) -> Response:
    """One letter with several matters: a case for each part that was filled in."""
    try:
        with person.desk.store.begin() as tx:
            case = tx.get_case(case_id, person.viewer)
            rights(case, person.user, person.viewer).demand(Action.SPLIT)
            matters = _matters(form, tx, case, person)
            ends, version = form.ticked("hela"), form.number("version")
            new = split(tx, case_id, version, matters, person.user, person.office, person.now, ends=ends)
    except (NotAllowed, IllegalMove, TemplateError) as problem:
        form.blame(problem, _fields(form))
        return _split_page(person, case_id, form, str(problem))
    numbers = ", ".join(one.number for one in new)
    return person.go(f"/arenden/{case_id}", f"Brevet är uppdelat. Nya ärenden: {numbers}.")


def _matters(form: Posted, tx: Tx, case: Case, person: Asked) -> list[Matter]:
    suggestion = tx.suggestion(case.id)
    return [
        _matter(form, n, case, area_of(form.text(f"enhet_{n}"), case, suggestion, person.office)) for n in _begun(form)
    ]


def _begun(form: Posted) -> list[int]:
    """The parts in which anything was filled in."""
    return [n for n in range(1, _PARTS + 1) if any(form.text(f"{name}_{n}") for name in _FIELDS.values())]


def _fields(form: Posted) -> dict[str, str]:
    """The field of each attribute of the matters that a form has, numbered as they are."""
    numbered = enumerate(_begun(form) or [1], 1)
    return {f"{part}_{i}": f"{name}_{n}" for i, n in numbered for part, name in _FIELDS.items()}


def _matter(form: Posted, number: int, case: Case, area: Area) -> Matter:
    return Matter(
        subject=flatten([form.text(f"rubrik_{number}")])[:200],
        text=form.text(f"text_{number}"),
        unit_id=form.text(f"enhet_{number}"),
        area=area,
        register_subject=neutral_subject(case.type, area),
        guarded=not form.ticked(f"fri_{number}"),
        files=form.many(f"bilaga_{number}"),
    )


def _split_page(person: Asked, case_id: str, typed: Posted | None, problem: str = "") -> Response:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.SPLIT)
    return person.page(
        "in_hand/split.html",
        status=422 if problem else 200,
        case=file.case,
        thread=thread(file),
        documents=read_texts(person, file),
        files=[one for one in file.attachments if one.scan is not ScanState.INFECTED],
        tree=unit_tree(person.office),
        parts=range(1, _PARTS + 1),
        typed=typed,
        problem=problem,
    )
