"""Until when an answer can be taken back: while no sender can claim it, or late while none has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import CaseStatus
from cases.errors import DeliveryError, NotAllowed, NotFound
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM, Grant, Role, User
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering.closing import close
from cases.steps.answering.letters_out import cancel_letter, resend_letter
from cases.steps.answering.send import Sending, send_answer
from cases.steps.working.handover import leave
from cases.steps.working.work import add_note, remove_reader, set_flags
from cases.ties import TieKind
from tests.cases.builders import flagged as a_flag
from tests.steps.answering.taking_back import back, changed, stopped, waits
from tests.steps.deciding import ANSWER, only, waiting_answer
from tests.steps.house import SmallHouse
from tests.steps.together import answers, came, case_of, joined, replied, routed

STATUS = {"lage": "Vi har letat efter felet.", "nasta_steg": "En montör kommer."}
_MINUTE = timedelta(minutes=1)
_S = OutboxStatus
_AGAIN = dict.fromkeys((_S.FAILED, _S.UNCERTAIN, _S.WITHHELD, _S.BOUNCED), _S.QUEUED)
_OPEN = (_S.QUEUED, _S.AWAITING_RETRY, _S.FAILED, _S.UNCERTAIN, _S.WITHHELD, _S.CANCELLED)
_STOPPED = dict.fromkeys(_OPEN, _S.CANCELLED)


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture
def sent(house: SmallHouse) -> OutboxEntry:
    return waiting_answer(house)


def test_a_moment_before_its_time_it_is_the_writers_still(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += UNDO - timedelta(seconds=1)
    assert back(house, sent) is OutboxStatus.CANCELLED


def test_when_its_time_has_come_it_is_taken_back_by_who_stops_it_alone(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += UNDO
    with pytest.raises(NotAllowed, match="har redan lämnat"):
        back(house, sent)
    assert back(house, sent, late=True) is OutboxStatus.CANCELLED


def test_one_that_waits_to_be_tried_again_waits_until_then(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += _MINUTE
    again = {"status": OutboxStatus.AWAITING_RETRY, "attempts": 1, "retry_at": house.now + _MINUTE}
    assert back(house, changed(house, sent, **again)) is OutboxStatus.CANCELLED


@pytest.mark.parametrize("status", [OutboxStatus.INFLIGHT, OutboxStatus.UNCERTAIN, OutboxStatus.SENT])
def test_one_that_somebody_has_claimed_is_never_taken_back(
    house: SmallHouse, sent: OutboxEntry, status: OutboxStatus
) -> None:
    claimed = changed(house, sent, status=status)
    for late in (False, True):
        with pytest.raises(NotAllowed, match="har redan lämnat"):
            back(house, claimed, late=late)


def unanswered(house: SmallHouse) -> None:
    case = only(house).case
    assert (case.status, case.outcome, case.closed_at) == (CaseStatus.ASSIGNED, None, None)
    assert [d.met_at for d in case.deadlines[1:]] == [None, None]


def closed(house: SmallHouse) -> None:
    case = only(house).case
    with house.store.begin() as tx:
        close(tx, case.id, case.version, "", house.handlaggare, house.office, house.now)


def flagged(house: SmallHouse, *flags: FlagKind) -> None:
    case = only(house).case
    with house.store.begin() as tx:
        set_flags(tx, case.id, case.version, frozenset(flags), "Fel.", house.registrator, house.office, house.now)


def answered_anew(house: SmallHouse) -> OutboxEntry:
    house.now += timedelta(seconds=10)
    case = only(house).case
    wish = Sending(case.id, case.version, (), LetterKind.SVAR, ANSWER, ANSWER)
    with house.store.begin() as tx:
        return tx.get_entry(send_answer(tx, wish, house.handlaggare, house.office, house.now).entry_id)


def test_a_case_closed_on_an_answer_that_is_taken_back_is_open_again(house: SmallHouse, sent: OutboxEntry) -> None:
    closed(house)
    back(house, sent)
    unanswered(house)


def test_a_case_closed_on_an_answer_that_may_not_leave_is_open_again(house: SmallHouse, sent: OutboxEntry) -> None:
    closed(house)
    flagged(house, FlagKind.SKYDDAD_IDENTITET)
    house.now += UNDO
    house.send()
    unanswered(house)


def test_a_case_closed_after_an_earlier_answer_stays_closed(house: SmallHouse, sent: OutboxEntry) -> None:
    second = answered_anew(house)
    closed(house)
    back(house, second)
    assert only(house).case.status is CaseStatus.CLOSED


def test_a_case_stays_answered_by_the_letter_that_was_written_since(house: SmallHouse, sent: OutboxEntry) -> None:
    second = answered_anew(house)
    back(house, sent)
    assert only(house).case.status is CaseStatus.ANSWERED
    back(house, second)
    unanswered(house)


def test_an_answer_does_not_come_back_with_a_letter_that_was_written_on_it(
    house: SmallHouse, sent: OutboxEntry
) -> None:
    """Of the two that are stopped the later one remembered a case that was answered."""
    house.later(seconds=5)
    asks = Sending(only(house).case.id, only(house).case.version, (), LetterKind.STATUS, STATUS, STATUS)
    with house.store.begin() as tx:
        later = tx.get_entry(send_answer(tx, asks, house.handlaggare, house.office, house.now).entry_id)
    stopped(house, sent)
    assert only(house).case.status is CaseStatus.IN_PROGRESS
    stopped(house, later)
    unanswered(house)


def test_a_case_merged_since_into_one_that_turns_out_answered_is_taken_out_again(house: SmallHouse) -> None:
    anna, bo = (routed(house, came(house, number, name)) for number, name in ((1, "Anna"), (2, "Bo")))
    replied(house, anna)
    house.later(seconds=5)
    with house.store.begin() as tx:
        asks = Sending(anna.id, tx.get_case(anna.id, SYSTEM).version, (), LetterKind.STATUS, STATUS, STATUS)
        later = tx.get_entry(send_answer(tx, asks, house.handlaggare, house.office, house.now).entry_id)
    joined(house, bo, anna)
    stopped(house, later)
    assert [case_of(house, one).status for one in (anna, bo)] == [CaseStatus.ANSWERED, CaseStatus.REOPENED]


def test_of_three_answers_the_last_stopped_after_the_first_leaves_the_second_standing(
    house: SmallHouse, sent: OutboxEntry
) -> None:
    second, third = answered_anew(house), answered_anew(house)
    for entry in (sent, third):
        stopped(house, entry)
        assert only(house).case.status is CaseStatus.ANSWERED
        assert all(d.met_at for d in only(house).case.deadlines)
    stopped(house, second)
    unanswered(house)


def test_the_later_of_two_answers_leaves_the_first_standing(house: SmallHouse, sent: OutboxEntry) -> None:
    back(house, answered_anew(house))
    assert only(house).case.status is CaseStatus.ANSWERED
    back(house, sent)
    unanswered(house)


def test_a_withheld_answer_is_written_anew_and_not_sent_behind_the_cases_back(
    house: SmallHouse, sent: OutboxEntry
) -> None:
    flagged(house, FlagKind.SKYDDAD_IDENTITET)
    house.now += UNDO
    house.send()
    flagged(house)
    with house.store.begin() as tx, pytest.raises(NotAllowed, match="på nytt under Svara"):
        resend_letter(tx, sent.id, house.handlaggare, house.office, house.now)


def test_a_withheld_letter_that_nobody_wrote_is_sent_again(house: SmallHouse, sent: OutboxEntry) -> None:
    receipt = next(e for e in only(house).letters if e.letter.kind is LetterKind.MOTTAGNING)
    changed(house, receipt, status=OutboxStatus.WITHHELD)
    with house.store.begin() as tx:
        resend_letter(tx, receipt.id, house.handlaggare, house.office, house.now)
    assert next(e.status for e in only(house).letters if e.id == receipt.id) is OutboxStatus.QUEUED


@pytest.mark.parametrize("status", OutboxStatus)
def test_what_is_stopped_or_sent_again_stands_so_that_it_can_be(
    house: SmallHouse, sent: OutboxEntry, status: OutboxStatus
) -> None:
    """Nothing that is on its way is sent twice, and nothing that has left is told to be stopped."""
    receipt = next(e for e in only(house).letters if e.letter.kind is LetterKind.MOTTAGNING)
    for step, may in ((resend_letter, _AGAIN), (cancel_letter, _STOPPED)):
        changed(house, receipt, status=status)
        with house.store.begin() as tx:
            if status in may:
                step(tx, receipt.id, house.handlaggare, house.office, house.now)
                assert tx.get_entry(receipt.id).status is may[status]
            else:
                with pytest.raises(NotAllowed):
                    step(tx, receipt.id, house.handlaggare, house.office, house.now)


def test_who_may_not_read_the_case_stops_sends_and_notes_nothing_in_it(house: SmallHouse, sent: OutboxEntry) -> None:
    nils = house.person("nils@ekdala.example", "Nils Ros")
    changed(house, sent, status=OutboxStatus.FAILED)
    for step in (
        lambda tx: cancel_letter(tx, sent.id, nils, house.office, house.now),
        lambda tx: resend_letter(tx, sent.id, nils, house.office, house.now),
        lambda tx: add_note(tx, sent.case_id, "Hej", nils, house.office, house.now),
        lambda tx: remove_reader(tx, sent.case_id, house.handlaggare, nils, house.office, house.now),
    ):
        with house.store.begin() as tx, pytest.raises(NotFound):
            step(tx)


@pytest.mark.parametrize("merged", [True, False])
def test_who_was_to_be_answered_along_with_another_waits_on_where_the_letter_may_not_go(
    house: SmallHouse, *, merged: bool
) -> None:
    """Each has a letter of its own, and only that of the first was known to be an answer when it was withheld."""
    anna, bo = (routed(house, came(house, number, name)) for number, name in ((1, "Anna"), (2, "Bo")))
    before = case_of(house, bo).deadlines
    if merged:
        joined(house, bo, anna)
    others = () if merged else ((bo.id, case_of(house, bo).version),)
    wish = Sending(anna.id, case_of(house, anna).version, others, LetterKind.SVAR, ANSWER, ANSWER)
    with house.store.begin() as tx:
        send_answer(tx, wish, house.handlaggare, house.office, house.now)
        now = tx.get_case(bo.id, SYSTEM)
        tx.save_case(replace(now, flags=a_flag(FlagKind.SKYDDAD_IDENTITET)))
    house.now += UNDO
    house.send()
    case = case_of(house, bo)
    assert [one.status for one in answers(house, bo)] == [OutboxStatus.WITHHELD]
    stands = CaseStatus.REOPENED if merged else CaseStatus.ROUTED
    assert (case.status, case.outcome, case.unit_id) == (stands, None, "gata")
    assert [d.met_at for d in case.deadlines[1:]] == [d.met_at for d in before[1:]] == [None, None]
    assert case_of(house, anna).status is CaseStatus.ANSWERED
    with house.store.read() as tx:
        assert tx.tie(bo.id, TieKind.MERGED) is None


class Refuses:
    """A mail server that takes nothing for citizens, for good."""

    def send(self, entry: OutboxEntry, files: object = ()) -> str:
        if not entry.internal:
            raise DeliveryError("550 no such user", retryable=False)
        return "250 taken"


def test_an_answer_that_no_server_took_is_told_of_and_once_stopped_answers_nobody(
    house: SmallHouse, sent: OutboxEntry
) -> None:
    house.now += UNDO
    house.send(Refuses())
    file = only(house)
    assert file.case.status is CaseStatus.ANSWERED, "it can be sent again"
    assert ("hans@ekdala.example", LetterKind.STUDS) in [(e.recipient, e.letter.kind) for e in file.letters]
    stopped(house, sent)
    unanswered(house)
    assert next(e.status for e in only(house).letters if e.id == sent.id) is OutboxStatus.CANCELLED
    with house.store.read() as tx:
        assert [one.typed for one in tx.drafts_of(sent.case_id, house.handlaggare.id)] == [ANSWER]


def test_one_of_two_letters_that_go_along_is_stopped_alone_and_taken_back_no_more(house: SmallHouse) -> None:
    anna, bo = (routed(house, came(house, number, name)) for number, name in ((1, "Anna"), (2, "Bo")))
    waits(house, anna, bo)
    stopped(house, answers(house, bo)[0])
    assert [case_of(house, one).status for one in (anna, bo)] == [CaseStatus.ANSWERED, CaseStatus.ROUTED]
    house.later(seconds=5)
    waits(house, bo)
    back(house, answers(house, anna)[0])
    assert [case_of(house, one).status for one in (anna, bo)] == [CaseStatus.ROUTED, CaseStatus.ANSWERED]


def test_the_letters_that_go_along_are_taken_back_together(house: SmallHouse) -> None:
    anna, bo = (routed(house, came(house, number, name)) for number, name in ((1, "Anna"), (2, "Bo")))
    waits(house, anna, bo)
    back(house, answers(house, anna)[0])
    for case in (anna, bo):
        assert case_of(house, case).status is CaseStatus.ROUTED
        assert [one.status for one in answers(house, case)] == [OutboxStatus.CANCELLED]
    with house.store.read() as tx:
        assert [len(tx.drafts_of(one.id, house.handlaggare.id)) for one in (anna, bo)] == [1, 0]


def test_the_text_of_who_has_left_goes_to_who_has_the_case(house: SmallHouse, sent: OutboxEntry) -> None:
    per = house.person("per@ekdala.example", "Per Ek", Grant(Role.HANDLAGGARE, "gata"))
    with house.store.begin() as tx:
        leave(tx, house.handlaggare, per, "system", house.office, house.now)
    stopped(house, sent)
    goes_on_with_the_text(house, sent, per)


def test_the_text_of_who_is_switched_off_and_has_no_heir_goes_to_the_chef(house: SmallHouse, sent: OutboxEntry) -> None:
    chef = house.person(house.office.organisation.unit("gata").manager.email, "Gun Ek", Grant(Role.CHEF, "gata"))
    with house.store.begin() as tx:
        tx.add_user(replace(house.handlaggare, active=False))
    stopped(house, sent)
    goes_on_with_the_text(house, sent, chef)


def goes_on_with_the_text(house: SmallHouse, sent: OutboxEntry, heir: User) -> None:
    with house.store.read() as tx:
        assert [one.typed for one in tx.drafts_of(sent.case_id, heir.id)] == [ANSWER]
        assert tx.drafts_of(sent.case_id, house.handlaggare.id) == []


def test_both_cases_of_one_person_are_put_back_where_their_one_letter_may_not_leave(house: SmallHouse) -> None:
    anna, again = routed(house, came(house, 1, "Anna")), came(house, 2, "Anna", "Lampan är släckt än.")
    joined(house, again, anna)
    waits(house, anna)
    assert case_of(house, again).outcome is not None
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(anna.id, SYSTEM), flags=a_flag(FlagKind.SKYDDAD_IDENTITET)))
    house.now += UNDO
    house.send()
    assert answers(house, again) == []
    for case in (anna, again):
        assert (case_of(house, case).outcome, case_of(house, case).deadlines[1].met_at) == (None, None)
