"""Standardtexter: sentences a unit writes often, which Svara puts into a letter."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day, swedish_date
from cases.errors import NotAllowed, NotFound
from cases.letters.standard_texts import StandardText
from cases.ports import Tx
from cases.steps.settings.standard_texts import keep_text, may_keep, remove_text, text_as_seen
from desk.context import Asked, CaseWorker
from desk.forms import Form, Posted
from desk.present import actor_name

router = APIRouter()
EVERY_UNIT = "Alla enheter"
_NEW = "ny"
_FIELDS = {"unit": "enhet", "name": "namn", "text": "text"}


@router.get("/standardtexter")
def texts(person: CaseWorker) -> Response:
    return _page(person)


@router.post("/standardtexter")
def act(person: CaseWorker, form: Form) -> Response:
    """Write, change or take away one; what is refused is shown again."""
    try:
        with person.desk.store.begin() as tx:
            said = _act(tx, person, form)
    except (NotAllowed, NotFound) as problem:
        form.blame(problem, _FIELDS)
        return _page(person, str(problem), form)
    return person.go("/standardtexter", said)


def _act(tx: Tx, person: Asked, form: Posted) -> str:
    which = form.text("form")
    old = None if which == _NEW else text_as_seen(tx, which, form.text("sedd"))
    if old and form.text("gor") == "bort":
        remove_text(tx, old, person.user, person.office)
        return f"Texten ”{old.name}” är borttagen."
    unit, name, text = form.text("enhet"), form.text("namn"), form.text("text")
    if unit and unit not in person.office.organisation.units:
        raise form.refusal("enhet", "Välj en enhet i listan.")
    kept = keep_text(tx, old, unit, name, text, person.user, person.office, person.now)
    return f"Texten ”{kept.name}” är sparad. Du hittar den under Svara."


def _page(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    with person.desk.store.read() as tx:
        kept, names = tx.standard_texts(), {user.id: user.name for user in tx.users()}
    rows = [(one, _whose(person, one), _changed(one, names), _may(person, one.unit_id)) for one in kept]
    return person.page(
        "house/standard_texts.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        units=_units(person),
        rows=[row for row in rows if row[3] or not row[0].unit_id],
    )


def _may(person: Asked, unit_id: str) -> bool:
    return may_keep(person.user, unit_id, person.office)


def _units(person: Asked) -> dict[str, str]:
    """The units whose texts this person may write, by id; the empty one is every unit."""
    whole = {"": EVERY_UNIT} if _may(person, "") else {}
    tree = person.office.organisation.units.values()
    return {**whole, **{one.id: one.name for one in tree if _may(person, one.id)}}


def _whose(person: Asked, text: StandardText) -> str:
    tree = person.office.organisation
    unit = tree.units.get(tree.unit_now(text.unit_id))
    return unit.name if unit else "Enheten finns inte längre" if text.unit_id else EVERY_UNIT


def _changed(text: StandardText, names: dict[str, str]) -> str:
    return f"{swedish_date(local_day(text.changed_at))} av {actor_name(text.changed_by, names)}"
