"""``lyhord backup``: database, settings and own templates in one encrypted file, read back before it counts."""

import os
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path

from config import Settings
from service.backup import archive as archives
from service.backup.archive import Manifest
from service.backup.database import PG_DUMP, BackupError, Snapshot, find_program, take_snapshot
from service.backup_names import PREFIX, SUFFIX
from service.checks.database import sqlite_file
from service.installation.model_room import model_folder
from service.stopping import leaving_in_order

CHECKSUM = ".sha256"
_ROOM, _PARTIAL = ".lyhord-kopia-", ".partial"
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made. ``whole`` is true where it was decrypted and compared; ``removed`` went by rotation."""

    file: Path
    size: int
    manifest: Manifest
    removed: Sequence[Path]
    whole: bool


def make_backup(
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime,
    *,
    folder: Path | None = None,
    verify_with: Path | None = None,
) -> Made:
    """Make a backup and remove those beyond ``backup.keep``. Raises BackupError; then nothing is left half done."""
    chosen = settings.backup
    place = folder or (Path(chosen.folder) if chosen.folder else None)
    if place is None:
        raise BackupError("Ingen mapp för kopior. Skriv backup.folder, eller ange --folder.")
    if not place.is_dir():
        raise BackupError(
            f"Mappen för kopior {place} finns inte. Är disken monterad? Annars gör den åt tjänstens användare: "
            f"install -d -m 0750 -o lyhord {place}"
        )
    if not chosen.recipients:
        raise BackupError("Ingen nyckel att kryptera för. Gör ett par med lyhord backup --new-key FIL.")
    keys = archives.read_keys(verify_with) if verify_with else []
    target = place / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    if target.exists():
        raise BackupError(f"{target} finns redan. Vänta en sekund och försök igen.")
    with workshop(settings.database.url.reveal()) as room:
        manifest = _write(settings, environ, now, room)
        _seal(room, target, chosen.recipients, keys)
    removed = rotate(place, chosen.keep)
    return Made(target, target.stat().st_size, manifest, removed, whole=bool(keys))


@contextmanager
def workshop(url: str) -> Iterator[Path]:
    """A folder only we can read, beside the database, which is as secret; gone afterwards, whatever happened."""
    file = sqlite_file(url)
    beside = file.parent if file is not None and file.parent.is_dir() else Path(tempfile.gettempdir())
    for left in _forgotten(beside, f"{_ROOM}*"):
        shutil.rmtree(left, ignore_errors=True)
    with leaving_in_order(), tempfile.TemporaryDirectory(prefix=_ROOM, dir=beside) as name:
        yield Path(name)


def _forgotten(folder: Path, pattern: str) -> Iterator[Path]:
    """What one of ours left there whose power was cut: no copy takes a day."""
    for path in folder.glob(pattern):
        there = path.lstat()
        if there.st_uid == os.geteuid() and time.time() - there.st_mtime > _DAY:
            yield path


def _write(settings: Settings, environ: Mapping[str, str], now: datetime, room: Path) -> Manifest:
    """Snapshot and files as ``archive`` in the workshop, unpacked again and compared."""
    (room / "parts").mkdir(mode=0o700)
    snapshot = take_snapshot(settings.database.url.reveal(), room / "parts")
    files = {snapshot.file.name: snapshot.file, **_files(settings, environ, room / "parts")}
    manifest = replace(
        _manifest(settings, snapshot, now), members={name: archives.digest_of(path) for name, path in files.items()}
    )
    archives.pack(room / "archive", manifest, files)
    shutil.rmtree(room / "parts")
    (room / "read").mkdir(mode=0o700)
    archives.unpack(room / "archive", room / "read")
    if snapshot.kind == PG_DUMP:
        check_dump(room / "read" / snapshot.file.name)
    shutil.rmtree(room / "read")
    return manifest


def check_dump(dump: Path) -> None:
    """Raises BackupError where pg_restore cannot read what pg_dump wrote."""
    program = find_program("pg_restore")
    if program is None:
        raise BackupError("pg_restore är inte installerat. Installera postgresql-client.")
    if subprocess.run([program, "--list", str(dump)], check=False, capture_output=True).returncode:  # noqa: S603 - no shell
        raise BackupError("pg_restore kan inte läsa kopian. Pröva lyhord backup igen.")


def _manifest(settings: Settings, snapshot: Snapshot, now: datetime) -> Manifest:
    return Manifest(
        version=version("lyhord"),
        taken_at=now.isoformat(),
        municipality=settings.municipality.name,
        database=snapshot.kind,
        revision=snapshot.revision,
        tables={name: list(marks) for name, marks in snapshot.fingerprint.items()},
        model={"folder": str(model_folder(settings)), "local": str(settings.classifier.local_folder)},
        note=snapshot.note,
    )


def _files(settings: Settings, environ: Mapping[str, str], room: Path) -> dict[str, Path]:
    """Settings, what they point at, and own templates, by their names in the archive."""
    found: dict[str, Path] = {}
    source = Path(settings.source)
    if source.is_file():
        found["config/" + source.name] = source
        found |= _pointed_at(source, environ, room, with_secrets=settings.backup.with_secrets)
    templates = settings.letters.template_folder
    if templates:
        own = [path for path in sorted(Path(templates).rglob("*")) if path.is_file()]
        found |= {f"templates/{path.relative_to(templates).as_posix()}": path for path in own}
    return found


def _pointed_at(source: Path, environ: Mapping[str, str], room: Path, *, with_secrets: bool) -> dict[str, Path]:
    """Certificates and the logo the settings name; with secrets, their files and the environment's variables too."""
    found, lines = dict[str, Path](), list[str]()
    for key, value in _texts(tomllib.loads(source.read_text("utf-8"))):
        path = source.parent / value
        if key == "ca_file" and value and path.is_file():
            found[_name(found, "config/certificates", path)] = path
        elif key == "logo" and value and path.is_file():
            found[_name(found, "config", path)] = path
        elif with_secrets and key.endswith("_file") and value and path.is_file():
            found[_name(found, "config/secrets", path)] = path
        elif with_secrets and key.endswith("_env") and environ.get(value):
            lines.append(f"{value}={environ[value]}\n")
    if lines:
        listed = room / "environment"
        with os.fdopen(os.open(listed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.writelines(lines)
        found[_name(found, "config/secrets", listed)] = listed
    return found


def _name(found: Mapping[str, Path], folder: str, path: Path) -> str:
    """A name in the archive that no other file has: ``imap/ca.pem`` and ``smtp/ca.pem`` are two."""
    names = (f"{folder}/{n}-{path.name}" for n in count(2))
    return next(name for name in chain([f"{folder}/{path.name}"], names) if found.get(name, path) == path)


def _texts(tree: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _texts(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts(value, key)
    elif isinstance(tree, str):
        yield key, tree


def _seal(room: Path, target: Path, recipients: Sequence[str], keys: Sequence[str]) -> None:
    """Encrypt, read the file back from the disk, decrypt where there is a key, and only then give it its name."""
    partial = target.with_name(f".{target.name}{_PARTIAL}")
    try:
        written = archives.encrypt(room / "archive", partial, recipients)
        if archives.digest_of(partial) != written:
            raise BackupError("Kopian på disken är inte den som skrevs. Byt disk innan du litar på nästa.")
        if keys:
            archives.decrypt(partial, room / "opened", keys)
            if archives.digest_of(room / "opened") != archives.digest_of(room / "archive"):
                raise BackupError("Den dekrypterade kopian är inte den som krypterades. Rapportera felet.")
        sums = target.with_name(target.name + CHECKSUM)
        sums.touch(mode=0o600)
        sums.write_text(f"{written}  {target.name}\n", "utf-8")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups, with their checksums; returns those removed."""
    for left in _forgotten(folder, f".{PREFIX}*{_PARTIAL}"):
        left.unlink()
    old = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))[:-keep]
    for path in old:
        path.unlink()
        path.with_name(path.name + CHECKSUM).unlink(missing_ok=True)
    return old
