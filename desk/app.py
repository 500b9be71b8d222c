"""Puts the desk together: pages, sessions, headers, and what is said when something goes wrong."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from cases.office import Office
from cases.ports import Clock, Store
from cases.suggestion import Classifier
from desk.context import Desk
from desk.pages import STATIC, make_pages
from desk.passwords import Throttle
from desk.problems import CalmMiddleware, add_handlers
from desk.security import HeadersMiddleware
from desk.sessions import SessionMiddleware, Sessions
from desk.settings import DeskSettings, ExtraPage
from desk.views import answering, case, entry, files, lists, login, mailroom, manual, people, queue, system, work

_ROUTERS = (
    login.router,
    queue.router,
    case.router,
    work.router,
    answering.router,
    files.router,
    entry.router,
    lists.router,
    mailroom.router,
    people.router,
    manual.router,
    system.router,
    system.extra,
)


def create_app(
    *,
    store: Store,
    office: Office,
    classifier: Classifier | None,
    clock: Clock,
    settings: DeskSettings,
    extra_pages: Sequence[ExtraPage] = (),
) -> FastAPI:
    """The desk as an ASGI app. It keeps nothing of its own but failed log-ins and ended sessions."""
    # No generated documentation: it would show strangers every address and load scripts from elsewhere.
    app = FastAPI(title="Lyhörd", docs_url=None, redoc_url=None, openapi_url=None)
    sessions = Sessions(settings.secret, settings.idle_minutes, clock, secure=settings.https_only)
    app.state.desk = Desk(
        store=store,
        office=office,
        classifier=classifier,
        clock=clock,
        settings=settings,
        pages=make_pages(settings, office),
        sessions=sessions,
        throttle=Throttle(store),
        extra_pages=tuple(extra_pages),
    )
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in _ROUTERS:
        app.include_router(router)
    add_handlers(app)
    app.add_middleware(CalmMiddleware)
    app.add_middleware(SessionMiddleware, sessions=sessions)
    app.add_middleware(HeadersMiddleware, https_only=settings.https_only)
    return app
