"""A municipality with a shipped profile, whole: real IMAP, SMTP and database, a clock one turns, a model that obeys."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from fastapi.testclient import TestClient

from cases.calendar import STOCKHOLM
from cases.case import Case, CaseStatus, Channel, Outcome, Party
from cases.compilations.compiled import Compilation
from cases.compilations.periods import read_period
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import EVERYWHERE, SYSTEM, Grant, Role, User
from cases.post.plan import PlannedLetter, plan
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering import answer, closing
from cases.steps.receiving.by_hand import Spoken, enter
from cases.steps.routing.confirm import confirm
from cases.steps.working import work
from cases.store.views import CaseFile, ListFilter, ListKind
from config import load
from desk.app import create_app
from desk.login.sessions import COOKIE
from ingest.poller import poll_once
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from service.post_room import PostRoom
from service.processes.desk_setup import desk_settings
from service.report_rules import compiler, draft_pass
from service.whole_house import build_whole
from storage import migrate
from tests.desk.kept_pages import with_kept_pages
from tests.steps.house import ScriptedModel, mail

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""Thursday 26 November 2026: three working days later is Tuesday 1 December, ten days later Sunday 6 December."""
_OVER = """
extends = "{profile}"

[[mailboxes]]
id = "{mailbox}"
login = "password"
user = "{user}"
password_env = "LYHORD_IMAP_PASSWORD"

[smtp]
login = "none"
"""
_MAILBOXES = {"osby": "synpunkter", "rattvik": "rattvik"}


@dataclass
class Watch:
    """A clock that stands until it is turned."""

    now: datetime = THURSDAY

    def __call__(self) -> datetime:
        return self.now


class Town:
    """Letters go in by IMAP and out by SMTP; people act by the steps that the desk takes."""

    def __init__(self, profile: str, folder: Path, watch: Watch, post: EmbeddedPost) -> None:
        self.watch, self.post = watch, post
        self.domain = f"{profile}.example"
        self.address = f"synpunkter@{self.domain}"
        file = folder / f"{profile}.toml"
        file.write_text(_OVER.format(profile=profile, mailbox=_MAILBOXES[profile], user=post.imap_user))
        self.settings = load(file, _environ(folder, post))
        migrate.upgrade(self.settings.database.url.reveal())
        numbers = count(1)
        self.house = build_whole(self.settings, clock=watch, new_id=lambda: f"{next(numbers):032x}")
        self.model = ScriptedModel()
        self.stages = replace(self.house.stages, classifier=lambda: self.model)
        self.room = PostRoom(self.house)
        self.office, self.store = self.house.office, self.house.store
        self._senders = count(1)
        self._delivered = False
        self.registrator = self.person("registrator", "Rut Alm", "registrator", *_everywhere(self))
        self.handlaggare = self.person("hans", "Hans Vik", "gatuingenjör", Grant(Role.HANDLAGGARE, "gata"))
        scopes = self.office.organisation.authorities
        self.everywhere = self.person("moa", "Moa Ek", "utredare", *(Grant(Role.HANDLAGGARE, s) for s in scopes))
        self.chef = self.person("gustav", "Gustav Ek", "gatuchef", Grant(Role.CHEF, "gata"))

    @property
    def now(self) -> datetime:
        return self.watch.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self.watch.now = moment

    def person(self, name: str, full: str, title: str, *grants: Grant) -> User:
        user = User(self.house.new_id(), f"{name}@{self.domain}", full, title, frozenset(grants))
        with self.store.begin() as tx:
            tx.add_user(user)
        return user

    def run(self) -> None:
        """Everything the daemon does until nothing more happens at this moment."""
        if self._delivered:
            with mailboxes(self.settings)[0] as box:
                poll_once(box, self.store, now=self.now, new_id=self.house.new_id, folders=(box.address.inbox,))
            self._delivered = False
        self.stages.read(self.now)
        self.stages.suggest(self.now)
        self.stages.sweep(self.now)
        self.stages.promises(self.now)
        self.room.send_due(self.now, limit=1000)

    def at(self, day: date, hour: int = 12, minute: int = 0) -> None:
        """Turn the clock to a Swedish moment and let the daemon work."""
        self.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)
        self.run()

    def write(self, body: str = "Lampan vid skolan är trasig.", **headers: str) -> "Letter":
        """A citizen of their own writes now; the letter becomes a case and is answered with a receipt."""
        number = next(self._senders)
        sender = headers.pop("sender", f"invanare{number}@mejl.example")
        to = headers.pop("to", self.address)
        raw = mail(body, sender=f"Berit Alm <{sender}>", to=to, message_id=f"<m{number}@mejl.example>", **headers)
        self.post.deliver(raw, envelope_from=sender)
        self._delivered = True
        self.run()
        with self.store.read() as tx:
            return Letter(self, sender, tx.case_by_message_ids([f"<m{number}@mejl.example>"]))

    def page(self, who: User, path: str) -> str:
        """A page of the desk as this person sees it."""
        settings = desk_settings(self.house)
        app = with_kept_pages(
            create_app(store=self.store, office=self.office, classifier=None, clock=self.watch, settings=settings)
        )
        with self.store.begin() as tx:
            cookie = app.state.desk.sessions.begin(tx, who, self.now).token
        client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
        client.cookies.set(COOKIE, cookie, domain="127.0.0.1", path="/")
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def spoken(
        self, channel: Channel, sender: Party, by: User | None = None, text: str = "Lampan är trasig."
    ) -> "Letter":
        """A member of staff writes down what was told."""
        with self.store.begin() as tx:
            told = Spoken(channel, sender, "", text, self.now)
            case = enter(tx, told, by or self.registrator, self.office, self.now)
        self.run()
        return Letter(self, sender.email, case.id)

    def mails(self, address: str) -> list[EmailMessage]:
        """What an address was sent, oldest first."""
        return [stored.parsed() for stored in self.post.boxes().get(address.lower(), ())]

    def compiled(self, period: str, part: str = "") -> Compilation:
        """The compilation of a part of the municipality, or of all of it."""
        maker = compiler(self.house)
        with self.store.read() as tx:
            return maker.compile(tx, SYSTEM, read_period(period), maker.scope(part), self.now)

    def drafts(self, day: date) -> None:
        """The hourly pass that mails the drafts of compilations, and the outbox after it."""
        self.now = datetime(day.year, day.month, day.day, 9, tzinfo=STOCKHOLM).astimezone(UTC)
        draft_pass(self.house)(self.now)
        self.room.send_due(self.now, limit=1000)

    def forget(self) -> None:
        """Begin a new test at the first moment; what earlier tests left open or queued is no concern of this one."""
        self.now, self.model = THURSDAY, ScriptedModel()
        with self.store.begin() as tx:
            for line in tx.lines(ListKind.OPEN, SYSTEM, ListFilter(limit=1000)):
                tx.save_case(replace(tx.get_case(line.id, SYSTEM), status=CaseStatus.CLOSED))
            for one in tx.entries([OutboxStatus.QUEUED, OutboxStatus.AWAITING_RETRY], SYSTEM, limit=1000):
                tx.update_entry(replace(one.entry, status=OutboxStatus.CANCELLED))


def text_of(message: EmailMessage) -> str:
    """The plain part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Letter:
    """A citizen's letter and what becomes of it."""

    def __init__(self, town: Town, sender: str, case_id: str) -> None:
        self.town, self.sender, self.id = town, sender, case_id

    @property
    def case(self) -> Case:
        with self.town.store.read() as tx:
            return tx.get_case(self.id, SYSTEM)

    @property
    def file(self) -> CaseFile:
        with self.town.store.read() as tx:
            return tx.case_file(self.id, SYSTEM)

    @property
    def answers(self) -> list[EmailMessage]:
        """What the citizen got, the receipt first."""
        return self.town.mails(self.sender)

    @property
    def last(self) -> str:
        """The plain text of the latest mail to the citizen."""
        return text_of(self.answers[-1])

    def told(self, address: str) -> list[str]:
        """The plain texts of the mails to this member of staff that name the case."""
        number = self.case.number
        return [text for text in map(text_of, self.town.mails(address)) if number in text]

    @property
    def planned(self) -> tuple[PlannedLetter, ...]:
        with self.town.store.read() as tx:
            return plan(self.case, tx.marks(self.id), self.town.office, self.town.now)

    def route(
        self,
        unit: str = "gata",
        *flags: FlagKind,
        choice: RoutingChoice = RoutingChoice.UNIT,
        severity: Severity = Severity.NORMAL,
        kind: CaseType = CaseType.FELANMALAN,
        reason: str = "",
        concerns: str = "",
    ) -> None:
        case, town = self.case, self.town
        request = RoutingRequest(
            version=case.version,
            choice=choice,
            unit_id=unit,
            area=town.model.area,
            type=kind,
            severity=severity,
            flags=frozenset(flags),
            reason=reason,
            register_subject=concerns,
        )
        with town.store.begin() as tx:
            confirm(tx, case.id, request, town.registrator, town.office, town.now)
        town.run()

    def assign(self, *, accepted: bool = True) -> None:
        town = self.town
        with town.store.begin() as tx:
            case = tx.get_case(self.id, SYSTEM)
            case = work.assign(tx, case.id, case.version, town.handlaggare, town.registrator, town.office, town.now)
            if accepted:
                work.accept(tx, case.id, case.version, town.handlaggare, town.office, town.now)
        town.run()

    def answer(self, kind: LetterKind, by: User | None = None, **values: str) -> None:
        town = self.town
        with town.store.begin() as tx:
            version = tx.get_case(self.id, SYSTEM).version
            answer.answer(tx, self.id, version, kind, values, by or town.handlaggare, town.office, town.now)
        town.run()

    def answer_orally(self, outcome: Outcome, how: str, by: User | None = None) -> None:
        town = self.town
        with town.store.begin() as tx:
            version = tx.get_case(self.id, SYSTEM).version
            answer.answer_orally(tx, self.id, version, outcome, how, by or town.handlaggare, town.office, town.now)
        town.run()

    def close(self, improvement: str = "", by: User | None = None) -> None:
        town = self.town
        with town.store.begin() as tx:
            version = tx.get_case(self.id, SYSTEM).version
            closing.close(tx, self.id, version, improvement, by or town.handlaggare, town.office, town.now)
        town.run()

    def escalate(self, reason: str, by: User | None = None) -> None:
        town = self.town
        with town.store.begin() as tx:
            version = tx.get_case(self.id, SYSTEM).version
            work.escalate(tx, self.id, version, reason, by or town.handlaggare, town.office, town.now)
        town.run()

    def reply(self, body: str) -> None:
        """The citizen answers the latest mail."""
        self.town.now += timedelta(minutes=1)
        self.town.write(body, sender=self.sender, In_Reply_To=str(self.answers[-1]["Message-ID"]))


def _environ(folder: Path, post: EmbeddedPost) -> dict[str, str]:
    return {
        "LYHORD_IMAP_HOST": post.imap_host,
        "LYHORD_IMAP_PORT": str(post.imap_port),
        "LYHORD_IMAP_TLS": "none",
        "LYHORD_IMAP_PASSWORD": post.imap_password,
        "LYHORD_SMTP_HOST": post.smtp_host,
        "LYHORD_SMTP_PORT": str(post.smtp_port),
        "LYHORD_SMTP_TLS": "none",
        "LYHORD_DATABASE_URL": f"sqlite:///{folder / 'town.sqlite'}",
        "LYHORD_DESK_SECRET": "s" * 48,
        "LYHORD_DESK_URL": "http://127.0.0.1:8000",
        "LYHORD_DESK_HTTPS": "false",
    }


def _everywhere(town: Town) -> list[Grant]:
    scopes = [EVERYWHERE, *town.office.organisation.authorities]
    return [Grant(Role.REGISTRATOR, scope) for scope in scopes]


@contextmanager
def a_town(profile: str, folder: Path) -> Iterator[Town]:
    """A town for as long as a module's tests run."""
    with ExitStack() as stack:
        watch = Watch()
        post = stack.enter_context(EmbeddedPost(f"synpunkter@{profile}.example", clock=watch))
        town = Town(profile, folder, watch, post)
        stack.callback(town.house.store.close)
        yield town
