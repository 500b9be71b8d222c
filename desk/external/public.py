"""The public pages put together, and the open register as page, CSV and Atom feed.

They are an app of their own below ``/oppet``: no session, no cookie, nothing of who asks but the pace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cases.calendar import swedish_date
from cases.errors import NotFound
from cases.records.public import STAGE_NAMES, PublicFilter, PublicLine, Stage
from cases.steps.suggested import neutral_subject
from desk.context import Desk, desk_of
from desk.external.anybody import Anybody, Outside, TooFast
from desk.external.feed import atom
from desk.external.own import own_page, say_if_helped
from desk.forms import one_of, parse_day
from desk.outside import Pace, PublicSettings
from desk.security import disposition
from desk.sheets import download

PAGE = 50
_AT_ONCE = 5_000
_FEED = 100
_COLUMNS = ("Ärendenummer", "Inkom", "Gäller", "Enhet", "Läge")


def create_public(desk: Desk, settings: PublicSettings) -> FastAPI:
    """The app; a page that is not switched on is not there."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.desk, app.state.pace = desk, Pace(settings.per_minute)
    if settings.register:
        app.add_api_route("/arenden", register, methods=["GET"])
        app.add_api_route("/arenden.csv", register_csv, methods=["GET"])
        app.add_api_route("/arenden.atom", register_feed, methods=["GET"])
    if settings.case_page:
        app.add_api_route("/mitt/{token}", own_page, methods=["GET"])
        app.add_api_route("/mitt/{token}", say_if_helped, methods=["POST"])
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(TooFast, _too_fast)
    return app


def robots(request: Request) -> Response:
    """What search engines may look at: nothing, or the open register alone."""
    public = desk_of(request).settings.public
    allowed = "Allow: /oppet/arenden$\nAllow: /static/\n" if public and public.register and public.indexable else ""
    return PlainTextResponse(f"User-agent: *\n{allowed}Disallow: /\n")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a request as the store takes them, and as links and the form say them."""

    wanted: PublicFilter
    page: int
    chosen: dict[str, str] = field(default_factory=dict)

    def link(self, page: int) -> str:
        """A query string for another page of the same."""
        return "&".join([*(f"{k}={v}" for k, v in self.chosen.items()), f"sida={page}"])


def _asked(here: Outside, units: Mapping[str, str]) -> Asked:
    """The filters; what is none of ours counts as not given."""
    query = here.request.query_params
    unit, stage = query.get("enhet", ""), one_of(Stage, query.get("lage", ""))
    month, number = _month(query.get("manad", "")), query.get("sida", "")
    page = min(max(int(number), 1), 1000) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    wanted = PublicFilter(
        unit_id=unit if unit in units else "",
        stage=stage,
        month=month,
        areas=here.settings.areas,
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    chosen = {"enhet": wanted.unit_id, "lage": stage or "", "manad": f"{month:%Y-%m}" if month else ""}
    return Asked(wanted, page, {name: value for name, value in chosen.items() if value})


def _month(text: str) -> date | None:
    first = parse_day(f"{text}-01") if len(text) == 7 else None
    return first if first and 2000 <= first.year < 2200 else None


def _units(here: Outside) -> dict[str, str]:
    """The units a line of the register may name: those that answer for an area which is shown."""
    tree = here.desk.office.organisation
    found = (tree.unit_for(area) for area in sorted(here.settings.areas))
    return {unit.id: unit.name for unit in found}


def words(line: PublicLine) -> str:
    """What a case is about: the wording a person confirmed for this register, or its type and area."""
    return line.subject or neutral_subject(line.type, line.area)


def register(here: Anybody) -> Response:
    """The open register, a page at a time."""
    units = _units(here)
    asked = _asked(here, units)
    with here.desk.store.read() as tx:
        lines, count = tx.public_lines(asked.wanted), tx.public_count(asked.wanted)
        months = tx.public_months(asked.wanted)
    values = {
        "rows": [(line, words(line), units.get(line.unit_id, "")) for line in lines],
        "count": count,
        "pages": -(-count // PAGE),
        "asked": asked,
        "units": units,
        "stages": {stage: name for stage, name in STAGE_NAMES.items() if stage is not Stage.CLOSED},
        "months": {f"{month:%Y-%m}": _month_name(month) for month in months},
        "stage_names": STAGE_NAMES,
    }
    return _kept(here, here.page("register.html", values))


def _month_name(month: date) -> str:
    return swedish_date(month).partition(" ")[2]


def _newest(here: Outside) -> Sequence[PublicLine]:
    wanted = replace(_asked(here, _units(here)).wanted, limit=_FEED, offset=0)
    with here.desk.store.read() as tx:
        return tx.public_lines(wanted)


def _all(here: Outside) -> list[PublicLine]:
    """Every line, however many: a list that stopped would pass for the whole."""
    wanted, found = _asked(here, _units(here)).wanted, list[PublicLine]()
    with here.desk.store.read() as tx:
        while more := tx.public_lines(replace(wanted, limit=_AT_ONCE, offset=len(found))):
            found += more
    return found


def register_csv(here: Anybody) -> Response:
    """The same as a spreadsheet file."""
    units = _units(here)
    rows = [
        (
            line.number,
            line.received_on.isoformat(),
            words(line),
            units.get(line.unit_id, ""),
            _stage_outside(line.stage),
        )
        for line in _all(here)
    ]
    return _kept(here, download("öppna ärenden", _COLUMNS, rows))


def _stage_outside(stage: Stage) -> str:
    return "Väntar på avsändaren" if stage is Stage.WAITING else STAGE_NAMES[stage]


def register_feed(here: Anybody) -> Response:
    """The newest as an Atom feed (RFC 4287)."""
    units = _units(here)
    entries = [(line.number, line.received_on, words(line), units.get(line.unit_id, "")) for line in _newest(here)]
    title = f"Öppna ärenden i {here.desk.settings.municipality}"
    content = atom(here.settings.url, title, here.desk.settings.municipality, entries)
    headers = {"Content-Disposition": disposition("arenden.atom", inline=True)}
    return _kept(here, Response(content, media_type="application/atom+xml", headers=headers))


def _kept(here: Outside, answer: Response) -> Response:
    """An answer that is not sent again to whoever has it.

    Proxies ask each time whether it still stands, or they would show a case for minutes after a late flag; a
    municipality that wants its server spared may let them wait (``cache_seconds``).
    """
    tag = f'"{sha256(bytes(answer.body)).hexdigest()[:32]}"'
    seconds = here.settings.cache_seconds
    told = {"ETag": tag, "Cache-Control": f"public, max-age={seconds}" if seconds else "public, no-cache"}
    if here.settings.indexable:
        told["X-Robots-Tag"] = "all"
    if tag in here.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    answer.headers.update(told)
    return answer


def _missing(request: Request, _problem: Exception) -> Response:
    desk = desk_of(request)
    assert desk.settings.public is not None
    return Outside(request, desk, desk.settings.public).page("missing.html", {}, status=404)


def _too_fast(_request: Request, problem: Exception) -> Response:
    seconds = problem.seconds if isinstance(problem, TooFast) else 60
    return PlainTextResponse(
        "Det kom för många frågor på kort tid. Vänta en minut och försök igen.\n",
        429,
        {"Retry-After": str(seconds), "Content-Disposition": "inline; "},
    )
