"""The folder of local models: which one is champion, the earlier ones, and what has happened, kept to its owner alone.

Each model is a folder of its own. Which one suggests is told by a small file that is replaced whole, so that daemon and
desk see the old champion or the new one and nothing between.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cases.routing.learning import ChampionEvent

_POINTER, _HISTORY, _RECORD = "champion.json", "history.json", "record.json"
_MAKING = ".making-"
_MOST_EVENTS = 200
KEPT = 5
"""How many models are kept to go back to, the champion among them."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a model beside its weights; no letter and no word.

    ``base`` names the shipped model it builds on, ``cases`` (digests of case ids) the letters it learnt from,
    ``locked`` its answers to the locked letters as a `Sheet`, ``units`` the learnt units.
    """

    base: str
    letters: int = 0
    cases: tuple[str, ...] = ()
    locked: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is champion (empty: the shipped model), whom it succeeded (latest last), and since when a rollback holds."""

    name: str = ""
    before: tuple[str, ...] = ()
    rolled_back_at: datetime | None = None


class Shelf:
    """The models under ``folder``, which is made with rights for its owner alone when something is first kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def standing(self) -> Standing:
        """How it stands; an unreadable pointer means the shipped model."""
        row = _read(self.folder / _POINTER)
        if not isinstance(row, dict):
            return Standing()
        back = row.get("rolled_back_at")
        return Standing(row["name"], tuple(row["before"]), datetime.fromisoformat(back) if back else None)

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the pointer does; costs one look at the disk."""
        try:
            found = (self.folder / _POINTER).stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def path(self, name: str) -> Path:
        """The folder of a model."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Whether this model is kept."""
        return bool(name) and (self.path(name) / _RECORD).is_file()

    def record(self, name: str) -> Record | None:
        """What is kept of a model, None where it is not there."""
        row = _read(self.path(name) / _RECORD) if name else None
        if not isinstance(row, dict):
            return None
        return Record(**{**row, "cases": tuple(row["cases"]), "units": tuple(row["units"])})

    def names(self) -> list[str]:
        """Every model kept."""
        return sorted(path.parent.name for path in self.folder.glob(f"[!.]*/{_RECORD}"))

    def room(self, name: str) -> Path:
        """A fresh folder to make a model in, where nobody looks; what an interrupted training left is swept away."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for left in self.folder.glob(f"{_MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = self.folder / f"{_MAKING}{name}"
        made.mkdir(mode=0o700)
        return made

    def place(self, made: Path, name: str, record: Record) -> None:
        """Move a finished model to its place, closed to others."""
        _write(made / _RECORD, asdict(record))
        _close(made)
        made.rename(self.path(name))

    def crown(self, name: str) -> None:
        """Let this model suggest from now on; the empty name is the shipped one."""
        now = self.standing()
        before = [one for one in (*now.before, now.name) if one != name and (not one or self.has(one))]
        self._point(Standing(name, tuple(before[-KEPT:])))
        self._sweep()

    def step_back(self, at: datetime) -> str | None:
        """Let the champion's predecessor suggest again; its name (empty: the shipped one), None where there is none."""
        now = self.standing()
        if not now.name and not now.before:
            return None
        *earlier, last = now.before or ("",)
        self._point(Standing(last, tuple(earlier), at))
        return last

    def forget(self, name: str) -> None:
        """Take a model off the shelf for good; was it champion, the shipped one is."""
        now = self.standing()
        before = tuple(one for one in now.before if one != name)
        self._point(replace(now, name="" if now.name == name else now.name, before=before))
        shutil.rmtree(self.path(name), ignore_errors=True)

    def _sweep(self) -> None:
        """Only the champion and what it can be taken back to are kept."""
        now = self.standing()
        for name in self.names():
            if name not in (now.name, *now.before):
                shutil.rmtree(self.path(name), ignore_errors=True)

    def _point(self, standing: Standing) -> None:
        back = standing.rolled_back_at
        row = {"name": standing.name, "before": list(standing.before)}
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.folder / _POINTER, {**row, "rolled_back_at": back.isoformat() if back else None})

    def note(self, event: ChampionEvent) -> None:
        """Append to the history; nights in which nothing could be learnt are told once, the last of them."""
        before = self.history()
        if event.what == "skipped" and before and before[0].what == "skipped":
            del before[0]
        rows = [*(_event_row(one) for one in reversed(before)), _event_row(event)]
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.folder / _HISTORY, rows[-_MOST_EVENTS:])

    def history(self) -> list[ChampionEvent]:
        """What has happened, newest first."""
        rows = _read(self.folder / _HISTORY)
        found = rows if isinstance(rows, list) else []
        return [ChampionEvent(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in reversed(found)]

    def kept(self, name: str, make: Callable[[], object]) -> object:
        """A small JSON value kept on the shelf under a name, made where it is not there."""
        path = self.folder / f"{name}.json"
        value = _read(path)
        if value is None:
            value = make()
            _write(path, value)
        return value


def _event_row(event: ChampionEvent) -> dict[str, object]:
    return {**asdict(event), "at": event.at.isoformat()}


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, value: object) -> None:
    """Replace a file whole, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def _close(folder: Path) -> None:
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        # A file shared with the shipped model keeps the rights it has there; the folder is closed all the same.
        if path.is_dir() or path.stat().st_nlink == 1:
            path.chmod(0o700 if path.is_dir() else 0o600)
