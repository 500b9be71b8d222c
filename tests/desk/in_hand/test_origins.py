"""Who wrote, what a machine read out of a scan, and files that are not to be opened."""

import re
from dataclasses import replace
from datetime import date

from cases.calendar import local_day
from cases.case import Channel, Outcome
from cases.inbound.documents import DocumentText, ReadPage, ReadWord
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import Mailaddress, ScanState
from cases.people.access import SYSTEM, Role
from tests.desk import house as h
from tests.desk.steps import routed, step

FORWARDED = "Gungan på Ekbacken är trasig."


def passed_on(house):
    made = h.suggestion(FORWARDED, h.Area.GATA_PARK, 0.9)
    who = {"from_name": "Maja Ek", "from_addr": "handlaggare@ekdala.example"}
    fields = {"message": "Se nedan.", "forwarded_from": Mailaddress("Ina Ro", "ina@post.example")}
    return house.letter("VB: Gungan", "Se nedan.", made, **who, **fields, forwarded_text=FORWARDED)


def test_a_registrator_says_who_wrote_a_letter_that_was_passed_on(house, surf) -> None:
    case = passed_on(house)
    assert case.sender_doubt
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    for words in ("Vem skrev brevet?", "handlaggare@ekdala.example", FORWARDED, "Ina Ro"):
        assert words in text
    refused = step(page, house, case, "avsandare", namn="Ina Ro", epost="ina", form="avsandare")
    assert refused.status_code == 422
    ina = {"namn": "Ina Rot", "epost": "ina@post.example"}
    late = step(page, house, case, "avsandare", **ina, dag="2027-01-01", form="avsandare")
    assert "Brevet fanns i brevlådan redan den 26 november 2026." in late.text
    assert 'id="s-dag"' in re.search(r"<input[^>]*aria-invalid[^>]*>", late.text).group()
    assert step(page, house, case, "avsandare", **ina, dag="2026-11-24").status_code == 303
    after = house.case(case.id)
    assert local_day(after.received_at) == date(2026, 11, 24)
    assert (after.sender.name, after.sender_doubt) == ("Ina Rot", "")
    assert "Vem skrev brevet?" not in page.get(f"/arenden/{case.id}").text


def test_the_lists_mark_a_letter_whose_writer_is_not_known(house, surf) -> None:
    h.lamp(house)
    case = passed_on(house)
    page = surf("registrator")
    words = "Avsändaren är inte bekräftad"
    queue = page.get("/att-fordela").text
    assert queue.count(words) == 1
    assert queue.index(f"b-{case.id}") < queue.index(words)
    step(page, house, case, "avsandare", namn="Ina Ro", epost="ina@post.example")
    assert words not in page.get("/att-fordela").text
    unsure = routed(house, passed_on(house))
    assert words in surf("handlaggare").get("/enheten").text
    assert house.case(unsure.id).sender_doubt


def test_a_handlaggare_sees_the_doubt_but_does_not_settle_it(house, surf) -> None:
    case = routed(house, passed_on(house))
    page = surf("handlaggare")
    assert "Bekräfta avsändaren" not in page.get(f"/arenden/{case.id}").text
    assert step(page, house, case, "avsandare", namn="X").status_code == 403


def test_what_the_mail_server_said_of_the_address_is_told(house, surf) -> None:
    good = h.lamp(house, auth=(("dmarc", "pass"), ("header.from", "mejl.example")))
    bad = h.lamp(house, auth=(("dmarc", "fail"),))
    page = surf("registrator")
    assert "Adressen är bekräftad" in page.get(f"/arenden/{good.id}").text
    assert "Adressen stämmer inte" in page.get(f"/arenden/{bad.id}").text


def scanned(house):
    case = h.lamp(house, attachments=(h.attached("brev.pdf", "application/pdf", b"%PDF-1.4 scan"),))
    page = ReadPage(1, "Lyktan <b>ar trasg", (ReadWord(12, 18, 31, 0, 0, 0.1, 0.1),), b"\xff\xd8\xffbild")
    with house.store.begin() as tx:
        attachment = tx.case_file(case.id, SYSTEM).attachments[0]
        tx.add_document(attachment.id, DocumentText("Lyktan <b>ar trasg", (page,)), house.clock())
    return case, attachment


def test_what_stands_on_the_paper_stands_also_where_one_writes_of_it(house, surf) -> None:
    case, _ = scanned(house)
    split = surf("registrator").get(f"/arenden/{case.id}/dela").text
    routed(house, case)
    for text in (split, surf("handlaggare").get(f"/arenden/{case.id}/svara?brev=svar").text):
        assert "Det som står i brev.pdf" in text
        assert "Lyktan &lt;b&gt;" in text


def test_a_scanned_letter_is_read_beside_its_picture_with_doubtful_words_marked(house, surf) -> None:
    case, attachment = scanned(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    assert "Lyktan &lt;b&gt;ar" in text
    assert '<mark class="osaker">' in text
    picture = page.get(f"/arenden/{case.id}/bilagor/{attachment.id}/sida/1")
    assert picture.content == b"\xff\xd8\xffbild"
    assert picture.headers["content-security-policy"].startswith("sandbox")
    assert page.get(f"/arenden/{case.id}/bilagor/{attachment.id}/sida/2").status_code == 404
    other = h.school(house)
    assert page.get(f"/arenden/{other.id}/bilagor/{attachment.id}/sida/1").status_code == 404
    assert surf("skolhandlaggare").get(f"/arenden/{case.id}/bilagor/{attachment.id}/sida/1").status_code == 404


def test_a_file_with_a_virus_is_named_and_never_handed_out(house, surf) -> None:
    sick = replace(h.attached("faktura.exe", "application/x-dosexec", b""), scan=ScanState.INFECTED, risk="program")
    case = h.lamp(house, attachments=(sick,))
    with house.store.read() as tx:
        attachment = tx.case_file(case.id, SYSTEM).attachments[0]
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    assert "Innehåller virus och kan inte hämtas" in text
    assert f'href="/arenden/{case.id}/bilagor/{attachment.id}"' not in text
    assert page.get(f"/arenden/{case.id}/bilagor/{attachment.id}").status_code == 403


def test_only_outcomes_within_ones_mandate_are_offered(house, surf) -> None:
    object.__setattr__(house.office, "outcome_roles", {Outcome.POLITICAL: frozenset({Role.CHEF})})
    case = routed(house, h.lamp(house))
    assert "Till politiskt organ" not in surf("handlaggare").get(f"/arenden/{case.id}").text
    assert "Till politiskt organ" in surf("chef").get(f"/arenden/{case.id}").text


FORM_MAIL = {"from_name": "E-tjänster", "from_addr": "noreply@etjanst.example"}


def by_form(house, **answers):
    words = {"name": "Ylva Sund", "email": "ylva@post.example", "phone": "070-000 00 01", "place": "Ekbacken"}
    form = FormAnswers("synpunkten", Channel.WEB, proven=True, **{**words, "category": "Lekplatser", **answers})
    made = h.suggestion(FORWARDED, h.Area.GATA_PARK, 0.9)
    return house.letter("Ny synpunkt", FORWARDED, made, **FORM_MAIL, form=form)


def test_a_form_is_shown_as_from_the_citizen_with_what_they_answered(house, surf) -> None:
    text = surf("registrator").get(f"/arenden/{by_form(house).id}").text
    thread = text[text.index("tradrubrik") : text.index("fordelarubrik")]
    for words in ("<h3>Ylva Sund</h3>", "ylva@post.example", "070-000 00 01", "Ekbacken", "Lekplatser", "Webb"):
        assert words in " ".join(thread.split()).replace("<h3> ", "<h3>").replace(" </h3>", "</h3>"), words
    assert "noreply@etjanst.example" not in text


def test_an_anonymous_form_names_nobody(house, surf) -> None:
    case = by_form(house, anonymous=True, answer_wanted=False)
    text = surf("registrator").get(f"/arenden/{case.id}").text
    assert "Avsändaren vill inte ha svar." in text
    assert "Ekbacken" in text
    for words in ("Ylva", "ylva@post.example", "070-000 00 01", "noreply"):
        assert words not in text


def test_a_file_nobody_could_scan_says_so_and_is_still_read(house, surf) -> None:
    unsure = replace(h.attached("karta.txt", "text/plain", b"karta"), scan=ScanState.UNCHECKED)
    clean = replace(h.attached("plan.txt", "text/plain", b"plan"), scan=ScanState.CLEAN)
    case = h.lamp(house, attachments=(unsure, clean))
    page = surf("registrator")
    assert page.get(f"/arenden/{case.id}").text.count("Inte kontrollerad för virus") == 1
    with house.store.read() as tx:
        attachment = next(a for a in tx.case_file(case.id, SYSTEM).attachments if a.name == "karta.txt")
    assert page.get(f"/arenden/{case.id}/bilagor/{attachment.id}").content == b"karta"
