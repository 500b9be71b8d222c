"""The demonstration put together: post office, database, daemon, desk, people; on loopback, stopped together."""

import secrets
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from config import load as load_settings
from desk.settings import BoxMail, BoxView, DemoPerson
from service.demo.boxes import StoredMail
from service.demo.people import PASSWORD, PEOPLE, add_people
from service.demo.reading import ShownMail, shown_mail
from service.demo.rules import add_rules
from service.demo.servers import EmbeddedPost
from service.demo.texts import add_texts
from service.mail_doors import mailboxes
from service.processes.daemon import Daemon, Rhythm
from service.processes.desk_setup import desk_server
from service.processes.web import DeskServer
from service.whole_house import WholeHouse, build_whole, warm_up
from storage import migrate


class Installation:
    """Everything embedded. Use it as a context manager; ``folder`` keeps the database."""

    def __init__(self, folder: Path, *, port: int = 0, rhythm: Rhythm | None = None) -> None:
        self._folder = folder
        self._port = port
        self._rhythm = rhythm or Rhythm(work=0.5, sweep=10)
        self._stack = ExitStack()
        self.post: EmbeddedPost
        self.house: WholeHouse
        self.desk: DeskServer

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._start(starting)
            self._stack = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self, stack: ExitStack) -> None:
        self.post = stack.enter_context(EmbeddedPost())
        settings = load_settings("demo", self._environ())
        migrate.upgrade(settings.database.url.reveal())
        warm_up()
        # Whoever looks on a Saturday, or a minute before midnight, shall see the letters leave, too.
        self.house = build_whole(settings, always_in_service=True)
        stack.callback(self.house.store.close)
        with self.house.store.begin() as tx:
            if not tx.users():
                add_people(tx, self.house.new_id)
                add_texts(tx, self.house.new_id, self.house.clock())
                add_rules(tx, self.house.new_id, self.house.clock())
        self.desk = desk_server(self.house, demo_banner=_BANNER, demo_people=_SHOWN, mailboxes_page=self.boxes)
        stack.callback(self.desk.stop)
        self.desk.start()
        daemon = Daemon(self.house, self._rhythm)
        stack.callback(daemon.stop)
        daemon.start()

    @property
    def url(self) -> str:
        """Where the desk is."""
        return f"http://{self.desk.host}:{self.desk.port}"

    def unfetched(self) -> int:
        """How many letters lie in the municipality's mailbox, not yet fetched."""
        with mailboxes(self.house.settings)[0] as box:
            return box.select(box.address.inbox).exists

    def boxes(self) -> Sequence[BoxView]:
        """What everybody received, for the page *Medborgarnas brevlådor*."""
        return [_box(address, mails) for address, mails in sorted(self.post.boxes().items())]

    def _environ(self) -> Mapping[str, str]:
        port = self._port or free_port()
        return {
            "LYHORD_LOGO": str(LOGO),
            "LYHORD_IMAP_HOST": self.post.imap_host,
            "LYHORD_IMAP_PORT": str(self.post.imap_port),
            "LYHORD_IMAP_USER": self.post.imap_user,
            "LYHORD_IMAP_PASSWORD": self.post.imap_password,
            "LYHORD_SMTP_HOST": self.post.smtp_host,
            "LYHORD_SMTP_PORT": str(self.post.smtp_port),
            "LYHORD_DATABASE_URL": f"sqlite:///{self._folder / 'lyhord.sqlite'}",
            "LYHORD_DESK_SECRET": secrets.token_urlsafe(48),
            "LYHORD_DESK_PORT": str(port),
            "LYHORD_DESK_URL": f"http://127.0.0.1:{port}",
        }


LOGO = Path(str(resources.files("config"))) / "demo" / "logotyp.svg"
"""The made-up municipality's mark, drawn for Lyhörd."""


def free_port() -> int:
    """A port of loopback that is free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_SHOWN = tuple(DemoPerson(one.email, one.name, one.title, one.sees, PASSWORD) for one in PEOPLE)
_BANNER = "Det här är en demonstration. Alla personer och ärenden är påhittade, och ingen e-post lämnar datorn."


def _box(address: str, mails: Sequence[StoredMail]) -> BoxView:
    shown = [shown_mail(mail) for mail in mails]
    newest_first = sorted(zip(mails, shown, strict=True), key=lambda pair: pair[0].received_at, reverse=True)
    return BoxView(address, address, tuple(_mail(mail, view) for mail, view in newest_first))


def _mail(mail: StoredMail, view: ShownMail) -> BoxMail:
    return BoxMail(mail.received_at, view["sender"], view["subject"], view["text"], view["html"])
