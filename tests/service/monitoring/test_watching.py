"""Figures, and who may ask whether the service is alive and ready, with both databases."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cases.case import Channel, Party
from cases.promises import PromiseKind
from cases.steps.receiving.by_hand import Spoken, enter
from cases.steps.routing.suggest import meet, postponed
from config import load
from desk.external.watching import WatchMiddleware, WatchSettings
from service.bootstrap import House
from service.monitoring.metrics import metrics_text, readiness, watch_settings
from service.notes import LAST_PASS, MAILBOX_STATE
from service.whole_house import build_whole
from tests.service.watched import NOW, Clock, note, values
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter


def test_figures(either: House, clock: Clock) -> None:
    small = SmallHouse(either.store, now=NOW - timedelta(hours=2))
    small.receive(a_letter())
    small.post(a_letter(message_id="<m2@mejl.example>"))
    note(either, LAST_PASS + "sweep", timedelta(seconds=30))
    note(either, LAST_PASS + "send", timedelta(seconds=30), error="OperationalError")
    read = (clock.now - timedelta(seconds=90)).isoformat()
    note(either, MAILBOX_STATE + "feedback", timedelta(seconds=5), state="refused", read=read)
    text = metrics_text(either)
    found = values(text)
    assert {name: found[name] for name in _FIGURES} == _FIGURES
    clock.later(days=20)
    assert values(metrics_text(either))["lyhord_promises{late}"] > 0
    assert not any(word in text.decode() for word in ("berit", "mejl.example", "EK-2026", "@"))


def test_a_promise_that_nobody_waits_for_is_not_late(either: House, clock: Clock) -> None:
    """A later day that was told stands for the first, and no receipt goes to who left no address."""
    small = SmallHouse(either.store, now=NOW)
    told = Spoken(Channel.PHONE, Party("Berit Alm"), "Lampan", "Den är trasig.", NOW)
    with either.store.begin() as tx:
        case = enter(tx, told, small.registrator, small.office, NOW)
        case = tx.save_case(meet(case, PromiseKind.STATUS, NOW))
        tx.save_case(postponed(case, date(2026, 12, 20)))
    clock.later(days=10)
    assert values(metrics_text(either))["lyhord_promises{late}"] == 0
    clock.later(days=20)
    assert values(metrics_text(either))["lyhord_promises{late}"] == 1


_FIGURES = {
    "lyhord_letters_in_total": 2,
    "lyhord_lag_seconds{read}": 7200,
    "lyhord_lag_seconds{suggest}": 0,
    "lyhord_outbox_letters{queued}": 2,
    "lyhord_outbox_letters{sent}": 0,
    "lyhord_open_cases": 1,
    "lyhord_promises{late}": 0,
    "lyhord_daemon_age_seconds": 30,
    "lyhord_mailbox_poll_age_seconds{feedback}": 90,
    "lyhord_pass_failed{send}": 1,
    "lyhord_pass_failed{read}": 0,
    "lyhord_alarms": 0,
    "lyhord_quarantined_letters": 0,
}


# The three addresses


def asked(path: str, settings: WatchSettings, *, address: str = "192.0.2.9", **headers: str) -> tuple[int, str]:
    app = WatchMiddleware(Starlette(), settings)
    with TestClient(app, client=(address, 5000)) as client:
        answer = client.get(path, headers=headers)
        return answer.status_code, answer.text


def test_who_may_read_the_figures() -> None:
    closed = WatchSettings(dict, lambda: b"x 1\n", "text/plain")
    open_to = replace(closed, networks=("192.0.2.0/28",), token="hemlig-nyckel")
    assert asked("/metrics", closed)[0] == 404
    assert asked("/metrics", closed, authorization="Bearer ")[0] == 404
    assert asked("/metrics", open_to) == (200, "x 1\n")
    assert asked("/metrics", open_to, address="198.51.100.1")[0] == 404
    assert asked("/metrics", open_to, address="198.51.100.1", authorization="Bearer fel")[0] == 404
    assert asked("/metrics", open_to, address="198.51.100.1", authorization="Bearer hemlig-nyckel")[0] == 200
    assert asked("/metrics", open_to, address="testclient")[0] == 404
    assert asked("/annat", open_to)[0] == 404


def test_alive_and_ready(house: House, environ: dict[str, str], tmp_path: Path) -> None:
    watch = watch_settings(house)
    assert asked("/healthz", watch) == (200, "ok\n")
    status, text = asked("/readyz", watch)
    assert (status, json.loads(text)) == (200, {"ready": True, "database": True, "migrations": True, "model": True})
    with house.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_of_a_later_version'"))
    assert asked("/readyz", watch)[0] == 200, "with db upgrade the proxy would lose every old desk at once"
    bare = build_whole(load("demo", environ | {"LYHORD_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}))
    assert readiness(bare) | {"model": True} == {"database": True, "migrations": False, "model": True}
    bare.store.close()
    lost = build_whole(load("demo", environ | {"LYHORD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}))
    status, text = asked("/readyz", watch_settings(lost))
    assert (status, json.loads(text)["database"]) == (503, False)
    assert asked("/healthz", watch_settings(lost))[0] == 200
