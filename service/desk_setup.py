"""What the desk is told of this installation."""

from collections.abc import Callable, Sequence
from functools import partial

from config import Settings
from config.login import OidcSettings as OidcTable
from desk.app import create_app
from desk.settings import BoxView, DeskSettings, LoginSettings, OidcSettings
from notifier.variables import NEEDS, VARIABLES, Filler
from service.bootstrap import House
from service.health import health_lines
from service.reports import statistics_page
from service.web import DeskServer


def desk_settings(
    house: House, *, demo_banner: str = "", mailboxes_page: Callable[[], Sequence[BoxView]] | None = None
) -> DeskSettings:
    """The desk's settings from the municipality's, with the letters' variables as labels for its forms."""
    chosen = house.settings.desk
    return DeskSettings(
        municipality=house.settings.municipality.name,
        secret=chosen.secret.reveal(),
        https_only=chosen.https_only,
        idle_minutes=chosen.session_idle_minutes,
        login=login_settings(house.settings),
        base_url=chosen.base_url,
        demo_banner=demo_banner,
        variable_labels={v.name: (v.meaning, "", v.filler is Filler.TEXT) for v in VARIABLES.values()},
        optional_variables={
            kind: [name for name in needs.optional if VARIABLES[name].filler is not Filler.SYSTEM]
            for kind, needs in NEEDS.items()
        },
        date_variables=frozenset(v.name for v in VARIABLES.values() if v.filler is Filler.DATE),
        help_path=house.settings.links.staff_guide,
        mailboxes_page=mailboxes_page,
        health=partial(health_lines, house),
    )


def login_settings(settings: Settings) -> LoginSettings:
    """How people log in, from the municipality's settings."""
    chosen = settings.login
    oidc = _oidc(settings, chosen.oidc) if chosen.provider == "oidc" and chosen.oidc else None
    return LoginSettings(chosen.local_accounts, frozenset(chosen.totp_roles), chosen.session_hours, oidc)


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


def desk_server(
    house: House, *, demo_banner: str = "", mailboxes_page: Callable[[], Sequence[BoxView]] | None = None
) -> DeskServer:
    """The desk of this installation, not yet started: the same for a municipality and for the demonstration."""
    chosen = house.settings.desk
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=house.stages.classifier(),
        clock=house.clock,
        settings=desk_settings(house, demo_banner=demo_banner, mailboxes_page=mailboxes_page),
        extra_pages=[statistics_page(house)],
    )
    return DeskServer(app, chosen.host, chosen.port, chosen.trusted_proxies)
