"""The headers every answer carries, form tokens, and addresses one may be sent on to."""

import secrets
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.login.sessions import session_of

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# For letters and attachments: nothing runs, nothing is fetched, nothing is sent, even when opened by itself.
LETTER_CSP = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# A browser's PDF viewer does not start in a sandbox; a PDF reaches nothing of the desk from its viewer.
PDF_CSP = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": CSP,
    "X-Robots-Tag": "noindex, nofollow",
}
_KEPT = frozenset({200, 206, 304})


class HeadersMiddleware:
    """Adds the protective headers where the page did not set its own.

    ``logs_out_at`` is the origin of the municipality's own log-in: a browser counts being sent on after a form as part
    of the form, and logging out is one.
    """

    def __init__(self, app: ASGIApp, *, https_only: bool, logs_out_at: str = "") -> None:
        self.app = app
        self.https_only = https_only
        self.targets = f"form-action 'self' {logs_out_at}".strip()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        static = scope.get("path", "").startswith("/static/")
        writer = _Writer(send, self.https_only, self.targets, static=static)
        await self.app(scope, receive, writer)


class _Writer:
    def __init__(self, send: Send, https_only: bool, targets: str, *, static: bool) -> None:
        self.send = send
        self.https_only = https_only
        self.targets = targets
        self.static = static

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            policy = headers["Content-Security-Policy"]
            headers["Content-Security-Policy"] = policy.replace("form-action 'self'", self.targets)
            # Letters are never kept by a browser or a proxy; the style sheet has its digest in its address. That it is
            # not there may be true of an older process alone.
            kept = self.static and message["status"] in _KEPT
            headers.setdefault("Cache-Control", "public, max-age=31536000" if kept else "no-store")
            if self.https_only:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        await self.send(message)


def from_here(request: Request) -> bool:
    """Whether a form was sent from our own pages, where the browser says from where."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.headers.get("host", "")


def csrf_fits(request: Request, token: str) -> bool:
    """Whether a form was made by us for this session, and sent from our own pages."""
    return from_here(request) and secrets.compare_digest(session_of(request).csrf.encode(), token.encode())


def client_address(request: Request) -> str:
    """The IP address a request came from; behind a trusted proxy, the one the proxy tells."""
    return request.client.host if request.client else ""


def local_path(text: str) -> str:
    """The address if it is a page of this desk, else the front page: nobody is sent on elsewhere."""
    # A browser takes a backslash for a slash, and leaves out tabs and line ends before it looks.
    fine = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if fine and text.isprintable() else "/"


def leading_on(page: str, to: str) -> str:
    """The address of a page that must come first and leads on to another of this desk when it is done."""
    return page if to == "/" else f"{page}?nasta={quote(to, safe='/')}"


def disposition(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition that no file name can break out of (RFC 6266, RFC 8187)."""
    clean = "".join(c for c in name if c.isprintable() and c not in '\\/:*?"<>|').strip(". ")[:150] or "fil"
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
