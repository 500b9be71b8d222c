"""Makes small documents of each kind for the tests."""

import io
import zipfile
import zlib
from collections.abc import Sequence

import docx
import pypdf
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def word(*parts: str | Sequence[tuple[str, str]]) -> bytes:
    """A Word file of paragraphs and two-column tables."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(0, 2)
        for left, right in part:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = left, right
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt(body: str, *, doctype: str = "") -> bytes:
    """An OpenDocument text with this body."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content xmlns:office="{_OFFICE}" '
        f'xmlns:text="{_TEXT}"><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr("content.xml", content)
    return out.getvalue()


def text_pdf(*pages: str) -> bytes:
    """A PDF with a text layer, a line (ASCII) a page."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, line in enumerate(pages):
        drawn = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        bodies.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return _assembled(bodies)


def picture_pdf(width: int, height: int) -> bytes:
    """A PDF page covered by one black picture, packed to a thousandth of its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(width)) for _ in range(height)) + packer.flush()
    drawn, shown = "q 595 0 0 842 0 0 cm /I Do Q", "<< /XObject << /I 5 0 R >> >>"
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
        f"/BitsPerComponent 8 /Filter /FlateDecode /Length {len(packed)} >>"
    )
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {shown} >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        f"{head}\nstream\n{packed.decode('latin-1')}\nendstream",
    ]
    return _assembled(bodies)


def _assembled(bodies: Sequence[str]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(bodies) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\n".encode("ascii")
    return out + f"startxref\n{start}\n%%EOF\n".encode("ascii")


def encrypted_pdf(line: str) -> bytes:
    """A PDF that opens with a password only."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(text_pdf(line)))
    writer.encrypt("hemligt", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fillable_pdf(line: str, answer: str) -> bytes:
    """A PDF blankett with one field, filled in on a screen by a program that drew nothing itself."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(text_pdf(line)))
    font = writer.pages[0]["/Resources"]["/Font"]
    look = TextStringObject("/F1 12 Tf 0 g")
    field = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject("svar"),
                NameObject("/V"): TextStringObject(answer),
                NameObject("/DA"): look,
                NameObject("/Rect"): ArrayObject([FloatObject(side) for side in (72, 680, 500, 700)]),
                NameObject("/F"): NumberObject(4),
            }
        )
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([field])
    resources = DictionaryObject({NameObject("/Font"): font})
    form = {"/Fields": ArrayObject([field]), "/DR": resources, "/DA": look, "/NeedAppearances": BooleanObject(True)}
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject(k): v for k, v in form.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
