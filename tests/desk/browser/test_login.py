"""Logging in and out in a real browser: codes by keyboard, and the municipality's own log-in with its policy on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import expect

from desk.settings import LoginSettings, OidcSettings
from tests.desk import house as h
from tests.desk.browser.conftest import address, listening, serving
from tests.desk.conftest import make_app
from tests.servers.oidc import Real, real_provider

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAIL = "registrator@ekdala.example"


@pytest.fixture(scope="module")
def real() -> Iterator[Real]:
    with real_provider() as provider:
        provider.person("rut", email=MAIL, email_verified=True)
        yield provider


@pytest.fixture
def server(house, real: Real) -> Iterator[str]:
    """A desk at its true address, which the provider sends people back to."""
    listener = listening()
    house.clock.now = datetime.now(UTC)
    asked = OidcSettings(real.issuer, "lyhord", "a-secret", label="Ekdalainloggning")
    app = make_app(house, base_url=address(listener), login=LoginSettings(oidc=asked))
    with serving(app, listener) as base:
        yield base


def test_there_and_back_and_out_again(server: str, real: Real, browser) -> None:
    page = browser.new_page(base_url=server)
    page.goto("/diarium")
    page.click("text=Logga in med Ekdalainloggning")
    page.fill("input[name=sub]", "rut")
    page.click("button:has-text('Authorize')")
    page.wait_for_url(f"{server}/diarium")
    page.click(".vem button")
    page.wait_for_url(f"{real.issuer}/oauth2/end_session?*")
    page.goto(f"{server}/diarium")
    assert page.url.startswith(f"{server}/logga-in")
    page.close()


def test_codes_are_switched_on_and_given_without_a_mouse(server: str, house, browser) -> None:
    page = browser.new_page(base_url=server)
    page.goto("/logga-in")

    def log_in() -> None:
        page.focus("#epost")
        page.keyboard.type(MAIL)
        page.keyboard.press("Tab")
        page.keyboard.type(h.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != f"{server}/logga-in")

    log_in()
    page.goto("/konto/tvasteg")
    secret = page.inner_text(".hemlighet").replace(" ", "")
    page.focus("#kod")
    page.keyboard.type(pyotp.TOTP(secret).at(house.clock()))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Dina reservkoder')")
    expect(page.locator(".koder li")).to_have_count(10)
    page.click(".vem button")
    page.wait_for_url(f"{server}/logga-in")
    log_in()
    house.clock.pass_minutes(1)
    expect(page.locator("#kod")).to_be_focused()
    page.keyboard.type(pyotp.TOTP(secret).at(house.clock()))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/att-fordela")
    page.close()
