"""A clock set back does not stop the schedule."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from service.monitoring.clock_watch import ClockWatch


class Machine:
    """Its two clocks: the wall clock can be set, the steady one only goes."""

    wall, steady = 1_000_000.0, 50.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    running = BackgroundScheduler(timezone=UTC)
    running.start()
    yield running
    running.shutdown(wait=True)


def test_jobs_that_would_wait_for_the_old_time_go_at_once(scheduler: BackgroundScheduler) -> None:
    machine, went = Machine(), threading.Event()
    watch = ClockWatch(scheduler, lambda: machine.wall, lambda: machine.steady)
    # As the schedule stands after an hour back: each next run is an hour off.
    later = datetime.now(UTC) + timedelta(hours=1)
    scheduler.add_job(went.set, "interval", seconds=2, id="read", next_run_time=later, misfire_grace_time=None)
    machine.passes(2)
    assert not watch.look()
    assert not went.is_set()
    machine.wall -= 3600
    assert watch.look()
    assert went.wait(5), "the job goes now and not in an hour"
    assert scheduler.get_job("read").next_run_time < datetime.now(UTC) + timedelta(seconds=3)
    machine.passes(2)
    assert not watch.look(), "told once"


def test_forward_and_small_adjustments_are_left_to_the_schedule(scheduler: BackgroundScheduler) -> None:
    machine = Machine()
    watch = ClockWatch(scheduler, lambda: machine.wall, lambda: machine.steady)
    later = datetime.now(UTC) + timedelta(hours=1)
    scheduler.add_job(lambda: None, "interval", seconds=60, id="sweep", next_run_time=later)
    for step in (3600.0, -0.4, 7200.0):
        machine.passes(2)
        machine.wall += step
        assert not watch.look()
    assert scheduler.get_job("sweep").next_run_time == later
