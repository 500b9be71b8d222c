"""`lyhord backup` and `lyhord restore` as they are called."""

import errno
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import load
from service.backup.archive import encrypt, new_key
from service.backup.database import BackupError
from service.checks.copies import copies_line, newest_copy
from service.cli import main
from service.processes.attending import attending
from storage import SqlStore
from storage.search.analyse import analyse
from tests.service.conftest import CLOSED
from tests.service.copied import fill


def test_a_copy_of_no_database_makes_none(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LYHORD_DATABASE_URL", f"sqlite:///{tmp_path / 'ingen.sqlite'}")
    assert main(["backup", "-c", "demo", "--folder", str(tmp_path)]) == 1
    assert not (tmp_path / "ingen.sqlite").exists()


def test_the_commands(
    environ: dict[str, str],
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    fill(sqlite_url, letters=1)
    assert main(["backup", "--new-key", str(tmp_path / "k")]) == 0
    public = capsys.readouterr().out.split()[6]
    assert public.startswith("age1")
    profile = tmp_path / "lyhord.toml"
    profile.write_text(f'extends = "demo"\n[backup]\nfolder = "."\nrecipients = ["{public}"]\n')
    assert main(["backup", "-c", str(profile), "--verify-with", str(tmp_path / "k")]) == 0
    said = capsys.readouterr().out
    assert "2 ärenden" in said and "jämförd" in said and "desk.secret" in said
    settings = load(str(profile), environ)
    with closing(SqlStore(sqlite_url, analyser=analyse)) as store, store.read() as tx:
        assert newest_copy(tx, settings) is not None
    assert main(["backup", "-c", str(profile), "--folder", str(tmp_path / "omonterad")]) == 1
    with closing(SqlStore(sqlite_url, analyser=analyse)) as store, store.read() as tx:
        line = copies_line(tx, settings, datetime.now(UTC) + timedelta(hours=2))
        assert line is not None and "omonterad finns inte" in line.text and "gjordes för 2 timmar" in line.text
    capsys.readouterr()
    (copy,) = tmp_path.glob("lyhord-*.age")
    to = f"sqlite:///{tmp_path / 'new.sqlite'}"
    assert main(["restore", str(copy), "--to", to, "--key", str(tmp_path / "k"), "--files", str(tmp_path / "f")]) == 0
    said = capsys.readouterr().out
    assert "mailbox recover" in said and "2 brev till medborgare som väntade i kopian" in said
    assert main(["restore", str(copy), "--to", to, "--key", str(tmp_path / "k")]) == 1
    assert "--overwrite" in capsys.readouterr().err
    monkeypatch.setenv("LYHORD_DATABASE_URL", to)
    # Without --to it is the settings' own database, whose password is on no command line.
    assert main(["restore", str(copy), "-c", str(profile), "--key", str(tmp_path / "k")]) == 1
    assert to.removeprefix("sqlite:///") in capsys.readouterr().err
    assert main(["restore", "ingen.age", "-c", str(profile), "--key", str(tmp_path / "k"), "--overwrite"]) == 1
    assert "Kopian ingen.age går inte att läsa" in capsys.readouterr().err
    assert main(["daemon", "-c", str(profile)]) == 1
    assert "mailbox recover" in capsys.readouterr().err
    with monkeypatch.context() as nobody_there:
        nobody_there.setattr("service.commands.mailbox.warm_up", lambda: None)
        nobody_there.setenv("LYHORD_IMAP_PORT", CLOSED)
        assert main(["mailbox", "recover", "-c", str(profile)]) == 1
    said = capsys.readouterr().err
    assert "Kör lyhord mailbox recover igen, inget tas in två gånger; hjälper det inte, kontrollera host" in said
    assert "av sig självt" not in said, "nobody tries it again by itself"
    assert main(["mailbox", "recover", "-c", str(profile), "--skip"]) == 0
    with attending(to, "desk"):
        assert main(["restore", str(copy), "-c", str(profile), "--key", str(tmp_path / "k"), "--overwrite"]) == 1
    assert "Stoppa det först" in capsys.readouterr().err
    assert not list(tmp_path.glob("new.sqlite.before_restore_*"))


@pytest.mark.parametrize("place", ["/tmp/kopia.sqlite", "mysql://lyhord:hemligt@db/lyhord"])
def test_a_place_that_is_no_database_is_refused_unrepeated(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "kopia.age", "--to", place, "--key", "nyckel"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("lyhord: --to är ingen databas som Lyhörd känner.")
    assert "hemligt" not in said


def test_a_disk_that_fills_up_is_told_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").write_bytes(b"x" * 200_000)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("service.backup.archive._Hashing.write", full)
    public = new_key(tmp_path / "key")
    with pytest.raises(BackupError, match=f"skriva i {tmp_path}.*No space left.*Frigör utrymme"):
        encrypt(tmp_path / "plain", tmp_path / "sealed", [public])
