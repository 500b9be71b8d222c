"""What the model hears of a letter that a colleague passes on: the letter, and his note only for what must be held."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cases.inbound.messages import not_by_mail
from classifier.framing import SIGNATURE_SIGN
from service.heard import letter_heard

LETTER = "Lampan på Storgatan lyser inte."
NOTE = "Kan du ta den här?"
PASSED_ON = not_by_mail("VB: Lampa", "", datetime(2026, 11, 26, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("note", "letter", "documents", "heard"),
    [
        (NOTE, LETTER, [], f"{LETTER}{SIGNATURE_SIGN}{NOTE}"),
        (NOTE, LETTER, ["Bilagan."], f"{LETTER}\n\nBilagan.{SIGNATURE_SIGN}{NOTE}"),
        (NOTE, "", ["Bilagan."], f"Bilagan.{SIGNATURE_SIGN}{NOTE}"),
        (NOTE, "", [], NOTE),  # nothing else is there to hear
        (f"{LETTER} Mvh Bo", LETTER, [], f"{LETTER} Mvh Bo"),  # without a note, the letter is read as the message
        ("", LETTER, [], LETTER),
    ],
)
def test_a_note_stands_apart_from_what_it_passes_on(note, letter, documents, heard):
    message = replace(PASSED_ON, message=note, text=note, forwarded_text=letter)
    assert letter_heard(message, True, documents) == ("VB: Lampa", heard)


def test_words_that_nobody_of_ours_passed_on_are_heard_with_what_they_came_with():
    message = replace(PASSED_ON, message=NOTE, forwarded_text=LETTER)
    assert letter_heard(message, False, []) == ("VB: Lampa", f"{NOTE}\n\n{LETTER}")
