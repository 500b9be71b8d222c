"""Somebody is away: their substitute reads, is told and answers for those days and no others; a robot tells once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.case import CaseStatus
from cases.errors import NotAllowed, NotFound
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role, User
from cases.ports import Store
from cases.post.staff import queue_internal
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer
from cases.steps.answering.by_post import letter_posted
from cases.steps.joining.unhappy import lift
from cases.steps.working.absence import end_substitution, name_substitute
from cases.steps.working.work import accept, assign, send_back, set_flags
from cases.store.views import ListFilter, ListKind
from tests.steps.deciding import assigned, only, route
from tests.steps.house import START, mail
from tests.steps.mails import PASS, signing

FIRST, LAST = date(2026, 11, 26), date(2026, 12, 4)


class House:
    """The small house with an assigned case, its chef, a colleague and a stranger from another unit."""

    def __init__(self, store: Store, *flags: FlagKind) -> None:
        self.house = signing(store)
        house = self.house
        self.sub = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
        self.stranger = house.person("sune@ekdala.example", "Sune Å", Grant(Role.HANDLAGGARE, "hemtjanst"))
        self.chef = house.person("gustav@ekdala.example", "Gustav Vik", Grant(Role.CHEF, "gata"))
        self.case_id = assigned(house).id
        if flags:
            with house.store.begin() as tx:
                version = only(house).case.version
                wanted = frozenset(flags)
                set_flags(tx, self.case_id, version, wanted, "", house.registrator, house.office, house.now)

    def away(self, by: User | None = None, to: User | None = None, first: date = FIRST, last: date = LAST) -> str:
        house = self.house
        with house.store.begin() as tx:
            absent = house.handlaggare
            made = name_substitute(tx, absent, to or self.sub, first, last, by or absent, house.office, house.now)
        return made.id

    def reads(self, user: User) -> bool:
        with self.house.store.read() as tx:
            try:
                tx.get_case(self.case_id, self.house.office.viewer(tx.user(user.id)))
            except NotFound:
                return False
            return True

    def tell(self) -> list[str]:
        """A mail to the handläggare now; whom it goes to."""
        house = self.house
        before = len(only(house).letters)
        with house.store.begin() as tx:
            case = only(house).case
            queue_internal(tx, house.office, case, LetterKind.SVAR_INKOMMET, [house.handlaggare.email], now=house.now)
        return [entry.recipient for entry in only(house).letters[before:]]

    def answer(self, sender: str, to: str, message_id: str = "<s1@ekdala.example>") -> CaseStatus:
        values = {"subject": "#svar [EK-2026-00001]", "message_id": message_id, "Authentication_Results": PASS}
        self.house.receive(mail(f"Lampan byts i morgon. {message_id[1:3]}", sender=sender, to=to, **values))
        return only(self.house).case.status

    def address_of(self, recipient: str) -> str:
        return [e.reply_to for e in only(self.house).letters if e.recipient == recipient and e.reply_to][-1]


def test_a_substitute_reads_a_protected_case_in_hand_for_those_days_alone(store: Store) -> None:
    here = House(store, FlagKind.HALSA)
    assert not here.reads(here.sub)
    here.away(first=FIRST + timedelta(days=1))
    assert not here.reads(here.sub)
    here.house.later(days=1)
    assert here.reads(here.sub)
    with here.house.store.read() as tx:
        mine = tx.lines(ListKind.MINE, here.house.office.viewer(tx.user(here.sub.id)), ListFilter())
    assert [line.id for line in mine] == [here.case_id]
    here.house.later(days=7)
    assert here.reads(here.sub)
    here.house.later(days=1)
    assert not here.reads(here.sub)
    assert "Siv Ros ersätter Hans Vik" in next(e.text for e in only(here.house).events if e.kind is EventKind.AWAY)


def test_mail_goes_to_both_and_the_substitute_answers_from_their_own_address(store: Store) -> None:
    here = House(store)
    assert here.tell() == ["hans@ekdala.example"]
    here.away()
    assert here.tell() == ["hans@ekdala.example", "siv@ekdala.example"]
    status = here.answer("Siv Ros <siv@ekdala.example>", here.address_of("siv@ekdala.example"))
    assert status is CaseStatus.ANSWERED
    letter = next(e for e in only(here.house).letters if e.letter.kind is LetterKind.SVAR)
    assert "Siv Ros" in letter.letter.text
    assert only(here.house).case.assignee_id == here.house.handlaggare.id


def test_the_absent_persons_own_address_takes_the_substitutes_reply_for_the_period_alone(store: Store) -> None:
    here = House(store)
    here.tell()
    theirs = here.address_of("hans@ekdala.example")
    assert here.answer("Siv Ros <siv@ekdala.example>", theirs) is CaseStatus.ASSIGNED
    here.away()
    assert here.answer("Sune Å <sune@ekdala.example>", theirs, "<s2@ekdala.example>") is CaseStatus.ASSIGNED
    here.house.later(days=9)
    assert here.answer("Siv Ros <siv@ekdala.example>", theirs, "<s4@ekdala.example>") is CaseStatus.ASSIGNED
    refused = [e.text for e in only(here.house).events if e.kind is EventKind.STAFF_REPLY]
    assert len(refused) == 3
    assert all("någon annan än den som brevet gick till" in text for text in refused)


def test_a_substitutes_first_reply_to_the_absent_persons_address_counts(store: Store) -> None:
    here = House(store)
    here.away()
    here.tell()
    theirs = here.address_of("hans@ekdala.example")
    assert here.answer("Siv Ros <siv@ekdala.example>", theirs) is CaseStatus.ANSWERED


def test_who_has_left_has_no_substitute_by_mail(sqlite_store: Store) -> None:
    """The last day is past; the account stays open until somebody closes it."""
    here = House(sqlite_store)
    here.away()
    here.tell()
    theirs = here.address_of("hans@ekdala.example")
    with here.house.store.begin() as tx:
        tx.add_user(replace(here.house.handlaggare, last_day=FIRST - timedelta(days=1)))
    assert here.answer("Siv Ros <siv@ekdala.example>", theirs) is CaseStatus.ASSIGNED


def test_of_two_who_got_the_same_mail_one_answers(store: Store) -> None:
    """The absent person came back, answered the old mail, and the citizen had two answers."""
    here = House(store)
    here.away()
    here.tell()
    mine, theirs = here.address_of("hans@ekdala.example"), here.address_of("siv@ekdala.example")
    here.house.later(minutes=5)
    assert here.answer("Siv Ros <siv@ekdala.example>", theirs) is CaseStatus.ANSWERED
    here.house.later(days=1)
    here.answer("Hans Vik <hans@ekdala.example>", mine, "<h2@ekdala.example>")
    answers = [e for e in only(here.house).letters if e.letter.kind is LetterKind.SVAR]
    assert len(answers) == 1
    told = only(here.house).letters[-1]
    assert (told.letter.kind, told.recipient) == (LetterKind.MEJLSVAR_STOPPAT, "hans@ekdala.example")
    assert "besvarades den 26 november 2026 kl. 10.05" in told.letter.text
    here.house.later(minutes=5)
    here.answer("Hans Vik <hans@ekdala.example>", told.reply_to, "<h3@ekdala.example>")
    assert [e.letter.kind for e in only(here.house).letters].count(LetterKind.SVAR) == 2


def test_who_names_whom(store: Store) -> None:
    here = House(store)
    here.away(by=here.chef)
    with pytest.raises(NotAllowed, match="Bara Hans Vik och chefen"):
        here.away(by=here.sub)
    with pytest.raises(NotAllowed, match="arbetar inte i samma enhet som Hans Vik"):
        here.away(to=here.stranger)
    with pytest.raises(NotAllowed, match="någon annan"):
        here.away(to=here.house.handlaggare)
    with pytest.raises(NotAllowed, match="före den första"):
        here.away(first=LAST, last=FIRST)
    with pytest.raises(NotAllowed, match="redan varit"):
        here.away(first=date(2026, 1, 1), last=date(2026, 1, 2))


def test_a_substitution_ends_when_somebody_of_the_two_says_so(store: Store) -> None:
    here = House(store, FlagKind.HALSA)
    made = here.away()
    assert here.reads(here.sub)
    with pytest.raises(NotFound), here.house.store.begin() as tx:
        end_substitution(tx, made, here.stranger, here.house.office, here.house.now)
    with here.house.store.begin() as tx:
        end_substitution(tx, made, here.sub, here.house.office, here.house.now)
    assert not here.reads(here.sub)
    assert here.tell() == ["hans@ekdala.example"]


def test_a_whistle_blowers_case_is_no_substitutes(store: Store) -> None:
    here = House(store, FlagKind.VISSELBLASNING)
    here.away()
    assert not here.reads(here.sub)
    assert here.tell() == ["hans@ekdala.example"]


def away_notice(here: House, number: int) -> None:
    letter = [e for e in only(here.house).letters if e.recipient == "hans@ekdala.example"][-1]
    here.house.receive(
        mail(
            "Jag är på semester.",
            sender="Hans Vik <hans@ekdala.example>",
            subject="Frånvaro",
            message_id=f"<a{number}@ekdala.example>",
            In_Reply_To=letter.message_id,
            Auto_Submitted="auto-replied",
        )
    )


def told(here: House) -> list[str]:
    return [e.recipient for e in only(here.house).letters if e.letter.kind is LetterKind.FRANVARO]


def test_the_units_registrator_hears_of_an_absence_once(store: Store) -> None:
    here = House(store)
    away_notice(here, 1)
    assert told(here) == ["gata@ekdala.example"]
    for number in range(2, 6):
        here.house.later(days=10)
        here.tell()
        away_notice(here, number)
    assert told(here) == ["gata@ekdala.example"]
    here.house.later(days=30)
    away_notice(here, 9)
    assert len(told(here)) == 2
    assert sum(e.kind is EventKind.AWAY for e in only(here.house).events) == 6


def test_where_a_substitute_is_named_nobody_need_be_told(store: Store) -> None:
    here = House(store)
    here.away()
    away_notice(here, 1)
    assert told(here) == []
    assert "En ersättare är utsedd." in only(here.house).events[-2].text


def notice_of(here: House, who: User, message_id: str) -> None:
    """The same from whoever got the latest letter."""
    letter = [e for e in only(here.house).letters if e.recipient == who.email][-1]
    headers = {"In_Reply_To": letter.message_id, "Auto_Submitted": "auto-replied", "message_id": message_id}
    here.house.receive(mail("Borta.", sender=f"{who.name} <{who.email}>", subject="Frånvaro", **headers))


def test_where_the_substitute_is_away_too_the_registrator_hears_of_it(store: Store) -> None:
    """Each had named the other, and each notice said that a substitute was named."""
    here = House(store)
    here.away()
    here.tell()
    other = here.house.person("ola@ekdala.example", "Ola Ek", Grant(Role.HANDLAGGARE, "gata"))
    with here.house.store.begin() as tx:
        name_substitute(tx, here.sub, other, FIRST, LAST, here.sub, here.house.office, here.house.now)
    notice_of(here, here.sub, "<s1@ekdala.example>")
    assert told(here) == ["gata@ekdala.example"]
    assert "på plats" in [e for e in only(here.house).letters if e.letter.kind is LetterKind.FRANVARO][-1].letter.text
    notice_of(here, here.house.handlaggare, "<h1@ekdala.example>")
    assert told(here) == ["gata@ekdala.example"] * 2


def test_a_substitute_of_ones_own_case_is_told_of_by_the_letter_they_got(store: Store) -> None:
    """Who stands in for a chef or a registrator has the letter that went to both."""
    here = House(store)
    house = here.house
    with house.store.begin() as tx:
        name_substitute(tx, here.chef, here.sub, FIRST, LAST, here.chef, house.office, house.now)
        queue_internal(tx, house.office, only(house).case, LetterKind.TILL_CHEF, [here.chef.email], now=house.now)
    notice_of(here, here.chef, "<c1@ekdala.example>")
    assert told(here) == []


def test_a_registrator_who_is_the_absent_one_is_not_the_only_one_told(store: Store) -> None:
    here = House(store)
    house = here.house
    gata = house.person("gata@ekdala.example", "Greta Alm", Grant(Role.REGISTRATOR, "gata"))
    notice_of(here, gata, "<g1@ekdala.example>")
    assert told(here) == [house.office.organisation.unit("gata").manager.email]


def test_who_is_away_on_those_days_is_no_substitute(store: Store) -> None:
    here = House(store)
    here.away(last=LAST)
    house = here.house
    with house.store.begin() as tx, pytest.raises(NotAllowed, match="Hans Vik är själv borta"):
        name_substitute(tx, here.sub, house.handlaggare, LAST, LAST, here.sub, house.office, house.now)
    with house.store.begin() as tx:
        after = LAST + timedelta(days=1)
        name_substitute(tx, here.sub, house.handlaggare, after, after, here.sub, house.office, house.now)


def test_a_robot_that_answers_for_somebody_else_tells_nothing(store: Store) -> None:
    here = House(store)
    letter = [e for e in only(here.house).letters if e.recipient == "hans@ekdala.example"][-1]
    here.house.receive(
        mail(
            "Borta.",
            sender="Siv Ros <siv@ekdala.example>",
            message_id="<x@ekdala.example>",
            In_Reply_To=letter.message_id,
            Auto_Submitted="auto-replied",
        )
    )
    assert told(here) == []


def test_assigning_to_somebody_who_is_away_tells_the_substitute(store: Store) -> None:
    here = House(store)
    here.away()
    house = here.house
    with house.store.begin() as tx:
        case = only(house).case
        assign(tx, case.id, case.version, house.handlaggare, house.registrator, house.office, house.now)
    assert only(house).letters[-1].recipient == "siv@ekdala.example"


def letter_of(here: House, kind: LetterKind) -> str:
    """The latest letter of a kind to the citizen, as it reads."""
    return [e for e in only(here.house).letters if e.letter.kind is kind][-1].letter.text


def in_hand(here: House) -> None:
    house = here.house
    with house.store.begin() as tx:
        case = only(house).case
        accept(tx, case.id, case.version, house.handlaggare, house.office, house.now)


def test_letters_by_themselves_name_who_stands_in(sqlite_store: Store) -> None:
    """R5, R10: the citizen was told to turn to somebody who was away, in a letter signed by them."""
    here = House(sqlite_store)
    in_hand(here)
    here.away()
    for kind, days in ((LetterKind.LANGRE_TID, 5), (LetterKind.STATUS, 8)):
        here.house.now = START + timedelta(days=days, hours=6)
        here.house.stages.promises(here.house.now)
        text = letter_of(here, kind)
        assert "Siv Ros" in text
        assert "siv@ekdala.example" in text
        assert "Hans Vik" not in text


def test_letters_by_themselves_name_the_chef_where_the_handlaggare_has_left(sqlite_store: Store) -> None:
    """R10: nobody had handed the case over yet, and the citizen was told to write to an empty desk."""
    here = House(sqlite_store)
    in_hand(here)
    with here.house.store.begin() as tx:
        tx.add_user(replace(here.house.handlaggare, last_day=FIRST))
    for kind, days in ((LetterKind.LANGRE_TID, 5), (LetterKind.STATUS, 8)):
        here.house.now = START + timedelta(days=days, hours=6)
        here.house.stages.promises(here.house.now)
        text = letter_of(here, kind)
        assert "gustav@ekdala.example" in text
        assert "hans@ekdala.example" not in text


def test_who_stands_in_but_is_away_too_is_named_to_no_citizen(sqlite_store: Store) -> None:
    here = House(sqlite_store)
    in_hand(here)
    here.away()
    other = here.house.person("ola@ekdala.example", "Ola Ek", Grant(Role.HANDLAGGARE, "gata"))
    with here.house.store.begin() as tx:
        name_substitute(tx, here.sub, other, FIRST, LAST, here.sub, here.house.office, here.house.now)
    here.house.now = START + timedelta(days=5, hours=6)
    here.house.stages.promises(here.house.now)
    assert "Hans Vik" in letter_of(here, LetterKind.LANGRE_TID)


def chef_away_tomorrow(here: House) -> None:
    house, day = here.house, FIRST + timedelta(days=1)
    house.later(hours=9)
    with house.store.begin() as tx:
        name_substitute(tx, here.chef, here.sub, day, day, here.chef, house.office, house.now)


def test_of_a_chef_who_is_away_the_citizen_learns_who_stands_in(sqlite_store: Store) -> None:
    """The letter waits for the morning, when the chef is no longer there."""
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house = here.house
    with house.store.begin() as tx:
        lift(tx, only(house).case, "Avsändaren vill det.", house.registrator, house.office, house.now)
    text = letter_of(here, LetterKind.ESKALERAD)
    assert "Gustav Vik, enhetschef" in text
    assert "Kontakt: Siv Ros, som ersätter just nu, siv@ekdala.example" in text


@pytest.mark.parametrize("printed", [False, True])
def test_a_decision_names_who_stands_in_for_the_chef_to_turn_to(sqlite_store: Store, *, printed: bool) -> None:
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house, case = here.house, only(here.house).case
    what = (LetterKind.BESLUT_INGEN, {"motivering": "Lampan lyser."}, house.handlaggare, house.office, house.now)
    with house.store.begin() as tx:
        (letter_posted if printed else answer)(tx, case.id, case.version, *what)
    text = letter_of(here, LetterKind.BESLUT_INGEN)
    assert "Gustav Vik, enhetschef: Siv Ros, som ersätter just nu, siv@ekdala.example." in text


def test_a_case_handed_on_is_with_who_stands_in_when_the_letter_leaves(sqlite_store: Store) -> None:
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house = here.house
    for unit in ("kansli", "gata"):
        with house.store.begin() as tx:
            case = only(house).case
            send_back(tx, case.id, case.version, "Inte vårt.", house.registrator, house.office, house.now)
        route(house, unit_id=unit)
    assert "Siv Ros, handläggare" in letter_of(here, LetterKind.VIDAREBEFORDRAD)
