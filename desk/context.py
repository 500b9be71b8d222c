"""What every page has at hand: the desk, who asks, and how a page or a redirect is answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated

from fastapi import Depends
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases.calendar import local_day
from cases.errors import LyhordError
from cases.office import Office
from cases.people.access import Role, User, Viewer
from cases.people.accounts import AccessLine, Account, AccountEvent, Way
from cases.people.saved_lists import SavedList
from cases.ports import Clock, Store, Tx
from cases.routing.suggestion import Classifier
from cases.steps.settings.saved_lists import lists_of
from desk.login.oidc import Provider
from desk.login.sealing import Sealer
from desk.login.sessions import Session, Sessions, password_stamp, session_of
from desk.login.throttle import Throttle
from desk.menu import MenuPart, Waiting, menu_of
from desk.rights import CASE_ROLES, KEEPERS, ROUTERS, holds_any
from desk.security import client_address, leading_on
from desk.settings import DeskSettings, ExtraPage
from desk.waiting import waiting


class NotLoggedIn(LyhordError):
    """Nobody is logged in; the person is shown the log-in page and sent back afterwards."""


class StepLeft(LyhordError):
    """The person is logged in and must first do something on another page, whose path this is."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


class NoRole(LyhordError):
    """The page belongs to a role this person does not hold."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the desk works with, made once by ``create_app``."""

    store: Store
    office: Office
    classifier: Classifier | None
    clock: Clock
    settings: DeskSettings
    pages: Environment
    sessions: Sessions
    throttle: Throttle
    sealer: Sealer
    provider: Provider | None = None
    extra_pages: tuple[ExtraPage, ...] = ()


_LONGEST_WORD = 700
_AMISS = 500
_R = Role


def desk_of(request: Request) -> Desk:
    """The desk of this app."""
    desk: Desk = request.app.state.desk
    return desk


@dataclass(frozen=True, slots=True)
class Asked:
    """A request by somebody who is logged in; ``now`` is read once.

    ``step`` is the path of the page where something must be done before any other page opens; empty as a rule.
    """

    request: Request
    desk: Desk
    user: User
    viewer: Viewer
    session: Session
    now: datetime
    account: Account
    step: str = ""

    @property
    def office(self) -> Office:
        """The municipality's rules."""
        return self.desk.office

    def menu(self, status: int = 200) -> list[MenuPart]:
        """The pages this person may open; without lists and numbers where all is amiss, perhaps the database."""
        if self.step:
            return []
        saved: Sequence[SavedList] = ()
        counts: Mapping[str, Waiting] = {}
        if status < _AMISS:
            with self.desk.store.read() as tx:
                counts = waiting(tx, self.user, self.viewer, local_day(self.now))
                if holds_any(self.user, CASE_ROLES):
                    saved = lists_of(tx, self.viewer, self.office.organisation)
        mailboxes = self.desk.settings.mailboxes_page is not None
        return menu_of(self.user, self.desk.extra_pages, saved, counts, mailboxes=mailboxes)

    def page(
        self,
        template: str,
        values: Mapping[str, object] | None = None,
        *,
        status: int = 200,
        csp: str = "",
        **more: object,
    ) -> HTMLResponse:
        """A whole page; what was to be said once is said, and forgotten."""
        flash, self.session.flash[:] = list(self.session.flash), []
        text = self.part(template, {"flash": flash, "menu": self.menu(status), **(values or {}), **more})
        response = HTMLResponse(text, status)
        if csp:
            response.headers["Content-Security-Policy"] = csp
        return response

    def part(self, template: str, values: Mapping[str, object]) -> str:
        """A template as text, with what every template may use."""
        common: Mapping[str, object] = {
            "user": self.user,
            "csrf": self.session.csrf,
            "once": token_urlsafe(9),
            "path": self.request.url.path,
            "asked_for": "?".join(filter(None, (self.request.url.path, self.request.url.query))),
            "now": self.now,
            "office": self.office,
        }
        return self.desk.pages.get_template(template).render({**common, **values})

    def note(self, tx: Tx, kind: AccountEvent, user_id: str, text: str = "") -> None:
        """Write in the log of accounts what this person did with an account, their own or another's."""
        tx.add_access(AccessLine(self.now, kind, user_id, self.user.id, client_address(self.request), text))

    def go(self, path: str, said: str = "") -> Response:
        """Send the browser on after something was done (303), with a word about it on the next page."""
        if said:
            # A cookie holds four kilobytes.
            self.session.flash.append(said if len(said) <= _LONGEST_WORD else said[:_LONGEST_WORD] + " …")
        return RedirectResponse(path, 303)


def who_asks(request: Request) -> Asked:
    """Who asks, also where a new password or a code must come first.

    Raises NotLoggedIn for nobody, for who is locked out or has left, before the code, and after a change of password.
    """
    desk, session, now = desk_of(request), session_of(request), desk_of(request).clock()
    stored = session.stored
    if session.owner is None or stored is None:
        raise NotLoggedIn("Du är inte inloggad.")
    user, account = session.owner
    if not stored.verified or stored.stamp != password_stamp(user):
        raise NotLoggedIn("Du är inte inloggad.")
    if not user.works_on(local_day(now)):
        raise NotLoggedIn("Kontot är stängt.")
    step = step_left(desk.settings, user, account, stored.way)
    return Asked(request, desk, user, desk.office.viewer(user), session, now, account, step)


def step_left(settings: DeskSettings, user: User, account: Account, way: Way) -> str:
    """Where this person must go first: to a new password, to one-time codes; empty where nothing is left.

    The municipality's own log-in has rules of its own for both.
    """
    if way is Way.OIDC:
        return ""
    if account.must_change:
        return "/konto/losenord"
    needs_codes = holds_any(user, settings.login.code_roles) and not account.code_secret
    return "/konto/tvasteg" if needs_codes else ""


# None of these waits for anything, so none needs a thread of its own.
async def entering(request: Request) -> Asked:
    """``who_asks`` for a page. Raises NotLoggedIn."""
    return who_asks(request)


Entering = Annotated[Asked, Depends(entering)]


async def asked(person: Entering) -> Asked:
    """Who asks, with nothing left to do first. Raises NotLoggedIn and StepLeft."""
    if person.step:
        raise StepLeft(person.step)
    return person


Person = Annotated[Asked, Depends(asked)]


class Holding:
    """A dependency that lets in those who hold one of these roles; a class, for closures break FastAPI's look-up."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, person: Person) -> Asked:
        if not holds_any(person.user, self.roles):
            raise NoRole("Sidan hör till en annan roll än din.")
        return person


CaseWorker = Annotated[Asked, Depends(Holding(CASE_ROLES))]
Router = Annotated[Asked, Depends(Holding(ROUTERS))]
Registrator = Annotated[Asked, Depends(Holding({_R.REGISTRATOR}))]
Keeper = Annotated[Asked, Depends(Holding(KEEPERS))]
Chef = Annotated[Asked, Depends(Holding({_R.CHEF}))]
Leader = Annotated[Asked, Depends(Holding({_R.CHEF, _R.ADMIN}))]
Admin = Annotated[Asked, Depends(Holding({_R.ADMIN}))]
Auditor = Annotated[Asked, Depends(Holding({_R.GRANSKARE}))]
AccountReader = Annotated[Asked, Depends(Holding({_R.ADMIN, _R.GRANSKARE}))]


def back_here(request: Request, page: str) -> str:
    """The address of a page that must come first and leads back here afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return leading_on(page, here if request.method == "GET" else "/")
