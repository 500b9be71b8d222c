"""A letter with two matters becomes two cases, and linked cases are answered together."""

from dataclasses import replace

import pytest

from cases.case import Case, CaseStatus
from cases.errors import NotAllowed, StaleVersion
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.steps.answering.together import Told, answer_together
from cases.steps.routing.split import Matter, split
from tests.steps.house import SmallHouse
from tests.steps.together import SVAR, answers, came, case_of, file_of, joined, routed

LETTER = "Lampan på Lingonstigen är släckt. Och hemtjänsten kom inte till min mor i lördags."
PARTS = (
    Matter("Släckt lampa", "Lampan på Lingonstigen är släckt.", "gata", Area.GATA_PARK, "Felanmälan: gata"),
    Matter("Hemtjänsten", "Hemtjänsten kom inte.", "hemtjanst", Area.ALDREOMSORG, "Klagomål: äldreomsorg"),
)


def parted(house: SmallHouse, case: Case, parts=PARTS, **more) -> list[Case]:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        return split(tx, case.id, version, parts, house.registrator, house.office, house.now, **more)


def test_a_letter_with_two_matters_becomes_two_cases_and_one_receipt(house: SmallHouse) -> None:
    case = came(house, 1, "Anna", LETTER)
    new = parted(house, case, ends=True)
    house.run()
    assert case_of(house, case).status is CaseStatus.SPLIT
    assert [(one.unit_id, one.status) for one in new] == [
        ("gata", CaseStatus.ROUTED),
        ("hemtjanst", CaseStatus.ROUTED),
    ]
    assert [one.deadlines for one in new] == [case_of(house, case).deadlines] * 2
    sent = [e for one in (case, *new) for e in file_of(house, one).letters if not e.internal]
    assert [e.letter.kind for e in sent].count(LetterKind.MOTTAGNING) == 1
    (lamp,) = file_of(house, new[0]).messages
    assert "hemtjänsten" not in lamp.message.text.lower()
    for one in (case, *new):
        (event,) = [e for e in file_of(house, one).events if e.kind is EventKind.SPLIT]
        assert (new[0].number if one is case else case.number) in event.text
    house.later(hours=3)
    house.stages.sweep(house.now)
    assert [e.letter.kind for one in new for e in file_of(house, one).letters].count(LetterKind.MOTTAGNING) == 0


def test_a_units_registrator_parts_what_came_to_the_unit(house: SmallHouse) -> None:
    """A new case belongs to no unit until it is routed, so that its maker cannot read it just then."""
    case = routed(house, came(house, 1, "Anna", LETTER))
    gun = house.person("gun@ekdala.example", "Gun Ek", Grant(Role.REGISTRATOR, "gata"))
    with house.store.begin() as tx:
        (new,) = split(tx, case.id, case_of(house, case).version, [PARTS[1]], gun, house.office, house.now)
    assert (case_of(house, new).unit_id, case_of(house, new).status) == ("hemtjanst", CaseStatus.ROUTED)


def test_the_old_case_keeps_what_is_left_and_its_flags_follow_where_they_hold(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HALSA,)
    case = came(house, 1, "Anna", LETTER)
    house.model.flags = ()
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), hold_released=True))
    lamp, home = parted(house, case, [replace(PARTS[0], guarded=False), PARTS[1]])
    assert (lamp.protected, home.protected) == (False, True)
    # What was released of one matter's hold says nothing of a threat in another.
    assert (lamp.hold_released, home.hold_released) == (False, True)
    assert case_of(house, case).status is CaseStatus.SUGGESTED
    # It was one matter after all: back again.
    joined(house, case_of(house, lamp), case)
    assert case_of(house, lamp).status is CaseStatus.MERGED


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((), "minst ett"),
        ((replace(PARTS[0], text=" "),), "rubrik"),
        ((replace(PARTS[0], unit_id="ingen"),), "enhet"),
    ],
)
def test_a_part_needs_heading_text_and_unit(house: SmallHouse, parts, why: str) -> None:
    case = came(house, 1, "Anna", LETTER)
    with pytest.raises(NotAllowed, match=why):
        parted(house, case, parts)
    assert file_of(house, case).linked == ()


def told_together(house: SmallHouse, first: Case, others: list[tuple[str, int]]) -> list[Told]:
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        args = (LetterKind.SVAR, SVAR, house.registrator, house.office, house.now)
        return answer_together(tx, first.id, version, others, *args)


def test_linked_cases_are_answered_together_each_checked_by_its_own_flags(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    house.model.flags = (FlagKind.HALSA,)
    secret = routed(house, came(house, 3, "Cia"), flags=frozenset({FlagKind.HALSA}))
    told = told_together(house, first, [(one.id, case_of(house, one).version) for one in (second, secret)])
    assert [(t.number, bool(t.why)) for t in told] == [(second.number, False), (secret.number, True)]
    assert [len(answers(house, one)) for one in (first, second, secret)] == [1, 1, 0]
    assert second.number in answers(house, second)[0].letter.subject + answers(house, second)[0].letter.text
    assert [case_of(house, one).status for one in (first, second)] == [CaseStatus.ANSWERED] * 2
    assert case_of(house, secret).status not in (CaseStatus.ANSWERED, CaseStatus.CLOSED)


def test_none_is_answered_where_somebody_was_faster(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    with pytest.raises(StaleVersion):
        told_together(house, first, [(second.id, 0)])
    assert answers(house, first) == []
