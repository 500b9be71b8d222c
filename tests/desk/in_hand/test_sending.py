"""A letter a person sends: kept while it is written, now or at a time, taken back, or on paper."""

import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdf
import pytest

from cases.case import CaseStatus, Party
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxStatus
from cases.letters.permit import permit
from cases.people.access import SYSTEM
from cases.promises import PromiseKind
from cases.steps.answering.unsend import never_left
from notifier.outbox import send_due
from tests.desk import house as h
from tests.desk.in_hand.test_answering import post
from tests.desk.in_hand.test_refused import marked
from tests.desk.steps import routed, step
from tests.storage.samples import claim_all

ANSWER = "Lyktan lagas på fredag."


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


class Sink:
    """A mail server that takes everything."""

    def send(self, entry, files=()) -> str:
        return f"250 {entry.id}"


def send(page, house, case, **fields):
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    return post(page, house, case, **{"brev": "svar", "f_svar": ANSWER, "gor": "skicka", **fields})


def last(house, case):
    with house.store.read() as tx:
        return next(e for e in reversed(tx.letters_of(case.id)) if not e.internal)


def claim(house) -> list[LetterKind]:
    with house.store.begin() as tx:
        return [e.letter.kind for e in tx.due(50, house.clock())]


def drafts(house, case, who: str = "handlaggare"):
    with house.store.read() as tx:
        return [(d.kind, dict(d.typed)) for d in tx.drafts_of(case.id, who)]


def test_a_sent_letter_waits_half_a_minute_and_leaves(house, surf, case) -> None:
    page = surf("handlaggare")
    shown = page.follow(send(page, house, case)).text
    assert "Ångra" in shown
    assert last(house, case).not_before == house.clock() + UNDO
    assert LetterKind.SVAR not in claim(house)
    house.clock.pass_minutes(0.51)
    assert LetterKind.SVAR in claim(house)


def test_undo_puts_case_promises_and_draft_back(house, surf, case) -> None:
    page, before = surf("handlaggare"), house.case(case.id)
    page.follow(send(page, house, case))
    assert house.case(case.id).status is CaseStatus.ANSWERED
    back = page.follow(page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/angra"))
    assert ANSWER in back.text
    assert "Brevet är ångrat" in back.text
    after = house.case(case.id)
    assert (after.status, after.outcome, after.assignee_id) == (before.status, None, before.assignee_id)
    assert after.deadlines == before.deadlines
    assert last(house, case).status is OutboxStatus.CANCELLED
    house.clock.pass_minutes(5)
    assert LetterKind.SVAR not in claim(house)
    assert "är ångrat" in page.get(f"/arenden/{case.id}").text
    assert send(page, house, case).status_code == 303, "and it can be sent again"


def test_a_letter_that_has_left_is_not_taken_back(house, surf, case) -> None:
    page = surf("handlaggare")
    page.follow(send(page, house, case))
    house.clock.pass_minutes(1)
    refused = page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/angra")
    assert refused.status_code == 422
    assert "går inte att ångra" in refused.text
    assert house.case(case.id).status is CaseStatus.ANSWERED


def test_undo_leaves_what_somebody_else_changed_since(house, surf, case) -> None:
    page = surf("handlaggare")
    page.follow(send(page, house, case))
    assert step(surf("chef"), house, case, "avsluta", utfall="no_action").status_code == 303
    page.get(f"/arenden/{case.id}")
    assert page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/angra").status_code in (303, 422)
    assert house.case(case.id).status is CaseStatus.CLOSED


def test_a_stopped_answer_leaves_nobody_answered(house, surf, case) -> None:
    page = surf("handlaggare")
    page.follow(send(page, house, case))
    stopped = page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/stoppa")
    assert f"Brevet är stoppat. {case.number} är inte besvarat." in page.follow(stopped).text
    assert house.case(case.id).outcome is None


def test_at_a_time_it_leaves_then_and_keeps_the_promise_then(house, surf, case) -> None:
    page = surf("handlaggare")
    answer = send(page, house, case, gor="senare", tid="2026-11-27T10:30")
    assert "går 27 november 2026 kl. 10.30" in page.follow(answer).text
    leaves = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    assert last(house, case).not_before == leaves
    assert {d.met_at for d in house.case(case.id).deadlines if d.kind is PromiseKind.ANSWER} == {leaves}
    house.clock.now = leaves - timedelta(minutes=1)
    assert LetterKind.SVAR not in claim(house)
    morning = surf("chef")
    assert "En kollega skrev det." in morning.get(f"/arenden/{case.id}").text
    assert morning.post(f"/arenden/{case.id}/brev/{last(house, case).id}/angra").status_code == 303
    assert drafts(house, case) == [(LetterKind.SVAR, {"svar": ANSWER})], "the text is its writer's again"


def test_outside_service_hours_it_waits_for_the_opening(house, surf, case) -> None:
    page = surf("handlaggare")
    answer = send(page, house, case, gor="senare", tid="2026-11-26T22:00")
    assert "går 27 november 2026 kl. 07.00" in page.follow(answer).text


@pytest.mark.parametrize(
    ("time", "words"),
    [("2026-11-26T09:59", "redan passerat"), ("2026-12-24T10:00", "svar är lovat senast"), ("i morgon", "Välj dag")],
)
def test_a_time_that_will_not_do_is_refused_and_nothing_is_lost(house, surf, case, time, words) -> None:
    page = surf("handlaggare")
    answer = send(page, house, case, gor="senare", tid=time)
    assert answer.status_code == 422
    found, said = marked(answer.text)
    assert (found, words in said) == ("tid", True)
    assert ANSWER in answer.text
    assert house.case(case.id).status is CaseStatus.ROUTED


def test_what_one_types_is_kept_for_oneself_until_it_is_sent(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    saved = page.post(f"/arenden/{case.id}/svara/utkast", brev="svar", f_svar="Halvskrivet")
    assert "Utkastet är sparat 10.00." in saved.text
    assert "Halvskrivet" in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert "Fortsätt skriva" in page.get(f"/arenden/{case.id}").text
    chef = surf("chef")
    for path in ("", "/svara?brev=svar"):
        assert "Maja Ek har börjat på ett svar" in chef.get(f"/arenden/{case.id}{path}").text
        assert "har börjat på ett svar" not in page.get(f"/arenden/{case.id}{path}").text
    assert "Halvskrivet" not in chef.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert "Fortsätt skriva" not in chef.get(f"/arenden/{case.id}").text
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), assignee_id="handlaggare"))
    assert "Maja Ek har hand om ärendet." in chef.get(f"/arenden/{case.id}/svara").text
    assert "har hand om ärendet" not in page.get(f"/arenden/{case.id}/svara").text
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    page.post(f"/arenden/{case.id}/svara/utkast", brev="svar", f_svar=" ")
    assert drafts(house, case) == []
    assert "redan besvarat" not in page.get(f"/arenden/{case.id}/svara").text
    send(chef, house, case)
    assert "Gustav Vik svarade" in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert "Du svarade" in chef.get(f"/arenden/{case.id}/svara").text
    post(page, house, case, brev="svar", f_svar="Med knapp", gor="utkast")
    assert drafts(house, case) == [(LetterKind.SVAR, {"svar": "Med knapp"})]
    send(page, house, case)
    assert drafts(house, case) == []


def test_an_answer_that_may_not_go_after_all_answers_nobody(house, surf, case) -> None:
    page = surf("handlaggare")
    send(page, house, case)
    assert step(page, house, case, "markera", flagga="osl_25_halsa", skal="").status_code == 303
    house.clock.pass_minutes(1)

    def check(tx, entry):
        return permit(tx.get_case(entry.case_id, SYSTEM), entry.letter.kind, automatic=entry.automatic)

    def ended(tx, entry):
        never_left(tx, entry, house.office, house.clock())

    tools = {"now": house.clock(), "clock": house.clock, "new_id": house.office.new_id, "check": check}
    tools |= {"never_left": ended}
    assert send_due(house.store, Sink(), **tools).withheld == 2, "the notice that waited, too"
    after = house.case(case.id)
    assert (after.status, after.outcome) == (CaseStatus.ROUTED, None)
    assert all(d.met_at is None for d in after.deadlines if d.kind is PromiseKind.ANSWER)
    assert drafts(house, case) == [(LetterKind.SVAR, {"svar": ANSWER})]


def test_a_draft_outlives_the_neutral_letter_that_went_in_its_place(house, surf) -> None:
    case = routed(house, h.lamp(house))
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    page.post(f"/arenden/{case.id}/svara/utkast", brev="svar", f_svar="Ring mig om lyktan.")
    assert step(page, house, case, "markera", flagga="osl_25_halsa", skal="").status_code == 303
    assert post(page, house, case, brev="svar", gor="skicka").status_code == 303
    assert last(house, case).letter.kind is LetterKind.SEKRETESS_SAFE
    assert "Ring mig om lyktan." in page.get(f"/arenden/{case.id}/svara?brev=svar&satt=post").text


def test_a_posted_letter_is_not_stopped(house, surf, case) -> None:
    give_address(house, case)
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    post(page, house, case, brev="svar", f_svar=ANSWER, gor="postat")
    assert page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/stoppa").status_code == 422


def test_once_the_letter_left_nothing_of_the_draft_is_left(house, surf, case) -> None:
    page = surf("handlaggare")
    send(page, house, case)
    entry = last(house, case)
    with house.store.begin() as tx:
        assert tx.sent_answer(entry.id) is not None
        (mine,) = [e for e in claim_all(tx, 50, house.clock() + UNDO) if e.id == entry.id]
        assert tx.sent_answer(entry.id) is not None, "in flight it may still come back to be tried again"
        tx.update_entry(replace(mine, status=OutboxStatus.SENT))
        assert tx.sent_answer(entry.id) is None


def test_drafts_go_when_the_case_is_closed(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=status")
    page.post(f"/arenden/{case.id}/svara/utkast", brev="status", f_lage="Vi letar.")
    assert step(page, house, case, "avsluta", utfall="no_action").status_code == 303
    assert drafts(house, case) == []


def pdf_text(answer) -> str:
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


def give_address(house, case, **party):
    with house.store.begin() as tx:
        old = tx.get_case(case.id, SYSTEM)
        sender = Party(**{"name": "Berit Alm", "address": "Lingonstigen 4, 123 45 EKDALA", **party})
        return tx.save_case(replace(old, sender=sender))


def test_without_an_address_for_mail_the_answer_goes_on_paper(house, surf, case) -> None:
    give_address(house, case)
    page = surf("handlaggare")
    assert "Namn och adress i kuvertets fönster" not in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    shown = post(page, house, case, brev="svar", f_svar=ANSWER, gor="visa")
    assert "Lingonstigen 4\n123 45 EKDALA" in shown.text
    assert "Skicka brevet" not in shown.text
    printed = pdf_text(post(page, house, case, brev="svar", f_svar=ANSWER, gor="skriv-ut"))
    for words in ("Berit Alm", "Lingonstigen 4", "26 november 2026", case.number, ANSWER, "Maja Ek", "trafikingenjör"):
        assert words in printed
    assert "mejl" not in printed
    assert house.case(case.id).status is CaseStatus.ROUTED, "printing answers nobody"
    assert post(page, house, case, brev="svar", f_svar=ANSWER, gor="postat").status_code == 303
    after, entry = house.case(case.id), last(house, case)
    assert (after.status, entry.status, entry.recipient) == (CaseStatus.ANSWERED, OutboxStatus.POSTED, "")
    text = page.get(f"/arenden/{case.id}").text
    assert "Brev postat på papper" in text
    assert "Svar på fråga, med post." in text
    assert ANSWER in pdf_text(page.get(f"/arenden/{case.id}/brev/{entry.id}/pdf"))
    house.clock.pass_minutes(60)
    assert LetterKind.SVAR not in claim(house), "nothing of it goes by mail"


def test_a_flag_that_forbids_mail_lets_the_answer_go_on_paper(house, surf) -> None:
    case = routed(house, h.school(house))
    page = surf("registrator")
    shown = page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert "Skriv svaret som ett brev på papper" in shown
    page.get(f"/arenden/{case.id}/svara?brev=svar&satt=post")
    answer = post(page, house, case, brev="svar", satt="post", f_svar=ANSWER, gor="postat")
    assert answer.status_code == 303
    assert house.case(case.id).status is CaseStatus.ANSWERED


def test_a_protected_identitys_address_is_on_no_page_and_no_paper(house, surf) -> None:
    made = h.suggestion(h.SECRET, h.Area.GATA_PARK, 0.9, flags=((h.FlagKind.SKYDDAD_IDENTITET, "skyddade"),))
    case = routed(house, house.letter("Skyddad", h.SECRET, made))
    give_address(house, case, email="hemlig@mejl.example", phone="070-000 00 00")
    page = surf("registrator")
    shown = page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert "Skatteverket" in shown
    shown += post(page, house, case, brev="svar", f_svar=ANSWER, gor="visa").text
    printed = post(page, house, case, brev="svar", f_svar=ANSWER, gor="skriv-ut", adress="Lingonstigen 4")
    for secret in ("Lingonstigen", "123 45", "hemlig@", "070-000"):
        assert secret not in html.unescape(shown)
        assert secret not in pdf_text(printed)
    assert post(page, house, case, brev="svar", f_svar=ANSWER, gor="postat").status_code == 303
    with house.store.read() as tx:
        words = [e.text for e in tx.case_file(case.id, SYSTEM).events]
    assert "Svar på fråga, med post genom Skatteverkets förmedling." in words
    assert not any("Lingon" in text for text in words)


def test_an_anonymous_sender_gets_no_paper_either(house, surf, case) -> None:
    give_address(house, case, anonymous=True, name="", address="")
    page = surf("handlaggare")
    text = page.get(f"/arenden/{case.id}/svara?brev=svar&satt=post").text
    assert "ingen återkoppling är möjlig" in text
    assert post(page, house, case, brev="svar", satt="post", f_svar=ANSWER, gor="postat").status_code == 422
    assert house.case(case.id).status is CaseStatus.ROUTED


def test_what_is_missing_stops_the_printing_too(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar&satt=post")
    answer = post(page, house, case, brev="svar", satt="post", gor="skriv-ut")
    assert answer.status_code == 422
    assert "Fyll i det som saknas" in answer.text


def test_answers_to_several_are_taken_back_together(house, surf, case) -> None:
    other = routed(house, h.lamp(house, from_addr="nils@post.example", from_name="Nils Ros"))
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")
    version = house.case(case.id).version
    page.post(f"/arenden/{case.id}/koppla", nummer=other.number, version=version)
    value = f"{other.id}:{house.case(other.id).version}"
    page.follow(send(page, house, case, ocksa=value))
    assert house.case(other.id).status is CaseStatus.ANSWERED
    assert page.post(f"/arenden/{case.id}/brev/{last(house, case).id}/angra").status_code == 303
    assert {house.case(one.id).status for one in (case, other)} == {CaseStatus.ROUTED}
    assert last(house, other).status is OutboxStatus.CANCELLED


def test_the_page_tells_when_a_waiting_letter_leaves(house, surf, case) -> None:
    page = surf("handlaggare")
    text = page.follow(send(page, house, case, gor="senare", tid="2026-11-27T10:30")).text
    assert len(re.findall(r"27 november 2026 kl. 10.30", text)) >= 3


def test_an_answer_sent_twice_is_one_letter_and_the_second_press_says_so(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    form = {"brev": "svar", "f_svar": ANSWER, "gor": "skicka", "version": house.case(case.id).version}
    for _ in range(2):
        answer = page.post(f"/arenden/{case.id}/svara", **form)
        assert answer.headers["location"] == f"/arenden/{case.id}"
    with house.store.read() as tx:
        assert [e.letter.kind for e in tx.letters_of(case.id) if not e.internal].count(LetterKind.SVAR) == 1


def test_another_answer_from_a_page_left_open_is_not_taken_for_the_same(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    form = {"brev": "svar", "f_svar": ANSWER, "gor": "skicka", "version": house.case(case.id).version}
    page.post(f"/arenden/{case.id}/svara", **form)
    answer = page.post(f"/arenden/{case.id}/svara", **form | {"f_svar": "Den lagas i dag i stället."})
    assert answer.status_code != 303
    assert "Den lagas i dag i stället." in answer.text


def test_a_letter_that_the_answer_has_overtaken_is_said_not_to_leave(house, surf, case) -> None:
    page = surf("handlaggare")
    with house.store.begin() as tx:
        told = next(e for e in tx.letters_of(case.id) if e.letter.kind is LetterKind.VIDAREBEFORDRAD)
        tx.update_entry(replace(told, status=OutboxStatus.QUEUED, not_before=house.clock() + timedelta(hours=12)))
    house.clock.pass_minutes(1)
    assert "Går inte. Svaret i ärendet går före eller samtidigt." in page.follow(send(page, house, case)).text
    with house.store.begin() as tx:
        tx.update_entry(replace(last(house, case), status=OutboxStatus.SENT))
    assert "Går inte. Avsändaren har redan fått svar i ärendet." in page.get(f"/arenden/{case.id}").text
