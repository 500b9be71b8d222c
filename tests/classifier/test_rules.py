"""Wordings that must raise a flag, and look-alikes that must not."""

from random import Random

import pytest
from spacy.matcher import Matcher

from cases.routing.flags import FlagKind
from classifier.folder import LETTERS
from classifier.heads.labels import read_letters
from classifier.model import blank_pipeline
from classifier.pipes.flag_rules import FlagRulesPipe
from classifier.words.rules import RULES


@pytest.fixture(scope="module")
def hits():
    nlp = blank_pipeline()
    nlp.select_pipes(enable=["words", "flag_rules"])
    return lambda text: nlp(text)._.rule_hits


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("skyddad_identitet", "Vi lever med skyddade personuppgifter."),
        ("skyddad_identitet", "Jag har SKYDDAD IDENTITET sedan maj"),
        ("skyddad_identitet", "min dotter har sekretessmarkering"),
        ("skyddad_identitet", "vi är kvarskrivna, jag fick kvarskrivning i våras"),
        ("skyddad_identitet", "Vi lever gömda."),
        ("skyddad_identitet", "han får inte veta var vi bor"),
        ("skyddad_identitet", "my secret address was sent out"),
        ("hot_vald", "Det är inte ett hot, det är ett löfte."),
        ("hot_vald", "jag vet vilken bil hon kör"),
        ("hot_vald", "Jag har inget kvar att förlora"),
        ("hot_vald", "Han slog henne igen i natt"),
        ("hot_vald", "dödshot mot personalen"),
        ("orosanmalan", "Härmed anmäler jag oro för en elev"),
        ("orosanmalan", "hon vill inte leva längre"),
        ("osl_18_sakerhet", "Larmkoden är 4471"),
        ("upphandling", "före tilldelningsbeslutet i anbudsutvärderingen"),
    ],
)
def test_raises(hits, kind, text):
    found = hits(text)
    assert FlagKind(kind) in found
    passage = found[FlagKind(kind)]
    assert text[passage.start : passage.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "Bänken står i skyddat läge vid gångvägen.",
        "Gatan är hemlig för de flesta turister.",
        "Jag vet var ni har kontor, men när har ni öppet?",
        "Koden för rabatt är vår.",
        "Han slår gräset varje vecka.",
        "Hunden gömmer sig för snöplogen.",
        "Vi letar efter en hemlig plats för skattjakten.",
        "Hon slår sig i huvudet, det är en mygga jag vill slå ihjäl.",
        "Jag slog mig på isen.",
        "Ni slog rekord i långsamhet.",
    ],
)
def test_stays_calm(hits, text):
    assert not hits(text)


@pytest.mark.parametrize("text", ["Vi lever med skyddade\npersonuppgifter.", "Vi har  skyddad   identitet."])
def test_broken_lines_and_doubled_spaces_part_no_wording(hits, text):
    passage = hits(text)[FlagKind.SKYDDAD_IDENTITET]
    assert text[passage.start : passage.end].startswith("skyddad")
    assert text[passage.start : passage.end].split()[-1] in ("personuppgifter", "identitet")


def test_an_empty_line_parts_wordings(hits):
    assert not hits("Platsen är skyddad\n\nIdentitet är ämnet för träffen.")


def test_no_rule_is_passed_over_for_want_of_its_words():
    nlp = blank_pipeline()
    asked = Matcher(nlp.vocab)
    for kind, patterns in RULES.items():
        asked.add(kind.value, patterns)
    raises = FlagRulesPipe(nlp, "rules")
    letters = [letter.text for letter in read_letters(LETTERS) if set(RULES) & set(letter.flags)]
    found = 0
    for text in Random(1).sample(letters, 500):
        doc = nlp.make_doc(" ".join(text.split()))
        kinds = {FlagKind(span.label_) for span in asked(doc, as_spans=True)}
        assert kinds <= set(raises(doc)._.rule_hits)
        found += len(kinds)
    assert found > 50
