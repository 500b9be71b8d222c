"""What the case page says will be sent, when and why."""

import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from cases.case import Party
from cases.promises import PromiseKind, in_force
from cases.routing.flags import FLAG_RULES, FlagKind
from desk.case.planned import shown_plan
from tests.desk import house as h
from tests.desk.steps import routed, step


def section(page, case) -> str:
    """The part under Svarstider, as a person reads it."""
    text = page.get(f"/arenden/{case.id}").text
    part = text[text.index('id="fristrubrik"') : text.index('id="faktarubrik"')]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_the_page_tells_what_leaves_by_itself_and_why(house, surf) -> None:
    told = section(surf("handlaggare"), routed(house, h.lamp(house)))
    assert "Det här skickas av sig självt" in told
    assert "Vi har lovat besked om läget senast den 4 december 2026." in told
    assert "4 december 2026 kl. 16.00" in told, "two hours before closing, on the last open day before the Sunday"
    assert "Påminnelse före svarstid" in told


def test_no_letter_is_told_to_leave_at_a_time_that_nobody_would_say(house) -> None:
    """Where service never closes it told of 00.00 and 21.59."""
    office = h.office()
    calendar = replace(office.calendar, opens=time(0), closes=time(23, 59))
    told = shown_plan(routed(house, h.lamp(house)), (), replace(office, calendar=calendar), house.clock())
    coming = [one.when for one in told if one.coming]
    assert coming[0] == "30 november 2026"
    assert "kvällen den 4 december 2026" in coming
    assert not any("kl." in one for one in coming), coming


def test_without_a_unit_it_tells_of_the_alarm(house, surf) -> None:
    told = section(surf("registrator"), h.lamp(house))
    assert "Är det så när tiden är inne larmas registrator och chef i stället." in told


def test_an_answer_takes_the_letters_away(house, surf) -> None:
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    step(page, house, case, "ta")
    step(page, house, case, "muntligt-svar", utfall="acted", hur="Ringde Berit Alm.")
    told = section(page, case)
    assert "Inget mer skickas av sig självt." in told
    assert "Löftet hölls den 26 november 2026." in told


def test_what_is_overdue_while_closed_waits_for_the_opening(house, surf, clock) -> None:
    case = routed(house, h.lamp(house))
    clock.now += timedelta(days=9, hours=9)
    assert "så snart det är öppet" in section(surf("handlaggare"), case)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FlagKind.SKYDDAD_IDENTITET, "En person bestämmer hur avsändaren får besked."),
        (FlagKind.HOT_VALD, "En person bestämmer hur avsändaren får besked."),
        (FlagKind.SKOLA, "Med e-post går bara det neutrala meddelandet."),
    ],
)
def test_the_plan_tells_what_a_flag_does_and_not_its_name(house, surf, kind: FlagKind, words: str) -> None:
    made = h.suggestion(h.LAMP, h.Area.GATA_PARK, 0.9, flags=((kind, "Lingonstigen 4"),))
    case = routed(house, house.letter("Lyktan", h.LAMP, made))
    told = section(surf("registrator"), case)
    assert words in told
    for rule in FLAG_RULES.values():
        assert rule.label.lower() not in told.lower()
    assert "spärrat" not in told


def test_word_given_by_phone_keeps_the_promise_and_stops_the_letter(house, surf) -> None:
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    assert "Notera besked om läget" in page.get(f"/arenden/{case.id}").text
    refused = step(page, house, case, "lage", hur="  ", form="lage")
    assert refused.status_code == 422
    assert "Skriv hur och när beskedet lämnades." in refused.text
    assert house.case(case.id) == case
    assert step(page, house, case, "lage", hur="Ringde Berit Alm den 26 november.").status_code == 303
    assert house.case(case.id).deadline(PromiseKind.STATUS).met_at is not None
    assert house.case(case.id).deadline(PromiseKind.ANSWER).met_at is None
    text = page.get(f"/arenden/{case.id}").text
    assert "Besked om läget: Ringde Berit Alm den 26 november." in text
    assert "Vi har lovat besked om läget" not in text
    answered = step(page, house, case, "muntligt-svar", utfall="acted", hur="Ringde Berit Alm.")
    assert answered.status_code == 303
    assert "Notera besked om läget" not in page.get(f"/arenden/{case.id}").text
    assert step(page, house, case, "lage", hur="Igen.").status_code == 403


def test_a_new_day_told_by_phone_stands_as_one_that_was_mailed(house, surf) -> None:
    """R5 holds for a caller too, whom no letter reaches."""
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    step(page, house, case, "lage", hur="Ringde Berit Alm den 26 november.")
    for day, why in (
        ("", "Välj dagen som du sa"),
        ("2026-11-25", "Den 25 november 2026 har redan varit"),
        ("2206-12-11", "är mer än två år bort"),
    ):
        refused = step(page, house, case, "lage", hur="Ringde igen.", dag=day, form="lage")
        assert refused.status_code == 422
        assert why in refused.text
        assert 'id="lg-dag"' in re.search(r"<input[^>]*aria-invalid[^>]*>", refused.text).group()
    assert step(page, house, case, "lage", hur="Ringde igen.", dag="2026-12-11").status_code == 303
    assert [d.due for d in in_force(house.case(case.id).deadlines)] == [date(2026, 12, 11)]
    assert "Besked om läget: Ringde igen. Svar senast den 11 december 2026." in page.get(f"/arenden/{case.id}").text


def test_nobody_is_asked_how_the_anonymous_were_told(house, surf) -> None:
    case = routed(house, h.lamp(house))
    with house.store.begin() as tx:
        tx.save_case(replace(case, sender=Party(anonymous=True)))
    assert "Notera besked om läget" not in surf("handlaggare").get(f"/arenden/{case.id}").text


def test_word_given_on_an_old_page_changes_nothing(house, surf) -> None:
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")
    answer = page.post(f"/arenden/{case.id}/lage", version=case.version - 1, hur="Ringde Berit Alm.")
    assert answer.status_code == 409
    assert "Ringde Berit Alm." in answer.text
    assert house.case(case.id).deadline(PromiseKind.STATUS).met_at is None
