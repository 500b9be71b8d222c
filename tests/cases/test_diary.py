"""What is entered in a diary, and what is nobody's yet."""

import pytest

from cases.case import Case, CaseStatus
from cases.people.access import User
from cases.routing.flags import FlagKind
from cases.steps.routing.confirm import NOT_ENTERED, register
from tests.cases.builders import NOW, a_case, an_office, flagged

RUT = User("u1", "rut@ekdala.example", "Rut Alm", "registrator", frozenset())


class Diary:
    """A store of which only the diary is asked."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def next_serial(self, _series: str, _year: int) -> int:
        return 7

    def save_case(self, case: Case) -> Case:
        return case

    def add_event(self, event: object) -> None:
        self.lines.append(str(event))


@pytest.mark.parametrize("status", CaseStatus)
def test_a_secret_case_is_entered_wherever_it_is_somebodys(status: CaseStatus) -> None:
    """R27. One that is nobody's yet, or that another stands for, gets no number that it would keep for nothing."""
    diary = Diary()
    case = a_case(status=status, unit_id="gata", flags=flagged(FlagKind.HALSA))
    entered = register(diary, case, RUT, an_office(), NOW)  # type: ignore[arg-type]
    assert entered.registry_number == ("" if status in NOT_ENTERED else "KS/2026:7")
    assert len(diary.lines) == (status not in NOT_ENTERED)
    left_alone = {"received", "suggested", "merged", "split"}
    assert (status in NOT_ENTERED) == (status.value in left_alone)
