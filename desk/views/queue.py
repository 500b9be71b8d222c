"""Att fördela: the letters that wait for a registrator, oldest promise first."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from cases.calendar import local_day
from cases.case import WAITING, Case
from cases.errors import IllegalMove, NotAllowed, NotFound, StaleVersion
from cases.numerals import count_words
from cases.people.access import SYSTEM
from cases.routing.tracks import selectable
from cases.steps.confirm import confirm, open_for
from cases.steps.suggested import as_suggested
from cases.steps.unroute import can_unroute, unroute
from cases.store.views import ListKind
from desk.case.page import unit_tree
from desk.case.rows import Row, make_rows
from desk.context import Asked, Router
from desk.filters import MOST_COUNTED, Filters, by_suggestion, listed, read_filters
from desk.forms import Form
from desk.rights import Action, rights

router = APIRouter()
# A line is 2.4 kB: with style, script and icons the page stays below 150 kB.
_PAGE = 30


@dataclass(frozen=True, slots=True)
class _Queue:
    rows: list[Row]
    count: int
    filters: Filters


def _queue(person: Asked) -> _Queue:
    filters = read_filters(person.request.query_params, local_day(person.now), _PAGE)
    filters = by_suggestion(filters, person.office.organisation)
    with person.desk.store.read() as tx:
        filters, lines, count = listed(tx, ListKind.TO_ROUTE, person.viewer, filters)
    return _Queue(make_rows(lines, person.office, person.now), count, filters)


def _values(person: Asked) -> dict[str, object]:
    queue = _queue(person)
    pick = person.request.query_params.get("valj") == "sakra"
    return {
        "rows": queue.rows,
        "count": queue.count,
        "most": MOST_COUNTED,
        "pages": -(-min(queue.count, MOST_COUNTED) // _PAGE),
        "filters": queue.filters,
        "pick": pick,
        "tracks": selectable(),
        "tree": unit_tree(person.office),
    }


@router.get("/att-fordela")
def queue_page(person: Router, angra: str = "") -> Response:
    return person.page("queue.html", {**_values(person), "undoable": _undoable(person, angra)})


def _undoable(person: Asked, case_id: str) -> Case | None:
    """The case that was confirmed just before, while that can be taken back."""
    if not case_id:
        return None
    try:
        with person.desk.store.read() as tx:
            file = tx.case_file(case_id, person.viewer)
    except NotFound:
        return None
    return file.case if can_unroute(file.case, file.decisions, person.user, person.now) else None


@router.post("/arenden/{case_id}/angra-fordelning")
def take_back(case_id: str, person: Router, form: Form) -> Response:
    """The case back in the queue, told who has had word of it already."""
    with person.desk.store.begin() as tx:
        left = unroute(tx, case_id, form.number("version"), person.user, person.office, person.now)
        number = tx.get_case(case_id, SYSTEM).number
    said = [f"Ärende {number} är tillbaka i kön."]
    said += ["Enheten har redan fått ett mejl om det."] if any(one.internal for one in left) else []
    told = any(not one.internal for one in left)
    said += ["Den som skrev har fått veta vart det gick, och får ett nytt brev när du fördelar det."] if told else []
    return person.go(_back(form), " ".join(said))


@router.get("/att-fordela/lista")
def queue_list(person: Router) -> Response:
    """The list alone, which the open page asks for by itself to show new letters."""
    return HTMLResponse(person.part("_queue_list.html", _values(person)))


@router.post("/arenden/{case_id}/bekrafta")
def confirm_as_suggested(case_id: str, person: Router, form: Form) -> Response:
    """Confirm what the line showed: the version says that it is the same still."""
    case = _confirm(person, case_id, form.number("version"))
    unit = person.office.organisation.unit(case.unit_id).name
    return person.go(_back(form, case_id), f"Ärende {case.number} är fördelat till {unit}.")


@router.post("/att-fordela/bekrafta")
def confirm_several(person: Router, form: Form) -> Response:
    """Confirm all that were ticked; each stands on its own, so one that changed does not stop the others."""
    if not form.many("val"):
        return person.go(_back(form), "Inget brev är valt. Bocka för dem som ska bekräftas.")
    done, problems = 0, list[str]()
    for one in form.many("val"):
        case_id, _, version = one.partition(":")
        try:
            _confirm(person, case_id, int(version) if version.isascii() and version.isdigit() else -1)
            done += 1
        except NotFound:
            problems.append("Ett ärende finns inte längre i din kö.")
        except (StaleVersion, IllegalMove, NotAllowed) as problem:
            problems.append(str(problem))
    text = count_words(done, "ett ärende", "ärenden").capitalize()
    return person.go(_back(form), " ".join([f"{text} fördelades.", *problems]))


def _back(form: Form, undo: str = "") -> str:
    """The list as it was; ``undo`` is the case whose confirmation it offers to take back."""
    query = form.text("fraga")
    kept = [query] if query.isascii() and query.isprintable() and query else []
    whole = "&".join([*kept, *([urlencode({"angra": undo})] if undo else [])])
    return f"/att-fordela{'?' if whole else ''}{whole}#innehall"


def _confirm(person: Asked, case_id: str, version: int) -> Case:
    """Confirm the suggestion, or find that this person did: the same form was sent twice."""
    try:
        with person.desk.store.begin() as tx:
            case = open_for(tx, case_id, version, person.user, person.office)
            rights(case, person.user, person.viewer).demand(Action.CONFIRM)
            request = as_suggested(case, person.office, tx.suggestion(case_id))
            return confirm(tx, case_id, request, person.user, person.office, person.now)
    except (NotFound, StaleVersion):
        done = _confirmed_before(person, case_id)
        if done is None:
            raise
        return done


def _confirmed_before(person: Asked, case_id: str) -> Case | None:
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, SYSTEM)
    last = file.decisions[-1] if file.decisions else None
    mine = last is not None and last.agreed and last.decided_by == person.user.id
    return file.case if mine and file.case.status not in WAITING else None
