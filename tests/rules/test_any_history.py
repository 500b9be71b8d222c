"""Whatever happened to a case, and however often the sweep ran, each promised letter left once and never wrongly."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.calendar import STOCKHOLM, local_day
from cases.case import ENDED, WAITING, Case, CaseStatus, Outcome
from cases.errors import LyhordError
from cases.letters.letter import LetterKind, OutboxEntry
from cases.people.access import SYSTEM, Grant, Role, User
from cases.ports import Tx
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import Effect, FlagKind, effects
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering import answer, closing
from cases.steps.routing.confirm import confirm
from cases.steps.watching import promises, reminders
from cases.steps.working import work
from storage import SqlStore
from storage.search.analyse import analyse
from tests.steps.house import START, SmallHouse, mail

K = LetterKind
TO_CITIZEN = (K.STATUS, K.LANGRE_TID, K.SEKRETESS_SAFE)
EVENTS = (
    "confirm",
    "special",
    "nothing",
    "back",
    "flag",
    "release",
    "assign",
    "accept",
    "status",
    "later",
    "ask",
    "svar",
    "orally",
    "close",
    "reopen",
    "reply",
    "merge",
    "bounce",
)
FLAGS = st.sets(st.sampled_from([FlagKind.SOCIALTJANST, FlagKind.HOT_VALD, FlagKind.SKYDDAD_IDENTITET, FlagKind.BARN]))


@dataclass(frozen=True)
class Happening:
    """After so many hours, this happens, and then the sweep runs so many times."""

    hours: float
    event: str
    flags: frozenset[FlagKind]
    sweeps: int


NO_FLAGS: frozenset[FlagKind] = frozenset()
happenings = st.builds(
    Happening,
    st.one_of(st.floats(0, 8), st.floats(8, 120)),
    st.one_of(st.sampled_from(EVENTS), st.sampled_from(("confirm", "assign", "flag", "back"))),
    st.one_of(st.just(NO_FLAGS), FLAGS.map(frozenset)),
    st.integers(0, 3),
)


def steps(*events: str, flags: frozenset[FlagKind] = NO_FLAGS) -> list[Happening]:
    """Confirmed at once, and then each of these at half past four on the next of the days when something is due."""
    times = (0, 126.5, 72, 72, 24)
    return [Happening(hours, event, flags, 2) for hours, event in zip(times, ("confirm", *events), strict=False)]


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHouse]:
    path = tmp_path_factory.mktemp("histories") / "lyhord.sqlite"
    copy(sqlite_template, path)
    store = SqlStore(f"sqlite:///{path}", analyser=analyse)
    made = SmallHouse(store)
    made.boss = made.person("bo@ekdala.example", "Bo Ek", Grant(Role.REGISTRATOR), Grant(Role.CHEF))  # type: ignore[attr-defined]
    made.numbers = count(1)  # type: ignore[attr-defined]
    yield made
    store.close()


@dataclass
class Life:
    """One case, living."""

    house: SmallHouse
    case_id: str
    boss: User
    swept: list[OutboxEntry] = field(default_factory=list)

    def happen(self, tx: Tx, what: Happening) -> None:
        case = tx.get_case(self.case_id, SYSTEM)
        now, office, one = self.house.now, self.house.office, (case.id, case.version)
        match what.event:
            case "confirm" | "special" | "nothing":
                self._confirm(tx, case, what)
            case "back":
                work.send_back(tx, *one, "Inte vår.", self.boss, office, now)
            case "flag":
                work.set_flags(tx, *one, what.flags, "Prövat.", self.boss, office, now)
            case "release":
                work.release_hold(tx, *one, "Prövat.", self.boss, office, now)
            case "assign":
                work.assign(tx, *one, self.house.handlaggare, self.boss, office, now)
            case "accept":
                work.accept(tx, *one, self.boss, office, now)
            case "orally":
                answer.answer_orally(tx, *one, Outcome.ANSWERED, "Per telefon.", self.boss, office, now)
            case "close":
                closing.close(tx, *one, "", self.boss, office, now, Outcome.NO_ACTION)
            case "reopen":
                closing.reopen(tx, *one, "Mer att göra.", self.boss, office, now)
            case "merge":
                tx.save_case(replace(case, status=CaseStatus.MERGED))
            case "bounce":
                tx.save_case(replace(case, mail_refused="Studsade."))
            case "reply":
                tx.save_case(replace(case, status=CaseStatus.REOPENED) if case.status in ENDED else case)
            case _:
                self._write(tx, case, what.event)

    def _confirm(self, tx: Tx, case: Case, what: Happening) -> None:
        choice = {"special": RoutingChoice.SPECIAL_TRACK, "nothing": RoutingChoice.NOT_A_CASE}
        request = RoutingRequest(
            version=case.version,
            choice=choice.get(what.event, RoutingChoice.UNIT),
            unit_id="gata",
            area=Area.GATA_PARK,
            type=CaseType.KLAGOMAL,
            severity=Severity.NORMAL,
            flags=what.flags,
            track="Överklagande",
            reason="Prövat.",
        )
        confirm(tx, case.id, request, self.boss, self.house.office, self.house.now)

    def _write(self, tx: Tx, case: Case, event: str) -> None:
        kind, values = {
            "status": (K.STATUS, {"lage": "Vi tittar.", "nasta_steg": "Vi svarar."}),
            "later": (K.LANGRE_TID, {"ny_tid": "18 december 2026", "skal": "Vi väntar på en del."}),
            "ask": (K.KOMPLETTERA, {"fraga": "Vilken lampa?", "svarsdatum": "3 december 2026"}),
            "svar": (K.SVAR, {"svar": "Den är lagad."}),
        }[event]
        answer.answer(tx, case.id, case.version, kind, values, self.boss, self.house.office, self.house.now)

    def case(self) -> Case:
        with self.house.store.read() as tx:
            return tx.get_case(self.case_id, SYSTEM)

    def letters(self) -> list[OutboxEntry]:
        with self.house.store.read() as tx:
            return list(tx.letters_of(self.case_id))

    def sweep(self) -> None:
        before, known = self.case(), {entry.id for entry in self.letters()}
        with self.house.store.begin() as tx:
            promises.keep(tx, self.case_id, self.house.office, self.house.now)
            reminders.hand_back(tx, self.case_id, self.house.office, self.house.now)
        for entry in self.letters():
            if entry.id not in known:
                self.swept.append(entry)
                allowed(self.house, before, entry)


def allowed(house: SmallHouse, case: Case, entry: OutboxEntry) -> None:
    """What the sweep queued was within bounds for the case as it stood: other words than the engine's own."""
    kind = entry.letter.kind
    local = house.now.astimezone(STOCKHOLM)
    assert local.weekday() < 5
    assert 7 <= local.hour < 18
    assert case.status not in ENDED
    assert kind in {*TO_CITIZEN, K.PAMINNELSE_FORE, K.PAMINNELSE_EFTER, K.TILL_CHEF} | {
        K.TILL_REGISTRATOR,
        K.TILL_ENHETSREGISTRATOR,
    }
    if kind not in TO_CITIZEN:
        return
    assert entry.automatic
    assert case.status not in WAITING
    assert case.unit_id
    assert not case.mail_refused
    found = effects(case.flags)
    assert Effect.NO_MAIL not in found
    assert Effect.HOLD not in found or case.hold_released
    assert (kind is K.SEKRETESS_SAFE) is (Effect.SAFE in found)
    owed = {d.kind: d for d in case.deadlines if d.met_at is None}
    promise = PromiseKind.STATUS if kind is K.STATUS else PromiseKind.ANSWER
    assert promise in owed or kind is K.SEKRETESS_SAFE


def at_most_once(swept: list[OutboxEntry]) -> None:
    sent = Counter(e.letter.kind for e in swept)
    assert sent[K.STATUS] <= 1
    assert sent[K.LANGRE_TID] <= 1
    assert sum(sent[kind] for kind in TO_CITIZEN) <= 2
    before = Counter((e.recipient, _due_line(e)) for e in swept if e.letter.kind is K.PAMINNELSE_FORE)
    after = Counter((e.recipient, local_day(e.created_at)) for e in swept if e.letter.kind is K.PAMINNELSE_EFTER)
    assert all(times == 1 for times in (before + after).values())


def _due_line(entry: OutboxEntry) -> str:
    return next(line for line in entry.letter.text.splitlines() if line.startswith("Svarstid:"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps("back", "reply", "confirm"))
@example(steps("reply", "reply", "release", flags=frozenset({FlagKind.HOT_VALD})))
@example(steps("close", "reopen", "reply"))
@example(steps("later", "ask", "svar"))
@example(steps("assign", "accept", "status"))
@example(steps("flag", "reply", "reply", flags=frozenset({FlagKind.SOCIALTJANST})))
@example(steps("nothing", "reply", "merge"))
@given(history=st.lists(happenings, min_size=1, max_size=12))
def test_each_promised_letter_leaves_at_most_once_and_never_to_a_forbidden_case(
    house: SmallHouse, history: list[Happening]
) -> None:
    number, house.now = next(house.numbers), START
    house.receive(mail(f"Brev {number}", sender=f"p{number}@mejl.example", message_id=f"<h{number}@mejl.example>"))
    with house.store.read() as tx:
        life = Life(house, tx.case_by_number(f"EK-2026-{number:05d}"), house.boss)
    for what in history:
        house.now += timedelta(hours=what.hours)
        with suppress(LyhordError), house.store.begin() as tx:
            life.happen(tx, what)
        for _ in range(what.sweeps):
            life.sweep()
    _to_the_end(life, datetime(2027, 1, 11, 9, tzinfo=START.tzinfo))
    at_most_once(life.swept)
    _kept(life)


def _to_the_end(life: Life, end: datetime) -> None:
    life.house.now = max(end, life.house.now)
    for _ in range(2):
        life.sweep()


def _kept(life: Life) -> None:
    """Nothing that could be kept was left: what is still owed after all sweeps has a reason not to be written."""
    case = life.case()
    may = case.unit_id and case.status not in ENDED | WAITING and not case.mail_refused
    held = {Effect.NO_MAIL, Effect.HOLD} & effects(case.flags) and not case.hold_released
    if may and not held and Effect.NO_MAIL not in effects(case.flags):
        owed = [d for d in in_force(case.deadlines) if d.kind is PromiseKind.STATUS]
        assert owed == []
        first = case.deadline(PromiseKind.ANSWER)
        assert first.met_at or len(case.deadlines) > 3
