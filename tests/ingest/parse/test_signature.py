"""Signatures kept apart, and nothing real eaten with them."""

import pytest

from ingest.parse import parse
from ingest.reading.around.signature import split_signature
from tests.ingest.parse.mails import read_records

SIGNED = read_records("threads/signatures.txt")


@pytest.mark.parametrize("name", [name for name in SIGNED if not name.startswith("none")])
def test_a_signature_is_kept_apart(name):
    letter, _, signature = SIGNED[name].partition("\n=====\n")
    whole = f"{letter}\n\n{signature}"
    assert split_signature(whole, "Anna Lind") == (letter, signature), name


@pytest.mark.parametrize("name", [name for name in SIGNED if name.startswith("none")])
def test_what_looks_like_one_stays(name):
    assert split_signature(SIGNED[name], "Anna Lind") == (SIGNED[name], "")


@pytest.mark.parametrize("last", ["Lampan är trasig.", "Var är lampan?", "Lampan lyser inte"])
@pytest.mark.parametrize(
    "print_", ["Virusfritt.www.avast.example", "Denna e-post kontrollerades av ESET NOD32 Antivirus."]
)
def test_small_print_right_below_a_sentence_takes_nothing_with_it(last, print_):
    assert split_signature(f"Hej!\n\n{last}\n{print_}") == (f"Hej!\n\n{last}", print_)


@pytest.mark.parametrize("name", ["Mvh\nAnna", "Med vänlig hälsning\nAnna Lind\n070-174 06 05"])
def test_what_somebody_forgot_and_wrote_below_his_name_is_his_message(name):
    added = "Jag glömde säga att vägen också är trasig."
    assert split_signature(f"Lampan är trasig.\n\n{name}\n\n{added}", "Anna Lind") == (
        f"Lampan är trasig.\n\n{added}",
        name,
    )


@pytest.mark.parametrize("greeting", ["Kram", "Hälsningar", "Kram Anna", "mvh\nAnna Lind"])
@pytest.mark.parametrize(
    "added",
    [
        "barnen kan inte leka där längre",
        "Hunden heter Bella och är svart",
        "förresten så luktar det avlopp\nvid parken och skolan\noch hos oss",
        "the dog is afraid of the noise",
    ],
)
def test_a_sentence_below_a_greeting_is_the_letter_s_whatever_letter_it_begins_with(greeting, added):
    assert split_signature(f"Lampan är trasig.\n\n{greeting}\n{added}") == (
        f"Lampan är trasig.\n\n{added}",
        greeting,
    )


@pytest.mark.parametrize(
    "below",
    [
        "Anna Lind\nRektor\n0123-456 78\nDet är roligt att lära",
        "anna lind\nansvarig för kök och städ på solens förskola",
        'Anna Lind\n"Det är aldrig för sent att ge upp"',
        "Anna Lind\nThe early bird catches the worm",
    ],
)
def test_a_title_and_a_motto_are_the_signature_s(below):
    assert split_signature(f"Lampan är trasig.\n\nMvh\n{below}") == ("Lampan är trasig.", f"Mvh\n{below}")


def test_nothing_is_added_below_the_sign_of_a_signature():
    text = "Lampan är trasig.\n\n-- \nAnna Lind\n\nJag arbetar inte på fredagar."
    assert split_signature(text) == ("Lampan är trasig.", "Anna Lind\n\nJag arbetar inte på fredagar.")


@pytest.mark.parametrize(
    "letter",
    [
        "Lampan är trasig.\n--\nJag vill också att bänken lagas.",
        "Lampan är trasig.\n\n--\n\nBänken är sönder sedan i våras.\n\nMvh",
        "Lampan är trasig.\n--\nBänken är trasig sedan maj.\n--\nVägen har hål överallt.",
        "Vi önskar:\n\n- en lampa\n--\n- en bänk",
        "Vi önskar:\n\n1. Lampa\n---\n2. Bänk",
    ],
)
def test_dashes_between_two_parts_of_a_letter_sign_nothing(letter):
    assert split_signature(f"{letter}\nAnna Lind", "Anna Lind")[0] == letter.removesuffix("\n\nMvh")


def test_dashes_sign_above_a_name_a_greeting_and_a_motto():
    for signature in (
        "Anna Lind\nDet är aldrig för sent",
        "Mvh\nAnna Lind",
        "Det är aldrig för sent att ge upp.\nAnna",
    ):
        assert split_signature(f"Vi önskar:\n- en lampa\n--\n{signature}") == ("Vi önskar:\n- en lampa", signature)


@pytest.mark.parametrize(
    "print_",
    [
        "När du skickar e-post till oss behandlar vi dina personuppgifter enligt GDPR. Läs mer på vår sida.",
        "Detta e-postmeddelande och eventuella bilagor är endast avsedda för mottagaren.\nRadera det om det är fel.",
    ],
)
def test_a_card_is_one_though_its_lines_are_padded_and_small_print_stands_below(print_):
    card = f"Anna Lind\nProjektledare{' ' * 90}\nStorgatan 5\nTel. 0123-456 78"
    signature = f"{card.replace(' ' * 90, '')}\n\n{print_}"
    assert split_signature(f"Lampan är trasig.\n\n{card}\n\n{print_}", "Anna Lind") == ("Lampan är trasig.", signature)


@pytest.mark.parametrize(
    "signature",
    [
        "Alex",
        "alex",
        "Alexander Berg\nFörskollärare\nSolens förskola",
        "Hälsningar från oss på Solen\n\nAlex Berg\nRektor",
    ],
)
def test_a_short_name_and_titles_below_a_name_sign(signature):
    assert split_signature(f"Lampan är trasig.\n\n{signature}", "Alexander Berg") == ("Lampan är trasig.", signature)


@pytest.mark.parametrize(
    "last",
    [
        "Al",
        "Berga",
        "Alexander Berg\nBygglov 2026-12",
        "Alexander Berg\nbor inte kvar",
        "Det gäller\nAlexander Berg\nSolen",
    ],
)
def test_what_tells_something_below_a_name_is_the_letter_s(last):
    assert split_signature(f"Lampan är trasig.\n\n{last}", "Alexander Berg") == (f"Lampan är trasig.\n\n{last}", "")


@pytest.mark.parametrize(
    "signature",
    [
        "/Elsas mamma",
        "//Boende på Lövgången",
        "/Anna, inköp",
        "/Alva 18",
        "/A.",
        "Mvh Cornelia Falk, ark. SAR",
        "Hälsn. familjen Ek",
        "Mvh boende Storgatan 6",
    ],
)
def test_who_signs_may_say_who_he_is(signature):
    assert split_signature(f"Lampan är trasig.\n{signature}") == ("Lampan är trasig.", signature)


@pytest.mark.parametrize(
    "last",
    [
        "/Jag vet inte vem som äger den",
        "/Se bilden.",
        "/etc/hosts",
        "Hälsningar åt personalen",
        "mvh ring mig på kvällen",
        "Mvh ni får gärna svara",
    ],
)
def test_a_last_line_that_says_something_is_the_letter_s(last):
    assert split_signature(f"Lampan är trasig.\n{last}") == (f"Lampan är trasig.\n{last}", "")


@pytest.mark.parametrize("sender", ["anna.lind@x.example", '"anna_lind@x.example" <anna.lind72@x.example>'])
def test_who_gives_no_name_signs_with_his_address_s(sender):
    message = parse(f"From: {sender}\nSubject: Lampan\n\nLampan lyser inte\n\nAnna Lind".encode())
    assert (message.message, message.signature) == ("Lampan lyser inte", "Anna Lind")


@pytest.mark.parametrize("signed", ["-Anna Lind", "---\nAnna"])
@pytest.mark.parametrize(
    "footer",
    [
        "grannar mailing list\ngrannar@lists.example\nhttps://lists.example/listinfo/grannar",
        "Grannar mailing list -- grannar@lists.example\nTo unsubscribe send an email to grannar-leave@lists.example",
    ],
)
def test_a_signature_above_what_a_list_writes_is_kept_apart(signed, footer):
    rule = "_" * 47
    message, signature = split_signature(f"Lampan är trasig.\n\n{signed}\n\n{rule}\n{footer}", "Anna Lind")
    assert (message, signature.split("\n")[0].strip("-")) == ("Lampan är trasig.", signed.strip("-\n"))
    assert signature.endswith(footer)


@pytest.mark.parametrize(
    "signature", ["Kram ❤️ Eva", "☀️ Soliga hälsningar ☀️\nEva", "P Tänk på miljön innan du skriver ut mejlet"]
)
def test_a_greeting_with_pictures_and_a_plea_behind_a_tree_end_a_letter(signature):
    assert split_signature(f"Lampan är trasig.\n\n{signature}") == ("Lampan är trasig.", signature)


def test_a_thanks_with_a_picture_is_of_the_letter_and_the_name_below_is_not():
    assert split_signature("Lampan är trasig.\n\nTack! 🙏\nEva") == ("Lampan är trasig.\n\nTack! 🙏", "Eva")
    assert split_signature("Kram ❤️ till er som lagade lampan.")[1] == ""


@pytest.mark.parametrize("sign", ["—", "--", "-- ", "________"])
def test_a_sign_with_no_signature_below_it_is_no_part_of_the_letter(sign):
    assert split_signature(f"Lampan är trasig.\n\n{sign}") == ("Lampan är trasig.", "")
