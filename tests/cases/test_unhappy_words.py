"""What replies say outright: unhappy, or wanting the chef; and what must not be taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.inbound.unhappy import Wish, wishes

UNHAPPY = (
    "Jag är inte nöjd.",
    "Jag är inte alls nöjd med ert svar.",
    "Vi är inte särskilt nöjda med beskedet.",
    "Jag är missnöjd med svaret",
    "Mycket besviken på svaret.",
    "Jag accepterar inte det här svaret.",
    "Det kan jag inte acceptera.",
    "Svaret duger inte.",
    "Ert svar räcker inte långt, det räcker helt enkelt inte.",
    "Det var ett dåligt svar.",
    "Det här är oacceptabelt.",
    "Jag håller inte med om er bedömning.",
    "Ni har inte svarat på min fråga.",
    "Du svarar inte på frågan.",
    "Jag har inte fått svar på min fråga.",
    "Under all kritik!",
    "Tack för svaret, men jag är inte nöjd.",
    "Jag nöjer mig inte med det.",
    "I'm not happy with your answer.",
    "I am not at all satisfied.",
    "I'm very disappointed.",
    "That is unacceptable.",
    "You didn't answer my question.",
    "I don’t accept this.",
    "Långtifrån nöjd.",
    "Nej jag är faktiskt inte nöjd än.",
    "I disagree with your decision.",
    "Tyvärr inte nöjd",
    "ej nöjd!",
    "Jag är inte tillfreds med svaret",
    "Jag blev inte hjälpt av svaret.",
)
CHEF = (
    "Jag vill prata med din chef.",
    "Jag vill tala med chefen",
    "Kan din chef ringa mig?",
    "Jag kräver att få komma i kontakt med ansvarig chef.",
    "Låt er chef titta på det här.",
    "Lyft ärendet till en chef.",
    "Ta det här vidare till din chef.",
    "Vem är din chef?",
    "I want to speak to your manager.",
    "Can I talk with your supervisor?",
    "Får jag prata med enhetschefen?",
    "Jag önskar kontakt med en chef.",
    "Koppla mig till chefen.",
)
NEITHER = (
    "Tack, jag är nöjd.",
    "Jag är mycket nöjd med svaret!",
    "Jag är inte missnöjd.",
    "Jag är inte alls missnöjd, tvärtom.",
    "Jag kan inte vara annat än nöjd.",
    "Vad gör jag om jag inte är nöjd?",
    "Kunde inte vara nöjdare.",
    "I'm happy with the answer.",
    "I am not unhappy.",
    "What can I do if I am not satisfied?",
    "Jag hoppas att ni inte är missnöjda.",
    "Tack för snabbt svar.",
    "Lampan lyser nu. Tack!",
    "Det räcker så.",
    "I couldn't be happier.",
    "Inte bara nöjd utan jätteglad.",
    "Jag är inte besviken alls.",
    "Det är inte bra väder.",
    "Jag har pratat med er chef och allt är ordnat.",
    "Jag behöver inte tala med chefen.",
    "Jag vill inte prata med någon chef.",
    "Hälsa din chef att ni gör ett bra jobb.",
    "Chefen har ringt mig, tack.",
)


@pytest.mark.parametrize("text", UNHAPPY)
def test_who_is_unhappy_is_heard(text: str) -> None:
    assert wishes(text) == {Wish.UNHAPPY}
    assert wishes(f"Hej!\n\n{text.upper()}\n\nMvh Berit") == {Wish.UNHAPPY}


@pytest.mark.parametrize("text", CHEF)
def test_who_asks_for_the_chef_is_heard(text: str) -> None:
    assert wishes(text) == {Wish.CHEF}


@pytest.mark.parametrize("text", NEITHER)
def test_thanks_denials_and_questions_are_no_complaint(text: str) -> None:
    assert wishes(text) == frozenset()


def test_a_denial_takes_back_only_its_own_sentence() -> None:
    assert wishes("Jag är inte missnöjd med bemötandet. Men jag är inte nöjd med svaret.") == {Wish.UNHAPPY}
    assert wishes("Jag är inte nöjd och vill tala med din chef.") == {Wish.UNHAPPY, Wish.CHEF}


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(["inte", "är", "om", "jag", "nöjd", "svar", "chef", "till", ".", "men"])).map(" ".join)
)
def test_any_text_is_read(text: str) -> None:
    assert wishes(text) <= set(Wish)
