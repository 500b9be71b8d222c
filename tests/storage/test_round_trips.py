"""Whatever a message or a case holds comes back from both databases as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case import Case, CaseStatus, Channel, Outcome, Party
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import Attachment, Bounce, InboundMessage, Mailaddress, MessageKind, ScanState
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Evidence, RankedArea, Severity, SpokenRule, Suggestion
from cases.routing.tracks import SuggestedTrack, Track
from cases.store.views import StoredMessage
from storage import SqlStore
from storage.tables.columns import storable
from tests.storage.samples import NOW, case

ANYTHING = st.text(max_size=40)
# What the database itself takes: no NUL, no half of a pair. Mail is kept whole all the same, as JSON.
TEXT = ANYTHING.map(storable)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=ZONES)  # noqa: DTZ001
DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))
NUMBERS = st.integers(-1, 2**31 - 1)
SHARES = st.floats(0, 1)


def tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=3).map(tuple)


def all_of(kind: type, text: st.SearchStrategy[str], /, **special: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A dataclass with every field drawn, so that a new field cannot be forgotten."""
    drawn = {field.name: special.get(field.name, text) for field in fields(kind)}
    return st.builds(kind, **drawn)


ADDRESSES = tuples(all_of(Mailaddress, ANYTHING))
ATTACHMENTS = tuples(
    all_of(
        Attachment,
        TEXT,
        size=st.integers(0, 2**40),
        content=st.just(b""),
        inline=st.booleans(),
        scan=st.sampled_from(ScanState),
    )
)
FORMS = all_of(
    FormAnswers,
    ANYTHING,
    channel=st.sampled_from(Channel),
    proven=st.booleans(),
    anonymous=st.booleans(),
    answer_wanted=st.booleans(),
)
MESSAGES = all_of(
    InboundMessage,
    ANYTHING,
    references=tuples(ANYTHING),
    date=st.none() | MOMENTS,
    to=ADDRESSES,
    cc=ADDRESSES,
    kind=st.sampled_from(MessageKind),
    attachments=ATTACHMENTS,
    defects=tuples(ANYTHING),
    bounces=tuples(all_of(Bounce, ANYTHING)),
    delivered_to=tuples(ANYTHING),
    auth=tuples(st.tuples(ANYTHING, ANYTHING)),
    received_by_own=st.none() | MOMENTS,
    forwarded_from=st.none() | all_of(Mailaddress, ANYTHING),
    form=st.none() | FORMS,
    handed_in_by=tuples(ANYTHING),
)
FLAGS = tuples(
    all_of(
        ConfidentialityFlag,
        TEXT,
        kind=st.sampled_from(FlagKind),
        state=st.sampled_from(FlagState),
        start=NUMBERS,
        end=NUMBERS,
        confidence=SHARES,
    )
)
DEADLINES = tuples(all_of(Deadline, TEXT, kind=st.sampled_from(PromiseKind), due=DATES, met_at=st.none() | MOMENTS))
CASES = all_of(
    Case,
    TEXT,
    id=st.just("c1"),
    token=st.just("token"),
    number=st.just("EK-2026-1"),
    status=st.sampled_from(CaseStatus),
    received_at=MOMENTS,
    channel=st.sampled_from(Channel),
    sender=all_of(Party, TEXT, anonymous=st.booleans()),
    version=st.integers(0, 1000),
    type=st.none() | st.sampled_from(CaseType),
    severity=st.none() | st.sampled_from(Severity),
    area=st.none() | st.sampled_from(Area),
    registry_number=st.sampled_from(["", "KS/2026:1"]),
    outcome=st.none() | st.sampled_from(Outcome),
    opened_at=st.none() | MOMENTS,
    closed_at=st.none() | MOMENTS,
    # A number of a case that was erased finds nothing.
    disposed_at=st.none(),
    hold_released=st.booleans(),
    flags=FLAGS,
    deadlines=DEADLINES,
)
ENTRIES = all_of(
    OutboxEntry,
    TEXT,
    id=st.just("e1"),
    case_id=st.sampled_from(["", "c1"]),
    letter=all_of(Letter, TEXT, kind=st.sampled_from(LetterKind)),
    created_at=MOMENTS,
    not_before=MOMENTS,
    status=st.sampled_from(OutboxStatus),
    automatic=st.booleans(),
    references=tuples(ANYTHING),
    enclosures=tuples(st.from_regex(r"[0-9a-f]{32}-[0-9]{1,2}", fullmatch=True)),
    shown=tuples(st.from_regex(r"[!-~]{3,20}", fullmatch=True)),
    attempts=st.integers(0, 1000),
    retry_at=st.none() | MOMENTS,
    claimed_at=st.none() | MOMENTS,
    sent_at=st.none() | MOMENTS,
)


def _without_stray_share(made: Suggestion) -> Suggestion:
    return made if made.unit_id else replace(made, unit_confidence=0.0)


SUGGESTIONS = all_of(
    Suggestion,
    ANYTHING,
    areas=tuples(st.builds(RankedArea, st.sampled_from(Area), SHARES)),
    type=st.sampled_from(CaseType),
    type_confidence=SHARES,
    severity=st.sampled_from(Severity),
    flags=FLAGS,
    evidence=tuples(all_of(Evidence, ANYTHING, start=NUMBERS, end=NUMBERS, weight=SHARES)),
    model_version=TEXT,
    unit_confidence=SHARES,
    tracks=tuples(
        all_of(SuggestedTrack, ANYTHING, track=st.sampled_from(Track), start=NUMBERS, end=NUMBERS, confidence=SHARES)
    ),
    imprint=st.none(),
    rule=st.none() | all_of(SpokenRule, TEXT),
).map(_without_stray_share)
DECISIONS = all_of(
    RoutingDecision,
    TEXT,
    id=st.just("d1"),
    case_id=st.just("c1"),
    decided_at=MOMENTS,
    choice=st.sampled_from(RoutingChoice),
    area=st.sampled_from(Area),
    suggested_area=st.none() | st.sampled_from(Area),
    agreed=st.booleans(),
    none_fits=st.booleans(),
)
EVENTS = all_of(CaseEvent, TEXT, id=st.just("v1"), case_id=st.just("c1"), at=MOMENTS, kind=st.sampled_from(EventKind))

often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def undone(store: SqlStore) -> Iterator[Any]:
    """A transaction of which nothing is kept."""
    with store.begin() as tx:
        yield tx
        tx.connection.get_transaction().rollback()


def test_a_message(store: SqlStore) -> None:
    @often
    @given(MESSAGES, MOMENTS, st.sampled_from(["in", "out", "staff"]), st.booleans())
    def there_and_back(message: InboundMessage, at: datetime, direction: str, outsider: bool) -> None:
        kept = StoredMessage("m1", "c1", at, message, "", direction, outsider)
        with undone(store) as tx:
            tx.add_case(case())
            tx.add_message(kept)
            back = tx.get_message("m1")
            assert back == kept
            assert (back.message.date is None) == (message.date is None)
            if message.date and back.message.date:
                assert back.message.date.utcoffset() == message.date.utcoffset()
            assert tx.case_file("c1", SYSTEM).messages == (kept,)

    there_and_back()


def test_a_case(store: SqlStore) -> None:
    @often
    @given(CASES, CASES)
    def there_and_back(first: Case, second: Case) -> None:
        with undone(store) as tx:
            tx.add_case(first)
            assert tx.get_case("c1", SYSTEM) == first
            saved = tx.save_case(_with_version(second, first.version))
            assert saved == _with_version(second, first.version + 1) == tx.get_case("c1", SYSTEM)

    there_and_back()


def _with_version(one: Case, version: int) -> Case:
    return Case(**{field.name: getattr(one, field.name) for field in fields(Case)} | {"version": version})


def test_what_belongs_to_a_case(store: SqlStore) -> None:
    @often
    @given(ENTRIES, SUGGESTIONS, DECISIONS, EVENTS)
    def there_and_back(entry: OutboxEntry, made: Suggestion, decision: RoutingDecision, event: CaseEvent) -> None:
        with undone(store) as tx:
            tx.add_case(case())
            tx.queue(entry)
            tx.add_suggestion("c1", "m1", made, NOW)
            tx.add_decision(decision)
            tx.add_event(event)
            assert tx.get_entry("e1") == entry
            file = tx.case_file("c1", SYSTEM)
            assert (file.suggestion, file.decisions, file.events) == (made, (decision,), (event,))

    there_and_back()


@given(ANYTHING)
def test_storable_text_changes_only_what_no_database_takes(text: str) -> None:
    kept = storable(text)
    kept.encode()
    assert "\x00" not in kept
    assert all(a == b or b == "\ufffd" for a, b in zip(text, kept, strict=True))


def test_moments_keep_their_instant(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case(received_at=datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))))
        assert tx.get_case("c1", SYSTEM).received_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
