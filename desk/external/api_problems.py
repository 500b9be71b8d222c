"""What the API says when something goes wrong: RFC 9457, in English, and nothing of what was sent."""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cases.errors import LyhordError, NotAllowed, NotFound
from desk.external.api_models import Problem

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "Unreadable request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    413: "Too large",
    422: "Invalid request",
    429: "Too many requests",
    500: "Internal error",
}
# A choice of ours, as Python writes it where Pydantic lists what it would take.
_CHOICE = re.compile(r"<\w+\.\w+: ('[^']*')>")


class Refused(LyhordError):
    """A request that is answered with a problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def problem(
    status: int,
    detail: str = "",
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer."""
    title = _TITLES.get(status, "Error")
    body = Problem(title=title, status=status, detail=detail, errors=errors or []).model_dump()
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, for its description."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": _TITLES[s], "content": {MEDIA_TYPE: schema}} for s in statuses}


def add_problems(app: FastAPI) -> None:
    """Tell the app what to answer to each kind of error."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(LyhordError, _ours)


def unexpected(request: Request, error: Exception) -> Response:
    """What nobody foresaw; the kind alone is logged, for the message might quote a letter."""
    log.error("api: %s on %s", type(error).__name__, getattr(request.scope.get("route"), "path", request.method))
    return problem(500, "The error is noted. Try again later.")


def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [
        {"at": "/".join(map(str, one["loc"])), "message": _CHOICE.sub(r"\1", one["msg"])} for one in error.errors()[:20]
    ]
    return problem(422, "Something in the request is not as the description says.", errors=found)


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, headers=error.headers)


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, Refused):
        return problem(error.status, error.detail, headers=error.headers)
    if isinstance(error, NotFound):
        return problem(404, "There is no such thing, or it is not this client's to read.")
    if isinstance(error, NotAllowed):
        return problem(422, str(error))
    return unexpected(request, error)


class BodyLimit:
    """Refuses a request whose body is longer than allowed, before it is all read; of a stranger's nothing is read.

    ``known`` says of the ``Authorization`` header whether it opens anything: FastAPI reads a letter, and makes hundreds
    of megabytes of fifteen, before it asks whose it is.
    """

    def __init__(self, app: Any, most: int, known: Callable[[str], bool]) -> None:  # noqa: ANN401 - any ASGI app
        self.app, self.most, self.known = app, most, known

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        told = int(length) if length.isdigit() and len(length) < 16 else self.most + 1
        if told > self.most:
            await self._refuse(scope, receive, send)
            return
        sent = scope["method"] not in ("GET", "HEAD")
        if sent and not await run_in_threadpool(self.known, Headers(scope=scope).get("authorization", "")):
            await self.app(scope, _nothing, send)
            return
        await self.app(scope, _Counting(receive, self.most), send)

    async def _refuse(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await problem(413, f"A request may hold {self.most} bytes.")(scope, receive, send)


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


class _Counting:
    """Hands on the body as long as it is not too long: a sender may tell no length, or a wrong one."""

    def __init__(self, receive: Any, most: int) -> None:  # noqa: ANN401 - ASGI
        self.receive, self.left = receive, most

    async def __call__(self) -> Any:  # noqa: ANN401 - ASGI
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise HTTPException(413)
        return message
