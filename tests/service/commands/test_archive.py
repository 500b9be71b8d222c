"""`lyhord archive export` from end to end: which cases go, with what, and the line in their journal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.records.appeals import Refused
from cases.records.courts import Court
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.ties import CaseTie, TieKind
from reports.erms import ERMS
from service.cli import main
from tests.storage.samples import case, raw, stored

AGO = datetime(2020, 5, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def filled(environ, sqlite_store, monkeypatch):
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    with sqlite_store.begin() as tx:
        tx.keep_raw(raw(content=b"Subject: Trasig lampa\r\n\r\nLampan.\r\n"), "r1", AGO)
        tx.add_case(case("c1", number="EK-2020-1", received_at=AGO, closed_at=AGO, status=CaseStatus.CLOSED))
        tx.add_case(case("c2", number="EK-2020-2", received_at=AGO))
        tx.add_message(stored("c1", id="m1", raw_id="r1"))
    return sqlite_store


def test_ended_cases_go_with_their_original_and_stand_in_the_journal(filled, tmp_path: Path, capsys) -> None:
    words = ["archive", "export", "--config", "demo", "--closed-before", "2021-01-01", str(tmp_path / "ut")]
    assert main(words) == 0
    (package,) = (tmp_path / "ut").iterdir()
    assert "ett ärende, 5 filer" in capsys.readouterr().out
    assert (package / "content" / "EK-2020-1" / "in-1.eml").read_bytes().startswith(b"Subject: Trasig lampa")
    cases = etree.parse(package / "metadata" / "erms.xml").iter(f"{{{ERMS}}}aggregation")
    numbers = [one.findtext(f"{{{ERMS}}}objectId") for one in cases]
    assert numbers == ["EK-2020-1"]
    with filled.read() as tx:
        kinds = [event.kind for event in tx.case_file("c1", SYSTEM).events]
        assert EventKind.ARCHIVED in kinds
        assert tx.ended_cases(SYSTEM, datetime(2021, 1, 1, tzinfo=UTC), 9)[0].ended_at == AGO
    assert main(words) == 1
    assert "ligger redan en leverans från i dag. Ange en annan mapp" in capsys.readouterr().err


def test_a_year_is_delivered_once_with_the_letters_that_were_answered_in_its_cases(filled, tmp_path: Path) -> None:
    """What another case answers goes when that one does: in 2021, though it was merged in 2020."""
    later = AGO.replace(year=2021)
    with filled.begin() as tx:
        tx.add_case(case("c3", number="EK-2020-3", received_at=AGO, closed_at=AGO, status=CaseStatus.MERGED))
        tx.add_case(case("c4", number="EK-2020-4", received_at=AGO, closed_at=later, status=CaseStatus.CLOSED))
        tx.add_case(case("c5", number="EK-2020-5", received_at=AGO, closed_at=AGO, status=CaseStatus.MERGED))
        tx.add_tie(CaseTie("c3", "c4", TieKind.MERGED, CaseStatus.ASSIGNED, AGO, {}))
        tx.add_tie(CaseTie("c5", "c2", TieKind.MERGED, CaseStatus.ASSIGNED, AGO, {}))
    sent = []
    for year in (2020, 2021, 2022):
        out = tmp_path / str(year)
        days = ["--closed-from", f"{year}-01-01", "--closed-before", f"{year + 1}-01-01"]
        assert main(["archive", "export", "-c", "demo", *days, str(out)]) == 0
        sent.append(
            sorted(
                one.text
                for path in out.glob("*/metadata/register.xml")
                for one in etree.parse(path).iter("arendenummer")
            )
        )
    assert sent == [["EK-2020-1"], ["EK-2020-3", "EK-2020-4"], []]


def test_a_whistle_blowers_case_goes_only_where_it_is_asked_for(filled, tmp_path: Path, capsys) -> None:
    """It is its receivers' alone (Rulings), and whoever packs a year for the archive is none of them."""
    flags = (ConfidentialityFlag(FlagKind.VISSELBLASNING, FlagState.CONFIRMED),)
    with filled.begin() as tx:
        tx.add_case(
            case("c6", number="EK-2020-6", received_at=AGO, closed_at=AGO, status=CaseStatus.CLOSED, flags=flags)
        )
    words = ["archive", "export", "-c", "demo", "--closed-before", "2021-01-01"]
    assert main([*words, str(tmp_path / "a")]) == 0
    assert "Ett ärende om visselblåsning är inte med" in capsys.readouterr().out
    assert main([*words, "--whistle", str(tmp_path / "b")]) == 0
    registers = [next(tmp_path.glob(f"{one}/*/metadata/register.csv")).read_text("utf-8-sig") for one in "ab"]
    assert ["EK-2020-6" in one for one in registers] == [False, True]
    with filled.read() as tx:
        kinds = [event.kind for event in tx.case_file("c6", SYSTEM).events]
    assert kinds.count(EventKind.ARCHIVED) == 1


def test_a_case_that_waits_for_an_appeal_is_named(filled, tmp_path: Path, capsys) -> None:
    """It was left out of its year without a word, and later years do not hold it."""
    with filled.begin() as tx:
        for number, name in ((1, "c1"), (2, "c2")):
            tx.save_refused(Refused(f"p{number}", name, number, AGO.date(), Court.SUNDSVALL))
    assert main(["archive", "export", "-c", "demo", "--closed-before", "2021-01-01", str(tmp_path / "ut")]) == 0
    said = capsys.readouterr().out
    assert "överklagas eller prövas: EK-2020-1.\n" in said, "the other one has not ended"


def test_nothing_ended_is_said(filled, tmp_path: Path, capsys) -> None:
    assert main(["archive", "export", "-c", "demo", "--closed-before", "2020-01-01", str(tmp_path / "ut")]) == 0
    assert "Inget avslutat ärende" in capsys.readouterr().out
    assert not (tmp_path / "ut").exists()


def test_a_day_that_is_none_is_refused(filled, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["archive", "export", "-c", "demo", "--closed-before", "i går", str(tmp_path / "ut")])
