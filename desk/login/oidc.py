"""The municipality's own log-in: OpenID Connect by code, with PKCE, state and nonce (OIDC Core 1.0, RFC 9700).

Everything is looked up at the provider's own discovery page; who comes back is believed only with an ID token that it
signed for us, for this very try.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cases.errors import LyhordError
from cases.ports import Clock
from desk.settings import OidcSettings

ANSWER_PATH = "/logga-in/svar"
# Signatures with the provider's private key alone: never none, never HMAC with a secret that two know.
_SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
_LEEWAY = 60
_TIMEOUT = 10
_KEPT = timedelta(hours=1)
_KEYS_AT_MOST_EVERY = timedelta(minutes=1)


class OidcRefused(LyhordError):
    """The provider's answer is not to be trusted, or it said no; the message says why, without names."""


class OidcAway(LyhordError):
    """The provider cannot be reached, or does not answer as one."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A log-in that was sent to the provider: what its answer must fit, and where the person wanted to go."""

    state: str
    nonce: str
    verifier: str
    onwards: str


Claims = Mapping[str, Any]


class Provider:
    """Asks one provider. ``base_url`` is the desk's own address, which the provider sends people back to."""

    def __init__(self, settings: OidcSettings, base_url: str, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._facts: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    @property
    def origin(self) -> str:
        """The provider's scheme, host and port."""
        parts = urlsplit(self._settings.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def answer_url(self) -> str:
        """Where the provider sends people back; it must be registered there, letter by letter."""
        return self._base_url + ANSWER_PATH

    def facts(self) -> Mapping[str, Any]:
        """The discovery page (OIDC Discovery 1.0), kept for an hour. Raises OidcAway."""
        now = self._clock()
        if self._facts is None or now - self._facts[0] > _KEPT:
            page = self._get(self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            self._check(page)
            self._facts = now, page
        return self._facts[1]

    def _check(self, page: Mapping[str, Any]) -> None:
        if page.get("issuer") != self._settings.issuer:
            raise OidcAway(f"The provider calls itself {page.get('issuer')!r}, not {self._settings.issuer!r}.")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            address = page.get(name)
            if not isinstance(address, str) or not self._same_scheme(address):
                raise OidcAway(f"The provider's {name} is {address!r}, which is no address to trust.")

    def _same_scheme(self, address: str) -> bool:
        """Whether an address of the provider's is as well protected as the issuer's own."""
        return address.startswith("https://") or self._settings.issuer.startswith("http://")

    def start(self, onwards: str) -> tuple[str, Pending]:
        """The address to send a person to, and what to remember meanwhile. Raises OidcAway."""
        pending = Pending(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), onwards)
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self.facts()["authorization_endpoint"],
                state=pending.state,
                code_verifier=pending.verifier,
                nonce=pending.nonce,
            )
        return str(url), pending

    def finish(self, pending: Pending, answer: Mapping[str, str], now: datetime) -> Claims:
        """Who came back, by the claims the provider signed. Raises OidcRefused and OidcAway."""
        self._check_answer(pending, answer)
        token = self._fetch(answer["code"], pending)
        claims = self._read(token, pending.nonce, now)
        endpoint = self.facts().get("userinfo_endpoint")
        if self._settings.claim in claims or not isinstance(endpoint, str) or not self._same_scheme(endpoint):
            return claims
        more = self._get(endpoint, headers={"Authorization": f"Bearer {token.get('access_token', '')}"})
        if more.get("sub") != claims["sub"]:
            raise OidcRefused("userinfo gäller någon annan")
        return {**more, **claims}

    def _check_answer(self, pending: Pending, answer: Mapping[str, str]) -> None:
        # State first: what does not belong to this browser's own try is not looked at further.
        if not hmac.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise OidcRefused("svaret hör inte till den här inloggningen (state)")
        strict = self.facts().get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if strict else self._settings.issuer) != self._settings.issuer:
            raise OidcRefused("svaret kommer från en annan utfärdare (iss)")
        if not answer.get("code"):
            raise OidcRefused(f"inloggningen sa nej ({_word(answer.get('error', 'inget svar'))})")

    def _fetch(self, code: str, pending: Pending) -> dict[str, Any]:
        endpoint = self.facts()["token_endpoint"]
        try:
            with self._client() as client:
                token = client.fetch_token(
                    endpoint, code=code, code_verifier=pending.verifier, grant_type="authorization_code", **self._how()
                )
        except AuthlibBaseError as problem:
            raise OidcRefused(f"koden gällde inte ({_word(problem.error)})") from problem
        except (requests.RequestException, ValueError) as problem:
            raise OidcAway(f"The provider's token endpoint failed: {type(problem).__name__}.") from problem
        return dict(token)

    def _read(self, token: Mapping[str, Any], nonce: str, now: datetime) -> Claims:
        raw = token.get("id_token")
        if not isinstance(raw, str):
            raise OidcRefused("svaret saknar id_token")
        decoded = self._decode(raw)
        options: Any = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        try:
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as problem:
            raise OidcRefused(
                f"id_token stämmer inte ({_word(str(getattr(problem, 'claim', '')) or 'form')})"
            ) from problem
        return dict(claims)

    def _decode(self, raw: str) -> jwt.Token:
        problem: Exception | None = None
        # A provider changes its keys now and then: one we do not know is asked for anew, once.
        for anew in (False, True):
            try:
                return jwt.decode(raw, self._key_set(anew=anew), algorithms=_SIGNATURES)
            except (JoseError, ValueError, TypeError, KeyError) as found:
                problem = found
        raise OidcRefused("id_token har ingen giltig signatur") from problem

    def _key_set(self, *, anew: bool) -> KeySet:
        now = self._clock()
        if self._keys is None or now - self._keys[0] > (_KEYS_AT_MOST_EVERY if anew else _KEPT):
            page: Any = self._get(self.facts()["jwks_uri"])
            self._keys = now, KeySet.import_key_set(page)
        return self._keys[1]

    def log_out_url(self) -> str:
        """Where a person is logged out at the provider too, and sent back from; empty where it has no such page."""
        try:
            endpoint = self.facts().get("end_session_endpoint")
        except OidcAway:
            return ""
        # Elsewhere than at the issuer the page's own policy would stop the browser.
        if not isinstance(endpoint, str) or not endpoint.startswith(self.origin + "/"):
            return ""
        query = {"client_id": self._settings.client_id, "post_logout_redirect_uri": f"{self._base_url}/logga-in"}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def _client(self) -> OAuth2Session:
        known = self.facts().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        how = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret or None,
            token_endpoint_auth_method=how if self._settings.client_secret else "none",
            scope=self._settings.scopes,
            redirect_uri=self.answer_url,
            code_challenge_method="S256",
        )

    def _how(self) -> dict[str, Any]:
        # Said with each request: what the environment says of certificates would win over a session's.
        proxy = self._settings.proxy
        proxies = {"proxies": {"http": proxy, "https": proxy}} if proxy else {}
        return {"verify": self._settings.ca_file or True, "timeout": _TIMEOUT, "allow_redirects": False, **proxies}

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = requests.get(url, headers=dict(headers or {}), **self._how())  # noqa: S113 - it is in _how()
            page = answer.json() if answer.status_code == requests.codes.ok else None
        except (requests.RequestException, ValueError) as problem:
            raise OidcAway(f"{url} did not answer: {type(problem).__name__}.") from problem
        if not isinstance(page, dict):
            raise OidcAway(f"{url} answered {answer.status_code} without facts.")
        return page


def _word(text: str) -> str:
    """A word from outside, fit for a log line."""
    return "".join(c for c in str(text) if c.isascii() and (c.isalnum() or c in "_-"))[:40] or "okänt"
