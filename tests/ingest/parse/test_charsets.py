"""Text in another character set than its mail says, in two at once, or encoded twice: read as its writer saw it."""

import unicodedata

import pytest

from ingest.parse import parse
from ingest.reading.encoding.charsets import decode_text
from ingest.reading.notes import Notes

SAID = "Lampan på Storgatan är släckt sedan i måndags. Hälsningar, Åsa Öberg"
RUSSIAN = "Здравствуйте! На улице не горит фонарь."
CAPITAL = "Фонарь на улице не горит уже две недели, пожалуйста, почините его."
HEBREW = "הפנס ברחוב לא עובד כבר שבועיים, אנא תקנו אותו. "
CZECH = "Lampa na ulici nesvítí už dva týdny, prosím opravte ji. Děti padají."
# Letters of one eastern language, in the charsets of their country.
EASTERN = {
    "Polish": (
        "cp1250 iso8859-2",
        "Lampa nie świeci, a dzieci boją się chodzić. Proszę ją naprawić. Dzień dobry, Łączę.",
    ),
    "Czech": ("cp1250 iso8859-2", "Lampa v naší ulici už dva týdny nesvítí, děti se bojí. Děkuji, Jiří Dvořák"),
    "Hungarian": ("cp1250", "A lámpa két hete nem működik, kérem, javítsák meg. Köszönöm, Kovács Győző"),
    "Croatian": (
        "cp1250 iso8859-2",
        "Svjetiljka u našoj ulici ne radi već dva tjedna, noću je mrak. Željko Šarić, Đakovo",
    ),
    "Romanian": ("cp1250", "Lampa de pe strada noastră nu funcţionează. Seara este întuneric şi copiii se tem."),
    "a short one": ("cp1250", "Śmieci i szkło na placu zabaw, proszę o interwencję"),
    "Turkish": ("cp1254", "Sokağımızdaki lamba iki haftadır yanmıyor, çok karanlık. Lütfen tamir edin, Ayşe"),
    "Lithuanian": ("cp1257", "Mūsų gatvėje nedega žibintas, vaikai bijo eiti į mokyklą. Ačiū, Živilė Šimkutė"),
}
# Western ones, which stay what they are, with what they borrow.
WESTERN = (
    "Hej, jag heter José García och bor på Söder. Señor Muñoz är min granne, à la carte",
    "Lampen på vejen er gået i stykker, og børnene tør ikke gå hjem. Hilsen Jørgen Kjær, née Müller",
    "Bonjour, le lampadaire est cassé, où êtes-vous ? Ça suffit. Benoît Lefèvre, cœur naïf",
    "Góðan dag, götuljósið er bilað og það er myrkur. Þórður Æsir, ég bý við Ægisíðu",
    "A rua está às escuras; o francês Benoît também não vê. Até amanhã, João",
    "GRANDE PROBLÈME À ÉVITER, OÙ ÊTES VOUS? ÇA",
    "My café on Storgatan has had no light; Renée, Søren, Zoë and Jörg agree. It costs £5 – “a lot”.",
)
TWICE = SAID.encode().decode("latin-1").encode()
CALLED_SO = {
    "encoded twice": ("utf-8", TWICE, SAID),
    "encoded three times": ("utf-8", TWICE.decode().encode().decode("latin-1").encode(), SAID),
    "UTF-7 by an old name": ("x-unicode-2-0-utf-7", SAID.encode("utf-7"), SAID),
    "a dash encoded twice": ("utf-8", "på – måndag".encode().decode("cp1252").encode(), "på – måndag"),
    "what somebody tells of such": (
        "utf-8",
        'Det står "mÃ¥ndag" på sidan och "pÃ¥"'.encode(),
        'Det står "mÃ¥ndag" på sidan och "pÃ¥"',
    ),
    "one such word": ("utf-8", "Det blir mÃ¥ndag".encode(), "Det blir mÃ¥ndag"),
    "Windows' quotes as control signs": ("utf-8", "är \x93här\x94 \x96 så".encode(), "är “här” – så"),
    "UTF-16 of the other order": ("utf-16", SAID.encode("utf-16-be"), SAID),
    "UTF-16 of the declared order": ("utf-16-be", SAID.encode("utf-16-be"), SAID),
    "UTF-8 as UTF-16": ("utf-16", SAID.encode(), SAID),
    "Chinese UTF-16 without NULs": ("utf-16-le", "你好路灯".encode("utf-16-le"), "你好路灯"),
    "Windows' Polish as Latin-2": ("iso-8859-2", "jest ślisko".encode("cp1250"), "jest ślisko"),
    "DOS as Latin-1": ("iso-8859-1", SAID.encode("cp850"), SAID),
    "Mac as Latin-1": ("iso-8859-1", SAID.encode("mac_roman"), SAID),
    "Finnish and Czech as what they are": (
        "windows-1252",
        "shakki, šekki, Košice, Saša på".encode("cp1252"),
        "shakki, šekki, Košice, Saša på",
    ),
    "Russian as Latin-1": ("iso-8859-1", RUSSIAN.encode("cp1251"), RUSSIAN),
    "a cry": ("iso-8859-1", "Åååååh nääääää, blääää!".encode("cp1252"), "Åååååh nääääää, blääää!"),
    "UTF-8 pasted into Latin-1": (
        "iso-8859-1",
        "Vår på ön\n".encode("cp1252") + "är släckt".encode(),
        "Vår på ön\när släckt",
    ),
    "UTF-8 pasted into undeclared": ("", "Vår på ön\n".encode("cp1252") + "är släckt".encode(), "Vår på ön\när släckt"),
    "CESU-8": ("utf-8", b"Hej \xed\xa0\xbd\xed\xb8\x80 \xc3\xa5 \xff", "Hej 😀 å ÿ"),
    "undeclared Greek": ("", "Καλημέρα σας, η λάμπα δεν ανάβει".encode("cp1253"), "Καλημέρα σας, η λάμπα δεν ανάβει"),
    "undeclared Japanese": ("", ("街灯が消えています。" * 3).encode("euc_jp"), "街灯が消えています。" * 3),
    "undeclared Chinese": ("", ("不是人大的小事" * 9).encode("big5"), "不是人大的小事" * 9),
    "undeclared Russian": ("", (CAPITAL * 3).encode("cp1251"), CAPITAL * 3),
    "undeclared Hebrew": ("", (HEBREW * 3).encode("cp1255"), HEBREW * 3),
    "undeclared Czech": ("", CZECH.encode("cp1250"), CZECH),
    "undeclared Arabic": ("", "مرحبا، مصباح الشارع معطل".encode("cp1256"), "مرحبا، مصباح الشارع معطل"),
    "undeclared Ukrainian": ("", "Привіт, ліхтар не світить".encode("koi8-u"), "Привіт, ліхтар не світить"),
}


@pytest.mark.parametrize("name", CALLED_SO)
def test_text_called_something_else(name):
    charset, raw, said = CALLED_SO[name]
    assert decode_text(raw, charset, Notes()) == said


def test_eastern_letters_without_their_charset_are_read_and_western_ones_stay():
    for language, (charsets, said) in EASTERN.items():
        for charset in charsets.split():
            for called in ("", "iso-8859-1"):
                assert decode_text(said.encode(charset), called, Notes()) == said, (language, charset, called)
    for said in WESTERN:
        for called in ("", "iso-8859-1"):
            assert decode_text(said.encode("cp1252"), called, Notes()) == said, (said, called)


def test_letters_of_two_pieces_are_set_together_in_text_subject_and_page():
    apart = unicodedata.normalize("NFD", SAID)
    for kind in ("plain", "html"):
        message = parse(f"Subject: {apart}\nContent-Type: text/{kind}; charset=utf-8\n\n{apart}".encode())
        assert (message.text, message.subject) == (SAID, SAID)


@pytest.mark.parametrize("name", ["undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "charmap"])
def test_what_only_python_calls_a_charset_is_none(name):
    notes = Notes()
    assert decode_text(f"{SAID} \\u00e5 \\x 💡".encode(), name, notes) == f"{SAID} \\u00e5 \\x 💡"
    assert notes.defects == [f"unknown charset '{name}'"]
