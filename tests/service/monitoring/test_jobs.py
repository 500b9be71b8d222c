"""What each scheduled job notes of itself, which are late, and what ``lyhord jobs`` and the health page say of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from config import load
from service.commands.jobs import job_lines
from service.jobs import RULES, job_runs, late_jobs
from service.monitoring.health import health_lines
from service.notes import LAST_PASS
from service.processes.daemon import Daemon
from service.whole_house import WholeHouse, build_whole

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@pytest.fixture
def moments() -> list[datetime]:
    return [NOW]


@pytest.fixture
def house(environ: dict[str, str], moments: list[datetime]) -> Iterator[WholeHouse]:
    put_together = build_whole(load("demo", environ), clock=lambda: moments[-1])
    yield put_together
    put_together.store.close()


def broken(_now: datetime) -> int:
    raise OSError("Lampan vid skolan")


def test_a_run_is_noted_with_its_result_and_a_failure_with_its_kind_alone(house: WholeHouse) -> None:
    daemon = Daemon(house)
    daemon._passes.guarded("sweep", lambda _now: 3, 60.0)()
    daemon._passes.guarded("promises", broken, 60.0)()
    runs = {run.key: run for run in job_runs(house.store)}
    assert (runs["sweep"].at, runs["sweep"].next_at) == (NOW, NOW + timedelta(minutes=1))
    assert (runs["sweep"].result, runs["sweep"].error) == ("3", "")
    assert (runs["promises"].result, runs["promises"].error) == ("", "OSError")
    assert runs["send"].at is None


def test_a_frequent_job_that_does_nothing_new_does_not_write_each_time(
    house: WholeHouse, moments: list[datetime]
) -> None:
    daemon = Daemon(house)
    made = [0, 0, 0, 4]
    for second in range(0, 8, 2):
        moments.append(NOW + timedelta(seconds=second))
        daemon._passes.guarded("send", lambda _now: made[len(moments) - 2], 2.0)()
        (run,) = [one for one in job_runs(house.store) if one.key == "send"]
        assert run.at == (NOW if second < 6 else moments[-1])
    moments.append(NOW + timedelta(seconds=60))
    daemon._passes.guarded("send", lambda _now: 4, 2.0)()
    assert [one.at for one in job_runs(house.store) if one.key == "send"] == [moments[-1]]


def test_a_missed_sweep_is_late_on_the_health_page_and_in_the_list(house: WholeHouse, moments: list[datetime]) -> None:
    Daemon(house)._passes.guarded("promises", lambda _now: 0, 60.0)()
    moments.append(NOW + timedelta(minutes=6))
    assert late_jobs(house.store, moments[-1]) == []
    moments.append(NOW + timedelta(hours=1))
    with house.store.begin() as tx:
        tx.save_setting(LAST_PASS + "sweep", json.dumps({"at": moments[-1].isoformat(), "error": ""}))
    assert [run.key for run in late_jobs(house.store, moments[-1])] == ["promises"]
    line = next(line for line in health_lines(house) if line.name == RULES["promises"].name)
    assert (line.ok, line.text) == (False, "gick senast för 1 timme sedan")
    lines = list(job_lines(job_runs(house.store), moments[-1]))
    assert len(lines) == 1 + len(RULES)
    assert next(text for text in lines if text.startswith("Hålla löften")).endswith("SEN")


def test_every_job_of_the_daemon_has_its_rule(house: WholeHouse) -> None:
    assert {name for name, _job, _every in Daemon(house)._jobs()} == set(RULES)
