"""``lyhord user add|list|reset|disable ...``: who may log in to the desk, and as what; each change is in the log."""

import argparse
import getpass
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from cases.calendar import local_day, swedish_date
from cases.errors import ConfigError, NotFound
from cases.people.access import EVERYWHERE, ROLE_NAMES, Grant, Role, User
from cases.people.accounts import AccessLine, AccountEvent
from cases.people.organisation import Organisation
from cases.ports import Tx
from cases.steps.working.handover import leave
from desk.login.codes import drop_codes
from desk.login.passwords import give_password, hash_password
from desk.people import handed_over_words, what_changed
from service.bootstrap import House
from service.commands.common import add_config, read_line, refuse_out_of_place, settings_of
from service.commands.opening import opened

_OF_ADDING = ("--name", "--title", "--role", "--password", "--no-password", "--password-stdin")
_PLACES = dict.fromkeys(_OF_ADDING, ("add",)) | {"--to": ("leave",)}
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@]+")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with whom."""
    add_config(parser)
    words = (
        "lägg till eller ändra; lista; slutar, ärendena till --to; stäng av; öppna;"
        " engångslösenord; ta bort tvåsteg; logga ut överallt"
    )
    parser.add_argument("what", choices=("add", "list", "leave", *_ACTS), help=words)
    parser.add_argument("email", nargs="?", metavar="E-POST", help="personens e-postadress, som också är inloggningen")
    parser.add_argument("--to", metavar="E-POST", help="den som tar över ärendena efter den som slutar (leave)")
    parser.add_argument("--name", metavar="NAMN", help="namn, som det står i brev")
    parser.add_argument("--title", metavar="BEFATTNING", help="befattning, som den står i brev (R10)")
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLL[:VAR]",
        help=f"{', '.join(Role)}; VAR är id för en enhet, förvaltning eller nämnd; kan anges flera gånger",
    )
    parser.add_argument("--password", action="store_true", help="byt lösenord för en användare som redan finns")
    parser.add_argument("--no-password", action="store_true", help="inget lösenord: loggar in på annat sätt")
    parser.add_argument("--password-stdin", action="store_true", help="läs lösenordet från standard in")


def run(asked: argparse.Namespace) -> int:
    """Change or list users."""
    refuse_out_of_place(asked, _PLACES)
    if asked.what != "list" and not asked.email:
        raise ConfigError(f"Ange personens e-postadress: lyhord user {asked.what} NAMN@KOMMUNEN.example")
    with opened(settings_of(asked)) as house:
        if asked.what == "list":
            return _list(house)
        if asked.what == "leave":
            return _leave(house, asked.email, asked.to or "")
        return _add(house, asked) if asked.what == "add" else _act(house, asked.email, _ACTS[asked.what])


def _list(house: House) -> int:
    with house.store.read() as tx:
        for user in tx.users():
            grants = ", ".join(sorted(f"{g.role}:{g.scope}" for g in user.grants))
            print(f"{user.email:36} {user.name}, {user.title}  [{grants}]{'' if user.active else '  avstängd'}")
    return 0


Act = Callable[[Tx, User, datetime], tuple[AccountEvent, str, str]]
"""Does something with a log-in; returns what the log shall call it, its text there, and what is printed."""


def _disable(tx: Tx, user: User, _now: datetime) -> tuple[AccountEvent, str, str]:
    tx.add_user(replace(user, active=False))
    tx.end_sessions(user.id)
    return AccountEvent.CHANGED, "spärrad", f"{user.email} kan inte längre logga in."


def _enable(tx: Tx, user: User, _now: datetime) -> tuple[AccountEvent, str, str]:
    tx.add_user(replace(user, active=True, last_day=None))
    return AccountEvent.CHANGED, "får logga in igen", f"{user.email} kan logga in."


def _reset(tx: Tx, user: User, now: datetime) -> tuple[AccountEvent, str, str]:
    word, until = give_password(tx, user, now)
    said = f"Engångslösenord för {user.email}, till {swedish_date(local_day(until))}: {word}"
    return AccountEvent.RESET, "", said


def _no_codes(tx: Tx, user: User, _now: datetime) -> tuple[AccountEvent, str, str]:
    drop_codes(tx, user.id)
    tx.end_sessions(user.id)
    return AccountEvent.CODE_OFF, "", f"{user.email} loggar in utan tvåstegsinloggning."


def _log_out(tx: Tx, user: User, _now: datetime) -> tuple[AccountEvent, str, str]:
    ended = tx.end_sessions(user.id)
    return AccountEvent.ENDED, f"{ended} överallt", f"{user.email} är utloggad överallt."


_ACTS: dict[str, Act] = {
    "disable": _disable,
    "enable": _enable,
    "reset": _reset,
    "totp-off": _no_codes,
    "logout": _log_out,
}


def _act(house: House, email: str, act: Act) -> int:
    now = house.clock()
    with house.store.begin() as tx:
        user = tx.user_by_email(email)
        if user is None:
            raise NotFound(f"Det finns ingen användare {email}. `lyhord user list` visar dem som finns.")
        kind, text, said = act(tx, tx.hold_user(user.id), now)
        tx.add_access(AccessLine(now, kind, user.id, "system", "", text))
    print(said)
    return 0


def _leave(house: House, email: str, to: str) -> int:
    """Hand over all that somebody has in hand, and close the account, in one transaction."""
    now = house.clock()
    if not to:
        raise ConfigError(f"Ange vem som tar över: lyhord user leave {email} --to NAMN@KOMMUNEN.example")
    with house.store.begin() as tx:
        leaver, taker = tx.user_by_email(email), tx.user_by_email(to)
        if leaver is None or taker is None:
            missing = to if leaver else email
            raise NotFound(f"Det finns ingen användare {missing}. `lyhord user list` visar dem som finns.")
        done = leave(tx, leaver, taker, "system", house.office, now)
        text = f"spärrad, ärendena överlämnade till {taker.name}"
        tx.add_access(AccessLine(now, AccountEvent.CHANGED, leaver.id, "system", "", text))
    print(f"{leaver.email} kan inte längre logga in. {handed_over_words(done, taker)}")
    return 0


def _add(house: House, asked: argparse.Namespace) -> int:
    if not _ADDRESS.fullmatch(asked.email):
        raise ConfigError(f"{asked.email} är ingen e-postadress. Skriv namn@kommunen.example.")
    with house.store.read() as tx:
        known = tx.user_by_email(asked.email)
    if known is None and not (asked.name and asked.title and asked.role):
        raise ConfigError("En ny användare behöver --name, --title och minst en --role.")
    grants = frozenset(parse_grant(text, house.settings.organisation) for text in asked.role)
    before = known or User(house.new_id(), asked.email, "", "", frozenset())
    user = replace(
        before,
        email=asked.email,
        name=asked.name or before.name,
        title=asked.title or before.title,
        grants=grants or before.grants,
    )
    user = replace(user, password_hash=_hashed(known, user, house, asked))
    with house.store.begin() as tx:
        _save(tx, known, user, house)
    if user.works_on(local_day(house.clock())):
        print(f"{user.email} kan logga in på {house.settings.desk.base_url}")
    else:
        print(f"{user.email} är ändrad, men kan inte logga in; lyhord user enable öppnar kontot.")
    return 0


def _save(tx: Tx, known: User | None, user: User, house: House) -> None:
    """Keep the person; whoever got a password here has chosen it, and other sessions than with it are over."""
    if known is not None and tx.hold_user(known.id) != known:
        raise ConfigError(f"{known.email} ändrades av någon annan i samma stund. Kör kommandot en gång till.")
    tx.add_user(user)
    if known is None or known.password_hash != user.password_hash:
        tx.save_account(replace(tx.account(user.id), must_change=False, password_until=None))
        tx.end_sessions(user.id)
    before = known or replace(user, name="", email="", title="", grants=frozenset())
    kind = AccountEvent.CHANGED if known else AccountEvent.ADDED
    tx.add_access(AccessLine(house.clock(), kind, user.id, "system", "", what_changed(before, user, house.office)))


def _hashed(known: User | None, user: User, house: House, asked: argparse.Namespace) -> str:
    """The hash to keep: a known user's own, unless a new password is asked for or piped in."""
    if asked.no_password:
        return ""
    if known is not None and not (asked.password_stdin or asked.password):
        return known.password_hash
    word = read_line() if asked.password_stdin else _typed()
    return hash_password(word, (user.name, user.email.partition("@")[0], house.settings.municipality.name))


def _typed() -> str:
    try:
        with warnings.catch_warnings():
            # Without a terminal getpass would go on in the open; nobody types a password there.
            warnings.simplefilter("error", getpass.GetPassWarning)
            first = getpass.getpass("Lösenord (minst 12 tecken): ")
            again = getpass.getpass("En gång till: ")
    except (EOFError, getpass.GetPassWarning):
        raise ConfigError("Inget lösenord kom. Kör i en terminal, eller ge det med --password-stdin.") from None
    if again != first:
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
        near = get_close_matches(scope, sorted(places), n=1)
        meant = f" Menade du {role}:{near[0]}?" if near else ""
        known = ", ".join(organisation.units)
        raise ConfigError(f"Det finns ingen enhet, förvaltning eller nämnd {scope!r}.{meant} Enheterna är {known}.")
    return Grant(Role(role), scope or EVERYWHERE)
