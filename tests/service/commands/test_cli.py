"""What is wrong is one line on stderr and status 1, whatever somebody asks of the command line: never a traceback."""

import errno
import io
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from cases.faults import os_words
from classifier.model import SpacyClassifier
from service.cli import COMMANDS, main
from storage import migrate

SETTINGS = {
    "LYHORD_IMAP_PORT": "143",
    "LYHORD_IMAP_USER": "feedback@ekdala.example",
    "LYHORD_IMAP_PASSWORD": "hemligt-ord",
    "LYHORD_SMTP_PORT": "25",
    "LYHORD_DESK_SECRET": "0123456789abcdef" * 2,
}


@pytest.mark.parametrize(
    "words",
    [
        ("parse", "{here}"),
        ("paper", "--separator", "{here}/ingen/blad.pdf"),
        ("preview", "mottagning", "--logo", "{here}/ingen.png"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main([word.format(here=tmp_path) for word in words]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"lyhord: {tmp_path}")
    assert "(det " in line
    assert "Kontrollera" in line


def test_what_a_locale_cannot_write_is_written_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ✘ was a traceback where the shell is in ISO-8859-1."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1", write_through=True))
    assert main(["check", "--config", "ingen.toml"]) == 1
    assert "\\u2718 Inställningarna: ingen.toml" in written.getvalue().decode("latin-1")


def test_a_full_disk_is_said_to_be_full(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SpacyClassifier, "load", full)
    assert main(["suggest", "-"]) == 1
    assert capsys.readouterr().err == "lyhord: Filen får inte plats: disken är full. Frigör utrymme och gör om det.\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "det finns inte"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "ingen lyssnar på porten"),
        (socket.gaierror(-2, "Name or service not known"), "namnet finns inte i DNS"),
        (TimeoutError("timed out"), "inget svar i tid"),
        (ssl.SSLError(1, "[SSL] wrong version number"), "[SSL] wrong version number"),
        (OSError(errno.ELOOP, "Too many levels of symbolic links"), "Too many levels of symbolic links"),
        (OSError(), "OSError"),
    ],
)
def test_what_the_system_would_not_do_is_told_in_swedish(error: OSError, said: str) -> None:
    assert os_words(error) == said


@pytest.mark.parametrize("words", [("jobs",), ("plan", "EK-2026-00001"), ("paper", "--again")])
def test_a_database_that_is_not_there_yet_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    for name, value in {**SETTINGS, "LYHORD_DATABASE_URL": f"sqlite:///{tmp_path}/ny.sqlite"}.items():
        monkeypatch.setenv(name, value)
    assert main([words[0], "--config", "demo", *words[1:]]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ny.sqlite är tom eller finns inte. Är Lyhörd nytt här, kör lyhord db upgrade. Har den funnits" in line


@pytest.mark.parametrize("words", [("db", "upgrade"), ("daemon",), ("user", "list"), ("jobs",)], ids="-".join)
def test_a_damaged_database_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    file = tmp_path / "skadad.sqlite"
    file.write_bytes(b"Not a database. " * 999)
    for name, value in {**SETTINGS, "LYHORD_DATABASE_URL": f"sqlite:///{file}"}.items():
        monkeypatch.setenv(name, value)
    assert main([*words, "--config", "demo"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "skadad.sqlite är skadad" in line
    assert "lyhord restore" in line


def test_letters_that_are_not_utf8_are_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = tmp_path / "brev.jsonl"
    letters.write_bytes('{"subject": "Hål på vägen"}\n'.encode("latin-1"))
    monkeypatch.setattr(SpacyClassifier, "load", lambda _folder: None)
    assert main(["suggest", str(letters)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Rad 1 är inte UTF-8" in line
    assert "spara filen som UTF-8" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("user", "leave", "rut@ekdala.example", "--role", "chef"),
            "--role hör till lyhord user add, inte till leave.",
        ),
        (("user", "list", "--to", "rut@ekdala.example"), "--to hör till lyhord user leave, inte till list."),
        (("api-client", "revoke", "Appen", "--days", "0"), "--days hör till lyhord api-client add, inte till revoke."),
        (("gdpr", "find", "--by", "rut", "--case", "EK-1"), "--case hör till lyhord gdpr extract, inte till find."),
        (("retention", "scrub", "--count", "0"), "--count hör till lyhord retention run, inte till scrub."),
        (("config", "keys", "--since", "förr"), "--since hör till lyhord config diff, inte till keys."),
        (("db", "status", "--copy", "sqlite://"), "--copy hör till lyhord db upgrade, inte till status."),
        (("db", "upgrade", "--copy", "sqlite://"), "--copy hör till --rehearse: kopian är till att pröva på."),
        (("user", "reset"), "Ange personens e-postadress: lyhord user reset NAMN@KOMMUNEN.example"),
        (
            ("archive", "export", "ut", "--closed-from", "2026-02-01", "--closed-before", "2026-02-01"),
            "--closed-from ska vara en dag före --closed-before; annars finns det inget att leverera.",
        ),
        (("mailbox", "recover", "--since", "2999-01-01"), "--since 2999-01-01 har inte varit än"),
        (("report", "--out", "halvår.docx"), "halvår.docx: .docx skrivs inte. Välj .pdf, .xlsx, .csv, .html i namnet"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_would_be_left_undone_is_refused(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option of another word's was passed over without a word."""
    assert main([*words, "--config", "ingen.toml"]) == 1
    assert capsys.readouterr().err.startswith(f"lyhord: {said}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("restore", "k", "--to", "sqlite:///{file}.ny", "--key", "{file}"), "{file} har ingen hemlig nyckel"),
        (("config", "diff", "--since", "{file}"), "{file} går inte att läsa."),
        (("gdpr", "find", "--by", "rut", "--number-from", "{file}"), "{file} är inte UTF-8. Är det rätt fil?"),
        (("gdpr", "find", "--by", "rut", "--number-from", "-"), "Det som kom på standard in är inte UTF-8."),
        (("user", "add", "rut@ekdala.example", "--password-stdin"), "Det som kom på standard in är inte UTF-8."),
    ],
    ids=lambda one: " ".join(one[:2]) if isinstance(one, tuple) else "",
)
def test_what_is_no_text_is_said_to_be_so(
    tmp_path: Path,
    environ: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    migrate.upgrade(environ["LYHORD_DATABASE_URL"])
    file = tmp_path / "nyckel.gpg"
    file.write_bytes(b"\x93\xff\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes()), encoding="utf-8"))
    who = ("--name", "Rut Almgren", "--title", "registrator", "--role", "registrator") if words[0] == "user" else ()
    assert main([*(word.format(file=file) for word in words), *who, "--config", "demo"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"lyhord: {said.format(file=file)}")


def test_keys_nested_without_end_are_no_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each level is a call of Python's own, and those it counts."""
    file = tmp_path / "nycklar.json"
    file.write_text("[" * 100_000)
    assert main(["config", "diff", "--since", str(file)]) == 1
    assert f"{file} går inte att läsa." in capsys.readouterr().err


def test_who_breaks_off_while_a_command_is_loaded_gets_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.load", broken_off)
    assert main(["letters"]) == 130
    assert capsys.readouterr().err == ""


READ_LETTERS = {"demo", "run", "daemon", "desk", "mailbox", "paper", "parse", "train", "evaluate", "simulate", "report"}
"""Commands that read letters, learn, or draw (numpy comes with it); each other begins at once."""
_IMPORTED = """
import sys
from service.cli import load
from service.version import version_words
version_words()
slow = {"spacy", "onnxruntime", "numpy", "simplemma", "wordfreq", "faker", "mailparser", "pypdfium2", "fastapi"}
assert "sqlalchemy" not in sys.modules
for name in sys.argv[1:]:
    load(name)
    assert not slow & set(sys.modules), (name, slow & set(sys.modules))
"""


def test_a_command_that_reads_no_letters_loads_no_model() -> None:
    """Each took 3 to 4 s of processor before it began."""
    light = [name for name in COMMANDS if name not in READ_LETTERS]
    done = subprocess.run([sys.executable, "-c", _IMPORTED, *light], capture_output=True, text=True, check=False)
    assert done.stderr == ""
