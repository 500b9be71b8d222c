"""The queue: what a registrator sees of a letter there, how it is narrowed, and a flood of letters put away at once."""

import re
from dataclasses import replace

from cases.case import CaseStatus
from cases.office import LetterRules
from cases.routing.flags import FlagKind
from cases.store.reads import ReadPart
from desk.settings import HealthLine
from desk.views.overview import queue
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app


def test_the_queue_shows_what_a_registrator_needs_to_decide(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    text = surf("registrator").get("/att-fordela").text
    for words in ("Släckt gatlykta", "Berit Alm", "Gata och park", "säker", "93 %", "Felanmälan", "om 3 arbetsdagar"):
        assert words in text
    for words in ("Grundskolan", "trolig", "64 %", "Elev eller förskolebarn", "Allvarligt"):
        assert words in text
    assert "<title>(2) Att fördela" in text
    assert text.index("Min son") < text.index("Släckt gatlykta"), "the oldest promise stands first"


def test_the_queue_says_how_many_letters_have_no_mail_of_their_own(house, surf) -> None:
    house.office = replace(house.office, letters=LetterRules(notices_per_sender=1))
    texts = [f"{h.LAMP} Stolpen har nummer {word}." for word in ("ett", "två", "tre")]
    cases = [house.letter("Lampa", text, h.suggestion(text, h.Area.GATA_PARK, 0.93)) for text in texts]
    page = surf("registrator")
    assert "Därför samlas mejlen om två ärenden i ett." in page.get("/att-fordela").text
    page.post(f"/arenden/{cases[2].id}/bekrafta", version=cases[2].version)
    page.post(f"/arenden/{cases[1].id}/bekrafta", version=cases[1].version)
    assert "samlas" not in page.get("/att-fordela/lista").text


def test_a_senders_flood_is_looked_at_and_put_away_by_itself(house, surf, monkeypatch) -> None:
    """A page of the queue holds thirty letters, which were ticked one by one."""
    monkeypatch.setattr(queue, "_PAGE", 3)
    flood = [h.lamp(house) for _ in range(5)]
    other, secret = h.lamp(house, from_addr="annan@mejl.example"), h.school(house)
    page = surf("registrator")
    link = re.search(r'href="(\?avsandare=[^"]+)">fem brev från samma avsändare', page.get("/att-fordela").text)[1]
    text = page.get(f"/att-fordela{link}&valj=alla").text
    assert "mejl.example" not in link
    ticked = re.findall(r'name="val" value="([^"]+)" id="[^"]+" checked', text)
    assert {one.partition(":")[0] for one in ticked} == {one.id for one in flood}
    done = page.follow(
        page.post("/flera", val=ticked, sida="/att-fordela", gor="inget", orsak="Samma brev fem gånger.")
    )
    offered = re.findall(r'name="val" value="([^":]+):\d+" checked', done.text)
    assert sorted(offered) == sorted(one.id for one in flood), "all that were decided at once are taken back at once"
    assert {house.case(one.id).status for one in flood} == {CaseStatus.NOT_A_CASE}
    assert house.case(other.id).status is CaseStatus.SUGGESTED
    for unknown in ("finns-inte", flood[0].id[:-1]):
        assert "om avsändare i adressen går inte att förstå" in page.get(f"/att-fordela?avsandare={unknown}").text
    hidden = surf("gataregistrator").get(f"/att-fordela?avsandare={secret.id}").text
    assert "om avsändare i adressen" in hidden, "whose sender one may not know narrows nothing"
    assert f'id="v-{secret.id}" checked' not in page.get(f"/att-fordela?avsandare={secret.id}&valj=alla").text


def test_filters_narrow_the_queue_and_come_back_after_a_confirmation(house, surf) -> None:
    case = h.lamp(house)
    h.school(house)
    page = surf("registrator")
    text = page.get("/att-fordela?skyddat=nej&typ=felanmalan").text
    assert "Släckt gatlykta" in text
    assert "Min son" not in text
    answer = page.post(f"/arenden/{case.id}/bekrafta", version=case.version, fraga="typ=felanmalan&skyddat=nej")
    assert answer.headers["location"] == f"/att-fordela?typ=felanmalan&skyddat=nej&angra={case.id}#innehall"


def test_the_queue_is_narrowed_to_a_suggested_unit(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    page = surf("registrator")
    assert 'for="enhet">Föreslagen enhet' in page.get("/att-fordela").text
    text = page.get("/att-fordela?enhet=gata").text
    assert "Släckt gatlykta" in text
    assert "Min son" not in text
    assert "<title>(1) Att fördela" in text
    assert '<option value="gata" selected>' in text
    text = page.get("/att-fordela?enhet=skola").text
    assert "Släckt gatlykta" not in text
    assert "Min son" in text
    assert "Det som står om enhet i adressen går inte att förstå." in page.get("/att-fordela?enhet=finns-inte").text


def test_a_secret_on_its_way_to_another_authority_is_said_to_be_so(house, surf) -> None:
    text = "Min mamma med hemtjänst har fått fel medicin."
    flags = ((FlagKind.SOCIALTJANST, "hemtjänst"),)
    case = house.letter("Mamma", text, h.suggestion(text, h.Area.ALDREOMSORG, 0.9, flags=flags))
    h.lamp(house)
    page = surf("registrator")
    assert page.get("/att-fordela").text.count("Lämnas till en annan myndighet: Socialnämnden") == 1
    text = page.get(f"/arenden/{case.id}").text
    assert "Annan myndighet: Socialnämnden" in text
    assert "OSL 8 kap. 1 §" in text


def test_no_filter_selects_people_by_a_kind_of_flag(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    page = surf("registrator")
    everything = page.get("/att-fordela").text.count('class="brev ')
    for name in ("flagga", "flag", "kind", "sekretess"):
        assert page.get(f"/att-fordela?{name}=osl_23_skola").text.count('class="brev ') == everything


def test_the_list_alone_holds_new_letters(house, surf) -> None:
    page = surf("registrator")
    assert "Kön är tom" in page.get("/att-fordela/lista").text
    h.lamp(house)
    text = page.get("/att-fordela/lista").text
    assert "Släckt gatlykta" in text
    assert "<html" not in text


def test_an_empty_queue_says_which_mailbox_no_letters_come_from(house) -> None:
    """On the first day, before anybody started the service, it said that new letters come by themselves."""
    never = HealthLine("Brevlådan synpunkter", ok=False, text="har aldrig lästs")
    page = Surfer(make_app(house, unfetched=lambda: [never]), "registrator")
    text = page.get("/att-fordela/lista").text
    assert "Brevlådan synpunkter har aldrig lästs. Så länge kommer inga nya brev därifrån." in text
    assert 'href="/halsa"' in text
    assert "av sig själva" not in text
    assert "Säg till administratören" in Surfer(page.client.app, "vissel").get("/att-fordela/lista").text
    h.lamp(house)
    assert "har aldrig lästs" not in page.get("/att-fordela/lista").text


def test_who_sees_the_first_words_of_a_protected_letter_is_logged_once(house, surf) -> None:
    h.lamp(house)
    hidden = h.threat(house)
    assert "ner till kontoret" in surf("registrator").get("/att-fordela").text
    assert "ner till kontoret" in surf("registrator").get("/att-fordela/lista").text
    assert surf("gataregistrator").get("/att-fordela").status_code == 200
    surf("registrator").get(f"/arenden/{hidden.id}")
    with house.store.read() as tx:
        read = [(line.user_id, line.case_number, line.part) for line in reversed(tx.reads())]
    seen = [("registrator", hidden.number, part) for part in (ReadPart.QUEUE, ReadPart.CASE)]
    assert read == seen


def test_a_full_page_of_the_queue_weighs_little_with_everything(house, surf) -> None:
    for _ in range(31):
        h.lamp(house)
    page = surf("registrator")
    text = page.get("/att-fordela").text
    assert text.count('class="brev"') == 30
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text))
    assert len(assets) == 4
    assert len(text.encode()) + sum(len(page.client.get(path).content) for path in assets) < 150_000
    assert "Sida 1 av 2" in text


def test_who_empties_the_last_page_is_on_the_one_before_it(house, surf) -> None:
    for _ in range(31):
        h.lamp(house)
    page = surf("registrator")
    text = page.get("/att-fordela?sida=2").text
    (link,) = re.findall(r'href="/arenden/(\w+)"', text)
    done = page.post(f"/arenden/{link}/bekrafta", version=house.case(link).version, fraga="sida=2")
    text = page.follow(done).text
    assert text.count('class="brev"') == 30
    assert "Kön är tom" not in text, "thirty letters wait"
    assert 'data-hamta="/att-fordela/lista?"' in text
    assert page.get("/diarium?sida=9").text.count('class="nummer"') == 31
