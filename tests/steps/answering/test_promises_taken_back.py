"""An answer that never leaves keeps no promise, and takes none away that something else has kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import CaseStatus, Outcome
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer_orally
from tests.cases.builders import flagged as a_flag
from tests.steps.answering.taking_back import stopped, waits
from tests.steps.deciding import only, waiting_answer
from tests.steps.house import SmallHouse
from tests.steps.together import came, case_of, replied, routed


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture
def sent(house: SmallHouse) -> OutboxEntry:
    return waiting_answer(house)


def test_what_was_told_by_phone_since_stands_where_the_letter_is_stopped(house: SmallHouse, sent: OutboxEntry) -> None:
    house.later(seconds=5)
    case = only(house).case
    with house.store.begin() as tx:
        said = (Outcome.ANSWERED, "Ringde Berit i dag.", house.handlaggare)
        answer_orally(tx, case.id, case.version, *said, house.office, house.now)
    stopped(house, sent)
    assert (only(house).case.status, only(house).case.outcome) == (CaseStatus.ANSWERED, Outcome.ANSWERED)


def test_a_promise_stands_again_beside_a_day_that_was_told_since(house: SmallHouse, sent: OutboxEntry) -> None:
    before = only(house).case.received_at
    house.later(seconds=5)
    replied(house, only(house).case, LetterKind.LANGRE_TID, {"ny_tid": "4 december 2026", "skal": "Kabeln är av."})
    stopped(house, sent)
    case = only(house).case
    assert (case.status, case.outcome) == (CaseStatus.DELAYED, None)
    # Who was told why it takes longer has heard how it goes (O24), whatever becomes of the answer before.
    told = [("R2", before), ("R4", None), ("O24", house.now), ("R5", None)]
    assert [(d.rule, d.met_at) for d in case.deadlines] == told


def test_a_promise_counts_as_kept_when_the_letter_leaves_and_those_kept_before_as_before(house: SmallHouse) -> None:
    anna = routed(house, came(house, 1, "Anna"))
    receipt = house.now
    house.later(hours=1)
    waits(house, anna)
    assert [d.met_at for d in case_of(house, anna).deadlines] == [receipt, house.now + UNDO, house.now + UNDO]


@pytest.mark.parametrize(("kind", "days"), [(LetterKind.LANGRE_TID, 5), (LetterKind.STATUS, 8)])
def test_a_promise_is_not_kept_by_a_letter_that_may_not_leave(house: SmallHouse, kind: LetterKind, days: int) -> None:
    """O24, R5: somebody is reminded day by day, for nobody was told where it stands or of a new day."""
    case = routed(house, came(house, 1, "Anna"))
    house.now += timedelta(days=days, hours=6)
    before = case_of(house, case).deadlines
    house.stages.promises(house.now)
    assert case_of(house, case).deadlines != before
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), flags=a_flag(FlagKind.SKYDDAD_IDENTITET)))
        (told,) = (one for one in tx.letters_of(case.id) if one.letter.kind is kind)
    house.now = told.not_before
    for _ in range(2):
        house.send()
    with house.store.read() as tx:
        told = tx.get_entry(told.id)
    assert told.status is OutboxStatus.WITHHELD
    assert case_of(house, case).deadlines == before
    house.stages.promises(house.now)
    with house.store.read() as tx:
        assert [one.letter.kind for one in tx.letters_of(case.id)].count(kind) == 1, "it is not tried in vain for ever"
