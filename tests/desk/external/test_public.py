"""The public pages: what anybody sees of cases, and what nobody can tell from them."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from cases.case import CaseStatus, Outcome
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM
from cases.records.public import STAGE_NAMES, PublicFilter, Stage, link_key
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.ties import CaseTie, TieKind
from desk.outside import PublicSettings
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.steps import routed

URL = "https://arenden.ekdala.example"
PUBLIC = PublicSettings(register=True, case_page=True, url=URL, phone="0400-12 30 00", web="https://www.ekdala.example")


@pytest.fixture
def public(house):
    """The whole desk with public pages, seen by a stranger; receipts carry links."""
    house.office = replace(house.office, public_url=URL)
    return Surfer(make_app(house, public=PUBLIC))


def link_of(house, case) -> str:
    """The path of the link in the case's receipt."""
    with house.store.read() as tx:
        texts = [e.letter.text for e in tx.letters_of(case.id) if e.letter.kind == "mottagning"]
    return re.search(rf"{URL}(/oppet/mitt/[A-Za-z]+)", texts[0])[1]


def flag(house, case, kind: FlagKind = FlagKind.HALSA, state: FlagState = FlagState.SUGGESTED):
    with house.store.begin() as tx:
        found = tx.get_case(case.id, SYSTEM)
        return tx.save_case(replace(found, flags=(ConfidentialityFlag(kind, state),)))


def moved(house, case, **changes):
    with house.store.begin() as tx:
        return tx.save_case(replace(tx.get_case(case.id, SYSTEM), **changes))


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
    assert public.get(path).status_code == 404


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


def test_a_log_in_changes_nothing_on_public_pages(house, public) -> None:
    case = h.lamp(house)
    path = link_of(house, case)
    for who in h.PEOPLE:
        assert Surfer(public.client.app, who).get(path).text == public.get(path).text
    assert public.client.post("/oppet/arenden", data={"x": "y"}).status_code == 404
