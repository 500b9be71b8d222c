"""A case that two persons open in the same moment: each reads it, and nobody meets the other's change."""

import pytest

from cases.people.access import SYSTEM
from cases.steps.working.work import opened
from desk.case import opening
from storage import SqlStore
from storage.search.analyse import analyse
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app


class Interrupted:
    """A transaction during which, once it has read the case, somebody else opens it and is done first."""

    def __init__(self, tx, other) -> None:
        self._tx, self._other = tx, other

    def __getattr__(self, name: str):
        return getattr(self._tx, name)

    def get_case(self, case_id: str, viewer):
        case = self._tx.get_case(case_id, viewer)
        self._other(case_id)
        return case


@pytest.mark.postgres
def test_two_who_open_a_case_at_once_both_read_it(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqlStore(postgres_url, analyser=analyse)
    house = h.House(store, h.office(), h.Watch())
    house.people()
    made = h.suggestion(h.SECRET, h.Area.GATA_PARK, 0.9, flags=((h.FlagKind.SKYDDAD_IDENTITET, "skyddade"),))
    case = house.letter("Skyddad", h.SECRET, made)
    met = []

    def other(case_id: str) -> None:
        with store.begin() as tx:
            opened(tx, case_id, h.PEOPLE["registrator"], house.office, h.NOW)
        met.append(case_id)

    monkeypatch.setattr(opening, "opened", lambda tx, *rest: opened(Interrupted(tx, other), *rest))
    answer = Surfer(make_app(house), "registrator").get(f"/arenden/{case.id}")
    assert met == [case.id], "or nothing was tried"
    assert answer.status_code == 200, answer.text
    with store.read() as tx:
        assert len(tx.reads()) == 2
        assert tx.get_case(case.id, SYSTEM).opened_at == h.NOW
    store.close()
