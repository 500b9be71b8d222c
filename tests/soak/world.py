"""The world around the daemon: its servers, each behind a proxy, and everything that can go wrong with them."""

import random
import resource
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from service.demo.smtp_server import Refusals
from storage.migrate import upgrade
from tests.servers.dovecot import Box, Dovecot
from tests.servers.killing import Killer
from tests.servers.postgres import OwnPostgres
from tests.servers.tokens import token_server
from tests.soak.keys import Keys, TokenPost
from tests.soak.letters import Kind, Written
from tests.soak.processes import Pause, ended, family, tell
from tests.soak.proxy import Proxy, Trouble

_SERVER_FAULTS = ("421 4.3.2 Closing down", "450 4.2.1 Mailbox busy", "550 5.1.1 No such mailbox")
_JUMPS = (7_200, -3_600, 90_000, -600)
# The longest a process of the daemon may take to end once it has to: sqlite waits 30 for whoever writes.
END_SECONDS = 60.0
DONE = "Mottagna"


class Moods(Refusals):
    """The mail server's mood: what it answers to citizens' addresses, or nothing for yes."""

    mood: str | None = None

    def answer(self, rcpt: str) -> str | None:
        """The answer to an address."""
        return self.mood if rcpt.startswith("p") else None


class World:
    """One daemon among its servers, for as long as the context lasts. ``faults`` are what can be done to it."""

    def __init__(self, folder: Path, database: str, seed: int, pause: Pause) -> None:
        self.folder, self.pause = folder, pause
        # The proxies draw in threads of their own, so that each has its own dice.
        self.dice, *self._proxies_dice = (random.Random(f"{seed} {n}") for n in range(5))
        self.written = Written()
        self.moods = Moods()
        self.clock = 0.0
        self.wrong: list[str] = []
        self.tried_again: set[str] = set()
        # How often the reader was met where it was to be met.
        self.met: Counter[str] = Counter()
        self._database = database
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.tokens = stack.enter_context(token_server(self.folder))
            self.dovecot = Dovecot(oauth=self.tokens.dovecot(), oauth_ca=self.tokens.ca_file)
            stack.callback(self.dovecot.remove)
            self.dovecot.start()
            self.box: Box = self.dovecot.new_box()
            self.keys = Keys(self.tokens, self.folder, self.box.user)
            self.post = stack.enter_context(TokenPost(self.tokens, self.moods))
            self.imap = stack.enter_context(Proxy(self.dovecot.port, self._proxies_dice[0]))
            self.smtp = stack.enter_context(Proxy(self.post.smtp_port, self._proxies_dice[1]))
            self.token_line = stack.enter_context(Proxy(urlsplit(self.tokens.base).port or 0, self._proxies_dice[3]))
            self.tokens.base = f"https://127.0.0.1:{self.token_line.port}"
            self.url, daemons_url = self._open_database(stack)
            upgrade(self.url)
            self.turn_clock(0)
            self.daemon = stack.enter_context(Killer("tests.soak.daemoning", env=self.environ(daemons_url)))
            stack.callback(self.stop)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stack.close()

    def _open_database(self, stack: ExitStack) -> tuple[str, str]:
        """The database's address, and the one that the daemon is told."""
        self.postgres: OwnPostgres | None = None
        self.sql: Proxy | None = None
        if self._database == "sqlite":
            self.file = self.folder / "lyhord.sqlite"
            return (f"sqlite:///{self.file}",) * 2
        self.postgres = stack.enter_context(OwnPostgres())
        self.sql = stack.enter_context(Proxy(self.postgres.port, self._proxies_dice[2]))
        return self.postgres.url(self.postgres.port), self.postgres.url(self.sql.port)

    def environ(self, url: str) -> dict[str, str]:
        """What a process of Lyhörd's in this world is told."""
        return {
            "LYHORD_IMAP_PORT": str(self.imap.port),
            "LYHORD_IMAP_USER": self.box.user,
            "LYHORD_IMAP_PASSWORD": "en token gäller",
            "LYHORD_SMTP_PORT": str(self.smtp.port),
            "LYHORD_DATABASE_URL": url,
            "LYHORD_DESK_SECRET": "prov" * 10,
            "SOAK_FOLDER": str(self.folder),
            "SOAK_AUTHORITY": self.tokens.authority,
        }

    def led_to(self, port: int) -> None:
        """The database's address leads to another server."""
        assert self.sql is not None
        assert self.postgres is not None
        self.sql.lead_to(port)
        self.url = self.postgres.url(port)

    def turn_clock(self, seconds: float) -> None:
        """Turn the daemon's clock on, or back."""
        self.clock += seconds
        # Written beside and moved into place: the daemon may be reading it.
        (self.folder / "clock.new").write_text(str(self.clock))
        (self.folder / "clock.new").replace(self.folder / "clock")

    def keep_alive(self) -> bool:
        """Start the daemon where it is dead, as systemd would; whether it was."""
        if self.daemon.pid is not None:
            return False
        self.daemon.kill()
        self.daemon.start()
        return True

    def stop(self) -> None:
        """Kill the daemon, and wait for its reader, which may be in the midst of a pass."""
        others = family(self.daemon.pid)[1:]
        self.daemon.kill()
        if not ended(others, self.pause, END_SECONDS):
            self.wrong.append("keeper and reader outlive their daemon")
            for process in others:
                tell(process, signal.SIGKILL)

    def threads(self) -> str:
        """What the threads of the daemon and of its reader are doing, and the end of its log."""
        for process in family(self.daemon.pid):
            tell(process, signal.SIGUSR1)
            self.pause(0.2)
        log = (self.folder / "daemon.log").read_text().splitlines()[-60:]
        return "\n".join([(self.folder / "threads.log").read_text(), *log])

    def deliver(self, *raws: bytes) -> None:
        """Letters come, by the receiving server's own way."""
        self.box.deliver(*raws)

    def folders(self) -> dict[str, list[bytes]]:
        """All of the mailbox."""
        with self.box.client() as client:
            names = [str(name) for *_, name in client.list_folders()]
        return {name: self.box.messages(name) for name in names}

    def faults(self) -> dict[str, Callable[[], None]]:
        """What can be done, by name; each has come to an end when it returns."""
        found: dict[str, Callable[[], None]] = {}
        for name, proxy in (("imap", self.imap), ("smtp", self.smtp), ("sql", self.sql)):
            if proxy is not None:
                found |= {f"{name} {trouble}": self._network(proxy, trouble) for trouble in Trouble}
        found |= {f"smtp {words[:3]}": self._server(words) for words in _SERVER_FAULTS}
        found |= {
            "kill -9": self._kill,
            "mail server killed": self._restart_dovecot,
            "new UIDVALIDITY": self._rebuild,
            "folder renamed": self._rename,
            "clock": lambda: self.turn_clock(self.dice.choice(_JUMPS)),
            "twins": self._twins,
            "tokens revoked": self._revoke,
            "tokens revoked, none given": lambda: self._revoke(self.keys.refused(self.dice)),
            "tokens revoked, secret renewed": lambda: self._revoke(self.keys.renewing()),
            "tokens revoked, service cut off": lambda: self._revoke(self._troubled(self.token_line)),
            "letter that raises": lambda: self.deliver(self.written.write(Kind.RAISES)),
            "letter that crashes": lambda: self.deliver(self.written.write(Kind.CRASHES)),
        }
        if self.postgres is None:
            return found | {"disk full": self._fill_disk, "database busy": self._hold_database}
        return found | {
            "database restarted": self.postgres.restart,
            "database crashed": self.postgres.crash,
            "database failed over": partial(self._fail_over, self.postgres),
        }

    def _network(self, proxy: Proxy, trouble: Trouble) -> Callable[[], None]:
        def fault() -> None:
            with self._troubled(proxy, trouble):
                self.some_time()

        return fault

    @contextmanager
    def _troubled(self, proxy: Proxy, trouble: Trouble | None = None) -> Iterator[None]:
        """The trouble named, or any."""
        proxy.begin(trouble or self.dice.choice(list(Trouble)))
        yield
        proxy.heal()

    def _server(self, words: str) -> Callable[[], None]:
        def fault() -> None:
            self.moods.mood = words
            self.some_time()
            self.moods.mood = None

        return fault

    def some_time(self) -> None:
        """As long as a fault usually lasts."""
        self.pause(0.2 + self.dice.random() / 2)

    def _kill(self) -> None:
        self.pause(self.dice.random() / 2)
        self.daemon.kill()

    def _restart_dovecot(self) -> None:
        self.dovecot.stop(gently=False)
        self.dovecot.start()

    def _rebuild(self) -> None:
        """A restored mailbox: a new UIDVALIDITY, and a letter that was taken long ago back in the inbox."""
        self.imap.close_off()
        self.pause(0.1)
        there, taken = self.box.messages(), self.box.messages(DONE)
        self.box.rebuild()
        self.deliver(*there, *taken[-1:])
        self.imap.heal()

    def _revoke(self, meanwhile: AbstractContextManager[None] | None = None) -> None:
        """Who has a token is not told; the mailbox logs out, as Exchange does, and letters out log in each pass."""
        self.keys.revoke()
        with meanwhile or nullcontext():
            self.imap.close_off()
            self.imap.heal()
            self.some_time()

    def _rename(self) -> None:
        with self.box.client() as client, suppress(client.Error):
            client.rename_folder(DONE, f"{DONE} {len(self.written.kinds)}")

    def _twins(self) -> None:
        known = self.written.of(Kind.NEW)
        self.deliver(*(self.written.raws[n] for n in self.dice.sample(known, min(2, len(known)))))

    def _fill_disk(self) -> None:
        """Whatever they write beyond the first page of a file fails meanwhile."""
        for process in family(self.daemon.pid):
            _limit_files(process, 4096)
        self.some_time()
        # Twice: a reader that the keeper forked meanwhile has its limit.
        for process in family(self.daemon.pid) + family(self.daemon.pid):
            _limit_files(process, resource.RLIM_INFINITY)

    def _fail_over(self, postgres: OwnPostgres) -> None:
        """Its address leads to the standby for a while, which takes no writing."""
        postgres.only_read()
        self.some_time()
        postgres.take_writing()

    def _hold_database(self) -> None:
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.some_time()
            other.execute("ROLLBACK")


def _limit_files(process: int, size: int) -> None:
    with suppress(ProcessLookupError):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def missing() -> str:
    """What the soak needs and is not here; empty where nothing is."""
    path = "/usr/sbin:/usr/local/sbin"
    return "" if shutil.which("dovecot") or shutil.which("dovecot", path=path) else "dovecot-imapd is not installed"
