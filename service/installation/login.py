"""How people log in, from the municipality's settings to the desk's."""

from config import Settings
from config.login import OidcSettings as OidcTable
from desk.settings import LoginSettings, OidcSettings

_DAYS_A_MONTH = 365.25 / 12


def login_settings(settings: Settings) -> LoginSettings:
    """How people log in, from the municipality's settings."""
    chosen = settings.login
    oidc = _oidc(settings, chosen.oidc) if chosen.provider == "oidc" and chosen.oidc else None
    return LoginSettings(
        local=chosen.local_accounts,
        code_roles=frozenset(chosen.totp_roles),
        longest_hours=chosen.session_hours,
        log_days=round(chosen.log_months * _DAYS_A_MONTH),
        oidc=oidc,
    )


def _oidc(settings: Settings, found: OidcTable) -> OidcSettings:
    return OidcSettings(
        issuer=found.issuer,
        client_id=found.client_id,
        client_secret=found.client_secret.reveal(),
        label=found.label,
        claim=found.claim,
        scopes=found.scopes,
        groups_claim=found.groups_claim,
        groups=tuple((group.id, grant) for group in settings.login_groups for grant in group.roles),
        ca_file=str(found.ca_file or ""),
        proxy=found.proxy,
    )
