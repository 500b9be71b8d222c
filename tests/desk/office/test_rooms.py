"""The mail room, people, health, and pages from other rooms."""

import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from cases.case import CaseStatus, Channel, Party
from cases.letters.letter import OutboxStatus
from cases.letters.outgoing import SENDING_HELD
from cases.numerals import count_words, size_words, sureness_words
from cases.people.access import EVERYWHERE, SYSTEM, Grant, Role
from desk.app import create_app
from desk.present import confidence_words, due_words, language_words, when_words
from desk.settings import ExtraPage, PageAnswer, PageQuestion
from service.database import outage_words
from tests.desk import house as h
from tests.desk.conftest import Surfer
from tests.desk.steps import routed


def test_a_robots_mail_can_be_made_a_case_after_all(house, surf) -> None:
    house.letter("Frånvaro", "Jag är borta. Förresten är lyktan trasig.", None, kind=h.MessageKind.AUTO_REPLY)
    page = surf("registrator")
    text = page.get("/inkommet").text
    assert "Automatiskt svar" in text
    path = text.split('href="/inkommet/')[1].split('"')[0]
    shown = page.get(f"/inkommet/{path}").text
    assert "Förresten är lyktan trasig." in shown
    assert "<title>Meddelande 26 november 2026" in shown, (
        "a heading nobody has judged stays out of the browser's history"
    )
    made = page.post(f"/inkommet/{path}/arende")
    assert page.post(f"/inkommet/{path}/arende").headers["location"] == made.headers["location"], "pressed twice"
    assert "Gjort till ärende av Rut Holm." in page.follow(made).text
    assert page.get(f"/inkommet/{path}").status_code == 404, "a case's letter is read on its case alone"
    assert surf("gataregistrator").get("/inkommet").status_code == 403, "loose mail is the central registrator's"


def test_what_is_in_another_language_is_said_aloud_in_it(house, surf) -> None:
    """Arabic was read with a Swedish voice in the queue and at the head of its case."""
    h.spoken(house)
    page = surf("registrator")
    queue = page.get("/att-fordela").text
    assert '<bdi lang="ar">الحافلة المدرسية</bdi>' in queue
    assert queue.count('<p class="utdrag" dir="auto" lang="ar">') == 1
    assert "<bdi>Kranvattnet</bdi>" in queue
    opened = re.search(r'/arenden/(\w+)"><bdi lang="ar"', queue)[1]
    assert '<h1><bdi lang="ar">' in page.get(f"/arenden/{opened}").text


def test_what_could_not_be_read_gets_new_tries(house, surf) -> None:
    house.letter("Hej", "Hej")
    raw = h.RawMessage("synpunkter", "INBOX", 1, 99, house.clock(), b"\xff", "f" * 64)
    with house.store.begin() as tx:
        tx.keep_raw(raw, "r" * 32, house.clock())
        tx.mark_unreadable("r" * 32, "Okänd teckenkodning", 3, None)
    page = surf("admin")
    text = page.get("/karantan").text
    assert "(1) Karantän" in text
    assert "Okänd teckenkodning" in text
    assert page.post(f"/karantan/{'r' * 32}/igen").status_code == 303
    assert "Inget i karantän" in page.get("/karantan").text
    assert page.post(f"/karantan/{'r' * 32}/igen").status_code == 404


def unread(house, mailbox: str, content: bytes) -> str:
    raw = h.RawMessage(mailbox, "INBOX", 1, 99, house.clock(), content, sha256(content).hexdigest())
    with house.store.begin() as tx:
        tx.keep_raw(raw, "r" * 32, house.clock())
        tx.mark_unreadable("r" * 32, "Okänd teckenkodning", 3, None)
    house.clock.pass_minutes(90)
    return f"/karantan/{'r' * 32}"


def test_what_no_machine_can_read_becomes_a_case_with_its_original(house, surf) -> None:
    path, came = unread(house, "synpunkter", b"\xff\xfe"), house.clock()
    assert "Gör till ärende" not in surf("admin").get("/karantan").text
    page = surf("registrator")
    assert "Gör till ärende" in page.get("/karantan").text
    shown = page.follow(page.post(f"{path}/arende")).text
    assert "Ingen maskin kunde läsa brevet" in shown
    original = re.search(r"/arenden/[0-9a-f]+/meddelanden/[0-9a-f]+/original", shown)
    assert page.get(original[0]).content == b"\xff\xfe"
    with house.store.read() as tx:
        case = tx.case_file(original[0].split("/")[2], SYSTEM).case
    assert case.received_at == came - timedelta(minutes=90), "promises count from when it came"
    assert (case.sender, case.channel) == (Party(), Channel.EMAIL)
    assert "Inget i karantän" in page.get("/karantan").text
    assert page.post(f"{path}/arende").status_code == 404, "pressed twice"


def test_a_scanned_file_that_broke_hangs_on_its_case(house, surf) -> None:
    path = unread(house, "dropfolder:skanner", b"%PDF-1.4 trasig")
    page = surf("registrator")
    assert "<span>Skannern (skanner)</span>" in page.get("/karantan").text
    shown = page.follow(page.post(f"{path}/arende")).text
    found = re.search(r"/arenden/[0-9a-f]+/bilagor/[0-9a-f-]+", shown)
    assert page.get(found[0]).content == b"%PDF-1.4 trasig"


def damaged(house) -> None:
    with house.store.begin() as tx:
        tx.connection.execute(sa.text("UPDATE raw_contents SET content = :c"), {"c": b"no frame"})


def test_a_paper_whose_kept_file_is_damaged_becomes_a_case_all_the_same(house, surf) -> None:
    """It was answered as a fault of ours, and the paper could never leave the quarantine."""
    path = unread(house, "dropfolder:skanner", b"%PDF-1.4 trasig")
    damaged(house)
    page = surf("registrator")
    page.get("/karantan")
    assert "har skadats sedan den sparades" in page.follow(page.post(f"{path}/arende")).text


def test_an_original_that_is_damaged_says_so(house, surf, caplog) -> None:
    path = unread(house, "synpunkter", b"\xff\xfe")
    damaged(house)
    page = surf("registrator")
    page.get("/karantan")
    shown = page.follow(page.post(f"{path}/arende")).text
    original = re.search(r"/arenden/[0-9a-f]+/meddelanden/[0-9a-f]+/original", shown)
    answer = page.get(original[0])
    assert (answer.status_code, "Filen är skadad" in answer.text) == (500, True)
    assert "raw message rrrr" in caplog.text


def test_a_letter_that_failed_is_sent_again_from_the_outbox(house, surf) -> None:
    case = h.lamp(house)
    with house.store.begin() as tx:
        entry = next(e for e in tx.letters_of(case.id) if not e.internal)
        tx.update_entry(replace(entry, status=OutboxStatus.UNCERTAIN, error="Förbindelsen bröts."))
    page = surf("registrator")
    text = page.get("/utkorg").text
    assert "Ovisst" in text
    assert "Inga brev skickas just nu" not in text
    with house.store.begin() as tx:
        tx.save_setting(SENDING_HELD, "synpunkter")
    assert "Inga brev skickas just nu" in page.get("/utkorg").text
    assert "berit@mejl.example" in text
    answer = page.post(f"/arenden/{case.id}/brev/{entry.id}/igen", fran="utkorg")
    assert answer.headers["location"] == "/utkorg"
    with house.store.read() as tx:
        assert tx.get_entry(entry.id).status is OutboxStatus.QUEUED


def test_a_letter_that_bounced_needs_nobody_once_its_case_is_closed(house, surf) -> None:
    case = h.lamp(house)
    with house.store.begin() as tx:
        entry = next(e for e in tx.letters_of(case.id) if not e.internal)
        tx.update_entry(replace(entry, status=OutboxStatus.BOUNCED, error="Mottagarens brevlåda är full."))
    page = surf("registrator")
    asked = page.get("/utkorg").text
    assert f'href="/arenden/{case.id}/ratta"' in asked
    assert "brevlåda är full" in asked
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), status=CaseStatus.CLOSED))
    assert "brevlåda är full" not in page.get("/utkorg").text
    assert "brevlåda är full" in page.get("/utkorg?lage=bounced").text


def test_a_person_among_many_is_found_by_name_role_or_unit(surf, house) -> None:
    admin = surf("admin")
    assert 'name="sok"' not in admin.get("/personer").text, "a few are seen at once"
    for words, found in (
        ("maja", {"Maja Ek"}),
        ("CHEF gata", {"Gustav Vik"}),
        ("gustav@mejl", set()),
        ("nobody", set()),
    ):
        page = admin.get(f"/personer?sok={quote(words)}").text
        assert {name for name in ("Maja Ek", "Gustav Vik", "Ada Gran") if name in page.partition("<main")[2]} == found
        assert f'value="{words}"' in page


def test_an_administrator_adds_somebody_who_can_then_log_in(house, surf) -> None:
    admin = surf("admin")
    admin.get("/personer/ny")
    fields = {"namn": "Nya Ny", "epost": "Ny@Ekdala.example", "titel": "handläggare"}
    grants = {"roll": ["handlaggare", "chef", ""], "galler": ["gata", "*", "*"]}
    nameless = admin.post("/personer/ny", **{**fields, "epost": "ny"}, **grants)
    assert nameless.status_code == 422
    assert "Nya Ny" in nameless.text
    shown = admin.post("/personer/ny", **fields, **grants)
    word = re.search(r"<code>([^<]+)</code>", shown.text)[1]
    with house.store.read() as tx:
        user = tx.user_by_email("ny@ekdala.example")
    assert user.grants == {Grant(Role.HANDLAGGARE, "gata"), Grant(Role.CHEF, EVERYWHERE)}
    assert surf().log_in("ny@ekdala.example", word).status_code == 303
    admin.get("/personer/ny")
    assert "har redan en inloggning" in admin.post("/personer/ny", **fields, **grants).text


@pytest.mark.parametrize("changes", [{"roll": "chef"}, {"galler": "ingenstans"}])
def test_an_administrator_cannot_shut_herself_out(house, surf, changes) -> None:
    admin = surf("admin")
    admin.get("/personer/admin")
    fields = {"namn": "Ada Gran", "epost": "admin@ekdala.example", "roll": "admin", "galler": "*"}
    assert admin.post("/personer/admin", **{**fields, **changes}).status_code == 422
    with house.store.read() as tx:
        assert tx.user("admin") == h.PEOPLE["admin"]


def test_health_says_what_is_wrong_and_the_way_out(house, surf) -> None:
    h.lamp(house)
    text = surf("admin").get("/halsa").text
    for words in ("servern svarar inte", "Kontrollera värden", "Ärenden: Att fördela", "Utkorgen: Väntar"):
        assert words in text


def test_the_mailboxes_are_shown_in_a_demonstration_only(house, surf) -> None:
    assert "Vi har tagit emot ditt meddelande" in surf("chef").get("/brevlador").text
    real = create_app(
        store=house.store,
        office=house.office,
        classifier=None,
        clock=house.clock,
        settings=h.settings(mailboxes_page=None),
    )
    page = Surfer(real, "chef")
    assert page.get("/brevlador").status_code == 404
    assert "Medborgarnas brevlådor" not in page.get("/chef").text


def statistics(question: PageQuestion) -> PageAnswer:
    if question.query.get("fil"):
        return PageAnswer("Fil", content=b"a;b", content_type="text/csv", filename='en "fil".csv')
    return PageAnswer("Statistik", html=f"<p>Hej {question.user.name}</p>")


def test_another_rooms_page_has_its_place_and_its_roles(house) -> None:
    page = ExtraPage("/statistik", "Statistik", frozenset({Role.CHEF}), statistics)
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=None,
        clock=house.clock,
        settings=h.settings(help_path="/handbok"),
        extra_pages=[page],
    )
    chef, worker = Surfer(app, "chef"), Surfer(app, "handlaggare")
    text = chef.get("/statistik").text
    assert "<p>Hej Gustav Vik</p>" in text
    assert 'href="/handbok"' in text
    file = chef.get("/statistik?fil=1")
    assert file.content == b"a;b"
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert worker.get("/statistik").status_code == 403
    assert "Statistik" not in worker.get("/mina").text
    assert Surfer(app).get("/statistik").status_code == 303


class Says:
    """A classifier that always says the same; the desk only asks it."""

    version = "prov-1"

    def suggest(self, subject: str, body: str) -> h.Suggestion:
        return h.suggestion(f"{subject}\n{body}", h.Area.GATA_PARK, 0.9)

    def suggest_many(self, letters):
        return [self.suggest(*letter) for letter in letters]


def test_a_suggestion_while_one_types_and_at_once_when_it_is_entered(house) -> None:
    app = create_app(
        store=house.store, office=house.office, classifier=Says(), clock=house.clock, settings=h.settings()
    )
    page = Surfer(app, "registrator")
    page.get("/nytt")
    assert page.post("/nytt/forslag", text="kort").text == ""
    assert "Gata och park" in page.post("/nytt/forslag", text="Gatlyktan på Lingonstigen är släckt.").text
    assert house.waiting() == 0
    text = page.follow(page.post("/nytt", kanal="phone", text="Gatlyktan är släckt.")).text
    assert 'id="bekrafta"' in text
    assert "säker 90 %" in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (h.date(2026, 11, 26), "i dag"),
        (h.date(2026, 11, 27), "i morgon"),
        (h.date(2026, 12, 1), "om 3 arbetsdagar"),
        (h.date(2026, 11, 25), "försenat 1 dag"),
        (h.date(2026, 11, 24), "försenat 2 dagar"),
        (None, ""),
    ],
)
def test_a_due_date_as_a_colleague_says_it(day, words: str) -> None:
    calendar = h.office().calendar
    assert due_words(day, h.date(2026, 11, 26), calendar).words == words


def test_over_christmas_only_working_days_count() -> None:
    calendar = h.office().calendar
    assert due_words(h.date(2026, 12, 28), h.date(2026, 12, 23), calendar).words == "om en arbetsdag"
    assert due_words(h.date(2026, 11, 29), h.date(2026, 11, 27), calendar).words == "om 2 dagar", "a Sunday, on Friday"


def test_numbers_in_words() -> None:
    assert [confidence_words(c) for c in (0.8, 0.79, 0.5, 0.49)] == ["säker", "trolig", "trolig", "osäker"]
    assert [sureness_words(share) for share in (0.999, 0.995, 0.004, 0.0)] == ["99 %", "99 %", "under 1 %", "0 %"]
    assert [language_words(code) for code in ("sv", "ti", "xx", "")] == ["svenska", "tigrinska", "xx", "okänt"]
    assert [size_words(n) for n in (12, 12_345, 999_600, 3_400_000, 65_900_000_000)] == [
        "12 byte",
        "12 kB",
        "1,0 MB",
        "3,4 MB",
        "65,9 GB",
    ]
    assert [count_words(n, "ett brev", "brev") for n in (0, 1, 3, 14)] == [
        "inga brev",
        "ett brev",
        "tre brev",
        "14 brev",
    ]
    assert when_words(h.NOW, h.NOW) == "i dag 10.00"


def test_the_chefs_page_holds_their_own_units_only(house, surf) -> None:
    lamp = routed(house, h.lamp(house))
    threat = routed(house, h.threat(house))
    school = routed(house, h.school(house))
    text = surf("chef").get("/chef").text
    assert text.index("Allvarliga") < text.index(threat.number)
    assert lamp.number in text
    assert school.number not in text


def test_a_whole_number_leads_straight_to_its_case_where_no_other_letter_names_it(house, surf) -> None:
    lamp, school = h.lamp(house), h.school(house)
    page = surf("registrator")
    there = page.get(f"/sok?q=+{lamp.number.lower()}+")
    assert (there.status_code, there.headers["location"]) == (303, f"/arenden/{lamp.id}")
    assert surf("gataregistrator").get(f"/sok?q={school.number}").status_code == 200, "nothing of what one may not read"
    assert "Träffar" in page.get("/sok?q=gatlyktan").text
    house.letter("Fråga", f"Gäller {lamp.number}.")
    assert page.get(f"/sok?q={lamp.number}").text.count('class="arende-lank"') == 2


def test_who_has_no_cases_is_led_to_those_of_the_unit(surf) -> None:
    page = surf("handlaggare")
    assert '<a href="/enheten">Se enhetens ärenden</a>' in page.get("/mina").text
    assert "Se enhetens ärenden" not in page.get("/mina?typ=klagomal").text + page.get("/enheten").text


def test_a_chef_sees_no_headings_over_nothing(house, surf) -> None:
    text = surf("chef").get("/chef").text
    assert "Inget väntar på dig just nu." in text
    assert "<h2" not in text.partition("<main")[2].partition("</main>")[0]
    routed(house, h.lamp(house))
    text = surf("chef").get("/chef").text
    assert "Inget väntar" not in text
    assert re.findall(r'<h2 id="del-(\d)"', text) == ["6"] == re.findall(r'href="#del-(\d)"', text)


def broken():
    raise RuntimeError("hemlig text ur ett brev")


def test_a_database_that_takes_nothing_is_told_in_words(house) -> None:
    """Somebody whose words were not kept read of a fault of ours, though nobody but the disk's keeper could help."""

    def shut():
        raise sa.exc.OperationalError("UPDATE", {}, sqlite3.OperationalError("secret words"))

    app = create_app(
        store=house.store,
        office=house.office,
        classifier=None,
        clock=house.clock,
        settings=h.settings(health=shut, outage=outage_words),
    )
    answer = Surfer(app, "admin").get("/halsa")
    assert (answer.status_code, "Databasen svarar inte just nu" in answer.text) == (503, True)
    assert "secret words" not in answer.text


def test_what_nobody_foresaw_is_a_calm_page_and_no_word_of_it_in_the_log(house, caplog) -> None:
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=None,
        clock=house.clock,
        settings=h.settings(health=broken),
    )
    answer = Surfer(app, "admin").get("/halsa")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "RuntimeError on /halsa at test_rooms.py" in caplog.text
    assert "hemlig text" not in caplog.text + answer.text
