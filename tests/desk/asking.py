"""Somebody who asks the interface, for tests."""

from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from cases.api import ApiClient, ApiScope, token_key
from desk.outside import ApiSettings
from ingest.reading.attachments import make_attachment
from tests.desk.conftest import BASE, make_app

API = ApiSettings(attach=make_attachment, description="open", per_minute=100_000, max_letter_bytes=200_000)
READ, PROTECTED, WRITE, FOLLOW = ApiScope
KEY = {"Idempotency-Key": "letter-0001"}
LETTER = {"body": "Papperskorgen vid busshållplatsen är full.", "channel": "app", "sender": {"email": "a@b.example"}}
ROUTES = {
    ("GET", "/cases"): READ,
    ("GET", "/cases/{id}"): READ,
    ("POST", "/letters"): WRITE,
    ("GET", "/events"): FOLLOW,
}


class Asker:
    """Another system with its token; each has an own place to ask from."""

    def __init__(
        self, house, *scopes: ApiScope, units=("gata",), days: int = 30, name: str = "Appen", **settings
    ) -> None:
        self.token = f"lyhord_{name}-{'-'.join(scopes)}-{'-'.join(units)}"
        self.made = ApiClient(
            id=house.office.new_id(),
            name=name,
            key=token_key(self.token),
            scopes=frozenset(scopes),
            units=frozenset(units),
            made_at=house.clock(),
            ends_at=house.clock() + timedelta(days=days),
        )
        with house.store.begin() as tx:
            tx.save_client(self.made)
        self.client = TestClient(make_app(house, api=replace(API, **settings)), base_url=BASE, follow_redirects=False)

    def ask(self, path: str, method: str = "GET", headers=None, **more):
        told = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.client.request(method, f"/api/v1{path}", headers=told, **more)

    def numbers(self, query: str = "") -> set[str]:
        return {one["number"] for one in self.ask(f"/cases{query}").json()["items"]}
