"""What a server gets: a wheel that holds all, units that are shut in, a proxy that tells who came and stops giants."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import trustme
import yaml
from fastapi import FastAPI, Request, Response
from hatchling.builders.wheel import WheelBuilder

from desk.views.overview.several import MOST_CHOSEN
from service.processes.web import DeskServer
from tests.servers.ports import free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = ("lyhord.service", "lyhord-daemon.service", "lyhord-desk.service", "lyhord@.service")
# systemd's own scale goes from 0 (shut in) to 10 (free); what docs/admin/install.md says.
EXPOSURE = 1.5
PACKAGES = ("cases", "storage", "config", "ingest", "classifier", "notifier", "reports", "desk", "templates", "service")


def test_the_wheel_holds_every_file_of_the_packages_and_the_model() -> None:
    packed = {Path(file.distribution_path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    there = {
        file.relative_to(ROOT)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and not any(part[0] == "." for part in file.parts)
    }
    assert {str(path) for path in there - packed} == set()
    wanted = (
        "storage/migrations/env.py",
        "config/profiles/osby.toml",
        "templates/mail/sv/mottagning/body.txt",
        "templates/desk/shared/base.html",
    )
    assert {Path(name) for name in wanted} <= packed


def test_the_wheel_carries_the_handbook_that_the_desk_shows() -> None:
    forced = WheelBuilder(str(ROOT)).config.get_force_include()
    assert forced == {str(ROOT / "docs" / "handbok"): "templates/handbok"}


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_as_shut_in_as_the_document_says(unit: str) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(DEPLOY / unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"})
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said.stdout)
    assert level is not None, said.stdout + said.stderr
    assert float(level[1]) <= EXPOSURE


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_may_do_what_the_service_does(unit: str) -> None:
    """Reading paper sets its own limits and priority, and diagrams want a place for their fonts."""
    text = (DEPLOY / unit).read_text("utf-8")
    assert "@resources" not in text
    assert "MPLCONFIGDIR=/var/cache/" in text
    assert "MemoryDenyWriteExecute" not in text


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_that_crashes_leaves_no_letter_in_a_core(unit: str) -> None:
    """systemd lets cores be of any size, and systemd-coredump keeps them for weeks."""
    assert "\nLimitCORE=0\n" in (DEPLOY / unit).read_text("utf-8")


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_started_until_its_database_is_there(unit: str) -> None:
    """Five starts in ten minutes were over before a database on another machine was up after a power cut."""
    text = (DEPLOY / unit).read_text("utf-8")
    assert "\nRestart=on-failure\n" in text
    assert "\nStartLimitIntervalSec=0\n" in text


def test_a_municipality_among_others_has_a_user_and_folders_of_its_own() -> None:
    text = (DEPLOY / "lyhord@.service").read_text("utf-8")
    named = re.findall(r"^(User|Group|StateDirectory|CacheDirectory|WorkingDirectory)=(.*)$", text, re.MULTILINE)
    assert len(named) == 5
    assert all(value.endswith("lyhord-%i") for _, value in named)
    assert "/etc/lyhord/" not in text


def test_the_compose_file_opens_nothing_but_the_desk_on_loopback() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert {name: one["ports"] for name, one in services.items() if "ports" in one} == {"desk": ["127.0.0.1:8080:8080"]}
    ours = [services[name] for name in ("upgrade", "daemon", "desk")]
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in ours)
    assert services["database"]["networks"] == ["inside"]
    assert (DEPLOY / "clamd.conf").read_text("utf-8").count("TCPSocket") == 0


def test_the_compose_file_is_read_by_the_compose_that_debian_has() -> None:
    """docker-compose 1.29 refuses a name; podman-compose 1.0 garbles tests that are lists and awaits no service."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    assert "name" not in compose
    assert all(isinstance(one["healthcheck"]["test"], str) for one in services.values() if "healthcheck" in one)
    assert services["upgrade"]["restart"] == "on-failure"
    assert all(services[name]["init"] for name in ("upgrade", "daemon", "desk"))


def test_the_desk_is_told_to_trust_the_gateway_that_docker_gives_its_net() -> None:
    """Docker hands requests for the published port on from there: another address, and every visitor counts as one."""
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    (net,) = yaml.safe_load(text)["networks"]["outside"]["ipam"]["config"]
    told = f'desk.trusted_proxies = ["{net["gateway"]}"]'
    assert told in text
    assert told in (ROOT / "docs" / "admin" / "install.md").read_text("utf-8")


def test_the_image_can_copy_and_rehearse_on_the_database_beside_it() -> None:
    """Debian 12's client is 15, which must not be older than the server."""
    assert " postgresql-client " in (DEPLOY / "Containerfile").read_text("utf-8")
    assert "image: docker.io/library/postgres:15-bookworm" in (DEPLOY / "compose.yaml").read_text("utf-8")


def test_no_secret_and_no_history_goes_into_an_image() -> None:
    hidden = set((ROOT / ".dockerignore").read_text("utf-8").splitlines())
    assert {"deploy/secrets", "deploy/*.toml", ".git", ".venv", "**/*.sqlite*"} <= hidden


@dataclass(frozen=True)
class Proxy:
    port: int
    authority: ssl.SSLContext

    def ask(self, path: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, str]:
        link = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=self.authority)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            link.request(method, path, body=body or None, headers={"Host": "lyhord.kommunen.example", **named})
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        finally:
            link.close()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Debian's nginx with the example, only its ports and files changed, before a desk that says who came."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1", "lyhord.kommunen.example")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    desk = DeskServer(_echo(), "127.0.0.1", 0, ("127.0.0.1",))
    desk.start()
    port, plain = free_port(), free_port()
    (folder / "nginx.conf").write_text(_config(folder, desk.port, port, plain))
    command = ["nginx", "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        _await(port, server)
        yield Proxy(port, context)
    finally:
        server.terminate()
        server.wait(10)
        assert server.stderr is not None
        server.stderr.close()
        desk.stop()


def _echo() -> FastAPI:
    app = FastAPI()

    @app.get("/angra/{letters}")
    async def on_to(letters: int) -> Response:
        place = "/att-fordela?" + "&".join([f"angra={uuid4().hex}"] * letters)
        return Response(headers={"Location": place, "Set-Cookie": "sagt=" + "x" * 1000})

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def who(request: Request) -> dict[str, object]:
        size = len(await request.body())
        return {"client": request.client.host if request.client else "", "scheme": request.url.scheme, "size": size}

    return app


def _config(folder: Path, desk: int, port: int, plain: int) -> str:
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    site = re.sub(r"listen \[::\].*;\n", "", site)
    site = site.replace("listen 443", f"listen 127.0.0.1:{port}").replace("listen 80;", f"listen 127.0.0.1:{plain};")
    site = site.replace("127.0.0.1:8080", f"127.0.0.1:{desk}").replace("/var/log/nginx/lyhord.log", f"{folder}/log")
    site = re.sub(r"/etc/ssl/lyhord/\w+\.pem", str(folder / "server.pem"), site)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"daemon off;\nmaster_process off;\npid {folder}/pid;\nevents {{}}\nhttp {{\n{places}{site}\n}}\n"


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        assert server.poll() is None, server.stderr.read() if server.stderr else ""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx did not start in 15 seconds")


def test_nobody_can_pretend_to_come_from_elsewhere(proxy: Proxy) -> None:
    status, said = proxy.ask("/att-fordela", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http")
    assert (status, said) == (200, '{"client":"127.0.0.1","scheme":"https","size":0}')


def test_a_letter_of_allowed_size_passes_and_a_giant_is_stopped(proxy: Proxy) -> None:
    assert proxy.ask("/api/v1/cases", method="POST", body=bytes(20_000_000))[1].endswith('"size":20000000}')
    status, said = proxy.ask("/api/v1/cases", method="POST", Content_Length="40000000")
    assert (status, "<h1>Filerna är för stora</h1>" in said) == (413, True)


def test_the_way_on_from_the_most_letters_at_a_time_passes(proxy: Proxy) -> None:
    """They were decided, and nginx said that Lyhörd does not answer."""
    assert proxy.ask(f"/angra/{MOST_CHOSEN}")[0] == 200


def test_guessing_passwords_is_slowed_down_before_the_desk(proxy: Proxy) -> None:
    """A town hall that logs in at eight is no flood: of thirty behind one address some were turned away."""
    answers = [proxy.ask("/logga-in", method="POST", body=b"x=1") for _ in range(60)]
    assert [status for status, _ in answers[:40]] == [200] * 40
    assert (answers[-1][0], "<h1>Vänta en stund</h1>" in answers[-1][1]) == (429, True)


def test_a_town_hall_behind_one_address_is_shown_the_way_in(proxy: Proxy) -> None:
    """Whoever asked for the page as the eleventh of a minute got 503."""
    assert [proxy.ask("/logga-in")[0] for _ in range(20)] == [200] * 20
