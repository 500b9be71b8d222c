"""Pages for machines that watch: alive, ready, and the figures; no session, no cookie, nothing of any person."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.security import client_address

_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
PATHS = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What watching asks of the service. ``metrics`` gives the text and ``content_type`` its type.

    ``networks`` may read the figures as they are, others with ``token`` (RFC 6750); both may be empty, then nobody.
    """

    ready: Callable[[], Mapping[str, bool]]
    metrics: Callable[[], bytes]
    content_type: str
    networks: tuple[str, ...] = ()
    token: str = ""


class WatchMiddleware:
    """Answers the three addresses before anything else of the desk is asked: no session, no database but for ready."""

    def __init__(self, app: ASGIApp, settings: WatchSettings) -> None:
        self.app = app
        pages = zip(PATHS, (alive, ready, metrics), strict=True)
        self.pages = Starlette(routes=[Route(path, page) for path, page in pages])
        self.pages.state.watch = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watched = scope["type"] == "http" and scope["path"] in PATHS
        await (self.pages if watched else self.app)(scope, receive, send)


def alive(_request: Request) -> Response:
    """The process answers; asks nobody else, so that a database that is down restarts no desk."""
    return PlainTextResponse("ok\n", headers=_FRESH)


def ready(request: Request) -> Response:
    """Whether requests can be served: 503 with what is lacking where they cannot."""
    watch: WatchSettings = request.app.state.watch
    parts = dict(watch.ready())
    fine = all(parts.values())
    return JSONResponse({"ready": fine, **parts}, 200 if fine else 503, headers=_FRESH)


def metrics(request: Request) -> Response:
    """The figures, for those who may; to all others there is no such page."""
    watch: WatchSettings = request.app.state.watch
    if not _may(request, watch):
        return PlainTextResponse("Not found\n", 404, headers=_FRESH)
    return Response(watch.metrics(), headers={**_FRESH, "Content-Type": watch.content_type})


def _may(request: Request, watch: WatchSettings) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if watch.token and secrets.compare_digest(given.encode(), watch.token.encode()):
        return True
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in watch.networks)
