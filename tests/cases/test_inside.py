"""What files tell that no page of theirs shows is found; whatever bytes come, none stops the one who hands out."""

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from pypdf.generic import NameObject, StreamObject

from cases.disclosure.inside import PLACE, UNSEEN, hidden_texts

WHO = "Nils Åkerö"
_GPS, _ARTIST = 0x8825, 0x013B


def picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind, **options)
    return out.getvalue()


def exif(*, place: bool = False) -> Image.Exif:
    tags = Image.Exif()
    tags[_ARTIST] = "Nils Akero"
    tags[0x9C9D] = WHO.encode("utf-16-le")
    if place:
        tags.get_ifd(_GPS)[2] = (56.0, 22.0, 51.0)
    return tags


def png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Author", WHO, zip=True)
    return picture("PNG", pnginfo=told)


def packed_png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", WHO, zip=True)
    return picture("PNG", pnginfo=told)


def pdf(*, packed: bool = False) -> bytes:
    """Its author stands in the document's information, or in compressed XML alone."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    if packed:
        stream = StreamObject()
        stream.set_data(f"<x:xmpmeta><dc:creator>{WHO}</dc:creator></x:xmpmeta>".encode())
        stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream.flate_encode())
    else:
        writer.add_metadata({"/Author": WHO})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def object_stream() -> bytes:
    """A PDF of version 1.5 keeps its information among compressed objects."""
    body = zlib.compress(b"4 0 << /Author <FEFF" + WHO.encode("utf-16-be").hex().encode() + b"> >>")
    about = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(body)
    return b"%PDF-1.5\n3 0 obj\n" + about + b"\nstream\n" + body + b"\nendstream\nendobj\n"


def docx(part: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        picture("JPEG", exif=exif()),
        picture("JPEG", comment=WHO.encode()),
        picture("PNG", exif=exif()),
        picture("WEBP", exif=exif()),
        picture("TIFF", exif=exif()),
        png(),
        packed_png(),
        pdf(),
        pdf(packed=True),
        object_stream(),
        docx("docProps/core.xml", f"<dc:creator>{WHO}</dc:creator>"),
        docx("word/document.xml", "<w:del><w:delText>Nils </w:delText><w:delText>Åkerö</w:delText></w:del>"),
        docx("word/comments.xml", f'<w:comment w:author="{WHO}"/>'),
        docx("word/comments.xml", "<w:t>Nils &#197;ker&#246;</w:t>"),
        docx("word/media/image1.jpg", ""),
    ],
)
def test_who_made_it_is_found(content: bytes) -> None:
    told = " ".join(hidden_texts(content))
    assert WHO in told or "image1.jpg" in told, told[:400]


LETTER = EmailMessage()
LETTER["From"] = f"{WHO} <nils@post.example>"
LETTER.set_content("Hej, här kommer listan.", cte="base64")
FORWARDED = EmailMessage()
FORWARDED.set_content("Se bifogat.")
FORWARDED.add_attachment(f"namn;{WHO}".encode(), maintype="text", subtype="csv", filename="lista.csv")


@pytest.mark.parametrize(
    "content",
    [
        f"namn;ort\r\n{WHO};Ekdala".encode(),
        f"namn;ort\r\n{WHO};Ekdala".encode("latin-1"),
        b"<p>Nils <b>&#197;ker&ouml;</b></p>",
        LETTER.as_bytes(),
        FORWARDED.as_bytes(),
        b"\xd0\xcf\x11\xe0" + bytes(508) + WHO.encode("utf-16-le") + bytes(9),
    ],
)
def test_a_file_that_no_reader_opened_is_looked_through(content: bytes) -> None:
    """Tables, letters and old Office files are read by no reader of documents, so nobody had compared them."""
    assert WHO in " ".join(hidden_texts(content))


def tiff(*entries: tuple[int, int, bytes], after: bytes = bytes(4)) -> bytes:
    """A TIFF of these tags (number, type, value), whose values and next page stand behind them."""
    at, told, values = 14 + 12 * len(entries), b"", b""
    for tag, kind, value in entries:
        count = len(value) // 4 if kind == 4 else len(value)
        told += struct.pack("<HHII", tag, kind, count, at + len(values))
        values += value
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + told + after + values


def later_page() -> bytes:
    """Its author stands with the second page alone."""
    first = tiff((0x0131, 2, b"skanner\0"))
    second = struct.pack("<H", 1) + struct.pack("<HHII", _ARTIST, 2, 11, len(first) + 18) + bytes(4)
    return first[:22] + struct.pack("<I", len(first)) + first[26:] + second + WHO.encode("latin-1") + b"\0"


@pytest.mark.parametrize(
    "content",
    [
        later_page(),
        tiff((0x02BC, 1, f"<dc:creator>{WHO}</dc:creator>".encode())),
        tiff((0x83BB, 4, WHO.encode() + bytes(8))),
    ],
    ids=["page", "xmp", "iptc"],
)
def test_what_a_scan_tells_on_any_page_is_found(content: bytes) -> None:
    assert WHO in " ".join(hidden_texts(content))


def test_where_a_picture_was_taken_is_told() -> None:
    assert PLACE in list(hidden_texts(picture("JPEG", exif=exif(place=True))))
    assert PLACE not in list(hidden_texts(picture("JPEG", exif=exif())))


def test_a_picture_inside_a_document_is_looked_at_too() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/media/image1.jpeg", picture("JPEG", exif=exif(place=True)))
    assert PLACE in list(hidden_texts(out.getvalue()))


STARTS = (
    b"",
    b"PK\3\4",
    b"%PDF-1.4\n1 0 obj (",
    b"\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
)


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_no_bytes_stop_it(start: bytes, rest: bytes) -> None:
    assert all(isinstance(text, str) for text in hidden_texts(start + rest))


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    writer.encrypt("hemligt", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def long_chunk() -> bytes:
    """A picture with a packed text that is longer than what is unpacked of one."""
    body = b"k\0\0" + zlib.compress(b"a" * 8_000_001)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(body)) + b"zTXt" + body


def many_pages() -> bytes:
    """A TIFF whose 401 pages have no tags."""
    return b"II*\0" + b"".join(struct.pack("<IH", 8 + 6 * page, 0) for page in range(401)) + bytes(4)


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(401):
            package.writestr(f"word/{number}.xml", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        locked_pdf(),
        b"\xd0\xcf\x11\xe0" + bytes(508) + "EncryptedPackage".encode("utf-16-le"),
        docx("docProps/core.xml", WHO)
        .replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0")
        .replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0"),
        many_parts(),
        long_chunk(),
        tiff((0x010E, 2, b"a" * 100_001)),
        many_pages(),
        docx("word/document.xml", "a" * 8_000_001),
        b"a" * 8_000_001,
        b"\0\0\0\x18ftypheic" + bytes(20),
        b"PK\3\4 cut off",
    ],
    ids=["pdf", "office", "zip", "parts", "chunk", "tag", "pages", "grown", "long", "heic", "damaged"],
)
def test_where_no_machine_can_look_it_says_so(content: bytes) -> None:
    """OSL: what nobody looked through could be handed out as if there were nothing in it."""
    assert UNSEEN in list(hidden_texts(content))


@pytest.mark.parametrize(
    "content", [picture("JPEG", exif=exif()), png(), pdf(), docx("word/document.xml", "a"), b"a;b"]
)
def test_what_was_looked_through_asks_nobody_to_look(content: bytes) -> None:
    assert UNSEEN not in list(hidden_texts(content))


def test_a_file_that_points_at_itself_ends() -> None:
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    assert list(hidden_texts(loop)) == []


def test_what_is_packed_beyond_measure_is_not_unpacked() -> None:
    bomb = zlib.compress(b"(" + b"a" * 50_000_000 + b")")
    about = b"<< /Type /ObjStm /Filter /FlateDecode >>"
    told = list(hidden_texts(b"%PDF-1.5\n" + about + b"stream\n" + bomb + b"\nendstream"))
    assert sum(map(len, told)) < 9_000_000


def many_packed() -> bytes:
    """A picture with a text of eight million characters twenty times over."""
    body = b"k\0\0" + zlib.compress(b"a" * 8_000_000)
    return b"\x89PNG\r\n\x1a\n" + (struct.pack(">I", len(body)) + b"zTXt" + body + bytes(4)) * 20


def one_text_often() -> bytes:
    """A picture of which two thousand tags point at the same text."""
    tags, behind = 2_000, 14 + 12 * 2_000
    entry = struct.pack("<HHII", 270, 2, 100_000, behind)
    return b"II*\0" + struct.pack("<IH", 8, tags) + entry * tags + bytes(4) + b"x" * 100_000


@pytest.mark.parametrize("small", [many_packed(), one_text_often(), b"Content-Type: a/x\n\n" * 60 + b"x y " * 200_000])
def test_a_small_file_that_tells_without_end_is_stopped(small: bytes) -> None:
    """Memory would go to all that a hostile file unpacks to, and the desk with it (CWE-409)."""
    told = list(hidden_texts(small))
    assert sum(map(len, told)) < 25_000_000
    assert told[-1] == UNSEEN


@pytest.mark.parametrize("again", [b"<<>>stream\n", b"(a", b"<", b"((", b"<<", rb"\("])
def test_no_pattern_goes_back_over_what_it_read(again: bytes) -> None:
    """With a pattern that does, each of these would take minutes."""
    assert list(hidden_texts(b"%PDF-1.4 " + again * 200_000)) == []


@pytest.mark.parametrize(
    "letter",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\n",
        b"Content-Type: multipart/mixed" + b"; a=b" * 50_000 + b"\n\n",
        b"Content-Type: multipart/mixed" + b";\n a=b" * 50_000 + b"\n\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(90)) + b"\n" * 9_000,
    ],
)
def test_a_letter_that_would_be_read_for_hours_is_a_persons_to_look_at(letter: bytes) -> None:
    """The standard library goes through long fields, and parts in parts, again for each of them (CWE-407)."""
    assert UNSEEN in list(hidden_texts(letter))
