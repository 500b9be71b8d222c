"""Cases of one incident on the case page: offered, merged, taken apart, answered together; and a letter split."""

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from cases.case import CaseStatus
from cases.inbound.messages import Attachment, ScanState
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.routing.incidents import Imprint
from tests.desk import house as h
from tests.desk.steps import routed, step

DARK = "lampan på lingonstigen lyser inte heller i dag. mörkt och halt. när kommer ni"
STREET = Imprint("e5", bytes([120, 30]), frozenset({"lingonstigen"}))


def marked(house, case):
    with house.store.begin() as tx:
        tx.add_imprint(case.id, tx.case_file(case.id, SYSTEM).messages[0].id, STREET)
    return case


@pytest.fixture
def two(house):
    """A lamp in the hands of its unit, and a newer letter of it that waits for the registrator."""
    first = marked(house, routed(house, h.lamp(house, hours=30)))
    made = h.suggestion(DARK, h.Area.GATA_PARK, 0.9)
    second = house.letter("mörkt", DARK, made, from_name="Bo Ek", from_addr="bo@post.example", hours=1)
    return first, marked(house, second)


def same(page, house, case, other, gor: str, hall: str = ""):
    fields = {"annat": other.id, "annan_version": house.case(other.id).version, "hall": hall, "gor": gor}
    return step(page, house, case, "samma-handelse", **fields)


def letters(house, case) -> list[LetterKind]:
    with house.store.read() as tx:
        return [e.letter.kind for e in tx.case_file(case.id, SYSTEM).letters if not e.internal]


def test_the_newer_letter_is_put_into_the_older_case_and_both_are_answered(house, surf, two) -> None:
    first, second = two
    page = surf("registrator")
    address = f"/arenden/{second.id}/samma-handelse"
    assert f'data-efter="{address}?del=ja"' in page.get(f"/arenden/{second.id}").text
    text = page.get(f"{address}?del=ja").text
    assert text in page.get(address).text, "without a script the same on a page of its own"
    assert "Kanske samma händelse" in text
    assert f"Lägg in i {first.number}" in text
    assert "Båda nämner: Lingonstigen." in text
    answer = page.follow(same(page, house, second, first, "sla-ihop", "dit"))
    assert "Ärendet är ihopslaget" in answer.text
    worker = surf("handlaggare")
    text = worker.get(f"/arenden/{first.id}").text
    assert DARK in text
    assert "Svaret går till fler." in text
    fields = {"brev": "svar", "f_svar": "Lampan byts i morgon.", "gor": "skicka"}
    worker.get(f"/arenden/{first.id}/svara?brev=svar")
    sent = worker.post(f"/arenden/{first.id}/svara", version=house.case(first.id).version, **fields)
    assert sent.status_code == 303, sent.text
    assert LetterKind.SVAR in letters(house, first)
    assert LetterKind.SVAR in letters(house, second)


def test_the_preview_names_all_cases_of_its_reader_as_the_letter_does(house, surf) -> None:
    first = routed(house, h.lamp(house, hours=30))
    second = h.lamp(house, hours=1)
    page, worker = surf("registrator"), surf("handlaggare")
    assert step(page, house, second, "sla-ihop", nummer=first.number).status_code == 303
    worker.get(f"/arenden/{first.id}/svara?brev=svar")
    fields = {"brev": "svar", "f_svar": "Lampan byts i morgon.", "version": house.case(first.id).version}
    shown = worker.follow(worker.post(f"/arenden/{first.id}/svara", gor="visa", **fields)).text
    worker.post(f"/arenden/{first.id}/svara", gor="skicka", **fields)
    with house.store.read() as tx:
        sent = next(e for e in tx.letters_of(first.id) if e.letter.kind is LetterKind.SVAR)
    assert f"[{first.number}, {second.number}]" in sent.letter.subject
    assert sent.letter.subject in shown


def test_a_merger_is_undone_on_either_cases_page(house, surf, two) -> None:
    first, second = two
    page = surf("registrator")
    same(page, house, second, first, "sla-ihop", "dit")
    main = page.get(f"/arenden/{first.id}").text
    apart = main[main.index(f'action="/arenden/{second.id}/ta-isar"') :]
    assert f'name="version" value="{house.case(second.id).version}"' in apart.partition("</form>")[0]
    text = page.get(f"/arenden/{second.id}").text
    assert "Ta isär igen" in text
    assert "Öppna igen" not in text, "the other case's promises would stay as they are"
    assert page.follow(step(page, house, second, "ta-isar")).status_code == 200
    assert house.case(second.id).status is CaseStatus.SUGGESTED
    assert "Svaret går till fler." not in page.get(f"/arenden/{first.id}").text


def test_merging_by_number_tells_what_is_wrong(house, surf, two) -> None:
    first, second = two
    page = surf("registrator")
    wrong = step(page, house, second, "sla-ihop", nummer="EK-2026-99999", form="sla-ihop")
    assert wrong.status_code == 422
    assert "Det finns inget ärende med det numret som du kan läsa." in wrong.text
    assert "EK-2026-99999" in wrong.text
    assert step(page, house, second, "sla-ihop", nummer=first.number).status_code == 303
    assert house.case(second.id).status is CaseStatus.MERGED


def test_what_is_secret_is_neither_offered_nor_shown_to_others(house, surf, two) -> None:
    first, _ = two
    secret = marked(house, h.school(house))
    worker = surf("handlaggare")
    text = worker.get(f"/arenden/{first.id}/samma-handelse").text
    assert "#back" in text.split(f'href="/arenden/{first.id}"')[1][:200], "the way back has its arrow"
    assert secret.number not in text
    worker.get(f"/arenden/{first.id}")
    assert same(worker, house, first, secret, "koppla").status_code == 404
    assert same(worker, house, first, secret, "sla-ihop", "hit").status_code == 404
    assert same(worker, house, first, secret, "besvara").status_code == 404
    registrator = surf("registrator")
    assert secret.number in registrator.get(f"/arenden/{first.id}/samma-handelse").text
    refused = same(registrator, house, first, secret, "sla-ihop", "hit")
    assert refused.status_code == 422
    assert house.case(secret.id).status is CaseStatus.SUGGESTED


def test_linked_cases_are_answered_together(house, surf, two) -> None:
    first, second = two
    second = routed(house, second)
    worker = surf("handlaggare")
    page = worker.follow(same(worker, house, first, second, "besvara"))
    assert f"&amp;ocksa={second.id}" in page.text
    form = worker.get(f"/arenden/{first.id}/svara?brev=svar&ocksa={second.id}")
    value = f"{second.id}:{house.case(second.id).version}"
    assert f'value="{value}" id="ocksa-1" checked' in form.text
    fields = {"brev": "svar", "f_svar": "Lampan byts i morgon.", "gor": "skicka", "ocksa": value}
    shown = worker.post(f"/arenden/{first.id}/svara", **{**fields, "gor": "visa"}, version=house.case(first.id).version)
    assert f"Samma svar till</dt><dd>Bo Ek, {second.number}</dd>" in worker.follow(shown).text
    sent = worker.post(f"/arenden/{first.id}/svara", version=house.case(first.id).version, **fields)
    assert "redan besvarat" not in form.text
    assert f"Samma svar går till {second.number}." in worker.follow(sent).text
    assert "(Bo Ek): redan besvarat" in worker.get(f"/arenden/{first.id}/svara?brev=svar").text
    assert [house.case(one.id).status for one in two] == [CaseStatus.ANSWERED] * 2


def test_an_answer_together_stops_where_the_other_case_changed(house, surf, two) -> None:
    first, second = two
    second = routed(house, second)
    worker = surf("handlaggare")
    same(worker, house, first, second, "koppla")
    fields = {"brev": "svar", "f_svar": "Lampan byts.", "gor": "skicka", "ocksa": f"{second.id}:0"}
    worker.get(f"/arenden/{first.id}/svara?brev=svar")
    sent = worker.post(f"/arenden/{first.id}/svara", version=house.case(first.id).version, **fields)
    assert sent.status_code == 409
    assert LetterKind.SVAR not in letters(house, first)


def test_a_letter_is_split_on_its_own_page(house, surf, two) -> None:
    _, second = two
    page = surf("registrator")
    assert f'href="/arenden/{second.id}/dela"' in page.get(f"/arenden/{second.id}").text
    assert f"Resten av brevet är kvar i {second.number}." in page.get(f"/arenden/{second.id}/dela").text
    version = house.case(second.id).version
    part = {"rubrik_1": "Halt", "enhet_1": "gata", "text_1": "Mörkt och halt."}
    refused = page.post(f"/arenden/{second.id}/dela", version=version, **part | {"enhet_1": ""})
    assert refused.status_code == 422
    assert "Välj enhet för varje nytt ärende." in refused.text
    assert "Mörkt och halt." in refused.text
    done = page.follow(page.post(f"/arenden/{second.id}/dela", version=version, **part, rubrik_2="Vatten",
                                 enhet_2="va", text_2="Vattnet smakar.", hela="ja"))  # fmt: skip
    assert "Brevet är uppdelat. Nya ärenden:" in done.text
    assert house.case(second.id).status is CaseStatus.SPLIT
    with house.store.read() as tx:
        new = [line.id for line in tx.case_file(second.id, SYSTEM).linked]
    assert sorted(house.case(one).unit_id for one in new) == ["gata", "va"]
    assert all(LetterKind.MOTTAGNING not in letters(house, house.case(one)) for one in new)


def test_the_attachments_of_a_part_are_chosen_on_the_page(house, surf) -> None:
    files = [Attachment(name, "image/png", 4, sha256(name.encode()).hexdigest(), name.encode()) for name in ("a", "b")]
    bad = replace(files[0], name="virus", scan=ScanState.INFECTED)
    made = h.suggestion(h.LAMP, h.Area.GATA_PARK, 0.9)
    case = house.letter("Lampa och vatten", h.LAMP, made, attachments=(*files, bad))
    page = surf("registrator")
    shown = page.get(f"/arenden/{case.id}/dela").text
    ids = re.findall(r'name="bilaga_2" value="([^"]+)"', shown)
    assert len(ids) == 2
    assert "virus" not in re.findall(r"Bilaga: (\w+)", shown)
    part = {"rubrik_2": "Vatten", "enhet_2": "va", "text_2": "Vattnet smakar.", "bilaga_2": ids[1]}
    refused = page.post(f"/arenden/{case.id}/dela", version=house.case(case.id).version, **part | {"enhet_2": ""})
    assert re.findall(r'value="([^"]+)" id="bilaga_\d_\d" checked', refused.text) == [ids[1]]
    page.post(f"/arenden/{case.id}/dela", version=house.case(case.id).version, **part)
    with house.store.read() as tx:
        (line,) = tx.case_file(case.id, SYSTEM).linked
        assert [one.name for one in tx.case_file(line.id, SYSTEM).attachments] == ["b"]


def test_only_a_registrator_of_the_case_splits_it(house, surf, two) -> None:
    first, _ = two
    worker = surf("handlaggare")
    assert "Dela upp" not in worker.get(f"/arenden/{first.id}").text
    assert worker.get(f"/arenden/{first.id}/dela").status_code == 403


def test_an_answered_merger_cannot_be_taken_apart(house, surf, two) -> None:
    first, second = two
    same(surf("registrator"), house, second, first, "sla-ihop", "dit")
    worker = surf("handlaggare")
    step(worker, house, first, "ta")
    worker.get(f"/arenden/{first.id}/svara?brev=svar")
    fields = {"brev": "svar", "f_svar": "Byts i morgon.", "gor": "skicka"}
    worker.post(f"/arenden/{first.id}/svara", version=house.case(first.id).version, **fields)
    text = worker.get(f"/arenden/{first.id}").text
    assert "Avsändaren där har fått svaret" in text
    assert "Svaret går till fler" not in text
    page = surf("registrator")
    text = page.get(f"/arenden/{second.id}").text
    assert "Avsändaren har fått svaret." in text
    assert "Öppna igen" in text
    assert step(page, house, second, "ta-isar").status_code in (403, 422)
    assert house.case(second.id).status is CaseStatus.MERGED


def test_somebody_elses_letter_is_made_a_case_from_the_page(house, surf) -> None:
    case = routed(house, h.lamp(house))
    with house.store.read() as tx:
        first = tx.thread(case.id)[0]
    house.letter(
        "Sv: lampan",
        "Min brunn är tom.",
        from_name="Nils Nord",
        from_addr="nils@post.example",
        in_reply_to=first.strip("<>"),
    )
    with house.store.read() as tx:
        (letter,) = (m for m in tx.case_file(case.id, SYSTEM).messages if m.outsider)
    assert "Gör till eget ärende" not in surf("handlaggare").get(f"/arenden/{case.id}").text
    page = surf("registrator")
    assert page.get(f"/arenden/{case.id}").text.count("Gör till eget ärende</button>") == 1
    done = page.follow(step(page, house, case, f"meddelanden/{letter.id}/eget")).text
    assert "Brevet är ett eget ärende nu." in done
    assert "Gör till eget ärende" not in done
    (new,) = re.findall(r'href="/arenden/(\w+)">[^\n]*Brevet är ett eget ärende</a>', done)
    assert house.case(new).sender.email == "nils@post.example"
    told = surf("handlaggare").get(f"/arenden/{case.id}").text
    assert "<p>Brevet är ett eget ärende.</p>" in told
    assert new not in told, "no link to a page that does not open for them"
