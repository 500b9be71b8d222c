"""The question in an answer whether it was of help: who is asked, what is said once, and what a *no* does."""

import re
from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.letters.permit import permit
from cases.people.access import SYSTEM
from cases.post.help_question import with_question
from cases.records.appeals import Refused
from cases.records.courts import Court
from cases.routing.flags import FlagKind
from cases.steps.answering.by_post import letter_posted
from cases.steps.joining.unhappy import pending
from cases.steps.routing.suggest import record
from notifier.outbox import send_due
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.external.outside import PUBLIC, URL, flag, link_of
from tests.desk.in_hand.test_sending import Sink, last, send
from tests.desk.steps import routed

REASON = "Lyktan är fortfarande släckt."


@pytest.fixture
def house(house):
    house.office = replace(house.office, public_url=URL, ask_if_helped=True)
    return house


@pytest.fixture
def app(house):
    return make_app(house, public=PUBLIC)


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


@pytest.fixture
def citizen(app):
    return Surfer(app)


def asked(house, case) -> str:
    """The path of the question's page in the case's last letter; empty where it asks nothing."""
    found = re.search(
        rf"Blev du hjälpt av svaret\? Svara ja eller nej: {URL}(/oppet/mitt/\w+)", last(house, case).letter.text
    )
    return found[1] if found else ""


def answered(house, surf, case) -> str:
    send(surf("handlaggare"), house, case)
    house.clock.pass_minutes(1)
    send_due(house.store, Sink(), now=house.clock(), clock=house.clock, new_id=house.office.new_id, check=_may)
    return asked(house, case)


def _may(tx, entry):
    return permit(tx.get_case(entry.case_id, SYSTEM), entry.letter.kind, automatic=entry.automatic)


def say(page, path: str, **said: str):
    return page.client.post(path, data=said)


def file_of(house, case):
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM)


def test_a_yes_is_kept_once_and_opens_nothing(house, surf, case, citizen) -> None:
    path = answered(house, surf, case)
    assert "Blev du hjälpt av svaret?" in citizen.get(path).text
    assert file_of(house, case).case.status is CaseStatus.ANSWERED, "nothing acts on GET"
    assert "Did our answer help you?" in citizen.get(f"{path}?sprak=en").text
    assert say(citizen, f"{path}?sprak=en", hjalpt="ja").headers["location"] == f"{path}?sprak=en"
    assert "You have told us that the answer helped you." in citizen.get(f"{path}?sprak=en").text
    assert say(citizen, path, hjalpt="ja").headers["location"] == path
    assert "Du har svarat att du blev hjälpt" in citizen.get(path).text
    before = file_of(house, case)
    say(citizen, path, hjalpt="nej", varfor=REASON)
    assert "Du har svarat att du blev hjälpt" in citizen.get(path).text
    after = file_of(house, case)
    assert (after.case, len(after.events), len(after.messages)) == (before.case, len(before.events), 1)
    assert any("blev hjälpt" in event.text for event in after.events)


def test_a_no_with_words_is_a_reply_that_is_not_content(house, surf, case, citizen) -> None:
    path = answered(house, surf, case)
    say(citizen, path, hjalpt="nej", varfor=REASON)
    assert "inte blev hjälpt. Tack för att du berättade. Ärendet är öppet igen." in citizen.get(path).text
    file = file_of(house, case)
    assert file.case.status is CaseStatus.REOPENED
    assert REASON in file.messages[-1].message.text
    assert last_internal(file) is LetterKind.SVAR_INKOMMET
    with house.store.begin() as tx:
        assert tx.messages_to_suggest(9) == [(case.id, file.messages[-1].id)], "its flags are looked for"
        record(tx, case.id, file.messages[-1].id, h.suggestion(REASON, case.area, 0.9), house.office, house.clock())
    file = file_of(house, case)
    assert pending(file.case, file.events).kind is EventKind.UNHAPPY


def last_internal(file) -> LetterKind:
    return [entry.letter.kind for entry in file.letters if entry.internal][-1]


def test_a_no_without_words_is_counted_and_opens_nothing(house, surf, case, citizen) -> None:
    path = answered(house, surf, case)
    say(citizen, path, hjalpt="nej", varfor=" \n ")
    assert "öppet igen" not in citizen.get(path).text
    file = file_of(house, case)
    assert (file.case.status, len(file.messages)) == (CaseStatus.ANSWERED, 1)
    assert any("blev inte hjälpt" in event.text for event in file.events)
    with house.store.read() as tx:
        (told,) = tx.asked_if_helped(SYSTEM, h.NOW, h.NOW.replace(year=2030))
        assert (told.unit_id, told.helped) == ("gata", False)


@pytest.mark.parametrize("said", [{}, {"hjalpt": "kanske"}, {"hjalpt": "nej", "varfor": "x" * 200_000}])
def test_what_says_nothing_or_far_too_much_changes_nothing(house, surf, case, citizen, said) -> None:
    path = answered(house, surf, case)
    before = file_of(house, case)
    assert say(citizen, path, **said).status_code in (303, 404)
    assert file_of(house, case) == before
    assert "Om inte: vad saknar du?" in citizen.get(path).text


def test_only_an_answers_link_asks_and_a_closed_one_no_more(house, surf, case, citizen) -> None:
    path = answered(house, surf, case)
    receipt = link_of(house, case)
    assert "Blev du hjälpt" not in citizen.get(receipt).text
    say(citizen, receipt, hjalpt="nej", varfor=REASON)
    say(citizen, "/oppet/mitt/x", hjalpt="nej", varfor=REASON)
    with house.store.begin() as tx:
        tx.close_citizen_links(case.id)
    assert say(citizen, path, hjalpt="nej", varfor=REASON).status_code == 303
    assert file_of(house, case).case.status is CaseStatus.ANSWERED


@pytest.mark.parametrize("kind", list(FlagKind))
def test_a_flagged_case_is_never_asked_about(house, surf, case, kind) -> None:
    flag(house, case, kind)
    made = house.case(case.id)
    with house.store.read() as tx:
        assert with_question(tx, house.office, made, LetterKind.SVAR, {"svar": "Ja."}) == {"svar": "Ja."}
        plain = replace(made, flags=())
        assert "hjalpt_lank" in with_question(tx, house.office, plain, LetterKind.SVAR, {})


def test_neither_is_a_track_of_its_own_a_decision_to_appeal_against_or_another_letter(house, case) -> None:
    with house.store.begin() as tx:
        on_track = replace(case, track="Överklagande")
        assert not with_question(tx, house.office, on_track, LetterKind.SVAR, {})
        assert not with_question(tx, replace(house.office, ask_if_helped=False), case, LetterKind.SVAR, {})
        for kind in LetterKind:
            asks = kind in ("svar", "beslut_atgard", "beslut_ingen", "ursakt")
            assert bool(with_question(tx, house.office, case, kind, {})) is asks, kind
        tx.save_refused(Refused("papper", case.id, "1", house.clock().date(), Court.JONKOPING))
        assert not with_question(tx, house.office, case, LetterKind.SVAR, {})


def test_paper_asks_nothing_and_the_preview_shows_the_question(house, surf, case) -> None:
    assert "Blev du hjälpt av svaret?" in send(surf("handlaggare"), house, case, gor="visa").text
    with house.store.begin() as tx:
        entry = letter_posted(
            tx,
            case.id,
            house.case(case.id).version,
            LetterKind.SVAR,
            {"svar": "Ja."},
            h.PEOPLE["handlaggare"],
            house.office,
            house.clock(),
        )
    assert "hjälpt" not in entry.letter.text
    with house.store.read() as tx:
        assert tx.citizen_links(case.id, house.clock()) == 1, "the receipt's"


def test_a_page_flagged_since_is_the_same_to_the_letter(house, surf, case, citizen) -> None:
    path = answered(house, surf, case)
    plain = citizen.get(path)
    for kind in FlagKind:
        flag(house, case, kind)
        assert citizen.get(path).text == plain.text, kind


def test_who_asks_too_fast_waits_here_too(house, surf, case) -> None:
    path = answered(house, surf, case)
    slow = Surfer(make_app(house, public=replace(PUBLIC, per_minute=1)))
    assert slow.get(path).status_code == 200
    assert say(slow, path, hjalpt="nej", varfor=REASON).status_code == 429
    assert file_of(house, case).case.status is CaseStatus.ANSWERED


def test_a_letter_that_has_not_left_asked_nobody(house, surf, case) -> None:
    send(surf("handlaggare"), house, case)
    assert asked(house, case)
    with house.store.read() as tx:
        assert tx.asked_if_helped(SYSTEM, h.NOW, h.NOW.replace(year=2030)) == []
