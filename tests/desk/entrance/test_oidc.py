"""Logging in with the municipality's own log-in: the whole way at a real provider, and every lie of a forger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from cases.people.access import Grant, Role
from cases.people.accounts import AccountEvent, Way
from desk.settings import LoginSettings, OidcSettings
from tests.desk import house as h
from tests.desk.conftest import BASE, Surfer, make_app
from tests.servers import oidc
from tests.servers.oidc import CLIENT, SECRET, Forger, Real, forging_provider, real_provider

MAIL = "registrator@ekdala.example"
REFUSED = "släppte inte in dig"
AWAY = "svarar inte just nu"


@pytest.fixture(scope="module")
def real() -> Iterator[Real]:
    with real_provider() as provider:
        yield provider


@pytest.fixture
def forger(tmp_path: Path) -> Iterator[Forger]:
    with forging_provider(tmp_path) as provider:
        provider.claims = {"email": MAIL, "email_verified": True}
        yield provider


@pytest.fixture(autouse=True)
def today(clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are dated by the provider's clock, which is the real one; and no proxy stands between."""
    clock.now = datetime.now(UTC)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def desk(house, issuer: str, *, local: bool = True, roles: frozenset[Role] = frozenset(), **more):
    asked = OidcSettings(issuer, CLIENT, SECRET, label="Ekdalainloggning", **more)
    return make_app(house, base_url=BASE, login=LoginSettings(local=local, code_roles=roles, oidc=asked))


def leave(page: Surfer, nasta: str = "/diarium") -> str:
    answer = page.get("/logga-in/kommunen?" + urlencode({"nasta": nasta}))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(page: Surfer, url: str):
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}/logga-in/svar"
    return page.get(f"{parts.path}?{parts.query}")


def at_real(house, real: Real, sub: str, page: Surfer | None = None, **more):
    page = page or Surfer(desk(house, real.issuer, **more))
    return page, back(page, real.approve(leave(page), sub))


def at_forger(house, forger: Forger, **more):
    page = Surfer(desk(house, forger.issuer, ca_file=forger.ca_file, **more))
    return page, page.get("/logga-in/svar?" + urlencode(forger.approve(leave(page))))


def kinds(house) -> list[AccountEvent]:
    with house.store.read() as tx:
        return [line.kind for line in tx.access_log()]


def why(house) -> str:
    with house.store.read() as tx:
        return tx.access_log(1)[0].text


def test_the_whole_way_there_and_out_again(house, real: Real) -> None:
    real.person("rut", email=MAIL.upper(), email_verified=True)
    page, answer = at_real(house, real, "rut")
    assert answer.headers["location"] == "/diarium"
    assert page.get("/diarium").status_code == 200
    assert "Byt lösenord där du loggar in" in page.get("/konto").text
    with house.store.read() as tx:
        (session,) = tx.sessions("registrator")
        assert tx.account("registrator").subject == f"{real.issuer}\nrut"
    assert session.way is Way.OIDC
    assert kinds(house) == [AccountEvent.CAME_IN, AccountEvent.BOUND]
    out = page.post("/logga-ut")
    assert out.headers["location"].startswith(f"{real.issuer}/oauth2/end_session?")
    assert f"form-action 'self' {real.issuer};" in out.headers["content-security-policy"]
    assert parse_qs(urlsplit(out.headers["location"]).query)["post_logout_redirect_uri"] == [f"{BASE}/logga-in"]
    assert page.get("/diarium").status_code == 303


def test_an_answer_is_taken_once(house, real: Real) -> None:
    real.person("rut", email=MAIL, email_verified=True)
    page = Surfer(desk(house, real.issuer))
    url = real.approve(leave(page), "rut")
    kept = page.client.cookies["lyhord-vag"]
    assert back(page, url).status_code == 303
    assert "lyhord-vag" not in page.client.cookies
    assert back(page, url).status_code == 401
    page.client.cookies.set("lyhord-vag", kept, domain="127.0.0.1", path="/")
    again = back(page, url)
    assert (again.status_code, REFUSED in again.text) == (401, True)
    assert why(house) == "koden gällde inte (invalid_grant)"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email": MAIL, "email_verified": False}, "inte bekräftad"),
        ({"email": MAIL}, "inte bekräftad"),
        ({"email": "ingen@ekdala.example", "email_verified": True}, "ingen person"),
        ({"email": ["x"], "email_verified": True}, "saknar email"),
        ({"email": "skolhandlaggare@ekdala.example", "email_verified": True}, "spärrat"),
    ],
)
def test_who_is_not_ours_does_not_come_in(house, real: Real, claims, reason: str) -> None:
    with house.store.begin() as tx:
        tx.add_user(replace(h.PEOPLE["skolhandlaggare"], active=False))
    real.person("u", **claims)
    page, answer = at_real(house, real, "u")
    assert (answer.status_code, REFUSED in answer.text) == (401, True)
    assert reason in why(house)
    assert "aria-invalid" not in answer.text, "our own password has nothing to do with it"
    assert page.get("/diarium").status_code == 303
    with house.store.read() as tx:
        assert "ingen@" not in repr(tx.access_log())


def test_no_means_no(house, real: Real) -> None:
    page = Surfer(desk(house, real.issuer))
    answer = requests.post(leave(page), data={"action": "deny"}, timeout=10, allow_redirects=False)
    assert back(page, answer.headers["location"]).status_code == 401


def test_a_person_is_a_subject_and_not_an_address(house, real: Real) -> None:
    real.person("a", email=MAIL, email_verified=True)
    assert at_real(house, real, "a")[1].status_code == 303
    real.person("a", email="ny@annan.example", email_verified=True)
    assert at_real(house, real, "a")[1].status_code == 303, "the same person with a new address"
    real.person("b", email=MAIL, email_verified=True)
    assert at_real(house, real, "b")[1].status_code == 401, "somebody else with the old one"
    assert "kopplad till ett annat konto" in why(house)
    admin = Surfer(desk(house, real.issuer), "admin")
    admin.get("/personer/registrator")
    assert admin.post("/personer/registrator/koppla-loss").status_code == 303
    assert at_real(house, real, "b")[1].status_code == 303


def test_another_claim_may_say_who_it_is(house, real: Real) -> None:
    real.person("rut", preferred_username=MAIL)
    assert at_real(house, real, "rut", claim="preferred_username")[1].status_code == 303


def test_groups_give_roles_where_so_set(house, real: Real) -> None:
    groups = (("diariet", Grant(Role.REGISTRATOR)), ("diariet", Grant(Role.CHEF, "gata")), ("drift", Grant(Role.ADMIN)))
    real.person("maja", email="handlaggare@ekdala.example", email_verified=True, groups=["diariet", "annan"])
    assert at_real(house, real, "maja", groups=groups)[1].status_code == 303
    with house.store.read() as tx:
        assert tx.user("handlaggare").grants == {Grant(Role.REGISTRATOR), Grant(Role.CHEF, "gata")}
    assert AccountEvent.GROUPS in kinds(house)
    for none in ({"groups": ["annan"]}, {"groups": "diariet"}, {}):
        real.person("maja", email="handlaggare@ekdala.example", email_verified=True, **none)
        assert at_real(house, real, "maja", groups=groups)[1].status_code == 401
    with house.store.read() as tx:
        assert len(tx.user("handlaggare").grants) == 2, "nobody loses roles by a slip of the provider"


def test_passwords_may_be_switched_off(house, real: Real) -> None:
    page = Surfer(desk(house, real.issuer, local=False))
    text = page.get("/logga-in").text
    assert "Logga in med Ekdalainloggning" in text
    assert 'name="losenord"' not in text
    open_desk = Surfer(make_app(house))
    open_desk.get("/logga-in")
    page.token = open_desk.token
    page.client.cookies.set("lyhord", open_desk.client.cookies["lyhord"], domain="127.0.0.1", path="/")
    assert page.post("/logga-in", epost=MAIL, losenord=h.PASSWORD).status_code == 404
    both = Surfer(desk(house, real.issuer))
    assert both.log_in(MAIL, h.PASSWORD).status_code == 303


def test_the_providers_own_rules_go_before_ours(house, real: Real) -> None:
    real.person("rut", email=MAIL, email_verified=True)
    page, answer = at_real(house, real, "rut", roles=frozenset({Role.REGISTRATOR}))
    assert answer.headers["location"] == "/diarium"
    assert page.get("/diarium").status_code == 200
    assert page.get("/konto/losenord").status_code == 403
    assert "sköts där" in page.get("/konto").text


@pytest.mark.parametrize("nasta", ["https://ond.example", "//ond.example", "/\\ond.example", "/a\r\nX: y"])
def test_nobody_is_sent_on_elsewhere_by_the_provider_either(house, real: Real, nasta: str) -> None:
    real.person("rut", email=MAIL, email_verified=True)
    page = Surfer(desk(house, real.issuer))
    answer = back(page, real.approve(leave(page, nasta), "rut"))
    assert answer.headers["location"] == "/"


def test_an_honest_answer_over_tls_with_an_own_authority(house, forger: Forger) -> None:
    assert at_forger(house, forger)[1].status_code == 303
    strangers = Surfer(desk(house, forger.issuer)).get("/logga-in/kommunen")
    assert (strangers.status_code, AWAY in strangers.text) == (401, True)


def test_the_proxy_of_the_settings_is_asked(house, forger: Forger) -> None:
    page = Surfer(desk(house, forger.issuer, ca_file=forger.ca_file, proxy="http://127.0.0.1:9"))
    assert AWAY in page.get("/logga-in/kommunen").text


LIES = {
    "another nonce": ({"nonce": "annan"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "another issuer": ({"iss": "https://ond.example"}, "iss"),
    "for another": ({"aud": "annan-app"}, "aud"),
    "for two, and the other's": ({"aud": [CLIENT, "annan-app"], "azp": "annan-app"}, "azp"),
    "too old": ({"iat": 1_000_000, "exp": 1_000_600}, "exp"),
    "of nobody": ({"sub": None}, "sub"),
    "never ending": ({"exp": None}, "exp"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_opens_nothing(house, forger: Forger, lie: str) -> None:
    forger.twist, word = LIES[lie]
    page, answer = at_forger(house, forger)
    assert (answer.status_code, REFUSED in answer.text) == (401, True)
    assert f"id_token stämmer inte ({word})" in why(house) or why(house).endswith("(form)"), why(house)
    assert page.get("/diarium").status_code == 303


@pytest.mark.parametrize("sign", [oidc.unsigned, oidc.with_our_secret, oidc.with_public_key, oidc.with_other_key])
def test_a_token_the_provider_did_not_sign_opens_nothing(house, forger: Forger, sign) -> None:
    forger.sign = sign
    assert at_forger(house, forger)[1].status_code == 401
    assert why(house) == "id_token har ingen giltig signatur"


def test_what_was_not_begun_here_is_not_ended_here(house, forger: Forger) -> None:
    app = desk(house, forger.issuer, ca_file=forger.ca_file)
    victim, thief = Surfer(app), Surfer(app)
    stolen = forger.approve(leave(thief))
    leave(victim)
    answer = victim.get("/logga-in/svar?" + urlencode(stolen))
    assert answer.status_code == 401
    assert "state" in why(house)
    assert Surfer(app).get("/logga-in/svar?" + urlencode(stolen)).status_code == 401
    mixed = {**forger.approve(leave(victim)), "iss": "https://ond.example"}
    assert victim.get("/logga-in/svar?" + urlencode(mixed)).status_code == 401
    assert "iss" in why(house)


def test_a_code_without_its_verifier_is_worth_nothing(house, forger: Forger) -> None:
    page = Surfer(desk(house, forger.issuer, ca_file=forger.ca_file))
    answer = forger.approve(leave(page))
    forger.codes[answer["code"]]["code_challenge"] = "somebody else's"
    assert page.get("/logga-in/svar?" + urlencode(answer)).status_code == 401
    assert why(house) == "koden gällde inte (invalid_grant)"


def test_a_log_in_that_took_too_long_begins_afresh(house, forger: Forger, clock) -> None:
    page = Surfer(desk(house, forger.issuer, ca_file=forger.ca_file))
    answer = forger.approve(leave(page))
    clock.pass_minutes(16)
    late = page.get("/logga-in/svar?" + urlencode(answer))
    assert (late.status_code, "tog för lång tid" in late.text) == (401, True)


def test_new_keys_are_fetched_when_the_provider_changes_them(house, forger: Forger, clock) -> None:
    app = desk(house, forger.issuer, ca_file=forger.ca_file)
    page = Surfer(app)
    assert page.get("/logga-in/svar?" + urlencode(forger.approve(leave(page)))).status_code == 303
    forger.key = oidc.RSAKey.generate_key(2048, {"kid": "2"})
    clock.pass_minutes(2)
    page = Surfer(app)
    assert page.get("/logga-in/svar?" + urlencode(forger.approve(leave(page)))).status_code == 303


@pytest.mark.parametrize(
    "change",
    [{"issuer": "https://ond.example"}, {"jwks_uri": "http://127.0.0.1:9/jwks"}, {"token_endpoint": None}],
)
def test_a_discovery_page_that_lies_is_not_followed(house, forger: Forger, change) -> None:
    forger.discovery = change
    page = Surfer(desk(house, forger.issuer, ca_file=forger.ca_file))
    assert AWAY in page.get("/logga-in/kommunen").text


def test_where_there_is_none_there_is_none(surf) -> None:
    assert surf().get("/logga-in/kommunen").status_code == 404
    assert surf().get("/logga-in/svar?code=x&state=y").status_code == 404
