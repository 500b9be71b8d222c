"""Asks the municipality's own log-in for its discovery page, as the desk does when somebody logs in."""

from collections.abc import Iterator

from cases.errors import LyhordError
from cases.ports import Clock
from desk.login.oidc import Provider
from desk.settings import OidcSettings
from service.checks.line import CheckLine, redacted

_NAME = "Kommunens inloggning"


def check_login(oidc: OidcSettings, base_url: str, clock: Clock) -> Iterator[CheckLine]:
    """One line of whether it answers, and one of the address that must be registered there."""
    provider = Provider(oidc, base_url, clock)
    try:
        provider.facts()
    except LyhordError as error:
        remedy = "Kontrollera login.oidc.issuer, ca_file och proxy; adressen ska vara precis den som utfärdaren uppger."
        yield CheckLine(_NAME, False, redacted(error), remedy)
        return
    yield CheckLine(_NAME, True, f"utfärdaren svarar; {provider.answer_url} ska vara registrerad där")
