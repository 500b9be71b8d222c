"""Puts the desk together: pages, sessions, headers, and what is said when something goes wrong."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from cases.office import Office
from cases.ports import Clock, Store
from cases.routing.suggestion import Classifier
from desk.context import Desk
from desk.external.api import create_api
from desk.external.public import create_public, robots, to_register
from desk.login.oidc import Provider
from desk.login.sealing import Sealer
from desk.login.sessions import Lifetime, SessionMiddleware, Sessions
from desk.login.throttle import Throttle
from desk.logo import PATH
from desk.pages import STATIC, make_pages
from desk.problems import CalmMiddleware, add_handlers
from desk.security import HeadersMiddleware
from desk.settings import DeskSettings, ExtraPage
from desk.views.documents import appeals, disclosing, disposal, logs, personal, refusing
from desk.views.entrance import account, login, outside
from desk.views.house import (
    absence,
    api_clients,
    manual,
    model,
    organisation,
    people,
    person_acts,
    rules,
    standard_texts,
    system,
    templates,
)
from desk.views.in_hand import answering, asking, case, entry, files, incident, letters_out, outside_case, unhappy, work
from desk.views.overview import following, lists, mailroom, manager, queue, review, saved_lists, several

_ROUTERS = (
    login.router,
    outside.router,
    account.router,
    queue.router,
    case.router,
    work.router,
    answering.router,
    asking.router,
    letters_out.router,
    disclosing.router,
    refusing.router,
    appeals.router,
    incident.router,
    outside_case.router,
    files.router,
    following.router,
    entry.router,
    lists.router,
    manager.router,
    saved_lists.router,
    several.router,
    mailroom.router,
    people.router,
    person_acts.router,
    organisation.router,
    api_clients.router,
    manual.router,
    model.router,
    disposal.router,
    templates.router,
    standard_texts.router,
    rules.router,
    personal.router,
    logs.router,
    absence.router,
    review.router,
    unhappy.router,
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
    """The desk as an ASGI app. It keeps nothing of its own: several processes may serve one store."""
    # No generated documentation: it would show strangers every address and load scripts from elsewhere.
    app = FastAPI(title="Lyhörd", docs_url=None, redoc_url=None, openapi_url=None)
    sealer = Sealer(settings.secret)
    lifetime = Lifetime(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.login.longest_hours))
    sessions = Sessions(store, sealer, lifetime, clock, secure=settings.https_only)
    provider = Provider(settings.login.oidc, settings.base_url, clock) if settings.login.oidc else None
    desk = Desk(
        store=store,
        office=office,
        classifier=classifier,
        clock=clock,
        settings=settings,
        pages=make_pages(settings, office),
        sessions=sessions,
        throttle=Throttle(store, sealer),
        sealer=sealer,
        provider=provider,
        extra_pages=tuple(extra_pages),
    )
    app.state.desk = desk
    _open(app, desk)
    return app


def _open(app: FastAPI, desk: Desk) -> None:
    """Give the app every address it answers to, and what stands before them."""
    if desk.settings.logo is not None:
        app.add_route(PATH, desk.settings.logo.answer)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    without = _add_outside(app, desk)
    for router in _ROUTERS:
        app.include_router(router)
    add_handlers(app)
    _wrap(app, desk, without)


def _wrap(app: FastAPI, desk: Desk, without: tuple[str, ...]) -> None:
    """What every request passes, the last added first; no session at the addresses ``without``."""
    app.add_middleware(CalmMiddleware)
    app.add_middleware(SessionMiddleware, sessions=desk.sessions, without=without)
    # Once more, for a database that does not even give the session.
    app.add_middleware(CalmMiddleware)
    elsewhere = desk.provider.origin if desk.provider else ""
    app.add_middleware(HeadersMiddleware, https_only=desk.settings.https_only, logs_out_at=elsewhere)


def _add_outside(app: FastAPI, desk: Desk) -> tuple[str, ...]:
    """Put up the doors for others than staff that are switched on; returns the addresses that need no session."""
    app.add_route("/robots.txt", robots)
    found = ["/robots.txt"]
    if desk.settings.public is not None:
        app.add_route("/oppet", to_register)
        app.mount("/oppet", create_public(desk, desk.settings.public))
        found += ["/oppet", "/oppet/"]
    if desk.settings.api is not None:
        app.mount("/api/v1", create_api(desk, desk.settings.api))
        found.append("/api/v1/")
    return tuple(found)
