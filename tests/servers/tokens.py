"""A token service of the test's own over TLS: discovery, tokens by secret or by signed assertion, introspection."""

import json
import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import trustme

TENANT = "katalogen"


@dataclass
class TokenServer:
    """What it knows and what it was asked.

    ``clients``: client id to (secret, the user its tokens are for). ``accounts``: service account's address to the PEM
    of its public key; its tokens are for the user named in the assertion, when that is in ``delegated``. ``trouble``:
    an answer given to every request for a token, as (status, JSON or text).
    """

    base: str = ""
    ca_file: str = ""
    lifetime: int = 3600
    clients: dict[str, tuple[str, str]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    delegated: set[str] = field(default_factory=set)
    trouble: tuple[int, Any] | None = None
    issued: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def authority(self) -> str:
        """What a profile has as authority."""
        return f"{self.base}/{TENANT}"

    @property
    def token_uri(self) -> str:
        """Where tokens are given."""
        return f"{self.authority}/oauth2/v2.0/token"

    def dovecot(self) -> str:
        """Text of a dovecot-oauth2.conf.ext that asks this server about each token."""
        return (
            f"introspection_url = {self.base}/introspect\nintrospection_mode = post\n"
            "active_attribute = active\nactive_value = true\nusername_attribute = username\n"
            "tls_ca_cert_file = {home}/oauth2-ca.pem\n"
        )

    def revoke_all(self) -> None:
        """Let no token given until now be valid."""
        self.issued.clear()

    def discovery(self) -> dict[str, str]:
        """The openid-configuration document."""
        names = ("issuer", "authorization_endpoint", "jwks_uri")
        return {name: f"{self.authority}/{name}" for name in names} | {"token_endpoint": self.token_uri}

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        """Answer a request for a token."""
        self.asked.append(form)
        if self.trouble is not None:
            return self.trouble
        user = self._user_by_secret(form) or self._user_by_assertion(form)
        if not user:
            told = {"error": "invalid_client", "error_description": f"AADSTS7000215: wrong secret {form}"}
            return 401, told
        token = uuid.uuid4().hex
        self.issued[token] = user
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}

    def introspect(self, form: dict[str, str]) -> tuple[int, Any]:
        """RFC 7662."""
        user = self.issued.get(form.get("token", ""))
        return 200, {"active": bool(user), "username": user or ""}

    def _user_by_secret(self, form: dict[str, str]) -> str:
        secret, user = self.clients.get(form.get("client_id", ""), ("", ""))
        given = form.get("client_secret", "")
        return user if form.get("grant_type") == "client_credentials" and secret and secret == given else ""

    def _user_by_assertion(self, form: dict[str, str]) -> str:
        if not form.get("grant_type", "").endswith("jwt-bearer"):
            return ""
        issuer = jwt.decode(form["assertion"], options={"verify_signature": False})["iss"]
        try:
            claims = jwt.decode(
                form["assertion"], self.accounts[issuer], algorithms=["RS256"], audience=self.token_uri, leeway=10
            )
        except (jwt.PyJWTError, KeyError):
            return ""
        return str(claims["sub"]) if claims["sub"] in self.delegated else ""


@contextmanager
def token_server(folder: Path) -> Iterator[TokenServer]:
    """A running server with a certificate of its own; its authority is written in ``folder``."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "tokens-ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    state = TokenServer(ca_file=str(folder / "tokens-ca.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(state)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        state.base = f"https://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(10)


def _handler(state: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
                self._answer(200, state.discovery())
            else:
                self._answer(404, {"error": "not_found"})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self._answer(*(state.introspect(form) if self.path == "/introspect" else state.token(form)))

        def _answer(self, status: int, content: Any) -> None:
            body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
