"""Andra system: their keys, where events are sent, and what did not arrive; nothing of any case."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from cases.api import SCOPE_NAMES, ApiClient, ApiScope, new_api_token, token_key
from cases.calendar import local_day, swedish_date
from cases.errors import NotAllowed, NotFound
from cases.numerals import count_words
from cases.people.access import EVERYWHERE
from cases.ports import Tx
from cases.steps.settings import clients
from cases.webhooks import SEALED_FOR, Delivery, DeliveryState, Webhook
from desk.case.page import unit_tree
from desk.context import Admin, Asked
from desk.forms import Form, Posted
from desk.security import client_address
from desk.shownonce import form_seed, shown_again

router = APIRouter()
_SHOWN = 10
_DAYS = 365
# The fields in which stands what a key may be refused for.
_FIELDS = {"name": "namn", "scopes": "far", "units": "enhet", "days": "dagar"}


@dataclass(frozen=True, slots=True)
class ShownHook:
    """Where events are sent, without what stands after a question mark, and how it goes."""

    id: str
    place: str
    waiting: int
    sent: int
    dead: int
    failures: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class ShownClient:
    """Another system as the page shows it."""

    client: ApiClient
    state: str
    open: bool
    units: tuple[str, ...]
    hooks: tuple[ShownHook, ...]


def _deed(person: Asked) -> clients.Deed:
    return clients.Deed(person.user.id, person.now, client_address(person.request))


def _demand(person: Asked) -> None:
    if person.desk.settings.api is None:
        raise NotFound("The API is switched off.")


def _page(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    with person.desk.store.read() as tx:
        hooks: dict[str, list[ShownHook]] = {}
        for hook in tx.webhooks():
            counts = tx.delivery_counts(hook.id)
            failing = [one for one in tx.deliveries(hook.id, _UNSENT, 200) if one.error]
            hooks.setdefault(hook.client_id, []).append(_shown_hook(hook, counts, failing))
        shown = [_shown(person, one, tuple(hooks.get(one.id, ()))) for one in tx.clients()]
    return person.page(
        "house/api_clients.html",
        status=422 if problem else 200,
        shown=shown,
        scopes=SCOPE_NAMES,
        tree=unit_tree(person.office),
        problem=problem,
        typed=typed,
        days=_DAYS,
        on=person.desk.settings.api is not None,
    )


_UNSENT = (DeliveryState.WAITING, DeliveryState.DEAD)


def _shown_hook(hook: Webhook, counts: dict[DeliveryState, int], failing: list[Delivery]) -> ShownHook:
    waiting, sent, dead = (counts[state] for state in (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.DEAD))
    return ShownHook(hook.id, hook.url.partition("?")[0], waiting, sent, dead, tuple(failing[:_SHOWN]))


def _shown(person: Asked, client: ApiClient, hooks: tuple[ShownHook, ...]) -> ShownClient:
    works, day = client.open_at(person.now), swedish_date(local_day(client.ends_at))
    state = f"Gäller till {day}" if works else "Återkallad" if client.revoked_at else f"Gick ut {day}"
    known = person.office.organisation.units
    units = ("Alla oskyddade ärenden",) if EVERYWHERE in client.units else ()
    names = (known[one].name if one in known else one for one in sorted(client.units - {EVERYWHERE}))
    return ShownClient(client, state, works, (*units, *names), hooks)


@router.get("/andra-system")
def api_clients(person: Admin) -> Response:
    return _page(person)


@router.post("/andra-system/ny")
def add_client(person: Admin, form: Form) -> Response:
    """A new key, shown to who makes it alone."""
    _demand(person)
    token = new_api_token(form_seed(person, form))
    try:
        with person.desk.store.begin() as tx:
            client = _made_before(person, tx, token) or _add(person, tx, form, token)
    except NotAllowed as problem:
        form.blame(problem, _FIELDS)
        return _page(person, str(problem), form)
    return person.page("house/api_secret.html", client=client, word=token, what="nyckel", until=client.ends_at)


def _add(person: Asked, tx: Tx, form: Posted, token: str) -> ApiClient:
    name, chosen, days = form.text("namn"), form.choices("far", ApiScope), form.number("dagar")
    made, _ = clients.add_client(tx, name, chosen, form.many("enhet"), days, person.office, _deed(person), token)
    return made


def _made_before(person: Asked, tx: Tx, token: str) -> ApiClient | None:
    """The client with this key, which the same form made a moment ago. Raises NotAllowed where that is longer ago."""
    made = next((one for one in tx.clients() if one.key == token_key(token)), None)
    if made is not None and not shown_again(made.made_at, person.now):
        raise NotAllowed("Den nyckeln är redan gjord och visas inte igen. Gör en ny om den har kommit bort.")
    return made


@router.post("/andra-system/{client_id}/aterkalla")
def revoke_client(client_id: str, person: Admin, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        client = clients.revoke_client(tx, client_id, _deed(person))
    return person.go("/andra-system", f"Nyckeln för {client.name} fungerar inte längre.")


@router.post("/andra-system/{client_id}/mottagare")
def add_webhook(client_id: str, person: Admin, form: Form) -> Response:
    """Where to send the client's events; the secret that signs them is shown to who adds it alone."""
    _demand(person)
    api, secret = person.desk.settings.api, form_seed(person, form)
    assert api is not None
    try:
        with person.desk.store.begin() as tx:
            if not _hooked_before(person, tx, secret):
                sealed = person.desk.sealer.keep(SEALED_FOR, secret)
                url = form.text("adress")
                clients.add_webhook(tx, client_id, url, sealed, api.webhook_networks, person.office, _deed(person))
            client = tx.client(client_id)
    except NotAllowed as problem:
        return _page(person, str(problem), form)
    return person.page("house/api_secret.html", client=client, word=secret, what="hemlighet", until=None)


def _hooked_before(person: Asked, tx: Tx, secret: str) -> bool:
    hooks = (one for one in tx.webhooks() if shown_again(one.made_at, person.now))
    return any(person.desk.sealer.kept(SEALED_FOR, one.secret) == secret for one in hooks)


@router.post("/andra-system/mottagare/{webhook_id}/avsluta")
def end_webhook(webhook_id: str, person: Admin, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        clients.end_webhook(tx, webhook_id, _deed(person))
    return person.go("/andra-system", "Inga händelser skickas dit längre.")


@router.post("/andra-system/mottagare/{webhook_id}/igen")
def send_again(webhook_id: str, person: Admin, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        count = clients.send_again(tx, webhook_id, person.now)
    return person.go("/andra-system", f"{count_words(count, 'en händelse', 'händelser').capitalize()} skickas igen.")
