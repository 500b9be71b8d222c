"""What goes on in the demonstration before anybody looks."""

import threading
from datetime import datetime, timedelta

import pytest

from cases.case import CaseStatus
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.records.public import link_key
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.steps.working import following
from cases.store.views import ListFilter, ListKind
from config import load as load_settings
from service.demo.letters import SampleLetter, sample_letters
from service.demo.people import add_people
from service.demo.rules import add_rules
from service.demo.scenes import SCENES, Stage, play
from tests.steps.house import SmallHouse

URL = "https://arenden.ekdala.example"


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    tree = load_settings("demo", {"LYHORD_IMAP_PASSWORD": "x", "LYHORD_DESK_SECRET": "x" * 40}).organisation
    made = SmallHouse(sqlite_store, office_changes={"organisation": tree, "public_url": URL, "ask_if_helped": True})
    with made.store.begin() as tx:
        add_people(tx, made.office.new_id)
        add_rules(tx, made.office.new_id, made.now)
    return made


def letters(*slugs: str) -> list[SampleLetter]:
    return [letter for letter in sample_letters() if letter.slug in slugs]


def played(house: SmallHouse, longest: float = 0.01) -> list[OutboxEntry]:
    """The letters out of all cases after the scenes, which find the clock some seconds later at each act."""

    def clock() -> datetime:
        house.now += timedelta(seconds=1)
        return house.now

    play(Stage(house.store, house.office, clock), letters(*SCENES), threading.Event(), longest)
    with house.store.read() as tx:
        return [one for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter()) for one in tx.letters_of(line.id)]


def test_a_contractor_is_asked_the_chef_follows_and_an_answer_asks_whether_it_helped(house: SmallHouse) -> None:
    assert not played(house), "nothing has come yet"
    for letter in letters(*SCENES):
        house.receive(letter.raw)
    found = played(house)
    (question,) = (one for one in found if one.letter.kind is LetterKind.FRAGA_UTANFOR)
    (answer,) = (one for one in found if one.letter.kind is LetterKind.BESLUT_ATGARD)
    assert question.recipient.endswith(".example") and "Hassan Vikström" in question.letter.text
    link = answer.letter.text.partition(f"{URL}/oppet/mitt/")[2].split()[0]
    with house.store.read() as tx:
        assert tx.get_case(answer.case_id, SYSTEM).status is CaseStatus.ANSWERED
        opened = tx.citizen_link(link_key(link), house.now)
    assert opened and opened.asks
    house.now += UNDO
    with house.store.begin() as tx:
        (follower,) = following.to_tell(tx, house.office, house.now)
        assert (follower.case_id, following.tell(tx, follower, house.office, house.now)) == (question.case_id, 1)
    assert len(played(house)) == len(found) + 1, "each is played once; the chef has a mail"


def test_a_scene_is_left_out_where_somebody_was_faster_or_a_flag_keeps_the_letter_back(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HALSA,)
    for letter in letters(*SCENES):
        house.receive(letter.raw)
    assert not any(one.letter.kind is LetterKind.FRAGA_UTANFOR for one in played(house))


def test_the_rule_puts_the_library_first_for_letters_about_it_alone(house: SmallHouse) -> None:
    house.model.area = Area.KULTUR_FRITID
    for letter in letters("finska-kirjasto", "simhallen"):
        house.receive(letter.raw)
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        first = {line.subject: tx.suggestion(line.id) for line in lines}
    assert {subject: (said.rule.name, said.rule.unit_id) for subject, said in first.items() if said and said.rule} == {
        "Suomenkieliset kirjat kirjastossa": ("Biblioteken", "kultur")
    }
