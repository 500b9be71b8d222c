"""``lyhord paper``: the separator sheet is one that is known again, and a document's words are printed."""

from pathlib import Path

import pypdfium2
import pytest

from ingest.paper.splitting import is_separator
from service.cli import main
from tests.ingest.paper.papers import encrypted_pdf, text_pdf


def test_the_printed_sheet_is_a_separator(tmp_path: Path) -> None:
    assert main(["paper", "--separator", str(tmp_path / "blad.pdf")]) == 0
    page = pypdfium2.PdfDocument((tmp_path / "blad.pdf").read_bytes())[0]
    assert page.get_size() == pytest.approx((595.2, 841.9), abs=1)
    assert is_separator(page.render(scale=2, grayscale=True).to_pil())


def test_a_document_is_read_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "brev.pdf").write_bytes(text_pdf("Gatlyktan vid skolan lyser inte"))
    assert main(["paper", str(tmp_path / "brev.pdf")]) == 0
    assert capsys.readouterr().out == "Gatlyktan vid skolan lyser inte\n"


def test_what_cannot_be_read_is_said_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "brev.pdf").write_bytes(encrypted_pdf("Gatlyktan vid skolan lyser inte"))
    assert main(["paper", str(tmp_path / "brev.pdf")]) == 1
    assert "lösenord" in capsys.readouterr().out
    assert main(["paper", str(tmp_path / "finns-inte.pdf")]) == 1
    assert main(["paper", "--separator", str(tmp_path / "blad.png")]) == 1
    assert "ändelsen .pdf" in capsys.readouterr().err
