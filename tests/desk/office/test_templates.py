"""Brevmallar: trying, saving, approving, going back; what is wrong is not saved, and nobody overwrites another."""

import re
from dataclasses import replace

import pytest

from cases.letters.letter import LetterContext, LetterKind
from cases.letters.texts import LetterSource, Standing, TextAct, TextEvent, standing
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.variables import sample_values
from notifier.workshop import TemplateWorkshop
from service.installation.letter_texts import LiveTexts
from tests.desk import house as h

SVAR = "/brevmallar/svar/sv"


def shipped(kind: LetterKind = LetterKind.SVAR, language: str = "sv") -> LetterSource:
    found = h.workshop().below(kind, language)
    assert found is not None
    return found[1]


def fields(source: LetterSource, page, path: str = SVAR) -> dict[str, str]:
    seen = re.search(r'name="sedd" value="([^"]*)"', page.get(path).text)
    assert seen is not None
    return {"amne": source.subject, "text": source.text, "html": source.html, "sedd": seen[1]}


def changed() -> LetterSource:
    plain = shipped()
    return LetterSource(plain.subject, plain.text.replace("Hej!", "God dag!"), plain.html.replace("Hej!", "God dag!"))


def test_a_text_is_tried_saved_approved_and_taken_back(surf, house) -> None:
    page = surf("admin")
    assert "God dag!" in page.post(f"{SVAR}/prova", **fields(changed(), page)).text
    said = page.follow(page.post(SVAR, gor="saved", **fields(changed(), page))).text
    assert "Utkastet är sparat" in said
    assert "God dag!" in said
    assert standing_of(house).files == {}
    page.follow(page.post(SVAR, gor="approved", **fields(changed(), page)))
    files = standing_of(house).files
    assert "God dag!" in files["sv/svar/body.txt"]
    text = page.get(SVAR).text
    assert "Ändrad på skrivbordet" in text
    assert "+God dag!" in text
    page.follow(page.post(SVAR, gor="withdrawn", **fields(changed(), page)))
    assert standing_of(house).files == {}
    with house.store.read() as tx:
        events = tx.text_events(LetterKind.SVAR, "sv")
    assert [e.act for e in events] == [TextAct.WITHDRAWN, TextAct.APPROVED, TextAct.SAVED]
    assert {e.by for e in events} == {"admin"}
    assert "God dag!" in page.get(f"{SVAR}?version={events[1].id}").text


def standing_of(house) -> Standing:
    with house.store.read() as tx:
        return standing(tx.texts_standing(), h.workshop())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Hej {{ personnummer }}", "finns inte i det här brevet"),
        ("{% set x = 1 %}", "inte tillåtet i en brevmall"),
        ("{% for a in svar %}{% for b in svar %}x{% endfor %}{% endfor %}", "inte tillåtet"),
        ("{{ ''.__class__ }}", "inte tillåtet"),
        ("{% include '/etc/passwd' %}", "inte tillåtet"),
        ("{{ svar", "rad"),
        ("Registreringsnummer: {{ registry_number }}", "kan vara tom"),
        ("", "Texten är tom"),
        ("x" * 40_000, "längre än"),
    ],
)
def test_what_lint_finds_is_neither_saved_nor_approved(surf, house, text: str, wrong: str) -> None:
    page = surf("registrator")
    plain = shipped()
    for act in ("saved", "approved"):
        answer = page.post(SVAR, gor=act, **fields(LetterSource(plain.subject, text, plain.html), page))
        assert answer.status_code == 422
        assert wrong in answer.text
        assert "Texten är inte sparad" in answer.text
        assert "<title>Fel: Svar på fråga" in answer.text
        assert re.search('<textarea id="text"[^>]* aria-invalid="true" aria-describedby="hinder"', answer.text)
        assert 'aria-describedby="html-om"' in answer.text
    with house.store.read() as tx:
        assert tx.text_events(LetterKind.SVAR, "sv") == []


BEGUN = '{% extends "sv/_person/body.txt" %}\n{% block innehall %}\n'


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("{{ svar }", "Texten, rad 3: tecknet } står fel. Ett ord som fylls i skrivs {{ ord }}."),
        ("{{ svar namn }}", "Texten, rad 3: det som börjar med {{ ska sluta med }} och bara ha ett ord emellan."),
        ("{{ }}", "Texten, rad 3: det saknas ett ord mellan klamrarna."),
        ("{% if svar = 1 %}", "Texten, rad 3: det som börjar med {% ska sluta med %}; lika med skrivs ==."),
        ("{% svar %}", "Texten, rad 3: {% svar %} finns inte. Ska ordet fyllas i skriver du {{ svar }}."),
        ("{{ svar }}", "Texten, rad 3: {% block %} saknar {% endblock %} efter."),
        ("{% endif %}", "Texten, rad 3: {% endif %} står utan {% if %} före."),
        ("{% if svar %}{% endblock %}", "Texten, rad 3: {% if %} saknar {% endif %} efter."),
        ("{{ svaret }}{% endblock %}", "Texten, rad 3: variabeln ”svaret” finns inte i det här brevet."),
        ("{# svar", "Texten, rad 3: det som börjar med {# ska sluta med #}."),
        ("{{ svar | stor }}{% endblock %}", "sv/svar/body.txt, rad 3: ”stor” efter strecket | finns inte."),
    ],
)
def test_what_is_wrong_with_a_text_is_said_in_swedish_at_its_field(typed: str, says: str) -> None:
    made = h.workshop().trial(LetterKind.SVAR, "sv", replace(shipped(), text=BEGUN + typed))
    assert made.letter is None
    assert made.faults[0].endswith(says)
    assert len(made.faults) == 1


def test_hostile_html_is_a_fault_and_shown_without_effect(surf) -> None:
    page = surf("admin")
    plain = shipped()
    evil = "<script>alert(1)</script><img src=//spion.example/x>{% endblock %}"
    bad = LetterSource(plain.subject, plain.text, plain.html.replace("{% endblock %}", evil, 1))
    answer = page.post(f"{SVAR}/prova", **fields(bad, page))
    assert "Elementet &lt;script&gt; är inte tillåtet" in answer.text
    assert "<script>alert" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy


def test_two_who_change_one_letter_never_overwrite_each_other(surf) -> None:
    ada, rut = surf("admin"), surf("registrator")
    mine, theirs = fields(changed(), ada), fields(changed(), rut)
    ada.follow(ada.post(SVAR, gor="saved", **mine))
    answer = rut.post(SVAR, gor="approved", **theirs)
    assert "Någon annan har ändrat brevet" in answer.text


def test_a_translation_is_off_until_approved_and_again_when_its_text_changes(house) -> None:
    shop, now = h.workshop(), house.clock()
    finnish = shipped(LetterKind.MOTTAGNING, "fi")
    approval = TextEvent("1", LetterKind.MOTTAGNING, "fi", now, "ada", TextAct.APPROVED, None, finnish.digest)
    for events, used in (([], "sv"), ([approval], "fi"), ([_with(approval, digest="annan")], "sv")):
        found = standing(events, shop)
        renderer = TemplateRenderer(
            sample_constants(), approved_languages=("sv", "fi"), texts=lambda found=found: found
        )
        values = LetterContext(sample_values(LetterKind.MOTTAGNING))
        assert renderer.render(LetterKind.MOTTAGNING, "fi", values).language == used


def _with(event: TextEvent, **changes: object) -> TextEvent:
    return TextEvent(**{**{n: getattr(event, n) for n in event.__dataclass_fields__}, **changes})


def test_the_page_says_that_a_draft_is_not_sent(surf, house) -> None:
    page = surf("admin")
    assert "Språk som inte är påslagna" in page.get("/brevmallar").text
    assert "Språket är inte påslaget" in page.get("/brevmallar/mottagning/fi").text
    app = page.client.app
    object.__setattr__(app.state.desk.settings, "letter_languages", frozenset({"sv", "fi"}))
    path = "/brevmallar/mottagning/fi"
    assert "Utkast. Skickas inte förrän en person har godkänt den." in page.get(path).text
    page.follow(page.post(path, gor="approved", **fields(shipped(LetterKind.MOTTAGNING, "fi"), page, path)))
    assert "Utkast. Skickas inte" not in page.get(path).text
    assert (LetterKind.MOTTAGNING, "fi") in standing_of(house).approved
    assert standing_of(house).files == {}


def test_the_daemon_sees_a_new_text_without_a_restart(house, surf) -> None:
    ticks = [0.0]
    live = LiveTexts(house.store, lambda: ticks[0], seconds=2.0)
    renderer = TemplateRenderer(sample_constants(), texts=live)
    live.workshop = TemplateWorkshop(renderer)
    values = LetterContext(sample_values(LetterKind.SVAR))
    assert "God dag!" not in renderer.render(LetterKind.SVAR, "sv", values).text
    page = surf("admin")
    page.follow(page.post(SVAR, gor="approved", **fields(changed(), page)))
    assert "God dag!" not in renderer.render(LetterKind.SVAR, "sv", values).text
    ticks[0] = 3.0
    letter = renderer.render(LetterKind.SVAR, "sv", values)
    assert "God dag!" in letter.text
    assert "God dag!" in letter.html


def test_the_desk_wins_over_the_folder_and_the_folder_over_the_shipped(tmp_path) -> None:
    plain = shipped()
    folder = tmp_path / "sv" / "svar"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Mappens svar", encoding="utf-8")
    renderer = TemplateRenderer(sample_constants(), overrides=[tmp_path])
    origin, source = TemplateWorkshop(renderer).below(LetterKind.SVAR, "sv")
    assert (origin, source.subject) == ("folder", "Mappens svar")
    desk = Standing({"sv/svar/subject.txt": "Skrivbordets svar"})
    both = TemplateRenderer(sample_constants(), overrides=[tmp_path], texts=lambda: desk)
    assert both.preview(LetterKind.SVAR).subject.startswith("Skrivbordets svar")
    assert source.text == plain.text


def test_a_unit_registrator_changes_no_letters(surf) -> None:
    page = surf("gataregistrator")
    page.get("/brevlador")
    assert page.get(SVAR).status_code == 403
    assert page.post(SVAR, gor="approved").status_code == 403


def test_an_unknown_letter_or_language_is_not_found(surf) -> None:
    page = surf("admin")
    for path in ("/brevmallar/finns-inte/sv", "/brevmallar/svar/xx", "/brevmallar/svar/../prova"):
        assert page.get(path).status_code == 404
