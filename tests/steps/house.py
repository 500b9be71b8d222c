"""A small house for tests of the steps: real store and renderer, a clock one turns, a model that obeys."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from threading import Thread

from cases.calendar import WorkingCalendar, local_day
from cases.case import Case
from cases.inbound.messages import RawMessage
from cases.letters.letter import OutboxEntry
from cases.letters.permit import Permit
from cases.office import LetterRules, Office
from cases.people.access import Grant, Role, User
from cases.ports import Sender, Store, Tx
from cases.promises import Counting, Promise, PromiseKind, Rollover
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Evidence, RankedArea, Severity, Suggestion
from cases.steps.answering.leaving import may_leave
from cases.steps.answering.unsend import never_left
from cases.steps.routing.confirm import confirm
from cases.steps.working import work
from cases.store.views import AttachmentFile
from ingest.parse import parse
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.outbox import send_due
from service.bootstrap import screen, swedish_days_off
from service.stages import Stages
from tests.cases.builders import an_organisation

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PROMISES = (
    Promise(PromiseKind.RECEIPT, 1, Counting.WORKING, rule="R2"),
    Promise(PromiseKind.ANSWER, 3, Counting.WORKING, rule="R4"),
    Promise(PromiseKind.STATUS, 10, Counting.CALENDAR, Rollover.BACK, "O24"),
)


UNLIMITED: dict[str, object] = {
    "letters": LetterRules(receipts_per_day=10_000, notices_per_sender=10_000, notices_per_hour=10_000)
}
"""The office's changes where letters in any number are each to cause all they can."""


@cache
def _renderer() -> TemplateRenderer:
    """One for all tests: compiling the templates takes longer than most tests do."""
    return TemplateRenderer(sample_constants())


@dataclass
class ScriptedModel:
    """Says the same of every letter until told otherwise; ``down`` makes it fail as a missing model does."""

    area: Area = Area.GATA_PARK
    type: CaseType = CaseType.FELANMALAN
    severity: Severity = Severity.NORMAL
    flags: tuple[FlagKind, ...] = ()
    language: str = "sv"
    confidence: float = 0.9
    version: str = "scripted"
    doubt: str = ""

    def suggest(self, subject: str, body: str) -> Suggestion:
        text = f"{subject}\n{body}"
        others = [a for a in Area if a is not self.area]
        ranked = [RankedArea(self.area, 0.8), *(RankedArea(a, 0.2 / len(others)) for a in others)]
        return Suggestion(
            areas=tuple(ranked),
            type=self.type,
            type_confidence=self.confidence,
            severity=self.severity,
            flags=tuple(ConfidentialityFlag(k, FlagState.SUGGESTED, text[:4], 0, 4, 0.9) for k in self.flags),
            language=self.language,
            evidence=(Evidence(0, 4, text[:4], 1.0),),
            text=text,
            model_version=self.version,
            doubt=self.doubt,
        )

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        return [self.suggest(*letter) for letter in letters]


class _Swallows:
    """A mail server that takes everything at once."""

    def send(self, entry: OutboxEntry, files: Sequence[AttachmentFile] = ()) -> str:
        del entry, files
        return "250 taken"


_SWALLOWS = _Swallows()


@dataclass
class SmallHouse:
    """Everything a test of the steps needs; ``now`` is the clock."""

    store: Store
    model: ScriptedModel = field(default_factory=ScriptedModel)
    now: datetime = START
    office_changes: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = count(1)
        self.office = Office(
            organisation=an_organisation(),
            promises=PROMISES,
            calendar=WorkingCalendar(swedish_days_off),
            renderer=_renderer(),
            new_id=lambda: f"{next(ids):032x}",
            case_pattern="EK-{year}-{serial:05d}",
            mail_domain="ekdala.example",
            desk_url="https://lyhord.ekdala.example",
            own_addresses=frozenset({"feedback@ekdala.example"}),
            reply_pattern="feedback+{token}@ekdala.example",
            screen=screen,
            today=lambda: local_day(self.now),
        )
        self.office = replace(self.office, **self.office_changes)  # type: ignore[arg-type]
        self.stages = Stages(self.store, self.office, parse, lambda: self.model)
        self._uids = count(1)
        self.registrator = self.person("rut@ekdala.example", "Rut Alm", Grant(Role.REGISTRATOR))
        self.handlaggare = self.person("hans@ekdala.example", "Hans Vik", Grant(Role.HANDLAGGARE, "gata"))

    def person(self, email: str, name: str, *grants: Grant) -> User:
        user = User(self.office.new_id(), email, name, "handläggare", frozenset(grants))
        with self.store.begin() as tx:
            tx.add_user(user)
        return user

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def post(self, raw: bytes) -> None:
        """A letter arrives in the mailbox and is kept."""
        kept = RawMessage("feedback", "INBOX", 1, next(self._uids), self.now, raw, sha256(raw).hexdigest())
        with self.store.begin() as tx:
            tx.keep_raw(kept, self.office.new_id(), self.now)

    def run(self) -> None:
        """Read and suggest what waits."""
        self.stages.read(self.now)
        self.stages.suggest(self.now)

    def receive(self, raw: bytes) -> None:
        self.post(raw)
        self.run()

    def may_leave(self, tx: Tx, entry: OutboxEntry) -> Permit:
        return may_leave(tx, entry, self.office)

    def send(self, server: Sender = _SWALLOWS) -> None:
        """One pass over the outbox, to a mail server that takes everything."""
        send_due(
            self.store,
            server,
            now=self.now,
            clock=lambda: self.now,
            new_id=self.office.new_id,
            check=self.may_leave,
            never_left=lambda tx, entry: never_left(tx, entry, self.office, self.now),
        )


def promises_at_once(house: SmallHouse, machines: int = 4) -> None:
    """So many machines keep the promises that are due, at the same time."""
    threads = [Thread(target=house.stages.promises, args=(house.now,)) for _ in range(machines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def route(house: SmallHouse, case: Case, *flags: FlagKind) -> Case:
    """The registrator gives the case to Gatuenheten, as a fault report with these flags."""
    request = RoutingRequest(
        version=case.version,
        choice=RoutingChoice.UNIT,
        unit_id="gata",
        area=Area.GATA_PARK,
        type=CaseType.FELANMALAN,
        severity=Severity.NORMAL,
        flags=frozenset(flags),
    )
    with house.store.begin() as tx:
        return confirm(tx, case.id, request, house.registrator, house.office, house.now)


def into_hands(house: SmallHouse, case: Case, person: User, *flags: FlagKind) -> Case:
    """The same, and somebody is given it and accepts."""
    case = route(house, case, *flags)
    with house.store.begin() as tx:
        case = work.assign(tx, case.id, case.version, person, house.registrator, house.office, house.now)
        return work.accept(tx, case.id, case.version, person, house.office, house.now)


def mail(
    body: str = "Lampan utanför skolan är trasig. Kan ni laga den?",
    *,
    subject: str = "Trasig lampa",
    sender: str = "Berit Alm <berit@mejl.example>",
    to: str = "feedback@ekdala.example",
    message_id: str = "<m1@mejl.example>",
    **headers: str,
) -> bytes:
    """A plain letter; further headers by name with ``_`` for ``-``."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Message-ID: {message_id}"] if message_id else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", body, ""]
    return "\r\n".join(lines).encode()
