"""A registrator decides, a handläggare answers: states, numbers, letters and what flags forbid."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus, Outcome
from cases.errors import IllegalMove, NotAllowed, StaleVersion
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.promises import PromiseKind
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.steps.answering.answer import answer, answer_orally
from cases.steps.answering.closing import close, reopen
from cases.steps.routing.confirm import confirm
from cases.steps.routing.suggest import record
from cases.steps.routing.suggested import as_suggested
from cases.steps.routing.unroute import unroute
from cases.steps.working.work import escalate, release_hold, send_back, set_flags
from tests.steps.deciding import ANSWER, assigned, only, request, route, sent
from tests.steps.house import SmallHouse, mail
from tests.steps.routing.test_flagging import entered, flagged


def test_a_confirmed_case_goes_to_its_unit_and_those_it_concerns_are_told(house: SmallHouse) -> None:
    house.receive(mail())
    file = route(house)
    assert file.case.status is CaseStatus.ROUTED
    assert file.case.unit_id == "gata"
    assert not file.case.registry_number
    assert file.decisions[0].agreed
    told = dict(sent(file))
    assert told[LetterKind.TILL_ENHETSREGISTRATOR] == "gata@ekdala.example"
    assert told[LetterKind.VIDAREBEFORDRAD] == "berit@mejl.example"
    forward = next(e for e in file.letters if e.letter.kind is LetterKind.VIDAREBEFORDRAD)
    assert "Gustav Vik" in forward.letter.text
    assert "enhetschef" in forward.letter.text


def test_two_registrators_never_overwrite_each_other(house: SmallHouse) -> None:
    house.receive(mail())
    case = only(house).case
    route(house)
    before = only(house)
    with pytest.raises(StaleVersion, match="Inget skrevs över"), house.store.begin() as tx:
        confirm(tx, case.id, request(case, unit_id="kansli"), house.registrator, house.office, house.now)
    assert only(house) == before


def test_a_threat_alarms_the_chef_and_holds_automatic_letters(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HOT_VALD,)
    house.receive(mail())
    file = route(house)
    told = dict(sent(file))
    assert told[LetterKind.TILL_CHEF] == "gustav@ekdala.example"
    assert LetterKind.VIDAREBEFORDRAD not in told
    assert LetterKind.MOTTAGNING not in told
    with house.store.begin() as tx:
        release_hold(
            tx, file.case.id, file.case.version, "Polisanmält och klart", house.registrator, house.office, house.now
        )
    assert LetterKind.MOTTAGNING in dict(sent(only(house)))


def test_what_is_no_case_and_open_is_kept_ordered_alone(house: SmallHouse) -> None:
    flagged(house)
    file = route(house, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal", flags=frozenset())
    assert (file.case.status, file.case.registry_number) == (CaseStatus.NOT_A_CASE, "")


def test_not_a_case_needs_a_reason_and_sends_nothing_more(house: SmallHouse) -> None:
    house.receive(mail())
    with pytest.raises(NotAllowed):
        route(house, choice=RoutingChoice.NOT_A_CASE)
    before = len(only(house).letters)
    file = route(house, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal")
    assert file.case.status is CaseStatus.NOT_A_CASE
    assert len(file.letters) == before


@pytest.mark.parametrize(("unit", "moved"), [("hemtjanst", True), ("", False)])
def test_a_page_that_showed_one_unit_does_not_confirm_another_that_is_suggested_since(
    house: SmallHouse, unit: str, moved: bool
) -> None:
    """A document that is read later may make the model that learns of the municipality's own letters name another."""
    house.receive(mail())
    file = only(house)
    with house.store.begin() as tx:
        anew = replace(house.model.suggest("Trasig lampa", "Se bifogat brev."), unit_id=unit)
        record(tx, file.case.id, file.messages[0].id, anew, house.office, house.now)
        shown = as_suggested(file.case, house.office, tx.suggestion(file.case.id))
        assert shown.unit_id == (unit or "gata")
    if not moved:
        assert only(house).case.version == file.case.version
        return
    with house.store.begin() as tx, pytest.raises(StaleVersion):
        confirm(tx, file.case.id, shown, house.registrator, house.office, house.now)


def test_an_answer_keeps_the_promises_and_closes_the_way(house: SmallHouse) -> None:
    case = assigned(house)
    assert dict(sent(only(house)))[LetterKind.TILL_HANDLAGGARE] == "hans@ekdala.example"
    house.later(days=1)
    with house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, ANSWER, house.handlaggare, house.office, house.now)
    file = only(house)
    assert file.case.status is CaseStatus.ANSWERED
    assert file.case.outcome is Outcome.ANSWERED
    assert file.case.deadline(PromiseKind.ANSWER).met_at == house.now
    assert file.case.deadline(PromiseKind.STATUS).met_at == house.now
    letter = file.letters[-1]
    assert "Lampan byts i morgon." in letter.letter.text
    assert "Hans Vik" in letter.letter.text
    assert letter.created_by == house.handlaggare.id
    with house.store.begin() as tx:
        close(tx, case.id, file.case.version, "Tätare kontroller", house.handlaggare, house.office, house.now)
    assert only(house).case.improvement == "Tätare kontroller"


def test_a_reply_reopens_what_was_answered_and_tells_its_owner(house: SmallHouse) -> None:
    case = assigned(house)
    with house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, ANSWER, house.handlaggare, house.office, house.now)
    reply = only(house).letters[-1].message_id
    house.receive(mail("Den lyser inte än.", message_id="<m2@mejl.example>", In_Reply_To=reply))
    file = only(house)
    assert file.case.status is CaseStatus.REOPENED
    assert file.letters[-1].letter.kind is LetterKind.SVAR_INKOMMET
    assert file.letters[-1].recipient == "hans@ekdala.example"


def test_a_personnummer_never_leaves_in_free_text(house: SmallHouse) -> None:
    case = assigned(house)
    values = {"svar": "Vi har noterat 19121212-1212 i ärendet."}
    with pytest.raises(NotAllowed, match="personnummer"), house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, values, house.handlaggare, house.office, house.now)
    assert only(house).case == case


def test_missing_variables_block_a_letter(house: SmallHouse) -> None:
    case = assigned(house)
    with pytest.raises(NotAllowed, match="saknas"), house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, {}, house.handlaggare, house.office, house.now)


def test_a_protected_identity_is_answered_by_word_of_mouth_only(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.SKYDDAD_IDENTITET,)
    house.receive(mail())
    case = route(house).case
    chef = house.person("chef@ekdala.example", "Cia Chef", Grant(Role.CHEF, "gata"))
    with pytest.raises(NotAllowed, match="ingenting skickas"), house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, ANSWER, chef, house.office, house.now)
    case = only(house).case
    with house.store.begin() as tx:
        answer_orally(tx, case.id, case.version, Outcome.ANSWERED, "Ringde 27 november", chef, house.office, house.now)
    file = only(house)
    assert file.case.status is CaseStatus.ANSWERED
    assert [k for k, r in sent(file) if r == "berit@mejl.example"] == []


def test_a_protected_case_is_not_closed_without_a_registry_number(house: SmallHouse) -> None:
    case, kinds = assigned(house), frozenset({FlagKind.BARN})
    suggested = ConfidentialityFlag(FlagKind.BARN, FlagState.SUGGESTED)
    with house.store.begin() as tx:
        case = tx.save_case(replace(case, flags=(suggested,)))
    with pytest.raises(NotAllowed, match="diarieföras"), house.store.begin() as tx:
        close(tx, case.id, case.version, "", house.registrator, house.office, house.now)
    with house.store.begin() as tx:
        case = set_flags(tx, case.id, case.version, kinds, "", house.registrator, house.office, house.now)
        assert case.registry_number
    with pytest.raises(NotAllowed, match="väntar på svar"), house.store.begin() as tx:
        close(tx, case.id, case.version, "", house.registrator, house.office, house.now)
    with house.store.begin() as tx:
        by = (house.registrator, house.office, house.now)
        close(tx, case.id, case.version, "", *by, why="Avsändaren tog tillbaka sitt brev.")
    file = only(house)
    assert file.case.status is CaseStatus.CLOSED
    assert file.case.outcome is None, "whoever ends it may have no mandate to say how it went (O23)"
    told = "Avsändaren har inte fått något svar. Avsändaren tog tillbaka sitt brev."
    assert told in [event.text for event in file.events]


def test_sent_back_and_escalated(house: SmallHouse) -> None:
    case = assigned(house)
    with house.store.begin() as tx:
        escalate(tx, case.id, case.version, "Kört fast", house.handlaggare, house.office, house.now)
    file = only(house)
    assert file.case.status is CaseStatus.ESCALATED
    assert {LetterKind.TILL_CHEF, LetterKind.ESKALERAD} <= set(dict(sent(file)))
    with house.store.begin() as tx:
        send_back(tx, case.id, file.case.version, "Hör till VA", house.handlaggare, house.office, house.now)
    case = only(house).case
    assert case.status is CaseStatus.SUGGESTED
    assert case.deadline(PromiseKind.ANSWER).due.isoformat() == "2026-12-01"
    file = route(house, unit_id="kansli", area=Area.KANSLI)
    assert file.case.unit_id == "kansli"


def test_a_series_that_begins_as_another_is_another_diary(house: SmallHouse) -> None:
    tree = house.office.organisation
    longer = replace(tree.authorities["son"], series="KSN", registry_pattern="KSN/{year}:{serial} {plan}")
    house.office = replace(house.office, organisation=replace(tree, authorities={**tree.authorities, "son": longer}))
    house.receive(mail())
    flags = frozenset({FlagKind.HALSA})
    file = route(house, unit_id="hemtjanst", area=Area.ALDREOMSORG, flags=flags)
    assert file.case.registry_number == "KSN/2026:1"
    sara = house.person("sara@ekdala.example", "Sara Ö", Grant(Role.REGISTRATOR, "son"))
    with house.store.begin() as tx:
        send_back(tx, file.case.id, file.case.version, "Gatans", sara, house.office, house.now)
        case = tx.get_case(file.case.id, SYSTEM)
        case = confirm(tx, case.id, request(case), sara, house.office, house.now)
    assert case.registry_number == "KS/2026:1"
    (entered,) = [e.text for e in only(house).events if e.text.startswith("KS/2026")]
    assert entered == "KS/2026:1. Tidigare diarienummer: KSN/2026:1."


def test_illegal_moves_are_refused(house: SmallHouse) -> None:
    case = assigned(house)
    with pytest.raises(IllegalMove), house.store.begin() as tx:
        reopen(tx, case.id, case.version, "vill", house.registrator, house.office, house.now)


def test_a_letter_not_read_yet_is_not_sent_back(house: SmallHouse) -> None:
    """It would stand as suggested without a suggestion, and never get its receipt."""
    case = entered(house)
    with pytest.raises(NotAllowed, match="väntar redan"), house.store.begin() as tx:
        send_back(tx, case.id, case.version, "Hör till VA", house.registrator, house.office, house.now)
    house.run()
    assert LetterKind.MOTTAGNING in dict(sent(only(house)))


@pytest.mark.parametrize(("unit", "keeps"), [("gata", True), ("hemtjanst", False)])
def test_another_units_case_is_no_longer_its_old_handlaggares(house: SmallHouse, unit: str, keeps: bool) -> None:
    assigned(house)
    case = route(house, unit_id=unit, area=Area.ALDREOMSORG).case
    assert case.assignee_id == (house.handlaggare.id if keeps else "")


def test_a_routing_to_another_namnd_taken_back_leaves_the_case_at_home(house: SmallHouse) -> None:
    house.receive(mail())
    case = route(house, unit_id="hemtjanst", area=Area.ALDREOMSORG).case
    assert case.authority_id == "son"
    with house.store.begin() as tx:
        unroute(tx, case.id, case.version, house.registrator, house.office, house.now)
    after = only(house).case
    assert (after.status, after.unit_id, after.authority_id) == (CaseStatus.SUGGESTED, "", "ks")


def test_who_takes_a_routing_back_finds_the_matter_and_its_flags_as_suggested(house: SmallHouse) -> None:
    flagged(house)
    found = only(house).case
    case = route(house, unit_id="hemtjanst", area=Area.ALDREOMSORG, flags=frozenset()).case
    assert not case.protected
    with house.store.begin() as tx:
        unroute(tx, case.id, case.version, house.registrator, house.office, house.now)
    file = only(house)
    assert (file.case.area, file.case.flags) == (found.area, found.flags)
    assert file.events[-1].text.endswith("Markeringarna som togs bort gäller igen.")
    with house.store.begin() as tx:
        assert as_suggested(file.case, house.office, tx.suggestion(case.id)).unit_id == "gata"


def test_what_the_same_person_had_cleared_before_routing_stays_cleared(house: SmallHouse) -> None:
    flagged(house)
    case = only(house).case
    with house.store.begin() as tx:
        set_flags(tx, case.id, case.version, frozenset(), "Ingen namnges.", house.registrator, house.office, house.now)
    house.later(minutes=1)
    case = route(house, flags=frozenset()).case
    with house.store.begin() as tx:
        unroute(tx, case.id, case.version, house.registrator, house.office, house.now)
    file = only(house)
    assert file.case.flags == case.flags
    assert file.events[-1].text == "Fördelningen till Gatuenheten är ångrad."


def test_a_namnds_own_registrator_takes_back_what_stays_with_the_namnd(house: SmallHouse) -> None:
    house.receive(mail())
    theirs = house.person("siv@ekdala.example", "Siv Dal", Grant(Role.REGISTRATOR, "son"))
    with house.store.begin() as tx:
        case = tx.save_case(replace(only(house).case, authority_id="son"))
        case = confirm(tx, case.id, request(case, unit_id="hemtjanst"), theirs, house.office, house.now)
        unroute(tx, case.id, case.version, theirs, house.office, house.now)
    assert only(house).case.authority_id == "son"


def written(house: SmallHouse, kind: LetterKind, **values: str) -> None:
    with house.store.begin() as tx:
        case = only(house).case
        answer(tx, case.id, case.version, kind, values, house.handlaggare, house.office, house.now)


def test_a_status_that_somebody_writes_keeps_that_promise_and_no_other(house: SmallHouse) -> None:
    assigned(house)
    written(house, LetterKind.STATUS, lage="Lampan är beställd.", nasta_steg="Vi byter den.")
    met = {d.kind: d.met_at for d in only(house).case.deadlines}
    assert (met[PromiseKind.STATUS], met[PromiseKind.ANSWER]) == (house.now, None)


def test_a_day_left_over_from_another_letters_form_moves_no_promise(house: SmallHouse) -> None:
    before = assigned(house).deadlines
    written(house, LetterKind.STATUS, lage="Klart.", nasta_steg="Inget.", ny_tid="18 december 2026")
    assert [d.due for d in only(house).case.deadlines] == [d.due for d in before]


def test_what_the_machine_writes_nobody_sends_by_hand(house: SmallHouse) -> None:
    assigned(house)
    with pytest.raises(NotAllowed, match="inget svar som skickas för hand"):
        written(house, LetterKind.MOTTAGNING)
