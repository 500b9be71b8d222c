"""Other systems that ask over the API: what each may do, its key, and the feed of events they follow."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from cases.journal import EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.people.access import EVERYWHERE, Viewer
from cases.records.public import PublicPages
from cases.webhooks import Webhooks


class ApiScope(StrEnum):
    """What a client may do."""

    CASES_READ = "cases:read"
    CASES_PROTECTED = "cases:protected"
    LETTERS_WRITE = "letters:write"
    EVENTS_READ = "events:read"


SCOPE_NAMES: dict[ApiScope, str] = {
    ApiScope.CASES_READ: "Läsa ärendens uppgifter, inte breven",
    ApiScope.CASES_PROTECTED: "Också skyddade ärenden, hos de enheter som är utpekade",
    ApiScope.LETTERS_WRITE: "Lämna in brev",
    ApiScope.EVENTS_READ: "Följa vad som händer, och få det skickat till sig",
}
PREFIX = "lyhord_"


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Another system. ``key`` is the digest of its token; ``units`` are ids, or ``*`` for every unflagged case.

    ``seen_at`` is when it last asked, to the minute.
    """

    id: str
    name: str
    key: str
    scopes: frozenset[ApiScope]
    units: frozenset[str]
    made_at: datetime
    ends_at: datetime
    made_by: str = "system"
    revoked_at: datetime | None = None
    seen_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """Whether its token works then."""
        return self.revoked_at is None and now < self.ends_at

    @property
    def actor(self) -> str:
        """What the journal and the log of readings call it."""
        return f"api:{self.id}"

    @property
    def viewer(self) -> Viewer:
        """What it may read: unflagged cases of its units; flagged ones by a scope of their own, of named units alone.

        Of whistle-blowing it reads nothing, whatever it was given.
        """
        named = self.units - {EVERYWHERE}
        return Viewer(
            user_id=self.actor,
            member_units=named,
            registrator_units=named if ApiScope.CASES_PROTECTED in self.scopes else frozenset(),
            sees_unflagged=EVERYWHERE in self.units,
        )


def new_api_token(drawn: str = "") -> str:
    """A token of 256 bits, shown once: those given, as text, or drawn here."""
    return PREFIX + (drawn or secrets.token_urlsafe(32))


def token_key(token: str) -> str:
    """The digest a token is kept and found by."""
    return sha256(f"api:{token}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One line of a journal with its place in the feed. ``text`` is empty where it might say too much."""

    position: int
    id: str
    case_id: str
    case_number: str
    at: datetime
    kind: EventKind
    text: str
    protected: bool


# Their texts are fixed words of ours; other texts may quote a person, name a flag, or the number of another case.
TOLD = frozenset({EventKind.LETTER_QUEUED, EventKind.LETTER_SENT, EventKind.REGISTERED})
# That these happened at all tells of a flag, or of one that was, or of a case that hangs together with the one told of.
UNTOLD = frozenset(
    {
        EventKind.FLAGGED,
        EventKind.UNFLAGGED,
        EventKind.READER_ADDED,
        EventKind.READER_REMOVED,
        EventKind.HOLD_RELEASED,
        EventKind.READ,
        EventKind.ALARM,
        EventKind.LETTER_WITHHELD,
        EventKind.TRACK_CHOSEN,
        EventKind.LINKED,
    }
)


def told(events: Iterable[FeedEvent], scopes: Iterable[ApiScope]) -> list[FeedEvent]:
    """Those a client with these scopes is told of; the neutral letter by no name, for it tells of a flag."""
    if ApiScope.CASES_PROTECTED in frozenset(scopes):
        # A client may read protected cases of one unit, and the one linked to is of another.
        return [event for event in events if event.kind is not EventKind.LINKED]
    neutral = LETTER_NAMES[LetterKind.SEKRETESS_SAFE]
    seen = (event for event in events if event.kind not in UNTOLD)
    return [replace(event, text="") if neutral in event.text else event for event in seen]


def facts(event: FeedEvent) -> dict[str, Any]:
    """An event as the API and webhooks tell it."""
    return asdict(event)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A letter that a client handed in under a key of its own (Idempotency-Key), and what became of it."""

    client_id: str
    key: str
    digest: str
    case_id: str
    number: str
    at: datetime


class Api(Webhooks, Protocol):
    """Clients, the feed, and letters handed in."""

    def save_client(self, client: ApiClient) -> None:
        """Insert or replace a client."""

    def client_asked(self, client_id: str, at: datetime) -> None:
        """Note when it last asked, and nothing else: whoever revokes it meanwhile has revoked it."""

    def client(self, client_id: str) -> ApiClient:
        """Raises NotFound."""

    def client_by_key(self, key: str) -> ApiClient | None:
        """The client of a token's digest, whether its token still works or not."""

    def clients(self) -> Sequence[ApiClient]:
        """All of them, by name."""

    def handed_in(self, client_id: str, key: str) -> HandedIn | None:
        """What became of the letter with this key."""

    def keep_handed_in(self, done: HandedIn) -> bool:
        """Remember it; False where the client has used the key before, in whatever process."""

    def unfed(self) -> bool:
        """Whether journal lines wait for their place in the feed."""

    def feed(self, now: datetime, limit: int = 1000) -> int:
        """Give committed journal lines their places, one process at a time; returns how many.

        A place is never given before a lower one can be seen, as the journal's own serial is on PostgreSQL, where a
        transaction may commit after a later one: who follows the feed misses nothing.
        """

    def feed_after(self, position: int, viewer: Viewer, limit: int) -> Sequence[FeedEvent]:
        """Events after a position in cases the viewer may read, in order; a protected one without its text."""

    def feed_end(self) -> int:
        """The last position given."""


class Outside(PublicPages, Api, Protocol):
    """What everybody but staff asks of the store."""
