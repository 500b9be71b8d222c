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
from cases.steps.working.absence import end_substitution, name_substitute
from cases.steps.working.work import assign
from cases.store.views import ListFilter, ListKind
from tests.steps.deciding import only
from tests.steps.house import mail
from tests.steps.working.standing_in import FIRST, LAST, House


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
