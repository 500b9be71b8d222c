"""Other systems lose their key."""

from dataclasses import replace
from datetime import timedelta

from cases.api import ApiClient, ApiScope
from cases.people.accounts import AccessLine, AccountEvent
from cases.steps.settings.clients import Deed, revoke_client
from cases.webhooks import Webhook
from tests.cases.builders import NOW

CLIENT = ApiClient("c1", "Appen", "n", frozenset({ApiScope.EVENTS_READ}), frozenset({"*"}), NOW, NOW + timedelta(9))


class Clients:
    """A store of one client and of two webhooks, the second of another client."""

    def __init__(self) -> None:
        self.kept = CLIENT
        self.hooks = {one: Webhook(one, f"c{one[1]}", "https://a.example", "", 0, NOW) for one in ("w1", "w2")}
        self.lines: list[AccessLine] = []

    def client(self, _client_id: str) -> ApiClient:
        return self.kept

    def save_client(self, client: ApiClient) -> None:
        self.kept = client

    def webhooks(self) -> list[Webhook]:
        return list(self.hooks.values())

    def save_webhook(self, webhook: Webhook) -> None:
        self.hooks[webhook.id] = webhook

    def add_access(self, line: AccessLine) -> None:
        self.lines.append(line)


def test_with_its_key_a_clients_webhooks_end_and_nobody_elses() -> None:
    """Events went on to a system whose key was taken away."""
    store = Clients()
    for _ in range(2):
        revoke_client(store, "c1", Deed("u1", NOW))  # type: ignore[arg-type]
    assert store.kept == replace(CLIENT, revoked_at=NOW)
    assert {one.id: one.ended_at for one in store.webhooks()} == {"w1": NOW, "w2": None}
    assert [line.kind for line in store.lines] == [AccountEvent.API_REVOKED]


def test_a_key_works_until_its_time_is_over_and_not_at_that_moment() -> None:
    moments = (CLIENT.ends_at - timedelta(microseconds=1), CLIENT.ends_at)
    assert [CLIENT.open_at(moment) for moment in moments] == [True, False]
    assert not replace(CLIENT, revoked_at=NOW).open_at(NOW)
