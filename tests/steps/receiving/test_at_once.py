"""What people and letters do with one case at the same moment: on PostgreSQL, too, one comes after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM, Grant, Role
from cases.ports import Tx
from cases.records.retention import RetentionRule, RetentionRules
from cases.steps.answering import send as sending
from cases.steps.answering.answer import answer
from cases.steps.answering.letters_out import resend_letter
from cases.steps.answering.unsend import take_back
from cases.steps.receiving import receive as receiving
from cases.steps.receiving.receive import Outcome
from cases.steps.records.personal_data import Corrected, correct
from cases.steps.records.retention import disposal_sweep, dispose
from cases.steps.working.handover import HandedOver, hand_over, move_units
from cases.steps.working.work import assign, not_lifted, tag
from cases.ties import CaseTie, TieKind
from storage import SqlStore
from storage.retention import RetentionPart
from storage.search.analyse import analyse
from tests.steps.deciding import ANSWER, assigned, bounce, only, waiting_answer
from tests.steps.house import SmallHouse, mail
from tests.steps.records.disposing import ended
from tests.steps.working.test_handover import reorganised

pytestmark = pytest.mark.postgres
RULES = RetentionRules((RetentionRule("alla", 2, "KS/2026:9 004"),))


@pytest.fixture
def house(postgres_url: str) -> Iterator[SmallHouse]:
    with closing(SqlStore(postgres_url, analyser=analyse)) as store:
        yield SmallHouse(store)


@pytest.fixture
def impatient(postgres_url: str) -> Iterator[SqlStore]:
    """Another machine's store, which waits for nobody."""
    with closing(SqlStore(f"{postgres_url}?options=-clock_timeout%3D1ms", analyser=analyse)) as store:
        yield store


def neutral_letter(tx: Tx, house: SmallHouse) -> None:
    case = tx.get_case(only(house).case.id, SYSTEM)
    answer(tx, case.id, case.version, LetterKind.SEKRETESS_SAFE, {}, house.handlaggare, house.office, house.now)


def hallmarks(tx: Tx, house: SmallHouse) -> None:
    case = only(house).case
    tag(tx, case.id, case.version, [], house.handlaggare, house.office, house.now)


def left_where_it_is(tx: Tx, house: SmallHouse) -> None:
    case = only(house).case
    not_lifted(tx, case.id, case.version, house.handlaggare, house.office, house.now)


def taken_back(tx: Tx, house: SmallHouse) -> None:
    entry = next(one for one in only(house).letters if one.letter.kind is LetterKind.SVAR)
    take_back(tx, entry.id, house.handlaggare, house.office, house.now)


def sent_again(tx: Tx, house: SmallHouse) -> None:
    entry = next(one for one in only(house).letters if one.letter.kind is LetterKind.MOTTAGNING)
    resend_letter(tx, entry.id, house.registrator, house.office, house.now)


def a_reply(tx: Tx, house: SmallHouse) -> None:
    _read(tx, house, mail("Hur går det?", message_id="<svar@mejl.example>", In_Reply_To="<m1@mejl.example>"))


def a_bounce(tx: Tx, house: SmallHouse) -> None:
    _read(tx, house, bounce(only(house).letters[0].message_id))


def _read(tx: Tx, house: SmallHouse, raw: bytes) -> None:
    house.post(raw)
    (kept,) = tx.raw_to_read(1, house.now)
    receiving.receive(tx, kept, house.stages.parse(raw), house.office, house.now)


@pytest.mark.parametrize(
    "act", [neutral_letter, hallmarks, left_where_it_is, taken_back, sent_again, a_reply, a_bounce]
)
def test_what_goes_by_how_a_case_stands_waits_for_whoever_changes_it(
    house: SmallHouse, impatient: SqlStore, act: Callable[[Tx, SmallHouse], None]
) -> None:
    waiting_answer(house)
    with house.store.begin() as tx:
        # Its lines in the journal ask only that the case is there, so nobody who only notes waits.
        tx.save_case(only(house).case)
        tx.flush()
        with pytest.raises(OperationalError, match="lock timeout"), impatient.begin() as other:
            act(other, house)


def test_a_letter_sent_again_while_its_address_is_put_right_goes_to_the_right_one(
    house: SmallHouse, impatient: SqlStore
) -> None:
    waiting_answer(house)
    case, entry = only(house).case, only(house).letters[0]
    by, office = house.registrator, house.office
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, status=OutboxStatus.BOUNCED))
    with house.store.begin() as tx:
        correct(tx, case.id, case.version, Corrected.EMAIL, "alm@mejl.example", "Felskrivet.", by, office, house.now)
        with pytest.raises(OperationalError, match="lock timeout"), impatient.begin() as other:
            resend_letter(other, entry.id, by, office, house.now)
    with impatient.begin() as other:
        resend_letter(other, entry.id, by, office, house.now)
    assert only(house).letters[0].recipient == "alm@mejl.example"


def test_what_tells_of_a_reply_that_comes_while_an_answer_is_sent_is_no_part_of_the_answer(
    house: SmallHouse, impatient: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, together = assigned(house), sending.answer_together

    def meanwhile(*given: object) -> object:
        with pytest.raises(OperationalError, match="lock timeout"), impatient.begin() as other:
            a_reply(other, house)
        return together(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "answer_together", meanwhile)
    wish = sending.Sending(case.id, case.version, (), LetterKind.SVAR, ANSWER, ANSWER)
    with house.store.begin() as tx:
        made = sending.send_answer(tx, wish, house.handlaggare, house.office, house.now)
    house.stages.read(house.now)
    with house.store.begin() as tx:
        take_back(tx, made.entry_id, house.handlaggare, house.office, house.now)
    told = next(one for one in only(house).letters if one.letter.kind is LetterKind.SVAR_INKOMMET)
    assert (told.status, told.not_before) == (OutboxStatus.QUEUED, house.now)


@pytest.mark.parametrize("given", [True, False])
def test_a_case_given_away_or_ended_at_this_moment_is_not_handed_over_with_the_leavers(
    house: SmallHouse, given: bool
) -> None:
    case = assigned(house)
    elsa, nils = (
        house.person(f"{name}@ekdala.example", f"{name.title()} Ek", Grant(Role.HANDLAGGARE, "gata"))
        for name in ("elsa", "nils")
    )
    with house.store.begin() as tx:
        in_hand = tx.in_hand

        def slowly(user_id: str) -> Sequence[str]:
            found = in_hand(user_id)
            with house.store.begin() as other:
                if given:
                    assign(other, case.id, case.version, elsa, house.registrator, house.office, house.now)
                else:
                    other.save_case(replace(other.get_case(case.id, SYSTEM), status=CaseStatus.MERGED))
            return found

        tx.in_hand = slowly  # type: ignore[method-assign]
        assert hand_over(tx, house.handlaggare, nils, "system", house.office, house.now) == HandedOver(0, 0)
    assert only(house).case.assignee_id == (elsa if given else house.handlaggare).id


def test_a_case_given_to_another_unit_at_this_moment_is_not_moved_with_the_old_ones(house: SmallHouse) -> None:
    """On PostgreSQL the whole reorganisation failed."""
    case = assigned(house)
    house.receive(mail(message_id="<m2@mejl.example>"))
    reorganised(house, "natur")
    with house.store.begin() as tx:
        of_unit = tx.of_unit

        def slowly(unit: str) -> Sequence[str]:
            found = of_unit(unit)
            with house.store.begin() as other:
                other.save_case(replace(other.get_case(case.id, SYSTEM), unit_id="hemtjanst"))
            return found

        tx.of_unit = slowly  # type: ignore[method-assign]
        assert list(move_units(tx, "system", house.office, house.now)) == []
    with house.store.read() as tx:
        assert tx.get_case(case.id, SYSTEM).unit_id == "hemtjanst"


def test_at_night_a_case_that_changes_at_this_moment_stays_and_the_others_go(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night's gallring gave up for all of them."""
    opened, tied, loose = (ended(house, mail(message_id=f"<{name}@mejl.example>")) for name in "abc")
    with house.store.begin() as tx:
        tx.add_tie(CaseTie(opened.id, tied.id, TieKind.SPLIT, CaseStatus.CLOSED, house.now))
    house.later(days=3 * 366)
    asked = RetentionPart.ended_cases

    def and_then_a_change(tx: RetentionPart, *of: object, **but: object) -> object:
        found = asked(tx, *of, **but)  # type: ignore[arg-type]
        with house.store.begin() as other:
            other.save_case(other.get_case(opened.id, SYSTEM))
        return found

    monkeypatch.setattr(RetentionPart, "ended_cases", and_then_a_change)
    with house.store.begin() as tx:
        (made,) = disposal_sweep(tx, replace(RULES, automatic=True), house.office, house.now)
    assert [line.number for line in made.lines] == [loose.number]


def test_a_letter_on_its_way_into_a_case_that_is_erased_meanwhile_is_a_case_of_its_own(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ended(house, mail())
    house.later(days=3 * 366)
    joins = receiving._joins

    def slowly(*given: object) -> str:
        found = joins(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(receiving, "_joins", joins)
        with house.store.begin() as tx:
            dispose(tx, RULES, SYSTEM, "system", house.office, house.now)
        return found

    monkeypatch.setattr(receiving, "_joins", slowly)
    house.post(mail(message_id="<svar@mejl.example>", to=f"feedback+{old.token}@ekdala.example"))
    assert house.stages.read(house.now) == {Outcome.NEW_CASE: 1}
    with house.store.read() as tx:
        erased = tx.case_file(old.id, SYSTEM)
        assert not erased.messages
        assert [event.kind for event in erased.events][-1] is EventKind.DISPOSED
        assert tx.get_case(tx.case_by_number("EK-2029-00001"), SYSTEM).sender.email == "berit@mejl.example"
