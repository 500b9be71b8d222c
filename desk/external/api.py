"""The API for other systems, below ``/api/v1``: cases to read, letters to hand in, events to follow.

An app of its own: no session, no cookie, a bearer token for each client, and every question authorised in the store.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Path, Query, Security
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cases.api import ApiClient, ApiScope, HandedIn, facts, token_key, told
from cases.case import Case, CaseStatus, Party
from cases.errors import StaleVersion
from cases.inbound.messages import Attachment
from cases.promises import in_force
from cases.steps.receiving import hand_in as steps
from cases.steps.receiving.by_hand import Spoken
from cases.store.reads import ReadPart
from cases.store.views import CaseLine, ListFilter, ListKind
from desk.context import Desk, desk_of
from desk.external.api_models import (
    CaseDetail,
    CaseList,
    CaseOut,
    DeadlineOut,
    EventList,
    EventOut,
    LetterIn,
    LetterOut,
    Problem,
)
from desk.external.api_problems import BodyLimit, Refused, add_problems, described, unexpected
from desk.outside import ApiSettings, Pace, neighbourhood
from desk.present import register_subject
from desk.problems import CalmMiddleware
from desk.security import client_address

_BEARER = HTTPBearer(auto_error=False, description="The client's token, shown once when it was made.")
_NOTED_EVERY = timedelta(minutes=1)
_ID = Path(max_length=64, pattern="^[0-9a-f-]+$")
_WRONG = "Give a valid token as `Authorization: Bearer lyhord_...`."
_ABOUT = """Lyhörd keeps citizens' letters to a municipality as cases.

What a client may see is decided by its scopes and units. A case with a confidentiality flag is seen only with the
scope `cases:protected` and its unit named for the client, and never with letter, sender or kind of flag."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A request by a client whose token works."""

    desk: Desk
    client: ApiClient
    now: datetime


def _caller(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Caller:
    desk, now = desk_of(request), desk_of(request).clock()
    client = _client(desk, credentials.credentials) if credentials else None
    if client is None:
        # Counted by address: a stranger may not ask faster than a client.
        _pace(request, f"address {neighbourhood(client_address(request))}", now)
        raise Refused(401, _WRONG, {"WWW-Authenticate": "Bearer"})
    _pace(request, client.id, now)
    if client.seen_at is None or now - client.seen_at >= _NOTED_EVERY:
        with desk.store.begin() as tx:
            tx.client_asked(client.id, now)
    return Caller(desk, client, now)


def _client(desk: Desk, token: str) -> ApiClient | None:
    """Whose token it is, where it works now."""
    with desk.store.read() as tx:
        client = tx.client_by_key(token_key(token)) if token else None
    return client if client is not None and client.open_at(desk.clock()) else None


def _known(desk: Desk, authorization: str) -> bool:
    """Whether a header holds a token that works."""
    scheme, token = get_authorization_scheme_param(authorization)
    return scheme.lower() == "bearer" and _client(desk, token) is not None


def _pace(request: Request, name: str, now: datetime) -> None:
    pace: Pace = request.app.state.pace
    seconds = pace.wait(name, now)
    if seconds:
        raise Refused(429, f"Wait {seconds} seconds.", {"Retry-After": str(seconds)})


class Needing:
    """A dependency that lets in clients with a scope; a class, for closures break FastAPI's look-up."""

    def __init__(self, scope: ApiScope) -> None:
        self.scope = scope

    def __call__(self, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        if self.scope not in caller.client.scopes:
            raise Refused(403, f"This client's token lacks the scope {self.scope.value}.")
        return caller


Reader = Annotated[Caller, Depends(Needing(ApiScope.CASES_READ))]
Writer = Annotated[Caller, Depends(Needing(ApiScope.LETTERS_WRITE))]
Follower = Annotated[Caller, Depends(Needing(ApiScope.EVENTS_READ))]


def create_api(desk: Desk, settings: ApiSettings) -> FastAPI:
    """The app, with its own problems and its own description."""
    app = FastAPI(title="Lyhörd", version="1", description=_ABOUT, docs_url=None, redoc_url=None, openapi_url=None)
    app.router.redirect_slashes = False
    app.state.desk, app.state.pace = desk, Pace(settings.per_minute)
    plain, wrong = (401, 403, 422, 429), (401, 403, 404, 422, 429)
    route = app.add_api_route
    route("/cases", list_cases, responses=described(*plain), response_model=CaseList, tags=["cases"])
    route("/cases/{case_id}", get_case, responses=described(*wrong), response_model=CaseDetail, tags=["cases"])
    route("/events", list_events, responses=described(*plain), response_model=EventList, tags=["events"])
    app.add_api_route(
        "/letters",
        hand_in,
        methods=["POST"],
        status_code=201,
        responses=described(400, 401, 403, 413, 422, 429),
        response_model=LetterOut,
        tags=["letters"],
    )
    if settings.description != "none":
        reader = description if settings.description == "token" else open_description
        app.add_api_route("/openapi.json", reader, include_in_schema=False)
    add_problems(app)
    app.add_middleware(BodyLimit, most=settings.max_letter_bytes, known=partial(_known, desk))
    app.add_middleware(CalmMiddleware, answer=unexpected)
    return app


def described_api(app: FastAPI, url: str) -> dict[str, Any]:
    """The OpenAPI document; every problem has one shape."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": f"{url}/api/v1"}],
    )
    schemas = found["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    return found


def open_description(request: Request) -> Response:
    """The description, for everybody."""
    return JSONResponse(described_api(request.app, desk_of(request).settings.base_url.rstrip("/")))


def description(request: Request, _caller: Annotated[Caller, Depends(_caller)]) -> Response:
    """The description, for who has a token."""
    return open_description(request)


def list_cases(
    caller: Reader,
    unit: Annotated[str, Query(max_length=64, description="Id of a unit.")] = "",
    status: Annotated[CaseStatus | None, Query()] = None,
    since: Annotated[date | None, Query(description="Received on this Swedish day or later.")] = None,
    until: Annotated[date | None, Query(description="Received on this Swedish day or before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> CaseList:
    """Cases this client may see, newest first."""
    filters = ListFilter(
        unit_id=unit, status=status, since=_sane(since), until=_sane(until), limit=limit, offset=offset
    )
    with caller.desk.store.read() as tx:
        lines = tx.lines(ListKind.ALL, caller.client.viewer, filters)
        total = tx.count(ListKind.ALL, caller.client.viewer, filters)
    return CaseList(items=[CaseOut(**_line(line)) for line in lines], total=total)


def _sane(day: date | None) -> date | None:
    """A day no calendar ends at: both ends of time are before and after every letter."""
    return None if day is None else min(max(day, date(1900, 1, 1)), date(2999, 12, 31))


def _line(case: CaseLine | Case) -> dict[str, Any]:
    names = ("id", "number", "registry_number", "status", "received_at", "channel", "type", "area", "protected")
    due = case.due if isinstance(case, CaseLine) else min((d.due for d in in_force(case.deadlines)), default=None)
    return {
        **{name: getattr(case, name) for name in names},
        "unit": case.unit_id,
        "authority": case.authority_id,
        "subject": register_subject(case),
        "due": due,
    }


def get_case(caller: Reader, case_id: Annotated[str, _ID]) -> CaseDetail:
    """One case. That a protected one was read is logged, as for any reader."""
    client = caller.client
    with caller.desk.store.read() as tx:
        case = tx.get_case(case_id, client.viewer)
        # Of an erased case no flag is left, but what is left of it is still for those alone who might read it.
        (line,) = tx.lines_by_id([case.id], client.viewer)
    if line.protected:
        with caller.desk.store.begin() as tx:
            tx.note_read(case.id, client.actor, caller.now, ReadPart.API)
    deadlines = [DeadlineOut(kind=d.kind, due=d.due, met_at=d.met_at) for d in case.deadlines]
    told_of = _line(case) | {"protected": line.protected}
    return CaseDetail(
        **told_of, version=case.version, outcome=case.outcome, closed_at=case.closed_at, deadlines=deadlines
    )


def hand_in(
    caller: Writer,
    letter: LetterIn,
    response: Response,
    idempotency_key: Annotated[
        str,
        Header(
            min_length=8,
            max_length=100,
            pattern="^[A-Za-z0-9_-]+$",
            description="Of your own, new for each letter. Sent again with the same letter, it gives the same case.",
        ),
    ],
) -> LetterOut:
    """Hand in a letter: it becomes a case as if it had come by mail, is sorted, and gets its receipt."""
    digest = sha256(letter.model_dump_json().encode("utf-8", "surrogatepass")).hexdigest()
    spoken = _spoken(letter, caller)
    try:
        done, before = _take_in(caller, spoken, idempotency_key, digest)
    except StaleVersion:
        done, before = _take_in(caller, spoken, idempotency_key, digest)
    response.headers["Location"] = f"/api/v1/cases/{done.case_id}"
    if before:
        response.headers["Idempotent-Replayed"] = "true"
    return LetterOut(id=done.case_id, number=done.number, received_at=done.at)


def _take_in(caller: Caller, spoken: Spoken, key: str, digest: str) -> tuple[HandedIn, bool]:
    with caller.desk.store.begin() as tx:
        return steps.hand_in(tx, spoken, caller.client, key, digest, caller.desk.office, caller.now)


def _spoken(letter: LetterIn, caller: Caller) -> Spoken:
    settings, moment = caller.desk.settings.api, letter.received_at or caller.now
    assert settings is not None
    if moment > caller.now + timedelta(minutes=5) or moment.year < 2000:
        raise Refused(422, "received_at lies in the future, or before any letter.")
    files: list[Attachment] = [
        settings.attach(one.name, one.content_type, b64decode(one.content)) for one in letter.attachments
    ]
    party = _party(letter)
    if party.email.lower() in caller.desk.office.own_addresses:
        raise Refused(422, "sender.email is the municipality's own mailbox.")
    return Spoken(letter.channel, party, letter.subject, letter.body, min(moment, caller.now), tuple(files))


def _party(letter: LetterIn) -> Party:
    who = letter.sender
    if who is None or not (who.name or who.email or who.phone or who.address):
        return Party(anonymous=True)
    return Party(name=who.name, email=who.email or "", phone=who.phone, address=who.address)


def list_events(
    caller: Follower,
    after: Annotated[int, Query(ge=0, le=2**62, description="`next` of the answer before; 0 from the start.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> EventList:
    """What has happened since in the cases this client may see."""
    store, client = caller.desk.store, caller.client
    with store.read() as tx:
        unfed = tx.unfed()
    if unfed:
        with store.begin() as tx:
            tx.feed(caller.now)
    with store.read() as tx:
        found = tx.feed_after(after, client.viewer, limit)
        onwards = found[-1].position if len(found) == limit else max(tx.feed_end(), after)
    return EventList(items=[EventOut(**facts(event)) for event in told(found, client.scopes)], next=onwards)
