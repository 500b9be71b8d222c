"""Osby's routine, rule by rule (domain.md §1): what was adopted works, through the whole system."""

from datetime import date

import pytest

from cases.case import CHANNEL_NAMES, CaseStatus, Channel, Outcome, Party
from cases.errors import NotAllowed, NotFound
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.post.plan import PlanState
from cases.promises import PromiseKind
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType
from cases.steps.records.review import reviewed
from cases.store.views import ListFilter, ListKind
from tests.rules.town import Town, text_of

PROFILE = "osby"
K = LetterKind
# Ten calendar days after Thursday 26 November is a Sunday, and a promise is never stretched by a day off.
STATUS_DUE = date(2026, 12, 4)
DONE = {"atgard": "Vi byter lampan.", "nar": "senast den 4 december", "vem": "vår driftgrupp"}


def test_o1_what_was_learnt_is_kept_with_the_case(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign()
    letter.answer(K.BESLUT_ATGARD, **DONE)
    letter.close("Vi ser över alla lampor längs vägen varje höst.")
    assert letter.case.improvement == "Vi ser över alla lampor längs vägen varje höst."
    assert "Vi ser över alla lampor" in town.page(town.registrator, f"/arenden/{letter.id}")
    assert town.settings.cases.improvement


def test_o2_anyone_may_write(town: Town) -> None:
    assert town.write(sender="registrator@myndigheten.example").case.status is CaseStatus.SUGGESTED
    kinds = town.settings.cases.sender_types
    page = town.page(town.registrator, "/nytt")
    assert all(f"<option>{kind}</option>" in page for kind in kinds)
    assert {"Boende", "Närstående", "Myndighet", "Förening"} <= set(kinds)
    for kind in kinds:
        assert town.spoken(Channel.FORM, Party("Bo Ek", kind=kind)).case.sender.kind == kind


def test_o3_everything_is_documented_and_analysed(town: Town) -> None:
    letter = town.write("Gatlyktan på Storgatan blinkar.")
    letter.route(kind=CaseType.FELANMALAN)
    with town.store.read() as tx:
        raw = tx.raw_content(letter.file.messages[0].raw_id)
        found = tx.search("Storgatan blinkar", SYSTEM)
    assert "Gatlyktan på Storgatan blinkar.".encode() in raw
    assert letter.id in [hit.line.id for hit in found]
    assert (letter.case.area, letter.case.type) == (Area.GATA_PARK, CaseType.FELANMALAN)
    assert {EventKind.RECEIVED, EventKind.SUGGESTED, EventKind.CONFIRMED} <= {e.kind for e in letter.file.events}


@pytest.mark.parametrize("kind", [CaseType.KLAGOMAL, CaseType.FELANMALAN])
def test_o4_a_complaint_is_a_fault_or_a_failing_and_both_are_cases(town: Town, kind: CaseType) -> None:
    town.model.type = kind
    letter = town.write()
    assert letter.case.type is kind
    assert letter.case.deadline(PromiseKind.STATUS).due == STATUS_DUE
    assert town.settings.cases.fault_report_is_complaint


@pytest.mark.parametrize("kind", [CaseType.BEROM, CaseType.FORSLAG])
def test_o5_praise_and_proposals_are_viewpoints_with_the_same_promise(town: Town, kind: CaseType) -> None:
    town.model.type = kind
    letter = town.write("Tack för den fina parken!")
    letter.route(kind=kind)
    letter.answer(K.BEROM, vem="parkgruppen")
    assert letter.case.type is kind
    assert letter.case.status is CaseStatus.ANSWERED
    assert "parkgruppen" in letter.last


def test_o6_letters_treat_the_writer_as_engaged(town: Town) -> None:
    receipt = text_of(town.write().answers[0])
    assert "Tack för att du hör av dig till oss." in receipt
    assert not town.house.renderer.lint()


def test_o7_staff_find_the_routine_from_every_page(town: Town) -> None:
    page = town.page(town.handlaggare, "/mina")
    assert f'href="{town.settings.links.staff_guide}"' in page


def test_o8_letters_lead_to_the_website(town: Town) -> None:
    assert town.settings.links.information.startswith("https://www.osby.example")
    assert "https://www.osby.example" in text_of(town.write().answers[0])


def test_o9_the_preferred_ways_in_are_offered_and_become_cases(town: Town) -> None:
    page = town.page(town.registrator, "/nytt")
    for channel in (Channel.WEB, Channel.FORM, Channel.APP, Channel.FACEBOOK):
        assert channel in town.settings.cases.channels
        assert CHANNEL_NAMES[channel] in page
        assert town.spoken(channel, Party("Bo Ek")).case.channel is channel


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VISIT, Channel.LETTER])
def test_o10_who_receives_registers(town: Town, channel: Channel) -> None:
    letter = town.spoken(channel, Party("Bo Ek"), town.handlaggare)
    assert letter.case.registered_by == town.handlaggare.id
    assert letter.case.status is CaseStatus.SUGGESTED


def test_o11_the_anonymous_get_no_feedback(town: Town) -> None:
    letter = town.spoken(Channel.PHONE, Party("Hemlig", "hemlig@mejl.example", anonymous=True))
    letter.route()
    town.at(STATUS_DUE, 17)
    town.at(date(2026, 12, 8), 9)
    assert town.mails("hemlig@mejl.example") == []
    assert [entry for entry in letter.file.letters if not entry.internal] == []
    assert {p.state for p in letter.planned} == {PlanState.CANCELLED}
    assert letter.case.sender.name == ""


def test_o12_general_talk_is_no_case_and_promises_nothing(town: Town) -> None:
    letter = town.write("Trevligt att prata om samhället i går.")
    reason = next(r for r in town.settings.cases.not_a_case_reasons if "Allmänt samtal" in r)
    letter.route("kansli", choice=RoutingChoice.NOT_A_CASE, reason=reason)
    before = len(letter.answers)
    town.at(STATUS_DUE, 17)
    assert letter.case.status is CaseStatus.NOT_A_CASE
    assert len(letter.answers) == before
    with town.store.read() as tx:
        assert letter.id not in [line.id for line in tx.lines(ListKind.OPEN, SYSTEM, ListFilter())]


def test_o13_other_social_media_are_no_way_in(town: Town) -> None:
    assert "andra sociala medier" in town.settings.cases.refused_channels
    page = town.page(town.registrator, "/nytt")
    assert "Facebook, åsiktsfliken" in page
    assert not any(name in page for name in ("Instagram", "Twitter", "LinkedIn"))
    assert "Blir inget ärende: andra sociala medier. Hänvisa till webben eller blanketten." in page
    letter = town.write("Jag skrev om det i en grupp.")
    assert "<option>Skrivet i andra sociala medier</option>" in town.page(town.registrator, f"/arenden/{letter.id}")


def test_o14_a_message_to_somebody_off_duty_is_referred_to_web_and_form(town: Town) -> None:
    letter = town.write("Jag såg dig på torget i går.")
    letter.route()
    letter.answer(K.HANVISNING)
    assert town.settings.links.form in letter.last
    assert town.settings.links.paper_form in letter.last


def test_o15_the_same_holds_for_a_dialogue_where_the_form_can_be_printed(town: Town) -> None:
    letter = town.spoken(Channel.DIALOGUE, Party("Bo Ek", "bo15@mejl.example"))
    letter.route()
    letter.answer(K.HANVISNING)
    assert town.settings.links.paper_form.endswith("blankett.pdf")
    assert town.settings.links.paper_form in letter.last


def test_o16_public_unless_secret(town: Town) -> None:
    letter = town.write()
    letter.route()
    viewer = town.office.viewer(town.handlaggare)
    with town.store.read() as tx:
        assert tx.get_case(letter.id, viewer).subject == "Trasig lampa"
    town.model.flags = (FlagKind.SOCIALTJANST,)
    secret = town.write("Min mamma har hemtjänst.")
    secret.route("gata", FlagKind.SOCIALTJANST)
    with town.store.read() as tx, pytest.raises(NotFound):
        tx.get_case(secret.id, viewer)


def test_o17_where_no_unit_is_named_the_chancery_receives_and_forwards(town: Town) -> None:
    letter = town.write()
    assert letter.case.unit_id == ""
    assert "Ett nytt ärende väntar på att bli fördelat." in letter.told("registrator@osby.example")[0]


def test_o18_a_units_own_registrator_receives_what_is_the_units(town: Town) -> None:
    letter = town.write()
    letter.route("gata")
    assert "Ett ärende har fördelats till er enhet." in letter.told("gata@osby.example")[0]


def test_o19_a_measure_decided_and_done(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer(K.BESLUT_ATGARD, **DONE)
    assert letter.case.outcome is Outcome.ACTED
    assert "Vi byter lampan." in letter.last


def test_o20_a_proposal_to_whoever_decides(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer_orally(Outcome.PROPOSED, "Per telefon i dag: förslaget är lämnat till gatuchefen.")
    assert letter.case.outcome is Outcome.PROPOSED


def test_o21_further_preparation_by_another(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer_orally(Outcome.FURTHER_PREPARATION, "Per telefon i dag: trafikgruppen bereder.")
    assert letter.case.outcome is Outcome.FURTHER_PREPARATION


def test_o22_to_a_political_body(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.answer_orally(Outcome.POLITICAL, "Per telefon i dag: nämnden tar upp frågan.", town.chef)
    assert letter.case.outcome is Outcome.POLITICAL


def test_o23_the_choice_of_outcome_follows_ones_mandate(town: Town) -> None:
    letter = town.write()
    letter.route()
    with pytest.raises(NotAllowed, match="väljs av: chef"):
        letter.answer_orally(Outcome.POLITICAL, "Per telefon i dag.", town.handlaggare)
    # Who leads another unit has no more of a mandate here than a colleague.
    grants = (Grant(Role.HANDLAGGARE, "gata"), Grant(Role.CHEF, "kultur_fritid"))
    elsewhere = town.person("ylva", "Ylva Ås", "fritidschef", *grants)
    with pytest.raises(NotAllowed, match="väljs av: chef"):
        letter.answer_orally(Outcome.POLITICAL, "Per telefon i dag.", elsewhere)
    assert letter.case.outcome is None


def test_o24_the_citizen_hears_how_it_goes_within_ten_days(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign()
    assert letter.case.deadline(PromiseKind.STATUS).due == STATUS_DUE
    town.at(date(2026, 12, 3), 8)
    before_due = letter.told(town.handlaggare.email)[-1]
    assert "Den som skrev ska ha fått svar eller besked senast den 4 december 2026." in before_due
    assert "Brevet Besked om läget går annars av sig självt" in before_due
    town.at(STATUS_DUE, 15, 59)
    before = len(letter.answers)
    for hour in (16, 16, 17):
        town.at(STATUS_DUE, hour)
    town.at(date(2026, 12, 7), 9)
    assert len(letter.answers) == before + 1
    assert str(letter.answers[-1]["Subject"]).startswith("Så går det med ditt ärende")
    assert "Ditt ärende finns hos Gata och park. En handläggare har tagit hand om det." in letter.last
    assert "Hans Vik\ngatuingenjör, Gata och park" in letter.last
    assert "4 december" not in letter.last, "the day of the status is none by which an answer was promised"
    assert letter.case.deadline(PromiseKind.STATUS).met_at is not None


def test_o25_decisions_are_told_in_writing_or_by_word_of_mouth(town: Town) -> None:
    written = town.write()
    written.route()
    written.answer(K.BESLUT_INGEN, motivering="Belysningen uppfyller kraven.")
    assert "Belysningen uppfyller kraven." in written.last
    spoken = town.spoken(Channel.PHONE, Party("Bo Ek", phone="0479-000 99"))
    spoken.route()
    spoken.answer_orally(Outcome.ACTED, "Ringde 26 november.")
    (told,) = [e for e in spoken.file.events if e.kind is EventKind.ORAL_ANSWER]
    assert (told.actor, told.at, told.text) == (town.handlaggare.id, town.now, "Ringde 26 november.")


def test_o26_the_yearly_compilation_says_how_things_were_remedied(town: Town) -> None:
    letter = town.write()
    letter.route(concerns="Gatubelysning vid badet")
    letter.answer(K.BESLUT_ATGARD, **DONE)
    letter.close("Lamporna ses över varje höst.")
    (line,) = [one for one in town.compiled("2026").lines if one.concerns == "Gatubelysning vid badet"]
    assert (line.unit, line.day, line.kind) == ("Gata och park", date(2026, 11, 26), "Felanmälan")
    assert (line.measure, line.cause) == ("Åtgärd beslutas och genomförs", "Lamporna ses över varje höst.")
    town.drafts(date(2027, 1, 18))
    drafts = [text_of(m) for m in town.mails("registrator@osby.example") if "sammanställning" in str(m["Subject"])]
    assert "året 2026" in drafts[-1]


def test_o27_the_yearly_review_is_remembered_done_by_a_person_and_told_of(town: Town) -> None:
    assert town.office.review_month == town.settings.routine.review_month
    kansli = "registrator@osby.example"

    def reminders() -> list[str]:
        return [text_of(m) for m in town.mails(kansli) if "se över rutinen" in str(m["Subject"])]

    month = town.office.review_month
    before = len(reminders())
    town.drafts(date(2028, month, 3))
    town.drafts(date(2028, month, 4))
    assert len(reminders()) == before + 1
    town.drafts(date(2028, month, 27))
    assert len(reminders()) == before + 2
    assert town.compiled("2028").review == "Ingen översyn av rutinen är noterad för 2028."
    assert "översynen 2028" in town.page(town.registrator, "/oversyn")
    with town.store.begin() as tx:
        reviewed(tx, town.office, 2028, "Introduktionen får ett eget pass.", town.registrator, town.now)
    town.drafts(date(2028, month + 1, 3))
    assert len(reminders()) == before + 2
    assert "Introduktionen får ett eget pass." in town.compiled("2028").review


def test_o28_the_routine_says_who_adopted_it_and_when(town: Town) -> None:
    routine = town.settings.routine
    assert (routine.adopted_by, routine.adopted_on) == ("Kommunfullmäktige", date(2017, 2, 13))
    assert routine.reference == "KS/2016:597 003"
    said = "Rutinen ”Synpunkter och klagomål” antogs av Kommunfullmäktige den 13 februari 2017 (KS/2016:597 003)."
    assert said in town.page(town.handlaggare, "/hjalp")
