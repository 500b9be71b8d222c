"""Two letters of one lamp, for tests of cases that are put together, parted or answered together."""

import pytest

from cases.case import Case
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering.answer import answer
from cases.steps.routing.confirm import confirm
from cases.steps.routing.merge import merge
from tests.steps.house import SmallHouse, mail

SVAR = {"svar": "Lampan byts i morgon."}


def came(house: SmallHouse, number: int, sender: str, body: str = "Lampan på Lingonstigen är släckt.") -> Case:
    raw = mail(body, sender=f"{sender} <{sender.lower()}@mejl.example>", message_id=f"<i{number}@mejl.example>")
    house.receive(raw)
    with house.store.read() as tx:
        return tx.get_case(tx.case_by_message_ids([f"i{number}@mejl.example"]), SYSTEM)


def case_of(house: SmallHouse, case: Case) -> Case:
    with house.store.read() as tx:
        return tx.get_case(case.id, SYSTEM)


def file_of(house: SmallHouse, case: Case):
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM)


def routed(house: SmallHouse, case: Case, unit: str = "gata", flags: frozenset[FlagKind] = frozenset()) -> Case:
    now = case_of(house, case)
    request = RoutingRequest(
        now.version, RoutingChoice.UNIT, unit, Area.GATA_PARK, CaseType.FELANMALAN, Severity.NORMAL, flags, "Belysning"
    )
    with house.store.begin() as tx:
        return confirm(tx, case.id, request, house.registrator, house.office, house.now)


def joined(house: SmallHouse, case: Case, into: Case) -> Case:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        return merge(tx, case.id, version, into.id, house.registrator, house.office, house.now)


def replied(house: SmallHouse, case: Case, kind: LetterKind = LetterKind.SVAR, values=SVAR) -> None:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        answer(tx, case.id, version, kind, values, house.handlaggare, house.office, house.now)


def answers(house: SmallHouse, case: Case) -> list:
    return [e for e in file_of(house, case).letters if e.letter.kind is LetterKind.SVAR]


@pytest.fixture
def two(house: SmallHouse) -> tuple[Case, Case]:
    first = routed(house, came(house, 1, "Anna"))
    house.later(days=3)
    return first, came(house, 2, "Bo")
