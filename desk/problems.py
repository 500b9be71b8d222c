"""What is said when something goes wrong: calm pages in Swedish, and nothing typed is lost."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import (
    DamagedContent,
    IllegalMove,
    LyhordError,
    NotAllowed,
    NotFound,
    StaleVersion,
    TemplateError,
)
from cases.people.access import SYSTEM
from desk.case.opening import open_file
from desk.context import Asked, NoRole, NotLoggedIn, StepLeft, back_here, desk_of, who_asks
from desk.forms import FormRefused, Posted, TooLong, typed_too_late
from desk.login.sessions import QUIET_PATHS, session_of
from desk.present import actor_name
from desk.security import from_here, leading_on, local_path

log = logging.getLogger(__name__)
# These speak Swedish to the person; the others speak English to whoever runs the system.
_FOR_PEOPLE = (NotAllowed, IllegalMove, TemplateError, StaleVersion)
_IDLE = "Du var borta för länge, eller så är du inte inloggad. Ingenting ändrades. Logga in och försök igen."
_DAMAGED = (
    "Det som är sparat stämmer inte längre med hur det kom in, så det visas inte. Systemförvaltaren kan hämta det ur "
    "en säkerhetskopia."
)
_NOT_FOUND = "Sidan finns inte, eller så är den inte din att läsa."


def add_handlers(app: FastAPI) -> None:
    """Tell the app what to answer to each kind of error."""
    app.add_exception_handler(NotLoggedIn, _not_logged_in)
    app.add_exception_handler(StepLeft, _step_left)
    app.add_exception_handler(StaleVersion, _stale)
    app.add_exception_handler(DamagedContent, _damaged)
    app.add_exception_handler(LyhordError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)


class CalmMiddleware:
    """Answers what nobody foresaw with a calm page that still has its headers, and without a word of it in the log.

    Starlette's own handler would raise the error again for the server to print, and its text may quote a letter.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Response] | None = None) -> None:
        self.app = app
        self.answer = answer or _unexpected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watched = _Watched(send)
        try:
            await self.app(scope, receive, watched)
        except Exception as problem:
            if watched.started or scope["type"] != "http":
                raise
            await self.answer(Request(scope, receive), problem)(scope, receive, send)


class _Watched:
    """Notes whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self.send(message)


async def _not_logged_in(request: Request, _problem: Exception) -> Response:
    """To the log-in page; but who was writing gets the words back first, for the session may have idled out."""
    if request.url.path in QUIET_PATHS:
        return PlainTextResponse("", 401)
    if request.method != "POST":
        return RedirectResponse(back_here(request, "/logga-in"), 303)
    # Who was shut out while the form was at work has had it read: to read on would wait for ever.
    if not hasattr(request.state, "posted"):
        request.state.posted = await typed_too_late(request)
    values = {"title": "Du har blivit utloggad", "text": _IDLE, "status": 401, "pairs": _typed(request)}
    values["login"] = _login_again(request)
    return HTMLResponse(desk_of(request).pages.get_template("problems/error_plain.html").render(**values), 401)


def _login_again(request: Request) -> str:
    """The log-in page that leads back to the page where the person was writing, as the browser tells it."""
    came = urlsplit(request.headers.get("referer", ""))
    own = came.netloc == request.headers.get("host", "")
    here = local_path(came.path + (f"?{came.query}" if came.query else "")) if own else "/"
    return leading_on("/logga-in", here)


def _step_left(request: Request, problem: Exception) -> Response:
    return RedirectResponse(back_here(request, problem.path) if isinstance(problem, StepLeft) else "/", 303)


def _ours(request: Request, problem: Exception) -> Response:
    if isinstance(problem, FormRefused) and request.url.path == "/logga-in":
        session_of(request).flash.append("Sidan hade legat öppen för länge. Försök igen.")
        wanted = request.state.posted.text("nasta") if hasattr(request.state, "posted") else "/"
        return RedirectResponse(leading_on("/logga-in", local_path(wanted)), 303)
    if isinstance(problem, FormRefused):
        return _page(request, 403, "Formuläret gick inte att ta emot", str(problem), typed=True)
    if isinstance(problem, NotFound):
        # A case may have become protected while somebody wrote in it.
        return _page(request, 404, "Det finns inte här", _NOT_FOUND, typed=True)
    if isinstance(problem, NoRole):
        return _page(request, 403, "Det här är inte din sida", str(problem))
    if isinstance(problem, _FOR_PEOPLE):
        status, title = (413, "Det är för mycket") if isinstance(problem, TooLong) else (403, "Det gick inte")
        return _page(request, status, title, str(problem), typed=True)
    return _unexpected(request, problem)


def _damaged(request: Request, problem: Exception) -> Response:
    # It names a row and digests, and quotes nothing.
    log.error("desk: %s", problem)
    return _page(request, 500, "Filen är skadad", _DAMAGED, typed=True)


def _unreadable(request: Request, _problem: Exception) -> Response:
    return _page(request, 404, "Det finns inte här", _NOT_FOUND)


def _http(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    if status in (404, 405):
        return _page(request, status, "Det finns inte här", _NOT_FOUND)
    return _page(request, status, "Det gick inte", "Gå tillbaka och försök igen.", typed=True)


def note_unforeseen(request: Request, problem: Exception) -> str:
    """Write what nobody foresaw in the log; in Swedish what it means where it is the database's own, else empty."""
    # The kind alone: the message of a foreign error might quote a letter.
    route = getattr(request.scope.get("route"), "path", request.method)
    log.error("desk: %s on %s at %s", type(problem).__name__, route, _where(problem))
    return desk_of(request).settings.outage(problem)


def _unexpected(request: Request, problem: Exception) -> Response:
    if outage := note_unforeseen(request, problem):
        return _page(request, 503, "Det gick inte att spara eller hämta", outage, typed=True)
    return _page(request, 500, "Något gick fel hos oss", "Felet är noterat. Försök igen om en stund.", typed=True)


def _where(problem: Exception) -> str:
    """File and line of the error, which is all that is needed to find it and quotes nothing."""
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _person(request: Request) -> Asked | None:
    """Who asks, where that can still be told."""
    try:
        return who_asks(request)
    except (LyhordError, KeyError):
        return None


def _page(request: Request, status: int, title: str, text: str, *, typed: bool = False) -> HTMLResponse:
    pairs = _typed(request) if typed else []
    person = _person(request)
    # Also with nothing to copy: a note of two words is soon written again, where the case is found.
    case_id = request.path_params.get("case_id", "") if request.method == "POST" and status != 404 else ""
    values = {"title": title, "text": text, "status": status, "pairs": pairs, "case_id": case_id}
    if person is not None:
        return person.page("problems/error.html", values, status=status)
    pages = desk_of(request).pages
    return HTMLResponse(pages.get_template("problems/error_plain.html").render(**values, login=""), status)


def _typed(request: Request) -> list[tuple[str, str]]:
    """What a person had written in longer fields, to be copied: the rest is quickly chosen again, or a word of ours.

    What another site sent is no person's, and would be read as ours.
    """
    form: Posted | None = getattr(request.state, "posted", None) if from_here(request) else None
    return [(k, v) for k, v in form.pairs() if len(v) > 20 and len(v.split()) > 1] if form else []


def _stale(request: Request, problem: Exception) -> Response:
    """Somebody was faster: show what happened meanwhile, and the same form with everything in it, to send again.

    Where that was the person themself, it was most likely the same form, sent twice, or another tab.
    """
    person, form = _person(request), getattr(request.state, "posted", None)
    case_id = request.path_params.get("case_id", "")
    if person is None or form is None or not case_id:
        return _page(request, 409, "Någon hann före", str(problem), typed=True)
    try:
        file = open_file(person, case_id)
    except NotFound as hidden:
        # What was done meanwhile took the case out of the person's sight.
        return _ours(request, hidden)
    with person.desk.store.read() as tx:
        names = {u.id: u.name for u in tx.users()}
    latest = [(e, actor_name(e.actor, names)) for e in reversed(file.events[-5:])]
    own = person.user.id == next((e.actor for e in reversed(file.events) if e.actor != SYSTEM.user_id), "")
    values = {"case": file.case, "latest": latest, "pairs": form.pairs(), "text": str(problem), "own": own}
    return person.page("problems/conflict.html", values, status=409)
