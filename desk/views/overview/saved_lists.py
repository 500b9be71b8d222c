"""Mina listor: a list of cases as it stands, kept under a name in the menu."""

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed, NotFound
from cases.people.saved_lists import SavedList
from cases.ports import Tx
from cases.steps.settings.saved_lists import keep_list, lists_of, may_change, remove_list, rename_list, units_of
from desk.context import Asked, CaseWorker
from desk.filters import read_filters
from desk.forms import Form, Posted
from desk.menu import LISTS_PATH, page_named

router = APIRouter()
_NEW = "ny"
_FIELDS = {"unit": "enhet", "name": "namn"}


@router.get(LISTS_PATH)
def lists(person: CaseWorker) -> Response:
    return _page(person)


@router.post(LISTS_PATH)
def act(person: CaseWorker, form: Form) -> Response:
    """Keep, rename or take away one; what is refused is shown again."""
    try:
        with person.desk.store.begin() as tx:
            where, said = _act(tx, person, form)
    except (NotAllowed, NotFound) as problem:
        form.blame(problem, _FIELDS)
        return _page(person, str(problem), form)
    return person.go(where, said)


def _act(tx: Tx, person: Asked, form: Posted) -> tuple[str, str]:
    which, name = form.text("form"), form.text("namn")
    if which == _NEW:
        kept = keep_list(tx, _new(person, form), person.viewer, person.office)
        return kept.link, f"Listan ”{kept.name}” är sparad. Du hittar den under Mina listor i menyn."
    if form.text("gor") == "bort":
        gone = remove_list(tx, which, person.viewer, person.office.organisation)
        return LISTS_PATH, f"Listan ”{gone.name}” är borttagen."
    return LISTS_PATH, f"Listan heter nu ”{rename_list(tx, which, name, person.viewer, person.office).name}”."


def _new(person: Asked, form: Posted) -> SavedList:
    """The list of the page it was saved on; of its filter only what the page would take."""
    page = page_named(form.text("sida"), person.user)
    if page is None:
        raise NotAllowed("Den listan går inte att spara.")
    filters = read_filters(QueryParams(form.text("fraga")), local_day(person.now), person.office.organisation)
    new, name = person.office.new_id(), form.text("namn")
    return SavedList(new, person.user.id, form.text("enhet"), name, page.path, filters.link())


def _page(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    with person.desk.store.read() as tx:
        kept = lists_of(tx, person.viewer, person.office.organisation)
        names = {user.id: user.name for user in tx.users()}
    return person.page(
        "overview/saved_lists.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        units=shares(person),
        rows=[(one, _whose(person, one, names), may_change(one, person.viewer)) for one in kept],
    )


def _whose(person: Asked, saved: SavedList, names: dict[str, str]) -> str:
    """Who else has it."""
    unit = person.office.organisation.units.get(saved.unit_id)
    if unit is None:
        return "Bara din"
    by = "" if saved.owner_id == person.user.id else f", sparad av {names.get(saved.owner_id, 'någon som har slutat')}"
    return f"Delad med {unit.name}{by}"


def shares(person: Asked) -> dict[str, str]:
    """With whom a list may be shared, by the unit's id; the empty one is nobody."""
    own = units_of(person.viewer)
    tree = person.office.organisation.units.values()
    return {"": "Bara mig", **{unit.id: f"Alla i {unit.name}" for unit in tree if unit.id in own}}
