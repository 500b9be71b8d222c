"""The simulated municipality: the real house on SQLite, a clock that jumps, a sink for mail, a model that is played."""

import heapq
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from cases.calendar import STOCKHOLM
from cases.case import Case
from cases.inbound.messages import RawMessage
from cases.letters.letter import OutboxEntry
from cases.people.access import EVERYWHERE, SYSTEM, Grant, Role, User
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Evidence, RankedArea, Severity, Suggestion
from cases.steps.answering.leaving import may_leave
from cases.steps.answering.unsend import never_left
from cases.store.views import AttachmentFile
from config import load
from notifier.mime import Identity, compose
from notifier.outbox import send_due
from notifier.smtp_answers import ServerUnavailable
from service.report_rules import draft_pass
from service.simulate.chance import Chance, Matter
from service.simulate.records import Away, Left, Outage
from service.stages import Stages
from service.whole_house import WholeHouse, build_whole
from storage import migrate

_WORD = re.compile(r"zq\d{5}x")
_ENVIRONMENT = {
    "LYHORD_IMAP_PASSWORD": "-",
    "LYHORD_SMTP_PASSWORD": "-",
    "LYHORD_OAUTH_SECRET": "-",
    "LYHORD_DESK_SECRET": "s" * 48,
}


class PlayedModel:
    """Says of each letter what chance decided it would, found by the nonsense word in it."""

    version = "played"

    def __init__(self, matters: Mapping[str, Matter]) -> None:
        self._matters = matters

    def suggest(self, subject: str, body: str) -> Suggestion:
        text = f"{subject}\n{body}"
        matter = self._matters.get(word_in(subject)) or self._matters.get(word_in(body))
        if matter is None or matter.junk:
            return _suggestion(text, Area.KANSLI, CaseType.OVRIGT, Severity.LAG, frozenset(), "sv")
        fresh = subject.startswith("Angående") or not subject.startswith("Sv:")
        flags = matter.said_flags if fresh else frozenset()
        return _suggestion(text, matter.said_area, matter.type, matter.severity, flags, matter.language)

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        return [self.suggest(*letter) for letter in letters]


def word_in(text: str) -> str:
    """The nonsense word of a letter, or empty."""
    found = _WORD.search(text)
    return found.group() if found else ""


def _suggestion(
    text: str, area: Area, kind: CaseType, severity: Severity, flags: frozenset[FlagKind], language: str
) -> Suggestion:
    others = [other for other in Area if other is not area]
    return Suggestion(
        areas=(RankedArea(area, 0.8), *(RankedArea(other, 0.2 / len(others)) for other in others)),
        type=kind,
        type_confidence=0.9,
        severity=severity,
        flags=tuple(ConfidentialityFlag(f, FlagState.SUGGESTED, text[:4], 0, 4, 0.9) for f in sorted(flags)),
        language=language,
        evidence=(Evidence(0, 4, text[:4], 1.0),),
        text=text,
        model_version="played",
    )


class Sink:
    """The mail server: takes every letter over while it is up, and remembers what left when."""

    def __init__(self, world: "World", identity: Identity) -> None:
        self._world, self._identity = world, identity

    def send(self, entry: OutboxEntry, files: Sequence[AttachmentFile] = ()) -> str:
        """Take a letter over. Raises ServerUnavailable while down."""
        world = self._world
        if world.down(world.mail_outages):
            raise ServerUnavailable("E-postservern svarar inte.")
        message = compose(entry, self._identity, world.now, files)
        plain = message.get_body(("plain",))
        left = Left(
            world.now,
            entry.recipient,
            world.number_of(entry.case_id),
            str(entry.letter.kind),
            entry.automatic,
            str(message["Subject"]),
            str(plain.get_content()) if plain else "",
            entry.message_id,
            str(message["Reply-To"] or self._identity.address),
            str(message["Auto-Submitted"] or ""),
        )
        world.letters.append(left)
        world.on_left(left)
        return "250 taken"


@dataclass
class World:
    """Time, the house in it, and what has happened; ``on_left`` is told of each letter that leaves."""

    profile: str
    chance: Chance
    start: datetime
    house: WholeHouse
    matters: dict[str, Matter] = field(default_factory=dict)
    letters: list[Left] = field(default_factory=list)
    daemon_outages: list[Outage] = field(default_factory=list)
    mail_outages: list[Outage] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    handlers: set[str] = field(default_factory=set)
    away: list[Away] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    on_left: Callable[[Left], None] = lambda _left: None

    def __post_init__(self) -> None:
        self.now = self.start
        self.office, self.store = self.house.office, self.house.store
        model = PlayedModel(self.matters)
        self.stages: Stages = replace(self.house.stages, classifier=lambda: model)
        smtp = self.house.settings.smtp
        self._sink = Sink(self, Identity(smtp.from_name, smtp.from_address, smtp.envelope_sender))
        self.address = smtp.from_address
        self._drafts = draft_pass(self.house)
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._turns, self.numbers = count(), count(1)
        self._case_numbers: dict[str, str] = {}

    def later(self, at: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a moment; what lies in the past happens at once."""
        heapq.heappush(self._queue, (max(at, self.now), next(self._turns), act))

    def run(self, until: datetime) -> None:
        """Let time pass: everything that is to happen, and the daemon's passes."""
        tick = self.now
        while self.now < until:
            if self._queue and self._queue[0][0] <= tick:
                self.now, _, act = heapq.heappop(self._queue)
                act()
                self.work()
            else:
                self.now = tick
                self.passes()
                tick = self._next_tick(tick)

    def _next_tick(self, tick: datetime) -> datetime:
        """Five past each hour while letters leave; at night and on days off, when passes do little, twice a day."""
        local = tick.astimezone(STOCKHOLM)
        working = self.office.calendar.is_working_day(local.date())
        if working and 6 < local.hour < 18:
            return tick + timedelta(hours=1)
        morning = local.replace(hour=7, minute=5) + timedelta(days=local.hour >= 7)
        return min(tick + timedelta(hours=8), morning.astimezone(UTC))

    def work(self) -> None:
        """What the daemon does every other second."""
        if self.down(self.daemon_outages):
            return
        self.stages.read(self.now)
        self.stages.suggest(self.now)
        send_due(
            self.store,
            self._sink,
            now=self.now,
            clock=lambda: self.now,
            new_id=self.house.new_id,
            check=lambda tx, entry: may_leave(tx, entry, self.office),
            never_left=lambda tx, entry: never_left(tx, entry, self.office, self.now),
            limit=1000,
        )

    def passes(self) -> None:
        """What the daemon does each minute and each hour; here each hour, five past."""
        if self.down(self.daemon_outages):
            return
        self.stages.sweep(self.now)
        self.stages.promises(self.now)
        if self.chance.chance(0.05):
            # A second machine, or a pass made twice, changes nothing.
            self.stages.promises(self.now)
        if self.now.astimezone(STOCKHOLM).hour == 9:
            self._drafts(self.now)
        self.work()

    def down(self, outages: list[Outage]) -> bool:
        """Whether one of these lasts just now."""
        return any(one.since <= self.now < one.until for one in outages)

    def post(self, raw: bytes) -> None:
        """A mail arrives in the mailbox and is kept."""
        number = next(self.numbers)
        kept = RawMessage("sim", "INBOX", 1, number, self.now, raw, sha256(raw).hexdigest())
        with self.store.begin() as tx:
            tx.keep_raw(kept, self.house.new_id(), self.now)

    def case(self, case_id: str) -> Case:
        """A case as it stands."""
        with self.store.read() as tx:
            return tx.get_case(case_id, SYSTEM)

    def number_of(self, case_id: str) -> str:
        """The case number, remembered."""
        if case_id and case_id not in self._case_numbers:
            self._case_numbers[case_id] = self.case(case_id).number
        return self._case_numbers.get(case_id, "")

    def matter(self, case: Case) -> Matter | None:
        """What a case is truly about; None where a machine wrote."""
        return self.matters.get(word_in(case.subject))

    def at_work(self, moment: datetime, hours: float = 0.0) -> datetime:
        """The moment after so many working hours (8.00 to 16.30 on working days)."""
        minutes = int(hours * 60)
        local = moment.astimezone(STOCKHOLM)
        while True:
            opens = local.replace(hour=8, minute=0, second=0, microsecond=0)
            closes = local.replace(hour=16, minute=30, second=0, microsecond=0)
            local = max(local, opens)
            rest = int((closes - local).total_seconds() // 60)
            if self.office.calendar.is_working_day(local.date()) and 0 <= minutes < rest:
                return (local + timedelta(minutes=minutes)).astimezone(UTC)
            if self.office.calendar.is_working_day(local.date()):
                minutes -= max(0, rest)
            local = opens + timedelta(days=1)

    def add_person(self, key: str, email: str, name: str, title: str, *grants: Grant) -> User:
        """Somebody who can act."""
        user = User(self.house.new_id(), email, name, title, frozenset(grants))
        with self.store.begin() as tx:
            tx.add_user(user)
        self.people[key] = user
        return user


def environment(folder: Path) -> dict[str, str]:
    """What the environment says of a municipality whose database lies in this folder."""
    return {**_ENVIRONMENT, "LYHORD_DATABASE_URL": f"sqlite:///{folder / 'year.sqlite'}"}


def open_world(profile: str, year: int, seed: int, folder: Path) -> World:
    """A municipality with a shipped profile on the first of January, in a database of its own."""
    settings = load(profile, environment(folder))
    migrate.upgrade(settings.database.url.reveal())
    start = datetime(year, 1, 1, 0, 5, tzinfo=STOCKHOLM).astimezone(UTC)
    ids, watch = count(1), _Watch()
    house = build_whole(settings, clock=watch, new_id=lambda: f"{next(ids):032x}")
    world = World(profile, Chance(seed), start, house)
    watch.world = world
    _settle(world)
    return world


class _Watch:
    """The house's clock, which shows the world's time."""

    world: World | None = None

    def __call__(self) -> datetime:
        return self.world.now if self.world else datetime(2026, 1, 1, tzinfo=UTC)


def _settle(world: World) -> None:
    """Everybody who works here."""
    tree = world.office.organisation
    scopes = (EVERYWHERE, *tree.authorities)
    every = [Grant(Role.REGISTRATOR, scope) for scope in scopes]
    domain = world.address.rpartition("@")[2]
    world.add_person("registrator", f"rut.alm@{domain}", "Rut Alm", "registrator", *every)
    world.add_person("vissel", f"vera.sten@{domain}", "Vera Sten", "utredare", Grant(Role.VISSELMOTTAGARE))
    for unit in tree.units.values():
        chef = unit.manager
        world.add_person(f"chef:{unit.id}", chef.email, chef.name, chef.title, Grant(Role.CHEF, unit.id))
        for number in (1, 2, 3):
            name = f"{('Ada', 'Bo', 'Cia')[number - 1]} {unit.id.title()}"
            email = f"{unit.id}{number}@{domain}"
            world.add_person(f"{unit.id}:{number}", email, name, "handläggare", Grant(Role.HANDLAGGARE, unit.id))
            world.handlers.add(email)
