"""The process of its own that a document is read in: limits on memory, time and files first, then the reading.

``python -I -m ingest.paper.worker FOLDER`` reads ``job.json`` and ``document`` there and leaves ``result.json`` with
pictures or letters as files beside it. A file that crashes it takes nothing else along.
"""

import json
import os
import resource
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from ingest.paper.limits import MAX_RESULT_BYTES, Limits
from ingest.paper.reading import read_document
from ingest.paper.splitting import split_letters

JOB, DOCUMENT, RESULT = "job.json", "document", "result.json"
_WORD = ("start", "end", "confidence", "left", "top", "width", "height")


def main(folder: Path) -> None:
    """Do the one job that lies in the folder."""
    job = json.loads((folder / JOB).read_text(encoding="utf-8"))
    limits = limits_from(job["limits"])
    confine(limits)
    content = (folder / DOCUMENT).read_bytes()
    if job["task"] == "split":
        result = _split(content, limits, folder, on_blank=job["on_blank"])
    else:
        result = _read(content, job["content_type"], limits, folder)
    (folder / RESULT).write_text(json.dumps(result), encoding="ascii")


def confine(limits: Limits) -> None:
    """Bind this process, and Tesseract which inherits it, to its share of memory, time and disk; letters go first."""
    os.nice(5)
    seconds = int(limits.seconds) + 1
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _read(content: bytes, content_type: str, limits: Limits, folder: Path) -> dict[str, Any]:
    read = read_document(content, content_type, limits, folder)
    for page in read.pages:
        if page.image:
            (folder / f"page-{page.number}.jpg").write_bytes(page.image)
    return {
        "text": read.text,
        "machine_read": read.machine_read,
        "note": read.note,
        "pages": [[p.number, p.text, [[getattr(w, n) for n in _WORD] for w in p.words]] for p in read.pages],
    }


def _split(content: bytes, limits: Limits, folder: Path, *, on_blank: bool) -> dict[str, Any]:
    letters = split_letters(content, limits, on_blank=on_blank)
    whole = letters == [content]
    for number, letter in enumerate([] if whole else letters, 1):
        (folder / f"letter-{number}").write_bytes(letter)
    return {"letters": 0 if whole else len(letters)}


def limits_to(limits: Limits) -> dict[str, Any]:
    """The limits as JSON takes them."""
    return {field.name: getattr(limits, field.name) for field in fields(limits)}


def limits_from(row: dict[str, Any]) -> Limits:
    """The limits again."""
    return Limits(**{**row, "languages": tuple(row["languages"])})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
