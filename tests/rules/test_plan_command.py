"""``lyhord plan``: one line a promise and a letter, and no word of why a protected case is protected."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.errors import NotFound
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.routing.flags import FlagKind
from service.commands.plan import plan_lines
from tests.steps.house import SmallHouse, mail


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


def test_the_plan_says_what_when_and_why(house: SmallHouse) -> None:
    house.receive(mail())
    lines = list(plan_lines(house.store, house.office, "ek-2026-00001", house.now))
    assert lines[0] == "EK-2026-00001: Att fördela, mottaget 26 november 2026 kl. 10.00"
    promised = "  löfte  Svar senast den 1 december 2026: inte hållet än. Rutinen: svar inom tre arbetsdagar (R4)"
    assert promised in lines
    assert any("1 december 2026 kl. 16.00" in line and "Vi behöver mer tid" in line for line in lines)
    assert any("larmas registrator och chef" in line for line in lines)


def test_the_plan_keeps_the_kind_of_flag_to_itself(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.SKYDDAD_IDENTITET,)
    house.receive(mail())
    with house.store.begin() as tx:
        case = tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM)
        tx.save_case(replace(case, unit_id="gata", status=CaseStatus.REGISTERED))
    text = "\n".join(plan_lines(house.store, house.office, "EK-2026-00001", house.now))
    assert "Skälet står på ärendesidan." in text
    assert "identitet" not in text.lower()


def test_an_unknown_number_is_said_to_be_so(house: SmallHouse) -> None:
    with pytest.raises(NotFound, match="EK-1999-1"):
        list(plan_lines(house.store, house.office, "EK-1999-1", house.now))
