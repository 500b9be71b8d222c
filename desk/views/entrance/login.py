"""Log in with a password and a code, log out, and the front page that leads each role to its work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases.errors import NotFound
from cases.people.access import Role, User
from cases.people.accounts import AccessLine, Account, AccountEvent, Way
from cases.ports import Tx
from desk.context import Desk, Person, desk_of
from desk.forms import Form
from desk.login.agents import agent_words
from desk.login.codes import spend_code
from desk.login.passwords import right_password
from desk.login.sessions import Session, password_stamp, session_of
from desk.login.throttle import WAIT
from desk.rights import ROUTERS, holds_any
from desk.security import client_address, leading_on, local_path

router = APIRouter()
# One sentence for a wrong address, a wrong password and a closed account: it tells a guesser nothing.
_WRONG = "E-postadressen eller lösenordet stämmer inte. Försök igen, eller be administratören om hjälp."
_WRONG_CODE = "Koden stämmer inte. Vänta på nästa kod i appen, eller använd en reservkod."


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to come in: where it came from, when, and where to go on to."""

    request: Request
    desk: Desk
    now: datetime
    onwards: str

    def note(self, tx: Tx, kind: AccountEvent, user_id: str, text: str = "") -> None:
        """Write it in the log of log-ins."""
        tx.add_access(AccessLine(self.now, kind, user_id, user_id, client_address(self.request), text))

    def refuse(self, kind: AccountEvent, user_id: str, text: str = "") -> None:
        """Write a refusal in the log, in a transaction of its own."""
        with self.desk.store.begin() as tx:
            self.note(tx, kind, user_id, text)

    def hold(self, user_id: str, text: str = "") -> None:
        """Write in the log that a try must wait, but not of every one in a row."""
        if self.desk.throttle.worth_noting(client_address(self.request), self.now):
            self.refuse(AccountEvent.HELD, user_id, text)


def knock(request: Request, onwards: str) -> Knock:
    """This request as a try to come in."""
    desk = desk_of(request)
    return Knock(request, desk, desk.clock(), local_path(onwards or "/"))


def show(request: Request, desk: Desk, *, email: str = "", problem: str = "", nasta: str = "/") -> HTMLResponse:
    """The log-in page, with what went wrong."""
    session = session_of(request)
    said, session.flash[:] = list(session.flash), []
    values = {"csrf": session.csrf, "email": email, "problem": problem, "nasta": nasta, "flash": said}
    status = 401 if problem else 200
    return HTMLResponse(desk.pages.get_template("entrance/login.html").render(**values), status)


@router.get("/logga-in")
def login_page(request: Request, nasta: str = "/") -> Response:
    return show(request, desk_of(request), nasta=local_path(nasta))


@router.post("/logga-in")
def login(request: Request, form: Form) -> Response:
    here, email = knock(request, form.text("nasta")), form.text("epost")
    desk, address = here.desk, client_address(request)
    if not desk.settings.login.local:
        raise NotFound("People log in elsewhere.")
    with desk.store.read() as tx:
        user = tx.user_by_email(email)
        # Asked for nobody too, so that it takes as long.
        account = tx.account(user.id if user else "")
    if not desk.throttle.take(email, address, here.now):
        here.hold(user.id if user else "")
        return show(request, desk, email=email, problem=WAIT, nasta=here.onwards)
    if not right_password(user, form.secret("losenord"), account, here.now) or user is None:
        here.refuse(AccountEvent.FAILED, user.id if user else "", "lösenord")
        return show(request, desk, email=email, problem=_WRONG, nasta=here.onwards)
    desk.throttle.succeeded(email, address, here.now)
    return enter(here, user, Way.LOCAL, code_left=bool(account.code_secret))


def enter(here: Knock, user: User, way: Way, *, code_left: bool = False, text: str = "med lösenord") -> Response:
    """Begin a session of this person and go on: to the page they wanted, or to the code that is still to be given."""
    agent = agent_words(here.request.headers.get("user-agent", ""))
    with here.desk.store.begin() as tx:
        # What was before in this browser is over, whoever's it was.
        tx.end_session(session_of(here.request).key)
        tx.forget_access(here.now - timedelta(days=here.desk.settings.login.log_days))
        session = here.desk.sessions.begin(tx, user, here.now, way, agent=agent, verified=not code_left)
        if not code_left:
            here.note(tx, AccountEvent.CAME_IN, user.id, text)
    here.request.scope["lyhord.session"] = session
    if code_left:
        return RedirectResponse(leading_on("/logga-in/kod", here.onwards), 303)
    return RedirectResponse(here.onwards, 303)


@router.get("/logga-in/kod")
def code_page(request: Request, nasta: str = "/") -> Response:
    here = knock(request, nasta)
    if _half_in(here) is None:
        return RedirectResponse(leading_on("/logga-in", here.onwards), 303)
    return _ask_code(here)


def _ask_code(here: Knock, problem: str = "") -> HTMLResponse:
    values = {"csrf": session_of(here.request).csrf, "problem": problem, "nasta": here.onwards}
    return HTMLResponse(
        here.desk.pages.get_template("entrance/login_code.html").render(**values), 401 if problem else 200
    )


@router.post("/logga-in/kod")
def give_code(request: Request, form: Form) -> Response:
    here, session = knock(request, form.text("nasta")), session_of(request)
    found = _half_in(here)
    if found is None:
        return RedirectResponse(leading_on("/logga-in", here.onwards), 303)
    user, account = found
    name, address = f"kod:{user.id}", client_address(request)
    if not here.desk.throttle.take(name, address, here.now):
        here.hold(user.id, "kod")
        return _ask_code(here, WAIT)
    with here.desk.store.begin() as tx:
        spent = spend_code(tx, here.desk.sealer, account, form.text("kod"), here.now)
        if spent:
            _let_in(here, tx, session, user, spent)
        else:
            here.note(tx, AccountEvent.FAILED, user.id, "kod")
    if not spent:
        return _ask_code(here, _WRONG_CODE)
    here.desk.throttle.succeeded(name, address, here.now)
    return RedirectResponse(here.onwards, 303)


def _let_in(here: Knock, tx: Tx, session: Session, user: User, spent: AccountEvent) -> None:
    renewed = here.desk.sessions.renew(tx, session, user, here.now)
    if spent is AccountEvent.CODE_SPENT:
        left = tx.spare_codes_left(user.id)
        here.note(tx, spent, user.id, f"{left} kvar")
        renewed.flash.append(f"Du loggade in med en reservkod. Du har {left} kvar.")
    here.note(tx, AccountEvent.CAME_IN, user.id, "med lösenord och kod")
    here.request.scope["lyhord.session"] = renewed


def _half_in(here: Knock) -> tuple[User, Account] | None:
    """Who gave the right password in this session and has the code left, or None."""
    stored = session_of(here.request).stored
    if stored is None or stored.verified:
        return None
    with here.desk.store.read() as tx:
        user, account = tx.user(stored.user_id), tx.account(stored.user_id)
    # A password that was changed meanwhile makes the half that was done worth nothing.
    return (user, account) if stored.stamp == password_stamp(user) else None


@router.post("/logga-ut")
def logout(request: Request, _form: Form) -> Response:
    here, session = knock(request, "/"), session_of(request)
    with here.desk.store.begin() as tx:
        fresh = here.desk.sessions.end(tx, session, here.now)
        if session.user_id:
            here.note(tx, AccountEvent.LEFT, session.user_id)
    fresh.flash.append("Du är utloggad.")
    request.scope["lyhord.session"] = fresh
    outside = session.stored is not None and session.stored.way is Way.OIDC
    provider = here.desk.provider if outside else None
    return RedirectResponse((provider.log_out_url() if provider else "") or "/logga-in", 303)


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
    if user.has(Role.ADMIN):
        return "/personer"
    # Whoever has no role yet sees there that it is a role that is missing.
    return "/laslogg" if user.has(Role.GRANSKARE) else "/konto"
