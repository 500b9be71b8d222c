"""The warnings that municipalities' mail servers set above every letter from outside, and letters that warn."""

import pytest

from cases.inbound.messages import MessageKind
from ingest.parse import parse
from ingest.reading.around.banners import without_banner, without_tag

LETTER = "Hålet är kvar.\nKlicka inte bort det."
BANNERS = [
    "[Du får inte ofta e-post från a@x.example. Läs varför på https://aka.ms/LearnAboutSenderIdentification ]",
    "[EXTERN] Detta mejl kommer från en extern avsändare. Klicka inte på länkar om du inte känner avsändaren.",
    "VARNING: Detta e-postmeddelande kommer från en avsändare utanför kommunen.\nÖppna inte bilagor\noch klicka inte.",
    "*** EXTERN AVSÄNDARE ***",
    "Mailet kommer från en extern avsändare. Tänk efter innan du klickar på länkar.",
    "Externt mejl - var försiktig med länkar och bilagor",
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.",
]
WARNINGS = [
    "Utanför skolan finns ett hål, se bifogad bild.",
    "Jag fick ett mejl från en extern avsändare, klicka inte på länken i det.",
    "Meddelandet om vattnet kom utifrån, varning för det!",
    "Externa konsulter",
    "Varning! Er e-post om extern verksamhet ligger ute på nätet. Var försiktig.",
]


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize("between", ["\n\n", "\n", "\n________________\n\n"])
def test_a_server_s_warning_is_no_part_of_the_letter(banner, between):
    assert without_banner(f"{banner}{between}{LETTER}") == LETTER


@pytest.mark.parametrize("banner", BANNERS)
def test_the_text_keeps_the_warning_and_the_message_loses_it(banner):
    head = "From: a@x.example\nSubject: Hål\nContent-Type: text/plain; charset=utf-8\n\n"
    message = parse(f"{head}{banner}\n\n{LETTER}\n".encode())
    assert message.message == LETTER
    assert message.text.startswith(banner)


@pytest.mark.parametrize("words", WARNINGS)
def test_a_citizen_s_warning_stays(words):
    assert without_banner(f"{words}\n\n{LETTER}") == f"{words}\n\n{LETTER}"


@pytest.mark.parametrize("banner", BANNERS)
def test_a_mail_of_nothing_but_a_warning_stays(banner):
    assert without_banner(banner) == banner


def test_the_server_s_tag_changes_nothing_in_what_a_mail_is():
    head = "From: a@x.example\nSubject: [EXTERN] Automatiskt svar: Hål\nContent-Type: text/plain\n\nHej."
    message = parse(head.encode())
    assert (message.kind, message.subject) == (MessageKind.AUTO_REPLY, "[EXTERN] Automatiskt svar: Hål")
    assert without_tag("Externa utförare: hål") == "Externa utförare: hål"
