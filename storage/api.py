"""Clients of the API, letters they handed in, and the feed of events they follow."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa

from cases.api import TOLD, ApiClient, ApiScope, FeedEvent, HandedIn
from cases.errors import NotFound
from cases.journal import EventKind
from cases.people.access import Viewer
from storage.rows import Row
from storage.tables.api import api_clients, event_feed, handed_in
from storage.tables.cases import cases, journal
from storage.visibility import visible
from storage.webhooks import WebhookPart

# Any number nobody else in the database takes for an advisory lock.
_LOCK = 20_261_126
# No transaction lasts as long: below what was fed then, nothing can turn up any more.
_SETTLED = timedelta(days=1)
_f = event_feed.c


class ApiPart(WebhookPart):
    """The whole of ``Api``."""

    def save_client(self, client: ApiClient) -> None:
        """Insert or replace a client."""
        row = asdict(client) | {"scopes": " ".join(sorted(client.scopes)), "units": " ".join(sorted(client.units))}
        self.replace(api_clients, ["id"], row)

    def client_asked(self, client_id: str, at: datetime) -> None:
        """The moment alone."""
        self.connection.execute(api_clients.update().where(api_clients.c.id == client_id).values(seen_at=at))

    def client(self, client_id: str) -> ApiClient:
        """Raises NotFound."""
        found = next(iter(self._clients(api_clients.c.id == client_id)), None)
        if found is None:
            raise NotFound(f"There is no API client {client_id!r}.")
        return found

    def client_by_key(self, key: str) -> ApiClient | None:
        """By the digest of its token."""
        return next(iter(self._clients(api_clients.c.key == key)), None)

    def clients(self) -> Sequence[ApiClient]:
        """All of them, by name."""
        return self._clients(sa.true())

    def _clients(self, which: sa.ColumnElement[bool]) -> list[ApiClient]:
        query = sa.select(api_clients).where(which).order_by(api_clients.c.name, api_clients.c.id)
        return [_client(row) for row in self.connection.execute(query).mappings()]

    def handed_in(self, client_id: str, key: str) -> HandedIn | None:
        """What became of it."""
        query = sa.select(handed_in).where(handed_in.c.client_id == client_id, handed_in.c.key == key)
        row = self.connection.execute(query).mappings().first()
        return HandedIn(**row) if row else None

    def keep_handed_in(self, done: HandedIn) -> bool:
        """Whoever is second waits for the first, and is told."""
        return self.insert_new(handed_in, asdict(done), ["client_id", "key"])

    def unfed(self) -> bool:
        """Whether journal lines wait."""
        return bool(self._unfed(1))

    def feed(self, now: datetime, limit: int = 1000) -> int:
        """Give committed journal lines their places."""
        if self.connection.dialect.name == "postgresql":
            # Held until we commit: the next one then sees our places and goes on after them.
            self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        end = self.feed_end()
        rows = [{"position": end + n, "event_seq": seq, "fed_at": now} for n, seq in enumerate(self._unfed(limit), 1)]
        if rows:
            self.connection.execute(event_feed.insert(), rows)
        return len(rows)

    def _unfed(self, limit: int) -> list[int]:
        latest = self.connection.execute(sa.select(sa.func.max(_f.fed_at))).scalar()
        # Position 0 is the end of the journal as it was when the feed began.
        settled = _f.position == 0 if latest is None else sa.or_(_f.position == 0, _f.fed_at < latest - _SETTLED)
        floor = self.connection.execute(sa.select(sa.func.max(_f.event_seq)).where(settled)).scalar() or 0
        fed = sa.exists().where(_f.event_seq == journal.c.seq)
        query = sa.select(journal.c.seq).where(journal.c.seq > floor, sa.not_(fed)).order_by(journal.c.seq)
        return list(self.connection.execute(query.limit(limit)).scalars())

    def feed_after(self, position: int, viewer: Viewer, limit: int) -> Sequence[FeedEvent]:
        """Authorised in the query, as every other question."""
        joined = event_feed.join(journal, journal.c.seq == _f.event_seq).join(cases, cases.c.id == journal.c.case_id)
        columns = (_f.position, journal.c.id, journal.c.at, journal.c.kind, journal.c.text)
        query = sa.select(*columns, cases.c.id.label("case_id"), cases.c.number, cases.c.protected)
        query = query.select_from(joined).where(_f.position > position, visible(viewer))
        return [_event(row) for row in self.connection.execute(query.order_by(_f.position).limit(limit)).mappings()]

    def feed_end(self) -> int:
        """0 where none was given."""
        return int(self.connection.execute(sa.select(sa.func.max(_f.position))).scalar() or 0)


def _client(row: Row) -> ApiClient:
    scopes = frozenset(map(ApiScope, row["scopes"].split()))
    return ApiClient(**{**row, "scopes": scopes, "units": frozenset(row["units"].split())})


def _event(row: Row) -> FeedEvent:
    kind = EventKind(row["kind"])
    text = row["text"] if kind in TOLD and not row["protected"] else ""
    return FeedEvent(
        row["position"], row["id"], row["case_id"], row["number"], row["at"], kind, text, protected=row["protected"]
    )
