"""The public pages: what anybody sees of cases, and what nobody can tell from them."""

import re
import sqlite3
from dataclasses import replace
from unittest.mock import Mock
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from cases.case import CaseStatus
from cases.records.public import PublicFilter
from cases.routing.areas import Area
from cases.routing.flags import FlagKind, FlagState
from desk.outside import PublicSettings
from service.database import outage_words
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.external.outside import PUBLIC, URL, flag, link_of, moved
from tests.desk.steps import routed


def test_nothing_is_there_until_it_is_switched_on(house, surf) -> None:
    h.lamp(house)
    for path in ("/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom", "/oppet/mitt/x"):
        assert surf().get(path).status_code == 303, "the log-in page, as for any address"
    half = Surfer(make_app(house, public=PublicSettings(register=True)))
    assert half.get("/oppet/arenden").status_code == 200
    assert half.get("/oppet/mitt/x").status_code == 404
    assert "Länken" not in half.get("/oppet/mitt/x").text


def test_a_case_is_shown_when_a_person_has_routed_it(house, public) -> None:
    case = h.lamp(house)
    assert case.number not in public.get("/oppet/arenden").text
    routed(house, case)
    for path in ("/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom"):
        text = public.get(path).text
        assert case.number in text, path
        assert "gata, trafik och park" in text
        for secret in ("Lingonstigen", "Berit", "berit@mejl.example", "Släckt", case.id):
            assert secret not in text, (path, secret)


@pytest.mark.parametrize("shown", [PublicFilter(), PublicFilter(unit_id="gata")], ids=["all", "of its unit"])
def test_a_flagged_case_leaves_no_trace(house, shown: PublicFilter) -> None:
    case = routed(house, h.lamp(house))
    with house.store.read() as tx:
        assert (tx.public_count(shown), len(tx.public_lines(shown)), len(tx.public_months(shown))) == (1, 1, 1)
    for kind in FlagKind:
        for state in (FlagState.SUGGESTED, FlagState.CONFIRMED):
            flag(house, case, kind, state)
            with house.store.read() as tx:
                seen = tx.public_count(shown), tx.public_lines(shown), tx.public_months(shown)
            assert seen == (0, [], []), kind
    flag(house, case, FlagKind.HALSA, FlagState.CLEARED)
    with house.store.read() as tx:
        assert tx.public_count(shown) == 1, "a person has cleared it"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": CaseStatus.CLOSED},
        {"status": CaseStatus.SPECIAL_TRACK},
        {"status": CaseStatus.MERGED},
        {"status": CaseStatus.SUGGESTED},
        {"track": "Överklagande"},
        {"unit_id": ""},
        {"area": Area.IFO},
        {"sender_doubt": "Svaret kom från en annan adress."},
    ],
)
def test_every_doubt_keeps_a_case_out(house, changes: dict[str, object]) -> None:
    moved(house, routed(house, h.lamp(house)), **changes)
    with house.store.read() as tx:
        assert tx.public_count(PublicFilter()) == 0


def test_what_only_the_machine_routed_is_not_shown(house) -> None:
    case = moved(house, h.lamp(house), status=CaseStatus.ROUTED, unit_id="gata")
    with house.store.read() as tx:
        assert case.unit_id and tx.public_count(PublicFilter()) == 0


def test_the_neutral_subject_is_shown_only_as_a_person_confirmed_it_for_this(house, public) -> None:
    case = moved(house, routed(house, h.lamp(house)), register_subject="Trasig belysning vid gångväg")
    page = Surfer(public.client.app, "registrator")
    assert "Trasig belysning" not in public.get("/oppet/arenden").text
    answer = page.get(f"/arenden/{case.id}")
    assert "Visa ärendemeningen utåt" in answer.text
    assert (
        "<h1>Öppna sidor för invånare</h1>"
        in page.get(re.search(r'står i <a href="(/hjalp/[a-z-]+)">handboken', answer.text)[1]).text
    )
    fields = {"rubrik": case.register_subject, "visa": "ja"}
    assert page.post(f"/arenden/{case.id}/oppen-rubrik", **{**fields, "rubrik": "Något annat"}).status_code == 409
    assert page.post(f"/arenden/{case.id}/oppen-rubrik", **fields).status_code == 303
    assert "Trasig belysning vid gångväg" in public.get("/oppet/arenden").text
    changed = moved(house, case, register_subject="Anna Ek klagar på belysning")
    assert "Anna Ek" not in public.get("/oppet/arenden").text
    refused = page.post(f"/arenden/{case.id}/oppen-rubrik", rubrik=changed.register_subject, visa="ja")
    assert refused.status_code == 422
    assert "nämna en person" in refused.text
    moved(house, case, register_subject="Trasig belysning vid gångväg")
    assert "Visa bara typ och ämne" in page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/oppen-rubrik", visa="")
    assert "Trasig belysning" not in public.get("/oppet/arenden").text


def test_a_protected_subject_is_never_published(house, public) -> None:
    case = moved(house, routed(house, h.lamp(house)), register_subject="Trasig belysning")
    page = Surfer(public.client.app, "registrator")
    page.get(f"/arenden/{case.id}")
    flag(house, case)
    answer = page.post(f"/arenden/{case.id}/oppen-rubrik", rubrik="Trasig belysning", visa="ja")
    assert answer.status_code == 422
    assert "Visa ärendemeningen utåt" not in page.get(f"/arenden/{case.id}").text


def test_filters_pages_and_what_is_no_filter(house, public, monkeypatch) -> None:
    monkeypatch.setattr("desk.external.asked.PAGE", 5)
    for _ in range(7):
        routed(house, h.lamp(house))
    moved(house, (first := routed(house, h.lamp(house, hours=24 * 40))), status=CaseStatus.ANSWERED)
    text = public.get("/oppet/arenden").text
    assert "Åtta ärenden" in text and "Sida 1 av 2" in text
    assert first.number in public.get("/oppet/arenden?sida=2").text
    assert first.number in public.get("/oppet/arenden?lage=answered").text
    assert "ett ärende" in public.get("/oppet/arenden?manad=2026-10").text.lower()
    assert public.get("/oppet/arenden?manad=2026-10&enhet=gata").text.count('class="nummer"') == 1
    assert public.get("/oppet/arenden.csv?lage=answered").text.count("EK-2026") == 1
    for nonsense in ("enhet=hemtjanst", "lage=x", "manad=9999-12", "manad=2026-13", "sida=0", "sida=-1", "sida=x"):
        assert "Åtta ärenden" in public.get(f"/oppet/arenden?{nonsense}").text, nonsense
    assert "Hemtjänsten" not in text


def test_words_a_number_and_days_are_looked_for_in_what_is_shown_alone(house, public, monkeypatch) -> None:
    monkeypatch.setattr("desk.external.asked.PAGE", 2)
    old = moved(house, routed(house, h.lamp(house, hours=24 * 40)), register_subject="Överfull papperskorg vid Ängen")
    with house.store.begin() as tx:
        tx.publish_subject(old.id, old.register_subject, "registrator", house.clock())
    new = [routed(house, h.lamp(house)) for _ in range(3)]

    def found(query: str) -> list[str]:
        return re.findall(r'href="/oppet/arenden/([^"]+)"', public.get(f"/oppet/arenden?{query}").text)

    assert found("sok=ÄNGEN+överfull") == found(f"sok={old.number.lower()}") == [old.number]
    assert found("sok=trafik") == [new[2].number, new[1].number]
    assert found("sok=trafik&sida=2") == [new[0].number]
    assert "sok=trafik&amp;sida=2" in public.get("/oppet/arenden?sok=trafik").text
    assert found(f"till={old.received_at:%Y-%m-%d}") == [old.number]
    assert found(f"fran={old.received_at:%Y-%m-%d}&till=2026-11-25") == [old.number]
    assert len(found("fran=2026-11-26")) == 2
    assert found("sok=Lingonstigen") == found("sok=Berit") == found(f"sok={new[0].id}") == []
    assert public.get("/oppet/arenden.csv?sok=överfull").text.count("EK-2026") == 1
    assert (
        'href="/oppet/arenden.atom?sok=%C3%B6verfull&amp;enhet=gata"'
        in public.get("/oppet/arenden?sok=överfull&enhet=gata&x=1").text
    )
    feed = public.get("/oppet/arenden.atom?enhet=gata&sok=överfull&till=2026-11-30").text
    assert feed.count("<entry") == 1
    assert f"<id>{URL}/oppet/arenden.atom?sok=%C3%B6verfull&amp;enhet=gata&amp;till=2026-11-30</id>" in feed, (
        "a feed of its own"
    )
    assert "Öppna ärenden i Ekdala kommun: överfull, Gata och park, till 30 november 2026</title>" in feed
    assert "&lt;b&gt;" in public.get("/oppet/arenden?sok=<b>").text


def test_each_entry_has_an_address_of_its_own_while_it_is_in_the_register(house, public) -> None:
    case = routed(house, h.lamp(house))
    path = f"/oppet/arenden/{case.number}"
    assert f'href="{path}"' in public.get("/oppet/arenden").text
    assert f'href="{URL}{path}"' in public.get("/oppet/arenden.atom").text
    answer = public.get(path)
    assert "gata, trafik och park" in answer.text and "Gata och park" in answer.text
    for secret in ("Lingonstigen", "Berit", "Släckt", case.id):
        assert secret not in answer.text
    assert answer.headers["cache-control"] == "public, no-cache"
    moved(house, case, status=CaseStatus.CLOSED)
    gone = public.get(path)
    assert (gone.status_code, "Det kan vara avslutat" in gone.text) == (404, True)


def test_a_flagged_case_is_to_search_and_address_as_one_that_never_was(house) -> None:
    never, case = "EK-2026-99999", routed(house, h.lamp(house))
    path, public = f"/oppet/arenden/{case.number}", Surfer(make_app(house, public=replace(PUBLIC, per_minute=1000)))
    tag = public.get(path).headers["etag"]

    def seen(address: str) -> tuple[int, str, dict[str, str]]:
        answer = public.client.get(address, headers={"if-none-match": tag})
        rest = {name: value for name, value in answer.headers.items() if name != "etag"}
        return answer.status_code, answer.text.replace(case.number, never), rest

    assert seen(path)[0] == 304
    missing = seen(f"/oppet/arenden/{never}")
    assert (missing[0], case.number in public.get("/oppet/arenden?sok=trafik").text) == (404, True)
    for kind in FlagKind:
        for state in (FlagState.SUGGESTED, FlagState.CONFIRMED):
            flag(house, case, kind, state)
            assert seen(path) == missing, kind
            assert seen(f"/oppet/arenden?sok={case.number}") == seen(f"/oppet/arenden?sok={never}"), kind
            none = seen("/oppet/arenden?sok=finnsinte")[1]
            assert seen("/oppet/arenden?sok=trafik")[1] == none.replace("finnsinte", "trafik"), kind


def test_the_file_holds_every_case_however_many(house, public, monkeypatch) -> None:
    """It stopped at five thousand and said nothing."""
    monkeypatch.setattr("desk.external.public._AT_ONCE", 2)
    numbers = {routed(house, h.lamp(house)).number for _ in range(5)}
    assert set(re.findall(r"EK-2026-\d+", public.get("/oppet/arenden.csv").text)) == numbers
    assert public.get("/oppet/arenden.csv?manad=2020-01").text.count("EK-2026") == 0


def test_the_feed_is_well_formed_and_tells_where_it_is(house, public) -> None:
    case = routed(house, h.lamp(house))
    answer = public.get("/oppet/arenden.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(answer.text)
    (entry,) = feed.findall(f"{atom}entry")
    assert entry.find(f"{atom}id").text == f"tag:arenden.ekdala.example,2026-11-26:{case.number}"
    assert case.number in entry.find(f"{atom}title").text
    assert feed.find(f"{atom}link[@rel='self']").get("href") == f"{URL}/oppet/arenden.atom"


def test_it_is_cacheable_sets_no_cookie_and_is_not_indexed(house, public) -> None:
    routed(house, h.lamp(house))
    for path in ("/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom"):
        answer = public.get(path)
        assert answer.headers["cache-control"] == "public, no-cache"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        again = public.client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        bare = public.client.head(path)
        assert (bare.status_code, bare.headers["etag"], bare.content) == (200, answer.headers["etag"], b"")
    assert public.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert {public.get(short).headers["location"] for short in ("/oppet", "/oppet/")} == {"/oppet/arenden"}
    bare = ("/robots.txt", "/oppet", "/oppet/", "/static/desk.css", "/static/finns-inte.css")
    assert [path for path in bare if "set-cookie" in public.get(path).headers] == []
    assert "set-cookie" in public.get("/robots.txt/mer").headers, "a page of the desk like any other"
    slower = Surfer(make_app(house, public=replace(PUBLIC, cache_seconds=300)))
    assert slower.get("/oppet/arenden").headers["cache-control"] == "public, max-age=300"
    known = Surfer(make_app(house, public=replace(PUBLIC, indexable=True)))
    assert known.get("/oppet/arenden").headers["x-robots-tag"] == "all"
    assert "noindex" not in known.get("/oppet/arenden").text
    assert "Allow: /oppet/arenden$" in known.get("/robots.txt").text


def test_the_number_is_called_with_a_tap(public) -> None:
    assert '<a href="tel:0400123000">0400-12 30 00</a>' in public.get("/oppet/arenden").text


def test_a_page_kept_before_a_late_flag_is_asked_for_anew_and_is_another(house, public) -> None:
    case = routed(house, h.lamp(house))
    kept = {path: public.get(path) for path in ("/oppet/arenden", "/oppet/arenden.csv", "/oppet/arenden.atom")}
    flag(house, case)
    for path, before in kept.items():
        assert before.headers["cache-control"] == "public, no-cache", "a proxy shows nothing without asking"
        now = public.client.get(path, headers={"if-none-match": before.headers["etag"]})
        assert now.status_code == 200
        assert case.number not in now.text


def test_who_asks_too_fast_waits(house, clock) -> None:
    page = Surfer(make_app(house, public=replace(PUBLIC, per_minute=3)))
    assert [page.get("/oppet/arenden").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert page.get("/oppet/mitt/x").headers["retry-after"] == "60"
    clock.pass_minutes(1)
    assert page.get("/oppet/arenden").status_code == 200


def test_a_log_in_changes_nothing_on_public_pages(house, public) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    for who in h.PEOPLE:
        assert Surfer(public.client.app, who).get(path).text == public.get(path).text
    assert public.client.post("/oppet/arenden", data={"x": "y"}).status_code == 404
    for path in ("/oppet", "/robots.txt"):
        assert public.client.post(path).status_code == 401, "as any page that is none, and no error for the log"


def test_where_the_database_is_away_a_citizen_is_told_so_and_no_word_of_it_is_in_the_log(house, caplog) -> None:
    """They read "Internal Server Error", and the log had all that the question was asked with."""
    app = make_app(house, public=PUBLIC, outage=outage_words)
    away = sa.exc.OperationalError("SELECT", {"number": "secret"}, sqlite3.OperationalError("secret words"))
    for error, status in ((away, 503), (RuntimeError("secret"), 500)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house.store, "read", Mock(side_effect=error))
            answer = Surfer(app).get("/oppet/arenden")
        assert (answer.status_code, "Sidan går inte att visa just nu" in answer.text) == (status, True)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "OperationalError on /" in caplog.text
    assert "secret" not in caplog.text + answer.text
