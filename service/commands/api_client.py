"""``lyhord api-client add|list|revoke|webhook|unhook|again``: keys for other systems, and where events are sent."""

import argparse
import secrets

from cases.api import SCOPE_NAMES, ApiClient, ApiScope
from cases.calendar import local_day, swedish_date
from cases.errors import ConfigError
from cases.numerals import count_words
from cases.ports import Tx
from cases.steps.settings import clients
from cases.webhooks import DELIVERY_NAMES, SEALED_FOR
from desk.login.sealing import Sealer
from service.bootstrap import House
from service.commands.common import add_config, refuse_out_of_place, settings_of
from service.commands.opening import opened

_DAYS = 365
_OFF = "API:et är avstängt. Skriv enabled = true under [api] i inställningarna och starta om, så fungerar nyckeln."
_PLACES = {"--scope": ("add",), "--unit": ("add",), "--days": ("add",), "--url": ("webhook",)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which client."""
    add_config(parser)
    parser.add_argument(
        "what",
        choices=("add", "list", "revoke", "webhook", "unhook", "again"),
        help="ny nyckel; lista; dra in; skicka händelser; sluta skicka; skicka igen det som gavs upp",
    )
    parser.add_argument(
        "name", nargs="?", default="", metavar="NAMN", help="systemets namn; för unhook och again mottagarens id"
    )
    scopes = "; ".join(f"{scope}: {name}" for scope, name in SCOPE_NAMES.items())
    parser.add_argument("--scope", action="append", default=[], choices=[str(scope) for scope in ApiScope], help=scopes)
    parser.add_argument("--unit", action="append", default=[], metavar="ID", help="enhetens id, eller * för alla")
    parser.add_argument("--days", type=int, metavar="ANTAL", help=f"hur länge nyckeln gäller (annars {_DAYS})")
    parser.add_argument("--url", default="", metavar="URL", help="adressen som händelser skickas till (https)")


def run(asked: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    refuse_out_of_place(asked, _PLACES)
    if asked.what != "list" and not asked.name:
        raise ConfigError(f"Ange vilket: lyhord api-client {asked.what} NAMN")
    acts = {"add": _add, "revoke": _revoke, "webhook": _webhook, "unhook": _unhook, "again": _again}
    with opened(settings_of(asked)) as house:
        if asked.what == "list":
            return _list(house)
        with house.store.begin() as tx:
            print(acts[asked.what](tx, house, asked))
    return 0


def _deed(house: House) -> clients.Deed:
    return clients.Deed("system", house.clock())


def _named(tx: Tx, name: str) -> ApiClient:
    found = [one for one in tx.clients() if name in (one.name, one.id)]
    if not found:
        raise ConfigError(f"Det finns inget system {name!r}. `lyhord api-client list` visar dem som finns.")
    return next((one for one in found if one.revoked_at is None), found[0])


def _add(tx: Tx, house: House, asked: argparse.Namespace) -> str:
    scopes = [ApiScope(one) for one in asked.scope]
    if not scopes:
        raise ConfigError(f"Välj med --scope vad {asked.name} får göra: {', '.join(ApiScope)}. Flera går att ange.")
    days = _DAYS if asked.days is None else asked.days
    client, token = clients.add_client(tx, asked.name, scopes, asked.unit, days, house.office, _deed(house))
    until = swedish_date(local_day(client.ends_at))
    off = "" if house.settings.api.enabled else f"\n{_OFF}"
    return f"Nyckeln för {client.name} gäller till {until} och visas bara nu:\n{token}{off}"


def _revoke(tx: Tx, house: House, asked: argparse.Namespace) -> str:
    client = clients.revoke_client(tx, _named(tx, asked.name).id, _deed(house))
    return f"Nyckeln för {client.name} fungerar inte längre."


def _webhook(tx: Tx, house: House, asked: argparse.Namespace) -> str:
    secret = secrets.token_urlsafe(32)
    sealed = Sealer(house.settings.desk.secret.reveal()).keep(SEALED_FOR, secret)
    client, networks = _named(tx, asked.name), house.settings.api.webhook_networks
    hook = clients.add_webhook(tx, client.id, asked.url, sealed, networks, house.office, _deed(house))
    return f"Händelser skickas till {hook.url}. Id: {hook.id}\nHemligheten som signerar dem visas bara nu:\n{secret}"


def _hook(tx: Tx, given: str) -> str:
    if given not in {hook.id for hook in tx.webhooks()}:
        raise ConfigError(f"Det finns ingen mottagare {given!r}. `lyhord api-client list` visar dem som finns.")
    return given


def _unhook(tx: Tx, house: House, asked: argparse.Namespace) -> str:
    clients.end_webhook(tx, _hook(tx, asked.name), _deed(house))
    return "Inga händelser skickas dit längre."


def _again(tx: Tx, house: House, asked: argparse.Namespace) -> str:
    count = clients.send_again(tx, _hook(tx, asked.name), house.clock())
    return f"{count_words(count, 'en händelse', 'händelser').capitalize()} skickas igen."


def _list(house: House) -> int:
    now = house.clock()
    with house.store.read() as tx:
        for one in tx.clients():
            day = swedish_date(local_day(one.ends_at))
            state = f"gäller till {day}" if one.open_at(now) else "återkallad" if one.revoked_at else f"gick ut {day}"
            print(f"{one.name}: {state} [{' '.join(sorted(one.scopes))}] [{' '.join(sorted(one.units))}]")
            for hook in tx.webhooks():
                if hook.client_id == one.id:
                    counts = tx.delivery_counts(hook.id)
                    said = ", ".join(f"{DELIVERY_NAMES[s].lower()} {n}" for s, n in counts.items())
                    print(f"  {hook.id} → {hook.url.partition('?')[0]}: {said}")
    return 0
