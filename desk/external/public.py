"""The public pages put together, and the open register as page, CSV and Atom feed.

They are an app of their own below ``/oppet``: no session, no cookie, nothing of who asks but the pace.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import islice

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from cases.calendar import swedish_date
from cases.errors import NotFound
from cases.ports import Tx
from cases.records.public import STAGE_NAMES, PublicFilter, PublicLine, Stage
from desk.context import Desk, desk_of
from desk.external.anybody import Anybody, Outside, TooFast
from desk.external.asked import Asked, read_asked, units_shown, words
from desk.external.feed import atom
from desk.external.own import own_page, say_if_helped
from desk.outside import Pace, PublicSettings
from desk.problems import CalmMiddleware, note_unforeseen
from desk.security import disposition
from desk.sheets import download

_AT_ONCE = 5_000
_FEED = 100
# Who checks links, and proxies, ask for the headers alone (RFC 9110 9.3.2).
_READING = ["GET", "HEAD"]
_COLUMNS = ("Ärendenummer", "Inkom", "Gäller", "Enhet", "Läge")


def create_public(desk: Desk, settings: PublicSettings) -> FastAPI:
    """The app; a page that is not switched on is not there."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.desk, app.state.pace = desk, Pace(settings.per_minute)
    if settings.register:
        app.add_route("/", to_register)
        app.add_api_route("/arenden", register, methods=_READING)
        app.add_api_route("/arenden.csv", register_csv, methods=_READING)
        app.add_api_route("/arenden.atom", register_feed, methods=_READING)
        app.add_api_route("/arenden/{number:path}", register_entry, methods=_READING)
    if settings.case_page:
        app.add_api_route("/mitt/{token}", own_page, methods=_READING)
        app.add_api_route("/mitt/{token}", say_if_helped, methods=["POST"])
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(TooFast, _too_fast)
    app.add_middleware(CalmMiddleware, answer=_away)
    return app


def robots(request: Request) -> Response:
    """What search engines may look at: nothing, or the open register alone."""
    public = desk_of(request).settings.public
    allowed = "Allow: /oppet/arenden$\nAllow: /static/\n" if public and public.register and public.indexable else ""
    return PlainTextResponse(f"User-agent: *\n{allowed}Disallow: /\n")


def to_register(_request: Request) -> Response:
    """Whoever typed as much of the address as they remember means the register, not the staff's log-in."""
    return RedirectResponse("/oppet/arenden", 303)


def register(here: Anybody) -> Response:
    """The open register, a page at a time."""
    units = units_shown(here)
    asked = read_asked(here, units)
    with here.desk.store.read() as tx:
        lines, count = _page_of(tx, asked)
        months = tx.public_months(asked.wanted)
    values = {
        "rows": [(line, words(line), units.get(line.unit_id, "")) for line in lines],
        "count": count,
        "pages": -(-count // asked.wanted.limit),
        "asked": asked,
        "units": units,
        "stages": {stage: name for stage, name in STAGE_NAMES.items() if stage is not Stage.CLOSED},
        "months": {f"{month:%Y-%m}": _month_name(month) for month in months},
        "stage_outside": _stage_outside,
    }
    return _kept(here, here.page("register.html", values))


def register_entry(number: str, here: Anybody) -> Response:
    """One line of the register at an address of its own; a case that is not in it is as one that never was."""
    units = units_shown(here)
    with here.desk.store.read() as tx:
        found = tx.public_lines(PublicFilter(number=number, areas=here.settings.areas, limit=1))
    if not found:
        return here.page("missing.html", {"gone": True}, status=404)
    line = found[0]
    values = {"line": line, "about": words(line), "unit": units.get(line.unit_id, "")}
    return _kept(here, here.page("entry.html", {**values, "stage": _stage_outside(line.stage)}))


def _month_name(month: date) -> str:
    return swedish_date(month).partition(" ")[2]


def _page_of(tx: Tx, asked: Asked) -> tuple[Sequence[PublicLine], int]:
    """The lines of the page that is asked for, and how many there are in all."""
    wanted = asked.wanted
    if not asked.words:
        return tx.public_lines(wanted), tx.public_count(wanted)
    found = list(_all(tx, asked))
    return found[wanted.offset : wanted.offset + wanted.limit], len(found)


def _all(tx: Tx, asked: Asked) -> Iterator[PublicLine]:
    """Every line, however many: a list that stopped would pass for the whole.

    Words are looked for in what is shown, after what must not be seen is left out: they find nothing else.
    """
    offset = 0
    while more := tx.public_lines(replace(asked.wanted, limit=_AT_ONCE, offset=offset)):
        yield from (line for line in more if asked.fits(f"{line.number} {words(line)}"))
        offset += len(more)


def register_csv(here: Anybody) -> Response:
    """The same as a spreadsheet file."""
    units = units_shown(here)
    with here.desk.store.read() as tx:
        lines = list(_all(tx, read_asked(here, units)))
    rows = [
        (one.number, one.received_on.isoformat(), words(one), units.get(one.unit_id, ""), _stage_outside(one.stage))
        for one in lines
    ]
    return _kept(here, download("öppna ärenden", _COLUMNS, rows))


def _stage_outside(stage: Stage) -> str:
    return "Väntar på avsändaren" if stage is Stage.WAITING else STAGE_NAMES[stage]


def register_feed(here: Anybody) -> Response:
    """The newest of what is asked for as an Atom feed (RFC 4287)."""
    units = units_shown(here)
    with here.desk.store.read() as tx:
        asked = read_asked(here, units)
        newest = list(islice(_all(tx, asked), _FEED))
    entries = [(line.number, line.received_on, words(line), units.get(line.unit_id, "")) for line in newest]
    title = ": ".join(
        part for part in (f"Öppna ärenden i {here.desk.settings.municipality}", _named(asked, units)) if part
    )
    content = atom(here.settings.url, title, here.desk.settings.municipality, entries, asked.query)
    headers = {"Content-Disposition": disposition("arenden.atom", inline=True)}
    return _kept(here, Response(content, media_type="application/atom+xml", headers=headers))


def _named(asked: Asked, units: Mapping[str, str]) -> str:
    """What a list was narrowed to, in words; empty where it is the whole."""
    wanted = asked.wanted
    parts = (
        asked.chosen.get("sok", ""),
        units.get(wanted.unit_id, ""),
        _stage_outside(wanted.stage) if wanted.stage else "",
        _month_name(wanted.month) if wanted.month else "",
        f"från {swedish_date(wanted.since)}" if wanted.since else "",
        f"till {swedish_date(wanted.until)}" if wanted.until else "",
    )
    return ", ".join(part for part in parts if part)


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
    return Outside(request, desk, desk.settings.public).page("missing.html", {"gone": False}, status=404)


def _away(request: Request, problem: Exception) -> Response:
    """A calm page where the database is away, or something went wrong that nobody foresaw."""
    status = 503 if note_unforeseen(request, problem) else 500
    public = desk_of(request).settings.public
    assert public is not None
    return Outside(request, desk_of(request), public).page(
        "away.html", {"lost": request.method == "POST"}, status=status
    )


def _too_fast(_request: Request, problem: Exception) -> Response:
    seconds = problem.seconds if isinstance(problem, TooFast) else 60
    return PlainTextResponse(
        "Det kom för många frågor på kort tid. Vänta en minut och försök igen.\n",
        429,
        {"Retry-After": str(seconds), "Content-Disposition": "inline; "},
    )
