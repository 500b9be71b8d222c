"""Översyn: the yearly review of the routine (O27), which the kansli notes when it is done."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed
from cases.steps.records.review import owed, review_of, reviewed
from desk.context import Asked, NoRole, Registrator
from desk.forms import Form, Posted

router = APIRouter()
_YEARS = 4


@router.get("/oversyn")
def review_page(person: Registrator) -> Response:
    return _page(person)


def _page(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    if not person.user.central_registrator:
        raise NoRole("Sidan hör till kommunens registrator.")
    if not person.office.review_month:
        return person.page("overview/review.html", reviews=(), now_due=None, problem=problem, typed=typed)
    today = local_day(person.now)
    with person.desk.store.read() as tx:
        reviews = [review_of(tx, person.office, today.year - back) for back in range(_YEARS)]
        shown = [one for one in reviews if one.begins <= today and owed(tx, one, today)]
    waits = [one for one in shown if one.done_on is None and one.year >= today.year - 1]
    return person.page(
        "overview/review.html",
        status=422 if problem else 200,
        reviews=shown,
        now_due=waits[0] if waits else None,
        problem=problem,
        typed=typed,
    )


@router.post("/oversyn")
def done(person: Registrator, form: Form) -> Response:
    if not person.user.central_registrator:
        raise NoRole("Sidan hör till kommunens registrator.")
    try:
        if not person.office.review_month:
            raise NotAllowed("Kommunens inställningar har ingen månad för översyn.")  # noqa: TRY301 - one way back
        with person.desk.store.begin() as tx:
            reviewed(tx, person.office, form.number("ar"), form.text("resultat"), person.user, person.now)
    except NotAllowed as problem:
        form.blamed.append("resultat")
        return _page(person, str(problem), form)
    return person.go("/oversyn", "Översynen är noterad och syns i årets sammanställning.")
