"""Has documents read in a process of their own, so that a hostile file can neither hang nor end the service."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from cases.inbound.documents import DocumentText, ReadPage, ReadWord
from ingest.documents.errors import ReadingStopped, UnreadableDocument
from ingest.paper.limits import MAX_RESULT_BYTES, Limits
from ingest.paper.reading import unread
from ingest.paper.worker import DOCUMENT, JOB, RESULT, limits_to

_SLOW = "Inte läst av maskin: läsningen tog för lång tid."
_CRASHED = "Inte läst av maskin: filen gick inte att läsa inom gränserna för minne och tid."
_START_SECONDS = 10.0
"""What starting the process may take beside the reading itself."""

_SPLIT_FACTOR = 5
"""A stack of letters has many more pages than a letter, each looked at but not read."""


class DocumentReader:
    """Reads and splits documents, each in a fresh process; ``stop`` ends what runs and lets nothing new begin."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._running: set[int] = set()

    def read(self, content: bytes, content_type: str) -> DocumentText:
        """What the document says; a note for a person where no machine can tell. Raises ReadingStopped."""
        try:
            job = {"task": "read", "content_type": content_type}
            with self._worked(job, content, self.limits) as folder:
                return document_from(folder)
        except UnreadableDocument as error:
            return unread(str(error))

    def split(self, content: bytes, *, on_blank: bool) -> list[bytes]:
        """The letters of one scan, each as a file; the content itself where it is one. Raises ReadingStopped."""
        try:
            limits = replace(self.limits, seconds=self.limits.seconds * _SPLIT_FACTOR)
            with self._worked({"task": "split", "on_blank": on_blank}, content, limits) as folder:
                return _letters(folder) or [content]
        except UnreadableDocument:
            return [content]

    def stop(self) -> None:
        """End the reading that goes on; its document waits for the next start."""
        self._stopped.set()
        with self._lock:
            for group in self._running:
                _kill(group)

    @contextmanager
    def _worked(self, job: dict[str, Any], content: bytes, limits: Limits) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="lyhord-") as name:
            folder = Path(name)
            (folder / DOCUMENT).write_bytes(content)
            (folder / JOB).write_text(json.dumps({**job, "limits": limits_to(limits)}), encoding="utf-8")
            self._work(folder, limits.seconds)
            yield folder

    def _work(self, folder: Path, seconds: float) -> None:
        if self._stopped.is_set():
            raise ReadingStopped("Tjänsten stannar; dokumentet läses nästa gång.")
        process = self._start(folder)
        try:
            code = process.wait(seconds + _START_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise UnreadableDocument(_SLOW) from error
        finally:
            _kill(process.pid)
            process.wait()
            with self._lock:
                self._running.discard(process.pid)
        if self._stopped.is_set():
            raise ReadingStopped("Tjänsten stannar; dokumentet läses nästa gång.")
        if code:
            raise UnreadableDocument(_CRASHED)

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        # The child gets none of our secrets, no place to write but its folder, and a group of its own to be ended with.
        environ = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
        environ |= {"LC_ALL": "C.UTF-8", "TMPDIR": str(folder), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with self._lock:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-I", "-m", "ingest.paper.worker", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environ,
                start_new_session=True,
            )
            self._running.add(process.pid)
        return process


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _result(folder: Path) -> dict[str, Any]:
    """What the worker left; it has met the file, so it is believed no more than the file is."""
    try:
        sizes = sum(path.stat().st_size for path in folder.iterdir() if path.name != DOCUMENT)
        if sizes > 2 * MAX_RESULT_BYTES:
            raise UnreadableDocument(_CRASHED)
        result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableDocument(_CRASHED) from error
    if not isinstance(result, dict):
        raise UnreadableDocument(_CRASHED)
    return result


def document_from(folder: Path) -> DocumentText:
    """The document that was read, its pictures with it. Raises UnreadableDocument."""
    row = _result(folder)
    try:
        pages = tuple(_page(folder, *page) for page in row["pages"])
        return DocumentText(str(row["text"]), pages, machine_read=bool(row["machine_read"]), note=str(row["note"]))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise UnreadableDocument(_CRASHED) from error


def _page(folder: Path, number: int, text: str, words: list[list[float]]) -> ReadPage:
    picture = folder / f"page-{int(number)}.jpg"
    image = picture.read_bytes() if picture.is_file() and not picture.is_symlink() else b""
    return ReadPage(int(number), str(text), tuple(_word(word) for word in words), image)


def _word(row: list[float]) -> ReadWord:
    start, end, confidence, left, top, width, height = row
    return ReadWord(int(start), int(end), int(confidence), float(left), float(top), float(width), float(height))


def _letters(folder: Path) -> list[bytes]:
    count = _result(folder).get("letters")
    if not isinstance(count, int):
        raise UnreadableDocument(_CRASHED)
    try:
        return [(folder / f"letter-{number}").read_bytes() for number in range(1, count + 1)]
    except OSError as error:
        raise UnreadableDocument(_CRASHED) from error
