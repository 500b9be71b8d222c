"""The pass that sends events on: gives the journal its places in the feed, queues what each webhook wants, posts it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cases.api import ApiClient, ApiScope, facts, told
from cases.ports import Store, Tx
from cases.webhooks import SEALED_FOR, Delivery, DeliveryState, Webhook, next_try, signature
from desk.login.sealing import Sealer
from service.bootstrap import House
from service.hook_post import HookPost, HookRefused

_KEPT = timedelta(days=30)
_EVENTS, _POSTS, _ROUNDS = 200, 20, 5
_GONE = "lämnades inte: systemet får inte längre se ärendet"


class Poster(Protocol):
    """Hands one event to another system."""

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post once. Raises HookRefused where it was not taken."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Everything a pass needs; ``tries`` is how often an event is sent before it is given up."""

    store: Store
    poster: Poster
    sealer: Sealer
    tries: int

    def sweep(self, now: datetime) -> int:
        """One pass; returns how many events were taken."""
        self._feed(now)
        with self.store.read() as tx:
            hooks = tx.webhooks()
        for hook in hooks:
            with self.store.begin() as tx:
                _queue(tx, hook, now)
        return self._post(now) if hooks else 0

    def _feed(self, now: datetime) -> None:
        for _ in range(_ROUNDS):
            with self.store.read() as tx:
                if not tx.unfed():
                    return
            with self.store.begin() as tx:
                tx.feed(now)

    def _post(self, now: datetime) -> int:
        """Post what is due, outside any transaction; a system that refuses one is left alone for this pass."""
        with self.store.begin() as tx:
            tx.drop_deliveries(now - _KEPT)
            due = tx.claim_deliveries(_POSTS, now)
        refused: dict[str, str] = {}
        sent = 0
        for one in due:
            if one.webhook_id in refused:
                done = replace(one, due_at=next_try(1, now))
            else:
                done = self._try(one, now)
                if done.state is not DeliveryState.SENT:
                    refused[one.webhook_id] = done.error
                sent += done.state is DeliveryState.SENT
            with self.store.begin() as tx:
                tx.save_delivery(done)
        return sent

    def _try(self, one: Delivery, now: datetime) -> Delivery:
        with self.store.read() as tx:
            hook = tx.webhook(one.webhook_id)
            client = tx.client(hook.client_id)
            body = _body(tx, client, one.position)
        if hook.ended_at is not None or body is None or not _follows(client, now):
            return replace(one, state=DeliveryState.SENT, error=_GONE, done_at=now)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Lyhord",
            "Lyhord-Delivery": one.id,
            "Lyhord-Signature": signature(self.sealer.kept(SEALED_FOR, hook.secret), now, body),
        }
        try:
            self.poster.send(hook.url, body, headers)
        except HookRefused as problem:
            return self._failed(one, str(problem), now)
        return replace(one, state=DeliveryState.SENT, attempts=one.attempts + 1, error="", done_at=now)

    def _failed(self, one: Delivery, error: str, now: datetime) -> Delivery:
        attempts = one.attempts + 1
        if attempts >= self.tries:
            return replace(one, state=DeliveryState.DEAD, attempts=attempts, error=error, done_at=now)
        return replace(one, attempts=attempts, error=error, due_at=next_try(attempts, now))


def _queue(tx: Tx, hook: Webhook, now: datetime) -> None:
    """Put the events since last time in the queue, those the client may see; a client without its key gets none."""
    client = tx.client(hook.client_id)
    if not _follows(client, now):
        return
    # Asked first: where it sees more than the events, what the desk gives a place in between would be passed over.
    end = tx.feed_end()
    events = tx.feed_after(hook.position, client.viewer, _EVENTS)
    for event in told(events, client.scopes):
        tx.add_delivery(Delivery(f"{hook.id}-{event.position}", hook.id, event.position, now, now))
    tx.move_webhook(hook.id, events[-1].position if len(events) == _EVENTS else end)


def _follows(client: ApiClient, now: datetime) -> bool:
    return client.open_at(now) and ApiScope.EVENTS_READ in client.scopes


def _body(tx: Tx, client: ApiClient, position: int) -> bytes | None:
    """The event as it may be told just now; None where the client may not see the case any more."""
    event = next(iter(told(tx.feed_after(position - 1, client.viewer, 1), client.scopes)), None)
    if event is None or event.position != position:
        return None
    return json.dumps(facts(event), default=datetime.isoformat, ensure_ascii=False).encode()


def hooks_pass(house: House) -> Callable[[datetime], object]:
    """The pass of this house; one that does nothing where the API is switched off."""
    chosen = house.settings.api
    if not chosen.enabled:
        return lambda _now: 0
    sealer = Sealer(house.settings.desk.secret.reveal())
    return Hooks(house.store, HookPost(chosen.webhook_networks), sealer, chosen.webhook_tries).sweep
