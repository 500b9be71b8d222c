"""Letters that have been written: stopped, taken back, sent again, printed."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed, NotFound
from cases.letters.letter import FINAL
from cases.ports import Tx
from cases.steps.answering import letters_out
from cases.steps.answering.copies import readdress_copy
from cases.steps.answering.unsend import stop, take_back
from desk.case.opening import open_file
from desk.case.page import case_page
from desk.case.paper import paper_letter, pdf_response, window_lines
from desk.context import Asked, CaseWorker
from desk.forms import Form
from desk.rights import Action, rights

router = APIRouter()


@router.post("/arenden/{case_id}/brev/{entry_id}/stoppa")
def stop_letter(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    return _letter_step(person, case_id, entry_id, form, again=False)


@router.post("/arenden/{case_id}/brev/{entry_id}/igen")
def resend_letter(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    return _letter_step(person, case_id, entry_id, form, again=True)


@router.post("/arenden/{case_id}/brev/{entry_id}/adress")
def readdress(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    """Put right the address of a copy that did not come where it was sent."""
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.LETTERS)
    try:
        with person.desk.store.begin() as tx:
            _of_case(tx, entry_id, case_id)
            entry = readdress_copy(tx, entry_id, form.text("adress"), person.user, person.office, person.now)
    except NotAllowed as problem:
        form.blame(problem, {"copies": "adress"})
        return case_page(person, case_id, str(problem), form, 422)
    return person.go(f"/arenden/{case_id}#u-{entry_id}", f"Kopian går nu till {entry.recipient}.")


@router.post("/arenden/{case_id}/brev/{entry_id}/angra")
def undo_letter(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    """Take a letter back that has not left; who wrote it is back at what was typed."""
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.LETTERS)
    try:
        with person.desk.store.begin() as tx:
            _of_case(tx, entry_id, case_id)
            draft = take_back(tx, entry_id, person.user, person.office, person.now)
            whose = tx.user(draft.user_id)
    except NotAllowed as problem:
        return case_page(person, case_id, str(problem), form, 422)
    if whose.id != person.user.id:
        return person.go(f"/arenden/{case_id}", f"Brevet är ångrat. Texten är nu ett utkast hos {whose.name}.")
    return person.go(f"/arenden/{case_id}/svara?brev={draft.kind}", "Brevet är ångrat. Texten ligger kvar här.")


@router.get("/arenden/{case_id}/brev/{entry_id}/pdf")
def letter_pdf(case_id: str, entry_id: str, person: CaseWorker) -> Response:
    """A letter that left, or that was posted, as it looks on paper."""
    file = open_file(person, case_id)
    entry = next((e for e in file.letters if e.id == entry_id and not e.internal), None)
    if entry is None:
        raise NotFound("No such letter in this case.")
    window = window_lines(file.case) if entry.for_citizen else ()
    paper = paper_letter(file.case, entry.letter, window, local_day(entry.created_at))
    return pdf_response(person, paper)


def _of_case(tx: Tx, entry_id: str, case_id: str) -> None:
    if tx.get_entry(entry_id).case_id != case_id:
        raise NotFound("No such letter in this case.")


def _letter_step(person: Asked, case_id: str, entry_id: str, form: Form, *, again: bool) -> Response:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.LETTERS)
    try:
        with person.desk.store.begin() as tx:
            _of_case(tx, entry_id, case_id)
            done = "Brevet skickas igen." if again else "Brevet är stoppat."
            if again:
                letters_out.resend_letter(tx, entry_id, person.user, person.office, person.now)
            elif tx.sent_answer(entry_id) is not None:
                # An answer that never leaves leaves nobody answered.
                draft = stop(tx, entry_id, person.user, person.office, person.now)
                answered = draft.kind not in FINAL or tx.get_case(case_id, person.viewer).outcome is not None
                done += "" if answered else f" {file.case.number} är inte besvarat."
            else:
                letters_out.cancel_letter(tx, entry_id, person.user, person.office, person.now)
    except NotAllowed as problem:
        return case_page(person, case_id, str(problem), form, 422)
    back = "/utkorg" if form.text("fran") == "utkorg" else f"/arenden/{case_id}"
    return person.go(back, done)
