"""Word, OpenDocument, RTF, plain text and PDF with text: what they say, and that damage is told of and not raised."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import docx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from cases.inbound.documents import DocumentText
from ingest.documents.errors import UnreadableDocument
from ingest.documents.kinds import DocumentKind, document_kind
from ingest.documents.odt import read_odt
from ingest.documents.plain import read_rtf
from ingest.documents.word import read_word
from ingest.paper.limits import Limits
from ingest.paper.reading import read_document
from tests.ingest.paper.papers import encrypted_pdf, fillable_pdf, odt, text_pdf, word
from tests.ingest.paper.scans import as_bytes

QUICK = Limits(tesseract="", pixels=2_000_000)


def read(content: bytes, declared: str = "", limits: Limits = QUICK) -> DocumentText:
    return read_document(content, declared, limits, Path("/nonexistent"))


def test_word_gives_paragraphs_and_tables_in_order() -> None:
    content = word("Hej på er", [("Namn", "Åsa Öberg"), ("Plats", "Ängsvägen")], "Hälsningar")
    assert read(content).text == "Hej på er\nNamn\tÅsa Öberg\nPlats\tÄngsvägen\nHälsningar"


def test_a_merged_cell_is_said_once() -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Rubrik"
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue()).text == "Rubrik"


def test_odt_gives_paragraphs_tabs_and_spaces() -> None:
    body = (
        '<text:h>Klagomål</text:h><text:p>Rad<text:tab/>ett<text:s text:c="3"/>slut</text:p>'
        "<text:p>Två<text:line-break/>tre <text:span>å</text:span>ä</text:p>"
        "<text:p>Kvar<office:annotation><text:p>anmärkning</text:p></office:annotation>!</text:p>"
    )
    assert read(odt(body)).text == "Klagomål\nRad\tett   slut\nTvå\ntre åä\nKvar!"


def test_odt_opens_no_entity() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    found = read(odt("<text:p>Hej &a;&f; där</text:p>", doctype=bomb))
    assert "aaaa" not in found.text
    assert found.text.startswith("Hej")


def test_rtf_is_read_by_its_code_page() -> None:
    assert read(rb"{\rtf1\ansi\ansicpg1252 Hej p\'e5 \b dig\b0\par Rad tv\'e5 \u8211? slut}").text == (
        "Hej på dig\nRad två – slut"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_plain_text_in_any_charset(encoding: str) -> None:
    text = "Hej!\r\nGatlyktan på Ängsvägen är trasig sedan i höstas, och det är mörkt."
    assert read(text.encode(encoding), "text/plain").text == text.replace("\r\n", "\n")


def test_a_pdf_with_text_is_read_page_by_page() -> None:
    found = read(text_pdf("Gatlyktan lyser inte sedan en vecka", "Sidan tva har mer text att beratta"))
    assert [page.text for page in found.pages] == [
        "Gatlyktan lyser inte sedan en vecka",
        "Sidan tva har mer text att beratta",
    ]
    assert found.machine_read
    assert found.pages[0].image == b""


def test_what_was_filled_in_on_a_screen_is_read() -> None:
    found = read(fillable_pdf("Namn pa den som lamnar synpunkten:", "Märta Öhrn"))
    assert found.text == "Namn pa den som lamnar synpunkten:\nMärta Öhrn"


def test_an_old_word_file_is_told_of_and_how_to_go_on() -> None:
    found = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert not found.machine_read
    assert ".docx" in found.note


def giant_png(side: int = 30_000) -> bytes:
    """A whole black picture in some hundred kilobytes, made without the gigabyte that drawing it takes."""
    packing, row = zlib.compressobj(1), bytes(1 + side // 8)
    rows = b"".join([*(packing.compress(row * 1000) for _ in range(side // 1000)), packing.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


HOSTILE = {
    "encrypted pdf": encrypted_pdf("Hemligt brev om en gatlykta som inte lyser"),
    "truncated pdf": text_pdf("Gatlyktan lyser inte sedan en vecka")[:300],
    "pdf header only": b"%PDF-1.7\n",
    "truncated docx": word("Hej")[:900],
    "docx without document": b"PK\x03\x04" + b"word/document.xml" * 20,
    "truncated png": as_bytes(Image.effect_noise((300, 300), 90))[:4000],
    "png of a giant": giant_png(),
    "broken odt": odt("<text:p>oj"),
    "odt of depth": odt("<text:span>" * 5000 + "</text:span>" * 5000),
    "unknown": bytes(range(32)) * 40,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_left_to_people(name: str) -> None:
    found = read(HOSTILE[name])
    assert not found.machine_read
    assert found.note.startswith("Inte läst av maskin")


def test_a_locked_file_is_told_apart_from_a_broken_one() -> None:
    assert "lösenord" in read(HOSTILE["encrypted pdf"]).note


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b"0" * 70_000_000)
    assert len(out.getvalue()) < 100_000
    assert "orimligt stor" in read(out.getvalue()).note


def test_of_ten_thousand_pages_the_first_are_read() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(10_000):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue(), limits=Limits(pages=3, tesseract="", pixels=100_000))
    assert len(found.pages) == 3
    assert "första 3 av 10000 sidor" in found.note


def test_a_page_as_large_as_a_house_is_drawn_within_its_pixels() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_000, 14_000)
    out = io.BytesIO()
    document.save(out)
    assert len(read(out.getvalue()).pages) == 1


def test_a_page_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    pages = [Image.new("1", (40, 40), 1), Image.new("1", (6000, 6000), 1), Image.new("1", (40, 40), 1)]
    content = as_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    found = read(content, limits=Limits(tesseract="", pixels=1_000_000))
    assert [page.number for page in found.pages] == [1, 2, 3]
    assert "Sida 2: " in found.note


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["", "text/plain", "application/pdf"]),
    st.sampled_from(
        [
            b"",
            b"%PDF-1.7\n",
            b"\x89PNG\r\n\x1a\n",
            b"II*\x00",
            b"{\\rtf1",
            b"PK\x03\x04",
            b"\xff\xd8\xff",
            b"BM",
            b"GIF89a",
        ]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_are_read_or_left_to_people(declared: str, head: bytes, rest: bytes) -> None:
    found = read(head + rest, declared)
    assert found.machine_read or found.note


_WHOLE = [
    text_pdf("Gatlyktan lyser inte sedan en vecka"),
    word("Hej på er"),
    odt("<text:p>Hej</text:p>"),
    b"{\\rtf1 Hej}",
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_WHOLE), st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_document_is_read_or_left_to_people(whole: bytes, where: float, damage: bytes) -> None:
    at = int(where * len(whole))
    found = read(whole[:at] + damage + whole[at + len(damage) :])
    assert found.machine_read or found.note


def test_readers_raise_nothing_but_their_own_error() -> None:
    for reader in (read_word, read_odt):
        with pytest.raises(UnreadableDocument, match="skadad"):
            reader(b"PK\x03\x04 no zip")
    assert read_rtf(b"{\\rtf1") == ""


def test_the_kind_is_told_from_the_bytes() -> None:
    assert document_kind(b"scanner mark\n%PDF-1.4", "text/plain") is DocumentKind.PDF
    assert document_kind(word("Hej"), "application/octet-stream") is DocumentKind.WORD
    assert document_kind(odt("<text:p/>"), "application/zip") is DocumentKind.ODT
    assert document_kind(b"MZ\x90\x00\x03", "application/pdf") is DocumentKind.UNKNOWN
    assert document_kind("Hej på er".encode()) is DocumentKind.TEXT
    assert document_kind(b"") is DocumentKind.UNKNOWN
