"""Läslogg, kontologg and utkorg: filtered, with reasons, and as spreadsheets that carry nothing of any letter."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.accounts import AccessLine, AccountEvent
from cases.store.reads import ReadPart
from desk.present import without_addresses
from tests.desk import house as h
from tests.desk.steps import routed


@pytest.fixture
def readings(house):
    school = routed(house, h.school(house))
    with house.store.begin() as tx:
        tx.note_read(school.id, "chef", house.clock() - timedelta(days=3))
        tx.note_read(school.id, "registrator", house.clock())
    return school


def test_readings_are_filtered_by_person_case_and_day_on_page_and_in_the_file(surf, house, readings) -> None:
    page = surf("granskare")
    day = house.clock().date().isoformat()
    for query, names in {
        "": {"Rut Holm", "Gustav Vik"},
        "vem=chef": {"Gustav Vik"},
        f"fran={day}&till={day}": {"Rut Holm"},
        f"arende={readings.number.lower()}": {"Rut Holm", "Gustav Vik"},
        "arende=EK-1999-1": set(),
        "fran=i+morse": {"Rut Holm", "Gustav Vik"},
    }.items():
        lines = page.get(f"/laslogg.csv?{query}").content.decode("utf-8-sig").splitlines()[1:]
        assert {line.split(";")[1] for line in lines} == names, query
        shown = page.get(f"/laslogg?{query}").text
        assert ("Inga läsningar passar." in shown) == (not names)
    assert page.get("/laslogg.csv").headers["content-disposition"].startswith("attachment; ")


def test_what_was_read_of_a_case_is_told_and_no_name_of_a_file(surf, house) -> None:
    """One opening looked like the next, whether it was the page or the sender's original that was read."""
    flags = ((h.FlagKind.BARN, "barn"),)
    made = h.suggestion("Mitt barn.", h.Area.GRUNDSKOLA, 0.9, flags=flags)
    case = house.letter("Skolan", "Mitt barn.", made, attachments=(h.picture(),))
    with house.store.read() as tx:
        file = tx.case_file(case.id, h.SYSTEM)
    parts = {
        "": "Ärendets sida",
        f"/bilagor/{file.attachments[0].id}": "En bilaga",
        f"/meddelanden/{file.messages[0].id}/original": "Ett brev i original",
        "/dela": "Sidan Dela upp",
        "/ratta": "Sidan Rätta",
    }
    rut, auditor = surf("registrator"), surf("granskare")
    for path in parts:
        assert rut.get(f"/arenden/{case.id}{path}").status_code == 200, path
    lines = auditor.get("/laslogg.csv").content.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(";")[3] for line in lines] == list(parts.values())[::-1]
    page = auditor.get("/laslogg").text
    assert all(f">{words}</td>" in page for words in parts.values())
    assert file.attachments[0].name not in page


def test_a_reader_without_an_account_is_named_in_words(surf, house, readings) -> None:
    with house.store.begin() as tx:
        tx.note_read(readings.id, "api:4f1c", house.clock(), ReadPart.API)
        tx.note_read(readings.id, "9d2e", house.clock())
    page = surf("granskare")
    lines = page.get("/laslogg.csv").content.decode("utf-8-sig").splitlines()[1:3]
    assert [line.split(";")[1] for line in lines] == ["Borttagen person", "Ett annat system"]
    assert "9d2e" not in page.get("/laslogg").text


def test_a_reading_from_before_that_was_kept_says_so(surf, house, readings) -> None:
    with house.store.begin() as tx:
        tx.connection.execute(sa.text("UPDATE case_reads SET part = ''"))
    page = surf("granskare")
    assert page.get("/laslogg").text.count("Inte noterat") == 2
    assert page.get("/laslogg.csv").text.splitlines()[1].endswith(";")


def test_the_account_log_is_filtered_and_no_cell_is_a_formula(surf, house) -> None:
    with house.store.begin() as tx:
        for who in ("chef", "registrator"):
            tx.add_access(AccessLine(house.clock(), AccountEvent.RESET, who, "admin", "127.0.0.1", "=1+1"))
    page = surf("admin")
    lines = page.get("/kontologg.csv?vem=chef").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";Gustav Vik;" in lines[1]
    assert ";Ada Gran;" in lines[1]
    assert "Rut Holm</td>" not in page.get("/kontologg?vem=chef").text


@pytest.fixture
def failed(house):
    """A receipt that a mail server refused."""
    case = h.lamp(house)
    with house.store.begin() as tx:
        entry = next(one for one in tx.letters_of(case.id) if one.letter.kind is LetterKind.MOTTAGNING)
        said = "550 5.1.1 <berit@mejl.example>: no such user"
        changed = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        tx.update_entry(type(entry)(**{**changed, "status": OutboxStatus.FAILED, "error": said, "attempts": 3}))
    return case


def test_the_reason_is_told_to_an_administrator_without_the_address(surf, failed) -> None:
    whole, bare = surf("registrator"), surf("admin")
    assert "berit@mejl.example" in whole.get("/utkorg").text
    for path in ("/utkorg", "/utkorg.csv"):
        text = bare.get(path).content.decode("utf-8-sig")
        assert "no such user" in text
        assert "berit@mejl.example" not in text
        assert failed.number not in text


def test_the_outbox_is_filtered_by_state(surf, failed, house) -> None:
    page = surf("registrator")
    assert "no such user" in page.get("/utkorg?lage=failed").text
    assert "<span>Tre försök</span>" in page.get("/utkorg?lage=failed").text
    assert "no such user" not in page.get("/utkorg?lage=sent").text
    assert "no such user" in page.get("/utkorg?lage=hittepå").text
    rows = page.get("/utkorg.csv?lage=failed").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(f"Mottagningsbekräftelse;Misslyckades;{failed.number};berit@mejl.example;")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", rows[1].split(";")[4]), "as a spreadsheet sorts it"
    with house.store.read() as tx:
        text = next(one for one in tx.letters_of(failed.id)).letter.text
    assert text[:40] not in page.get("/utkorg.csv").text


def test_the_outbox_says_when_a_letter_that_waits_goes(surf, failed, house) -> None:
    monday = datetime(2026, 11, 30, 6, tzinfo=UTC)
    with house.store.begin() as tx:
        (entry,) = (one for one in tx.letters_of(failed.id) if one.status is OutboxStatus.FAILED)
        tx.update_entry(replace(entry, status=OutboxStatus.QUEUED, not_before=monday, error=""))
    assert "Går 30 november 2026 kl. 07.00." in surf("registrator").get("/utkorg").text
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, status=OutboxStatus.AWAITING_RETRY, retry_at=monday))
    assert "Nästa försök 30 november 2026 kl. 07.00." in surf("admin").get("/utkorg").text


def test_an_empty_register_says_whether_the_filter_emptied_it(surf, house) -> None:
    page = surf("registrator")
    assert "Inga ärenden har kommit in ännu." in page.get("/diarium").text
    h.lamp(house)
    assert "Inget ärende passar filtret." in page.get("/diarium?typ=berom").text


def test_addresses_are_taken_out_of_what_a_server_says() -> None:
    assert without_addresses("550 <a.b@c.example> (via x@y.example)") == "550 <[e-post]> (via [e-post])"
