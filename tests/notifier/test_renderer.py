"""Every letter in every language, what a value may do to it, and what a municipality may change."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import TemplateError
from cases.letters.letter import INTERNAL, LetterContext, LetterKind
from cases.routing.flags import FLAG_RULES, FlagKind
from notifier import TemplateRenderer
from notifier.constants import CONSTANTS, REQUIRED_CONSTANTS, sample_constants
from notifier.renderer import LANGUAGES
from notifier.variables import NEEDS, VARIABLES, sample_values

SUBJECTS = {
    "mottagning": "Vi har tagit emot ditt meddelande",
    "status": "Så går det med ditt ärende",
    "vidarebefordrad": "Ditt ärende har lämnats vidare",
    "langre_tid": "Vi behöver mer tid",
    "beslut_atgard": "Svar på ditt ärende",
    "beslut_ingen": "Svar på ditt ärende",
    "svar": "Svar på ditt ärende",
    "ursakt": "Vi ber om ursäkt",
    "komplettera": "Vi behöver mer uppgifter",
    "sekretess_safe": "Meddelande från kommunen",
    "hanvisning": "Så lämnar du synpunkter",
    "ej_ansvar": "Vi har inte hand om frågan",
    "berom": "Tack för ditt beröm",
    "eskalerad": "Chefen tar över ditt ärende",
    "fraga_utanfor": "Fråga från kommunen",
    "till_registrator": "Ärende att fördela",
    "till_enhetsregistrator": "Ärende till er enhet",
    "till_handlaggare": "Nytt ärende till dig",
    "svar_inkommet": "Nytt meddelande i ärendet",
    "studs": "Ett brev kom inte fram",
    "till_forvaltningschef": "För kännedom: ärende i din förvaltning",
    "till_chef": "Brådskande ärende",
    "paminnelse_fore": "Svarstiden går snart ut",
    "paminnelse_efter": "Svarstiden har gått ut",
    "paminnelse_lista": "Försenade ärenden",
    "larm_lista": "Brådskande ärenden att fördela",
    "nya_lista": "Många nya ärenden att fördela",
    "halvar": "Dags för sammanställning",
    "mejlsvar_skickat": "Ditt svar är mottaget",
    "mejlsvar_stoppat": "Ditt svar skickades inte",
    "franvaro": "Handläggaren är borta",
    "oversyn": "Dags att se över rutinen",
    "bevakning": "Ett ärende att bevaka",
    "kollega_svarat": "En kollega har svarat i ärendet",
}
CITIZEN = [kind for kind in LetterKind if kind not in INTERNAL | {LetterKind.FRAGA_UTANFOR}]
SHIPPED = TemplateRenderer(sample_constants())
EVERY = [(k, code) for k in LetterKind for code in SHIPPED.languages(k)]


@pytest.fixture
def renderer() -> TemplateRenderer:
    return TemplateRenderer(sample_constants(), approved_languages=LANGUAGES)


def context(kind: LetterKind, **values: str) -> LetterContext:
    return LetterContext({**sample_values(kind), **values})


def own(tmp_path, name: str, text: str) -> TemplateRenderer:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return TemplateRenderer(sample_constants(), overrides=[tmp_path])


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_letter_renders_with_all_and_with_only_its_required_values(renderer, kind, language):
    for optional in (True, False):
        values = sample_values(kind, optional=optional)
        letter = renderer.render(kind, language, LetterContext(values))
        assert letter.language == language
        assert letter.subject.endswith("[EK-2026-00001]") == ("arende_id" in values)
        assert "\n" not in letter.subject
        assert "{" not in letter.text + letter.html
        assert "\n\n\n" not in letter.text
        for name in NEEDS[kind].required:
            if language == "sv":
                assert re.split(r"[\n|]", values[name])[0].lower() in letter.text.lower(), name


def test_every_letter_is_there_in_swedish_every_citizens_letter_in_english_and_receipts_in_all():
    by_kind = {row.kind: row.languages for row in TemplateRenderer(sample_constants()).catalogue()}
    assert all("sv" in languages for languages in by_kind.values())
    assert all("en" in by_kind[kind] for kind in CITIZEN)
    assert all(by_kind[kind] == ("sv",) for kind in LetterKind if kind not in CITIZEN)
    assert by_kind[LetterKind.MOTTAGNING] == LANGUAGES


@pytest.mark.parametrize("kind", list(LetterKind))
def test_subjects_are_those_of_the_domain_brief_and_name_no_topic(renderer, kind):
    number = " [EK-2026-00001]" if "arende_id" in NEEDS[kind].names else ""
    assert renderer.preview(kind).subject == SUBJECTS[kind] + number


def test_shipped_templates_have_no_faults(renderer):
    assert [str(finding) for finding in renderer.lint()] == []


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_no_letter_names_a_flag(renderer, kind, language):
    letter = renderer.compose(kind, language, sample_values(kind), renderer.constants)
    words = (letter.text + letter.html).lower()
    labels = {rule.label.lower() for rule in FLAG_RULES.values()} | {kind.value for kind in FlagKind}
    assert not [label for label in labels if label in words]


def test_letters_to_citizens_say_112_and_who_answers_for_personal_data(renderer):
    for kind, language in EVERY:
        if kind not in INTERNAL:
            text = renderer.preview(kind, language).text
            assert ("112" in text) == (kind in CITIZEN)
            assert "Kommunstyrelsen i Ekdala kommun" in text
            assert "dataskyddsombud@ekdala.example" in text


def test_the_receipt_tells_what_article_13_asks_for_and_names_no_unit(renderer):
    letter = renderer.render(LetterKind.MOTTAGNING, "sv", context(LetterKind.MOTTAGNING, enhet="Gata och park"))
    for words in ("personuppgiftsansvarig", "artikel 6.1 e", "dataskyddsombud", "Integritetsskyddsmyndigheten"):
        assert words in letter.text
    assert "Vi svarar dig inom tre arbetsdagar." in letter.text
    assert "Gata och park" not in letter.text + letter.html


def test_the_safe_letter_says_number_and_telephone_only(renderer):
    safe = context(
        LetterKind.SEKRETESS_SAFE, enhet="Socialkontoret", handlaggare="Maja Ek", mottagen_datum="1 maj 2026"
    )
    letter = renderer.render(LetterKind.SEKRETESS_SAFE, "sv", safe)
    for word in ("Socialkontoret", "Maja Ek", "1 maj 2026"):
        assert word not in letter.text + letter.html
    assert "EK-2026-00001" in letter.text
    assert "0400-12 30 00" in letter.text


@pytest.mark.parametrize(("language", "offer"), [("sv", "Vill du veta"), ("en", "Would you like to know")])
def test_the_safe_letter_asks_nobody_to_telephone_for_a_mere_notice(renderer, language, offer):
    """It also stands for the word that a case was handed on or takes longer, which nobody need call about."""
    letter = renderer.render(LetterKind.SEKRETESS_SAFE, language, context(LetterKind.SEKRETESS_SAFE))
    for text in (letter.text, letter.html):
        assert text.index(offer) < text.index("0400-12 30 00")


def test_a_value_is_escaped_in_html_and_left_alone_in_text(renderer):
    evil = "Bo <strong>Ek</strong> & co {{ lank }} {% raw %}"
    letter = renderer.render(LetterKind.SVAR, "sv", context(LetterKind.SVAR, handlaggare=evil, svar=evil))
    assert letter.text.count(evil) == 2
    assert "<strong>Ek</strong>" not in letter.html
    assert letter.html.count("Bo &lt;strong&gt;Ek&lt;/strong&gt; &amp; co {{ lank }} {% raw %}") == 2


def test_free_text_keeps_its_paragraphs_and_lines(renderer):
    said = "Första.\r\n\r\nAndra, rad ett\r\nrad två\x00\x07"
    letter = renderer.render(LetterKind.SVAR, "sv", context(LetterKind.SVAR, svar=said))
    assert "Första.\n\nAndra, rad ett\nrad två\n" in letter.text
    assert ">Första.</p>" in letter.html
    assert ">Andra, rad ett<br>\nrad två</p>" in letter.html


def test_a_missing_value_is_named_and_nothing_is_rendered(renderer):
    bare = LetterContext({**sample_values(LetterKind.STATUS), "lage": "  ", "titel": ""})
    assert renderer.missing(LetterKind.STATUS, "sv", bare) == ["titel", "lage"]
    with pytest.raises(TemplateError, match="”Besked om läget” saknar titel, lage"):
        renderer.render(LetterKind.STATUS, "sv", bare)


def test_a_municipality_without_a_privacy_officer_is_told_so():
    with pytest.raises(TemplateError, match="dso"):
        TemplateRenderer(dict.fromkeys(REQUIRED_CONSTANTS - {"dso"}, "x"))


def test_only_required_constants_are_enough():
    least = {name: CONSTANTS[name].sample for name in REQUIRED_CONSTANTS}
    letter = TemplateRenderer(least).preview(LetterKind.MOTTAGNING)
    assert "Storgatan" not in letter.text
    assert 'href=""' not in letter.html


def test_a_draft_is_not_sent_until_it_is_approved():
    kind = LetterKind.MOTTAGNING
    assert TemplateRenderer(sample_constants()).render(kind, "fi", context(kind)).language == "sv"
    approving = TemplateRenderer(sample_constants(), approved_languages=("fi",))
    letter = approving.render(kind, "fi-FI", context(kind))
    assert letter.subject.startswith("Olemme vastaanottaneet viestisi / Vi har tagit emot ditt meddelande")
    assert "Vastaamme sinulle kolmen työpäivän kuluessa." in letter.text
    assert "Vi svarar dig inom tre arbetsdagar." in letter.text
    assert approving.render(kind, "en", context(kind)).language == "sv"
    assert approving.render(LetterKind.STATUS, "fi", context(LetterKind.STATUS)).language == "sv"


def test_arabic_runs_from_right_to_left_above_the_swedish(renderer):
    html = renderer.preview(LetterKind.MOTTAGNING, "ar").html
    assert html.index('<div lang="ar" dir="rtl"') < html.index("Tack för att du hör av dig till oss.")


def test_english_letters_write_english_dates(renderer):
    assert "by 4 December 2026" in renderer.preview(LetterKind.LANGRE_TID, "en").text
    loose = context(LetterKind.LANGRE_TID, ny_tid="vecka 49")
    assert "by vecka 49" in renderer.render(LetterKind.LANGRE_TID, "en", loose).text


def test_own_file_wins_over_the_shipped_one_file_by_file(tmp_path):
    renderer = own(tmp_path, "sv/berom/body.txt", "Hurra, {{ vem }}!\n112\n")
    letter = renderer.render(LetterKind.BEROM, "sv", context(LetterKind.BEROM))
    assert letter.text == "Hurra, vår driftgrupp för gatubelysning!\n112\n"
    assert "Tack för dina vänliga ord!" in letter.html
    assert letter.subject == "Tack för ditt beröm [EK-2026-00001]"


def test_own_file_can_change_one_block_of_the_shipped_one(tmp_path):
    text = '{% extends "lyhord/sv/berom/body.txt" %}{% block signatur %}Kram, {{ handlaggare }}\n{% endblock %}'
    letter = own(tmp_path, "sv/berom/body.txt", text).preview(LetterKind.BEROM)
    assert "Kram, Maja Ek" in letter.text
    assert "Med vänlig hälsning" not in letter.text
    assert "Tack för dina vänliga ord!" in letter.text


def test_own_base_changes_every_letter(tmp_path):
    text = '{% extends "lyhord/sv/_base/body.txt" %}{% block akut %}Ring 112. Sök hjälp.\n{% endblock %}'
    renderer = own(tmp_path, "sv/_base/body.txt", text)
    for kind in (LetterKind.MOTTAGNING, LetterKind.STATUS):
        assert "Ring 112. Sök hjälp." in renderer.preview(kind).text


@pytest.mark.parametrize("name", ["sv/lyckan/body.txt", "sv/berom/brev.txt", "svenska/berom/body.txt", "las-mig.txt"])
def test_lint_tells_of_a_file_that_no_letter_will_ever_use(tmp_path, name):
    found = [str(finding) for finding in own(tmp_path, name, "Hej").lint(LetterKind.BEROM)]
    assert found == [f"{name}: ingen mall heter så. Skriv språk/brev/subject.txt, body.txt eller body.html."]


def test_own_subject_is_forced_to_one_line_and_keeps_the_number(tmp_path):
    renderer = own(tmp_path, "sv/berom/subject.txt", "Tack\nBcc: alla@mejl.example\r\n  så mycket\n")
    subject = renderer.render(LetterKind.BEROM, "sv", context(LetterKind.BEROM)).subject
    assert subject == "Tack Bcc: alla@mejl.example så mycket [EK-2026-00001]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hej\n\n{{ personnr }}", r"sv/berom/body\.txt, rad 3: variabeln ”personnr” finns inte"),
        ("{{ lank }}", "variabeln ”lank” finns inte"),
        ("rad\n{% if vem %}", r"sv/berom/body\.txt, rad 2: {% if %} saknar {% endif %} efter"),
        ("{{ vem.__class__ }}", "en punkt i ett ord är inte tillåtet"),
        ("{% set a = vem %}", "{% set %} är inte tillåtet"),
        ("{{ 'a' * 1000000000 }}", "att räkna är inte tillåtet"),
        (
            "{% for a in vem %}{% for b in vem %}x{% endfor %}{% endfor %}",
            "{% for %} inne i {% for %} är inte tillåtet",
        ),
        ("{{ vem() }}", "parentes efter ett ord är inte tillåtet"),
        ("{{ vem | center(1000000000) }}", "center"),
        ('{% extends "sv/berom/body.txt" %}', "bygger på sig själv"),
        ('{% extends "sv/borta.txt" %}', "sv/borta.txt finns inte"),
        ('{{ "javascript:alert(1)" | lank }}', "ingen adress som en länk"),
        ("x" * 70_000, "längre än"),
    ],
)
def test_a_broken_own_template_is_named_with_file_line_and_fault(tmp_path, text, says):
    renderer = own(tmp_path, "sv/berom/body.txt", text)
    with pytest.raises(TemplateError, match=says):
        renderer.render(LetterKind.BEROM, "sv", context(LetterKind.BEROM))
    assert any(finding.where.startswith("sv/berom") for finding in renderer.lint(LetterKind.BEROM))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("subject.txt", "Om {{ vem }}", "ämnesraden får inte ha variabler"),
        ("body.txt", "{{ registry_number }} 112", "kan vara tom"),
        ("body.txt", "{% if forvaltning %}a{% else %}{{ registry_number }}{% endif %} 112", "kan vara tom"),
        ("body.txt", "112 https://spionen.example/x", "någon annan än kommunen"),
        ("body.txt", "112 http://www.ekdala.example", "inte krypterad"),
        ("body.txt", "112 med sannolikhet 93", "sannolikhet"),
        ("body.txt", "Visselblåsning 112", "visselblåsning"),
        ("body.txt", "Hej", "112 saknas"),
        ("body.html", "<script>1</script>", "<script>"),
        ("body.html", '<img src="https://spionen.example/p.png">', "följer inte med"),
        ("body.html", '<p onclick="x()">Hej</p>', "onclick"),
        ("body.html", '<p style="position:fixed">Hej</p>', "position"),
        ("body.html", '<p style="color:url(x)">Hej</p>', r"url\(x\)"),
        ("body.html", '<a href="ftp://x">Hej</a>', "ska börja med https"),
        ("body.html", "<p>Hej</p>", "står i text men inte i html"),
        ("body.html", "<p>Ytterligare upplysning</p>", "html säger mer"),
    ],
)
def test_lint_finds_what_a_letter_must_never_contain(tmp_path, name, text, says):
    found = [str(finding) for finding in own(tmp_path, f"sv/berom/{name}", text).lint(LetterKind.BEROM)]
    assert any(re.search(says, line) for line in found), found


@pytest.mark.parametrize(
    ("kind", "word"), [("beslut_ingen", "överklaga"), ("ursakt", "skadestånd"), ("komplettera", "personnummer")]
)
def test_lint_knows_what_each_letter_must_not_say(tmp_path, kind, word):
    found = [str(f) for f in own(tmp_path, f"sv/{kind}/body.txt", f"112 {word}").lint(LetterKind(kind))]
    assert any(word[:8] in line and "får inte stå" in line for line in found), found


def test_variables_and_needs_agree():
    used = {name for needs in NEEDS.values() for name in needs.names}
    assert used == set(VARIABLES)
    assert set(NEEDS) == set(LetterKind)
    assert not [k for k in CITIZEN if "lank" in NEEDS[k].names]


@given(st.text(max_size=200), st.text(max_size=400))
def test_no_value_breaks_a_letter(name, text):
    values = {**sample_values(LetterKind.SVAR), "handlaggare": f"x{name}", "svar": f"y{text}"}
    letter = SHIPPED.render(LetterKind.SVAR, "sv", LetterContext(values))
    assert letter.subject == "Svar på ditt ärende [EK-2026-00001]"
    assert letter.html.count("<script") == 0
    assert letter.html.count("</html>") == 1


def test_the_documentation_names_every_letter_with_what_it_takes():
    text = (Path(__file__).parents[2] / "docs" / "letters.md").read_text(encoding="utf-8")
    for row in SHIPPED.catalogue():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{row.kind}` |"))
        assert SUBJECTS[row.kind] in line
        required, optional = line.split(" | ")[4:6]
        assert tuple(re.findall(r"`(\w+)`", required)) == row.needs.required
        assert tuple(re.findall(r"`(\w+)`", optional)) == row.needs.optional
    for name in (*VARIABLES, *(c for c in CONSTANTS if not c.startswith("svarslofte_"))):
        assert f"\n| `{name}` | " in text


def test_the_numbers_of_a_samples_list_add_up() -> None:
    """A preview told of 17 cases, listed two and said that there were 14 more."""
    kinds = [kind for kind, needs in NEEDS.items() if {"antal", "arenden", "fler"} <= set(needs.names)]
    assert len(kinds) == 3
    for kind in kinds:
        values = sample_values(kind)
        listed = len(values["arenden"].splitlines())
        assert int(values["antal"].split()[0]) == listed + int(values["fler"].split()[0]), kind
