"""Each promised letter leaves once and in time, or those who can help are told; on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.calendar import local_day
from cases.case import CaseStatus, Channel, Party
from cases.letters.letter import LetterKind
from cases.office import LetterRules
from cases.people.access import SYSTEM, Grant, Role
from cases.post.plan import PlanState, plan
from cases.promises import PromiseKind, in_force
from cases.routing.flags import FlagKind
from cases.steps.answering import answer as answering
from cases.steps.receiving.by_hand import Spoken, enter
from cases.steps.watching import promises
from cases.steps.working import work
from cases.store.views import ListFilter, ListKind
from tests.rules.promised import (
    ANSWER_DUE,
    STATUS_DUE,
    K,
    answer,
    at,
    letters,
    lists,
    planned,
    sweep,
    the_case,
    to_hands,
    to_unit,
)
from tests.steps.house import SmallHouse, into_hands, mail, promises_at_once


def test_the_delay_notice_leaves_two_hours_before_closing_on_the_last_day_and_once(on_both: SmallHouse) -> None:
    house = on_both
    house.receive(mail())
    to_hands(house)
    sweep(house, at(ANSWER_DUE, 15, 59))
    assert letters(house, K.LANGRE_TID) == []
    sweep(house, at(ANSWER_DUE), at(ANSWER_DUE), at(ANSWER_DUE, 17), at(date(2026, 12, 3)))
    (notice,) = letters(house, K.LANGRE_TID)
    assert notice.recipient == "berit@mejl.example"
    assert "15 december 2026" in notice.letter.text
    assert house.office.letters.delay_reason in notice.letter.text
    assert "Hans Vik, handläggare, Gatuenheten" in notice.letter.text
    assert [d.due for d in in_force(the_case(house).deadlines)] == [date(2026, 12, 15), STATUS_DUE]
    assert the_case(house).deadline(PromiseKind.ANSWER).due == ANSWER_DUE


def test_the_status_says_what_the_state_makes_true_and_meets_its_promise(house: SmallHouse) -> None:
    house.receive(mail())
    to_unit(house)
    sweep(house, at(STATUS_DUE), at(STATUS_DUE, 17))
    (status,) = letters(house, K.STATUS)
    assert "Ditt ärende finns hos Gatuenheten. Ingen har börjat arbeta med det än." in status.letter.text
    assert "Gustav Vik" in status.letter.text
    assert the_case(house).deadline(PromiseKind.STATUS).met_at == at(STATUS_DUE)


def test_sweeps_that_come_three_days_late_send_the_same_letters_once(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    late = at(STATUS_DUE + timedelta(days=3))
    sweep(house, late, late, late + timedelta(minutes=1))
    assert len(letters(house, K.STATUS)) == len(letters(house, K.LANGRE_TID)) == 1
    assert letters(house, K.PAMINNELSE_FORE, K.PAMINNELSE_EFTER) == [], "what the citizen was told first needs none"


def test_two_machines_at_once_send_the_same_letters_once(on_both: SmallHouse) -> None:
    house = on_both
    house.receive(mail())
    to_hands(house)
    house.now = at(STATUS_DUE)
    promises_at_once(house)
    sweep(house, house.now)
    assert len(letters(house, K.STATUS)) == len(letters(house, K.LANGRE_TID)) == 1
    assert len({e.recipient for e in letters(house, K.PAMINNELSE_EFTER)}) == len(letters(house, K.PAMINNELSE_EFTER))


def test_nothing_leaves_outside_service_hours_or_before_its_time(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    before = len(letters(house, *K))
    sweep(house, at(ANSWER_DUE, 3), at(ANSWER_DUE, 22), at(date(2026, 12, 5), 12), at(date(2026, 12, 6), 12))
    assert len(letters(house, *K)) == before


def test_an_answer_overtakes_what_was_planned(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    assert planned(house, K.STATUS).state is PlanState.PLANNED
    answer(house, K.SVAR, svar="Lampan är bytt.")
    assert {planned(house, k).state for k in (K.STATUS, K.LANGRE_TID)} == {PlanState.OVERTAKEN}
    sweep(house, at(ANSWER_DUE), at(STATUS_DUE), at(date(2026, 12, 7)))
    assert letters(house, K.STATUS, K.LANGRE_TID, K.PAMINNELSE_FORE, K.PAMINNELSE_EFTER) == []


def test_a_notice_by_hand_sets_the_new_day_and_overtakes_the_automatic_one(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    answer(house, K.LANGRE_TID, ny_tid="11 december 2026", skal="Vi väntar på en reservdel.")
    sweep(house, at(ANSWER_DUE), at(date(2026, 12, 10)), at(date(2026, 12, 11)))
    assert len(letters(house, K.LANGRE_TID)) == 1
    assert [e.recipient for e in letters(house, K.PAMINNELSE_FORE)] == ["hans@ekdala.example"]
    assert "11 december 2026" in letters(house, K.PAMINNELSE_FORE)[-1].letter.text
    sweep(house, at(date(2026, 12, 14), 8))
    (late,) = letters(house, K.PAMINNELSE_EFTER)
    assert late.recipient == "hans@ekdala.example"
    assert "en arbetsdag" in late.letter.text
    assert [e.recipient for e in lists(house)] == ["gustav@ekdala.example"]


def test_a_day_told_after_an_answer_was_not_enough_is_reminded_of(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    answer(house, K.SVAR, svar="Lampan är bytt.")
    house.now = at(date(2026, 12, 2), 9)
    house.receive(mail("Den lyser inte.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    assert the_case(house).status is CaseStatus.REOPENED
    answer(house, K.LANGRE_TID, ny_tid="11 december 2026", skal="Vi väntar på en reservdel.")
    sweep(house, at(STATUS_DUE), at(date(2026, 12, 10), 8), at(date(2026, 12, 11)), at(date(2026, 12, 14), 8))
    (before,), (late,) = letters(house, K.PAMINNELSE_FORE), letters(house, K.PAMINNELSE_EFTER)
    assert "11 december 2026" in before.letter.text
    assert "en arbetsdag" in late.letter.text
    assert letters(house, K.STATUS) == [], "the first answer kept it"
    answer(house, K.SVAR, svar="Nu lyser den.")
    sweep(house, at(date(2026, 12, 15), 8))
    assert len(letters(house, K.PAMINNELSE_EFTER)) == 1
    assert in_force(the_case(house).deadlines) == ()


def test_reminders_come_one_working_day_before_once_and_daily_after(house: SmallHouse) -> None:
    house.receive(mail())
    to_hands(house)
    monday = date(2026, 11, 30)
    sweep(house, at(date(2026, 11, 27)), at(monday, 6, 59))
    assert letters(house, K.PAMINNELSE_FORE) == []
    sweep(house, at(monday, 7), at(monday, 8), at(ANSWER_DUE, 8))
    (before,) = letters(house, K.PAMINNELSE_FORE)
    assert before.recipient == "hans@ekdala.example"
    assert "Brevet Vi behöver mer tid går annars av sig självt den 1 december 2026 kl. 16.00." in before.letter.text
    sweep(house, at(ANSWER_DUE), at(date(2026, 12, 3), 8))
    assert (
        "Brevet Besked om läget går annars av sig självt den 4 dec" in letters(house, K.PAMINNELSE_FORE)[-1].letter.text
    )
    sweep(house, at(STATUS_DUE))
    monday = date(2026, 12, 14)
    sweep(house, *(at(day, hour) for day in (monday, date(2026, 12, 15)) for hour in (8, 12)))
    assert letters(house, K.PAMINNELSE_EFTER) == []
    sweep(house, *(at(date(2026, 12, day), hour) for day in (16, 17, 18, 19, 20, 21) for hour in (8, 12)))
    late = letters(house, K.PAMINNELSE_EFTER)
    assert len(late) == len(lists(house)) == 4
    assert "fyra arbetsdagar" in late[-1].letter.text


def test_without_a_confirmed_unit_registrator_and_chef_are_alarmed_once_and_the_letter_waits(house: SmallHouse) -> None:
    house.receive(mail())
    sweep(house, at(ANSWER_DUE, 15), at(ANSWER_DUE), at(ANSWER_DUE, 17))
    assert letters(house, K.LANGRE_TID) == []
    assert [e.recipient for e in letters(house, K.TILL_CHEF)] == ["gustav@ekdala.example"]
    alarm = letters(house, K.TILL_REGISTRATOR)[-1]
    assert len(letters(house, K.TILL_REGISTRATOR)) == 2
    why = "Svarstiden går ut den 1 december 2026, och ingen enhet har ärendet. Innan det är fördelat går inget besked"
    for one in (alarm, *letters(house, K.TILL_CHEF)):
        assert why in one.letter.text
        assert "allvarligt" not in one.letter.text
        assert "Enhet:" not in one.letter.text
    assert planned(house, K.LANGRE_TID).state is PlanState.ALARMED
    to_unit(house)
    sweep(house, at(ANSWER_DUE, 17, 30))
    assert len(letters(house, K.LANGRE_TID)) == 1


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (FlagKind.SOCIALTJANST, K.SEKRETESS_SAFE),
        (FlagKind.HOT_VALD, None),
        (FlagKind.SKYDDAD_IDENTITET, None),
        (FlagKind.PERSONNUMMER, K.STATUS),
    ],
)
def test_a_flagged_case_gets_only_what_its_flag_allows(house: SmallHouse, kind: FlagKind, sent: LetterKind) -> None:
    house.receive(mail())
    to_unit(house, kind)
    sweep(house, at(STATUS_DUE), at(STATUS_DUE, 17))
    promised = letters(house, K.STATUS, K.LANGRE_TID, K.SEKRETESS_SAFE)
    assert {e.letter.kind for e in promised} <= {sent, K.LANGRE_TID if sent is K.STATUS else sent}
    assert (planned(house, K.STATUS).state is PlanState.QUEUED) is (sent is not None)


def test_a_held_case_gets_its_letter_when_a_person_releases_it(house: SmallHouse) -> None:
    house.receive(mail())
    case = to_unit(house, FlagKind.HOT_VALD)
    sweep(house, at(STATUS_DUE))
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        work.release_hold(tx, case.id, case.version, "Samtal med polisen.", house.registrator, house.office, house.now)
    sweep(house, at(STATUS_DUE, 17))
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        case = work.escalate(tx, case.id, case.version, "Hör av sig igen.", house.registrator, house.office, house.now)
        case = work.send_back(tx, case.id, case.version, "Inte vår gata.", house.registrator, house.office, house.now)
        tx.save_case(replace(case, unit_id="hemtjanst"))
    case, said = to_unit(house, FlagKind.HOT_VALD), {"motivering": "Lampan är hel."}
    with house.store.begin() as tx:
        by = house.registrator
        answering.answer(tx, case.id, case.version, K.BESLUT_INGEN, said, by, house.office, house.now)
    named = letters(house, K.STATUS, K.BESLUT_INGEN, K.ESKALERAD, K.VIDAREBEFORDRAD)
    assert len(named) == 4
    for one in named:
        assert "Gustav" not in one.letter.text, one.letter.kind
        assert "Gatuenheten" in one.letter.text


def test_no_mail_names_a_flag(house: SmallHouse) -> None:
    house.receive(mail())
    to_unit(house, FlagKind.SKYDDAD_IDENTITET)
    sweep(house, at(date(2026, 11, 30)), at(STATUS_DUE), at(date(2026, 12, 7)))
    texts = [e.letter.text for e in letters(house, *K)]
    assert len(texts) > 4
    assert not any("identitet" in text.lower() for text in texts)


def test_nothing_is_promised_to_the_anonymous_nor_for_what_is_no_case(house: SmallHouse) -> None:
    house.receive(mail())
    case = the_case(house)
    with house.store.begin() as tx:
        tx.save_case(replace(case, sender=Party(anonymous=True)))
    assert planned(house, K.STATUS).state is PlanState.CANCELLED
    sweep(house, at(STATUS_DUE), at(date(2026, 12, 8)))
    assert letters(house, K.STATUS, K.LANGRE_TID, K.PAMINNELSE_EFTER, K.TILL_CHEF) == []


def test_a_closing_day_moves_the_letter_to_the_day_before_and_never_the_promise(house: SmallHouse) -> None:
    house = SmallHouse(
        house.store,
        office_changes={
            "calendar": type(house.office.calendar)(house.office.calendar.non_working, closed=frozenset({STATUS_DUE}))
        },
    )
    house.receive(mail())
    assert planned(house, K.STATUS).day == STATUS_DUE
    assert planned(house, K.STATUS).due_at == at(date(2026, 12, 3))


def test_without_a_delay_notice_in_the_profile_only_reminders_follow(house: SmallHouse) -> None:
    house = SmallHouse(house.store, office_changes={"letters": LetterRules(delay_notice=False)})
    house.receive(mail())
    case = to_unit(house)
    with house.store.read() as tx:
        kinds = {p.kind for p in plan(case, tx.marks(case.id), house.office, house.now)}
    assert kinds == {K.PAMINNELSE_FORE, K.STATUS, K.PAMINNELSE_EFTER}


def test_a_whistle_blowers_case_is_named_to_its_receivers_alone(house: SmallHouse) -> None:
    receiver = house.person("vera@ekdala.example", "Vera Ö", Grant(Role.VISSELMOTTAGARE))
    house.receive(mail())
    case = the_case(house)
    house.model.flags = (FlagKind.VISSELBLASNING,)
    house.receive(mail("Jag arbetar hos er.", message_id="<v@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    assert the_case(house).whistle
    known = len(letters(house, *K))
    sweep(house, at(ANSWER_DUE), at(date(2026, 12, 2)), at(STATUS_DUE))
    with house.store.read() as tx:
        told = tx.letters_of(case.id)[known:]
    assert {e.recipient for e in told} == {receiver.email}


def test_one_case_that_fails_does_not_keep_the_others_promises_back(house: SmallHouse) -> None:
    house.receive(mail())
    house.receive(mail("Bänken är trasig.", message_id="<b@mejl.example>", sender="bo@mejl.example"))
    good = house.office.renderer

    class Broken:
        missing = good.missing

        def render(self, kind, language, context):
            if context.values["arende_id"] == "EK-2026-00001":
                raise ValueError("trasig mall")
            return good.render(kind, language, context)

    house.stages = replace(house.stages, office=replace(house.office, renderer=Broken()))
    sweep(house, at(STATUS_DUE))
    with house.store.read() as tx:
        told = [{e.letter.kind for e in tx.letters_of(tx.case_by_number(f"EK-2026-0000{n}"))} for n in (1, 2)]
    assert [K.TILL_CHEF in kinds for kinds in told] == [False, True]


def test_a_call_without_an_address_is_not_late_for_want_of_a_receipt(house: SmallHouse) -> None:
    with house.store.begin() as tx:
        told = Spoken(Channel.PHONE, Party("Bo Ek", phone="0400-1"), "", "Lampan är trasig.", house.now)
        enter(tx, told, house.registrator, house.office, house.now)
    with house.store.read() as tx:
        (line,) = tx.lines(ListKind.OPEN, SYSTEM, ListFilter())
        assert line.due == ANSWER_DUE


def test_a_letter_names_who_works_on_the_case_and_else_the_chef(house: SmallHouse) -> None:
    """R5, R10, R11: before somebody has taken it, once it is lifted, and where they will have left, it is the chef."""
    house.receive(mail())
    case, today = into_hands(house, the_case(house), house.handlaggare), local_day(house.now)
    unit = house.office.organisation.unit("gata")
    day, evening = at(today, 10), at(today, 20)
    named = [
        (CaseStatus.IN_PROGRESS, None, day, house.handlaggare.name),
        (CaseStatus.ASSIGNED, None, day, unit.manager.name),
        (CaseStatus.ESCALATED, None, day, unit.manager.name),
        (CaseStatus.IN_PROGRESS, today, day, house.handlaggare.name),
        (CaseStatus.IN_PROGRESS, today, evening, unit.manager.name),
    ]
    with house.store.begin() as tx:
        for status, last_day, now, name in named:
            tx.add_user(replace(house.handlaggare, last_day=last_day))
            told = promises.signer(tx, replace(case, status=status), unit, house.office, now)
            assert told["handlaggare"] == name, (status, last_day, now)


def test_a_day_left_over_from_another_letters_form_moves_no_promise(house: SmallHouse) -> None:
    house.receive(mail())
    before = to_hands(house).deadlines
    answer(house, K.KOMPLETTERA, fraga="Var är det?", svarsdatum="4 december 2026", ny_tid="11 december 2026")
    assert the_case(house).deadlines == before


def test_a_day_that_a_status_tells_is_a_promise_and_one_it_repeats_is_none_anew(house: SmallHouse) -> None:
    """Else the notice of more time said another day than the status had, or nobody was reminded of it."""
    house.receive(mail())
    before = to_hands(house).deadlines
    said = {"lage": "Vi har beställt en lampa.", "nasta_steg": "Vi byter den."}
    answer(house, K.STATUS, **said, svarsdatum="1 december 2026", ny_tid="9 december 2026")
    assert [d.due for d in the_case(house).deadlines] == [d.due for d in before]
    answer(house, K.STATUS, **said, svarsdatum="11 december 2026")
    sweep(house, at(ANSWER_DUE), at(STATUS_DUE), at(date(2026, 12, 10)))
    assert letters(house, K.LANGRE_TID) == []
    (reminder,) = letters(house, K.PAMINNELSE_FORE)
    assert "senast den 11 december 2026" in reminder.letter.text
