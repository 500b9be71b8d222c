"""Log in, log out, and the front page that leads each role to its work."""

from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases.access import Role, User
from desk.context import Desk, Person, desk_of
from desk.forms import Form
from desk.passwords import right_password
from desk.rights import ROUTERS, holds_any
from desk.security import local_path
from desk.sessions import new_session, password_stamp, session_of

router = APIRouter()
# One sentence for a wrong address, a wrong password and a closed account: it tells a guesser nothing.
_WRONG = "E-postadressen eller lösenordet stämmer inte. Försök igen, eller be administratören om hjälp."
_LOCKED = "För många försök. Vänta en stund och försök sedan igen."


def _page(request: Request, desk: Desk, email: str = "", problem: str = "", nasta: str = "/") -> HTMLResponse:
    session = session_of(request)
    said, session.flash[:] = list(session.flash), []
    values = {"csrf": session.csrf, "email": email, "problem": problem, "nasta": nasta, "flash": said}
    status = 401 if problem else 200
    return HTMLResponse(desk.pages.get_template("login.html").render(**values), status)


@router.get("/logga-in")
def login_page(request: Request, nasta: str = "/") -> Response:
    return _page(request, desk_of(request), nasta=local_path(nasta))


@router.post("/logga-in")
def login(request: Request, form: Form) -> Response:
    desk = desk_of(request)
    email, nasta, now = form.text("epost"), local_path(form.text("nasta") or "/"), desk.clock()
    if desk.throttle.locked(email, now):
        return _page(request, desk, email, _LOCKED, nasta)
    with desk.store.read() as tx:
        user = tx.user_by_email(email)
    if not right_password(user, form.secret("losenord")) or user is None:
        desk.throttle.failed(email, now, known=user is not None)
        return _page(request, desk, email, _WRONG, nasta)
    desk.throttle.succeeded(email)
    _begin(request, user, now)
    return RedirectResponse(nasta, 303)


def _begin(request: Request, user: User, now: datetime) -> None:
    session = new_session(now)
    session.user_id, session.stamp = user.id, password_stamp(user)
    request.scope["lyhord.session"] = session


@router.post("/logga-ut")
def logout(request: Request, form: Form) -> Response:  # noqa: ARG001 - the form is asked for its token
    fresh = desk_of(request).sessions.end(session_of(request))
    fresh.flash.append("Du är utloggad.")
    request.scope["lyhord.session"] = fresh
    return RedirectResponse("/logga-in", 303)


@router.get("/")
def front(person: Person) -> Response:
    return person.go(_home(person.user))


def _home(user: User) -> str:
    if holds_any(user, ROUTERS):
        return "/att-fordela"
    if user.has(Role.CHEF):
        return "/chef"
    if user.has(Role.HANDLAGGARE):
        return "/mina"
    return "/personer" if user.has(Role.ADMIN) else "/laslogg"
