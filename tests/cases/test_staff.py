"""Whom among the staff a case concerns."""

from cases.flags import FlagKind, FlagState
from cases.steps.staff import receivers
from tests.cases.builders import a_case, an_office, flagged


def test_a_unit_that_receives_first_is_not_told_of_what_is_protected() -> None:
    """R16: its mailbox may be read by many; a flag that a person cleared hides nothing any more."""
    office, case = an_office(), a_case(first_unit="gata")
    unit, central = ("gata@ekdala.example",), ("registrator@ekdala.example",)
    assert receivers(office, case) == unit
    assert receivers(office, a_case(first_unit="gata", flags=flagged(FlagKind.HALSA))) == central
    cleared = flagged(FlagKind.HALSA, state=FlagState.CLEARED)
    assert receivers(office, a_case(first_unit="gata", flags=cleared)) == unit
