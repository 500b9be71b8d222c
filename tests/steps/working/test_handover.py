"""A leaver's cases go to another in one step; a unit that was taken over gives its cases to the new one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.calendar import local_day
from cases.case import CaseStatus
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role
from cases.people.accounts import StoredSession, Way
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.working.handover import HandedOver, leave, move_units, to_move
from cases.steps.working.work import accept, assign, send_back
from tests.cases.builders import an_organisation
from tests.steps.deciding import assigned, only
from tests.steps.house import START, SmallHouse, mail
from tests.steps.mails import PASS, signing, take_in


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return signing(store)


def test_all_a_leaver_has_goes_to_another_who_is_told(house: SmallHouse) -> None:
    siv = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
    case = assigned(house)
    with house.store.begin() as tx:
        accept(tx, case.id, only(house).case.version, house.handlaggare, house.office, house.now)
        tx.add_session(StoredSession("k1", house.handlaggare.id, house.now, house.now, Way.LOCAL, "", verified=True))
    with house.store.begin() as tx:
        done = leave(tx, house.handlaggare, siv, house.registrator.id, house.office, house.now)
        assert tx.sessions(house.handlaggare.id) == []
    assert done == HandedOver(taken=1, returned=0)
    file = only(house)
    assert (file.case.status, file.case.assignee_id) == (CaseStatus.ASSIGNED, siv.id)
    assert [e.text for e in file.events if e.kind is EventKind.HANDED_OVER] == [
        "Från Hans Vik till Siv Ros, handläggare."
    ]
    assert (file.letters[-1].letter.kind, file.letters[-1].recipient) == (LetterKind.TILL_HANDLAGGARE, siv.email)


def test_the_leavers_signed_addresses_die_at_once(house: SmallHouse) -> None:
    siv = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
    assigned(house)
    address = [e.reply_to for e in only(house).letters if e.recipient == "hans@ekdala.example"][-1]
    with house.store.begin() as tx:
        leave(tx, house.handlaggare, siv, "system", house.office, house.now)
    house.receive(
        mail(
            "Klart.",
            sender="Hans Vik <hans@ekdala.example>",
            to=address,
            subject="#svar [EK-2026-00001]",
            message_id="<h@ekdala.example>",
            Authentication_Results=PASS,
        )
    )
    file = only(house)
    assert file.case.status is CaseStatus.ASSIGNED
    assert "ingen aktiv användare" in [e.text for e in file.events if e.kind is EventKind.STAFF_REPLY][-1]
    assert file.letters[-1].recipient == siv.email


def test_a_case_of_a_unit_the_new_one_does_not_work_in_goes_back_to_it(house: SmallHouse) -> None:
    sune = house.person("sune@ekdala.example", "Sune Å", Grant(Role.HANDLAGGARE, "kansli"))
    assigned(house)
    with house.store.begin() as tx:
        done = leave(tx, house.handlaggare, sune, "system", house.office, house.now)
    assert done == HandedOver(taken=0, returned=1)
    file = only(house)
    assert (file.case.status, file.case.assignee_id) == (CaseStatus.ROUTED, "")
    assert file.letters[-1].recipient == "gata@ekdala.example"


def test_nobody_hands_over_to_themselves_or_to_who_has_left(house: SmallHouse) -> None:
    gone = replace(house.person("siv@ekdala.example", "Siv", Grant(Role.HANDLAGGARE, "gata")), active=False)
    for to, said in ((house.handlaggare, "är den som lämnar över"), (gone, "kan inte ta över")):
        with pytest.raises(NotAllowed, match=said), house.store.begin() as tx:
            leave(tx, house.handlaggare, to, "system", house.office, house.now)


@pytest.mark.parametrize("gone", [{"active": False}, {"last_day": START.date() - timedelta(days=1)}])
def test_a_reply_in_a_case_a_leaver_ended_reaches_the_unit(house: SmallHouse, gone: dict[str, object]) -> None:
    assigned(house)
    with house.store.begin() as tx:
        case = only(house).case
        tx.save_case(replace(case, status=CaseStatus.CLOSED))
        tx.add_user(replace(house.handlaggare, **gone))  # type: ignore[arg-type]
    house.receive(mail("Hallå?", message_id="<m5@mejl.example>", subject="[EK-2026-00001]"))
    assert only(house).letters[-1].recipient == "gata@ekdala.example"


def reorganised(house: SmallHouse, new: str) -> SmallHouse:
    """The profile of today: *gata* is gone, and ``new`` took over."""
    tree = an_organisation()
    units = {key: unit for key, unit in tree.units.items() if key != "gata"}
    units |= {} if new in units else {new: replace(tree.units["gata"], id=new, name="Gata och natur")}
    areas = {area: new if unit == "gata" else unit for area, unit in tree.area_units.items()}
    changed = replace(tree, units=units, area_units=areas, renamed={"gata": new})
    house.office = replace(house.office, organisation=changed)
    return house


def test_cases_of_a_unit_that_was_taken_over_move_in_one_step_with_their_handlaggare(house: SmallHouse) -> None:
    case = assigned(house)
    reorganised(house, "natur")
    with house.store.begin() as tx:
        (planned,) = to_move(tx, house.office)
        assert list(move_units(tx, "system", house.office, house.now)) == [planned]
        assert list(move_units(tx, "system", house.office, house.now)) == []
    assert (planned.old, planned.new, planned.cases, planned.left) == ("gata", "natur", 1, ())
    file = only(house)
    assert (file.case.unit_id, file.case.assignee_id, file.case.status) == (
        "natur",
        house.handlaggare.id,
        CaseStatus.ASSIGNED,
    )
    assert file.case.deadlines == case.deadlines
    assert file.events[-1].text == "Omorganisation: enheten gata är nu Gata och natur."
    # The old grant and the old link go on working.
    with house.store.read() as tx:
        viewer = house.office.viewer(tx.user(house.handlaggare.id))
        assert "natur" in viewer.member_units
        assert tx.get_case(case.id, viewer).unit_id == "natur"


def test_a_protected_case_never_moves_to_another_authority_by_itself(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HALSA,)
    assigned(house)
    reorganised(house, "hemtjanst")
    with house.store.begin() as tx:
        (moved,) = move_units(tx, "system", house.office, house.now)
    assert (moved.cases, moved.left) == (0, ("EK-2026-00001",))
    assert only(house).case.unit_id == "gata"
    assert only(house).case.authority_id == "ks"


@pytest.mark.parametrize(("new", "now"), [("natur", "Gata och natur"), ("", "Kansliet")])
def test_before_its_cases_have_moved_a_unit_that_is_no_more_keeps_no_letter_back(
    sqlite_store: Store, new: str, now: str
) -> None:
    """A reply to such a case could not be read and landed in quarantine, and nobody could give the case back."""
    house = take_in(SmallHouse(sqlite_store))
    case = assigned(house)
    reorganised(house, new or "kansli")
    if not new:
        house.office = replace(house.office, organisation=replace(house.office.organisation, renamed={}))
    house.stages = replace(house.stages, office=house.office)
    house.receive(mail("Hur går det?", message_id="<r1@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    assert only(house).events[-1].kind is EventKind.REPLY_RECEIVED
    house.now = START + timedelta(days=5, hours=6)
    house.stages.promises(house.now)
    (told,) = (e for e in only(house).letters if e.letter.kind is LetterKind.LANGRE_TID)
    assert now in told.letter.text
    with house.store.begin() as tx:
        version = only(house).case.version
        send_back(tx, case.id, version, "Enheten finns inte.", house.registrator, house.office, house.now)


def test_what_is_protected_is_told_to_no_other_authority_that_took_over(sqlite_store: Store) -> None:
    house = take_in(SmallHouse(sqlite_store))
    house.model.flags = (FlagKind.HALSA,)
    case = assigned(house)
    reorganised(house, "hemtjanst")
    assert house.office.unit_of(case).id == "kansli"
    assert house.office.unit_of(replace(case, flags=())).id == "hemtjanst"


def test_nobody_is_given_a_case_after_the_last_day(house: SmallHouse) -> None:
    case = assigned(house)
    gone = replace(
        house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata")),
        last_day=local_day(house.now) - timedelta(days=1),
    )
    with pytest.raises(NotAllowed, match="Siv Ros"), house.store.begin() as tx:
        assign(tx, case.id, only(house).case.version, gone, house.registrator, house.office, house.now)
