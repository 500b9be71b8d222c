"""Svara: choose a letter, fill in what is missing, see exactly what will be sent, send it."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from cases.errors import IllegalMove, NotAllowed, NotFound, TemplateError
from cases.letters import ANSWERS, LETTER_NAMES
from cases.ports import Tx
from cases.steps import answer
from cases.steps.together import answer_together
from cases.views import CaseFile
from desk.casepage import case_page, open_file, thread
from desk.context import Asked, CaseWorker
from desk.forms import Form
from desk.incident import Along, alongs
from desk.letterform import WHEN, LetterForm, make_form, read_kind, typed_values
from desk.present import sender_name
from desk.rights import Action, rights
from desk.styles import preview_csp

router = APIRouter()


@router.get("/arenden/{case_id}/svara")
def choose(case_id: str, person: CaseWorker, brev: str = "") -> Response:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.ANSWER)
    made = make_form(person, file.case, read_kind(brev), {}) if brev else None
    along = alongs(person, file, made, person.request.query_params.getlist("ocksa"))
    return _page(person, file, made, along, shown=bool(made and not made.fields))


@router.post("/arenden/{case_id}/svara")
def preview_or_send(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Show the letter as it stands; send it where that was pressed and the text is the one that was shown."""
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.ANSWER)
    made = make_form(person, file.case, read_kind(form.text("brev")), typed_values(form))
    along = alongs(person, file, made, form.many("ocksa"))
    if form.text("gor") != "skicka" or not made.draft.sendable:
        return _page(person, file, made, along, shown=True)
    return _send(person, file, made, along, form)


def _send(person: Asked, file: CaseFile, made: LetterForm, along: Sequence[Along], form: Form) -> Response:
    case_id, version = file.case.id, form.number("version")
    versions = dict(one.split(":", 1) for one in form.many("ocksa") if ":" in one)
    others = [(one.case.id, _version(versions[one.case.id])) for one in along if one.ticked and not one.why]
    try:
        with person.desk.store.begin() as tx:
            told = answer_together(
                tx, case_id, version, others, made.kind, made.values, person.user, person.office, person.now
            )
    except (NotAllowed, IllegalMove, TemplateError) as problem:
        return _page(person, file, made, along, shown=True, problem=str(problem))
    numbers = ", ".join(one.number for one in told if not one.why)
    also = f" Samma svar går till {numbers}." if numbers else ""
    return person.go(f"/arenden/{case_id}", f"Brevet ”{LETTER_NAMES[made.draft.kind]}” är på väg.{also}")


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


def _page(
    person: Asked,
    file: CaseFile,
    made: LetterForm | None,
    along: Sequence[Along],
    *,
    shown: bool,
    problem: str = "",
) -> Response:
    letter = made.draft.letter if made and shown else None
    return person.page(
        "answer.html",
        status=422 if problem else 200,
        csp=preview_csp(letter.html) if letter else "",
        case=file.case,
        file=file,
        thread=thread(file),
        sender=sender_name(file.case),
        kinds=[(kind, LETTER_NAMES[kind], WHEN[kind]) for kind in ANSWERS],
        made=made,
        along=along,
        letter=letter,
        shown=shown,
        problem=problem,
    )


@router.post("/arenden/{case_id}/brev/{entry_id}/stoppa")
def stop_letter(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    return _letter_step(person, case_id, entry_id, form, again=False)


@router.post("/arenden/{case_id}/brev/{entry_id}/igen")
def resend_letter(case_id: str, entry_id: str, person: CaseWorker, form: Form) -> Response:
    return _letter_step(person, case_id, entry_id, form, again=True)


def _of_case(tx: Tx, entry_id: str, case_id: str) -> None:
    if tx.get_entry(entry_id).case_id != case_id:
        raise NotFound("No such letter in this case.")


def _letter_step(person: Asked, case_id: str, entry_id: str, form: Form, *, again: bool) -> Response:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.LETTERS)
    step = answer.resend_letter if again else answer.cancel_letter
    try:
        with person.desk.store.begin() as tx:
            _of_case(tx, entry_id, case_id)
            step(tx, entry_id, person.user, person.office, person.now)
    except NotAllowed as problem:
        return case_page(person, case_id, str(problem), form, 422)
    back = "/utkorg" if form.text("fran") == "utkorg" else f"/arenden/{case_id}"
    return person.go(back, "Brevet skickas igen." if again else "Brevet är stoppat.")
