"""The rules of the two routines that configuration can carry, each under its number (domain.md §1).

What no key carries (O11, O16, R3, R10, R11, R26 and the tone of letters) is the rules' and the templates' business and
cannot be configured away.
"""

import re
from datetime import UTC, date, datetime

import pytest

import config
from cases.calendar import WorkingCalendar
from cases.case import Channel, Outcome
from cases.people.access import Role
from cases.people.organisation import Registration
from cases.promises import Counting, Promise, PromiseKind, Rollover, deadline
from cases.records.numbering import find_numbers, format_number
from cases.routing.areas import Area
from config.layers import profile_text
from tests.config.conftest import ENVIRON

OSBY = config.load("osby", ENVIRON)
RATTVIK = config.load("rattvik", ENVIRON)
BOTH = pytest.mark.parametrize("settings", [OSBY, RATTVIK], ids=["osby", "rattvik"])
# Only the holidays these tests meet; the service brings the whole calendar.
_DAYS_OFF = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 24), date(2026, 12, 25)})
CALENDAR = WorkingCalendar(lambda _year: _DAYS_OFF)


def _promise(settings, kind):
    return next(promise for promise in settings.promises if promise.kind is kind)


def _outcome(settings, outcome):
    return next(each for each in settings.outcomes if each.outcome is outcome)


def test_o1_improvement_is_asked_for():
    assert OSBY.cases.improvement


def test_o2_anyone_may_write_and_say_what_they_are():
    assert {"Boende", "Närstående", "Myndighet", "Förening"} <= set(OSBY.cases.sender_types)


def test_o3_cause_is_reported():
    assert "cause" in OSBY.reports.columns


def test_o4_a_fault_report_is_a_complaint():
    assert OSBY.cases.fault_report_is_complaint
    assert OSBY.links.fault_report


def test_o5_complaint_and_viewpoint_are_told_apart_in_reports():
    assert "kind" in OSBY.reports.columns


def test_o6_o7_staff_find_the_routine():
    assert OSBY.links.staff_guide.startswith("https://")


def test_o8_the_public_finds_the_information():
    assert OSBY.links.information.startswith("https://")


def test_o9_web_form_app_and_facebook_come_first():
    assert OSBY.cases.channels[:4] == (Channel.WEB, Channel.FORM, Channel.APP, Channel.FACEBOOK)
    assert OSBY.links.form


def test_o10_every_other_way_is_received_too():
    assert {Channel.PHONE, Channel.VISIT, Channel.EMAIL, Channel.LETTER} <= set(OSBY.cases.channels)


def test_o12_civic_talk_is_not_a_case():
    assert any("Allmänt samtal" in reason for reason in OSBY.cases.not_a_case_reasons)


def test_o13_other_social_media_are_refused():
    assert OSBY.cases.refused_channels == ("andra sociala medier",)
    assert Channel.FACEBOOK in OSBY.cases.channels


def test_o14_who_writes_to_staff_off_duty_is_referred():
    assert any("ledig" in reason for reason in OSBY.cases.not_a_case_reasons)
    assert OSBY.links.form
    assert OSBY.links.paper_form


def test_o15_dialogue_is_a_way_in_and_the_form_can_be_printed():
    assert Channel.DIALOGUE in OSBY.cases.channels
    assert OSBY.links.paper_form.endswith(".pdf")


def test_o17_no_unit_named_goes_to_the_central_registrator():
    organisation = OSBY.organisation
    assert organisation.central_registrators == ("registrator@osby.example",)
    assert organisation.unit_for(Area.KANSLI).id == organisation.unit_for(Area.EXTERN).id == organisation.central_unit
    assert OSBY.cases.first_receiver == "central"


def test_o18_every_unit_has_a_registrator_of_its_own():
    assert all(unit.registrators for unit in OSBY.organisation.units.values())


@pytest.mark.parametrize(
    "outcome",
    [Outcome.ACTED, Outcome.PROPOSED, Outcome.FURTHER_PREPARATION, Outcome.POLITICAL],
    ids=["o19", "o20", "o21", "o22"],
)
@BOTH
def test_o19_to_o22_each_outcome_may_be_chosen(settings, outcome):
    assert Role.CHEF in _outcome(settings, outcome).roles


def test_o23_who_may_choose_follows_the_mandate():
    assert Role.HANDLAGGARE in _outcome(OSBY, Outcome.ACTED).roles
    assert _outcome(OSBY, Outcome.POLITICAL).roles == (Role.CHEF,)


def test_o24_status_within_ten_calendar_days_rolled_back():
    promise = _promise(OSBY, PromiseKind.STATUS)
    assert promise == Promise(PromiseKind.STATUS, 10, Counting.CALENDAR, Rollover.BACK, "O24")
    received = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
    assert deadline(promise, received, CALENDAR).due == date(2026, 12, 23)
    assert not OSBY.letters.delay_notice


def test_o25_a_refusal_is_an_outcome_that_is_told():
    assert Role.HANDLAGGARE in _outcome(OSBY, Outcome.NO_ACTION).roles


def test_o26_the_compilation_is_yearly_and_tells_how_it_was_remedied():
    assert OSBY.reports.half_yearly_months == ()
    assert 1 <= OSBY.reports.yearly_month <= 12
    assert "measure" in OSBY.reports.columns


def test_o27_the_routine_is_looked_over_every_year():
    assert 1 <= OSBY.routine.review_month <= 12


def test_o28_where_and_when_the_routine_was_adopted():
    routine = OSBY.routine
    assert (routine.adopted_by, routine.adopted_on) == ("Kommunfullmäktige", date(2017, 2, 13))
    assert routine.reference == "KS/2016:597 003"
    authority = OSBY.organisation.authorities["ks"]
    number = format_number(authority.registry_pattern, year=2016, serial=597, plan=authority.plan_code)
    assert number == routine.reference


def test_r1_r32_staff_find_how_to_meet_a_complaint():
    assert RATTVIK.links.staff_guide.startswith("https://")


def test_r2_the_receipt_promises_to_look_into_it():
    assert _promise(RATTVIK, PromiseKind.RECEIPT) == Promise(
        PromiseKind.RECEIPT, 1, Counting.WORKING, Rollover.BACK, "R2"
    )


def test_r4_answer_within_three_working_days():
    promise = _promise(RATTVIK, PromiseKind.ANSWER)
    assert promise == Promise(PromiseKind.ANSWER, 3, Counting.WORKING, Rollover.BACK, "R4")
    assert deadline(promise, datetime(2026, 4, 2, 9, 0, tzinfo=UTC), CALENDAR).due == date(2026, 4, 9)


def test_r5_a_late_answer_is_announced():
    assert RATTVIK.letters.delay_notice
    assert RATTVIK.letters.delay_reason
    assert RATTVIK.letters.delay_working_days > 0


def test_r6_an_unhappy_answer_goes_to_the_manager():
    assert RATTVIK.escalation.on_unhappy
    assert all(unit.manager.email for unit in RATTVIK.organisation.units.values())


def test_r7_serious_letters_reach_the_manager_within_half_an_hour():
    assert RATTVIK.escalation.on_serious
    assert RATTVIK.escalation.serious_minutes == 30


def test_r8_threats_reach_the_manager_and_the_policy_is_at_hand():
    assert RATTVIK.escalation.on_threat
    assert RATTVIK.links.threat_policy


def test_r9_the_sender_is_told_of_forwarding():
    assert RATTVIK.letters.forward_notice


def test_r10_every_official_has_name_and_title():
    officials = [unit.manager for unit in RATTVIK.organisation.units.values()]
    officials += [department.head for department in RATTVIK.organisation.departments.values()]
    assert all(official.name and official.title for official in officials)


def test_r12_the_cause_of_a_failure_is_asked_for():
    assert RATTVIK.cases.improvement


def test_r13_the_report_ends_at_kommunstyrelsen():
    assert RATTVIK.reports.chain[-1] == "authority"
    assert RATTVIK.organisation.authorities[RATTVIK.organisation.home_authority].name == "Kommunstyrelsen"


def test_r14_reports_are_due_in_february_and_august():
    assert RATTVIK.reports.half_yearly_months == (2, 8)
    assert RATTVIK.reports.weeks_before == 2


def test_r15_the_report_has_the_four_columns():
    assert RATTVIK.reports.columns == ("unit", "date", "concerns", "measure")


def test_r16_the_receiving_unit_registers():
    assert RATTVIK.cases.first_receiver == "unit"
    assert all(unit.registrators for unit in RATTVIK.organisation.units.values())


def test_r17_r19_the_head_of_department_is_told():
    assert RATTVIK.letters.department_head_copy
    assert all(department.head.email for department in RATTVIK.organisation.departments.values())
    assert not OSBY.letters.department_head_copy


def test_r18_kansli_keeps_the_diaries_of_the_boards():
    organisation = RATTVIK.organisation
    assert {a for a in organisation.authorities if organisation.diary_of(a).id == "ks"} == {"ks", "bun", "son", "kun"}
    assert organisation.central_registrators


def test_r20_r22_the_report_rolls_up_from_unit_to_board():
    assert RATTVIK.reports.chain == ("unit", "department", "central", "authority")


def test_r21_the_units_blankett_is_the_reports_layout_and_no_form_for_citizens():
    assert RATTVIK.reports.columns == ("unit", "date", "concerns", "measure")
    assert "sammanstallning" not in RATTVIK.links.paper_form


def test_r23_hallmarks():
    assert RATTVIK.reports.hallmarks == ("Tillgänglighet", "Förtroende", "Kompetens")


def test_r24_visitors_are_as_welcome_as_residents():
    assert {"Boende", "Besökare"} <= set(RATTVIK.cases.sender_types)


def test_r25_small_things_are_solved_at_the_unit():
    assert RATTVIK.cases.quick_close
    assert not OSBY.cases.quick_close


@BOTH
def test_r27_secret_documents_are_always_registered(settings):
    assert all(a.registers is Registration.SEKRETESS for a in settings.organisation.authorities.values())


def test_r28_miljo_och_bygg_keeps_its_own_diary():
    organisation = RATTVIK.organisation
    for area in (Area.BYGGLOV, Area.MILJO_HALSA):
        authority = organisation.authority_of(organisation.unit_for(area).id)
        assert organisation.diary_of(authority.id).id == authority.id == "mbn"


def test_r29_phone_and_visits_are_noted():
    assert {Channel.PHONE, Channel.VISIT} <= set(RATTVIK.cases.channels)


def test_r30_the_sender_may_ask_for_the_manager():
    assert RATTVIK.escalation.on_request


def test_r31_what_belongs_elsewhere_is_forwarded_and_told():
    assert RATTVIK.letters.forward_notice
    assert {unit.id for unit in RATTVIK.organisation.units.values() if unit.external} == {"va", "raddning"}


# The rows of domain.md §1 that a key of the schema carries, and the profile that must name it.
CARRIED = {
    "osby": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28},
    "rattvik": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29}
    | {30, 31, 32},
}


@pytest.mark.parametrize(("profile", "letter"), [("osby", "O"), ("rattvik", "R")])
def test_each_carried_rule_is_named_in_its_profile(profile, letter):
    # The head of the file names the first and the last rule of them all.
    text = profile_text(profile).partition("[municipality]")[2]
    named = {number for number in CARRIED[profile] if re.search(rf"\b{letter}{number}\b", text)}
    assert CARRIED[profile] == named


@BOTH
def test_a_case_number_is_found_again_in_a_subject(settings):
    number = format_number(settings.numbering.case, year=2026, serial=42)
    assert find_numbers(settings.numbering.case, f"SV: Ditt ärende {number.lower()}") == [number]
