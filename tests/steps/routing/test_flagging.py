"""What a person flags before and after the model has read the letter."""

from dataclasses import replace

import pytest

from cases.case import Case, CaseStatus, Channel, Party
from cases.errors import NotAllowed, NotFound
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType
from cases.steps.receiving.by_hand import Spoken, enter
from cases.steps.working.work import assign, release_hold, set_flags
from tests.steps.deciding import assigned, only, route, sent
from tests.steps.house import SmallHouse, mail


def test_a_flagged_case_is_registered_gapless_and_told_of_neutrally(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.SOCIALTJANST,)
    house.receive(mail())
    file = route(house, unit_id="hemtjanst", area=Area.ALDREOMSORG)
    assert file.case.registry_number == "SN/2026:1"
    assert file.case.authority_id == "son"
    assert file.case.status is CaseStatus.REGISTERED
    assert file.case.flags[0].state is FlagState.CONFIRMED
    safe = next(
        e for e in file.letters if e.recipient == "berit@mejl.example" and e.letter.kind is not LetterKind.MOTTAGNING
    )
    assert safe.letter.kind is LetterKind.SEKRETESS_SAFE
    assert "Hemtjänsten" not in safe.letter.text + safe.letter.html


def test_the_registrator_who_sent_a_secret_to_another_namnd_reads_it_no_more(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.SOCIALTJANST,)
    house.receive(mail())
    case = route(house, unit_id="hemtjanst", area=Area.ALDREOMSORG).case
    with pytest.raises(NotFound), house.store.read() as tx:
        tx.get_case(case.id, house.office.viewer(house.registrator))


def test_a_cleared_flag_lets_the_held_receipt_go(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HOT_VALD,)
    house.receive(mail())
    assert LetterKind.MOTTAGNING not in dict(sent(only(house)))
    file = route(house, flags=frozenset())
    assert dict(sent(file))[LetterKind.MOTTAGNING] == "berit@mejl.example"
    assert EventKind.UNFLAGGED in [e.kind for e in file.events]
    assert not file.case.protected


def flagged(house: SmallHouse) -> None:
    house.receive(mail())
    suggested = ConfidentialityFlag(FlagKind.SKOLA, FlagState.SUGGESTED, "min son", 0, 7, 0.9)
    with house.store.begin() as tx:
        tx.save_case(replace(only(house).case, flags=(suggested,)))


def test_what_is_no_case_but_secret_is_entered_in_the_diary_unless_its_flag_was_wrong(house: SmallHouse) -> None:
    """OSL 5:1, R27: only open documents may be kept ordered instead; judging a letter no case makes it no less one."""
    flagged(house)
    file = route(house, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal")
    assert (file.case.status, file.case.registry_number) == (CaseStatus.NOT_A_CASE, "KS/2026:1")
    assert EventKind.REGISTERED in [event.kind for event in file.events]


def test_a_handlaggare_cannot_clear_a_flag(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.BARN,)
    case = assigned(house)
    with pytest.raises(NotAllowed, match="registrator eller chef"), house.store.begin() as tx:
        set_flags(tx, case.id, case.version, frozenset(), "nej", house.handlaggare, house.office, house.now)


def test_who_leads_another_unit_and_only_works_on_the_case_cannot_clear_its_flag(house: SmallHouse) -> None:
    """The role was asked for anywhere: a chef of the home help who had one case of the streets cleared its flag."""
    house.model.flags = (FlagKind.BARN,)
    elsewhere = house.person("cia@ekdala.example", "Cia Å", Grant(Role.CHEF, "hemtjanst"), Grant(Role.HANDLAGGARE))
    case = assigned(house)
    with house.store.begin() as tx:
        case = assign(tx, case.id, case.version, elsewhere, house.registrator, house.office, house.now)
    with pytest.raises(NotAllowed, match="för ärendet"), house.store.begin() as tx:
        set_flags(tx, case.id, case.version, frozenset(), "nej", elsewhere, house.office, house.now)


def entered(house: SmallHouse) -> Case:
    """A telephone call that the model has not read yet."""
    spoken = Spoken(Channel.PHONE, Party("Berit Alm", "berit@mejl.example"), "", "De får inte hitta oss.", house.now)
    with house.store.begin() as tx:
        return enter(tx, spoken, house.registrator, house.office, house.now)


def flag(house: SmallHouse, case: Case, *kinds: FlagKind) -> Case:
    with house.store.begin() as tx:
        return set_flags(tx, case.id, case.version, frozenset(kinds), "", house.registrator, house.office, house.now)


def test_what_a_person_flagged_before_the_model_read_the_letter_stays_flagged(house: SmallHouse) -> None:
    """The suggestion put its own flags in the place of the person's, and letters left by mail."""
    house.model.flags = (FlagKind.BARN,)
    case = flag(house, entered(house), FlagKind.SKYDDAD_IDENTITET)
    assert not only(house).letters
    house.run()
    file = only(house)
    assert {f.kind: f.state for f in file.case.flags} == {
        FlagKind.SKYDDAD_IDENTITET: FlagState.CONFIRMED,
        FlagKind.BARN: FlagState.SUGGESTED,
    }
    assert LetterKind.MOTTAGNING not in dict(sent(file))
    assert file.case.version > case.version


def test_a_receipt_waits_for_the_model_whatever_a_person_flags_or_releases(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.VISSELBLASNING,)
    case = flag(house, entered(house), FlagKind.HOT_VALD)
    with house.store.begin() as tx:
        release_hold(tx, case.id, case.version, "Bedömt", house.registrator, house.office, house.now)
    house.run()
    file = only(house)
    assert not file.case.hold_released
    assert LetterKind.MOTTAGNING not in dict(sent(file))


def test_a_flagged_letter_is_answered_whatever_the_model_takes_it_for(house: SmallHouse) -> None:
    house.model.type, house.model.confidence = CaseType.OVRIGT, 0.99
    flag(house, entered(house), FlagKind.BARN)
    house.run()
    assert LetterKind.MOTTAGNING in dict(sent(only(house)))


def test_what_is_no_case_gets_no_receipt_by_a_change_of_flags(house: SmallHouse) -> None:
    house.model.type, house.model.confidence = CaseType.OVRIGT, 0.99
    house.receive(mail())
    file = route(house, choice=RoutingChoice.NOT_A_CASE, reason="Reklam")
    flag(house, file.case, FlagKind.BARN)
    assert LetterKind.MOTTAGNING not in dict(sent(only(house)))
