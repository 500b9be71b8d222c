"""Other systems get a key, lose it, and say where they want their events; each is in the log of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.api import ApiClient, ApiScope, new_api_token, token_key
from cases.errors import NotAllowed
from cases.office import Office
from cases.people.access import EVERYWHERE
from cases.people.accounts import AccessLine, AccountEvent
from cases.ports import Tx
from cases.webhooks import Delivery, DeliveryState, Webhook, check_url

LONGEST_DAYS = 1095
_OF_CASES = frozenset({ApiScope.CASES_READ, ApiScope.EVENTS_READ})


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, from where and when: ``by`` is a user's id, or ``system`` for the command line."""

    by: str
    now: datetime
    address: str = ""

    def note(self, tx: Tx, kind: AccountEvent, client: ApiClient, text: str = "") -> None:
        """Write it in the log."""
        said = ", ".join(part for part in (client.name, text) if part)
        tx.add_access(AccessLine(self.now, kind, client.actor, self.by, self.address, said))


def add_client(
    tx: Tx,
    name: str,
    scopes: Iterable[ApiScope],
    units: Iterable[str],
    days: int,
    office: Office,
    deed: Deed,
    token: str = "",
) -> tuple[ApiClient, str]:
    """A new client and its token, which is shown once: a new one where none is given.

    Raises NotAllowed where it could do nothing or too much; its ``part`` is the argument that says so.
    """
    chosen, places, called = frozenset(scopes), frozenset(units), " ".join(name.split())[:100]
    if not called or any(c.name == called and c.revoked_at is None for c in tx.clients()):
        raise NotAllowed("Ge systemet ett namn som inget annat har.", "name")
    if not chosen:
        raise NotAllowed("Välj vad systemet får göra.", "scopes")
    unknown = places - {EVERYWHERE, *office.organisation.units}
    if unknown:
        raise NotAllowed(f"Det finns ingen enhet {min(unknown)!r}.", "units")
    if chosen & _OF_CASES and not places:
        raise NotAllowed(
            "Utan enhet får systemet inte se något ärende. Välj enheter, eller alla oskyddade ärenden.", "units"
        )
    if ApiScope.CASES_PROTECTED in chosen and not places - {EVERYWHERE}:
        raise NotAllowed("Skyddade ärenden lämnas bara ut för enheter som är utpekade. Välj vilka.", "units")
    if not 1 <= days <= LONGEST_DAYS:
        raise NotAllowed(f"En nyckel gäller mellan 1 och {LONGEST_DAYS} dagar.", "days")
    token = token or new_api_token()
    ends = deed.now + timedelta(days=days)
    client = ApiClient(office.new_id(), called, token_key(token), chosen, places, deed.now, ends, deed.by)
    tx.save_client(client)
    deed.note(tx, AccountEvent.API_ADDED, client, f"{' '.join(sorted(chosen))} [{' '.join(sorted(places))}]")
    return client, token


def revoke_client(tx: Tx, client_id: str, deed: Deed) -> ApiClient:
    """Its token works no more, at once, and its webhooks end."""
    client = tx.client(client_id)
    if client.revoked_at is not None:
        return client
    client = replace(client, revoked_at=deed.now)
    tx.save_client(client)
    for hook in tx.webhooks():
        if hook.client_id == client_id:
            tx.save_webhook(replace(hook, ended_at=deed.now))
    deed.note(tx, AccountEvent.API_REVOKED, client)
    return client


def add_webhook(
    tx: Tx, client_id: str, url: str, sealed: str, networks: Iterable[str], office: Office, deed: Deed
) -> Webhook:
    """Send the client's events there from now on; ``sealed`` is the secret that signs them."""
    client = tx.client(client_id)
    if not client.open_at(deed.now) or ApiScope.EVENTS_READ not in client.scopes:
        raise NotAllowed(f"{client.name} får inte följa händelser. Ge systemet en nyckel med {ApiScope.EVENTS_READ}.")
    place = check_url(url, networks)
    if len(place) > 500:
        raise NotAllowed("Adressen är för lång.")
    if any((one.client_id, one.url) == (client_id, place) for one in tx.webhooks()):
        raise NotAllowed("Händelser skickas redan dit. Sluta skicka dit först, om du behöver en ny hemlighet.")
    while tx.feed(deed.now):
        pass
    hook = Webhook(office.new_id(), client_id, place, sealed, tx.feed_end(), deed.now, deed.by)
    tx.save_webhook(hook)
    deed.note(tx, AccountEvent.HOOK_ADDED, client, place.partition("?")[0])
    return hook


def end_webhook(tx: Tx, webhook_id: str, deed: Deed) -> None:
    """Send nothing there any more."""
    hook = tx.webhook(webhook_id)
    tx.save_webhook(replace(hook, ended_at=deed.now))
    deed.note(tx, AccountEvent.HOOK_ENDED, tx.client(hook.client_id), hook.url.partition("?")[0])


def send_again(tx: Tx, webhook_id: str, now: datetime) -> int:
    """Give what was given up a new round of tries; returns how many."""
    dead = tx.deliveries(tx.webhook(webhook_id).id, [DeliveryState.DEAD], 10_000)
    for one in dead:
        tx.save_delivery(_anew(one, now))
    return len(dead)


def _anew(one: Delivery, now: datetime) -> Delivery:
    return replace(one, state=DeliveryState.WAITING, attempts=0, due_at=now, done_at=None)
