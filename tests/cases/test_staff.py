"""Whom among the staff a case concerns."""

import pytest

from cases.case import Case, CaseStatus
from cases.routing.flags import FlagKind, FlagState
from cases.routing.suggestion import Severity
from cases.steps.routing.suggest import alarm_unopened
from cases.steps.staff import receivers
from tests.cases.builders import NOW, a_case, an_office, flagged


def test_a_unit_that_receives_first_is_not_told_of_what_is_protected() -> None:
    """R16: its mailbox may be read by many; a flag that a person cleared hides nothing any more."""
    office, case = an_office(), a_case(first_unit="gata")
    unit, central = ("gata@ekdala.example",), ("registrator@ekdala.example",)
    assert receivers(office, case) == unit
    assert receivers(office, a_case(first_unit="gata", flags=flagged(FlagKind.HALSA))) == central
    cleared = flagged(FlagKind.HALSA, state=FlagState.CLEARED)
    assert receivers(office, a_case(first_unit="gata", flags=cleared)) == unit


class Told:
    """A store with one case, to which nothing is written."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def get_case(self, *_: object) -> Case:
        return self.case


@pytest.mark.parametrize("changes", [{"opened_at": NOW}, {"status": CaseStatus.CLOSED}])
def test_no_chef_is_alarmed_of_what_somebody_has_opened_or_ended(changes: dict[str, object]) -> None:
    store = Told(a_case(severity=Severity.ALLVARLIG, **changes))
    assert alarm_unopened(store, "c1", an_office(), NOW) == 0  # type: ignore[arg-type]
