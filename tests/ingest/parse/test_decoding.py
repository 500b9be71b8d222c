"""Bodies whose transfer encoding is not what their header says, and the armour that PGP sets around a text."""

import base64
import quopri

import pytest

from ingest.parse import parse
from ingest.reading.secure import without_armour

WORDS = "Hej!\nLampan på torget lyser inte."
CODED = base64.encodebytes(WORDS.encode()).decode().strip()


def said(encoding: str, body: str, kind: str = "plain") -> str:
    head = f"From: a@b.example\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return parse((head + body).encode()).text


def test_text_that_was_never_encoded_is_read_as_it_is():
    assert said("base64", f"{WORDS} Kan ni laga den, snälla?") == f"{WORDS} Kan ni laga den, snälla?"


def test_what_a_list_wrote_below_base64_is_kept_apart_from_it():
    assert said("base64", f"{CODED}\n\n____\nBylistan, https://lista.example") == (
        f"{WORDS}\n\n____\nBylistan, https://lista.example"
    )


def test_a_sentence_below_few_lines_of_base64_does_not_make_them_plain():
    assert said("base64", f"{CODED}\n\n--\nSidfot från listan, och mer: så här & där åäö") == (
        f"{WORDS}\n\n--\nSidfot från listan, och mer: så här & där åäö"
    )


@pytest.mark.parametrize("body", [CODED, CODED.rstrip("="), f"!{CODED[:20]}\n\n{CODED[20:]}"])
def test_base64_with_small_faults_is_still_base64(body):
    assert said("base64", body) == WORDS


@pytest.mark.parametrize("encoding", ["base64", "base64url"])
def test_base64_of_web_addresses_is_base64(encoding):
    content = bytes(range(240, 256)) * 4
    coded = base64.urlsafe_b64encode(content).decode()
    head = "From: a@b.example\nContent-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: "
    assert parse(f"{head}{encoding}\n\n{coded}\n".encode()).attachments[0].content == content


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("base64", base64.b64encode(CODED.encode()).decode()), ("quoted-printable", "B=3DC3=3DA4nk p=3DC3=3DA5 torget")],
)
def test_what_a_gateway_encoded_a_second_time_is_read(encoding, body):
    assert said(encoding, body) == (WORDS if encoding == "base64" else "Bänk på torget")


def test_dashes_below_base64_are_none_of_it():
    assert said("base64", f"{CODED}\n--") == WORDS


def test_the_fork_a_mac_sends_with_a_file_has_another_name_than_the_file():
    part = "--b\nContent-Type: {}; name=a.pdf\n\nx\n"
    mail = "From: a@b.example\nContent-Type: multipart/appledouble; boundary=b\n\n" + "".join(
        part.format(kind) for kind in ("application/applefile", "application/pdf")
    )
    assert [file.name for file in parse(mail.encode()).attachments] == ["._a.pdf", "a.pdf"]


def test_spaces_behind_a_soft_line_break_are_no_text():
    assert said("quoted-printable", "Lampan p=C3=A5=  \n torget") == "Lampan på torget"


ARMOURED = """\
Före
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Lampan lyser inte.
- --
Anna
-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEE
-----END PGP SIGNATURE-----
Efter
"""


def test_armour_is_no_part_of_the_letter():
    assert without_armour(ARMOURED) == "Före\nLampan lyser inte.\n--\nAnna\nEfter\n"
    message = parse(f"From: a@b.example\n\n{ARMOURED}".encode())
    assert (message.message, message.signed) == ("Före\nLampan lyser inte.", "pgp")


@pytest.mark.parametrize("text", ["", "Hej", ARMOURED.partition("-----BEGIN PGP SIGNATURE")[0]])
def test_text_without_whole_armour_stays(text):
    assert without_armour(text) is None


@pytest.mark.parametrize("encoding", ["base-64", "X-Base64", "base 64", "ROT13"])
def test_base64_is_read_whatever_its_header_calls_it(encoding):
    assert said(encoding, CODED) == WORDS


@pytest.mark.parametrize("encoding", ["quotedprintable", "x-quoted-printable", "Quoted_Printable"])
def test_quoted_printable_is_read_whatever_its_header_calls_it(encoding):
    assert said(encoding, "En lampa=\n s=C3=A4gs lysa.") == "En lampa sägs lysa."


def test_a_text_in_one_encoding_that_is_called_the_other_is_read():
    assert said("quoted-printable", CODED) == WORDS
    assert said("base64", "Hej!\nLampan p=C3=A5 torget =C3=A4r sl=C3=A4ckt sedan i oktober") == (
        "Hej!\nLampan på torget är släckt sedan i oktober"
    )
    page = "<html><body><p>Lekplatsen är full av glas på många ställen</p></body></html>"
    for coded in (base64.encodebytes(page.encode()).decode(), quopri.encodestring(page.encode()).decode()):
        for encoding in ("base64", "quoted-printable", "7bit"):
            assert said(encoding, coded, kind="html") == "Lekplatsen är full av glas på många ställen"
    assert said("quoted-printable", "Sjuttonhundratalet") == "Sjuttonhundratalet"


def test_the_end_of_a_multipart_without_parts_is_no_text():
    assert parse(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b--\n").text == ""


def test_a_signed_letter_below_which_a_list_wrote_is_opened():
    words = b"Content-Type: text/plain\n\nHej!\n"
    octets = b"\x04" + bytes([len(words)]) + words
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0" + bytes([len(octets)]) + octets
    der = b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80\x30\x80" + data
    part = "Content-Type: application/octet-stream; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    head = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}"
    mail = f"{head}{base64.b64encode(der).decode()}\n--b\n\nFrån listan\n--b--\n"
    assert parse(mail.encode()).text == "Hej!\n\nFrån listan"


def test_a_subject_whose_code_was_encoded_again_is_read():
    word = b"=?utf-8?B?" + base64.b64encode("Trasig lampa på torget".encode()) + b"?="
    again = b"=?utf-8?B?" + base64.b64encode(word) + b"?="
    assert parse(b"From: a@x.example\nSubject: " + again + b"\n\nHej").subject == "Trasig lampa på torget"
