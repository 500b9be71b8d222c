"""The session: who is logged in, kept in the database for every desk process, known by a token in a cookie.

One who is not logged in has a sealed cookie and no row, so that passers-by fill no table.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import NotFound
from cases.people.access import User
from cases.people.accounts import Account, StoredSession, Way
from cases.ports import Store, Tx
from desk.login.sealing import Sealer

COOKIE = "lyhord"
SAID = "lyhord-sagt"
# Requests a page makes by itself do not keep a session alive.
QUIET_PATHS = ("/att-fordela/lista",)
# Looking at ten pages in a minute is one write.
_NOTED_EVERY = timedelta(minutes=1)
_SAID_LASTS = 600


@dataclass(slots=True)
class Session:
    """The session of one request. ``token`` is the cookie's value; ``stored`` is None for nobody's.

    ``csrf`` is the form token, which follows from the cookie's; ``flash`` is what the next page says once. ``owner`` is
    whose it was found to be, read with it, for this request alone.
    """

    token: str
    csrf: str
    stored: StoredSession | None = None
    flash: list[str] = field(default_factory=list)
    owner: tuple[User, Account] | None = None

    @property
    def user_id(self) -> str:
        """Whose it is; empty for nobody's."""
        return self.stored.user_id if self.stored else ""

    @property
    def key(self) -> str:
        """Its key in the database; empty for nobody's."""
        return self.stored.key if self.stored else ""


def password_stamp(user: User) -> str:
    """A short digest of the password hash; changes with the password, tells nothing of it."""
    return sha256(f"stamp:{user.id}:{user.password_hash}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without anything being done, and at the most."""

    idle: timedelta
    longest: timedelta


class Sessions:
    """Begins, finds and ends sessions, and writes the cookies."""

    def __init__(
        self, store: Store, sealer: Sealer, lifetime: Lifetime, clock: Callable[[], datetime], *, secure: bool
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._lifetime = lifetime
        self._clock = clock
        self._secure = secure

    def load(self, cookies: dict[str, str], *, touch: bool) -> Session:
        """The session of a request's cookies; a fresh one of nobody where there is none, or it is forged or over.

        ``touch`` says that a person acts just now.
        """
        now, token = self._clock(), cookies.get(self.name(COOKIE), "")
        session = self._find(token, now, touch=touch) or self._strangers(token, now) or self.fresh(now)
        said = self._sealer.open("said", cookies.get(self.name(SAID), ""), now, _SAID_LASTS)
        if isinstance(said, list) and said[:1] == [session.csrf]:
            session.flash += said[1:]
        return session

    def _find(self, token: str, now: datetime, *, touch: bool) -> Session | None:
        # A sealed cookie has its own length and never looks like a token.
        if len(token) != len(_new_token()):
            return None
        with self._store.read() as tx:
            stored = tx.session(_key(token))
            owner = _owner(tx, stored.user_id) if stored else None
        if stored is None or self._over(stored, now):
            return None
        if touch and now - stored.seen_at >= _NOTED_EVERY:
            with self._store.begin() as tx:
                tx.touch_session(stored.key, now)
        return Session(token, self._csrf(token), stored, owner=owner)

    def _over(self, stored: StoredSession, now: datetime) -> bool:
        life = self._lifetime
        return now - stored.seen_at > life.idle or now - stored.began_at > life.longest

    def _strangers(self, token: str, now: datetime) -> Session | None:
        known = self._sealer.open("nobody", token, now, int(self._lifetime.idle.total_seconds()))
        return Session(token, self._csrf(token)) if known is not None else None

    def fresh(self, now: datetime) -> Session:
        """A session of nobody; the token within makes it like no other."""
        token = self._sealer.seal("nobody", _new_token(), now)
        return Session(token, self._csrf(token))

    def begin(
        self, tx: Tx, user: User, now: datetime, way: Way = Way.LOCAL, *, agent: str = "", verified: bool = True
    ) -> Session:
        """A new session of this person, with a new token: none that was planted before is worth anything (fixation)."""
        token, life = _new_token(), self._lifetime
        stored = StoredSession(_key(token), user.id, now, now, way, password_stamp(user), verified, agent)
        tx.drop_sessions(now - life.idle, now - life.longest)
        tx.add_session(stored)
        return Session(token, self._csrf(token), stored)

    def renew(self, tx: Tx, session: Session, user: User, now: datetime) -> Session:
        """The same log-in, now verified, under a new token and with the password as it is now."""
        assert session.stored is not None
        tx.end_session(session.key)
        token = _new_token()
        stored = replace(session.stored, key=_key(token), seen_at=now, verified=True, stamp=password_stamp(user))
        tx.add_session(stored)
        return Session(token, self._csrf(token), stored, list(session.flash))

    def end(self, tx: Tx, session: Session, now: datetime) -> Session:
        """End a session on every process and give one of nobody."""
        tx.end_session(session.key)
        return self.fresh(now)

    def cookies(self, session: Session, sent: dict[str, str]) -> list[str]:
        """The Set-Cookie values that make the browser's cookies fit the session."""
        found = []
        if sent.get(self.name(COOKIE)) != session.token:
            found.append(self.cookie(COOKIE, session.token))
        if session.flash:
            said = self._sealer.seal("said", [session.csrf, *session.flash], self._clock())
            found.append(self.cookie(SAID, said))
        elif self.name(SAID) in sent:
            found.append(self.cookie(SAID, "", lasts=0))
        return found

    def name(self, cookie: str) -> str:
        """A cookie's whole name: over https no other host or path can plant one that begins with ``__Host-``."""
        return f"__Host-{cookie}" if self._secure else cookie

    def cookie(self, name: str, value: str, *, lasts: int | None = None) -> str:
        """A Set-Cookie value; ``lasts`` in seconds, None for as long as the browser is open."""
        age = "" if lasts is None else f"; Max-Age={lasts}"
        secure = "; Secure" if self._secure else ""
        return f"{self.name(name)}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"

    def _csrf(self, token: str) -> str:
        return self._sealer.digest("form", token)[:32]


def _owner(tx: Tx, user_id: str) -> tuple[User, Account] | None:
    try:
        return tx.user(user_id), tx.account(user_id)
    except NotFound:
        return None


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _key(token: str) -> str:
    return sha256(f"session:{token}".encode("utf-8", "surrogatepass")).hexdigest()


class SessionMiddleware:
    """Puts the session in ``scope["lyhord.session"]`` and writes the cookies back when something in it changed.

    At the addresses ``without``, and below those of them that end in a slash, no session is read and no cookie set:
    what is found there is the same for everybody.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, without: tuple[str, ...] = ()) -> None:
        self.app = app
        self.exactly = frozenset(without)
        self.below = ("/static/", *(one for one in without if one.endswith("/")))
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        # Any other way to ask for those is for the desk's own pages to answer.
        exactly = path in self.exactly and scope.get("method") in ("GET", "HEAD")
        if scope["type"] != "http" or exactly or path.startswith(self.below):
            await self.app(scope, receive, send)
            return
        cookies = HTTPConnection(scope).cookies
        touch = path not in QUIET_PATHS
        # The database is asked in a thread: meanwhile other requests go on.
        scope["lyhord.session"] = await run_in_threadpool(self.sessions.load, cookies, touch=touch)
        await self.app(scope, receive, _Writer(scope, send, self.sessions, cookies))


class _Writer:
    """Adds the cookies to the response as it starts."""

    def __init__(self, scope: Scope, send: Send, sessions: Sessions, sent: dict[str, str]) -> None:
        self.scope = scope
        self.send = send
        self.sessions = sessions
        self.sent = sent

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for cookie in self.sessions.cookies(self.scope["lyhord.session"], self.sent):
                headers.append("Set-Cookie", cookie)
        await self.send(message)


def session_of(connection: HTTPConnection) -> Session:
    """The session of a request."""
    session: Session = connection.scope["lyhord.session"]
    return session
