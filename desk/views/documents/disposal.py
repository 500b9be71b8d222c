"""Gallring: what the rules would erase now, confirmed by a registrator, and the protocols; nothing of a letter."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotFound
from cases.numerals import count_words
from cases.people.access import SYSTEM, Role
from cases.records.disposal import Disposal
from cases.records.retention import SPARED_NAMES
from cases.steps.records.retention import MOST_AT_ONCE, SCRUB, disposal_plan, dispose
from desk.context import Asked, Keeper, NoRole, Registrator
from desk.forms import Form, Posted
from desk.present import actor_name
from desk.sheets import download, stamp

router = APIRouter()
_COLUMNS = ("Ärendenummer", "Diarienummer", "Inkom", "Avslutat", "Beslut", "Regel", "Gallrat", "Av")


def _let_in(person: Asked) -> bool:
    """Whether the person sees numbers: the central registrator does, an administrator counts alone. Raises NoRole."""
    central = person.user.central_registrator
    if not central and not person.user.has(Role.ADMIN):
        raise NoRole("Sidan hör till kommunens registrator.")
    return central


@router.get("/gallring")
def disposal_page(person: Keeper) -> Response:
    return _page(person)


def _page(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    central, rules = _let_in(person), person.desk.settings.retention
    with person.desk.store.read() as tx:
        # An administrator reads no case, so the counts are everybody's.
        viewer = person.viewer if central else SYSTEM
        plan = disposal_plan(tx, rules, viewer, person.now)
        protocols, names = tx.disposals(), {user.id: user.name for user in tx.users()}
        scrub_waits = bool(tx.setting(SCRUB))
    return person.page(
        "documents/disposal.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        central=central,
        rules=rules,
        plan=plan,
        most=MOST_AT_ONCE,
        counts=Counter(one.rule.id for one in plan.due),
        spared=[(SPARED_NAMES[why], count) for why, count in plan.spared.items()],
        protocols=[(one, actor_name(one.by, names)) for one in protocols],
        scrub_waits=scrub_waits,
    )


@router.post("/gallring")
def dispose_now(person: Registrator, form: Form) -> Response:
    """Erase what the page showed, once its box is ticked."""
    if not _let_in(person):
        raise NoRole("Gallringen görs av kommunens registrator.")
    if not form.ticked("sakert"):
        ask = "Inget gallrades. Kryssa först i rutan om att gallringen inte kan ångras."
        return _page(person, str(form.refusal("sakert", ask)), form)
    rules, stamp = person.desk.settings.retention, form.text("lista")
    with person.desk.store.begin() as tx:
        keep = form.many("spara")
        made = dispose(tx, rules, person.viewer, person.user.id, person.office, person.now, stamp, keep)
    return person.go("/gallring", _done(made))


def _done(made: Sequence[Disposal]) -> str:
    if not made:
        return "Inget gallrades: allt i listan skulle sparas."
    count = sum(len(one.lines) for one in made)
    cases = count_words(count, "ett ärende", "ärenden").capitalize()
    done = f"{cases} är {'gallrat' if count == 1 else 'gallrade'}" if count else "Det är gallrat"
    return f"{done}. Protokollet finns här nedanför."


@router.get("/gallring/{protocol_id}.csv")
def protocol_file(protocol_id: str, person: Registrator) -> Response:
    """A protocol as a spreadsheet file."""
    if not _let_in(person):
        raise NoRole("Protokollet hör till kommunens registrator.")
    with person.desk.store.read() as tx:
        found = next((one for one in tx.disposals() if one.id == protocol_id), None)
        names = {user.id: user.name for user in tx.users()}
    if found is None:
        raise NotFound("Det finns inget sådant protokoll.")
    rows = _rows(found, actor_name(found.by, names))
    return download(f"gallringsprotokoll {local_day(found.at)}", _COLUMNS, rows)


def _rows(protocol: Disposal, by: str) -> Iterator[Sequence[str]]:
    after = (protocol.decision, protocol.rule, stamp(protocol.at), by)
    return ((*row, *after) for row in protocol.rows)
