"""A reply that is unhappy or asks for the chef: a suggestion to a person, or lifted by itself where that is chosen."""

import pytest

from cases.case import CaseStatus, Outcome
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.office import EscalationRules
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer
from cases.steps.answering.closing import quick_close
from cases.steps.joining.unhappy import pending
from cases.steps.working.work import escalate, not_lifted
from tests.steps.deciding import ANSWER, assigned, only, route, sent
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, OWN, take_in


def answered(store: Store, **changes: object) -> SmallHouse:
    house = take_in(SmallHouse(store, office_changes=changes))
    case = assigned(house)
    with house.store.begin() as tx:
        answer(
            tx, case.id, only(house).case.version, LetterKind.SVAR, ANSWER, house.handlaggare, house.office, house.now
        )
    return house


def writes(house: SmallHouse, body: str, number: int = 2, **headers: str) -> None:
    house.later(minutes=5)
    values = {"message_id": f"<m{number}@mejl.example>", "subject": "Sv: [EK-2026-00001]", **headers}
    house.receive(mail(body, **values))


def suggested(house: SmallHouse) -> EventKind | None:
    file = only(house)
    found = pending(file.case, file.events)
    return found.kind if found else None


def test_an_unhappy_reply_is_a_suggestion_that_a_person_confirms(store: Store) -> None:
    house = answered(store)
    writes(house, "Tack, men jag är inte nöjd med svaret.")
    assert suggested(house) is EventKind.UNHAPPY
    case = only(house).case
    assert case.status is CaseStatus.REOPENED
    assert LetterKind.ESKALERAD not in dict(sent(only(house)))
    with house.store.begin() as tx:
        escalate(tx, case.id, case.version, "Avsändaren är inte nöjd.", house.handlaggare, house.office, house.now)
    assert suggested(house) is None
    assert (LetterKind.TILL_CHEF, "gustav@ekdala.example") in sent(only(house))
    assert (LetterKind.ESKALERAD, "berit@mejl.example") in sent(only(house))


def test_a_person_may_say_no_and_a_new_reply_asks_again(store: Store) -> None:
    house = answered(store)
    writes(house, "Jag är missnöjd.")
    case = only(house).case
    with house.store.begin() as tx:
        not_lifted(tx, case.id, case.version, house.handlaggare, house.office, house.now)
    assert suggested(house) is None
    writes(house, "Jag vill prata med din chef.", 3)
    assert suggested(house) is EventKind.CHEF_ASKED


def test_it_is_lifted_by_itself_once_where_the_profile_says_so(store: Store) -> None:
    house = answered(store, escalation=EscalationRules(on_unhappy=True))
    writes(house, "Jag är inte nöjd.")
    file = only(house)
    assert file.case.status is CaseStatus.ESCALATED
    assert [e.actor for e in file.events if e.kind is EventKind.ESCALATED] == ["system"]
    writes(house, "Jag är fortfarande inte nöjd!", 3)
    kinds = [kind for kind, _ in sent(only(house))]
    assert kinds.count(LetterKind.ESKALERAD) == 1


def test_each_key_is_for_its_own_wish(store: Store) -> None:
    house = answered(store, escalation=EscalationRules(on_request=True))
    writes(house, "Jag är inte nöjd.")
    assert only(house).case.status is CaseStatus.REOPENED
    writes(house, "Jag vill tala med chefen.", 3)
    assert only(house).case.status is CaseStatus.ESCALATED


def test_the_chef_may_be_asked_for_before_there_is_an_answer_but_nobody_is_unhappy_with_none(store: Store) -> None:
    house = take_in(SmallHouse(store, office_changes={"escalation": EscalationRules(on_unhappy=True, on_request=True)}))
    assigned(house)
    writes(house, "Jag är inte nöjd med väntan.")
    assert suggested(house) is None
    writes(house, "Kan din chef ringa mig?", 3)
    assert only(house).case.status is CaseStatus.ESCALATED


def test_a_contented_reply_suggests_nothing(store: Store) -> None:
    house = answered(store, escalation=EscalationRules(on_unhappy=True))
    writes(house, "Tack, jag är nöjd.")
    assert suggested(house) is None
    assert only(house).case.status is CaseStatus.REOPENED


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "Nisse <nisse@annan.example>", "In_Reply_To": "<m1@mejl.example>"},
        {"Authentication_Results": FAIL, "In_Reply_To": "<m1@mejl.example>"},
    ],
    ids=["another", "forged"],
)
def test_what_may_be_somebody_elses_word_lifts_nothing_by_itself(store: Store, headers: dict[str, str]) -> None:
    assert FAIL.startswith(OWN[0])
    house = answered(store, escalation=EscalationRules(on_unhappy=True))
    writes(house, "Jag är inte nöjd.", **headers)
    assert only(house).case.status is CaseStatus.REOPENED
    assert suggested(house) is EventKind.UNHAPPY


def test_a_threat_in_the_reply_leaves_it_to_a_person(store: Store) -> None:
    house = answered(store, escalation=EscalationRules(on_unhappy=True))
    house.model.flags = (FlagKind.HOT_VALD,)
    writes(house, "Jag är inte nöjd. Ni ska få ångra er.")
    file = only(house)
    assert file.case.status is CaseStatus.REOPENED
    assert LetterKind.ESKALERAD not in dict(sent(file))
    assert suggested(house) is EventKind.UNHAPPY


def test_a_small_thing_is_ended_in_one_step_and_nothing_more_is_written(store: Store) -> None:
    house = SmallHouse(store, office_changes={"quick_close": True})
    house.receive(mail())
    case = route(house).case
    before = [one for one in sent(only(house)) if one[1] == "berit@mejl.example"]
    with pytest.raises(NotAllowed, match="hur det löstes"), house.store.begin() as tx:
        quick_close(tx, case.id, case.version, " ", house.handlaggare, house.office, house.now)
    with house.store.begin() as tx:
        quick_close(tx, case.id, case.version, "Lampan byttes.", house.handlaggare, house.office, house.now)
    file = only(house)
    assert (file.case.status, file.case.outcome, file.case.improvement) == (
        CaseStatus.CLOSED,
        Outcome.ACTED,
        "Lampan byttes.",
    )
    assert [one for one in sent(file) if one[1] == "berit@mejl.example"] == before
    assert all(d.met_at for d in file.case.deadlines)
    house.later(days=20)
    house.stages.promises(house.now)
    assert [one for one in sent(only(house)) if one[1] == "berit@mejl.example"] == before


@pytest.mark.parametrize(("on", "flags"), [(False, ()), (True, (FlagKind.HALSA,))], ids=["off", "protected"])
def test_no_short_way_where_it_is_off_or_the_case_is_protected(store: Store, on, flags) -> None:
    house = SmallHouse(store, office_changes={"quick_close": on})
    house.model.flags = flags
    house.receive(mail())
    case = route(house).case
    with pytest.raises(NotAllowed), house.store.begin() as tx:
        quick_close(tx, case.id, case.version, "Klart.", house.registrator, house.office, house.now)
    assert only(house).case.status is case.status


def test_where_units_receive_first_their_own_registrators_are_told_and_others_flagged_letters_stay(store) -> None:
    house = SmallHouse(store, office_changes={"unit_first": True})
    house.receive(mail())
    assert (LetterKind.TILL_REGISTRATOR, "gata@ekdala.example") in sent(only(house))
    assert only(house).case.first_unit == "gata"
    house.model.flags = (FlagKind.HALSA,)
    house.receive(mail("Sjuk", message_id="<m9@mejl.example>", sender="Bo <bo@mejl.example>"))
    with house.store.read() as tx:
        told = tx.letters_of(tx.case_by_number("EK-2026-00002"))
    assert [e.recipient for e in told if e.letter.kind is LetterKind.TILL_REGISTRATOR] == ["registrator@ekdala.example"]
