"""winmail.dat: streams as Outlook writes them, damaged ones, and such as are made to keep a reader busy."""

import base64
import binascii
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.inbound.messages import MessageKind
from ingest.parse import parse
from ingest.reading.notes import Notes
from ingest.reading.packed.tnef import Opened, open_tnef

HEAD = struct.pack("<IH", 0x223E9F78, 1)
IMESSAGE = bytes.fromhex("0703020000000000c000000000000046")
NEW_FILE = 0x9002


def attribute(name: int, value: bytes, *, attached: bool = False) -> bytes:
    return struct.pack("<BHHI", 1 + attached, name, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(name: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def props(*values: bytes, attached: bool = False) -> bytes:
    return attribute(
        0x9005 if attached else 0x9003, struct.pack("<I", len(values)) + b"".join(values), attached=attached
    )


def opened(*attributes: bytes, cut: int = 0) -> Opened:
    stream = HEAD + b"".join(attributes)
    found = open_tnef(stream[: len(stream) - cut], Notes())
    assert found is not None
    return found


def wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def file_of(name: str, data: bytes) -> bytes:
    named = props(prop(0x3704, 0x1E, b"BILDPA~1.JPG\0"), prop(0x3707, 0x1F, wide(name)), attached=True)
    return attribute(NEW_FILE, b"\0" * 14, attached=True) + attribute(0x800F, data, attached=True) + named


def test_text_and_files_with_names_beyond_ascii():
    body = props(prop(0x1000, 0x1F, wide("Lampan är trasig.")))
    found = opened(body, file_of("Bild på åäö.jpg", b"1"), file_of("två.txt", b"22"))
    assert found.text == "Lampan är trasig."
    assert [(file.name, file.size) for file in found.attachments] == [("Bild på åäö.jpg", 1), ("två.txt", 2)]


@pytest.mark.parametrize(("page", "codec"), [(1252, "cp1252"), (1250, "cp1250"), (28592, "iso8859-2"), (865, "cp865")])
def test_text_is_in_the_codepage_the_stream_names(page, codec):
    text = "Är i Łódź" if codec in ("cp1250", "iso8859-2") else "Brevet är från Bø"
    assert opened(attribute(0x9007, struct.pack("<II", page, 0)), attribute(0x800C, text.encode(codec))).text == text


def test_html_is_in_the_codepage_of_the_internet():
    page = struct.pack("<HHI", 0x03, 0x3FDE, 28591)
    assert opened(props(page, prop(0x1013, 0x102, "<p>Vägen</p>".encode("latin-1")))).html == "<p>Vägen</p>"


def test_named_and_many_valued_properties_are_stepped_over():
    named = struct.pack("<HH", 0x1E, 0x8001) + b"g" * 16 + struct.pack("<II", 1, 6) + wide("ab") + b"\0\0"
    named += struct.pack("<II", 1, 2) + b"x\0\0\0"
    many = struct.pack("<HHI", 0x1002, 0x0E10, 3) + b"aabbcc\0\0"
    words = struct.pack("<HHI", 0x101E, 0x0E11, 2) + (struct.pack("<I", 2) + b"x\0\0\0") * 2
    assert opened(props(named, many, words, prop(0x1000, 0x1E, b"Hej\0"))).text == "Hej"


def test_a_message_attached_to_the_message_is_read():
    inner = HEAD + props(prop(0x37, 0x1F, wide("Vägen")), prop(0x1000, 0x1F, wide("Gropar."))) + file_of("a.txt", b"1")
    outer = attribute(NEW_FILE, b"\0" * 14, attached=True) + props(prop(0x3701, 0x0D, IMESSAGE + inner), attached=True)
    found = opened(outer)
    assert found.attached == "[Bifogat brev: Vägen]\nGropar."
    assert [file.name for file in found.attachments] == ["a.txt"]


def test_of_a_stream_cut_off_what_stands_before_is_read():
    body = props(prop(0x1000, 0x1F, wide("Lampan är trasig.")))
    found = opened(body, file_of("hel.txt", b"1"), attribute(0x9003, b"x" * 50), cut=30)
    assert (found.text, [file.name for file in found.attachments]) == ("Lampan är trasig.", ["hel.txt"])
    assert opened(body, props(prop(0x1013, 0x102, b"<p>" * 40)), cut=100).text == "Lampan är trasig."


@pytest.mark.parametrize(
    "value",
    [
        struct.pack("<I", 0xFFFFFFFF) + b"\0" * 8,
        struct.pack("<IHHI", 1, 0x1002, 0x1000, 0xFFFFFFFF),
        struct.pack("<IHHI", 1, 0x1E, 0x1000, 0xFFFFFFFF),
    ],
)
def test_numbers_that_promise_more_than_there_is_end_in_time(value):
    started = time.process_time()
    opened(attribute(0x9003, value), attribute(0x9004, value))
    assert time.process_time() - started < 2


@given(st.lists(st.tuples(st.sampled_from([0x9003, 0x9005, 0x9007, 0x800C, 0x8010]), st.booleans(), st.binary())))
def test_any_stream_is_read(pieces):
    opened(*(attribute(name, value, attached=attached) for name, attached, value in pieces))


def test_a_letter_all_of_which_is_in_winmail_dat():
    stream = HEAD + props(prop(0x1000, 0x1F, wide("Lampan är trasig."))) + file_of("a.txt", b"1")
    head = "From: a@medborgare.example\nMessage-ID: <a@medborgare.example>\nContent-Type: application/ms-tnef\n"
    message = parse(f"{head}Content-Transfer-Encoding: base64\n\n{base64.encodebytes(stream).decode()}".encode())
    assert (message.message, [file.name for file in message.attachments]) == ("Lampan är trasig.", ["a.txt"])


def test_a_message_attached_in_winmail_dat_is_among_a_letter_s_words():
    inner = HEAD + props(prop(0x37, 0x1F, wide("Vägen")), prop(0x1000, 0x1F, wide("Gropar.")))
    outer = attribute(NEW_FILE, b"\0" * 14, attached=True) + props(prop(0x3701, 0x0D, IMESSAGE + inner), attached=True)
    mail = (
        "From: a@medborgare.example\nMessage-ID: <a@medborgare.example>\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nSe nedan.\n--b\nContent-Type: application/ms-tnef\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(HEAD + outer).decode()}\n--b--\n"
    )
    assert parse(mail.encode()).text == "Se nedan.\n\n[Bifogat brev: Vägen]\nGropar."


@pytest.mark.parametrize("name", ["winmail.dat", "ATT00001.bin"])
def test_a_winmail_dat_is_known_by_what_it_begins_with(name):
    stream = base64.b64encode(HEAD + file_of("bild.txt", b"1")).decode()
    head = f"From: a@b.example\nContent-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64"
    assert [file.name for file in parse(f"{head}\n\n{stream}\n".encode()).attachments] == ["bild.txt"]


def test_a_document_set_into_the_letter_is_a_file_of_its_own():
    storage = bytes.fromhex("0b00000000000000c000000000000046")
    data = props(prop(0x3701, 0x0D, storage + b"document"), prop(0x3707, 0x1F, wide("a.doc")), attached=True)
    (file,) = opened(attribute(NEW_FILE, b"\0" * 14, attached=True), data).attachments
    assert file.content == b"document"


@pytest.mark.parametrize("words", ["", "Lampan är trasig."])
def test_a_stream_that_was_uuencoded_into_the_text_is_opened(words):
    stream = HEAD + props(prop(0x1000, 0x1F, wide("Lampan är trasig."))) + file_of("bild.jpg", b"1")
    lines = b"".join(binascii.b2a_uu(stream[at : at + 45]) for at in range(0, len(stream), 45))
    head = f"From: a@medborgare.example\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n".encode()
    message = parse(head + b"begin 666 winmail.dat\n" + lines + b"`\nend\n")
    assert message.text.strip() == "Lampan är trasig."
    assert [file.name for file in message.attachments] == ["bild.jpg"]


@pytest.mark.parametrize(
    "kind", ["IPM.Microsoft Schedule.MtgRespP", "IPM.Schedule.Meeting.Resp.Neg", "IPM.Outlook.Recall"]
)
def test_what_outlook_sends_at_a_button_s_press_is_a_program_s_until_somebody_says_something(kind):
    def kind_of(*attributes: bytes) -> MessageKind:
        stream = base64.encodebytes(HEAD + b"".join(attributes)).decode()
        head = "From: a@x.example\nSubject: Accepterat: Lampan\nContent-Type: application/ms-tnef\n"
        return parse(f"{head}Content-Transfer-Encoding: base64\n\n{stream}".encode()).kind

    of_kind = attribute(0x8008, kind.encode() + b"\0")
    assert kind_of(of_kind) is MessageKind.AUTO_REPLY
    assert kind_of(of_kind, attribute(0x800C, b"Men klockan nio.\0")) is MessageKind.CITIZEN
    assert kind_of(attribute(0x8008, b"IPM.Microsoft Mail.Note\0")) is MessageKind.CITIZEN
