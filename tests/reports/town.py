"""A year of cases in a real store: made at random from a seed, with journal, deadlines, decisions and flags."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from cases.case import Case, CaseStatus, Channel, Outcome, Party
from cases.journal import CaseEvent, EventKind
from cases.people.access import Grant, Role, User
from cases.ports import Store, Tx
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType
from tests.desk.house import office

OFFICE = office()
NOW = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)
SENDER = "Berit Hemlig"
SUBJECT = "Min egen rubrik om Sigrid"
SUBJECTS = ("Gatubelysning", "Utebliven hjälp", "Bemötande", "")
UNITS = ("gata", "va", "skola", "hemtjanst", "kansli", "")
_WEIGHTS = (30, 12, 20, 15, 4, 3)
_ids = count(1)


def new_id() -> str:
    return f"{next(_ids):032x}"


def case(**changes: object) -> Case:
    """A plain complaint of May 2026, answered the day after."""
    identity = new_id()
    received = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
    values: dict[str, object] = {
        "id": identity,
        "number": f"EK-2026-{identity[-6:]}",
        "token": f"t{identity[-12:]}",
        "status": CaseStatus.CLOSED,
        "received_at": received,
        "channel": Channel.EMAIL,
        "sender": Party(SENDER, "berit@mejl.example"),
        "subject": SUBJECT,
        "authority_id": "ks",
        "register_subject": "Gatubelysning",
        "type": CaseType.KLAGOMAL,
        "area": Area.GATA_PARK,
        "unit_id": "gata",
        "outcome": Outcome.ACTED,
    }
    return Case(**{**values, **changes})  # type: ignore[arg-type]


def flag(kind: FlagKind) -> ConfidentialityFlag:
    return ConfidentialityFlag(kind, FlagState.CONFIRMED)


def add(tx: Tx, made: Case, answered_at: datetime | None = None, suggested: str = "") -> None:
    tx.add_case(made)
    if answered_at:
        tx.add_event(CaseEvent(new_id(), made.id, answered_at, "system", EventKind.ANSWERED, "Svar"))
    if suggested and made.unit_id:
        tx.add_decision(decision(made, suggested, made.unit_id))


def decision(made: Case, suggested: str, unit_id: str) -> RoutingDecision:
    return RoutingDecision(
        id=new_id(),
        case_id=made.id,
        decided_by="registrator",
        decided_at=made.received_at + timedelta(minutes=5),
        choice=RoutingChoice.UNIT,
        unit_id=unit_id,
        area=made.area or Area.KANSLI,
        suggested_area=Area.KANSLI,
        suggested_unit=suggested,
        model_version="prov-1",
        agreed=suggested == unit_id,
    )


def random_case(chance: random.Random, since: date, days: int) -> tuple[Case, datetime | None, str]:
    received = datetime(since.year, since.month, since.day, 7, tzinfo=UTC) + timedelta(
        days=chance.randrange(days), minutes=chance.randrange(900)
    )
    unit = chance.choices(UNITS, _WEIGHTS)[0]
    answered = received + timedelta(hours=chance.randrange(1, 200)) if chance.random() < 0.8 else None
    due = OFFICE.calendar.add_working_days(received.date(), 3)
    deadlines = [Deadline(PromiseKind.ANSWER, due, "R4", answered)]
    if chance.random() < 0.2:
        deadlines.append(Deadline(PromiseKind.ANSWER, due + timedelta(days=14), "R5", answered))
    kinds = [FlagKind.SOCIALTJANST] if chance.random() < 0.15 else []
    kinds += [FlagKind.VISSELBLASNING] if chance.random() < 0.05 else []
    status = chance.choices(
        [CaseStatus.CLOSED, CaseStatus.IN_PROGRESS, CaseStatus.NOT_A_CASE, CaseStatus.MERGED, CaseStatus.RECEIVED],
        [70, 15, 5, 5, 5],
    )[0]
    made = case(
        received_at=received,
        status=status,
        unit_id=unit,
        authority_id="son" if unit == "hemtjanst" else "ks",
        type=chance.choice([*CaseType, CaseType.KLAGOMAL, None]),
        area=chance.choice([Area.GATA_PARK, Area.GRUNDSKOLA, Area.ALDREOMSORG, Area.KOST, None]),
        channel=chance.choices([Channel.EMAIL, Channel.PHONE, Channel.VISIT], [20, 5, 1])[0],
        outcome=chance.choice([*Outcome, None]),
        register_subject=chance.choice(SUBJECTS),
        improvement=chance.choice(["", "", "Rutinen är ändrad.", "=2+2"]),
        closed_at=answered if status is CaseStatus.CLOSED else None,
        flags=tuple(flag(kind) for kind in kinds),
        deadlines=tuple(deadlines),
    )
    return made, answered, chance.choice(["gata", "skola", unit, ""])


def fill(store: Store, *, seed: int = 1, cases: int = 150, year: int = 2026) -> None:
    """The first half of a year, in one transaction."""
    chance = random.Random(seed)
    with store.begin() as tx:
        for _ in range(cases):
            add(tx, *random_case(chance, date(year, 1, 1), 181))


def user(name: str, *grants: Grant) -> User:
    return User(name, f"{name}@ekdala.example", name.title(), "", frozenset(grants))


REGISTRATOR = user("registrator", Grant(Role.REGISTRATOR))
SON_REGISTRATOR = user("son", Grant(Role.REGISTRATOR, "son"))
CHEF = user("chef", Grant(Role.CHEF, "gata"))
HEAD = user("head", Grant(Role.CHEF, "sbf"))
HANDLAGGARE = user("handlaggare", Grant(Role.HANDLAGGARE, "gata"))
ADMIN = user("admin", Grant(Role.ADMIN))
VISSEL = user("vissel", Grant(Role.VISSELMOTTAGARE))


def flagged(made: Case, kind: FlagKind) -> Case:
    return replace(made, flags=(flag(kind),))
