"""Which of our people somebody is who comes from the municipality's own log-in, and what they may do here."""

from datetime import datetime

from cases.calendar import local_day
from cases.people.access import Grant, User
from cases.ports import Tx
from desk.login.oidc import Claims, OidcRefused
from desk.settings import OidcSettings


def subject_of(claims: Claims) -> str:
    """Issuer and subject, which together are one person for ever (OIDC Core 2)."""
    return f"{claims['iss']}\n{claims['sub']}"


def person_of_claims(tx: Tx, claims: Claims, settings: OidcSettings, now: datetime) -> User:
    """The person bound to the subject or, the first time, the one with the claimed address. Raises OidcRefused.

    Once bound, an address counts no more: it may be given to somebody else, a subject may not.
    """
    user_id = tx.user_id_of_subject(subject_of(claims))
    user = tx.user(user_id) if user_id else _by_address(tx, claims, settings)
    if not user.works_on(local_day(now)):
        raise OidcRefused("kontot är spärrat, eller personen har slutat")
    return user


def _by_address(tx: Tx, claims: Claims, settings: OidcSettings) -> User:
    value = claims.get(settings.claim)
    if not isinstance(value, str) or not value.strip():
        raise OidcRefused(f"id_token saknar {settings.claim}")
    # Some providers write the word and not the truth value.
    if settings.claim == "email" and claims.get("email_verified") not in (True, "true"):
        raise OidcRefused("e-postadressen är inte bekräftad av utfärdaren")
    user = tx.user_by_email(value)
    if user is None:
        raise OidcRefused("ingen person har den adressen")
    if tx.account(user.id).subject:
        raise OidcRefused("adressen är kopplad till ett annat konto hos utfärdaren")
    return user


def grants_of_groups(claims: Claims, settings: OidcSettings) -> frozenset[Grant]:
    """The roles of the groups the claims name. Raises OidcRefused where that is none: nobody loses roles by a slip."""
    named = claims.get(settings.groups_claim)
    groups = {g for g in named if isinstance(g, str)} if isinstance(named, list) else set()
    grants = frozenset(grant for group, grant in settings.groups if group in groups)
    if not grants:
        raise OidcRefused("ingen av personens grupper ger en roll")
    return grants
