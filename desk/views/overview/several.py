"""What is done with several cases of a list at once: each by its own rules, each refusal told by its number."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from cases.case import Case
from cases.errors import IllegalMove, NotAllowed, NotFound, StaleVersion
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.steps.routing.confirm import as_shown, confirm
from cases.steps.routing.suggested import area_of, as_suggested
from cases.steps.working.wishes import note_with_wishes
from cases.steps.working.work import send_back
from desk.case.page import colleagues, unit_tree
from desk.case.rows import is_plain
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted, parse_day
from desk.menu import page_named
from desk.rights import Action, rights
from desk.views.in_hand.work import assign_to

router = APIRouter()
MOST_CHOSEN = 100
"""So many are decided at a time: each in a transaction of its own, and all before the browser gives up."""
Step = Callable[[Tx, Case], object]
_FIELDS = {"text": "text", "day": "dag"}


@dataclass(frozen=True, slots=True)
class _Act:
    """One thing that is done with all: what it needs to be allowed, how, and what is said of what was done."""

    action: Action
    step: Step
    said: str


@router.post("/flera")
def several(person: CaseWorker, form: Form) -> Response:
    """The chosen cases and what can be done with them; or it is done, with what was chosen there."""
    if not form.many("val"):
        return person.go(_back(person, form), "Inget ärende är valt. Bocka för dem som det gäller.")
    if not form.text("gor"):
        return _page(person, form)
    try:
        act = _act(person, form)
        done, problems = _do(person, form, act)
    except NotAllowed as problem:
        form.blame(problem, _FIELDS)
        return _page(person, form, str(problem))
    text = f"{count_words(len(done), 'ett ärende', 'ärenden').capitalize()} {act.said}"
    return person.go(_back(person, form, done), " ".join([text, *problems]))


def _act(person: Asked, form: Posted) -> _Act:
    """What the form asks for. Raises NotAllowed where something that all the cases need is missing."""
    match form.text("gor"):
        case "tilldela":
            return _Act(Action.ASSIGN, _assigned(person, form), "tilldelades.")
        case "tillbaka":
            if not form.text("skal"):
                raise form.refusal("skal", "Skriv varför, så att registratorn kan fördela rätt.")
            return _Act(Action.SEND_BACK, _sent_back(person, form), "lämnades tillbaka till registratorn.")
        case "paminn":
            return _Act(Action.NOTE, _reminded(person, form), "fick anteckningen.")
        case "flytta":
            return _Act(Action.CONFIRM, _moved(person, form), "fördelades.")
        case "inget":
            why = form.why_no_case(person.desk.settings.routine.no_case_reasons)
            if not why:
                raise form.refusal("orsak", "Skriv varför det inte blir några ärenden.")
            return _Act(Action.CONFIRM, _put_away(person, why), "lades undan.")
    raise NotAllowed("Välj vad som ska göras.")


def _assigned(person: Asked, form: Posted) -> Step:
    to = form.text("person")
    return lambda tx, case: assign_to(tx, case, case.version, to, person)


def _sent_back(person: Asked, form: Posted) -> Step:
    why = form.text("skal")
    return lambda tx, case: send_back(tx, case.id, case.version, why, person.user, person.office, person.now)


def _reminded(person: Asked, form: Posted) -> Step:
    once, text, day = form.once(person.user.id), form.text("text"), parse_day(form.text("dag"))
    if not text:
        raise form.refusal("text", "Anteckningen är tom. Skriv något först.")
    if form.text("dag") and day is None:
        raise form.refusal("dag", "Skriv dagen som datum, år-månad-dag.")

    def step(tx: Tx, case: Case) -> None:
        own = sha256(f"{once}:{case.id}".encode()).hexdigest()[:32]
        note_with_wishes(tx, case.id, text, person.user, person.office, person.now, remind_on=day, once=own)

    return step


def _moved(person: Asked, form: Posted) -> Step:
    unit_id, office = form.text("enhet"), person.office
    if unit_id not in office.organisation.units:
        raise form.refusal("enhet", "Välj vilken enhet ärendena hör till.")

    def step(tx: Tx, case: Case) -> None:
        suggestion = tx.suggestion(case.id)
        area = area_of(unit_id, case, suggestion, office)
        _decide(tx, case, replace(_plain(tx, case, office), unit_id=unit_id, area=area), person)

    return step


def _put_away(person: Asked, why: str) -> Step:
    def step(tx: Tx, case: Case) -> None:
        request = replace(_plain(tx, case, person.office), choice=RoutingChoice.NOT_A_CASE, reason=why)
        _decide(tx, case, request, person)

    return step


def _plain(tx: Tx, case: Case, office: Office) -> RoutingRequest:
    """What is suggested of a case that may be decided unopened, as with *Markera alla säkra*. Raises NotAllowed."""
    if not is_plain(case):
        raise NotAllowed("ärendet är skyddat, allvarligt eller går i särskild ordning. Öppna det och bestäm där.")
    return as_suggested(case, office, tx.suggestion(case.id))


def _decide(tx: Tx, case: Case, request: RoutingRequest, person: Asked) -> None:
    confirm(tx, case.id, request, person.user, person.office, person.now)


def _do(person: Asked, form: Posted, act: _Act) -> tuple[list[str], list[str]]:
    """The cases it was done with, and what is said of the others; one that changed does not stop the rest."""
    done, problems = list[str](), list[str]()
    for case_id, version in chosen(form):
        number = ""
        try:
            with person.desk.store.begin() as tx:
                case = tx.get_case(case_id, person.viewer)
                number = case.number
                as_shown(case, version)
                rights(case, person.user, person.viewer).demand(act.action)
                act.step(tx, case)
            done.append(case_id)
        except NotFound:
            problems.append("Ett ärende finns inte längre i din lista.")
        except (StaleVersion, IllegalMove, NotAllowed) as problem:
            if isinstance(problem, NotAllowed) and problem.part in _FIELDS:
                raise
            problems.append(str(problem) if number in str(problem) else f"{number}: {problem}")
    return done, problems


def chosen(form: Posted) -> Iterator[tuple[str, int]]:
    """The cases that were ticked, each with its version as shown; one that is no number is nobody's."""
    for one in form.many("val")[:MOST_CHOSEN]:
        case_id, _, version = one.partition(":")
        yield case_id, int(version) if version.isascii() and version.isdigit() else -1


def _page(person: Asked, form: Posted, problem: str = "") -> Response:
    shown = dict(chosen(form))
    with person.desk.store.read() as tx:
        cases = [one for case_id in shown if (one := _readable(tx, case_id, person))]
        users = tx.users()
    owned = [rights(case, person.user, person.viewer) for case in cases]
    may = {one.value for one in Action if any(own.may(one) for own in owned)}
    return person.page(
        "overview/several.html",
        status=422 if problem else 200,
        problem=problem,
        typed=form if problem else None,
        chosen=[(case, f"{case.id}:{shown[case.id]}") for case in cases],
        may=may,
        colleagues=_colleagues(users, cases, person) if Action.ASSIGN in may else (),
        list_path=form.text("sida"),
        query=form.text("fraga"),
        back=_back(person, form),
        tree=unit_tree(person.office),
    )


def _readable(tx: Tx, case_id: str, person: Asked) -> Case | None:
    try:
        return tx.get_case(case_id, person.viewer)
    except NotFound:
        return None


def _colleagues(users: Sequence[User], cases: list[Case], person: Asked) -> list[User]:
    """Who may have one of the cases at least, by name."""
    found = {one.id for case in cases for one in colleagues(users, case, person.office)}
    return [one for one in users if one.id in found]


def _back(person: Asked, form: Posted, done: Sequence[str] = ()) -> str:
    """The list that the cases were chosen from; the queue offers to take back what was decided."""
    page, query = page_named(form.text("sida"), person.user), form.text("fraga")
    path = page.path if page else "/enheten"
    undo = urlencode([("angra", one) for one in done]) if path == "/att-fordela" else ""
    kept = "&".join(filter(None, (query if query.isascii() and query.isprintable() else "", undo)))
    return f"{path}{'?' if kept else ''}{kept}#innehall"
