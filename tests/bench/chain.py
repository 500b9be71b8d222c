"""The whole chain from a real Dovecot, beside the shared yardstick on the same mailbox in the same run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import Box, Dovecot
from tests.servers.postgres import OwnPostgres

_ROOT = Path(__file__).parents[2]
_YARDSTICK = _ROOT.parent / "shared" / "bench"
_PACKAGES = _ROOT / "build" / "bench"
# For the peers alone, each in a folder of its own: the yardstick's parser, and django-helpdesk with all it needs.
_PARSER = ("fast-mail-parser==0.10.0", "--no-deps")
_HELPDESK = ("django-helpdesk==2.6.1",)
_HELPDESK_LETTERS = 300  # it takes a second for thirty to sixty
_POISON = b"x-unknown"  # a charset nobody knows: django-helpdesk stops at such a letter for good
_LONGEST = 900


@dataclass(frozen=True)
class Figures:
    """Letters a second, milliseconds of processor a letter in the process itself, and megabytes at most."""

    rate: float
    cpu_ms: float
    mb: float
    stages: Sequence[float] = ()


def chain_table(mails: Sequence[bytes]) -> str:
    """The figures as Markdown, with the ratio to the yardstick's in brackets, and what a letter costs the peer."""
    lines = ["| | letters/s | ms of processor a letter | memory MB | kept, read, suggested: ms |", "| --- " * 5 + "|"]
    costs = [""]
    with _servers() as servers:
        for database in ("SQLite", "PostgreSQL"):
            ours, mark, peer = _in_turn(database, mails, *servers)
            rows = {"Lyhörd": ours, "yardstick": mark, "django-helpdesk": peer}
            lines += [_line(f"{name}, {database}", figures, mark) for name, figures in rows.items()]
            if peer is not None:
                ratio = peer.cpu_ms / ours.cpu_ms
                costs.append(f"A letter costs django-helpdesk {ratio:.1f} × Lyhörd's processor time ({database}).")
    return "\n".join([*lines, *costs])


def _in_turn(
    database: str, mails: Sequence[bytes], dovecot: Dovecot, postgres: OwnPostgres, folder: Path
) -> tuple[Figures, Figures | None, Figures | None]:
    """Lyhörd, the yardstick and django-helpdesk, each with a mailbox and a database of its own."""
    urls = [_url(database, name, postgres, folder) for name in ("lyhord", "ref", "peer")]
    edible = [mail for mail in mails if _POISON not in mail][:_HELPDESK_LETTERS]
    return (
        _lyhord(_box(dovecot, mails), urls[0], len(mails)),
        _yardstick(_box(dovecot, mails), urls[1], len(mails), folder),
        _helpdesk(_box(dovecot, edible), urls[2], len(edible), folder),
    )


def _line(name: str, figures: Figures | None, mark: Figures | None) -> str:
    if figures is None:
        return f"| {name} | not there | | | |"
    against = ("", "") if mark is None else (f" ({figures.rate / mark.rate:.2f} ×)", "")
    cpu = f" ({figures.cpu_ms / mark.cpu_ms:.1f} ×)" if mark is not None else ""
    stages = ", ".join(map(str, figures.stages))
    return f"| {name} | {figures.rate:.0f}{against[0]} | {figures.cpu_ms:.2f}{cpu} | {figures.mb:.0f} | {stages} |"


@contextmanager
def _servers() -> Iterator[tuple[Dovecot, OwnPostgres, Path]]:
    """Dovecot, a PostgreSQL that waits for the disk, and a folder."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lyhord-bench-")))
        dovecot = Dovecot()
        stack.callback(dovecot.remove)
        dovecot.start()
        yield dovecot, stack.enter_context(OwnPostgres(safe=True)), folder


def _box(dovecot: Dovecot, mails: Sequence[bytes]) -> Box:
    """A mailbox with these letters, laid in its Maildir."""
    box = dovecot.new_box()
    new = dovecot.home / "users" / box.user / "mail" / "new"
    for name in ("cur", "new", "tmp"):
        (new.parent / name).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (new / f"{1_700_000_000 + number}.M{number}P1.bench,S={len(raw)}").write_bytes(raw)
    dovecot.own_all()
    return box


def _url(database: str, name: str, postgres: OwnPostgres, folder: Path) -> str:
    return f"sqlite:///{folder / name}.sqlite" if database == "SQLite" else postgres.create(name)


def _lyhord(box: Box, url: str, letters: int) -> Figures:
    asked = [url, str(box.server.port), box.user, box.server.password, str(letters)]
    return _child("chain_lyhord", asked, {})


def _yardstick(box: Box, url: str, letters: int, folder: Path) -> Figures | None:
    packages = _fetched("yardstick", _PARSER)
    if not (_YARDSTICK / "limit_pipeline.py").exists() or packages is None:
        return None
    url = url.replace("postgresql://", "postgresql+psycopg://")
    env = {"PEERS": str(folder), "IMAP_PORT": str(box.server.port), "IMAP_USER": box.user}
    env |= {"IMAP_PASS": box.server.password, "PYTHONPATH": os.pathsep.join((str(_ROOT), str(packages)))}
    return _child("chain_yardstick", [str(_YARDSTICK), url, str(letters)], env)


def _helpdesk(box: Box, url: str, letters: int, folder: Path) -> Figures | None:
    packages = _fetched("helpdesk", _HELPDESK)
    if packages is None:
        return None
    asked = [str(folder), url, str(box.server.port), box.user, box.server.password, str(letters)]
    return _child("chain_helpdesk", asked, {"PYTHONPATH": os.pathsep.join((str(_ROOT), str(packages)))})


def _fetched(name: str, asked: Sequence[str]) -> Path | None:
    """The folder of a peer's packages, fetched once into the build folder; None where they cannot be had."""
    folder = _PACKAGES / name
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        if subprocess.run([*pip, "--target", str(folder), *asked], check=False).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            return None
    return folder


def _child(module: str, arguments: list[str], env: dict[str, str]) -> Figures:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.subjects.{module}", *arguments]
    done = subprocess.run(
        command, cwd=_ROOT, check=True, stdout=subprocess.PIPE, env={**os.environ, **env}, timeout=_LONGEST
    )
    return Figures(**json.loads(done.stdout.decode().splitlines()[-1]))
