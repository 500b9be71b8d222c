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
_PARSER = "fast-mail-parser==0.10.0"  # the yardstick's, for this alone
_PACKAGES = _ROOT / "build" / "bench"
_LONGEST = 900
# Measured in the same way and on the same corpus on 21-22 November 2026, when that machine was at rest; it needs an
# installation of its own (../shared/bench/peer_helpdesk.sh): letters/s, and milliseconds with servers and all.
HELPDESK = {"SQLite": (36.0, 24.3), "PostgreSQL": (34.0, 27.1)}


@dataclass(frozen=True)
class Figures:
    """Letters a second, milliseconds of processor a letter in the process itself, and megabytes at most."""

    rate: float
    cpu_ms: float
    mb: float
    stages: Sequence[float] = ()


def chain_table(mails: Sequence[bytes]) -> str:
    """The figures as Markdown, with the ratio to the yardstick's in brackets."""
    lines = ["| | letters/s | ms of processor a letter | memory MB | kept, read, suggested: ms |", "| --- " * 5 + "|"]
    with _servers() as (dovecot, postgres, folder):
        for database in ("SQLite", "PostgreSQL"):
            ours = _lyhord(_box(dovecot, mails), _url(database, "lyhord", postgres, folder), len(mails))
            mark = _yardstick(_box(dovecot, mails), _url(database, "ref", postgres, folder), len(mails), folder)
            lines += [_line(f"Lyhörd, {database}", ours, mark), _line(f"yardstick, {database}", mark, mark)]
            rate, cpu_ms = HELPDESK[database]
            lines.append(f"| django-helpdesk, {database} (shared results.md) | {rate:.0f} | {cpu_ms:.1f} | | |")
    return "\n".join(lines)


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
    if not (_YARDSTICK / "limit_pipeline.py").exists() or not _parser_there():
        return None
    url = url.replace("postgresql://", "postgresql+psycopg://")
    env = {"PEERS": str(folder), "IMAP_PORT": str(box.server.port), "IMAP_USER": box.user}
    env |= {"IMAP_PASS": box.server.password, "PYTHONPATH": os.pathsep.join((str(_ROOT), str(_PACKAGES)))}
    return _child("chain_yardstick", [str(_YARDSTICK), url, str(letters)], env)


def _parser_there() -> bool:
    """Whether the yardstick's parser is there, fetched once into the build folder."""
    if not (_PACKAGES / "fast_mail_parser").exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        if subprocess.run([*pip, "--target", str(_PACKAGES), _PARSER], check=False).returncode:
            shutil.rmtree(_PACKAGES, ignore_errors=True)
            return False
    return True


def _child(module: str, arguments: list[str], env: dict[str, str]) -> Figures:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.subjects.{module}", *arguments]
    done = subprocess.run(
        command, cwd=_ROOT, check=True, stdout=subprocess.PIPE, env={**os.environ, **env}, timeout=_LONGEST
    )
    return Figures(**json.loads(done.stdout.decode().splitlines()[-1]))
