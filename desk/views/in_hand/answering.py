"""Svara: choose a letter, fill in what is missing, see exactly what will be sent or printed, send it now or later."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from cases.calendar import local_day, swedish_time
from cases.case import Case
from cases.errors import IllegalMove, NotAllowed, TemplateError
from cases.letters.drafts import AnswerDraft, SentAnswer
from cases.letters.letter import LETTER_NAMES
from cases.steps.answering.by_post import hidden_address, letter_posted
from cases.steps.answering.copies import check_copies
from cases.steps.answering.send import Sending, send_answer
from cases.steps.settings.standard_texts import offered
from cases.store.views import CaseFile
from desk.case.answerpage import answer_page, next_morning, preview_path
from desk.case.incident import Along, alongs
from desk.case.letterform import (
    COPIES,
    LetterForm,
    Means,
    chosen_files,
    make_draft,
    make_form,
    read_kind,
    read_means,
    typed_values,
    with_text,
)
from desk.case.opening import open_file
from desk.case.paper import paper_letter, pdf_response, window_lines
from desk.context import Asked, CaseWorker
from desk.forms import FILES, Form, FormWithFiles, Posted, parse_moment
from desk.rights import Action, rights
from desk.views.in_hand.acting import demand

router = APIRouter()
_REFUSALS = (NotAllowed, IllegalMove, TemplateError)


@router.get("/arenden/{case_id}/svara")
def choose(case_id: str, person: CaseWorker, brev: str = "", satt: str = "") -> Response:
    file = open_file(person, case_id)
    rights(file.case, person.user, person.viewer).demand(Action.ANSWER)
    means, made, saved = read_means(satt, file.case), None, None
    if brev:
        kind = read_kind(brev)
        with person.desk.store.read() as tx:
            saved = tx.draft(case_id, person.user.id, kind)
        made = make_form(person, file.case, kind, saved.typed if saved else {}, means)
    along = alongs(person, file, made, person.request.query_params.getlist("ocksa"))
    ready = bool(made and (not made.fields or saved))
    return answer_page(person, file, made, along, means, shown=ready, saved=saved)


@router.post("/arenden/{case_id}/svara")
def answer_form(case_id: str, person: CaseWorker, form: FormWithFiles) -> Response:
    """Do what was pressed; whatever is not sent is kept as a draft and shown again."""
    file = open_file(person, case_id)
    before = _sent_before(person, file.case, form)
    if before:
        return _sent(person, before)
    return _with_text(person, file, form) if form.text("infoga") else _answer(person, file, form)


def _answer(person: Asked, file: CaseFile, form: Posted) -> Response:
    case_id = file.case.id
    demand(person, file.case, form, Action.ANSWER)
    means = read_means(form.text("satt"), file.case)
    made = make_form(person, file.case, read_kind(form.text("brev")), typed_values(form), means)
    along = alongs(person, file, made, form.many("ocksa"))
    pressed = form.text("gor")
    try:
        if pressed != "utkast" and means is Means.MAIL:
            with person.desk.store.read() as tx:
                check_copies(tx, file.case, made.copies, person.office)
        if pressed in ("skicka", "senare") and means is Means.MAIL and made.draft.sendable:
            return _send(person, file, made, along, form, later=pressed == "senare")
        if pressed == "postat" and means is Means.POST and made.draft.sendable:
            return _posted(person, file.case, made, form)
        if pressed == "skriv-ut":
            return _print(person, file.case, made, form)
    except _REFUSALS as problem:
        form.blame(problem, {"at": "tid", "files": FILES, "copies": COPIES})
        _keep(person, file.case, made)
        return answer_page(person, file, made, along, means, shown=True, problem=_refused(problem, form), typed=form)
    if pressed == "utkast":
        _keep(person, file.case, made)
        return person.go(f"/arenden/{case_id}", "Utkastet är sparat. Du hittar det i ärendet.")
    return _show(person, file, made, along, form)


def _refused(problem: Exception, form: Posted) -> str:
    return f"{problem} Välj filerna igen när du skickar." if form.files else str(problem)


def _with_text(person: Asked, file: CaseFile, form: Posted) -> Response:
    """The form again, with the standard text whose button was pressed."""
    case = file.case
    demand(person, case, form, Action.ANSWER)
    with person.desk.store.read() as tx:
        typed = with_text(typed_values(form), form.text("infoga"), offered(tx, case, person.office))
    means = read_means(form.text("satt"), case)
    made = make_form(person, case, read_kind(form.text("brev")), typed, means)
    along = alongs(person, file, made, form.many("ocksa"))
    return answer_page(person, file, made, along, means, shown=False, typed=form, saved=_keep(person, case, made))


def _show(person: Asked, file: CaseFile, made: LetterForm, along: Sequence[Along], form: Posted) -> Response:
    """What was not sent: kept, and shown as it would be."""
    pressed, saved = form.text("gor"), _keep(person, file.case, made)
    # A page of its own shows what is kept; of an empty letter it would blame whoever goes back to it once it is sent.
    kept = bool(saved or not made.fields)
    if pressed == "visa" and kept and _draft_holds_all(person, file.case, made, form):
        return person.go(preview_path(made, along, file.case.id))
    lacking = pressed != "visa" and not made.draft.sendable
    return answer_page(
        person, file, made, along, made.means, shown=True, typed=form, saved=saved, status=422 if lacking else 200
    )


@router.post("/arenden/{case_id}/svara/utkast")
def keep_draft(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Keep what is typed while one types; the page's script says when."""
    with person.desk.store.read() as tx:
        case = tx.get_case(case_id, person.viewer)
    rights(case, person.user, person.viewer).demand(Action.ANSWER)
    draft = AnswerDraft(case.id, person.user.id, read_kind(form.text("brev")), typed_values(form), person.now)
    _save(person, draft)
    return PlainTextResponse(f"Utkastet är sparat {swedish_time(person.now).partition(' kl. ')[2]}.")


def _keep(person: Asked, case: Case, made: LetterForm) -> AnswerDraft | None:
    # A letter that a flag replaced has no fields; what was typed in the one it replaced stays as it was kept.
    if not made.fields:
        return None
    draft = AnswerDraft(case.id, person.user.id, made.kind, made.typed, person.now)
    _save(person, draft)
    return draft if any(draft.typed.values()) else None


def _draft_holds_all(person: Asked, case: Case, made: LetterForm, form: Posted) -> bool:
    """Whether the page can be made again from the draft: an address on paper and a chosen time are kept nowhere.

    Of a letter without fields none is kept, nor whom it is copied to.
    """
    if made.copies and not made.fields:
        return False
    ours = {"adress": "\n".join(window_lines(case)), "tid": next_morning(person)}
    return all(form.text(name) in ("", value) for name, value in ours.items())


def _save(person: Asked, draft: AnswerDraft) -> None:
    with person.desk.store.begin() as tx:
        if any(draft.typed.values()):
            tx.save_draft(draft)
        else:
            tx.erase_draft(draft.case_id, draft.user_id, draft.kind)


def _send(
    person: Asked, file: CaseFile, made: LetterForm, along: Sequence[Along], form: Posted, *, later: bool
) -> Response:
    case_id, version = file.case.id, form.number("version")
    versions = dict(one.split(":", 1) for one in form.many("ocksa") if ":" in one)
    others = [(one.case.id, _version(versions[one.case.id])) for one in along if one.ticked and not one.why]
    at = _asked_time(form) if later else None
    files = chosen_files(person, form)
    wish = Sending(case_id, version, others, made.kind, made.typed, made.values, at, files, made.copies)
    with person.desk.store.begin() as tx:
        sent = send_answer(tx, wish, person.user, person.office, person.now)
    numbers = ", ".join(one.number for one in sent.told if not one.why)
    also = f" Samma svar går till {numbers}." if numbers else ""
    also += f" Kopia går till {', '.join(made.copies)}." if made.copies else ""
    when = f"går {swedish_time(sent.leaves_at)}" if later else "är på väg"
    return person.go(f"/arenden/{case_id}", f"Brevet ”{LETTER_NAMES[made.draft.kind]}” {when}.{also}")


def _sent_before(person: Asked, case: Case, form: Posted) -> SentAnswer | None:
    """The waiting letter that the same form made a moment ago, for it was sent twice; the case has changed by that."""
    if form.text("gor") not in ("skicka", "senare") or form.number("version") == case.version:
        return None
    kind, typed = read_kind(form.text("brev")), {k: v for k, v in typed_values(form).items() if v}
    with person.desk.store.read() as tx:
        waiting = tx.sent_answers(case.id)
    mine = ((one, one.draft) for one in waiting if one.draft.user_id == person.user.id)
    return next((one for one, draft in mine if draft.kind is kind and draft.typed == typed), None)


def _sent(person: Asked, sent: SentAnswer) -> Response:
    """The words for a letter that waits, after the same form was sent again."""
    when = swedish_time(sent.leaves_at)
    return person.go(f"/arenden/{sent.draft.case_id}", f"Brevet ”{LETTER_NAMES[sent.draft.kind]}” går {when}.")


def _asked_time(form: Posted) -> datetime:
    at = parse_moment(form.text("tid"))
    if at is None:
        raise form.refusal("tid", "Välj dag och tid då brevet ska gå.")
    return at


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


def _posted(person: Asked, case: Case, made: LetterForm, form: Posted) -> Response:
    with person.desk.store.begin() as tx:
        version = form.number("version")
        letter_posted(tx, case.id, version, made.kind, made.values, person.user, person.office, person.now)
    return person.go(f"/arenden/{case.id}", f"Brevet ”{LETTER_NAMES[made.kind]}” är noterat som postat.")


def _print(person: Asked, case: Case, made: LetterForm, form: Posted) -> Response:
    """The letter as PDF, whichever way it is to go."""
    draft = make_draft(person, case, made.kind, made.values, Means.POST)
    if draft.letter is None or not draft.sendable:
        raise NotAllowed("Fyll i det som saknas innan brevet skrivs ut.")
    address = () if hidden_address(case) else tuple(form.text("adress").splitlines()) or window_lines(case)
    if made.means is Means.POST:
        _keep(person, case, made)
    return pdf_response(person, paper_letter(case, draft.letter, address, local_day(person.now)))
