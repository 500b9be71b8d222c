"""Cases of one incident are put together and taken apart again."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cases.case import CaseStatus, Outcome, Party
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer, answer_orally
from cases.steps.answering.closing import close
from cases.steps.routing.confirm import confirm
from cases.steps.routing.merge import check_merge, merge, told_with, unmerge
from cases.steps.routing.split import Matter, split
from cases.ties import TieKind
from tests.cases.builders import a_case, flagged
from tests.steps.deciding import request
from tests.steps.house import SmallHouse, mail
from tests.steps.together import answers, came, case_of, file_of, joined, replied, routed


def test_both_senders_get_the_answer_each_with_its_own_number(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    assert case_of(house, second).status is CaseStatus.MERGED
    replied(house, first)
    letters = [*answers(house, first), *answers(house, second)]
    assert [e.recipient for e in letters] == ["anna@mejl.example", "bo@mejl.example"]
    for case, entry in zip(two, letters, strict=True):
        assert case.number in entry.letter.subject + entry.letter.text
        assert "Lampan byts i morgon." in entry.letter.text
    other = case_of(house, second)
    assert (other.status, in_force(other.deadlines)) == (CaseStatus.MERGED, ())
    assert [e.kind for e in file_of(house, second).events if e.kind in (EventKind.MERGED, EventKind.ANSWERED)] == [
        EventKind.MERGED,
        EventKind.ANSWERED,
    ]


def test_the_earliest_promise_stands_until_they_are_taken_apart(house: SmallHouse, two) -> None:
    first, second = (case_of(house, one) for one in two)
    due = {d.kind: d.due for d in in_force(first.deadlines)}
    # The later letter goes in: nothing changes. The earlier into the later: its days come along.
    with house.store.begin() as tx:
        merge(tx, first.id, first.version, second.id, house.registrator, house.office, house.now)
    after = {d.kind: d.due for d in in_force(case_of(house, second).deadlines)}
    assert after[PromiseKind.ANSWER] == due[PromiseKind.ANSWER] < second.deadline(PromiseKind.ANSWER).due
    with house.store.begin() as tx:
        merged = tx.get_case(first.id, SYSTEM)
        unmerge(tx, first.id, merged.version, house.registrator, house.office, house.now)
    again, alone = case_of(house, second), case_of(house, first)
    assert again.deadlines == second.deadlines
    assert (alone.status, alone.unit_id, alone.deadlines) == (first.status, first.unit_id, first.deadlines)
    kinds = [e.kind for e in file_of(house, first).events]
    assert kinds.count(EventKind.MERGED) == kinds.count(EventKind.UNMERGED) == 1


def test_a_day_that_was_told_stands_when_they_are_taken_apart(house: SmallHouse, two) -> None:
    first, second = case_of(house, two[0]), routed(house, two[1])
    joined(house, first, second)
    values = {"ny_tid": "18 december 2026", "skal": "Vi väntar på en reservdel."}
    with house.store.begin() as tx:
        version = tx.get_case(second.id, SYSTEM).version
        answer(tx, second.id, version, LetterKind.LANGRE_TID, values, house.handlaggare, house.office, house.now)
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        unmerge(tx, first.id, version, house.registrator, house.office, house.now)
    for told in (first, second):
        assert [(d.kind, d.due) for d in in_force(case_of(house, told).deadlines)] == [
            (PromiseKind.ANSWER, date(2026, 12, 18))
        ]
        house.now = datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
        house.stages.promises(house.now)
        told_of = [e.letter.kind for e in file_of(house, told).letters if not e.internal]
        assert told_of.count(LetterKind.LANGRE_TID) == 1, "nobody is told another day by itself"


def test_protected_cases_of_two_authorities_are_linked_and_not_merged() -> None:
    """OSL 8:2: to another nämnd it would be disclosed."""
    mine = a_case(status=CaseStatus.ROUTED, flags=flagged(FlagKind.HALSA))
    check_merge(mine, replace(mine, id="d" * 32))
    with pytest.raises(NotAllowed, match="olika nämnder"):
        check_merge(mine, replace(mine, id="d" * 32, authority_id="son"))


def test_an_answered_merger_cannot_be_undone(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    replied(house, first)
    with pytest.raises(NotAllowed, match="redan lämnat"), house.store.begin() as tx:
        unmerge(tx, second.id, tx.get_case(second.id, SYSTEM).version, house.registrator, house.office, house.now)
    # Nor does anything go into an answered case.
    third = came(house, 3, "Cia")
    with pytest.raises(NotAllowed, match="redan besvarat"):
        joined(house, third, first)


def test_who_has_the_answer_gets_nothing_of_what_another_asks_later(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    replied(house, first)
    told = answers(house, first)[0]
    house.receive(
        mail("Tack. Hur går det med min ansökan?", sender="Anna <anna@mejl.example>", message_id="<t@mejl.example>",
             In_Reply_To=told.message_id)
    )  # fmt: skip
    assert case_of(house, first).status is CaseStatus.REOPENED
    replied(house, first, values={"svar": "Din ansökan är beviljad."})
    assert [len(answers(house, one)) for one in two] == [2, 1]


def test_a_case_that_others_wait_for_does_not_end_without_an_answer(house: SmallHouse, two) -> None:
    """They stood as ended in what was no case, and nobody was ever to write to their senders."""
    first, second = two
    joined(house, second, first)
    case, part = case_of(house, first), Matter("Bänken", "Bänken är trasig.", "gata", Area.GATA_PARK, "Bänk")
    no_case = request(case, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal")
    with pytest.raises(NotAllowed, match="Ta isär"), house.store.begin() as tx:
        confirm(tx, case.id, no_case, house.registrator, house.office, house.now)
    with pytest.raises(NotAllowed, match="Ta isär"), house.store.begin() as tx:
        split(tx, case.id, case.version, [part], house.registrator, house.office, house.now, ends=True)
    replied(house, first)
    assert len(answers(house, second)) == 1


def test_what_was_opened_again_waits_for_the_answer_of_the_case_it_is_put_into(house: SmallHouse, two) -> None:
    first, second = two
    with house.store.begin() as tx:
        for one in two:
            now = tx.get_case(one.id, SYSTEM)
            tx.save_case(replace(now, status=CaseStatus.REOPENED, outcome=Outcome.ANSWERED, unit_id="gata"))
    joined(house, second, first)
    with house.store.begin() as tx:
        alone = unmerge(tx, second.id, case_of(house, second).version, house.registrator, house.office, house.now)
    assert alone.status is CaseStatus.REOPENED
    joined(house, second, first)
    replied(house, first)
    assert len(answers(house, second)) == 1


def test_what_a_case_was_put_into_takes_it_along_into_a_third(house: SmallHouse, two) -> None:
    first, second = two
    third = routed(house, came(house, 6, "Cia"))
    joined(house, second, first)
    joined(house, first, third)
    replied(house, third)
    assert [len(answers(house, one)) for one in (first, second, third)] == [1, 1, 1]
    assert "Gatuenheten" in answers(house, second)[0].letter.text, "its own case has no unit"


def test_of_three_cases_the_earliest_promise_of_those_left_stands(house: SmallHouse, two) -> None:
    first, second = two
    house.later(days=3)
    third = came(house, 6, "Cia")
    own = [case_of(house, one).deadlines for one in (first, second, third)]
    joined(house, first, third)
    joined(house, second, third)
    for case, left in ((first, own[1]), (second, own[2])):
        with house.store.begin() as tx:
            unmerge(tx, case.id, tx.get_case(case.id, SYSTEM).version, house.registrator, house.office, house.now)
            assert tx.tie(case.id, TieKind.MERGED) is None
        assert [d.due for d in in_force(case_of(house, third).deadlines)] == [d.due for d in in_force(left)]


@pytest.mark.parametrize(
    ("case", "into", "why"),
    [
        ({"status": CaseStatus.RECEIVED}, {}, "inte genomläst"),
        ({}, {"status": CaseStatus.RECEIVED}, "inte genomläst"),
        ({}, {"status": CaseStatus.ANSWERED}, "redan besvarat"),
        ({}, {"status": CaseStatus.CLOSED}, "redan besvarat"),
        ({}, {"id": "c" * 32}, "sig självt"),
        ({}, {"flags": flagged(FlagKind.VISSELBLASNING)}, "visselblåsning"),
        ({"flags": flagged(FlagKind.VISSELBLASNING)}, {}, "Koppla"),
    ],
)
def test_what_cannot_be_put_together_as_it_stands(case, into, why: str) -> None:
    plain = a_case(status=CaseStatus.ROUTED)
    with pytest.raises(NotAllowed, match=why):
        check_merge(replace(plain, **case), replace(plain, **{"id": "d" * 32, **into}))


def test_an_answer_that_a_flag_keeps_back_from_one_leaves_that_case_open(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=flagged(FlagKind.HALSA)))
    replied(house, first)
    other = case_of(house, second)
    assert (other.status, other.outcome, other.assignee_id) == (CaseStatus.REOPENED, None, house.handlaggare.id)
    assert answers(house, second) == []
    assert f"{second.number} har inte fått svar" in file_of(house, first).events[-1].text


def test_a_sender_whom_no_mail_reaches_is_not_forgotten(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), mail_refused="Adressen studsade."))
    replied(house, first)
    other = case_of(house, second)
    assert (other.status, other.unit_id, answers(house, second)) == (CaseStatus.REOPENED, "gata", [])
    assert "Adressen studsade." in file_of(house, second).events[-1].text


def test_an_answer_by_word_of_mouth_leaves_the_other_open(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        args = (house.handlaggare, house.office, house.now)
        answer_orally(tx, first.id, version, Outcome.ANSWERED, "Ringde Anna.", *args)
    assert case_of(house, second).status is CaseStatus.REOPENED
    with house.store.begin() as tx:
        close(tx, first.id, tx.get_case(first.id, SYSTEM).version, "", house.handlaggare, house.office, house.now)


def test_a_reply_in_the_merged_case_wakes_the_other_and_stays_where_it_came(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    receipt = file_of(house, second).letters[0]
    house.receive(
        mail("Nu är grannens också släckt.", sender="Bo <bo@mejl.example>", message_id="<r1@mejl.example>",
             In_Reply_To=receipt.message_id)
    )  # fmt: skip
    assert len(file_of(house, second).messages) == 2
    assert case_of(house, second).status is CaseStatus.MERGED
    assert second.number in next(e.text for e in file_of(house, first).events if e.kind is EventKind.REPLY_RECEIVED)
    assert [e for e in file_of(house, first).letters if e.letter.kind is LetterKind.SVAR_INKOMMET]


def test_the_status_of_one_is_told_to_both(house: SmallHouse, two) -> None:
    """Who was asked for nothing is told so much: "the facts that we asked you for" were another sender's."""
    first, second = two
    joined(house, second, first)
    replied(house, first, LetterKind.KOMPLETTERA, {"fraga": "Vilken stolpe är det?", "svarsdatum": "11 december 2026"})
    due = max(d.due for d in case_of(house, first).deadlines)
    house.now = house.now.replace(hour=16) + (due - house.now.date())
    house.stages.promises(house.now)
    for case, asked in zip(two, ("bett dig om", "bett om"), strict=True):
        told = {e.letter.kind: e.letter.text for e in file_of(house, case).letters}
        for kind in (LetterKind.STATUS, LetterKind.LANGRE_TID):
            assert asked in told[kind], case.number


def test_one_person_has_one_answer_with_the_numbers_of_both(house: SmallHouse, two) -> None:
    anna, bo = two
    again, more = came(house, 3, "Anna", "Lampan är släckt än."), came(house, 4, "Bo", "Och nu är den trasig.")
    for case in (bo, again, more):
        joined(house, case, anna)
    replied(house, anna)
    assert [len(answers(house, case)) for case in (anna, bo, again, more)] == [1, 1, 0, 0]
    for told, other in ((anna, again), (bo, more)):
        (letter,) = answers(house, told)
        assert f"[{told.number}, {other.number}]" in letter.letter.subject
        assert f"{told.number}, {other.number}" in letter.letter.text
        assert case_of(house, other).outcome is case_of(house, anna).outcome
        assert in_force(case_of(house, other).deadlines) == ()
        assert file_of(house, other).events[-1].text == f"I {anna.number}."


def test_who_may_be_somebody_else_has_an_answer_of_their_own(house: SmallHouse, two) -> None:
    anna = two[0]
    again = came(house, 3, "Anna", "Lampan är släckt än.")
    joined(house, again, anna)
    with house.store.begin() as tx:
        tx.save_case(replace(case_of(house, again), sender_doubt="Det kan vara någon annan."))
    replied(house, anna)
    assert again.number not in answers(house, anna)[0].letter.subject
    assert case_of(house, again).status is CaseStatus.REOPENED, "nobody has confirmed who wrote"


class Untied:
    """A store in which no letter was split."""

    def tie(self, case_id: str, kind: TieKind) -> None:
        del case_id, kind


@pytest.mark.parametrize(
    ("mine", "other", "doubts", "same"),
    [
        (Party(email="anna@mejl.example"), Party(email="Anna@mejl.example"), ("", ""), True),
        (Party(email="anna@mejl.example"), Party(email="bo@mejl.example"), ("", ""), False),
        (Party(email="anna@mejl.example"), Party(email="anna@mejl.example"), ("Kanske någon annan.", ""), False),
        (Party(email="anna@mejl.example"), Party(email="anna@mejl.example"), ("", "Kanske någon annan."), False),
        (Party("Anna"), Party("Bo"), ("", ""), False),
        (Party(anonymous=True), Party(email="bo@mejl.example"), ("", ""), True),
    ],
)
def test_two_who_wrote_by_post_are_not_one_person_for_lack_of_an_address(mine, other, doubts, *, same: bool) -> None:
    first = a_case(sender=mine, sender_doubt=doubts[0])
    second = a_case(id="d" * 32, sender=other, sender_doubt=doubts[1])
    assert told_with(Untied(), first, second) is same


def test_a_flag_of_its_own_keeps_a_case_out_of_the_letter_that_answers_another_of_the_same_person(
    house: SmallHouse, two
) -> None:
    anna = two[0]
    again = came(house, 3, "Anna", "Min mor har hemtjänst.")
    joined(house, again, anna)
    with house.store.begin() as tx:
        case = case_of(house, again)
        tx.save_case(replace(case, flags=flagged(FlagKind.SOCIALTJANST)))
    replied(house, anna)
    assert again.number not in answers(house, anna)[0].letter.subject
    assert case_of(house, again).status is CaseStatus.REOPENED


def test_what_is_not_merged_is_not_taken_out_nor_what_went_into_an_ended_case(house: SmallHouse, two) -> None:
    anna, bo = two
    with house.store.begin() as tx, pytest.raises(NotAllowed, match="inte ihopslaget"):
        unmerge(tx, bo.id, case_of(house, bo).version, house.registrator, house.office, house.now)
    joined(house, bo, anna)
    with house.store.begin() as tx:
        tx.save_case(replace(case_of(house, anna), status=CaseStatus.CLOSED))
    with house.store.begin() as tx, pytest.raises(NotAllowed, match="redan lämnat"):
        unmerge(tx, bo.id, case_of(house, bo).version, house.registrator, house.office, house.now)


@pytest.mark.parametrize("spoken", [False, True])
def test_an_anonymous_letter_ends_with_the_answer_that_another_gets(house: SmallHouse, two, *, spoken: bool) -> None:
    """It was opened again, to be answered for itself, though nobody could be told anything."""
    anna, bo = two
    with house.store.begin() as tx:
        tx.save_case(replace(case_of(house, bo), sender=Party(anonymous=True)))
    joined(house, bo, anna)
    if spoken:
        with house.store.begin() as tx:
            version, by = case_of(house, anna).version, house.handlaggare
            answer_orally(tx, anna.id, version, Outcome.ACTED, "Per telefon.", by, house.office, house.now)
    else:
        replied(house, anna)
    after = case_of(house, bo)
    assert (after.status, after.outcome) == (CaseStatus.MERGED, case_of(house, anna).outcome)
    assert answers(house, bo) == []
