"""``lyhord user add|list|disable``: who may log in to the desk, and as what."""

import argparse
import getpass
import re
import sys
from dataclasses import replace

from cases.access import EVERYWHERE, ROLE_NAMES, Grant, Role, User
from cases.errors import ConfigError, NotFound
from cases.organisation import Organisation
from desk.passwords import hash_password
from service.bootstrap import House, build
from service.commands.common import add_config, settings_of
from service.database import check_shape

_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@]+")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with whom."""
    add_config(parser)
    parser.add_argument("what", choices=("add", "list", "disable"), help="lägg till eller ändra, lista, stäng av")
    parser.add_argument("email", nargs="?", help="personens e-postadress, som också är inloggningen")
    parser.add_argument("--name", help="namn, som det står i brev")
    parser.add_argument("--title", help="befattning, som den står i brev (R10)")
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLL[:VAR]",
        help=f"{', '.join(Role)}; VAR är id för en enhet, förvaltning eller nämnd; kan anges flera gånger",
    )
    parser.add_argument("--password", action="store_true", help="byt lösenord för en användare som redan finns")
    parser.add_argument("--password-stdin", action="store_true", help="läs lösenordet från standard in")


def run(asked: argparse.Namespace) -> int:
    """Change or list users."""
    settings = settings_of(asked)
    check_shape(settings)
    house = build(settings)
    if asked.what == "list":
        return _list(house)
    if not asked.email:
        raise ConfigError("Ange personens e-postadress: lyhord user add NAMN@KOMMUNEN.example")
    return _disable(house, asked.email) if asked.what == "disable" else _add(house, asked)


def _list(house: House) -> int:
    with house.store.read() as tx:
        for user in tx.users():
            grants = ", ".join(sorted(f"{g.role}:{g.scope}" for g in user.grants))
            print(f"{user.email:36} {user.name}, {user.title}  [{grants}]{'' if user.active else '  avstängd'}")
    return 0


def _disable(house: House, email: str) -> int:
    with house.store.begin() as tx:
        user = tx.user_by_email(email)
        if user is None:
            raise NotFound(f"Det finns ingen användare {email}. `lyhord user list` visar dem som finns.")
        tx.add_user(replace(user, active=False))
    print(f"{email} kan inte längre logga in.")
    return 0


def _add(house: House, asked: argparse.Namespace) -> int:
    if not _ADDRESS.fullmatch(asked.email):
        raise ConfigError(f"{asked.email} är ingen e-postadress. Skriv namn@kommunen.example.")
    with house.store.read() as tx:
        known = tx.user_by_email(asked.email)
    if known is None and not (asked.name and asked.title and asked.role):
        raise ConfigError("En ny användare behöver --name, --title och minst en --role.")
    grants = frozenset(parse_grant(text, house.settings.organisation) for text in asked.role)
    user = User(
        id=known.id if known else house.new_id(),
        email=asked.email,
        name=asked.name or (known.name if known else ""),
        title=asked.title or (known.title if known else ""),
        grants=grants or (known.grants if known else frozenset()),
        password_hash=_hashed(known, from_stdin=asked.password_stdin, wanted=asked.password),
    )
    with house.store.begin() as tx:
        tx.add_user(user)
    print(f"{user.email} kan logga in på {house.settings.desk.base_url}")
    return 0


def _hashed(known: User | None, *, from_stdin: bool, wanted: bool) -> str:
    """The hash to keep: a known user's own, unless a new password is asked for or piped in."""
    if known is not None and not (from_stdin or wanted):
        return known.password_hash
    return hash_password(sys.stdin.readline().rstrip("\n") if from_stdin else _typed())


def _typed() -> str:
    first = getpass.getpass("Lösenord (minst 12 tecken): ")
    if getpass.getpass("En gång till: ") != first:
        raise ConfigError("Lösenorden är olika. Försök igen.")
    return first


def parse_grant(text: str, organisation: Organisation) -> Grant:
    """``registrator``, ``handlaggare:gata`` ... Raises ConfigError naming what is possible."""
    role, _, scope = text.partition(":")
    if role not in set(Role):
        known = ", ".join(f"{r} ({ROLE_NAMES[r]})" for r in Role)
        raise ConfigError(f"Rollen {role!r} finns inte. Välj bland {known}.")
    places = {*organisation.units, *organisation.departments, *organisation.authorities, EVERYWHERE, ""}
    if scope not in places:
        raise ConfigError(f"Det finns ingen enhet, förvaltning eller nämnd {scope!r} i profilen.")
    return Grant(Role(role), scope or EVERYWHERE)
