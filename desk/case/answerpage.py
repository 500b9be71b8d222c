"""The page on which an answer is written: the case beside it, its fields, and the letter as it would go."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.responses import Response

from cases.calendar import STOCKHOLM, local_day
from cases.case import Case
from cases.letters.drafts import AnswerDraft
from cases.letters.letter import ANSWERS, LETTER_NAMES
from cases.steps.answering.by_post import PAPER_ANSWERS, hidden_address
from cases.steps.answering.copies import offered_copies
from cases.steps.settings.standard_texts import offered
from cases.store.views import CaseFile
from desk.case.incident import Along
from desk.case.letterform import WHEN, LetterForm, Means
from desk.case.opening import last_answer, others_writing, whose_instead
from desk.case.paper import window_lines
from desk.case.thread import read_texts, thread
from desk.context import Asked
from desk.forms import Posted
from desk.styles import preview_csp


def answer_page(
    person: Asked,
    file: CaseFile,
    made: LetterForm | None,
    along: Sequence[Along],
    means: Means,
    *,
    shown: bool,
    problem: str = "",
    typed: Posted | None = None,
    saved: AnswerDraft | None = None,
    status: int = 200,
) -> Response:
    """The page: with ``shown`` the letter as it would go, with ``typed`` what was filled in and is not sent.

    ``problem`` is why it was not; ``saved`` the draft that the fields come from.
    """
    letter = made.draft.letter if made and shown else None
    return person.page(
        "case/answer.html",
        {**_beside(person, file), **_typed_apart(person, file.case, typed)},
        status=422 if problem else status,
        csp=preview_csp(letter.html) if letter else "",
        kinds=[(k, LETTER_NAMES[k], WHEN[k]) for k in (PAPER_ANSWERS if means is Means.POST else ANSWERS)],
        made=made,
        along=along if means is Means.MAIL else (),
        means=means,
        letter=letter,
        shown=shown,
        problem=problem,
        saved=saved,
    )


def _beside(person: Asked, file: CaseFile) -> dict[str, object]:
    """The case as it stands beside the answer, with what this person has begun and who else writes."""
    with person.desk.store.read() as tx:
        drafts = {one.kind: one for one in tx.drafts_of(file.case.id, person.user.id)}
        writing = others_writing(person, tx, file.case.id)
        texts = offered(tx, file.case, person.office)
        beside_us = offered_copies(tx, file, person.office)
        answered = last_answer(tx, file)
        owner = whose_instead(person, tx, file.case)
    return {
        "case": file.case,
        "file": file,
        "thread": thread(file),
        "documents": read_texts(person, file),
        "hidden": hidden_address(file.case),
        "printable": person.desk.settings.press is not None,
        "encloses": person.desk.settings.attach is not None,
        "drafts": drafts,
        "writing": writing,
        "answered": answered,
        "owner": owner,
        "texts": texts,
        "beside_us": beside_us,
    }


def _typed_apart(person: Asked, case: Case, typed: Posted | None) -> dict[str, object]:
    """The address in the window and the time to leave, as they were typed or stand there at first."""
    window, time = (typed.text("adress"), typed.text("tid")) if typed else ("", "")
    return {"typed": typed, "window": window or "\n".join(window_lines(case)), "time": time or next_morning(person)}


def next_morning(person: Asked) -> str:
    """The next day's opening, as a field for day and time holds it."""
    calendar = person.office.calendar
    opens = calendar.opening(calendar.next_open_day(local_day(person.now)))
    return opens.astimezone(STOCKHOLM).strftime("%Y-%m-%dT%H:%M")


def preview_path(made: LetterForm, along: Sequence[Along], case_id: str) -> str:
    """The preview as a page of its own: the browser's Back then never asks to send the form again."""
    others = [("ocksa", one.case.id) for one in along if one.ticked]
    query = urlencode([("brev", made.kind), ("satt", made.means), *others])
    return f"/arenden/{case_id}/svara?{query}#granska"
