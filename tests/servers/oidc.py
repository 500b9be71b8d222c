"""Two OpenID providers on loopback: a real one in a process of its own, and a forger over TLS that lies as told."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
import trustme
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.servers.ports import free_port

CLIENT, SECRET = "lyhord", "a~long.secret-between_two"


@dataclass(frozen=True)
class Real:
    """oidc-provider-mock, which speaks the protocol but asks for no password."""

    issuer: str

    def person(self, sub: str, **claims: object) -> None:
        """Somebody it knows, and what it says of them."""
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=10).raise_for_status()

    def approve(self, url: str, sub: str) -> str:
        """Log in there as somebody, at the address the desk sent us to; the address it sends us back to."""
        answer = requests.post(url, data={"sub": sub}, timeout=10, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def real_provider() -> Iterator[Real]:
    """The provider while the block runs."""
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 90
        while not _answers(port):
            assert server.poll() is None, "the provider ended while starting"
            assert time.monotonic() < until, "the provider did not start in 90 seconds"
            time.sleep(0.05)
        yield Real(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex(("127.0.0.1", port)) == 0


Sign = Callable[[dict[str, Any], "Forger"], str]


def honest(claims: dict[str, Any], forger: "Forger") -> str:
    return jwt.encode({"alg": "RS256", "kid": forger.key.kid}, claims, forger.key)


def unsigned(claims: dict[str, Any], forger: "Forger") -> str:
    """``alg: none``, as RFC 8725 2.1 warns of."""
    return f"{_part({'alg': 'none', 'kid': forger.key.kid})}.{_part(claims)}."


def with_our_secret(claims: dict[str, Any], forger: "Forger") -> str:
    """HMAC with the client secret, which is not the provider's alone."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])


def with_public_key(claims: dict[str, Any], forger: "Forger") -> str:
    """HMAC with the provider's public key as the secret, which everybody has (RFC 8725 2.1)."""
    signed = f"{_part({'alg': 'HS256', 'kid': forger.key.kid})}.{_part(claims)}"
    digest = hmac.new(forger.key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def with_other_key(claims: dict[str, Any], forger: "Forger") -> str:
    other = RSAKey.generate_key(2048, {"kid": forger.key.kid})
    return jwt.encode({"alg": "RS256", "kid": forger.key.kid}, claims, other)


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@dataclass
class Forger:
    """Keeps the protocol to the letter (PKCE, secret, codes once), but for what ``twist`` and ``sign`` change."""

    issuer: str = ""
    ca_file: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    twist: dict[str, Any] = field(default_factory=dict)
    sign: Sign = honest
    discovery: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def approve(self, url: str) -> dict[str, str]:
        """Log in there: what the answer's query will be."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"kod{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str], login: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        user, _, word = base64.b64decode(login.removeprefix("Basic ")).decode().partition(":")
        if (unquote(user), unquote(word)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        fits = asked and asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not fits or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "s1", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**claims, **self.claims, **self.twist}.items() if value is not None}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(claims, self)}

    def page(self, path: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            places = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            return 200, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **places, **self.discovery}
        if path == "/jwks":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return 404, {}


@contextmanager
def forging_provider(folder: Path) -> Iterator[Forger]:
    """The forger while the block runs; ``folder`` gets its certificate authority."""
    forger, authority = Forger(), trustme.CA()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(forger))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    forger.issuer, forger.ca_file = f"https://127.0.0.1:{server.server_address[1]}", str(folder / "ca.pem")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield forger
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def _handler(forger: Forger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(*forger.page(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*forger.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, facts: dict[str, Any]) -> None:
            content = json.dumps(facts).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
