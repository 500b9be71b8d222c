"""What stands about a letter is not heard: forms, small print, signatures, notes of whoever passed it on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.framing import SIGNATURE_SIGN, unframed

LETTER = "Lampan vid övergångsstället har varit släckt i två veckor. Barnen går där varje morgon i mörkret."


def words(text: str) -> str:
    return " ".join(text.split())


def framed(body: str, subject: str = "Lampa") -> str:
    """What is heard of a letter, its subject left out."""
    heard = unframed(f"{subject}\n{body}")
    assert len(heard) == len(subject) + 1 + len(body)
    return words(heard.partition("\n")[2])


@pytest.mark.parametrize(
    "body",
    [
        f"Namn: Anna Berg\nE-post: anna@post.example\nVill du ha svar? Ja\nMeddelande: {LETTER}",
        f"Beskriv ditt ärende\n{LETTER}\n\nFörnamn\nAnna\n\nEfternamn\nBerg\n\nE-postadress\nanna@post.example",
        f"Ett nytt meddelande har kommit in via formuläret på webbplatsen.\n\n{LETTER}\n\nSkickat från sidan /kontakt",
        f"{LETTER}\n\nDetta meddelande kan innehålla konfidentiell information och är endast avsett för mottagaren.",
        f"{LETTER}\n\nSkickat från min iPhone",
        f"Hej registrator,\nkan du diarieföra och skicka till rätt förvaltning?\n/Eva, kontaktcenter\n\n{LETTER}",
        f"Från: Anna Berg\nSkickat: den 3 november 2026 08:12\nTill: Kommunen\n\n{LETTER}",
        f"{LETTER}{SIGNATURE_SIGN}Anna Berg\nVälkommen till årets julmarknad",
    ],
    ids=["form", "questions", "web page", "small print", "telephone", "note", "headers", "sign"],
)
def test_only_the_letter_is_heard(body: str) -> None:
    assert framed(body) == LETTER


def test_name_title_and_firm_are_left_out_where_the_writer_tells_how_to_be_reached() -> None:
    body = (
        f"{LETTER}\n\nMed vänlig hälsning\nAnna Berg\nEkonomichef\nBergs Åkeri AB\nTel 070-174 06 28\nwww.berg.example"
    )
    assert framed(body) == f"{LETTER} Med vänlig hälsning"


def test_who_somebody_is_to_the_matter_is_heard() -> None:
    body = f"{LETTER}\n\nMvh\nmorfar Åke, 070-174 06 28\nStorgatan 1, 123 45 Ekdala"
    assert framed(body) == f"{LETTER} Mvh morfar Åke,"


@pytest.mark.parametrize(
    "body",
    [
        "Jag fyllde i formuläret på er webbplats men det går inte att skicka.",
        "Var: vid skolan. Där är det mörkt.",
        "Se nedan. Fritid säger fastighet, fastighet säger fritid. Jag är bara ordförande i en bridgeklubb.",
        "Ansökan om nödbistånd skickades via e-tjänsten den 4:e. Sedan dess har ingen hört av sig.",
        "Det här är ett automatiskt svar. Jag är åter den 3 augusti.",
        "Lampan på Storgatan 14 har gått sönder igen.",
    ],
)
def test_a_letter_about_such_things_is_heard_whole(body: str) -> None:
    assert framed(body) == words(body)


def test_a_letter_of_nothing_else_stays_as_it_is() -> None:
    assert framed("Namn: Anna Berg\nTelefon: 070-174 06 28") == "Namn: Anna Berg Telefon: 070-174 06 28"


@pytest.mark.parametrize(
    ("subject", "heard"),
    [
        ("Nytt ärende från e-tjänsten", ""),
        ("Felanmälan via webbformulär", "Felanmälan"),
        ("E-tjänsten ligger nere",) * 2,
    ],
)
def test_of_a_subject_what_says_that_a_form_sent_it_is_left_out(subject: str, heard: str) -> None:
    assert words(unframed(f"{subject}\n{LETTER}").partition("\n")[0]) == heard


@given(st.text(st.sampled_from("namn:eport\n -.,åMvh07@/"), max_size=400))
def test_any_text_stays_as_long_and_loses_no_line(text: str) -> None:
    heard = unframed(text)
    assert len(heard) == len(text) and heard.count("\n") == text.count("\n")
    assert all(a == b or a == " " for a, b in zip(heard, text, strict=True))
