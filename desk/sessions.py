"""The session: a signed cookie that says who is logged in, since when, and which form token is theirs."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.access import User

COOKIE = "lyhord"
# However busy the person is, a session ends after a working day.
_LONGEST_SECONDS = 12 * 3600
_MOST_ENDED = 10_000
# Requests a page makes by itself do not keep a session alive.
QUIET_PATHS = ("/att-fordela/lista",)


@dataclass(slots=True)
class Session:
    """``stamp`` ties the session to the password it began with: a new password ends all older sessions."""

    sid: str
    csrf: str
    began: int
    seen: int
    user_id: str = ""
    stamp: str = ""
    flash: list[str] = field(default_factory=list)


def new_session(now: datetime) -> Session:
    """A fresh session of nobody; a new one is made at log-in, so that none can be planted (session fixation)."""
    second = int(now.timestamp())
    return Session(secrets.token_hex(16), secrets.token_urlsafe(24), second, second)


def password_stamp(user: User) -> str:
    """A short digest of the password hash; changes with the password, tells nothing of it."""
    return sha256(f"stamp:{user.id}:{user.password_hash}".encode()).hexdigest()[:16]


class Sessions:
    """Reads and writes the cookie, and remembers which sessions were ended by logging out."""

    def __init__(self, secret: str, idle_minutes: int, clock: Callable[[], datetime], *, secure: bool) -> None:
        self._signer = URLSafeSerializer(secret, salt="lyhord-session")
        self._idle = idle_minutes * 60
        self._clock = clock
        self._secure = secure
        self._ended: dict[str, None] = {}

    def load(self, cookie: str) -> Session:
        """The session of a cookie; a fresh one where it is missing, forged, too old or ended."""
        now = self._clock()
        try:
            session = Session(**self._signer.loads(cookie))
        except (BadSignature, TypeError, ValueError):
            return new_session(now)
        second = int(now.timestamp())
        too_old = second - session.seen > self._idle or second - session.began > _LONGEST_SECONDS
        return new_session(now) if too_old or session.sid in self._ended else session

    def dump(self, session: Session, *, touch: bool) -> str:
        """The Set-Cookie value; ``touch`` says that a person acted just now."""
        if touch:
            session.seen = int(self._clock().timestamp())
        value = self._signer.dumps(asdict(session))
        secure = "; Secure" if self._secure else ""
        text = value if isinstance(value, str) else value.decode("ascii")
        return f"{COOKIE}={text}; Path=/; HttpOnly; SameSite=Lax{secure}"

    def end(self, session: Session) -> Session:
        """End a session for good and give a fresh one; only the latest are remembered, the rest have timed out."""
        self._ended[session.sid] = None
        while len(self._ended) > _MOST_ENDED:
            self._ended.pop(next(iter(self._ended)))
        return new_session(self._clock())


class SessionMiddleware:
    """Puts the session in ``scope["lyhord.session"]`` and writes it back when something in it changed."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self.app = app
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        scope["lyhord.session"] = self.sessions.load(HTTPConnection(scope).cookies.get(COOKIE, ""))
        await self.app(scope, receive, _Writer(scope, send, self.sessions))


class _Writer:
    """Adds the cookie to the response as it starts."""

    def __init__(self, scope: Scope, send: Send, sessions: Sessions) -> None:
        self.scope = scope
        self.send = send
        self.sessions = sessions

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            touch = self.scope["path"] not in QUIET_PATHS
            cookie = self.sessions.dump(self.scope["lyhord.session"], touch=touch)
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await self.send(message)


def session_of(connection: HTTPConnection) -> Session:
    """The session of a request."""
    session: Session = connection.scope["lyhord.session"]
    return session
