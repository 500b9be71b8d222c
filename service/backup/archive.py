"""A backup's file: a tar of members and a manifest, compressed by zstandard, encrypted in the age format.

``age -d -i KEY FILE | zstd -d | tar x`` opens it without Lyhörd (https://age-encryption.org/v1).
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage
import zstandard

from cases.faults import machines_way_out, os_words
from service.backup.database import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``tables`` is the database's fingerprint, ``members`` each file's sha256.

    ``taken_at`` is ISO 8601 in UTC; ``model`` tells which model suggested, and where it lay (it is not in the copy).
    """

    version: str
    taken_at: str
    municipality: str
    database: str
    revision: str
    tables: Mapping[str, Sequence[Any]]
    members: Mapping[str, str] = field(default_factory=dict)
    model: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    format: int = FORMAT


def to_json(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    plain = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    return json.dumps(plain, ensure_ascii=False, indent=1).encode()


def from_json(content: bytes) -> Manifest:
    """The manifest again. Raises BackupError."""
    try:
        read = json.loads(content)
        if read["format"] != FORMAT:
            raise BackupError(
                f"Kopian har formatet {read['format']}, som den här versionen inte läser. Installera en senare version."
            )
        return Manifest(**{name: read[name] for name in Manifest.__dataclass_fields__})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError("Kopians innehållsförteckning är skadad. Ta en annan kopia.") from error


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write manifest and files as tar in zstandard."""
    with (
        _private(target) as raw,
        zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        content = to_json(manifest)
        tar.addfile(_header(MANIFEST, len(content)), BytesIO(content))
        for name, path in files.items():
            with path.open("rb") as source:
                tar.addfile(_header(name, path.stat().st_size), source)


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


def unpack(archive: Path, folder: Path) -> Manifest:
    """Write the members into ``folder``, each checked against the manifest. Raises BackupError for a damaged one."""
    manifest: Manifest | None = None
    found: dict[str, str] = {}
    try:
        for name, content in _members(archive):
            if name == MANIFEST:
                manifest = from_json(content.read())
            else:
                found[name] = _write(content, folder / name)
    except OSError as error:
        raise _stopped(folder, error) from error
    except (tarfile.TarError, zstandard.ZstdError) as error:
        raise BackupError(f"Kopian är skadad ({type(error).__name__}). Ta en annan kopia.") from error
    if manifest is None or found != dict(manifest.members):
        raise BackupError("Kopian är inte hel: en fil i den saknas eller är ändrad. Ta en annan kopia.")
    return manifest


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with (
        archive.open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as plain,
        tarfile.open(fileobj=plain, mode="r|") as tar,
    ):
        for member in tar:
            content = tar.extractfile(member)
            # A name from a file is never trusted to stay in its folder.
            if content is None or PurePosixPath(member.name).is_absolute() or ".." in member.name.split("/"):
                raise BackupError("Kopian innehåller något annat än vanliga filer. Ta en annan kopia.")
            yield member.name, content


def _write(content: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with _private(target) as out:
        while piece := content.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner can read, on the disk when this ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def digest_of(path: Path) -> str:
    """Sha256 of a file, in lower-case hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Hashing:
    """What pyrage writes to: a file and a digest of it at once."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        return self._out.write(piece)

    def flush(self) -> None:
        self._out.flush()


def encrypt(source: Path, target: Path, recipients: Sequence[str]) -> str:
    """Encrypt for these public keys, in constant memory; the sha256 of what was written. Raises BackupError."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
    except pyrage.RecipientError as error:
        raise BackupError("En nyckel i backup.recipients är inte riktig. Gör ett par med --new-key.") from error
    with source.open("rb") as plain, _private(target) as out:
        writer = _Hashing(out)
        try:
            pyrage.encrypt_io(plain, writer, keys)
        except pyrage.EncryptError as error:
            # What the disk said comes back through the library as its own error.
            raise BackupError(
                f"Kopian gick inte att skriva i {target.parent} ({error}). Frigör utrymme där."
            ) from error
    return writer.digest.hexdigest()


def decrypt(source: Path, target: Path, identities: Sequence[str]) -> None:
    """Decrypt with one of these secret keys. Raises BackupError where none fits, the file is damaged or has no room."""
    try:
        source.open("rb").close()
    except OSError as error:
        raise BackupError(f"Kopian {source} går inte att läsa: {os_words(error)}. Kontrollera namnet.") from error
    try:
        keys = [pyrage.x25519.Identity.from_str(key) for key in identities]
        with source.open("rb") as sealed, _private(target) as out:
            pyrage.decrypt_io(sealed, out, keys)
    except OSError as error:
        if error.errno:
            raise _stopped(target.parent, error) from error
        # The library's own, of a piece whose seal is broken: a key fitted.
        raise BackupError(
            f"{source.name} är avbruten eller skadad. Hämta den igen, eller ta en annan kopia."
        ) from error
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        remedy = "Kontrollera att nyckeln hör till någon av de publika nycklarna, annars ta en annan kopia."
        raise BackupError(f"{source.name} går inte att dekryptera med den nyckeln. {remedy}") from error


def _stopped(folder: Path, error: OSError) -> BackupError:
    """The machine stopped the unpacking: neither copy nor key is at fault."""
    remedy = machines_way_out(error) or "Kontrollera mappen."
    return BackupError(f"Kopian gick inte att packa upp i {folder.parent}: {os_words(error)}. {remedy}")


def new_key(target: Path) -> str:
    """Write a new secret key for its owner alone; returns the public one. Raises BackupError where a file is there."""
    key = pyrage.x25519.Identity.generate()
    try:
        with _private(target) as out:
            out.write(f"# public key: {key.to_public()}\n{key}\n".encode())
    except FileExistsError as error:
        raise BackupError(f"{target} finns redan och skrivs inte över. Välj ett annat namn.") from error
    return str(key.to_public())


def read_keys(path: Path) -> list[str]:
    """The secret keys of an age key file. Raises BackupError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = []
    except OSError as error:
        raise BackupError(
            f"Nyckelfilen {path} går inte att läsa: {os_words(error)}. Ange filen från --new-key."
        ) from error
    keys = [line.strip() for line in lines if line.strip().startswith("AGE-SECRET-KEY-")]
    if not keys:
        raise BackupError(f"{path} har ingen hemlig nyckel (AGE-SECRET-KEY-…). Ange filen från --new-key.")
    return keys
