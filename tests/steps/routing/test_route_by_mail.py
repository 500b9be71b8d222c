"""A registrator confirms or changes by mail: once, from the own address, and only what was seen still stands."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import CaseStatus
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind, OutboxEntry
from cases.people.access import Grant, Role
from cases.ports import Store
from cases.post.routing_mail import read_unit, routing_reply_in
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from tests.cases.builders import an_organisation
from tests.steps.by_mail import journal
from tests.steps.deciding import only, route
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, PASS, signing

RUT = "Rut Alm <registrator@ekdala.example>"


@pytest.fixture
def house(store: Store) -> SmallHouse:
    house = signing(store)
    house.person("registrator@ekdala.example", "Rut Alm", Grant(Role.REGISTRATOR))
    return house


def asked(house: SmallHouse) -> OutboxEntry:
    return next(e for e in only(house).letters if e.letter.kind is LetterKind.TILL_REGISTRATOR)


def code(house: SmallHouse, which: str = "bekrafta") -> str:
    return re.search(rf"#{which}-[0-9a-f]{{8}}", asked(house).letter.text)[0]


def reply(house: SmallHouse, body: str = "", which: str = "bekrafta", **changes: str) -> None:
    values = {
        "sender": RUT,
        "to": asked(house).reply_to,
        "subject": f"{code(house, which)} [EK-2026-00001]",
        "message_id": "<r1@ekdala.example>",
        "Authentication_Results": PASS,
        **changes,
    }
    house.receive(mail(body, **values))


def refused(house: SmallHouse, words: str, *, told: bool) -> None:
    assert "gjorde ingenting" in journal(house)
    assert words in journal(house)
    stopped = [e for e in only(house).letters if e.letter.kind is LetterKind.MEJLSVAR_STOPPAT]
    assert bool(stopped) is told


def test_confirming_by_mail_routes_as_suggested(house: SmallHouse) -> None:
    house.receive(mail())
    letter = asked(house).letter
    assert "Förslag: Gatuenheten" in letter.text
    assert "hemtjanst – Hemtjänsten" in letter.text
    links = [unquote(link) for link in re.findall(r'href="(mailto:[^"]+)"', letter.html)]
    assert [link.partition("?subject=")[2].partition("&")[0].split("-")[0] for link in links] == ["#bekrafta", "#andra"]
    reply(house)
    file = only(house)
    assert (file.case.status, file.case.unit_id) == (CaseStatus.ROUTED, "gata")
    assert file.decisions[0].agreed
    assert journal(house) == "Svar med e-post: Bekräfta förslaget."
    done = file.letters[-1]
    assert (done.letter.kind, done.recipient) == (LetterKind.MEJLSVAR_SKICKAT, "registrator@ekdala.example")
    assert "Gatuenheten" in done.letter.text


@pytest.mark.parametrize("body", ["Enhet: kansli", "Enhet:\nKansliet\n", "kansli", "enhet: KANSLI.\n\nMvh Rut"])
def test_changing_by_mail_takes_the_units_code_or_name(house: SmallHouse, body: str) -> None:
    house.receive(mail())
    reply(house, body, "andra")
    assert only(house).case.unit_id == "kansli"
    assert not only(house).decisions[0].agreed


@pytest.mark.parametrize("body", ["", "Enhet: ", "Enhet: parken"])
def test_a_unit_that_is_none_is_explained(house: SmallHouse, body: str) -> None:
    house.receive(mail())
    reply(house, body, "andra")
    refused(house, "enhet" if "parken" in body else "ingen text", told=True)
    assert only(house).case.status is CaseStatus.SUGGESTED


def test_the_code_told_as_an_example_is_one_that_there_is() -> None:
    """It was always *gata*, which not every municipality has."""
    tree = an_organisation()
    tree = replace(tree, units={name: unit for name, unit in tree.units.items() if name != "gata"})
    with pytest.raises(NotAllowed) as refusal:
        read_unit("parken", tree)
    assert str(refusal.value).removesuffix(".").rpartition(" ")[2] in tree.units


def test_a_reply_without_a_code_routes_nothing_and_its_writer_is_told(house: SmallHouse) -> None:
    house.receive(mail())
    reply(house, "Den här kan gå till gatan.", subject="Sv: Ärende att fördela")
    refused(house, "fanns ingen kod", told=True)
    assert only(house).case.status is CaseStatus.SUGGESTED


def test_our_letter_may_stand_below_a_confirmation_and_not_below_a_change(house: SmallHouse) -> None:
    house.receive(mail())
    ours = f"Öppna ärendet: {house.office.desk_url}/arenden/1"
    reply(house, f"Enhet: kansli\n\n{ours}", "andra")
    refused(house, "Ta bort det", told=True)
    reply(house, ours, message_id="<r2@ekdala.example>")
    assert (only(house).case.status, only(house).case.unit_id) == (CaseStatus.ROUTED, "gata")


def test_it_counts_once(house: SmallHouse) -> None:
    house.receive(mail())
    reply(house)
    before = len(only(house).decisions)
    reply(house, "Enhet: kansli", "andra", message_id="<r2@ekdala.example>")
    refused(house, "redan fördelat", told=True)
    assert len(only(house).decisions) == before
    assert only(house).case.unit_id == "gata"


def test_a_replayed_mail_does_nothing(house: SmallHouse) -> None:
    house.receive(mail())
    reply(house)
    house.later(days=1)
    reply(house, "igen")
    refused(house, "kommit förut", told=False)


def test_a_reply_about_something_else_leaves_what_was_suggested_standing(house: SmallHouse) -> None:
    house.receive(mail())
    house.model.area = Area.ALDREOMSORG
    house.receive(mail("Det gäller min mor.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    reply(house)
    assert (only(house).case.status, only(house).case.unit_id) == (CaseStatus.ROUTED, "gata")


def test_another_suggestion_since_then_is_not_confirmed(house: SmallHouse) -> None:
    house.receive(mail())
    file = only(house)
    house.model.area = Area.ALDREOMSORG
    with house.store.begin() as tx:
        tx.add_suggestion(file.case.id, file.messages[0].id, house.model.suggest("", ""), house.now)
    reply(house)
    refused(house, "Förslaget har ändrats", told=True)
    assert only(house).case.status is CaseStatus.SUGGESTED


def test_who_routed_on_the_desk_was_first(house: SmallHouse) -> None:
    house.receive(mail())
    route(house, unit_id="kansli")
    reply(house)
    refused(house, "redan fördelat", told=True)
    assert only(house).case.unit_id == "kansli"


def test_a_flagged_case_has_no_replies_and_a_flag_raised_since_stops_one(house: SmallHouse) -> None:
    house.receive(mail())
    house.model.flags = (FlagKind.HALSA,)
    house.receive(mail("Jag är sjuk.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    reply(house)
    refused(house, "behöver läsas", told=True)
    house.receive(mail("Ny.", message_id="<m3@mejl.example>", sender="Bo <bo@mejl.example>"))
    with house.store.read() as tx:
        letters = tx.letters_of(tx.case_by_number("EK-2026-00002"))
    text = next(e.letter.text for e in letters if e.letter.kind is LetterKind.TILL_REGISTRATOR)
    assert "#bekrafta" not in text
    assert "Gatuenheten" not in text


def test_what_the_model_doubts_itself_is_not_confirmed_unread(house: SmallHouse) -> None:
    house.model.doubt = "Brevet har nästan ingen text."
    house.receive(mail("Hej"))
    assert "#bekrafta" not in asked(house).letter.text
    assert "Förslag:" not in asked(house).letter.text


@pytest.mark.parametrize(
    ("changes", "words", "told"),
    [
        ({"Authentication_Results": FAIL}, "DMARC", False),
        ({"Authentication_Results": ""}, "kunde inte bekräfta", True),
        ({"sender": "Hans Vik <hans@ekdala.example>"}, "någon annan", False),
        ({"Auto_Submitted": "auto-replied", "subject_": ""}, "", False),
    ],
    ids=["forged", "unproven", "stolen", "robot"],
)
def test_what_is_forged_stolen_or_mechanical_does_nothing(house: SmallHouse, changes, words: str, told: bool) -> None:
    house.receive(mail())
    changes.pop("subject_", None)
    reply(house, **changes)
    assert only(house).case.status is CaseStatus.SUGGESTED
    if words:
        refused(house, words, told=told)


def test_a_signature_that_was_changed_or_is_too_old_does_nothing(house: SmallHouse) -> None:
    house.receive(mail())
    address = asked(house).reply_to
    local, _, domain = address.partition("@")
    reply(house, to=f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}")
    refused(house, "signatur", told=False)
    house.later(days=61)
    reply(house, message_id="<r3@ekdala.example>")
    refused(house, "för gammalt", told=True)
    assert only(house).case.status is CaseStatus.SUGGESTED


def test_a_handlaggares_answer_does_not_pass_through_the_registrators_letter(house: SmallHouse) -> None:
    house.receive(mail())
    reply(house, "Klart.", subject="#svar [EK-2026-00001]")
    refused(house, "Det går inte att svara", told=True)


def test_who_does_not_route_the_case_is_refused(house: SmallHouse) -> None:
    house.receive(mail())
    with house.store.begin() as tx:
        rut = tx.user_by_email("registrator@ekdala.example")
        tx.add_user(replace(rut, grants=frozenset({Grant(Role.REGISTRATOR, "hemtjanst")})))
    reply(house)
    refused(house, "får inte läsa", told=False)
    assert only(house).case.status is CaseStatus.SUGGESTED


@given(st.text(max_size=80))
def test_any_subject_and_text_is_read_or_refused(text: str) -> None:
    found = routing_reply_in(text)
    assert found is None or len(found.mark) == 8
    tree = an_organisation()
    try:
        assert read_unit(text, tree) in tree.units
    except NotAllowed:
        assert text.strip().casefold() not in tree.units


def test_two_codes_are_no_code() -> None:
    assert routing_reply_in("#bekrafta-0123abcd och #andra-0123abcd") is None
    assert routing_reply_in("Sv: #BEKRAFTA-0123ABCD [EK]").mark == "0123abcd"
