"""The page Gallring: counts for the administrator, numbers and the button for the registrator, nothing of a letter."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.case import CaseStatus
from cases.people.access import SYSTEM
from cases.records.disposal import Disposal, Erased
from cases.records.retention import RetentionRule, RetentionRules
from cases.steps.records.retention import MOST_AT_ONCE
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.in_hand.test_refused import marked
from tests.desk.steps import routed

RULES = RetentionRules((RetentionRule("övriga", 2, "KS 2026/9"),))


@pytest.fixture
def case(house):
    made = routed(house, h.lamp(house))
    with house.store.begin() as tx:
        found = tx.get_case(made.id, SYSTEM)
        tx.save_case(type(found)(**{**_fields(found), "status": CaseStatus.CLOSED, "closed_at": house.clock()}))
    house.clock.now += timedelta(days=2 * 366)
    return made


def _fields(case) -> dict[str, object]:
    return {name: getattr(case, name) for name in case.__dataclass_fields__}


@pytest.fixture
def surf(house):
    app = make_app(house, retention=RULES)
    return lambda who: Surfer(app, who)


def test_a_registrator_sees_numbers_and_erases_what_they_saw(surf, house, case) -> None:
    page = surf("registrator")
    text = page.get("/gallring").text
    assert case.number in text
    assert "Lingonstigen" not in text
    assert "Ett ärende att gallra nu" in text
    stamp = text.split('name="lista" value="')[1].split('"')[0]
    refused = page.post("/gallring", lista=stamp, spara=[case.id] * MOST_AT_ONCE)
    assert (refused.status_code, marked(refused.text)[0]) == (422, "sakert")
    assert house.case(case.id).disposed_at is None
    page.get("/gallring")
    said = page.follow(page.post("/gallring", lista=stamp, sakert="ja", spara=case.id)).text
    assert "Inget gallrades" in said
    assert "Undantaget från gallringen" in page.get(f"/arenden/{case.id}").text
    page.get("/gallring")
    said = page.follow(page.post("/gallring", lista=stamp, sakert="ja")).text
    assert "Ett ärende är gallrat." in said
    assert house.case(case.id).disposed_at == house.clock()
    text = page.get("/gallring").text
    assert "Beslut KS 2026/9" in text
    protocol = text.split('href="/gallring/')[1].split('"')[0]
    answer = page.get(f"/gallring/{protocol}")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert f"{case.number};;2026-11-26;2026-11-26;KS 2026/9" in answer.content.decode("utf-8-sig")
    left = page.get(f"/arenden/{case.id}").text
    assert "Ärendet är gallrat</strong> den 27 november 2028" in left
    assert "samma-handelse" not in left
    assert "Lingonstigen" not in left


def test_an_administrator_sees_counts_alone_and_erases_nothing(surf, house, case) -> None:
    page = surf("admin")
    text = page.get("/gallring").text
    assert "Ett ärende att gallra nu" in text
    assert case.number not in text
    assert page.post("/gallring", lista="1", sakert="ja").status_code == 403
    assert page.get("/gallring/ingen.csv").status_code == 403
    assert house.case(case.id).disposed_at is None


def test_a_protocol_tells_of_messages_without_a_case_and_is_dated_as_in_sweden(surf, house) -> None:
    """A gallringsprotokoll that tells nothing of what went is none (arkivlagen 10 §)."""
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with house.store.begin() as tx:
        erased = Erased(letters=14, files=3)
        tx.add_disposal(Disposal("p1", late, "rut", "utan ärende", "1 år", "=KS 2026/9", (), erased))
    answer = surf("registrator").get("/gallring/p1.csv")
    assert "2027-01-01" in answer.headers["content-disposition"]
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("14 meddelanden utan ärende;;;;'=KS 2026/9;")
    assert ";2027-01-01 00:30:00;" in rows[1], "as a spreadsheet sorts it"


def test_an_old_list_erases_nothing(surf, house, case) -> None:
    page = surf("registrator")
    page.get("/gallring")
    answer = page.post("/gallring", lista="0::0", sakert="ja")
    assert "Listan har ändrats" in answer.text
    assert house.case(case.id).disposed_at is None


def test_a_unit_registrator_has_no_such_page(surf) -> None:
    assert surf("gataregistrator").get("/gallring").status_code == 403


def test_without_a_rule_the_page_says_that_all_is_kept(house) -> None:
    text = Surfer(make_app(house), "registrator").get("/gallring").text
    assert "Det finns ingen regel, så allt sparas." in text
