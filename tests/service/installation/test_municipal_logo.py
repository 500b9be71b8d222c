"""The logo as the settings name it: read at start, told of by the check, kept in the backup."""

from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import load
from notifier.logo import LogoError
from service.backup.create import _pointed_at
from service.checks.choices import check_logo
from service.demo.installation import LOGO
from service.installation.municipal_logo import municipal_logo
from service.whole_house import reader


def settings(logo: Path | str):
    return SimpleNamespace(municipality=SimpleNamespace(logo=logo))


def test_without_a_logo_there_is_none_and_nothing_is_said() -> None:
    assert municipal_logo(settings("")) is None
    assert list(check_logo(settings(""))) == []


def test_the_check_tells_how_large_it_is_in_every_letter() -> None:
    (line,) = check_logo(settings(LOGO))
    assert line.ok
    assert line.text == "176 × 68 bildpunkter, 6 kB i varje brev"


@pytest.mark.parametrize(("content", "why"), [(b"GIF89a", "varken PNG eller SVG"), (None, "går inte att läsa")])
def test_a_file_that_cannot_be_the_logo_stops_the_start_by_name(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    file = tmp_path / "vapen.gif"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LogoError, match=f"vapen.gif.*{why}"):
        municipal_logo(settings(file))


def test_the_backup_has_the_logo(tmp_path: Path) -> None:
    (tmp_path / "vapen.svg").write_bytes(LOGO.read_bytes())
    source = tmp_path / "lyhord.toml"
    source.write_text('[municipality]\nlogo = "vapen.svg"\n', "utf-8")
    found = _pointed_at(source, {}, tmp_path, with_secrets=False)
    assert found == {"config/vapen.svg": tmp_path / "vapen.svg"}


def test_what_reads_letters_knows_the_logo_again(tmp_path: Path) -> None:
    environ = {
        "LYHORD_DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite'}",
        "LYHORD_DESK_SECRET": "s" * 48,
        "LYHORD_IMAP_PASSWORD": "p",
    }
    chosen = load("demo", {**environ, "LYHORD_LOGO": str(LOGO)})
    logo = municipal_logo(chosen)
    assert logo is not None
    answer = EmailMessage()
    answer["From"], answer["Subject"] = "anna@post.example", "SV: Svar på ditt ärende"
    answer.set_content("Tack!")
    answer.add_attachment(logo.png, "image", "png", filename="image001.png")
    answer.add_attachment(b"\x89PNG\r\n\x1a\nen annan", "image", "png", filename="gropen.png")
    assert [file.name for file in reader(chosen, logo)(bytes(answer)).attachments] == ["gropen.png"]
    assert len(reader(chosen)(bytes(answer)).attachments) == 2
