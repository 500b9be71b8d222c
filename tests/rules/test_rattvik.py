"""Rättvik's routine, rule by rule (domain.md §1): what was adopted works, through the whole system."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.case import CHANNEL_NAMES, CaseStatus, Channel, Party
from cases.compilations.periods import read_period
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import ANSWERS, LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import Severity
from cases.steps.answering.closing import quick_close
from cases.steps.working import work
from service.reports import FILES, whole_report
from tests.rules.town import THURSDAY, Town, text_of

PROFILE = "rattvik"
K = LetterKind
# Three working days after Thursday 26 November: Friday, Monday, Tuesday.
ANSWER_DUE = date(2026, 12, 1)
GATUCHEF, FORVALTNINGSCHEF = "hanna.stumsnasdal@rattvik.example", "elin.dalbyn-ek@rattvik.example"
_BLAMING = (
    "du har fel",
    "du har missförstått",
    "du borde",
    "du måste förstå",
    "obefogad",
    "ogrundad",
    "tyvärr måste",
    "påstår",
)


def test_r1_letters_stay_respectful(town: Town) -> None:
    assert "Tack för att du hör av dig till oss." in text_of(town.write("Ni är hopplösa!").answers[0])
    assert not town.house.renderer.lint()


def test_r2_the_receipt_promises_to_look_into_it(town: Town) -> None:
    letter = town.write()
    assert "lovar att titta på det du tar upp" in text_of(letter.answers[0])
    assert letter.case.deadline(PromiseKind.RECEIPT).met_at == town.now


def test_r3_what_went_wrong_is_apologised_for_with_a_day_for_mending_it(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer(K.URSAKT, rattelse="Vi lagar lampan.", nar="senast den 4 december 2026")
    assert "det ber vi dig om ursäkt för" in letter.last
    assert "Senast den 4 december 2026" in letter.last


def test_r4_an_answer_is_guaranteed_within_three_working_days(town: Town) -> None:
    letter = town.write()
    assert letter.case.deadline(PromiseKind.ANSWER).due == ANSWER_DUE
    assert "Vi svarar dig inom tre arbetsdagar." in text_of(letter.answers[0])
    letter.route()
    letter.assign()
    town.at(date(2026, 11, 30), 8)
    assert "senast den 1 december 2026" in letter.told(town.handlaggare.email)[-1]
    letter.answer(K.SVAR, svar="Lampan är bytt.")
    before = len(letter.answers)
    town.at(ANSWER_DUE, 17)
    town.at(date(2026, 12, 2), 9)
    assert len(letter.answers) == before
    assert letter.case.deadline(PromiseKind.ANSWER).met_at is not None


def test_r5_when_it_takes_longer_the_citizen_hears_so_in_time_and_who_has_it(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign()
    town.at(ANSWER_DUE, 15, 59)
    before = len(letter.answers)
    for hour in (16, 17):
        town.at(ANSWER_DUE, hour)
    town.at(date(2026, 12, 4), 9)
    assert len(letter.answers) == before + 1
    assert str(letter.answers[-1]["Subject"]).startswith("Vi behöver mer tid")
    assert town.settings.letters.delay_reason in letter.last
    assert "Du får svar senast den 15 december 2026." in letter.last
    assert "Hans Vik, gatuingenjör, Gata, park och fritid" in letter.last
    assert [d.due for d in in_force(letter.case.deadlines)] == [date(2026, 12, 15)]
    for slip, why in (("4 december 2025", "har redan varit"), ("31 december 9999", "är mer än två år bort")):
        with pytest.raises(NotAllowed, match=f"Den {slip} {why}"):
            letter.answer(K.LANGRE_TID, skal="Vi väntar på en del.", ny_tid=slip)


def test_r6_who_is_unhappy_with_the_answer_gets_the_chef(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer(K.SVAR, svar="Lampan är hel.")
    letter.reply("Tack, men jag är inte nöjd med svaret.")
    assert letter.case.status is CaseStatus.ESCALATED
    assert EventKind.UNHAPPY in {event.kind for event in letter.file.events}
    assert letter.case.number in town.page(town.chef, "/chef")
    assert "Hanna Stumsnäsdal" in letter.last
    assert "enhetschef" in letter.last.lower()
    assert letter.told(GATUCHEF)


def test_r7_what_is_serious_reaches_the_nearest_chef_at_once(town: Town) -> None:
    town.model.severity = Severity.ALLVARLIG
    letter = town.write()
    assert letter.told(GATUCHEF) == []
    town.now += timedelta(minutes=31)
    town.run()
    assert len(letter.told(GATUCHEF)) == 1
    seen = town.write()
    seen.route(severity=Severity.ALLVARLIG)
    assert len(seen.told(GATUCHEF)) == 1


def test_r8_under_a_threat_the_chef_knows_and_nothing_leaves_by_itself(town: Town) -> None:
    town.model.flags = (FlagKind.HOT_VALD,)
    letter = town.write("Jag vet var du bor.")
    letter.route("gata", FlagKind.HOT_VALD)
    town.at(ANSWER_DUE, 17)
    town.at(date(2026, 12, 3), 9)
    assert letter.answers == []
    assert letter.told(GATUCHEF)
    assert not any("hot" in text.lower() for text in letter.told(GATUCHEF))
    unopened = town.write("Jag vet var du bor.")
    assert "Öppna det genast." in unopened.told("registrator@rattvik.example")[-1]
    assert unopened.told(GATUCHEF) == []
    town.now += timedelta(minutes=31)
    town.run()
    assert len(unopened.told(GATUCHEF)) == 1


def test_r9_the_citizen_hears_whether_we_receive_it_or_pass_it_on(town: Town) -> None:
    letter = town.write()
    letter.route()
    assert str(letter.answers[-1]["Subject"]).startswith("Ditt ärende har lämnats vidare")
    assert "Gata, park och fritid, Samhällsutveckling\n\nKontakt: 0248-000 21\n" in letter.last
    # A colleague who tells of it by hand is not whom to turn to.
    letter.answer(K.VIDAREBEFORDRAD, mottagare_namn="Karin Berg", mottagare_befattning="enhetschef")
    assert "Karin Berg, enhetschef\nGata, park och fritid, Samhällsutveckling\n\nKontakt: 0248-000 21\n" in letter.last


def test_r10_names_and_titles_are_given(town: Town) -> None:
    letter = town.write()
    letter.route()
    assert "Hanna Stumsnäsdal" in letter.last
    assert "enhetschef" in letter.last.lower()
    letter.answer(K.SVAR, svar="Ja.")
    assert "Hans Vik\ngatuingenjör" in letter.last
    # Under threat the unit's name stands there (SFS 2025:582), once a person has let letters leave.
    town.model.flags = (FlagKind.HOT_VALD,)
    threat = town.write("Jag vet var du bor.")
    threat.route("gata", FlagKind.HOT_VALD)
    threat.assign()
    with town.store.begin() as tx:
        work.release_hold(tx, threat.id, threat.case.version, "Vi kan svara.", town.registrator, town.office, town.now)
    threat.answer(K.SVAR, svar="Ja.")
    assert "Gata, park och fritid\nSamhällsutveckling, Rättviks kommun\n0248-000 21\n" in threat.last
    assert "Hans" not in threat.last
    assert "hans@" not in threat.last
    nobody = town.person("utan", "Utan Titel", "", Grant(Role.HANDLAGGARE, "gata"))
    other = town.write()
    other.route()
    with pytest.raises(NotAllowed, match="titel"):
        other.answer(K.SVAR, nobody, svar="Ja.")


def test_r11_what_nobody_accepts_stays_with_its_owner(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign(accepted=False)
    before = len(letter.told("gata@rattvik.example"))
    town.at(date(2026, 11, 30), 8)
    assert letter.case.assignee_id == ""
    assert letter.case.status is CaseStatus.ROUTED
    # The same morning the unit is reminded of the day, for it owns the case.
    assert len(letter.told("gata@rattvik.example")) == before + 2


def test_r12_how_fast_things_are_put_right_is_measured_and_what_was_learnt_is_kept(town: Town) -> None:
    for _ in range(5):
        letter = town.write()
        letter.route("naringsliv")
        letter.answer(K.SVAR, by=town.everywhere, svar="Det är lagat.")
        town.now += timedelta(days=1)
        letter.close("Vi ser över skyltarna.", by=town.everywhere)
        town.now -= timedelta(days=1)
    made = town.compiled("2026-H2", "naringsliv")
    assert (made.closed.count, made.closed.days) == (5, 1.0)
    assert ("Näringsliv och turism", "Vi ser över skyltarna.") in made.causes


def a_complaint(town: Town, concerns: str) -> None:
    """One that stands in the list, at Gata, park och fritid."""
    letter = town.write()
    letter.route(concerns=concerns)
    letter.answer(K.BESLUT_ATGARD, atgard="Vi byter lampan.", nar="i morgon", vem="driften")


def drafts(town: Town, address: str) -> list[str]:
    """The drafts of the second half of 2026 that somebody got, two weeks before February."""
    town.drafts(date(2027, 1, 18))
    found = [text_of(m) for m in town.mails(address) if "sammanställning" in str(m["Subject"])]
    return [text for text in found if "andra halvåret 2026" in text]


def test_r13_kommunstyrelsen_gets_the_report_twice_a_year_by_the_chancery(town: Town) -> None:
    a_complaint(town, "Belysning")
    assert town.settings.reports.chain[-1] == "authority"
    assert town.office.organisation.home_authority == "ks"
    assert len(drafts(town, "registrator@rattvik.example")) == 1
    # The pass runs again, and sends nothing twice.
    assert len(drafts(town, "registrator@rattvik.example")) == 1


def test_r14_the_departments_report_in_february_and_august(town: Town) -> None:
    a_complaint(town, "Belysning")
    assert town.settings.reports.half_yearly_months == (2, 8)
    (draft,) = drafts(town, FORVALTNINGSCHEF)
    assert "februari 2027" in draft


def test_r15_the_list_tells_unit_day_what_it_concerns_and_the_measure(town: Town) -> None:
    a_complaint(town, "Belysning vid torget")
    made = town.compiled("2026-H2")
    assert made.columns == ("unit", "date", "concerns", "measure")
    (line,) = [one for one in made.lines if one.concerns == "Belysning vid torget"]
    assert (line.unit, line.day) == ("Gata, park och fritid", date(2026, 11, 26))
    assert line.measure == "Åtgärd beslutas och genomförs"


def test_r16_the_unit_that_receives_registers(town: Town) -> None:
    letter = town.write()
    letter.route()
    first, then = letter.told("gata@rattvik.example")
    assert "Ett nytt ärende väntar på att bli fördelat." in first
    assert "Registrera det och utse den som ska ha hand om det." in then
    assert letter.told("registrator@rattvik.example") == []


def test_r17_the_department_head_is_informed(town: Town) -> None:
    letter = town.write()
    letter.route()
    assert len(letter.told(FORVALTNINGSCHEF)) == 1


def test_r18_only_what_is_secret_goes_to_the_diary_of_the_chancery(town: Town) -> None:
    town.model.area = Area.GRUNDSKOLA
    public, secret = town.write(), town.write()
    public.route("grundskola")
    secret.route("grundskola", FlagKind.SKOLA)
    assert public.case.registry_number == ""
    number = secret.case.registry_number
    assert number.startswith("KS 2026/")
    kansli = town.person("kajsa", "Kajsa Ek", "registrator", Grant(Role.REGISTRATOR))
    diary = town.page(kansli, "/diarium")
    assert public.case.number in diary and number in diary, "whoever keeps the diary sees that it is whole"
    assert secret.case.number not in diary and secret.id not in diary, "and by that no case of another nämnd"
    assert number in town.page(kansli, "/diarium.csv?fran=2026-01-01")
    assert number not in town.page(kansli, "/diarium?skyddat=ja"), "nor tells a filter what it is about"
    own = town.person("karl", "Karl Ek", "registrator", Grant(Role.REGISTRATOR, "kansli"))
    assert number not in town.page(own, "/diarium")


def test_r19_the_head_is_informed_of_the_answer_too(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer(K.BESLUT_ATGARD, atgard="Vi byter lampan.", nar="i morgon", vem="driften")
    assert "Ärendet är besvarat." in letter.told(FORVALTNINGSCHEF)[-1]
    assert "Svarstid: 1 december 2026" in letter.told(FORVALTNINGSCHEF)[0]
    assert "Svarstid" not in letter.told(FORVALTNINGSCHEF)[-1]


def test_r20_the_unit_compiles_twice_a_year(town: Town) -> None:
    a_complaint(town, "Belysning vid bryggan")
    assert len(drafts(town, GATUCHEF)) == 1
    assert "Belysning vid bryggan" in [line.concerns for line in town.compiled("2026-H2", "gata").lines]


def test_r21_the_forms_layout_can_be_had_as_a_file(town: Town) -> None:
    a_complaint(town, "Belysning vid kajen")
    whole = whole_report(town.house, read_period("2026-H2"), "gata")
    assert whole.listing.columns == ("Enhet", "Datum", "Vad klagomålet berör", "Åtgärd")
    assert FILES["pdf"].write(whole).startswith(b"%PDF")
    assert "Belysning vid kajen" in FILES["csv"].write(whole).decode()


def test_r22_departments_put_units_together_and_the_chancery_all(town: Town) -> None:
    a_complaint(town, "Belysning vid bron")
    for part, holds in (("samhalle", True), ("", True), ("social", False)):
        listed = [line.concerns for line in town.compiled("2026-H2", part).lines]
        assert ("Belysning vid bron" in listed) is holds, part
    assert town.settings.reports.chain == ("unit", "department", "central", "authority")


def test_r23_hallmarks_are_tags_on_cases_and_counted(town: Town) -> None:
    assert town.office.hallmarks == ("Tillgänglighet", "Förtroende", "Kompetens")
    for number in range(6):
        letter = town.write()
        letter.route()
        with town.store.begin() as tx:
            case = tx.get_case(letter.id, SYSTEM)
            names = ["Kompetens", "Förtroende"] if number else ["Kompetens"]
            work.tag(tx, case.id, case.version, names, town.handlaggare, town.office, town.now)
    page = town.page(town.handlaggare, f"/arenden/{letter.id}")
    assert 'value="Förtroende" checked' in page
    counted = {figure.label: figure.count for figure in town.compiled("2026").by_hallmark}
    assert counted["Kompetens"] == 6
    assert "Tillgänglighet" not in counted
    report = whole_report(town.house, read_period("2026"), "")
    assert "Ärenden per kännetecken" in {section.heading for section in report.statistics}


def test_r24_visitors_are_as_welcome_as_residents(town: Town) -> None:
    guest = town.write("Parkeringen var full.", sender="gast@reisen.example")
    assert guest.case.deadline(PromiseKind.ANSWER).due == ANSWER_DUE
    assert "adress" not in text_of(guest.answers[0]).split("----")[0].lower()
    assert "Besökare" in town.settings.cases.sender_types
    assert town.spoken(Channel.VISIT, Party("Ann", kind="Besökare")).case.sender.kind == "Besökare"


def test_r25_small_things_are_solved_at_the_unit(town: Town) -> None:
    letter = town.write()
    letter.route()
    before = len(letter.answers)
    with town.store.begin() as tx:
        case = tx.get_case(letter.id, SYSTEM)
        quick_close(tx, case.id, case.version, "Lampan byttes på plats.", town.handlaggare, town.office, town.now)
    town.run()
    assert letter.case.status is CaseStatus.CLOSED
    assert letter.case.registry_number == ""
    assert len(letter.answers) == before
    assert EventKind.ASSIGNED not in {event.kind for event in letter.file.events}


def test_r26_mail_is_a_received_document_ordered_and_searchable(town: Town) -> None:
    letter = town.write("Rutschkanan i Enåparken är sprucken.")
    with town.store.read() as tx:
        found = tx.search("rutschkanor", SYSTEM)
    assert [hit.line.number for hit in found] == [letter.case.number]
    assert letter.case.received_at == THURSDAY
    assert letter.case.channel is Channel.EMAIL


def test_r27_what_is_secret_is_registered_before_it_ends(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer(K.SVAR, svar="Ja.")
    with town.store.begin() as tx:
        version = tx.get_case(letter.id, SYSTEM).version
        flags = frozenset({FlagKind.HALSA})
        work.set_flags(tx, letter.id, version, flags, "", town.registrator, town.office, town.now)
    number = letter.case.registry_number
    assert number, "what turns secret is entered at once (OSL 5:1)"
    with town.store.begin() as tx:
        tx.save_case(replace(letter.case, registry_number=""))
    with pytest.raises(NotAllowed, match="diarieföras"):
        letter.close(by=town.registrator)


def test_r28_the_environment_unit_keeps_its_own_diary_and_the_chancery_the_rest(town: Town) -> None:
    numbers = {}
    for unit in ("miljo", "bygg", "ifo", "bibliotek", "kansli"):
        letter = town.write()
        letter.route(unit, FlagKind.HALSA)
        numbers[unit] = letter.case.registry_number.split(maxsplit=1)[0]
    assert numbers == {"miljo": "MBN", "bygg": "MBN", "ifo": "KS", "bibliotek": "KS", "kansli": "KS"}


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VISIT])
def test_r29_calls_and_visits_are_noted(town: Town, channel: Channel) -> None:
    assert CHANNEL_NAMES[channel] in town.page(town.registrator, "/nytt")
    letter = town.spoken(channel, Party("Ann Ek", phone="0248-000 99"), town.handlaggare)
    assert letter.case.channel is channel
    assert letter.case.registered_by == town.handlaggare.id
    assert letter.case.deadline(PromiseKind.ANSWER).due == ANSWER_DUE
    letter.route()
    letter.assign()
    # No mail reaches the caller, so none of the handläggare's is said to.
    assert "svara med e-post" not in letter.told(town.handlaggare.email)[-1]


def test_r30_who_is_stuck_or_asked_for_the_chef_lifts_the_case(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign()
    assert "chef" in town.page(town.handlaggare, f"/arenden/{letter.id}").lower()
    letter.escalate("Vi kommer inte vidare.")
    assert letter.case.status is CaseStatus.ESCALATED
    assert len(letter.told(GATUCHEF)) == 1
    asked = town.write()
    asked.route()
    asked.assign()
    asked.reply("Jag vill prata med din chef.")
    assert asked.case.status is CaseStatus.ESCALATED
    assert len(asked.told(GATUCHEF)) == 1


def test_r31_anothers_matter_is_forwarded_with_a_notice_and_the_clock_goes_on(town: Town) -> None:
    letter = town.write()
    letter.route("gata")
    letter.assign()
    due = letter.case.deadline(PromiseKind.ANSWER).due
    town.now += timedelta(hours=2)
    with town.store.begin() as tx:
        version = tx.get_case(letter.id, SYSTEM).version
        work.send_back(tx, letter.id, version, "Det är ett bygglov.", town.handlaggare, town.office, town.now)
    letter.route("bygg")
    assert "Ludvig Timmergård" in letter.last
    assert "Miljö- och byggförvaltningen" in letter.last
    assert letter.told("bygg@rattvik.example")
    assert letter.case.deadline(PromiseKind.ANSWER).due == due
    # A company that has the question is no part of the förvaltning it hangs under here.
    outside = town.write()
    outside.route("va")
    assert "Pernilla Källgärde, kundchef\nVatten- och avfallsbolaget\n\nKontakt: 0248-000 23\n" in outside.last


def test_r32_no_letter_blames_the_one_who_complains(town: Town) -> None:
    for kind in ANSWERS:
        letter = town.house.renderer.preview(kind, "sv")
        assert not [word for word in _BLAMING if word in letter.text.lower()], kind
    assert town.settings.links.staff_guide in town.page(town.handlaggare, "/mina")
