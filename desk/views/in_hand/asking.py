"""Fråga någon utanför: to whom, what and until when; see exactly what will be sent, and send it."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from cases.errors import NotAllowed, TemplateError
from cases.inbound.messages import ScanState
from cases.letters.letter import Letter, LetterKind
from cases.letters.permit import permit
from cases.steps.answering.asking import Question, ask, drafted, tells_of
from cases.store.views import CaseFile
from desk.case.letterform import chosen_files
from desk.case.opening import open_file
from desk.case.thread import read_texts, thread
from desk.context import Asked, CaseWorker
from desk.forms import FILES, FormWithFiles, Posted, parse_day
from desk.rights import Action, rights

router = APIRouter()
_FIELDS = {"address": "adress", "text": "fraga", "until": "senast", "files": FILES}


@router.get("/arenden/{case_id}/fraga")
def write(case_id: str, person: CaseWorker) -> Response:
    return _page(person, _file(person, case_id))


@router.post("/arenden/{case_id}/fraga")
def send(case_id: str, person: CaseWorker, form: FormWithFiles) -> Response:
    """Send it where that was pressed, or show what would be sent."""
    file, letter = _file(person, case_id), None
    try:
        question = _read(person, form)
        with person.desk.store.begin() as tx:
            bare = replace(question, files=(), kept=())
            letter = drafted(tx, file.case, bare, person.user, person.office, person.now)
            if form.text("gor") != "skicka":
                return _page(person, file, form, letter)
            ask(tx, case_id, question, person.user, person.office, person.now, form.once(person.user.id))
    except (NotAllowed, TemplateError) as problem:
        form.blame(problem, _FIELDS)
        again = " Välj filerna igen när du skickar." if form.files else ""
        return _page(person, file, form, letter, f"{problem}{again}")
    return person.go(f"/arenden/{case_id}", "Frågan går om en halv minut. Stoppa den i ärendet om du ångrar dig.")


def _file(person: Asked, case_id: str) -> CaseFile:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.ASK)
    return file


def _read(person: Asked, form: Posted) -> Question:
    day = parse_day(form.text("senast"))
    if day is None and form.text("senast"):
        raise form.refusal("senast", "Skriv dagen som datum, år-månad-dag.")
    files = chosen_files(person, form)
    return Question(form.text("adress"), form.text("fraga"), day, files, form.many("ur"))


def _page(
    person: Asked, file: CaseFile, form: Posted | None = None, letter: Letter | None = None, problem: str = ""
) -> Response:
    case = file.case
    with person.desk.store.read() as tx:
        known = tx.addresses_asked(person.viewer)
    return person.page(
        "in_hand/ask.html",
        status=422 if problem else 200,
        case=case,
        thread=thread(file),
        documents=read_texts(person, file),
        stopped=permit(case, LetterKind.FRAGA_UTANFOR, automatic=False).reason,
        known=known,
        typed=form,
        problem=problem,
        files=[one for one in file.attachments if one.size and not one.risk and one.scan != ScanState.INFECTED],
        encloses=person.desk.settings.attach is not None,
        letter=letter,
        tells=tells_of(case, form.text("fraga")) if form and letter else (),
    )
