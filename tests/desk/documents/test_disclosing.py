"""Documents handed out: what is masked is nowhere in the bytes, and everything kept back has its law and its notice."""

import io
import re
import zipfile
import zlib
from types import SimpleNamespace

import pypdf
import pytest
from PIL import Image

from cases.disclosure.documents import GROUNDS, CaseDocument, HandOver
from cases.disclosure.handout import Choice
from cases.inbound.documents import DocumentText, ReadPage
from cases.people.access import SYSTEM
from cases.steps.records.disclose import disclosed
from desk.case.disclosing import Asking
from tests.desk import house as h
from tests.desk.in_hand.test_sending import give_address
from tests.desk.steps import routed

LETTER = (
    "Min son Kalle i klass 4B på Ekskolan blir slagen. Ring mig, Nils Ros, på 070-174 06 05.\n"
    "Han heter Kalle Ros och har personnummer 20121212-1212.\n\nNils"
)
SECRETS = ("Kalle", "klass 4B", "Ekskolan", "Nils", "070-174", "20121212", "nils@post.example", "Lingonstigen")


@pytest.fixture
def case(house):
    passage = "Min son Kalle i klass 4B på Ekskolan"
    made = h.suggestion(LETTER, h.Area.GRUNDSKOLA, 0.8, flags=((h.FlagKind.SKOLA, passage),))
    files = (
        h.attached("Kalle Ros.pdf", "application/pdf", b"%PDF-1.4 Kalle"),
        h.attached("skiss Nils.png", "image/png", h.PNG),
    )
    case = house.letter(
        "Nils son slås", LETTER, made, from_name="Nils Ros", from_addr="nils@post.example", attachments=files
    )
    with house.store.begin() as tx:
        read = tx.case_file(case.id, SYSTEM).attachments[0]
        text = "Intyg om Kalle Ros, elev i klass 4B. Han trivs med slöjd."
        tx.add_document(read.id, DocumentText(text, (ReadPage(1, text),)), house.clock())
    case = routed(house, case)
    return give_address(house, case, name="Nils Ros", email="nils@post.example", address="Lingonstigen 4")


def fields(text: str) -> dict[str, object]:
    """What a browser would send of the form as it stands: every ticked box, chosen option and text."""
    form = text[text.index("utlamning") :]
    sent: dict[str, object] = dict(re.findall(r'type="radio" name="(d_[^"]+)" value="([^"]+)"[^>]* checked', form))
    sent["maskera"] = re.findall(r'name="maskera" value="([^"]+)"[^>]* checked', form)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]
    return sent | dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))


def everything(content: bytes) -> str:
    """All that can be found in a ZIP: names, raw bytes, every PDF stream unpacked, metadata and the text one reads."""
    found = [content.decode("latin-1")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            found += [name, inner.decode("latin-1"), inner.decode("utf-8", "replace")]
            if not inner.startswith(b"%PDF"):
                continue
            for stream in re.findall(rb"stream\r?\n(.*?)endstream", inner, re.DOTALL):
                try:
                    raw = zlib.decompressobj().decompress(stream)
                except zlib.error:
                    raw = stream
                found += [raw.decode("latin-1"), raw.decode("utf-16-be", "replace")]
            reader = pypdf.PdfReader(io.BytesIO(inner))
            found += [str(reader.metadata), *(page.extract_text() for page in reader.pages)]
            found.append(str([reader.get_object(n) for n in range(1, reader.trailer["/Size"])]))
    return "\n".join(found)


def read(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = next(n for n in archive.namelist() if name in n)
        pages = pypdf.PdfReader(io.BytesIO(archive.read(found))).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


def fetch(page, case, **changes):
    path = f"/arenden/{case.id}/lamna-ut"
    first = page.get(path)
    shown = page.post(path, **{**fields(first.text), "gor": "visa", **changes})
    return shown, page.post(path, **{**fields(shown.text), **changes, "gor": "hamta"})


def test_who_asks_how_it_will_be_is_led_to_it(surf, case) -> None:
    """The result stands below a long form; without a word of where, one was back at its top."""
    page, path = surf("registrator"), f"/arenden/{case.id}/lamna-ut"
    form = page.get(path).text
    led_to = re.search(r'value="visa" formaction="([^"#]+)#(\w+)"', form)
    assert led_to[1] == path
    shown = page.post(led_to[1], **{**fields(form), "gor": "visa"}).text
    assert re.search(rf'<h2 id="{led_to[2]}" tabindex="-1">3\. Så blir handlingarna', shown)


def test_the_words_are_found_where_they_are_not_masked(house, surf, case) -> None:
    """Or the search below would prove nothing."""
    _, answer = fetch(surf("registrator"), case, maskera=[])
    whole = everything(answer.content)
    for secret in SECRETS[:-1]:
        assert secret in whole, secret


def test_what_is_masked_is_nowhere_in_the_bytes(house, surf, case) -> None:
    page = surf("registrator")
    shown, answer = fetch(page, case, eget="klass 4B")
    assert answer.headers["content-type"] == "application/zip"
    whole = everything(answer.content)
    for secret in SECRETS:
        assert secret.casefold() not in whole.casefold(), secret
        preview = shown.text[shown.text.index('id="resultat"') : shown.text.index('id="u-hamta"')]
        assert secret not in preview, secret
    letter = read(answer.content, "Brev till kommunen")
    assert "[maskat 23:1]" in letter
    assert not re.search(r"\b(Ros|4B)\b", letter + read(answer.content, "Bilaga.pdf"))
    assert "blir slagen." in letter
    assert GROUNDS["23:1"] in letter
    assert "trivs med slöjd" in read(answer.content, "Bilaga.pdf")


def test_the_list_names_every_document_and_every_ground(house, surf, case) -> None:
    _, answer = fetch(surf("registrator"), case)
    listed = read(answer.content, "Förteckning")
    for words in (
        "Brev till kommunen",
        "Bilaga",
        "Delvis",
        "Lämnas inte ut:",
        "Ingår inte",
        GROUNDS["23:1"],
        case.number,
    ):
        assert words in listed
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert not any(name.endswith(".png") for name in archive.namelist()), "a picture cannot be masked here"


def test_the_journal_is_handed_out_where_it_is_asked_for(house, surf, case) -> None:
    _, answer = fetch(surf("registrator"), case, d_journal="text")
    journal = read(answer.content, "Journal")
    assert "26 november 2026 kl. 10.00: Fördelat. Fördelat till Grundskolan." in journal
    assert "Rut Holm" not in journal


def test_the_notice_says_how_to_have_it_tried(house, surf, case) -> None:
    _, answer = fetch(surf("registrator"), case)
    told = read(answer.content, "Det som inte lämnas ut")
    for words in ("skriftligt beslut", "6 kap. 3 §", "2 kap. 19 § tryckfrihetsförordningen", "kammarrätten"):
        assert words in told
    assert GROUNDS["23:1"].split(" (")[0] in told


def test_the_journal_tells_how_much_and_never_what(house, surf, case) -> None:
    page = surf("registrator")
    fetch(page, case)
    with house.store.read() as tx:
        event = tx.case_file(case.id, SYSTEM).events[-1]
    assert event.kind == "disclosed"
    assert event.actor == "registrator"
    assert re.match(r"2 av 4 handlingar\. \d+ maskerade uppgifter\. Grund: OSL 23", event.text), event.text
    assert "Handlingar sammanställda för utlämnande" in page.get(f"/arenden/{case.id}").text


@pytest.mark.parametrize(
    ("count", "masked", "said"),
    [
        (1, 1, "1 av 1 handling. En maskerad uppgift."),
        (2, 0, "2 av 2 handlingar. Inga maskerade uppgifter."),
        (2, 14, "2 av 2 handlingar. 14 maskerade uppgifter."),
    ],
)
def test_the_journal_counts_one_as_one(house, case, count: int, masked: int, said: str) -> None:
    prepared = [SimpleNamespace(way=HandOver.TEXT, used={"23:1": masked if at == 0 else 0}) for at in range(count)]
    with house.store.begin() as tx:
        disclosed(tx, case, prepared, {}, h.PEOPLE["registrator"], house.office, house.clock())
    with house.store.read() as tx:
        assert tx.case_file(case.id, SYSTEM).events[-1].text == said


def test_a_file_that_holds_what_is_masked_is_not_handed_out_as_it_is(house, surf, case) -> None:
    page = surf("registrator")
    first = page.get(f"/arenden/{case.id}/lamna-ut").text
    with house.store.read() as tx:
        attachment = tx.case_file(case.id, SYSTEM).attachments[0].id
    sent = {**fields(first), f"d_{attachment}": "hel", "gor": "hamta", "besked": "Nej."}
    answer = page.post(f"/arenden/{case.id}/lamna-ut", **sent)
    assert answer.status_code == 422
    assert "innehåller det du maskerar" in answer.text


def test_a_file_whose_metadata_tells_what_is_masked_is_not_handed_out_as_it_is(house, surf) -> None:
    """OSL: what no page of it shows goes along all the same, with the author's name or the place of a picture."""
    text = "Grannen Kalle Ros stör."
    files = (
        h.attached("intyg.pdf", "application/pdf", b"%PDF-1.4\n1 0 obj << /Author (Kalle Ros) >>"),
        h.attached("hemma.jpg", "image/jpeg", located()),
    )
    case = routed(house, house.letter("Störd", text, h.suggestion(text, h.Area.GATA_PARK, 0.9), attachments=files))
    with house.store.read() as tx:
        papers, picture = (one.id for one in tx.case_file(case.id, SYSTEM).attachments)
    page = surf("registrator")
    for whole, other in ((papers, picture), (picture, papers)):
        sent = {f"d_{whole}": "hel", f"d_{other}": "nej"}
        _, answer = fetch(page, case, eget="Kalle Ros", **sent)
        assert answer.status_code == 422
        assert "dolda uppgifter" in answer.text
    _, answer = fetch(page, case, **{f"d_{papers}": "hel", f"d_{picture}": "hel"})
    assert answer.headers["content-type"] == "application/zip", "where nothing is masked it goes as it came"


def test_a_file_no_machine_can_look_into_goes_only_when_a_person_has(house, surf) -> None:
    """A locked PDF's author stands in it encrypted: it was handed out as if there were nothing."""
    text = "Grannen Kalle Ros stör."
    files = (h.attached("intyg.pdf", "application/pdf", b"%PDF-1.4\ntrailer << /Encrypt 5 0 R >>"),)
    case = routed(house, house.letter("Störd", text, h.suggestion(text, h.Area.GATA_PARK, 0.9), attachments=files))
    with house.store.read() as tx:
        locked = tx.case_file(case.id, SYSTEM).attachments[0].id
    page, sent = surf("registrator"), {f"d_{locked}": "hel"}
    shown, answer = fetch(page, case, eget="Kalle Ros", **sent)
    assert 'name="tittat"' not in shown.text
    assert answer.status_code == 422
    assert "kan ingen maskin titta in i" in answer.text
    assert f'name="tittat" value="{locked}"' in answer.text
    _, answer = fetch(page, case, eget="Kalle Ros", tittat=[locked], **sent)
    assert answer.headers["content-type"] == "application/zip"


def located() -> bytes:
    tags, out = Image.Exif(), io.BytesIO()
    tags.get_ifd(0x8825)[2] = (56.0, 22.0, 51.0)
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=tags)
    return out.getvalue()


def test_an_open_case_is_handed_out_whole_and_without_a_notice(house, surf) -> None:
    case = routed(house, h.lamp(house, attachments=(h.picture(),)))
    shown, answer = fetch(surf("registrator"), case)
    assert "Ingenting hålls inne." in shown.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert h.PNG in [archive.read(n) for n in names]
    assert not any("inte lämnas ut" in name for name in names)
    assert "Lingonstigen 4" in read(answer.content, "Brev till kommunen")


def ticks(text: str) -> dict[str, bool]:
    """Each proposed masking of the page, and whether it is ticked."""
    found = re.findall(
        r'name="maskera"[^>]*?( checked)?><label[^>]*><span><span[^>]*>[^<]*</span> ([^<]*)</span>', text
    )
    return {words: bool(checked) for checked, words in found}


def test_what_is_the_municipalitys_own_is_not_proposed_to_be_masked(house, surf) -> None:
    """No secrecy covers a unit's telephone or who answers there in office."""
    text = (
        "Min dotter Lisa Ros blir slagen på Ekskolan. Jag pratade med Hanna Holm och Maja Ek, "
        "handlaggare@ekdala.example och registrator@ekdala.example, telefon 0400-12 36 00. "
        "Ring mig på 070-174 06 05.\n\nNils Ros"
    )
    made = h.suggestion(text, h.Area.GRUNDSKOLA, 0.8, flags=((h.FlagKind.SKOLA, "Lisa Ros"),))
    case = routed(house, house.letter("Slagen", text, made, from_name="Nils Ros", from_addr="nils@post.example"))
    page = surf("registrator")
    proposed = ticks(page.get(f"/arenden/{case.id}/lamna-ut").text)
    ours = ("Maja Ek", "handlaggare@ekdala.example", "registrator@ekdala.example", "0400-12 36 00")
    assert [proposed[one] for one in ours] == [False] * 4
    assert all(ticked for words, ticked in proposed.items() if words not in ours)
    assert proposed["070-174 06 05"]


def test_what_keeps_something_back_needs_its_notice(house, surf, case) -> None:
    _, answer = fetch(surf("registrator"), case, besked=" ")
    assert answer.status_code == 422
    assert "Skriv beskedet" in answer.text


def test_letters_of_one_day_are_told_apart_by_time_and_who(house, surf, case) -> None:
    """As the page masks: the name proposed and ticked in a protected case stands nowhere in the list."""
    path = f"/arenden/{case.id}/lamna-ut"
    page = surf("registrator")
    legend = re.search(r"<legend>1\. (.*?)</legend>", page.get(path).text)[1]
    assert legend == "Brev till kommunen, 26 november 2026 kl. 08.00, från [maskat 23:1]"
    shown = page.post(path, **{**fields(page.get(path).text), "maskera": [], "gor": "visa"}).text
    assert "kl. 08.00, från Nils Ros</legend>" in shown
    sent = CaseDocument("b", "Brev från kommunen: Svar", h.NOW, (("Till", "nils@post.example"), ("Ämne", "Hej")), "")
    asking = Asking((), (), Choice({}, [], {}), frozenset(), {}, "", "")
    assert asking.correspondent(sent) == "till nils@post.example"
    assert asking.correspondent(CaseDocument("j", "Journal", h.NOW, (), "")) == ""


def test_a_protected_identitys_address_is_masked_unasked_and_on_no_page(house, surf) -> None:
    text = f"{h.SECRET} Jag bor på Lingonstigen 4, 123 45 EKDALA."
    made = h.suggestion(text, h.Area.GATA_PARK, 0.9, flags=((h.FlagKind.SKYDDAD_IDENTITET, "skyddade"),))
    case = routed(house, house.letter("Skyddad", text, made, from_addr="hemlig@mejl.example"))
    give_address(house, case, address="Lingonstigen 4\n123 45 EKDALA", email="hemlig@mejl.example")
    shown, answer = fetch(surf("registrator"), case, maskera=[])
    for secret in ("Lingonstigen", "123 45", "hemlig@mejl"):
        assert secret not in shown.text, secret
        assert secret not in everything(answer.content), secret
    assert "[maskat 21:3]" in read(answer.content, "Brev till kommunen")


def test_the_proposed_notice_follows_what_is_chosen_and_ones_own_stays(house, surf, case) -> None:
    page, path = surf("registrator"), f"/arenden/{case.id}/lamna-ut"
    first = page.post(path, **{**fields(page.get(path).text), "gor": "visa"})
    sent = fields(first.text)
    other = {name: "26:1" if name.startswith("g_") else value for name, value in sent.items()}
    again = page.post(path, **{**other, "forslag": sent["besked"], "gor": "visa"})
    assert GROUNDS["26:1"] in fields(again.text)["besked"]
    own = page.post(path, **{**other, "forslag": sent["besked"], "besked": "Mitt eget besked.", "gor": "visa"})
    assert fields(own.text)["besked"] == "Mitt eget besked."


def test_a_protected_identitys_number_and_street_are_masked_however_they_are_written(house, surf) -> None:
    text = f"{h.SECRET} Ring 070 174 06 05 eller +46701740605. Jag bor på Lingonstigen."
    made = h.suggestion(text, h.Area.GATA_PARK, 0.9, flags=((h.FlagKind.SKYDDAD_IDENTITET, "skyddade"),))
    case = routed(house, house.letter("Skyddad", text, made, from_addr="hemlig@mejl.example"))
    give_address(house, case, address="Lingonstigen 4\n123 45 EKDALA", phone="0701740605")
    shown, answer = fetch(surf("registrator"), case, maskera=[])
    for secret in ("Lingonstigen", "174", "070"):
        assert secret not in read(answer.content, "Brev till kommunen"), secret
    assert not re.search(r"Lingonstigen|174 06|701740605", shown.text)
