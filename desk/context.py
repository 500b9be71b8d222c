"""What every page has at hand: the desk, who asks, and how a page or a redirect is answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases.access import Role, User, Viewer
from cases.errors import LyhordError, NotFound
from cases.office import Office
from cases.ports import Clock, Store
from cases.suggestion import Classifier
from desk.passwords import Throttle
from desk.rights import holds_any
from desk.sessions import Session, Sessions, password_stamp, session_of
from desk.settings import DeskSettings, ExtraPage


class NotLoggedIn(LyhordError):  # noqa: N818
    """Nobody is logged in; the person is shown the log-in page and sent back afterwards."""


class NoRole(LyhordError):  # noqa: N818
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
    extra_pages: tuple[ExtraPage, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu."""

    path: str
    label: str
    icon: str
    roles: frozenset[Role] = field(default_factory=frozenset)


_LONGEST_WORD = 700
_R = Role
_CASE = frozenset({_R.REGISTRATOR, _R.HANDLAGGARE, _R.CHEF, _R.VISSELMOTTAGARE})
_ROUTE = frozenset({_R.REGISTRATOR, _R.VISSELMOTTAGARE})
_KEEP = frozenset({_R.REGISTRATOR, _R.ADMIN})
MENU: tuple[MenuItem, ...] = (
    MenuItem("/att-fordela", "Att fördela", "inbox", _ROUTE),
    MenuItem("/mina", "Mina ärenden", "person", _CASE),
    MenuItem("/enheten", "Enhetens ärenden", "people", _CASE),
    MenuItem("/forsenat", "Försenat", "clock", _CASE),
    MenuItem("/chef", "Chefens sida", "flagpole", frozenset({_R.CHEF})),
    MenuItem("/nytt", "Nytt ärende", "plus", _CASE),
    MenuItem("/diarium", "Diarium", "book", _CASE),
    MenuItem("/sok", "Sök", "search", _CASE),
    MenuItem("/inkommet", "Inkommet utan ärende", "tray", frozenset({_R.REGISTRATOR})),
    MenuItem("/utkorg", "Utkorg", "send", _KEEP),
    MenuItem("/karantan", "Karantän", "alert", _KEEP),
    MenuItem("/personer", "Personer", "key", frozenset({_R.ADMIN})),
    MenuItem("/halsa", "Hälsa", "pulse", _KEEP),
    MenuItem("/laslogg", "Läslogg", "eye", frozenset({_R.GRANSKARE})),
)


def desk_of(request: Request) -> Desk:
    """The desk of this app."""
    desk: Desk = request.app.state.desk
    return desk


@dataclass(frozen=True, slots=True)
class Asked:
    """A request by somebody who is logged in; ``now`` is read once."""

    request: Request
    desk: Desk
    user: User
    viewer: Viewer
    session: Session
    now: datetime

    @property
    def office(self) -> Office:
        """The municipality's rules."""
        return self.desk.office

    def menu(self) -> list[MenuItem]:
        """The pages this person may open."""
        items = [item for item in MENU if holds_any(self.user, item.roles)]
        extra = (MenuItem(p.path, p.label, "chart", p.roles) for p in self.desk.extra_pages)
        items += [item for item in extra if holds_any(self.user, item.roles)]
        if self.desk.settings.mailboxes_page is not None:
            items.append(MenuItem("/brevlador", "Medborgarnas brevlådor", "letter"))
        return items

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
        text = self.part(template, {"flash": flash, "menu": self.menu(), **(values or {}), **more})
        response = HTMLResponse(text, status)
        if csp:
            response.headers["Content-Security-Policy"] = csp
        return response

    def part(self, template: str, values: Mapping[str, object]) -> str:
        """A template as text, with what every template may use."""
        common: Mapping[str, object] = {
            "user": self.user,
            "csrf": self.session.csrf,
            "path": self.request.url.path,
            "now": self.now,
            "office": self.office,
        }
        return self.desk.pages.get_template(template).render({**common, **values})

    def go(self, path: str, said: str = "") -> Response:
        """Send the browser on after something was done (303), with a word about it on the next page."""
        if said:
            # A cookie holds four kilobytes.
            self.session.flash.append(said if len(said) <= _LONGEST_WORD else said[:_LONGEST_WORD] + " …")
        return RedirectResponse(path, 303)


def asked(request: Request) -> Asked:
    """Who asks. Raises NotLoggedIn for nobody, for the deactivated, and after a change of password."""
    desk, session = desk_of(request), session_of(request)
    user = find_user(desk, session.user_id)
    if user is None or not user.active or password_stamp(user) != session.stamp:
        raise NotLoggedIn("Du är inte inloggad.")
    return Asked(request, desk, user, desk.office.viewer(user), session, desk.clock())


def find_user(desk: Desk, user_id: str) -> User | None:
    """The user of a session, or None."""
    if not user_id:
        return None
    try:
        with desk.store.read() as tx:
            return tx.user(user_id)
    except NotFound:
        return None


Person = Annotated[Asked, Depends(asked)]


class Holding:
    """A dependency that lets in those who hold one of these roles; a class, for closures break FastAPI's look-up."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)

    def __call__(self, person: Person) -> Asked:
        if not holds_any(person.user, self.roles):
            raise NoRole("Sidan hör till en annan roll än din.")
        return person


CaseWorker = Annotated[Asked, Depends(Holding(_CASE))]
Router = Annotated[Asked, Depends(Holding(_ROUTE))]
Registrator = Annotated[Asked, Depends(Holding({_R.REGISTRATOR}))]
Keeper = Annotated[Asked, Depends(Holding(_KEEP))]
Chef = Annotated[Asked, Depends(Holding({_R.CHEF}))]
Admin = Annotated[Asked, Depends(Holding({_R.ADMIN}))]
Auditor = Annotated[Asked, Depends(Holding({_R.GRANSKARE}))]


def login_path(request: Request) -> str:
    """The log-in page that leads back here afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/logga-in" if request.method != "GET" or here == "/" else f"/logga-in?nasta={quote(here, safe='/')}"
