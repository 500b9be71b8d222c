"""The keys of how people log in to the desk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cases.people.access import EVERYWHERE, Grant, Role
from config.kinds import BOOLEAN, FILE, LINE, SECRET, Kind, Wrong, choice, integer, list_of, one_of, optional
from config.kinds import required_text as read_text
from config.places import SECURE_URL, WEB_PROXY
from config.schema import Key, Table
from config.secret import Secret


def _grant(value: object, base: Path) -> Grant:
    role, _, scope = read_text(value, base).partition(":")
    if role not in set(Role):
        raise Wrong("Det är ingen roll.", f"Skriv {', '.join(Role)}, och om du vill :enhet, till exempel chef:gata.")
    return Grant(Role(role), scope or EVERYWHERE)


GRANT = Kind("roll, eller roll:id för en enhet, förvaltning eller nämnd", _grant)


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """The municipality's own log-in, by OpenID Connect."""

    issuer: Annotated[
        str,
        Key(
            SECURE_URL,
            "Utfärdarens adress, precis som den står på dess sida /.well-known/openid-configuration. I Entra ID: "
            "https://login.microsoftonline.com/, er katalogs id och /v2.0.",
            example="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        ),
    ]
    client_id: Annotated[str, Key(LINE, "Appens id hos utfärdaren.", example="00000000-0000-0000-0000-000000000000")]
    client_secret: Annotated[Secret, Key(SECRET, "Appens hemlighet.", example="LYHORD_OIDC_SECRET")]
    label: Annotated[str, Key(LINE, "Vad personalen kallar inloggningen.", default="kommunens inloggning")]
    claim: Annotated[
        str,
        Key(
            LINE,
            "Uppgiften som ska vara lika med personens e-postadress i Lyhörd, första gången. email gäller bara om "
            "utfärdaren säger att adressen är bekräftad; i Entra ID används preferred_username.",
            default="email",
            example="preferred_username",
        ),
    ]
    scopes: Annotated[str, Key(LINE, "Vad som begärs, åtskilt av blanksteg.", default="openid email profile")]
    groups_claim: Annotated[str, Key(LINE, "Uppgiften med personens grupper, för login_groups.", default="groups")]
    ca_file: Annotated[
        Path | Literal[""],
        Key(optional(FILE), "Egen utgivares certifikat (PEM), om utfärdaren inte har ett allmänt.", default=""),
    ]
    proxy: Annotated[str, WEB_PROXY]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSettings:
    """Which ways in there are, and what each asks."""

    local_accounts: Annotated[bool, Key(BOOLEAN, "Låt personer logga in med lösenord i Lyhörd.", default=True)]
    totp_roles: Annotated[
        tuple[Role, ...],
        Key(
            list_of(one_of(Role)),
            "Roller som måste ha tvåstegsinloggning till sitt lösenord i Lyhörd.",
            default=(),
            example=["admin", "granskare"],
        ),
    ]
    session_hours: Annotated[
        int, Key(integer(1, 24, "timmar"), "Hur länge en inloggning räcker som längst.", default=12)
    ]
    log_months: Annotated[int, Key(integer(1, 120, "månader"), "Hur länge kontologgen finns kvar.", default=24)]
    provider: Annotated[
        Literal["none", "oidc"],
        Key(choice("none", "oidc"), "Kommunens egen inloggning: none eller oidc.", default="none"),
    ]
    oidc: Annotated[
        OidcSettings | None,
        Table(OidcSettings, "Kommunens egen inloggning, för provider = oidc.", when=("provider", "oidc", "none")),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginGroupSettings:
    """A group of the municipality's own log-in and what its members do here."""

    id: Annotated[str, Key(LINE, "Gruppens id, eller namn, som utfärdaren skriver det.", example="lyhord-registrator")]
    roles: Annotated[
        tuple[Grant, ...],
        Key(
            list_of(GRANT, least=1, name="lista av roller"),
            "Roller som medlemmarna har, till exempel chef:gata.",
            example=["registrator"],
        ),
    ]
