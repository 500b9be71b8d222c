"""Outlook's compressed RTF: the example of its specification, stored RTF, and damage."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.packed.packedrtf import packed_rtf_text, rtf_text, unpack_rtf

# [MS-OXRTFCP] section 3.1
EXAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def test_the_specification_s_example():
    assert unpack_rtf(EXAMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert packed_rtf_text(EXAMPLE) == "hello world"


def test_stored_rtf():
    rtf = b"{\\rtf1\\ansi Lampan \\'e4r trasig}"
    assert packed_rtf_text(struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf) == "Lampan är trasig"


def test_a_letter_in_two_halves_is_one():
    assert rtf_text(rb"{\rtf1\ansi Tack \u-10179?\u-8704?}") == "Tack \U0001f600"
    assert rtf_text(rb"{\rtf1\ansi Tack \u-10179?}").encode() == "Tack \ufffd".encode()


def test_a_links_address_stands_behind_it_and_each_font_has_its_letters():
    field = rb'{\field{\*\fldinst{HYPERLINK "https://ekdala.example/"}}{\fldrslt{\ul h\'e4r}}}'
    assert rtf_text(rb"{\rtf1 Se " + field + rb".}") == 'Se här("https://ekdala.example/").'
    fonts = rb"{\fonttbl{\f0\fnil Arial;}{\f1\fswiss\fcharset204{\*\fname Arial;}Arial CYR;}}"
    assert rtf_text(rb"{\rtf1\ansi" + fonts + rb"\f1 \'cf\'f0\'e8\f0 hej}") == "Приhej"
    assert rtf_text(rb"{\rtf1\fonttbl\f0\fcharset0 A;Hej}") == "", "as the library has it"


@pytest.mark.parametrize(
    "hostile",
    [
        rb"{\rtf1{\fonttbl" + rb"\f7\fcharset0 a" * 150 + b"}hej}",
        rb"{\rtf1{\fonttbl" + rb"\f7" * 50_000 + b"}hej}",
        rb"{\rtf1{\field{\*\fldinst{" + b'HYPERLINK "' * 300 + b'"}}{' + b" a" * 1_600,
        rb'{\rtf1{\FIELD{\*\fldinst{HYPERLINK ""}}{' * 1_000,
    ],
)
def test_what_the_library_would_read_for_ever_is_read_in_a_moment(hostile):
    begun = time.process_time()
    rtf_text(hostile)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("packed", [b"", b"x" * 40, EXAMPLE[:30]])
def test_damage_gives_what_could_be_read(packed):
    assert "world" not in packed_rtf_text(packed)


@given(st.binary(max_size=400))
def test_any_bytes(data):
    unpack_rtf(struct.pack("<II4sI", len(data) + 12, 10_000, b"LZFu", 0) + data)
