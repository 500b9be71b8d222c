"""The appeal of a decision not to hand out: three weeks, tried in time, looked at again, handed on to the court."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.calendar import WorkingCalendar
from cases.case import CaseStatus
from cases.disclosure.appeal_papers import handed_on
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.records.appeals import Refused, Review, Stage, Timely
from cases.records.courts import Court
from cases.routing.tracks import SuggestedTrack, Track
from cases.steps.watching import appeal_watch
from service import sweeps
from tests.cases.builders import a_case, an_organisation
from tests.desk import house as h
from tests.desk.documents.test_refusing import decide, due, events, papers
from tests.desk.steps import routed

CALENDAR = WorkingCalendar(h.swedish_days)
LATE = {"provning": "late", "beslutsfattare": "Rut Holm, registrator"}


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


class Anew:
    """A registrator who logs in anew for each page: days pass between them."""

    def __init__(self, surf) -> None:
        self._surf = surf

    def get(self, path: str):
        self._page = self._surf("registrator")
        return self._page.get(path)

    def post(self, path: str, **typed):
        return self._page.post(path, **typed)


@pytest.fixture
def page(surf, house, case):
    """A registrator who has refused."""
    made = Anew(surf)
    decide(made, house, case, lagrum=["21:1"])
    return made


def reply(house, case, text: str) -> None:
    with house.store.read() as tx:
        house.letter("Sv: Lyktan", text, in_reply_to=f"<{tx.thread(case.id)[0].strip('<>')}>", hours=1)


def refused(house, case) -> Refused:
    with house.store.read() as tx:
        return tx.refused_of(case.id)[-1]


def step(page, house, case, path: str, **typed: str):
    page.get(f"/arenden/{case.id}")
    version = house.case(case.id).version
    return page.post(f"/arenden/{case.id}/avslag/{refused(house, case).id}/{path}", version=version, **typed)


def shown(page, case) -> str:
    return " ".join(page.get(f"/arenden/{case.id}").text.split())


@pytest.mark.parametrize(
    ("handed", "last"),
    [
        (date(2026, 11, 26), date(2026, 12, 17)),
        # Three weeks end on Boxing Day, a Saturday, and on New Year's Eve: the next working day (lag 1930:173 2 §).
        (date(2026, 12, 5), date(2026, 12, 28)),
        (date(2026, 12, 10), date(2027, 1, 4)),
    ],
)
def test_the_three_weeks_run_from_when_the_decision_was_got(handed, last) -> None:
    one = Refused("r", "c", 2, date(2026, 11, 26), Court.GOTEBORG, handed_over=handed)
    assert one.last_day(CALENDAR) == last
    assert one.stage(last, CALENDAR) is Stage.RUNS
    assert one.stage(last + timedelta(days=1), CALENDAR) is Stage.OVER


def test_an_appeal_is_at_the_court_within_a_week_and_before_a_day_off() -> None:
    one = Refused("r", "c", 2, date(2026, 12, 1), Court.GOTEBORG)
    assert replace(one, appealed=date(2026, 12, 2)).hand_on_by(CALENDAR) == date(2026, 12, 9)
    assert replace(one, appealed=date(2026, 12, 18)).hand_on_by(CALENDAR) == date(2026, 12, 23)


@pytest.mark.parametrize("review", Review)
def test_the_court_is_told_what_looking_at_the_decision_again_led_to(review: Review) -> None:
    days = {"handed_over": date(2026, 12, 2), "appealed": date(2026, 12, 9)}
    one = Refused("r", "c", 2, date(2026, 12, 1), Court.GOTEBORG, **days, timely=Timely.IN_TIME, review=review)
    council = an_organisation().authorities["ks"]
    text = handed_on(one, a_case(), council, "Rut Holm", " ", "10 december 2026", 4).text
    assert ("omprövats och ändrats" in text, "beslutet om ändring" in text) == ((review is Review.CHANGED),) * 2
    assert ("omprövats och står fast" in text) is (review is Review.STANDS)
    assert "fick del av beslutet den 2 december 2026. Överklagandet kom in den 9 december 2026" in text
    assert "YTTRANDE" not in text
    assert "\n\n\n" not in text
    assert "YTTRANDE\nSekretess." in handed_on(one, a_case(), council, "Rut Holm", "Sekretess.", "", 4).text


def test_the_page_leads_from_the_appeal_to_the_court(house, surf, page, case, clock) -> None:
    assert "Anteckna när beslutet lämnades" in shown(page, case)
    assert step(page, house, case, "lamnat", dag="2026-11-26", hur="över disk").status_code == 303
    assert "senast den 17 december 2026" in shown(page, case)
    clock.pass_minutes(60 * 24 * 4)
    reply(house, case, "Jag accepterar inte beslutet.")
    assert "Ett brev kom in den 30 november 2026, efter beslutet." in shown(page, case)
    step(page, house, case, "overklagat", dag="2026-11-30")
    assert "Pröva om det kom i rätt tid" in shown(page, case)
    step(page, house, case, "provat", provning="in_time")
    assert "Ska beslutet stå fast?" in shown(page, case)
    step(page, house, case, "omprovat", omprovning="stands")
    assert "Lämna över till Kammarrätten i Göteborg" in shown(page, case)
    step(page, house, case, "overlamnat", yttrande="Vi står fast.")
    assert "Överlämnat till Kammarrätten i Göteborg den 30 november 2026" in shown(page, case)
    done = refused(house, case)
    assert (done.timely, done.review, done.ended, done.settled) == (
        Timely.IN_TIME,
        Review.STANDS,
        date(2026, 11, 30),
        True,
    )
    told = papers(house, case)[-1].paper
    assert ("Till", "Kammarrätten i Göteborg") in told.facts
    for words in (
        "Kommunstyrelsens beslut den 26 november 2026",
        "fick del av beslutet den 26 november 2026",
        "kom in den 30 november 2026. Det är i rätt tid.",
        "omprövats och står fast",
        "YTTRANDE\nVi står fast.",
    ):
        assert words in told.text
    kinds = [event.kind for event in events(house, case)]
    for kind in ("HANDED_OUT", "APPEALED", "APPEAL_TRIED", "RECONSIDERED", "HANDED_ON"):
        assert kinds.count(EventKind[kind]) == 1


def test_an_appeal_that_came_too_late_is_turned_down_by_a_decision_that_tells_why(house, page, case, clock) -> None:
    step(page, house, case, "lamnat", dag="2026-11-26", hur="över disk")
    clock.pass_minutes(60 * 24 * 22)
    step(page, house, case, "overklagat", dag="2026-12-18")
    refusal = step(page, house, case, "provat", provning="in_time")
    assert refusal.status_code == 422
    assert "sista dagen var den 17 december 2026" in refusal.text
    assert step(page, house, case, "provat", provning="late", beslutsfattare="").status_code == 422
    assert step(page, house, case, "provat", provning="excused").status_code == 422
    assert refused(house, case).timely is None
    step(page, house, case, "provat", **LATE)
    decision = papers(house, case)[-1].paper
    assert decision.title == "Beslut om att avvisa ett överklagande"
    for words in ("senast den 17 december 2026", "kom in den 18 december 2026", "Du kan överklaga beslutet till Kamm"):
        assert words in decision.text
    assert "avvisades den 18 december 2026. Det beslutet är handling 3, och kan också överklagas" in shown(page, case)
    with house.store.read() as tx:
        first, ruling = tx.refused_of(case.id)
        assert (first.settled, [one.id for one in tx.refused_watched()]) == (True, [ruling.id])
    assert (ruling.id, ruling.turns_down) == (papers(house, case)[-1].id, first.id)


def turned_down(house, page, case, clock, **known) -> None:
    """A registrator turned down an appeal on 18 December, and of that decision this is ``known``."""
    clock.pass_minutes(60 * 24 * 22)
    late = {"handed_over": date(2026, 11, 26), "appealed": date(2026, 12, 18)}
    with house.store.begin() as tx:
        tx.save_refused(replace(refused(house, case), **late))
    step(page, house, case, "provat", **LATE)
    with house.store.begin() as tx:
        tx.save_refused(replace(refused(house, case), **known))


def stages(house, case, clock) -> list[Stage]:
    with house.store.read() as tx:
        return [one.stage(clock.now.date(), CALENDAR) for one in tx.refused_of(case.id)]


APPEALED = {"handed_over": date(2026, 12, 18), "appealed": date(2026, 12, 18), "timely": Timely.IN_TIME}


def test_turning_an_appeal_down_can_be_appealed_to_the_court_that_may_set_it_aside(house, page, case, clock) -> None:
    turned_down(house, page, case, clock, **APPEALED, review=Review.STANDS)
    assert step(page, house, case, "upphavt", hur="Mål 1-27").status_code == 422
    assert "beslutet att avvisa, det överklagande som avvisades" in shown(page, case)
    step(page, house, case, "overlamnat")
    sent = papers(house, case)[-1].paper.text
    assert "Kommunstyrelsens beslut den 18 december 2026 (handling 3) att avvisa ett överklagande" in sent
    assert "– det överklagande som avvisades\n– det beslut som det gällde" in sent
    assert "Kammarrätten prövar om det första överklagandet kom i rätt tid" in shown(page, case)
    assert step(page, house, case, "upphavt", hur=" ").status_code == 422
    assert step(page, house, case, "upphavt", hur="15 januari, mål 1-27").status_code == 303
    assert stages(house, case, clock) == [Stage.TRY, Stage.AT_COURT]
    assert step(page, house, case, "upphavt", hur="igen").status_code == 422


def test_turning_down_is_watched_and_changed_it_has_the_appeal_tried_again(house, page, case, clock) -> None:
    turned_down(house, page, case, clock)
    assert "Vilken dag fick den som överklagade beslutet?" in shown(page, case)
    step(page, house, case, "lamnat", dag="2026-12-18", hur="med e-post")
    ruling = refused(house, case)
    # Three weeks end on 8 January; two working days more for the letter box.
    sweep(house, clock, 26)
    assert "att avvisa ett överklagande kan inte längre överklagas" in reminders(house, case)[-1][1]
    assert refused(house, case).settled
    with house.store.begin() as tx:
        tx.save_refused(replace(ruling, **APPEALED))
    assert "Ändras det prövar du det avvisade överklagandet på nytt." in shown(page, case)
    step(page, house, case, "omprovat", omprovning="changed", vad="Det kom i tid.", beslutsfattare="Rut Holm")
    assert stages(house, case, clock) == [Stage.TRY, Stage.HAND_ON]
    with house.store.read() as tx:
        assert len(tx.refused_watched()) == 2


def test_what_came_in_time_is_never_turned_down(house, page, case) -> None:
    step(page, house, case, "overklagat", dag="2026-11-26")
    unknown = step(page, house, case, "provat", **LATE)
    assert "Ingen vet när de tre veckorna började" in unknown.text
    step(page, house, case, "lamnat", dag="2026-11-26", hur="över disk")
    in_time = step(page, house, case, "provat", **LATE)
    assert (unknown.status_code, in_time.status_code) == (422, 422)
    assert "kom in i rätt tid" in in_time.text
    assert len(papers(house, case)) == 1


def test_a_changed_decision_is_a_new_one_and_goes_along(house, page, case) -> None:
    step(page, house, case, "overklagat", dag="2026-11-26")
    step(page, house, case, "provat", provning="in_time")
    assert step(page, house, case, "omprovat", omprovning="changed", vad="").status_code == 422
    step(page, house, case, "omprovat", omprovning="changed", vad="Sidan 2 lämnas ut.", beslutsfattare="Rut Holm")
    step(page, house, case, "overlamnat")
    _, new, sent = (one.paper for one in papers(house, case))
    assert new.title == "Beslut om ändring efter omprövning"
    assert "Sidan 2 lämnas ut." in new.text
    assert "beslutet om ändring" in sent.text
    assert "fick del av beslutet" not in sent.text


def test_steps_are_taken_in_their_order_and_by_those_who_work_with_the_case(house, surf, page, case) -> None:
    assert step(page, house, case, "overlamnat").status_code == 422
    assert step(page, house, case, "lamnat", dag="2026-11-25", hur="x").status_code == 422
    assert step(page, house, case, "lamnat", dag="2026-11-27", hur="x").status_code == 422
    assert step(page, house, case, "lamnat", dag="2026-11-26", hur="").status_code == 422
    assert step(surf("skolhandlaggare"), house, case, "overklagat", dag="2026-11-26").status_code == 404
    other = routed(house, h.lamp(house))
    page.get(f"/arenden/{other.id}")
    through = f"/arenden/{other.id}/avslag/{refused(house, case).id}/overklagat"
    assert page.post(through, version=house.case(other.id).version, dag="2026-11-26").status_code == 404
    assert refused(house, case).appealed is None
    assert step(surf("handlaggare"), house, case, "overklagat", dag="2026-11-26").status_code == 303


def test_an_appeal_that_came_as_its_own_case_is_noted_where_the_decision_is(house, page, case) -> None:
    text = "Jag överklagar ert beslut."
    track = SuggestedTrack(Track.OVERKLAGANDE, "överklagar", 4, 14, 0.9)
    other = house.letter("Överklagan", text, h.suggestion(text, h.Area.KANSLI, 0.8, tracks=(track,)))
    assert "Vilket beslut överklagas?" in shown(page, other)
    assert "Vilket beslut överklagas?" not in shown(page, case)
    with house.store.begin() as tx:
        other = tx.save_case(replace(house.case(other.id), track="Överklagande", deadlines=()))
    assert (due(house, other), "Lämna till domstolen" in shown(page, other)) == (date(2026, 12, 3), True)
    send = {"version": other.version, "form": "overklagar"}
    page.get(f"/arenden/{other.id}")
    path, day = f"/arenden/{other.id}/overklagar", "2026-11-26"
    assert page.post(path, **send, nummer="EK-2026-09999", dag=day).status_code == 422
    assert "inte efter i dag" in page.post(path, **send, nummer=case.number, dag="2027-01-01").text
    answer = page.post(path, **send, nummer=case.number, dag=day)
    assert answer.headers["location"] == f"/arenden/{case.id}#beslut"
    assert (refused(house, case).appealed, refused(house, case).appeal_case) == (date(2026, 11, 26), other.id)
    assert f'<a href="/arenden/{other.id}">ett eget ärende</a>' in shown(page, case)
    # It is not asked for again, and leads to where it is tried.
    said = shown(page, other)
    assert "Vilket beslut överklagas?" not in said
    assert f'<a href="/arenden/{case.id}#beslut">{case.number}</a>' in said
    # It stood in Försenat after a week, until it was ended; what waits is the decision.
    assert (due(house, other), "Lämna till domstolen" in said) == (None, False)
    with house.store.begin() as tx:
        tx.save_case(replace(house.case(other.id), subject="Överklagan av beslut"))
    assert due(house, other) is None
    # They are linked, and of one sender: each stands there once.
    assert said.count(f'"/arenden/{case.id}"') == 1


def test_a_letter_that_follows_a_request_for_a_document_may_be_an_appeal(house, page) -> None:
    text = "Jag vill ha ut er rapport."
    track = SuggestedTrack(Track.ALLMAN_HANDLING, "ha ut", 9, 14, 0.9)
    asked = house.letter("Rapporten", text, h.suggestion(text, h.Area.KANSLI, 0.8, tracks=(track,)))
    assert "Vilket beslut överklagas?" not in shown(page, asked)
    reply(house, asked, "Då vill jag att en domstol prövar det.")
    assert "Vilket beslut överklagas?" in shown(page, asked)


def reminders(house, case) -> list[tuple[str, str]]:
    with house.store.read() as tx:
        letters = tx.case_file(case.id, SYSTEM).letters
    return [(e.recipient, e.letter.text) for e in letters if e.letter.kind is LetterKind.BEVAKNING]


def sweep(house, clock, days: int) -> None:
    clock.pass_minutes(60 * 24 * days)
    for _ in range(2):
        sweeps.promises(house.store, house.office, clock.now)
    with house.store.read() as tx:
        assert appeal_watch.to_remind(tx, house.office, clock.now) == (), "nothing is written again each minute"


def test_somebody_is_reminded_that_the_decision_was_not_handed_over_and_that_its_time_is_over(
    house, page, case, clock
) -> None:
    sweep(house, clock, 4)
    assert reminders(house, case) == []
    sweep(house, clock, 1)
    ((to, text),) = reminders(house, case)
    assert to == "gata@ekdala.example"
    assert "inte antecknat som lämnat" in text
    step(page, house, case, "lamnat", dag="2026-12-01", hur="över disk")
    # For what was put in the letter box on the last day: two working days more, the 23rd and, past Christmas, the 28th.
    sweep(house, clock, 27)
    assert len(reminders(house, case)) == 1
    sweep(house, clock, 1)
    assert "Tiden för att överklaga gick ut den 22 december 2026" in reminders(house, case)[-1][1]
    assert len(reminders(house, case)) == 2
    assert refused(house, case).settled
    assert [e.kind for e in events(house, case)].count(EventKind.APPEAL_TIME) == 1


def test_two_decisions_of_one_day_are_reminded_of_in_one_letter(house, page, case, clock) -> None:
    decide(page, house, case, lagrum=["21:1"], vad="Bilden i ärendet")
    with house.store.begin() as tx:
        tx.save_refused(replace(refused(house, case), decided=date(2026, 11, 27)))
    sweep(house, clock, 5)
    assert len(reminders(house, case)) == 1
    sweep(house, clock, 1)
    assert len(reminders(house, case)) == 2
    with house.store.begin() as tx:
        for one in tx.refused_of(case.id):
            tx.save_refused(replace(one, appealed=date(2026, 12, 2)))
    sweep(house, clock, 7)
    assert reminders(house, case)[2][1].count("är överklagat") == 2


def test_an_appeal_that_waits_is_reminded_of_each_day_and_late_the_chef_knows(house, page, case, clock) -> None:
    step(page, house, case, "overklagat", dag="2026-11-26")
    sweep(house, clock, 5)
    assert reminders(house, case) == []
    sweep(house, clock, 1)
    ((_, text),) = reminders(house, case)
    assert "senast den 3 december 2026" in text
    sweep(house, clock, 1)
    assert reminders(house, case) == [("gata@ekdala.example", text)] * 2, "it is not late on its last day"
    sweep(house, clock, 1)
    late = [one for one in reminders(house, case) if "skulle ha varit gjort den 3 december 2026" in one[1]]
    assert {to for to, _ in late} == {"gata@ekdala.example", "gustav@ekdala.example"}
    count = len(reminders(house, case))
    step(page, house, case, "provat", provning="in_time")
    step(page, house, case, "omprovat", omprovning="stands")
    step(page, house, case, "overlamnat")
    sweep(house, clock, 3)
    assert len(reminders(house, case)) == count


def test_what_was_asked_for_is_not_erased_while_an_appeal_may_come(house, page, case) -> None:
    """JO: documents may not be destroyed before the time to appeal is over and an appeal is tried."""
    page.get(f"/arenden/{case.id}")
    page.post(f"/arenden/{case.id}/avsluta", version=house.case(case.id).version, utfall="no_action")
    later = h.NOW + timedelta(days=4000)
    other = h.school(house)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(other.id, SYSTEM), status=CaseStatus.CLOSED))

    def ended() -> set[str]:
        with house.store.read() as tx:
            return {one.id for one in tx.ended_cases(SYSTEM, later, 10)}

    assert ended() == {other.id}
    with house.store.begin() as tx:
        tx.save_refused(replace(tx.refused_of(case.id)[0], settled=True))
    assert ended() == {other.id, case.id}
    with house.store.begin() as tx:
        tx.erase_case(case.id, "ab" * 16, later)
        assert tx.refused_of(case.id) == []
