"""What is watched: the demonstration's house under a clock one turns, and somebody who is told of alarms."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from prometheus_client.parser import text_string_to_metric_families

from config import Settings, load
from config.operation import AlarmSettings
from service.bootstrap import House
from service.monitoring.alarm import Alarm
from service.monitoring.conditions import conditions
from service.notes import MAILBOX_STATE
from service.stages import Stages
from service.whole_house import build_whole, reader
from tests.steps.house import ScriptedModel

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
HOOK = "larm.kommunen.example"


class Clock:
    """A clock one turns."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def house_of(settings: Settings, clock: Clock) -> House:
    house = build_whole(settings, clock=clock)
    return replace(house, stages=Stages(house.store, house.office, reader(settings), ScriptedModel))


@pytest.fixture
def house(environ: dict[str, str], clock: Clock) -> Iterator[House]:
    made = house_of(load("demo", environ), clock)
    yield made
    made.store.close()


def with_api(house: House, *, enabled: bool = True) -> House:
    """The same house where other systems may ask, which the demonstration does not let them."""
    settings = replace(house.settings, api=replace(house.settings.api, enabled=enabled))
    return replace(house, settings=settings)


@pytest.fixture
def either(environ: dict[str, str], database_url: str, clock: Clock) -> Iterator[House]:
    """On SQLite and on PostgreSQL."""
    made = house_of(load("demo", environ | {"LYHORD_DATABASE_URL": database_url}), clock)
    yield made
    made.store.close()


def note(house: House, key: str, ago: timedelta, **more: str) -> None:
    at = (house.clock() - ago).isoformat()
    with house.store.begin() as tx:
        tx.save_setting(key, json.dumps({"at": at, "error": "", **more}))


def well(house: House) -> None:
    """The daemon has just read the mailbox."""
    at = house.clock().isoformat()
    note(house, MAILBOX_STATE + "feedback", timedelta(), state="ok", read=at)


def values(text: bytes) -> dict[str, float]:
    """``name{label}`` to value."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


class Told:
    """Remembers what was told; ``reached`` is whether anybody was there."""

    def __init__(self) -> None:
        self.reached = True
        self.said: list[tuple[list[str], list[str]]] = []

    def __call__(self, fresh: Sequence[Alarm], over: Mapping[str, str], _now: datetime) -> bool:
        self.said.append(([alarm.key for alarm in fresh], list(over.values())))
        return self.reached


def keys(house: House) -> set[str]:
    return {alarm.key for alarm in conditions(house, house.clock())}


@contextmanager
def webhook(authority: trustme.CA | None = None, status: int = 204) -> Iterator[tuple[str, list[dict[str, object]]]]:
    got: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def do_HEAD(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(HOOK).configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http{'s' if authority else ''}://127.0.0.1:{server.server_port}/larm", got
        finally:
            server.shutdown()
            thread.join()


def told_to(settings: Settings, **chosen: object) -> Settings:
    alarms: AlarmSettings = replace(settings.alarms, **chosen)  # type: ignore[arg-type]
    return replace(settings, alarms=alarms)
