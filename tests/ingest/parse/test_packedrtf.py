"""Outlook's compressed RTF: the example of its specification, stored RTF, and damage."""

import struct

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


@pytest.mark.parametrize("packed", [b"", b"x" * 40, EXAMPLE[:30]])
def test_damage_gives_what_could_be_read(packed):
    assert "world" not in packed_rtf_text(packed)


@given(st.binary(max_size=400))
def test_any_bytes(data):
    unpack_rtf(struct.pack("<II4sI", len(data) + 12, 10_000, b"LZFu", 0) + data)
