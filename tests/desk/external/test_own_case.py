"""The page of one's own case: what its link tells, whom it is handed to, and that no flag can be told from it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import CaseStatus, Outcome
from cases.letters.letter import OutboxStatus
from cases.records.public import STAGE_NAMES, Stage, link_key
from cases.routing.areas import Area
from cases.routing.flags import FlagKind, FlagState
from cases.ties import CaseTie, TieKind
from tests.desk import house as h
from tests.desk.conftest import Surfer
from tests.desk.external.outside import flag, link_of, moved
from tests.desk.steps import routed


def test_the_senders_link_is_not_handed_out_with_the_receipt(house, public, surf) -> None:
    """A stranger who asked for the case's documents could answer in the sender's place whether the reply helped."""
    case = routed(house, h.lamp(house))
    token = link_of(house, case).rpartition("/")[2]
    with house.store.begin() as tx:
        for entry in tx.letters_of(case.id):
            tx.update_entry(replace(entry, status=OutboxStatus.SENT, sent_at=house.clock()))
    page = surf("registrator")
    asked = page.get(f"/arenden/{case.id}/lamna-ut").text
    assert "bara avsändarens egen länk är förvald" in asked
    ticked = re.findall(r'name="maskera" value="([^"]+)"[^>]* checked', asked)
    ways = dict(re.findall(r'type="radio" name="(d_[^"]+)" value="([^"]+)"[^>]* checked', asked))
    shown = page.post(f"/arenden/{case.id}/lamna-ut", gor="visa", maskera=ticked, **ways).text
    left = shown[shown.index('id="resultat"') :]
    assert "/oppet/mitt/[maskat 18:8]" in left and token not in left


def test_a_citizen_follows_an_own_case(house, public) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    text = public.get(path).text
    assert "Vi har tagit emot ditt meddelande" in text and case.number in text
    assert "Du hör från oss senast den 1 december 2026" in text
    routed(house, case)
    assert "Gata och park har hand om ditt ärende" in public.get(path).text
    moved(house, case, status=CaseStatus.AWAITING_SENDER)
    assert "väntar på ditt svar" in public.get(path).text
    moved(house, case, status=CaseStatus.ANSWERED)
    assert "Vi har svarat dig" in public.get(path).text
    moved(house, case, status=CaseStatus.CLOSED)
    assert "Ärendet är avslutat" in public.get(path).text
    for secret in ("Lingonstigen", "Berit", "berit@", case.id, "släckt"):
        assert secret not in public.get(path).text


def test_who_writes_in_english_reads_the_page_in_english(house, public) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    assert "Ditt ärende" in public.get(path).text
    moved(house, case, language="en")
    english = public.get(path).text
    assert '<html lang="en">' in english and "You will hear from us by 1 December 2026." in english
    for status, said in (
        (CaseStatus.ROUTED, "the municipality is working on it"),
        (CaseStatus.AWAITING_SENDER, "waiting for your reply"),
        (CaseStatus.ANSWERED, "We have answered you."),
        (CaseStatus.CLOSED, "The case is closed."),
    ):
        moved(house, case, status=status)
        assert said in public.get(path).text
    assert "Ditt ärende" in public.get(f"{path}?sprak=sv").text
    assert 'lang="en"' in public.get("/oppet/mitt/x").text, "nor is it Swedish alone where the link opens nothing"


def in_register(public, stage: str) -> bool:
    """Whether the open register has a case at this stage, by the filter and by the word beside it."""
    return STAGE_NAMES[Stage(stage)] in public.get(f"/oppet/arenden.csv?lage={stage}").text


def test_nobody_is_told_of_an_answer_that_has_not_left(house, public, surf, clock) -> None:
    """Planned for another day or not, it may still be taken back."""
    case = routed(house, h.lamp(house))
    path, page = link_of(house, case), surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    wish = {"brev": "svar", "f_svar": "Lyktan lagas.", "gor": "senare", "tid": "2026-11-27T10:30", "satt": "mejl"}
    page.post(f"/arenden/{case.id}/svara", version=house.case(case.id).version, **wish)
    assert house.case(case.id).status is CaseStatus.ANSWERED
    assert "har hand om ditt ärende" in public.get(path).text
    assert in_register(public, "handled") and not in_register(public, "answered")
    with house.store.begin() as tx:
        answer = next(one for one in tx.letters_of(case.id) if one.letter.kind == "svar")
        tx.update_entry(replace(answer, status=OutboxStatus.SENT, sent_at=clock()))
    assert "Vi har svarat dig" in public.get(path).text
    assert in_register(public, "answered") and not in_register(public, "handled")
    with house.store.begin() as tx:
        tx.queue(replace(answer, id="igen", message_id="<igen@x.example>", created_at=clock() + timedelta(days=1)))
    assert "har hand om ditt ärende" in public.get(path).text, "opened again, the second answer waits"
    assert in_register(public, "handled"), "as there"


def test_a_merged_or_split_case_is_answered_with_its_other(house, public) -> None:
    case = routed(house, h.lamp(house))
    path, part = link_of(house, case), routed(house, h.lamp(house, from_addr="del@mejl.example"))
    moved(house, case, status=CaseStatus.MERGED)
    assert "har hand om ditt ärende" in public.get(path).text
    moved(house, case, outcome=Outcome.ANSWERED)
    assert "Vi har svarat dig" in public.get(path).text
    with house.store.begin() as tx:
        tx.add_tie(CaseTie(part.id, case.id, TieKind.SPLIT, case.status, house.clock()))
    moved(house, case, status=CaseStatus.SPLIT, outcome=None)
    assert "har hand om ditt ärende" in public.get(path).text
    moved(house, part, status=CaseStatus.ANSWERED)
    assert "Vi har svarat dig" in public.get(path).text
    moved(house, part, status=CaseStatus.MERGED, outcome=Outcome.ANSWERED)
    assert "Vi har svarat dig" in public.get(path).text, "the part was put into another case, and that was answered"


def test_a_promise_that_was_broken_is_owned_up_to(house, public, clock) -> None:
    path = link_of(house, h.lamp(house))
    clock.pass_minutes(60 * 24 * 8)
    assert "Vi är sena, och ber om ursäkt" in public.get(path).text


@pytest.mark.parametrize("status", ["in_progress", "awaiting_sender", "escalated", "answered", "closed"])
def test_the_page_is_the_same_to_the_letter_whatever_is_flagged(house, public, status: str) -> None:
    case = routed(house, h.lamp(house))
    path = link_of(house, case)
    moved(house, case, status=CaseStatus(status))
    plain = public.get(path)
    for kind in FlagKind:
        for state in (FlagState.SUGGESTED, FlagState.CONFIRMED):
            flag(house, case, kind, state)
            seen = public.get(path)
            assert (seen.status_code, seen.text, dict(seen.headers)) == (200, plain.text, dict(plain.headers)), kind


def test_a_unit_whose_name_would_tell_is_never_named(house, public) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    moved(house, case, status=CaseStatus.ROUTED, unit_id="skola", area=Area.GATA_PARK)
    text = public.get(path).text
    assert "Grundskolan" not in text
    assert "Ditt ärende har kommit rätt" in text


def test_a_held_receipt_gives_no_link(house, public) -> None:
    case = h.threat(house)
    with house.store.read() as tx:
        assert tx.citizen_links(case.id, house.clock()) == 0
        assert all("/oppet/mitt/" not in e.letter.text for e in tx.letters_of(case.id))


def test_unknown_closed_and_old_links_give_the_same_page(house, public, clock) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    token = path.rpartition("/")[2]
    unknown = public.get(path.swapcase())
    assert public.get("/oppet/mitt/" + token[:-1]).text == public.get("/oppet/mitt/x").text
    missing = public.get("/oppet/mitt/" + token.swapcase())
    assert (missing.status_code, unknown.status_code) == (404, 303)
    page = Surfer(public.client.app, "registrator")
    page.get(f"/arenden/{case.id}")
    assert page.post(f"/arenden/{case.id}/lank-av").status_code == 303
    closed = public.get(path)
    other = link_of(house, second := h.lamp(house, from_addr="annan@mejl.example"))
    assert second.id != case.id
    clock.pass_minutes(60 * 24 * 366)
    old = public.get(other)
    for seen in (closed, old):
        assert (seen.status_code, seen.text, dict(seen.headers)) == (404, missing.text, dict(missing.headers))


def test_the_token_is_kept_nowhere_but_in_the_letter_and_is_not_of_the_number(house, public) -> None:
    case = h.lamp(house)
    token = link_of(house, case).rpartition("/")[2]
    assert len(token) == 42 and token.isalpha()
    second = h.lamp(house, from_addr="annan@mejl.example")
    assert token != link_of(house, second).rpartition("/")[2]
    with house.store.read() as tx:
        assert tx.citizen_case(link_key(token), house.clock()).id == case.id
        assert tx.citizen_case(token, house.clock()) is None


def test_the_page_is_nobodys_to_keep_or_to_find(house, public) -> None:
    answer = public.get(link_of(house, h.lamp(house)))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
