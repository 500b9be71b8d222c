"""Versions, files and encodings that senders and gateways label wrongly or not at all: all of the letter is read."""

import base64

import pytest

from ingest.parse import parse
from ingest.reading.packed.packedrtf import rtf_text

HEAD = "From: a@b.example\nMIME-Version: 1.0\n"
PDF = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n"
LETTER = "Hej, lampan på Storgatan är släckt sedan i måndags."


def plain(text: str, kind: str = "plain") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{text}\n"


def joined(*parts: str, boundary: str = "b") -> str:
    return "".join(f"--{boundary}\n{part}" for part in parts) + f"--{boundary}--\n"


def said(kind: str, *parts: str) -> str:
    return parse(f'{HEAD}Content-Type: multipart/{kind}; boundary="b"\n\n{joined(*parts)}'.encode()).text


@pytest.mark.parametrize("kind", ["plain/text", "unknown/unknown"])
def test_a_letter_of_a_type_nobody_knows_is_read(kind):
    assert parse(f"{HEAD}Content-Type: {kind}; charset=utf-8\n\n{LETTER}".encode()).text == LETTER


def inner(kind: str, *parts: str) -> str:
    return f"Content-Type: multipart/{kind}; boundary=inner\n\n{joined(*parts, boundary='inner')}"


PAGE = plain(f"<p>{LETTER}</p>", "html")


@pytest.mark.parametrize(
    "parts",
    [
        (inner("alternative", plain(LETTER), PAGE), PAGE),
        (inner("mixed", plain(LETTER), PDF), PAGE),
        (plain(LETTER, "markdown"), PAGE),
        (plain(LETTER), plain("<p>Klocka</p>", "watch-html"), PAGE),
    ],
)
def test_of_versions_within_versions_one_is_read(parts):
    assert said("alternative", *parts) == LETTER


@pytest.mark.parametrize("kind", ["x-amp-html", "vnd.google.email-reaction+json"])
def test_a_version_for_one_program_is_no_file(kind):
    mail = f"{HEAD}Content-Type: multipart/alternative; boundary=b\n\n{joined(plain(LETTER), plain('x', kind))}"
    assert parse(mail.encode()).attachments == ()


@pytest.mark.parametrize(
    "stub",
    [
        "If you see these words, your email client couldn't display our newsletter properly.",
        "Ditt e-postprogram kunde inte visa det här brevet.",
        "Visa i webbläsare: https://x.example/1",
        "Om du inte kan läsa detta meddelande, klicka här: https://x.example/",
        "Your email client does not support this format",
        "[cid:image001.png@01D]",
    ],
)
def test_a_plain_version_that_is_none_gives_way(stub):
    assert said("alternative", plain(stub), PAGE) == LETTER


def test_a_plain_version_that_says_something_else_stands_beside_the_page():
    other = "Trottoaren utanför biblioteket behöver sandas."
    assert said("alternative", plain(other), PAGE) == f"{other}\n\n{LETTER}"
    assert said("alternative", plain(f"*{LETTER}*"), PAGE) == f"*{LETTER}*"


def test_one_word_in_plain_is_believed_where_the_page_has_it():
    page = b"<p>{}Lampan vid badplatsen lyser ingenting, och vakten kommer aldrig.</p>"
    mail = (
        b"From: a@medborgare.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        b"Content-Type: text/plain\n\nMobil.\n--b\nContent-Type: text/html\n\n" + page + b"\n--b--"
    )
    assert "badplatsen" in parse(mail.replace(b"{}", b"")).message
    assert parse(mail.replace(b"{}", b"Mobil.<br>")).message == "Mobil."


def test_the_same_in_plain_and_html_is_read_once_though_called_mixed():
    assert said("mixed", plain(LETTER), PAGE) == LETTER
    assert said("mixed", plain("Annat"), PAGE) == f"Annat\n\n{LETTER}"


RTF = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Lampan p\'e5 torget.\par}"


@pytest.mark.parametrize(
    ("kind", "text", "reading"),
    [
        ("text/rtf", RTF, "Lampan på torget."),
        ("application/rtf", RTF, "Lampan på torget."),
        ("application/octet-stream", LETTER, LETTER),
        ("application/octet-stream", "\x00\x01PNG", ""),
        ("text / html", f"<p>{LETTER}</p>", LETTER),
    ],
)
def test_a_letter_of_another_type_is_read(kind, text, reading):
    assert parse(f"{HEAD}Content-Type: {kind}\n\n{text}".encode()).text == reading


def test_rtf_of_characters_that_do_not_exist_reads_as_nothing():
    assert rtf_text(rb"{\rtf1 \u99999999999999 ?}") == ""


@pytest.mark.parametrize(
    ("part", "reading"),
    [
        (plain("Hej *du*", "markdown"), "Hej *du*"),
        (plain("Hej du", "foo"), "Hej du"),
        ("Content-Type: text/plain\nContent-Disposition: attachment\n\nHej du\n", "Hej du"),
        ("Content-Type: text/vcard\n\nBEGIN:VCARD\n", ""),
        ("Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nHej du\n", ""),
    ],
)
def test_a_text_without_a_name_is_the_letter_when_nothing_else_is(part, reading):
    assert said("mixed", part, PDF) == reading


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Content-Location: https://x.example/dir/karta.pdf", "karta.pdf"),
        ("Content-Description: Ritning.pdf", "Ritning.pdf"),
        ("Content-Description: En ritning.", "bilaga.pdf"),
    ],
)
def test_a_file_without_a_name_takes_it_from_its_place_or_description(header, name):
    part = f"Content-Type: application/pdf\n{header}\n\n%PDF-1.4\n"
    mail = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{joined(plain('Hej'), part)}"
    assert [file.name for file in parse(mail.encode()).attachments] == [name]


def read(body: str, head: str = HEAD) -> tuple[str, list[str]]:
    message = parse(f"{head}\n{body}".encode())
    return message.text, [file.name for file in message.attachments]


def test_a_multipart_whose_header_was_lost_is_cut_all_the_same():
    for above in ("", "This is a multi-part message in MIME format.\n\n"):
        assert read(above + joined(plain(LETTER), PDF)) == (LETTER, ["a.pdf"])
    assert read(joined(plain(LETTER), PAGE)) == (LETTER, [])
    # A letter that shows how a mail looks is none.
    for shown in (f"Så här såg det ut:\n{joined(plain(LETTER))}", joined(plain(LETTER)).replace("--b--", "")):
        assert read(shown)[0].startswith(shown[:20])


def test_a_multipart_that_was_encoded_as_a_whole_is_cut():
    coded = base64.encodebytes(joined(plain(LETTER), PDF).encode()).decode()
    head = f"{HEAD}Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n"
    assert read(coded, head) == (LETTER, ["a.pdf"])


def test_text_whose_encoding_no_header_names_is_decoded():
    assert read(base64.encodebytes(LETTER.encode()).decode())[0] == LETTER
    assert read("Lampan p=C3=A5 torget =\n=C3=A4r sl=C3=A4ckt.")[0] == "Lampan på torget är släckt."
    for word in ("Lampa=C3=A5", "Donaudampfschiffahrt", "Lampan=C3=A5 i två =C3=A5"):
        assert read(word)[0] == word


def test_files_written_into_a_text_come_in_its_order():
    pieces = "".join(f"Se\nbegin 644 {name}\n#86)C\n`\nend\n" for name in ("a.txt", "b.txt", "c.txt"))
    message = parse(f"From: a@medborgare.example\n\n{pieces}".encode())
    assert [file.name for file in message.attachments] == ["a.txt", "b.txt", "c.txt"]


def test_a_file_below_begin_base64_is_taken_out():
    assert read("Hej\nbegin-base64 644 a.txt\nSGVqIGRpZw==\n====\nSlut") == ("Hej\n\nSlut", ["a.txt"])
    for block in ("ett brev", "SGVq=IGRpZw=", "SGVqIGRpZ"):
        assert read(f"Hej\nbegin-base64 644 a.txt\n{block}\n====\n")[1] == []


@pytest.mark.parametrize(
    "added", ["This email has been checked for viruses by Avast antivirus software.\nwww.avast.example"]
)
def test_what_a_scanner_adds_as_a_part_of_its_own_is_no_part_of_the_letter(added):
    mail = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{joined(plain(LETTER), plain(added))}"
    message = parse(mail.encode())
    assert (message.message, message.signature) == (LETTER, added)


def test_what_a_server_sets_before_a_letter_as_a_part_of_its_own_is_no_part_of_it():
    warning = "Det här mejlet kommer från en avsändare utanför kommunen. Klicka inte på länkar."
    parts = joined(plain(warning), plain("lampan\n\n-- \nBo"))
    message = parse(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parts}".encode())
    assert (message.message, message.signature) == ("lampan", "Bo")


@pytest.mark.parametrize("kind", ["text/calendar", "application/ics", "application/octet-stream"])
def test_an_invitation_that_came_as_a_file_alone_is_read_and_kept(kind):
    event = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Samråd\nEND:VEVENT\nEND:VCALENDAR\n"
    file = f'Content-Type: {kind}; name="inbjudan.ics"\nContent-Disposition: attachment\n\n{event}'
    alone = parse(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{joined(file, file)}".encode())
    assert (alone.text, len(alone.attachments)) == ("Inbjudan: Samråd", 2)
    assert said("mixed", plain(LETTER), file) == LETTER
