"""What is nothing but thanks, and what must not be taken for it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cases.inbound.messages import Attachment, not_by_mail
from cases.inbound.thanks import mere_thanks

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MERE = (
    "Tack!",
    "tack",
    "TACK SÅ MYCKET!!",
    "Stort tack för hjälpen",
    "Hej Hans!\n\nTack för svaret.\n\nMed vänlig hälsning\nAnna Ek",
    "Hej, tack för informationen! Ha det fint! Mvh Anna",
    "Toppen, tack! :)",
    "Thank you so much for your help.\n\nBest regards,\nAnna",
)
MORE = (
    "",
    "Hej!",
    "Anna",
    "Tack, jag hälsar henne det.",
    "Tack! Nej",
    "Tack?",
    "Nej tack.",
    "Tack för svaret. När lagas den?",
    "Tack för ingenting!",
    "Tack, men den är fortfarande trasig.",
    "Hej ring mig. Tack!",
    "Tack! Mvh ring mig",
    "Tack!\n0250-123 45",
    "Tack " * 100,
)


def said(text: str):
    return replace(not_by_mail("Sv: Svar", text, NOW, sender_addr="anna@post.example"), from_name="Anna Ek")


@pytest.mark.parametrize("text", MERE)
def test_thanks_alone_are_mere(text: str) -> None:
    assert mere_thanks(said(text))


@pytest.mark.parametrize("text", MORE)
def test_a_word_more_is_a_letter(text: str) -> None:
    assert not mere_thanks(said(text))


def test_a_file_says_something_and_a_logo_does_not() -> None:
    logo = Attachment("logga.png", "image/png", 3, "", inline=True)
    assert mere_thanks(replace(said("Tack!"), attachments=(logo,)))
    assert not mere_thanks(replace(said("Tack!"), attachments=(logo, replace(logo, inline=False))))
