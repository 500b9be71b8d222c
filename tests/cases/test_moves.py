"""The table of legal moves is complete: every state can be left, and every state can be reached."""

from collections import deque

import pytest

from cases.case import ALLOWED_MOVES, STATUS_NAMES, Case, CaseStatus, check_move
from cases.errors import IllegalMove
from tests.cases.builders import a_case


@pytest.mark.parametrize("status", list(CaseStatus))
def test_every_state_has_a_name_and_an_exit(status: CaseStatus) -> None:
    assert STATUS_NAMES[status]
    assert ALLOWED_MOVES[status]


def test_every_state_is_reached_from_received() -> None:
    seen, queue = {CaseStatus.RECEIVED}, deque([CaseStatus.RECEIVED])
    while queue:
        for to in ALLOWED_MOVES[queue.popleft()] - seen:
            seen.add(to)
            queue.append(to)
    assert seen == set(CaseStatus)


@pytest.mark.parametrize("status", [s for s in CaseStatus if s is not CaseStatus.CLOSED])
def test_every_state_can_come_to_an_end(status: CaseStatus) -> None:
    seen, queue = {status}, deque([status])
    while queue:
        for to in ALLOWED_MOVES[queue.popleft()] - seen:
            seen.add(to)
            queue.append(to)
    assert CaseStatus.CLOSED in seen


def test_an_illegal_move_names_case_and_ways_out() -> None:
    case: Case = a_case(status=CaseStatus.CLOSED)
    with pytest.raises(IllegalMove, match=r"EK-2026-00001 är Avslutat och kan inte bli Tilldelat.*Öppnat igen"):
        check_move(case, CaseStatus.ASSIGNED)
