"""Läslogg and kontologg: who read which protected case, who logged in and changed whose account; also as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import STOCKHOLM, local_day
from cases.people.accounts import ACCOUNT_EVENT_NAMES, AccessLine
from cases.store.reads import READ_PARTS, ReadFilter, ReadLine
from desk.context import AccountReader, Asked, Auditor
from desk.forms import parse_day
from desk.present import when_words
from desk.sheets import download, stamp

router = APIRouter()
_SHOWN = 500
_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of a log are asked for; ``typed`` is what stood in the form."""

    user_id: str
    number: str
    since: datetime | None
    until: datetime | None
    typed: Mapping[str, str]

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return any(self.typed.values())


def _asked(person: Asked) -> LogFilter:
    query = person.request.query_params
    typed = {name: query.get(name, "")[:100] for name in ("vem", "arende", "fran", "till")}
    first, last = parse_day(typed["fran"]), parse_day(typed["till"])
    since = datetime.combine(first, time(), STOCKHOLM) if first else None
    until = datetime.combine(last + timedelta(days=1), time(), STOCKHOLM) if last else None
    return LogFilter(typed["vem"], typed["arende"].strip(), since, until, typed)


def _reads(person: Asked, limit: int) -> tuple[LogFilter, Sequence[ReadLine], Mapping[str, str]]:
    wanted = _asked(person)
    with person.desk.store.read() as tx:
        lines = tx.reads(limit, ReadFilter(wanted.user_id, wanted.number, wanted.since, wanted.until))
        return wanted, lines, {user.id: user.name for user in tx.users()}


def _account_lines(person: Asked, limit: int) -> tuple[LogFilter, Sequence[AccessLine], Mapping[str, str]]:
    wanted = _asked(person)
    with person.desk.store.read() as tx:
        lines = tx.access_log(limit, wanted.user_id, wanted.since, wanted.until)
        return wanted, lines, {user.id: user.name for user in tx.users()}


@router.get("/laslogg")
def reads(person: Auditor) -> Response:
    wanted, lines, names = _reads(person, _SHOWN)
    rows = [(row, _reader(row, names), _part(row)) for row in lines]
    return person.page("documents/reads.html", rows=rows, wanted=wanted, names=names, full=len(rows) == _SHOWN)


@router.get("/laslogg.csv")
def reads_csv(person: Auditor) -> Response:
    """The readings the filter lets through."""
    _, lines, names = _reads(person, _EXPORTED)
    rows = ((stamp(row.at), _reader(row, names), row.case_number, _part(row)) for row in lines)
    return download(f"läslogg {local_day(person.now)}", ("När", "Vem", "Ärende", "Vad"), rows)


@router.get("/kontologg")
def account_log(person: AccountReader) -> Response:
    """Who logged in, who did not get in, and who changed whose account."""
    wanted, lines, names = _account_lines(person, _SHOWN)
    shown = [(line, when_words(line.at, person.now)) for line in lines]
    return person.page("documents/account_log.html", lines=shown, names=names, wanted=wanted, full=len(shown) == _SHOWN)


@router.get("/kontologg.csv")
def account_log_csv(person: AccountReader) -> Response:
    """The lines the filter lets through."""
    _, lines, names = _account_lines(person, _EXPORTED)
    rows = (
        (stamp(one.at), _named(one.user_id, names), _what(one), _named(one.actor_id, names), one.address)
        for one in lines
    )
    return download(f"kontologg {local_day(person.now)}", ("När", "Vem", "Vad", "Av", "Från"), rows)


def _reader(row: ReadLine, names: Mapping[str, str]) -> str:
    return "Ett annat system" if row.user_id.startswith("api:") else _named(row.user_id, names)


def _part(row: ReadLine) -> str:
    """What was read, in words; empty where that was not kept yet."""
    return READ_PARTS[row.part] if row.part else ""


def _what(line: AccessLine) -> str:
    name = ACCOUNT_EVENT_NAMES[line.kind]
    return f"{name}: {line.text}" if line.text else name


def _named(user_id: str, names: Mapping[str, str]) -> str:
    return names.get(user_id, "Borttagen person") if user_id else ""
