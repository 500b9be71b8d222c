"""The page Statistik and `lyhord report`, with the demonstration's profile, over a real database."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest
from fastapi.testclient import TestClient

from cases.case import CaseStatus
from cases.compilations.periods import ReportRules
from cases.people.access import Grant, Role
from config import load
from desk.app import create_app
from desk.login.sessions import COOKIE
from service import cli
from service.bootstrap import House
from service.commands import report as command
from service.processes.desk_setup import desk_settings
from service.reports import statistics_page
from service.whole_house import build_whole
from tests.desk.kept_pages import with_kept_pages
from tests.reports import town

BASE = "http://127.0.0.1:8000"
PEOPLE = {
    user.id: user
    for user in (
        town.user("registrator", Grant(Role.REGISTRATOR)),
        town.user("chef", Grant(Role.CHEF, "gata")),
        town.user("handlaggare", Grant(Role.HANDLAGGARE, "gata")),
        town.user("admin", Grant(Role.ADMIN)),
    )
}


@pytest.fixture
def environ(sqlite_url) -> dict[str, str]:
    return {
        "LYHORD_IMAP_HOST": "127.0.0.1",
        "LYHORD_IMAP_PORT": "1",
        "LYHORD_IMAP_USER": "u",
        "LYHORD_IMAP_PASSWORD": "p",
        "LYHORD_SMTP_HOST": "127.0.0.1",
        "LYHORD_SMTP_PORT": "1",
        "LYHORD_DATABASE_URL": sqlite_url,
        "LYHORD_DESK_SECRET": "x" * 40,
        "LYHORD_DESK_PORT": "1",
        "LYHORD_DESK_URL": BASE,
    }


@pytest.fixture
def house(environ) -> Iterator[House]:
    built = build_whole(load("demo", environ), clock=lambda: town.NOW, new_id=town.new_id)
    with built.store.begin() as tx:
        for user in PEOPLE.values():
            tx.add_user(user)
        for unit, count in {"gata": 7, "va": 6}.items():
            for _ in range(count):
                town.add(tx, town.case(unit_id=unit), suggested="gata")
    yield built
    built.store.close()


@pytest.fixture
def surf(house: House):
    settings = replace(desk_settings(house), https_only=False)
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=None,
        clock=house.clock,
        settings=settings,
        extra_pages=[statistics_page(house)],
    )
    with_kept_pages(app)

    def get(who: str, path: str, fields: dict[str, str] | None = None):
        with house.store.begin() as tx:
            session = app.state.desk.sessions.begin(tx, PEOPLE[who], town.NOW)
        client = TestClient(app, base_url=BASE, follow_redirects=False)
        client.cookies.set(COOKIE, session.token, domain="127.0.0.1", path="/")
        return client.post(path, data={"csrf": session.csrf, **fields}) if fields else client.get(path)

    return get


def test_a_registrator_sees_the_half_year_with_its_files(surf) -> None:
    page = surf("registrator", "/statistik")
    assert page.status_code == 200
    assert "Synpunkter och klagomål, första halvåret 2026" in page.text
    assert "Det kom in 13 ärenden." in page.text
    assert page.text.count("<img") == page.text.count('alt="Stapeldiagram: ') > 0
    assert '<a href="/statistik"' in surf("registrator", "/sok").text
    names = set[str]()
    for kind in ("pdf", "xlsx", "csv", "tal"):
        address = f"/statistik?period=2026-H1&amp;enhet=&amp;fil={kind}"
        assert address in page.text
        file = surf("registrator", address.replace("&amp;", "&"))
        assert file.headers["content-disposition"].startswith('attachment; filename="sammanstallning-2026-H1')
        names.add(file.headers["content-disposition"])
        assert file.content
    assert len(names) == 4, "the list and the figures lay under one name"


def test_what_is_missing_is_found_case_by_case_of_ones_own_alone(house, surf) -> None:
    bare = {unit: town.case(unit_id=unit, outcome=None, status=CaseStatus.ROUTED) for unit in ("gata", "va")}
    with house.store.begin() as tx:
        for one in bare.values():
            town.add(tx, one)
    page = surf("chef", "/statistik?period=2026-H1").text
    assert "Åtgärd saknas i" in page
    assert "/sok?q=" not in page, "they are asked for, not read with each page"
    shown = surf("chef", re.search(r'href="([^"]*saknas=ja)"', page)[1].replace("&amp;", "&")).text
    listed = shown.partition('id="vilka"')[2].partition("</section>")[0]
    assert "<h3>Åtgärd</h3>" in listed
    assert re.findall(r"/sok\?q=([^\"]+)", listed) == [bare["gata"].number]


def test_where_only_years_are_compiled_no_half_year_is_shown(surf, monkeypatch) -> None:
    """What a year withholds must not follow from the year less a half-year of it."""
    for module in ("service.reports", "service.report_rules"):
        monkeypatch.setattr(f"{module}.report_rules", lambda settings: ReportRules())
    page = surf("registrator", "/statistik?period=2026-H1").text
    assert "första halvåret" not in page
    assert '<option value="2026" selected>' in page or '<option value="2025" selected>' in page
    assert surf("registrator", "/statistik?period=2025").status_code == 200


def test_a_chef_sees_their_own_units_alone(surf) -> None:
    page = surf("chef", "/statistik?period=2026-H1")
    assert "Det kom in 7 ärenden." in page.text
    assert "Alla enheter som du svarar för" not in page.text, "it is one, and its paper goes to others"
    assert page.text.count("<option") == page.text.count('<option value="20') + 1
    assert 'value="va"' not in page.text
    assert surf("chef", "/statistik?period=2026-H1&enhet=va").status_code == 404
    assert surf("registrator", "/statistik?period=2026-H1&enhet=va").text.count("Det kom in 6 ärenden.") == 1


@pytest.mark.parametrize("who", ["handlaggare", "admin"])
def test_who_answers_for_no_unit_sees_no_statistics(surf, who: str) -> None:
    for path in ("/statistik", "/statistik?period=2026-H1&fil=csv"):
        answer = surf(who, path)
        assert answer.status_code == 403
        assert "Det kom in" not in answer.text


@pytest.mark.parametrize("period", ["x", "9999-H9", "' OR 1=1", "2026-H3"])
def test_a_strange_period_is_the_latest(surf, period: str) -> None:
    assert "första halvåret 2026" in surf("registrator", f"/statistik?period={period}").text


def test_the_command_writes_every_file(house, environ, tmp_path, capsys, monkeypatch) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for kind, begins in {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "html": b"<!doctype"}.items():
        out = tmp_path / f"r.{kind}"
        words = ["report", "--config", "demo", "--period", "2026-H1", "--unit", "gata", "--out", str(out)]
        # The file's name says which it is; the word does where it is given.
        assert cli.main([*words, "--format", "pdf"] if kind == "pdf" else words) == 0
        assert out.stat().st_mode & 0o077 == 0
        assert out.read_bytes().lstrip().lower().startswith(begins.lower())
    text = pypdf.PdfReader(io.BytesIO((tmp_path / "r.pdf").read_bytes())).pages[0].extract_text()
    assert "Det kom in 7 ärenden." in text
    assert "Gata och park" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--period", "2026-H7", "--out", "x"], "ingen period"),
        (["--period", "2026", "--unit", "nix", "--out", "x"], "varken en enhet"),
        (["--period", "2026", "--format", "csv", "--out", "/nix/x.csv"], "gick inte att skriva"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(house, environ, capsys, monkeypatch, words, said) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["report", "--config", "demo", *words]) == 1
    assert said in capsys.readouterr().err
    assert command.__doc__


def test_a_chef_approves_what_is_theirs_by_the_button(surf, house) -> None:
    path = "/statistik?period=2026-H1&enhet=gata"
    page = surf("chef", path)
    assert "Godkänn" in page.text
    assert "Godkänn</button>" not in surf("registrator", "/statistik?period=2026-H2").text, "it has not ended"
    answer = surf("chef", path, {"period": "2026-H1", "enhet": "gata"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "godkänd av Chef den 20 juli 2026" in surf("chef", path).text
    assert "Godkänn</button>" not in surf("chef", path).text
    assert surf("chef", path, {"period": "2026-H1", "enhet": "va"}).status_code == 403
    assert surf("admin", path, {"period": "2026-H1", "enhet": "gata"}).status_code == 403


def test_a_button_without_its_token_does_nothing(surf, house) -> None:
    answer = surf("chef", "/statistik", {"period": "2026-H1", "enhet": "gata", "csrf": "x"})
    assert answer.status_code == 403
    with house.store.read() as tx:
        assert not tx.setting("approved:2026-H1:unit:gata")
