"""A colleague follows a case: word of what happens, once a day, for as long as they may read it."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.letters.permit import Verdict
from cases.people.access import SYSTEM
from cases.post.citizen import note
from cases.steps.answering.leaving import may_leave
from cases.steps.working import following
from cases.steps.working.work import add_note, assign
from tests.desk import house as h
from tests.desk.external.outside import flag, moved
from tests.desk.steps import routed, step


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


@pytest.fixture
def page(surf, house, case):
    """The registrator's browser, who follows the case."""
    page = surf("gataregistrator")
    assert step(page, house, case, "folj", folj="ja").status_code == 303
    return page


def happens(house, case, kind: EventKind = EventKind.ANSWERED, by: str = "handlaggare") -> None:
    house.clock.pass_minutes(1)
    with house.store.begin() as tx:
        note(tx, house.office, case.id, kind, house.clock(), by=by)
    house.clock.pass_minutes(1)


def sweep(house) -> int:
    with house.store.begin() as tx:
        waiting = following.to_tell(tx, house.office, house.clock())
        return sum(following.tell(tx, one, house.office, house.clock()) for one in waiting)


def mails(house, case):
    with house.store.read() as tx:
        return [e for e in tx.letters_of(case.id) if e.letter.kind is LetterKind.BEVAKNING]


def test_word_of_what_happens_leaves_once_a_day_as_a_link(house, case, page) -> None:
    assert sweep(house) == 0
    happens(house, case, EventKind.REPLY_RECEIVED, "system")
    assert (sweep(house), sweep(house)) == (1, 0)
    happens(house, case)
    assert sweep(house) == 0, "told today"
    house.clock.pass_minutes(60 * 24)
    assert (sweep(house), sweep(house)) == (1, 0)
    first, _ = mails(house, case)
    assert first.recipient == h.PEOPLE["gataregistrator"].email
    assert f"/arenden/{case.id}" in first.letter.text
    for secret in ("Lingonstigen", "Berit", "lampa", "släckt"):
        assert secret not in first.letter.text


@pytest.mark.parametrize("kind", [EventKind.NOTE, EventKind.READ, EventKind.LETTER_SENT])
def test_small_things_and_ones_own_acts_are_no_news(house, case, page, kind) -> None:
    happens(house, case, kind)
    happens(house, case, EventKind.CLOSED, by="gataregistrator")
    assert sweep(house) == 0


def test_what_can_still_be_undone_waits(house, case, page) -> None:
    house.clock.pass_minutes(1)
    with house.store.begin() as tx:
        note(tx, house.office, case.id, EventKind.ANSWERED, house.clock(), by="handlaggare")
    assert sweep(house) == 0
    house.clock.pass_minutes(1)
    assert sweep(house) == 1


def test_who_may_read_it_no_more_follows_it_no_more(house, case, surf) -> None:
    worker = surf("handlaggare")
    step(worker, house, case, "folj", folj="ja")
    happens(house, case, by="registrator")
    with house.store.read() as tx:
        assert len(following.to_tell(tx, house.office, house.clock())) == 1
    flag(house, case)
    assert sweep(house) == 0
    assert mails(house, case) == []
    assert case.number not in worker.get("/foljer").text
    with house.store.read() as tx:
        assert not tx.follows(case.id, "handlaggare")


def test_a_mail_on_its_way_is_held_back_where_the_right_was_lost_meanwhile(house, case, surf) -> None:
    step(surf("handlaggare"), house, case, "folj", folj="ja")
    happens(house, case, by="registrator")
    sweep(house)
    (entry,) = mails(house, case)
    with house.store.read() as tx:
        assert may_leave(tx, entry, house.office).verdict is Verdict.SEND
    answered = replace(entry, letter=replace(entry.letter, kind=LetterKind.KOLLEGA_SVARAT))
    flag(house, case)
    with house.store.begin() as tx:
        assert may_leave(tx, entry, house.office).verdict is Verdict.WITHHOLD
        tx.unfollow(case.id, "handlaggare")
        assert may_leave(tx, entry, house.office).verdict is Verdict.SEND, "what is due goes to more than followers"
        assert may_leave(tx, answered, house.office).verdict is Verdict.WITHHOLD


def test_the_list_holds_ended_cases_and_ends_with_the_following(house, case, page) -> None:
    assert "Sluta följa ärendet" in page.get(f"/arenden/{case.id}").text
    assert '<a href="/foljer">' in page.get("/mina").text
    moved(house, case, status=CaseStatus.CLOSED)
    assert case.number in page.get("/foljer").text
    step(page, house, case, "folj", folj="")
    assert case.number not in page.get("/foljer").text
    assert "Du följer inga ärenden" in page.get("/foljer").text
    happens(house, case)
    assert sweep(house) == 0


def test_who_has_the_case_by_now_is_told_by_its_own_mails(house, case, surf) -> None:
    step(surf("handlaggare"), house, case, "folj", folj="ja")
    with house.store.begin() as tx:
        add_note(tx, case.id, "Hej", h.PEOPLE["registrator"], house.office, house.clock())
        version, by = house.case(case.id).version, h.PEOPLE["registrator"]
        assign(tx, case.id, version, h.PEOPLE["handlaggare"], by, house.office, house.clock())
    house.clock.pass_minutes(2)
    assert sweep(house) == 0
    assert mails(house, case) == []


def test_whose_case_it_is_not_to_read_cannot_be_followed(house, surf) -> None:
    school = h.school(house)
    page = surf("handlaggare")
    page.get("/mina")
    assert page.post(f"/arenden/{school.id}/folj", folj="ja").status_code == 404
    with house.store.read() as tx:
        assert not tx.follows(school.id, "handlaggare")
        assert tx.get_case(school.id, SYSTEM).protected
