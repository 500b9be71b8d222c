"""The figures at ``/metrics`` in Prometheus' text form, and whether this machine is ready; nothing of any person."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from cases.calendar import local_day
from cases.errors import LyhordError
from cases.letters.letter import OutboxStatus
from cases.ports import Tx
from cases.routing.agreement import RECENT
from desk.external.watching import WatchSettings
from service.bootstrap import House
from service.checks.copies import newest_copy
from service.jobs import late_jobs
from service.monitoring.alarms import active_alarms
from service.monitoring.systems import unsent_events
from service.notes import LAST_PASS, MAILBOX_STATE, PASSES, failed_at, last_read, moment_of, note_of
from service.whole_house import WholeHouse
from storage import migrate
from storage.errors import NewerDatabase
from storage.queries.watch import Figures, figures


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted: by the daemon of mailboxes, sweep and failed passes, of the newest copy, and of events unsent."""

    polled: dict[str, datetime]
    swept: datetime | None
    failed: frozenset[str]
    alarms: int
    late: int
    agreed: int
    routed: int
    copied: datetime | None
    events: dict[str, float]


def metrics_text(house: House) -> bytes:
    """Every figure, asked for now."""
    now = house.clock()
    asked = figures(house.store.engine, now, local_day(now))
    with house.store.read() as tx:
        noted = _noted(tx, house, now)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected([*_letters(asked, now), *_service(noted, now)]))
    return generate_latest(registry)


class _Collected:
    """What was asked, as prometheus_client wants it."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics


def _noted(tx: Tx, house: House, now: datetime) -> Noted:
    polled = {box.id: last_read(note_of(tx.setting(MAILBOX_STATE + box.id))) for box in house.settings.mailboxes}
    passes = {name: note_of(tx.setting(LAST_PASS + name)) for name in PASSES}
    failed = [name for name, note in passes.items() if failed_at(note, now) is not None]
    routed = tx.routed_cases(now - RECENT)
    return Noted(
        polled={name: at for name, at in polled.items() if at is not None},
        swept=moment_of(passes["sweep"]),
        failed=frozenset(failed),
        alarms=len(active_alarms(tx)),
        late=len(late_jobs(house.store, now)),
        agreed=sum(one.agreed for one in routed),
        routed=len(routed),
        copied=newest_copy(tx, house.settings),
        events=unsent_events(tx, house),
    )


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"lyhord_{name}", what, value=value)


def _by(name: str, what: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"lyhord_{name}", what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _letters(asked: Figures, now: datetime) -> Iterator[Metric]:
    yield CounterMetricFamily("lyhord_letters_in", "Letters kept since the beginning.", value=asked.letters_in)
    out: dict[str, float] = {str(status): asked.out.get(str(status), 0) for status in OutboxStatus}
    yield _by("outbox_letters", "Letters out by state.", "state", out)
    lag = dict.fromkeys(("read", "suggest", "send"), 0.0)
    lag |= {stage: max(0.0, (now - at).total_seconds()) for stage, at in asked.standing.oldest.items()}
    yield _by("lag_seconds", "Age of the oldest letter that waits to be read, suggested for or sent.", "stage", lag)
    yield _gauge("quarantined_letters", "Letters nobody could read.", asked.standing.quarantined)
    yield _gauge("open_cases", "Cases that have not ended.", asked.open_cases)
    promises: dict[str, float] = {"late": asked.late, "soon": asked.soon}
    yield _by(
        "promises", "Open cases whose nearest promise is past its day, or due today or tomorrow.", "state", promises
    )


def _service(noted: Noted, now: datetime) -> Iterator[Metric]:
    ages = {name: (now - at).total_seconds() for name, at in noted.polled.items()}
    yield _by("mailbox_poll_age_seconds", "Since each mailbox was read.", "mailbox", ages)
    if noted.swept is not None:
        yield _gauge("daemon_age_seconds", "Since the daemon's last sweep.", (now - noted.swept).total_seconds())
    if noted.copied is not None:
        yield _gauge("backup_age_seconds", "Since the newest proven copy.", (now - noted.copied).total_seconds())
    failed = {name: float(name in noted.failed) for name in PASSES}
    yield _by("pass_failed", "1 where the pass failed in the last five minutes.", "pass", failed)
    yield _gauge("jobs_late", "Scheduled jobs that ought to have gone long ago.", noted.late)
    yield _gauge("alarms", "Alarms that are on.", noted.alarms)
    yield _by("webhook_events", "Events that other systems have not taken.", "state", noted.events)
    yield _gauge("suggestions_routed", "Cases a person routed in the last four weeks.", noted.routed)
    yield _gauge("suggestions_agreed", "Those of them that went where the model said.", noted.agreed)
    family = GaugeMetricFamily("lyhord_info", "Always 1.", labels=["version"])
    family.add_metric([version("lyhord")], 1)
    yield family


def readiness(house: WholeHouse) -> dict[str, bool]:
    """Whether the database answers, lacks no migration, and the model is loaded."""
    found = {"database": False, "migrations": False, "model": False}
    with suppress(sa.exc.SQLAlchemyError):
        found["migrations"] = not _lacking(house.settings.database.url.reveal())
        found["database"] = True
    with suppress(LyhordError, OSError, ValueError, KeyError):
        found["model"] = bool(house.stages.classifier().version)
    return found


def _lacking(url: str) -> Sequence[str]:
    """The migrations that are still to be made: none on a database that a later version has upgraded.

    A desk that runs goes on there, as in an upgrade of several machines; were it not ready, the proxy would have none
    from the upgrade of the database to the first new desk. One that starts refuses it.
    """
    try:
        return migrate.pending(url)
    except NewerDatabase:
        return ()


def watch_settings(house: WholeHouse) -> WatchSettings:
    """What the desk is told of watching."""
    chosen = house.settings.watch
    return WatchSettings(
        ready=partial(readiness, house),
        metrics=partial(metrics_text, house),
        content_type=CONTENT_TYPE_LATEST,
        networks=chosen.metrics_networks,
        token=chosen.metrics_token.reveal() if chosen.metrics_token else "",
    )
