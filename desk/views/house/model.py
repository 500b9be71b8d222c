"""Modell: how well the suggestions fit, whether the letters have changed, and which model suggests; no letter on it."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import swedish_time
from cases.errors import NotFound
from cases.numerals import percent_words
from cases.people.access import Role
from cases.routing.agreement import BEFORE, Agreements, Share, UnitWeeks, agreements, corrections, drift, none_fitted
from cases.routing.learning import ChampionEvent, ModelKeeper
from desk.context import Admin, Asked, Keeper
from desk.forms import Form
from desk.present import actor_name

router = APIRouter()
_WEEKS = 8
_SHIPPED = "den medföljande modellen"
_WHAT = {
    "crowned": "Tog över",
    "refused": "Tog inte över",
    "rolled_back": "Bytt tillbaka till",
    "forgotten": "Glömd",
    "skipped": "Ingen träning",
}


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """A line of the champion's history in words."""

    when: str
    what: str
    who: str
    why: str
    scores: str


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit's row of the table: agreement in all and week by week."""

    name: str
    total: str
    weeks: tuple[str, ...]


@router.get("/modell")
def model_page(person: Keeper) -> Response:
    since, office, keeper = person.now - BEFORE, person.office, person.desk.settings.model
    with person.desk.store.read() as tx:
        routed, suggested, users = tx.routed_cases(since), tx.suggested_areas(since), tx.users()
    names = {user.id: user.name for user in users}
    agreed = agreements(routed, person.now, _WEEKS)
    state = keeper.state() if keeper else None
    return person.page(
        "house/model.html",
        state=state,
        champion=(state.champion if state else "") or _SHIPPED.capitalize(),
        earlier=None if state is None or state.earlier is None else state.earlier or _SHIPPED,
        history=[_event(one, names) for one in state.history[:20]] if state else [],
        whole=_unit(agreed.whole, "Alla enheter"),
        count=agreed.whole.total.count,
        units=[_unit(one, _named(person, one.unit_id)) for one in agreed.units],
        weeks=_week_names(agreed),
        corrections=[
            (_named(person, one.suggested_unit), _named(person, one.unit_id), one.count) for one in corrections(routed)
        ],
        none_fitted=none_fitted(routed),
        drift=drift(suggested, person.now),
        learnt=[_named(person, unit) for unit in state.units] if state else [],
        automatic=sorted(office.auto_confirm_areas),
        may_go_back=person.user.has(Role.ADMIN),
    )


@router.post("/modell/tillbaka")
def go_back(person: Admin, form: Form) -> Response:
    """Back to the champion before this one, if the page still showed the one that suggests."""
    keeper = _keeper(person)
    if form.text("modell") != keeper.state().champion:
        return person.go("/modell", "Modellen hade redan bytts sedan du öppnade sidan. Inget ändrades.")
    return person.go("/modell", keeper.rollback(person.user.id, person.now))


def _keeper(person: Asked) -> ModelKeeper:
    if person.desk.settings.model is None:
        raise NotFound("Här finns ingen modell att byta.")
    return person.desk.settings.model


def _named(person: Asked, unit_id: str) -> str:
    unit = person.office.organisation.units.get(person.office.organisation.unit_now(unit_id))
    return unit.name if unit else unit_id or "Ingen enhet"


def _unit(weeks: UnitWeeks, name: str) -> ShownUnit:
    return ShownUnit(name, _share(weeks.total), tuple(map(_share, weeks.weeks)))


def _share(share: Share) -> str:
    return f"{share.hits} av {share.count}" if share.count else "–"


def _week_names(agreed: Agreements) -> list[str]:
    return [f"v. {day.isocalendar().week}" for day in agreed.weeks]


def _event(event: ChampionEvent, names: dict[str, str]) -> ShownEvent:
    named = event.name or (_SHIPPED if event.what == "rolled_back" else "")
    what = f"{_WHAT.get(event.what, event.what)} {named}" if event.what == "rolled_back" else _WHAT.get(event.what, "")
    if event.what in ("crowned", "refused", "forgotten"):
        what = f"{named}: {what.lower()}"
    return ShownEvent(swedish_time(event.at), what, actor_name(event.by, names), event.why, _scores(event))


def _scores(event: ChampionEvent) -> str:
    if not event.scores:
        return ""
    locked, before, recent, past = (
        percent_words(event.scores.get(name, 0)) for name in ("locked", "locked_before", "recent", "recent_before")
    )
    return f"Låsta delen {locked} mot {before}. Senaste bekräftelserna {recent} mot {past}."
