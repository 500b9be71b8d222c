"""The desk behind a real server on loopback, and a real Chromium to use it with."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from desk.login.sessions import COOKIE
from tests.desk import house as h

# Whoever waits goes on as soon as it is so; this is only when a busy machine is given up.
expect.set_options(timeout=30_000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        # The first page of a dark context may begin light and turn dark once loaded; a colour on its way is no colour.
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-prefers-reduced-motion"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@contextmanager
def serving(app, listener: socket.socket) -> Iterator[str]:
    """The desk on this socket, and its address, while the block runs."""
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not running.started:
        assert time.monotonic() < until, "the desk did not start in 20 seconds"
        time.sleep(0.02)
    yield address(listener)
    running.should_exit = True
    thread.join(timeout=20)
    listener.close()


def listening() -> socket.socket:
    """A free port of this machine's own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def server(app) -> Iterator[str]:
    """The desk's address while the test runs."""
    with serving(app, listening()) as base:
        yield base


def _with_patience(page: Page) -> None:
    """Keys are pressed at a page that stands: before its script is there they are nobody's."""
    press = page.keyboard.press

    def once_loaded(key: str) -> None:
        page.wait_for_load_state()
        press(key)

    page.keyboard.press = once_loaded


@pytest.fixture
def visit(browser: Browser, server: str, app, clock) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody; whatever the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(who: str, path: str, *, width: int = 1280, **options) -> Page:
        context = browser.new_context(base_url=server, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        with app.state.desk.store.begin() as tx:
            value = app.state.desk.sessions.begin(tx, h.PEOPLE[who], clock()).token
        context.add_cookies([{"name": COOKIE, "value": value, "url": server}])
        page = context.new_page()
        _with_patience(page)
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(path)
        return page

    yield start
    for context in contexts:
        context.close()
    # The error page and what is refused are asked for on purpose, and axe knocks at frames that are locked.
    meant = ("status of 401", "status of 404", "status of 422", "'postMessage'")
    assert [one for one in complaints if not any(words in one for words in meant)] == []
