"""A whistle-blower's case on the desk: the days that the law gives, for those who receive such reports."""

from datetime import timedelta

import tests.desk.house as h
from cases.steps.routing.confirm import enter_in_diary
from tests.desk.steps import routed

DAYS = ("Bekräfta mottagandet", "Berätta vad ni gör, och varför")


def test_the_laws_days_stand_on_the_page_and_in_the_lists_until_they_are_noted(house, surf) -> None:
    """The page told what was to be done and not by when; no list knew of it, and the row said its kind twice."""
    made = h.suggestion("Mutor", h.Area.PERSONAL, 0.9, flags=((h.FlagKind.VISSELBLASNING, "Mutor"),))
    case = house.letter("Missförhållande", "Mutor", made)
    page = surf("vissel")
    shown = page.get(f"/arenden/{case.id}").text
    assert all(what in shown for what in DAYS)
    assert "3 december 2026. Lag 2021:890 5 kap. 8 §." in shown
    assert "Tre månader från den 3 december 2026, då bekräftelsen senast ska ha lämnats." in shown
    page.post(f"/arenden/{case.id}/bekrafta", version=house.case(case.id).version)
    page.post(f"/arenden/{case.id}/ta", version=house.case(case.id).version)
    with house.store.begin() as tx:
        tx.save_case(h.replace(house.case(case.id), deadlines=()))
    row = page.get("/mina").text
    assert row.count("Visselblåsning") == 1
    assert "om 5 arbetsdagar" in row and case.number not in page.get("/forsenat").text
    house.clock.now += timedelta(days=8)
    page = surf("vissel")
    for path in ("/forsenat", "/mina?sent=ja", "/enheten?sortera=svar"):
        assert case.number in page.get(path).text, path
    assert "försenat 1 dag" in page.get("/mina").text and "sent" in page.get("/mina").text

    def note(told: str, how: str):
        return page.post(
            f"/arenden/{case.id}/lagen", form="lagen", version=house.case(case.id).version, besked=told, hur=how
        )

    refused = note("confirmed", "")
    assert refused.status_code == 422 and "Skriv hur och när" in refused.text
    assert note("revealing", "Delar brevlåda med chefen.").status_code == 303
    shown = page.get(f"/arenden/{case.id}").text
    assert "lämnas inte" in shown and "Det kan avslöja vem som har skrivit." in shown
    assert case.number not in page.get("/forsenat").text
    assert note("feedback", "Vi träffades.").status_code == 303
    assert "Notera bekräftelse eller återkoppling" not in page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/avsluta", version=house.case(case.id).version)
    shown = page.get(f"/arenden/{case.id}").text
    assert "Gallra eller arkivera" in shown and "4 december 2028. Lag 2021:890 7 kap. 8 §." in shown
    house.clock.now += timedelta(days=200)
    assert case.number not in surf("vissel").get("/forsenat").text


def test_a_diary_shows_a_whistle_blowers_number_and_one_that_was_given_up(house, surf) -> None:
    """R18: both left the series without a line; of the first no more than number, day and nämnd is told."""
    made = h.suggestion("Mutor", h.Area.PERSONAL, 0.9, flags=((h.FlagKind.VISSELBLASNING, "Mutor"),))
    case, moved = house.letter("Missförhållande", "Mutor", made), routed(house, h.threat(house))
    page = surf("vissel")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=house.case(case.id).version)
    with house.store.begin() as tx:
        elsewhere = tx.save_case(h.replace(tx.get_case(moved.id, h.SYSTEM), authority_id="son", unit_id="hemtjanst"))
        enter_in_diary(tx, elsewhere, h.PEOPLE["registrator"], house.office, house.clock())
    page = surf("registrator")
    text, sheet = page.get("/diarium").text, page.get("/diarium.csv").text.splitlines()
    numbers = house.case(case.id).registry_number, moved.registry_number
    assert all(number in text.partition("Fler nummer i diariet")[2] for number in numbers)
    assert case.number not in text
    assert "Flyttat till en annan nämnds diarium" in text
    found = {line.split(";")[0].strip('"'): line for line in sheet}
    assert found[numbers[0]].replace('"', "") == f"{numbers[0]};;2026-11-26;;;Kommunstyrelsen;;"
    assert "Flyttat till en annan nämnds diarium;Kommunstyrelsen" in found[numbers[1]].replace('"', "")
    assert numbers[0] not in page.get("/diarium?typ=klagomal").text


def test_no_other_case_has_them(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    assert not any(what in page.get(f"/arenden/{case.id}").text for what in DAYS)
    answer = page.post(
        f"/arenden/{case.id}/lagen", form="lagen", version=case.version, besked="confirmed", hur="Ringde"
    )
    assert answer.status_code == 403
