"""A folder that the scanner writes letters to: each finished file is kept once, then moved to the done folder.

The bytes are committed before the file is moved, and known by their digest: whenever the process ends, the next look
finds the file again, sees that it is kept, and only moves it.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.faults import os_words
from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import RawMessage
from cases.ports import NewId, Store

# Scanners and copying programs write under such a name and rename when they are done.
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".lock")
_FOLDER = "paper"
_INTERRUPTED = timedelta(hours=1)
"""So long a file lies still before its scanner is believed to have been interrupted."""
# A PDF ends so (ISO 32000-1 7.5.5), with at most some blanks or zeros of its writer's after it.
_PDF, _PDF_END, _PDF_TAIL = b"%PDF-", b"%%EOF", 4096
_OLDEST = timedelta(days=31)
"""How far back a file's own time is believed; older, a clock was wrong or an old file was copied."""


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What one look found: new files kept, files that were known already, and what needs a person's hand."""

    kept: int = 0
    known: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A file as it was seen: unchanged at a later look, it is finished."""

    size: int
    changed: int
    seen_at: datetime


@dataclass(slots=True)
class DropFolder:
    """A drop folder and what was seen in it at the last look.

    ``id`` names it in the store; ``settle`` is how long a file must lie unchanged; larger files than ``max_bytes``
    are left where they are and told of.
    """

    id: str
    folder: Path
    done: Path
    settle: timedelta = timedelta(seconds=5)
    max_bytes: int = 200_000_000
    _seen: dict[str, _Mark] = field(default_factory=dict)

    def look(self, store: Store, now: datetime, new_id: NewId) -> FolderReport:
        """Keep every finished file. Never raises for a file: what cannot be kept is told of and tried again."""
        try:
            present = dict(self._files())
        except OSError as error:
            return FolderReport(problems=(f"Inkorgsmappen {self.folder} går inte att läsa: {os_words(error)}.",))
        finished = [name for name, status in present.items() if self._finished(name, status, now)]
        self._seen = {name: mark for name, mark in self._seen.items() if name in present}
        kept, taken, problems = 0, 0, list(self._empty(present, now))
        for name in sorted(finished, key=lambda one: (present[one].st_mtime_ns, one)):
            try:
                if (new := self._take(name, store, now, new_id)) is not None:
                    kept, taken = kept + new, taken + 1
            except OSError as error:
                problems.append(f"En fil i {self.folder} kunde inte tas om hand: {os_words(error)}.")
        return FolderReport(kept, taken - kept, tuple(problems))

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~")) or entry.name.lower().endswith(_UNFINISHED):
                    continue
                # A link could name any file of the machine.
                if entry.is_file(follow_symlinks=False):
                    yield entry.name, entry.stat(follow_symlinks=False)

    def _empty(self, present: dict[str, os.stat_result], now: datetime) -> Iterator[str]:
        """A scanner that was interrupted leaves a file of nothing, and its letter lies on the glass still."""
        for name, status in present.items():
            if status.st_size == 0 and now - self._seen[name].seen_at >= _INTERRUPTED:
                yield f"En fil i {self.folder} är tom sedan länge: skanna brevet igen och ta bort filen."

    def _finished(self, name: str, status: os.stat_result, now: datetime) -> bool:
        mark = self._seen.get(name)
        if mark is None or (mark.size, mark.changed) != (status.st_size, status.st_mtime_ns):
            self._seen[name] = _Mark(status.st_size, status.st_mtime_ns, now)
            return False
        return status.st_size > 0 and now - mark.seen_at >= self.settle

    def _take(self, name: str, store: Store, now: datetime, new_id: NewId) -> bool | None:
        """Keep a file's bytes, then move it; whether it was new, None where more is to come. Raises OSError."""
        content, status = self._read(self.folder / name)
        if not _is_whole(content, status, self._seen[name], now):
            return None
        raw = _raw(self.id, content, _arrived(status.st_mtime, now))
        with store.begin() as tx:
            new = tx.keep_raw(raw, new_id(), now)
        self._move(name, raw.sha256)
        return new

    def _read(self, path: Path) -> tuple[bytes, os.stat_result]:
        """The bytes, and the file as it stands after they were read."""
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > self.max_bytes:
                raise OSError(0, f"den är större än {self.max_bytes // 1_000_000} MB eller ingen vanlig fil")
            return file.read(self.max_bytes + 1), os.fstat(file.fileno())

    def _move(self, name: str, digest: str) -> None:
        self.done.mkdir(parents=True, exist_ok=True)
        place = self.done / name
        # Scanners begin again from 0001 after a restart.
        if place.exists():
            place = self.done / f"{digest[:12]}-{name}"
        shutil.move(self.folder / name, place)


def _is_whole(content: bytes, status: os.stat_result, mark: _Mark, now: datetime) -> bool:
    """Whether nobody has written to the file since it was seen, and a PDF has its end.

    A slow network, or a feeder that waits for paper, lets a file lie still between two pages.
    """
    if (len(content), status.st_mtime_ns) != (mark.size, mark.changed):
        return False
    ends = not content.startswith(_PDF) or _PDF_END in content[-_PDF_TAIL:]
    return ends or now - mark.seen_at >= _INTERRUPTED


def _raw(folder_id: str, content: bytes, received_at: datetime) -> RawMessage:
    digest = hashlib.sha256(content).hexdigest()
    # The same bytes have the same place in the store, whatever the file is called: they are kept once.
    return RawMessage(
        mailbox=f"{DROP_FOLDER}{folder_id}",
        folder=_FOLDER,
        uidvalidity=int(digest[16:31], 16),
        uid=int(digest[:15], 16),
        received_at=received_at,
        content=content,
        sha256=digest,
    )


def _arrived(changed: float, now: datetime) -> datetime:
    """When the scanner finished the file: a letter is received then, however long the folder was not looked at."""
    try:
        moment = datetime.fromtimestamp(changed, UTC)
    except (OverflowError, ValueError, OSError):
        return now
    return moment if now - _OLDEST <= moment <= now else now
