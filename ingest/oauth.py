"""Access tokens for XOAUTH2: client credentials (Microsoft 365 and alike), and Google's service accounts."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import jwt
import msal
import requests
from msal.exceptions import MsalError

from cases.errors import LoginRefused, MailboxError
from cases.ports import Clock

GOOGLE_SCOPE = "https://mail.google.com/"
_MARGIN = timedelta(minutes=5)
_HOUR = 3600
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"  # RFC 7523
# RFC 6749 4.1.2.1 and 5.2: these pass; every other error asks for a person.
_PASSING = {"temporarily_unavailable", "server_error"}
_MICROSOFT_CODE = re.compile(r"AADSTS\d+")

# It logs whatever came in place of a token, a gateway's whole page too; what is wrong we say ourselves.
logging.getLogger("msal").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The service's own account at a token service.

    ``authority`` is an https address with the tenant as path, ``scope`` what the token is for. ``secret`` is asked for
    at each fetch, so that a renewed one is seen. ``ca_file`` replaces the usual certificate authorities (empty: those),
    ``proxy`` the environment's proxy (empty: that). ``timeout`` in seconds.
    """

    authority: str
    client_id: str
    secret: Callable[[], str] = field(repr=False)
    scope: str
    ca_file: str = ""
    timeout: float = 30.0
    proxy: str = ""


class Tokens:
    """A cached token: fetched when first asked for, kept until shortly before it expires. For several threads.

    ``fetch`` gives a token and for how many seconds it is valid.
    """

    def __init__(self, fetch: Callable[[datetime], tuple[str, float]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._token = ""
        self._until: datetime | None = None

    def __call__(self) -> str:
        """A token that is valid now. Raises LoginRefused where none is given, MailboxError where nobody answers."""
        with self._lock:
            now = self._clock()
            if self._until is None or now >= self._until:
                self._token, seconds = self._fetch(now)
                life = timedelta(seconds=seconds)
                self._until = now + max(life - _MARGIN, life / 2)
            return self._token

    def forget(self) -> None:
        """Throw the cached token away: the mail server did not take it."""
        with self._lock:
            self._until = None


def tokens_for(account: ClientCredentials, user: str, clock: Clock) -> Tokens:
    """Tokens by whichever grant the secret is made for.

    A Google key file (JSON) signs an assertion for the mailbox ``user`` (RFC 7523); it names the address to ask;
    any other secret is a client's (RFC 6749 4.4, through msal).
    """

    def fetch(now: datetime) -> tuple[str, float]:
        is_google = account.secret().lstrip().startswith("{")
        return _by_assertion(account, user, now) if is_google else _by_credentials(account)

    return Tokens(fetch, clock)


class _Http:
    """What msal asks of a client; requests' Session would let REQUESTS_CA_BUNDLE win over the given authority."""

    def __init__(self, ca_file: str, timeout: float, proxy: str) -> None:
        self._options: dict[str, Any] = {"timeout": timeout} | ({"verify": ca_file} if ca_file else {})
        if proxy:
            self._options["proxies"] = {"http": proxy, "https": proxy}

    def get(self, url: str, **more: Any) -> requests.Response:  # noqa: ANN401
        return requests.get(url, **self._options, **more)  # noqa: S113 - among the options

    def post(self, url: str, **more: Any) -> requests.Response:  # noqa: ANN401
        return requests.post(url, **self._options, **more)  # noqa: S113

    def close(self) -> None:
        """Nothing is kept open."""


def _by_credentials(account: ClientCredentials) -> tuple[str, float]:
    # A new application each time (once an hour): msal's own cache goes by the machine's clock and keeps old secrets.
    http = _Http(account.ca_file, account.timeout, account.proxy)
    try:
        application = msal.ConfidentialClientApplication(
            account.client_id,
            client_credential=account.secret(),
            authority=account.authority,
            # Otherwise msal asks login.microsoftonline.com whether it knows the town's own token service.
            instance_discovery=False,
            http_client=http,
        )
        answer = application.acquire_token_for_client([account.scope])
    except (OSError, MsalError) as error:  # requests' errors are OSErrors
        raise _unreachable(account.authority, error) from error
    except Exception as error:  # msal believes any JSON to be what it asked for
        raise MailboxError(
            f"authority = {account.authority} svarar inte som en nyckeltjänst ({type(error).__name__}). "
            "Kontrollera adressen och katalogens id."
        ) from error
    check = "client_id, client_secret och scope, och att hemligheten gäller än; en ny i samma fil används av sig själv"
    return _token_of(answer, account.authority, check)


def _by_assertion(account: ClientCredentials, user: str, now: datetime) -> tuple[str, float]:
    key, place = _google_key(account.secret())
    scope = account.scope if account.scope.startswith(GOOGLE_SCOPE) else GOOGLE_SCOPE
    claims: dict[str, Any] = {"iss": key["client_email"], "sub": user, "scope": scope, "aud": place}
    claims |= {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + _HOUR}
    try:
        assertion = jwt.encode(claims, key["private_key"], algorithm="RS256", headers={"kid": key["private_key_id"]})
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise LoginRefused(
            "Den privata nyckeln i Googles nyckelfil går inte att läsa. Hämta en ny nyckelfil."
        ) from error
    try:
        http = _Http(account.ca_file, account.timeout, account.proxy)
        answer = http.post(place, data={"grant_type": _JWT_BEARER, "assertion": assertion}).json()
    except ValueError as error:  # before OSError: requests' JSONDecodeError is both
        raise MailboxError(f"{place} svarar inte som en nyckeltjänst. Kontrollera token_uri i nyckelfilen.") from error
    except OSError as error:
        raise _unreachable(place, error) from error
    return _token_of(answer, place, "att kontot har domänomfattande delegering för scope och att brevlådan finns")


def _google_key(text: str) -> tuple[dict[str, str], str]:
    try:
        key = json.loads(text)
        needed = {name: str(key[name]) for name in ("client_email", "private_key", "private_key_id")}
        return needed, str(key["token_uri"])
    except (ValueError, KeyError, TypeError) as error:
        raise LoginRefused(
            "Hemligheten är inte en nyckelfil för ett Google-tjänstekonto (JSON med client_email, private_key, "
            "private_key_id och token_uri). Hämta en ny nyckelfil i Google Cloud."
        ) from error


def _token_of(answer: Any, place: str, check: str) -> tuple[str, float]:  # noqa: ANN401 - another's JSON
    if not isinstance(answer, dict):
        raise MailboxError(f"{place} svarar inte som en nyckeltjänst.")
    if answer.get("access_token"):
        return str(answer["access_token"]), _lifetime(answer)
    error = str(answer.get("error", "inget fel angivet"))
    # Of the description only the number: it may repeat what was sent.
    number = _MICROSOFT_CODE.search(str(answer.get("error_description", "")))
    said = f"{error}, {number[0]}" if number else error
    if error in _PASSING:
        raise MailboxError(f"{place} ger ingen nyckel just nu ({said}).", passes=True)
    raise LoginRefused(f"{place} gav ingen nyckel ({said}). Kontrollera {check}.")


def _lifetime(answer: dict[str, Any]) -> float:
    """Seconds, recommended only (RFC 6749 5.1); an hour where it is none that can be believed."""
    try:
        return min(max(0.0, float(answer["expires_in"])), 24.0 * _HOUR)
    except (KeyError, TypeError, ValueError):
        return _HOUR


def _unreachable(place: str, error: Exception) -> MailboxError:
    said = f"{place} kan inte nås eller svarar med fel ({type(error).__name__})."
    return MailboxError(said, passes=True, otherwise="kontrollera adressen, nätet och certifikatet")
