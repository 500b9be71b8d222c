"""Whose case it is hears that a colleague answered in it, once and without a word that a protected case keeps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import Case, CaseStatus, Outcome
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import Grant, Role, User
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer_orally
from cases.steps.answering.by_post import letter_posted
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import take_back
from cases.steps.working.absence import name_substitute
from cases.steps.working.handover import hand_over
from cases.steps.working.work import assign, send_back
from tests.cases.builders import flagged
from tests.steps.deciding import ANSWER, assigned, only
from tests.steps.house import SmallHouse

STATUS = {"lage": "Vi har letat efter felet.", "nasta_steg": "En montör kommer."}


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


def told(house: SmallHouse) -> list[OutboxEntry]:
    return [one for one in only(house).letters if one.letter.kind is LetterKind.KOLLEGA_SVARAT]


def sends(house: SmallHouse, by: User, kind: LetterKind, values: Mapping[str, str]) -> str:
    """The id of the letter, which waits half a minute."""
    case = only(house).case
    with house.store.begin() as tx:
        wish = Sending(case.id, case.version, (), kind, values, values)
        return send_answer(tx, wish, by, house.office, house.now).entry_id


def sent_out(house: SmallHouse) -> None:
    house.later(seconds=UNDO.total_seconds())
    house.send()


def protected(house: SmallHouse) -> Case:
    case = replace(assigned(house), flags=flagged(FlagKind.SOCIALTJANST))
    with house.store.begin() as tx:
        return tx.save_case(case)


def test_a_colleagues_letter_is_told_of_when_it_leaves_and_never_if_it_does_not(house: SmallHouse) -> None:
    colleague = house.person("eva@ekdala.example", "Eva Ek", Grant(Role.HANDLAGGARE, "gata"))
    assigned(house)
    sends(house, house.handlaggare, LetterKind.STATUS, STATUS)
    sent_out(house)
    assert not told(house), "they know what they wrote themselves"
    taken = sends(house, colleague, LetterKind.SVAR, ANSWER)
    with house.store.begin() as tx:
        take_back(tx, taken, colleague, house.office, house.now)
    sends(house, colleague, LetterKind.SVAR, ANSWER)
    assert [one.status for one in told(house)] == [OutboxStatus.CANCELLED, OutboxStatus.QUEUED]
    assert told(house)[-1].not_before == house.now + UNDO
    sent_out(house)
    letter = told(house)[-1]
    assert (letter.recipient, letter.status) == (house.handlaggare.email, OutboxStatus.SENT)
    assert "Eva Ek har skickat brevet ”Svar på fråga” till avsändaren." in letter.letter.text
    assert "Svarstid" not in letter.letter.text
    assert ANSWER["svar"] not in letter.letter.text


def test_what_may_not_go_after_all_is_told_to_nobody(house: SmallHouse) -> None:
    colleague = house.person("eva@ekdala.example", "Eva Ek", Grant(Role.REGISTRATOR))
    assigned(house)
    sends(house, colleague, LetterKind.SVAR, ANSWER)
    with house.store.begin() as tx:
        tx.save_case(replace(only(house).case, flags=flagged(FlagKind.SKYDDAD_IDENTITET)))
    sent_out(house)
    assert only(house).case.status is not CaseStatus.ANSWERED
    assert [one.status for one in told(house)] == [OutboxStatus.CANCELLED]


def test_on_paper_and_by_word_of_mouth_a_protected_case_names_nobody(house: SmallHouse) -> None:
    boss = house.person("rut2@ekdala.example", "Ulla Ek", Grant(Role.REGISTRATOR))
    case = protected(house)
    with house.store.begin() as tx:
        letter_posted(tx, case.id, case.version, LetterKind.SVAR, ANSWER, boss, house.office, house.now)
    case = only(house).case
    with house.store.begin() as tx:
        case = tx.save_case(replace(case, status=CaseStatus.IN_PROGRESS))
        answer_orally(tx, case.id, case.version, Outcome.ACTED, "Ringde.", boss, house.office, house.now)
    texts = [one.letter.text for one in told(house)]
    assert len(texts) == 2
    assert all("En kollega har skrivit till avsändaren." in text for text in texts)
    assert not any("Ulla" in text or "Svar på fråga" in text for text in texts)


def test_who_has_left_is_not_written_to(house: SmallHouse) -> None:
    colleague = house.person("eva@ekdala.example", "Eva Ek", Grant(Role.HANDLAGGARE, "gata"))
    assigned(house)
    with house.store.begin() as tx:
        tx.add_user(replace(house.handlaggare, last_day=house.now.date() - timedelta(days=1)))
    sends(house, colleague, LetterKind.SVAR, ANSWER)
    assert not told(house)


def test_who_stands_in_is_told_as_well_unless_they_answered_themselves(house: SmallHouse) -> None:
    colleague = house.person("eva@ekdala.example", "Eva Ek", Grant(Role.HANDLAGGARE, "gata"))
    stand_in = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
    owner, today = house.handlaggare, house.now.date()
    assigned(house)
    with house.store.begin() as tx:
        name_substitute(tx, owner, stand_in, today, today + timedelta(days=3), owner, house.office, house.now)
    sends(house, colleague, LetterKind.STATUS, STATUS)
    assert [one.recipient for one in told(house)] == [owner.email, stand_in.email]
    sends(house, stand_in, LetterKind.SVAR, ANSWER)
    assert [one.recipient for one in told(house)[2:]] == [owner.email]


def test_who_has_the_case_as_a_planned_answer_leaves_is_told_and_not_who_had_it(house: SmallHouse) -> None:
    writer, heir = (
        house.person(f"{name}@ekdala.example", f"{name.title()} Ek", Grant(Role.HANDLAGGARE, "gata"))
        for name in ("eva", "siv")
    )
    assigned(house)
    plans(house, writer)
    plans(house, heir)
    case = only(house).case
    with house.store.begin() as tx:
        hand_over(tx, house.handlaggare, heir, "system", house.office, house.now)
    house.later(hours=3)
    house.send()
    assert [(one.recipient, one.status) for one in told(house)] == [
        (heir.email, OutboxStatus.SENT),
        (house.handlaggare.email, OutboxStatus.WITHHELD),
    ], "of what one wrote oneself one is not told"
    assert only(house).case.assignee_id == heir.id != case.assignee_id


def plans(house: SmallHouse, by: User) -> None:
    """Write how it goes, to leave in two hours."""
    case, at = only(house).case, house.now + timedelta(hours=2)
    with house.store.begin() as tx:
        wish = Sending(case.id, case.version, (), LetterKind.STATUS, STATUS, STATUS, at=at)
        send_answer(tx, wish, by, house.office, house.now)


def test_who_had_a_case_hears_that_somebody_else_moved_it(house: SmallHouse) -> None:
    colleague = house.person("eva@ekdala.example", "Eva Ek", Grant(Role.HANDLAGGARE, "gata"))
    case = assigned(house)
    with house.store.begin() as tx:
        case = assign(tx, case.id, case.version, colleague, house.registrator, house.office, house.now)
        case = assign(tx, case.id, case.version, house.handlaggare, colleague, house.office, house.now)
        case = send_back(tx, case.id, case.version, "Hör till VA.", house.registrator, house.office, house.now)
    watched = [one for one in only(house).letters if one.letter.kind is LetterKind.BEVAKNING]
    assert [one.recipient for one in watched] == [house.handlaggare.email] * 2, "who gave it away knows"
    given, returned = (one.letter.text for one in watched)
    assert f"Du har inte hand om ärendet längre. {house.registrator.name} har gett det till Eva Ek." in given
    assert f"{house.registrator.name} har lämnat tillbaka det för ny fördelning." in returned
    assert "Svarstid" not in given
