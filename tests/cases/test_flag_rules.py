"""Each flag tells a registrator what it protects, on what ground, who may read and what may be mailed."""

import pytest

from cases.routing.flags import FLAG_RULES, Effect, FlagKind


def test_every_kind_has_its_rule():
    assert set(FLAG_RULES) == set(FlagKind)


@pytest.mark.parametrize("kind", FlagKind)
def test_it_reads_as_sentences_with_a_ground(kind):
    rule = FLAG_RULES[kind]
    for words in (rule.why, rule.means, rule.readers):
        assert words[0].isupper()
        assert words.endswith(".")
    assert any(sign in rule.ground for sign in ("kap.", "artikel", "2021:890"))


@pytest.mark.parametrize("kind", FlagKind)
def test_its_words_say_what_its_effect_does(kind):
    rule = FLAG_RULES[kind]
    said = {
        Effect.MASK: "utelämnas ur register",
        Effect.SAFE: "Med e-post går bara en neutral hänvisning",
        Effect.NO_MAIL: "Ingenting skickas med e-post",
        Effect.HOLD: "Inget skickas av sig självt",
    }
    assert said[rule.effect] in rule.means


def test_only_a_whistle_blowers_letter_has_readers_of_its_own():
    assert {kind for kind, rule in FLAG_RULES.items() if "utsedda" in rule.readers} == {FlagKind.VISSELBLASNING}
