"""What is done with a case in hand: assign, take, note, flag, tag, send back, tell, close, open again."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import swedish_date
from cases.case import Case, Outcome
from cases.errors import NotAllowed, NotFound
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.records.whistle import Told
from cases.routing.flags import FlagKind
from cases.steps.answering import answer, closing
from cases.steps.routing.confirm import open_for
from cases.steps.watching import promises
from cases.steps.working import wishes, work
from cases.steps.working.track import set_track
from cases.steps.working.whistle import note_told
from desk.case.party import read_party
from desk.case.tracks import TRACKS
from desk.context import Asked, CaseWorker
from desk.forms import Form, parse_day
from desk.rights import Action, rights
from desk.views.in_hand.acting import Step, act

router = APIRouter()
Worded = Callable[[Tx, str, int, str, User, Office, datetime], object]
"""A step of ``cases.steps`` on a case of that version, with a reason or a remark in words."""


def _worded(take: Worded, person: Asked, case_id: str, form: Form, name: str) -> Step:
    """A step that needs nothing of the form but what was written in one field of it."""

    def step(tx: Tx, _case: Case) -> None:
        take(tx, case_id, form.number("version"), form.text(name), person.user, person.office, person.now)

    return step


def _colleague(tx: Tx, user_id: str) -> User:
    try:
        return tx.user(user_id)
    except NotFound:
        raise NotAllowed("Välj en person i listan.") from None


def assign_to(tx: Tx, case: Case, version: int, user_id: str, person: Asked) -> None:
    """Assign a case to a colleague of its unit. Raises NotAllowed where that is none."""
    to = _colleague(tx, user_id)
    if not case.whistle and case.unit_id not in person.office.viewer(to).member_units:
        raise NotAllowed(f"{to.name} arbetar inte i ärendets enhet. Fördela om ärendet, eller välj någon annan.")
    work.assign(tx, case.id, version, to, person.user, person.office, person.now)


@router.post("/arenden/{case_id}/tilldela")
def assign(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, case: Case) -> None:
        assign_to(tx, case, form.number("version"), form.text("person"), person)

    with person.desk.store.read() as tx:
        to = next((one.name for one in tx.users() if one.id == form.text("person")), "")
    return act(person, case_id, form, Action.ASSIGN, step, f"Ärendet är tilldelat {to}.")


@router.post("/arenden/{case_id}/ta")
def accept(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        work.accept(tx, case_id, form.number("version"), person.user, person.office, person.now)

    return act(person, case_id, form, Action.ACCEPT, step, "Nu har du hand om ärendet.")


@router.post("/arenden/{case_id}/anteckna")
def add_note(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        once, text, day = form.once(person.user.id), form.text("text"), parse_day(form.text("dag"))
        if day is None and form.text("dag"):
            raise form.refusal("dag", "Skriv dagen som datum, år-månad-dag.")
        tell = form.ticked("beratta")
        wishes.note_with_wishes(
            tx, case_id, text, person.user, person.office, person.now, remind_on=day, tell=tell, once=once
        )

    day = parse_day(form.text("dag"))
    said = f"Anteckningen är sparad. Du får ett mejl den {swedish_date(day)}." if day else "Anteckningen är sparad."
    return act(person, case_id, form, Action.NOTE, step, said, fields={"text": "text", "day": "dag"})


@router.post("/arenden/{case_id}/paminnelse/{note_id}/bort")
def forget(case_id: str, note_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        tx.end_wish(case_id, note_id)

    return act(person, case_id, form, Action.NOTE, step, "Påminnelsen är borttagen.")


@router.post("/arenden/{case_id}/markera")
def set_flags(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, case: Case) -> None:
        wanted, version = form.choices("flagga", FlagKind), form.number("version")
        if {f.kind for f in case.flags if f.active} - wanted:
            rights(case, person.user, person.viewer).demand(Action.CLEAR_FLAGS)
        work.set_flags(tx, case_id, version, wanted, form.text("skal"), person.user, person.office, person.now)

    return act(person, case_id, form, Action.FLAGS, step, "Sekretessmarkeringarna är ändrade.", about="skal")


@router.post("/arenden/{case_id}/ordning")
def choose_track(case_id: str, person: CaseWorker, form: Form) -> Response:
    """Say that the track a later letter raised holds, that another does, or none."""

    def step(tx: Tx, case: Case) -> None:
        track = form.text("ordning")
        if track not in {"", case.track, *TRACKS}:
            raise form.refusal("ordning", "Välj en ordning i listan.")
        set_track(tx, case_id, form.number("version"), track, person.user, person.office, person.now)

    return act(person, case_id, form, Action.TRACK, step, "Ordningen är sparad.")


@router.post("/arenden/{case_id}/hav-sparr")
def release(case_id: str, person: CaseWorker, form: Form) -> Response:
    step = _worded(work.release_hold, person, case_id, form, "skal")
    return act(person, case_id, form, Action.RELEASE, step, "Spärren är hävd. Brev kan skickas igen.")


@router.post("/arenden/{case_id}/lamna-tillbaka")
def send_back(case_id: str, person: CaseWorker, form: Form) -> Response:
    step = _worded(work.send_back, person, case_id, form, "skal")
    return act(person, case_id, form, Action.SEND_BACK, step, "Ärendet väntar på att bli fördelat på nytt.")


@router.post("/arenden/{case_id}/muntligt-svar")
def told(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        outcome = form.need("utfall", Outcome, "Välj hur det gick.")
        version, how = form.number("version"), form.text("hur")
        answer.answer_orally(tx, case_id, version, outcome, how, person.user, person.office, person.now)

    return act(person, case_id, form, Action.ORAL, step, "Svaret är noterat.", about="hur")


@router.post("/arenden/{case_id}/lage")
def status_told(case_id: str, person: CaseWorker, form: Form) -> Response:
    """O24, R5: how it goes was told by phone, in person or by post, and the new day where it takes longer."""

    def step(tx: Tx, _case: Case) -> None:
        case = open_for(tx, case_id, form.number("version"), person.user, person.office)
        how, day = form.text("hur"), parse_day(form.text("dag"))
        promises.status_told(tx, case, how, person.user, person.office, person.now, day)

    fields = {"how": "hur", "day": "dag"}
    return act(person, case_id, form, Action.STATUS_TOLD, step, "Beskedet är noterat.", fields=fields)


@router.post("/arenden/{case_id}/lagen")
def law_told(case_id: str, person: CaseWorker, form: Form) -> Response:
    """What a whistle-blower was told as the law asks, or why the report is not confirmed (lag 2021:890 5 kap. 8 §)."""

    def step(tx: Tx, _case: Case) -> None:
        version, told, how = form.number("version"), form.choice("besked", Told), form.text("hur")
        note_told(tx, case_id, version, told, how, person.user, person.office, person.now)

    fields = {"told": "besked", "how": "hur"}
    return act(person, case_id, form, Action.LAW_TOLD, step, "Det är noterat.", fields=fields)


@router.post("/arenden/{case_id}/avsluta")
def close(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        said = form.number("version"), form.text("larande")
        outcome, why = form.choice("utfall", Outcome), form.text("skal")
        closing.close(tx, case_id, *said, person.user, person.office, person.now, outcome, why)

    return act(person, case_id, form, Action.CLOSE, step, "Ärendet är avslutat.", fields={"why": "skal"})


@router.post("/arenden/{case_id}/oppna")
def reopen(case_id: str, person: CaseWorker, form: Form) -> Response:
    step = _worded(closing.reopen, person, case_id, form, "skal")
    return act(
        person, case_id, form, Action.REOPEN, step, "Ärendet är öppnat igen. Avsändaren får veta det när du skriver."
    )


@router.post("/arenden/{case_id}/snabbt")
def quick(case_id: str, person: CaseWorker, form: Form) -> Response:
    step = _worded(closing.quick_close, person, case_id, form, "hur")
    return act(person, case_id, form, Action.QUICK, step, "Ärendet är löst och avslutat.")


@router.post("/arenden/{case_id}/kannetecken")
def tag(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        version, names = form.number("version"), form.many("kannetecken")
        work.tag(tx, case_id, version, names, person.user, person.office, person.now)

    return act(person, case_id, form, Action.TAG, step, "Kännetecknen är sparade.")


@router.post("/arenden/{case_id}/avsandare")
def confirm_sender(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        version, party, day = form.number("version"), read_party(form), parse_day(form.text("dag"))
        work.confirm_sender(tx, case_id, version, party, person.user, person.office, person.now, day)

    said = "Avsändaren är bekräftad. Nu kan brev skickas."
    return act(person, case_id, form, Action.SENDER, step, said, fields={"day": "dag"})


@router.post("/arenden/{case_id}/lasare")
def add_reader(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        reader = _colleague(tx, form.text("person"))
        work.add_reader(tx, case_id, reader, form.text("skal"), person.user, person.office, person.now)

    return act(
        person,
        case_id,
        form,
        Action.READER,
        step,
        "Personen kan nu läsa ärendet och får ett mejl med en länk hit.",
        about="skal",
    )


@router.post("/arenden/{case_id}/lasare/bort")
def remove_reader(case_id: str, person: CaseWorker, form: Form) -> Response:
    def step(tx: Tx, _case: Case) -> None:
        work.remove_reader(tx, case_id, _colleague(tx, form.text("person")), person.user, person.office, person.now)

    return act(person, case_id, form, Action.READER, step, "Personen är inte längre tillagd som läsare.")
