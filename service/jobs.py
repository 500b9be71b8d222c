"""The scheduled jobs: how each stands a missed time, what it noted of its last run, and which of them are late."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.ports import Store
from notifier.pass_report import PassReport
from service.notes import moment_of, note_of

JOB = "health:job:"
# A job that goes each other second notes itself once in so long, or at once where something changed.
NOTE_EVERY = timedelta(seconds=30)
# A job is late when it has not gone for so many of its intervals, and for so long besides.
_LATE_INTERVALS, _LATE_BESIDES = 2, timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class JobRule:
    """What a job is called on pages, and how it stands a missed time (docs/decisions/schedule.md).

    ``coalesce``: missed times are made up for by one run; ``grace`` is how many seconds late that run may begin, None
    however late.
    """

    name: str
    coalesce: bool = True
    grace: int | None = None


RULES: dict[str, JobRule] = {
    "read": JobRule("Läsa brev"),
    "fetch paper": JobRule("Hämta skannade brev"),
    "open paper": JobRule("Öppna skannade brev"),
    "read documents": JobRule("Läsa dokument"),
    "suggest": JobRule("Föreslå ämne"),
    "send": JobRule("Skicka brev"),
    "webhooks": JobRule("Meddela andra system"),
    "sweep": JobRule("Larma om det som blir liggande"),
    "promises": JobRule("Hålla löften"),
    # A probe letter measures how long letters take just now; a late one would measure our own lateness.
    "probe": JobRule("Provbrev", grace=30),
    "alarms": JobRule("Larma driften"),
    "compilations": JobRule("Utkast till sammanställningar"),
    "retention": JobRule("Gallring"),
    # Learning takes the machine for minutes; after a long stop letters come first, and the next quarter is soon enough.
    "learn": JobRule("Lära av bekräftelser", grace=60),
}


@dataclass(frozen=True, slots=True)
class JobRun:
    """What a job noted: when it last began, how many seconds it took, what came of it, and when it goes next.

    ``at`` is None where it has never gone. ``error`` is the kind of failure, empty where all went well.
    """

    key: str
    name: str
    at: datetime | None = None
    seconds: float = 0.0
    every: float = 0.0
    result: str = ""
    error: str = ""

    @property
    def next_at(self) -> datetime | None:
        """When it should go next."""
        return self.at + timedelta(seconds=self.every) if self.at else None

    def late(self, now: datetime) -> bool:
        """Whether it ought to have gone long ago; one that has never gone is not late, for nobody has started it."""
        if self.at is None:
            return False
        return now - self.at > timedelta(seconds=_LATE_INTERVALS * self.every + self.seconds) + _LATE_BESIDES


def noted(run: JobRun) -> str:
    """The note of a run, for the settings."""
    at = run.at.isoformat() if run.at else ""
    parts = {"at": at, "seconds": f"{run.seconds:.3f}", "every": str(run.every)}
    return json.dumps({**parts, "result": run.result, "error": run.error})


def job_runs(store: Store) -> list[JobRun]:
    """What each job noted last, in the order of the schedule."""
    with store.read() as tx:
        notes = {key: note_of(tx.setting(JOB + key)) for key in RULES}
    return [_run(key, note) for key, note in notes.items()]


def late_jobs(store: Store, now: datetime) -> Sequence[JobRun]:
    """The jobs that have gone before and ought to have gone again long ago: the schedule stands still."""
    return [run for run in job_runs(store) if run.late(now)]


def _run(key: str, note: dict[str, str]) -> JobRun:
    name = RULES[key].name
    at = moment_of(note)
    if at is None:
        return JobRun(key, name)
    return JobRun(
        key, name, at, _number(note, "seconds"), _number(note, "every"), note.get("result", ""), note["error"]
    )


def _number(note: dict[str, str], key: str) -> float:
    try:
        return float(note[key])
    except (KeyError, ValueError):
        return 0.0


def result_of(made: object) -> str:
    """How many things a pass did, from what it returns; no word of a letter can come this way."""
    if isinstance(made, PassReport):
        return str(made.claimed)
    if isinstance(made, Counter):
        return str(made.total())
    return str(int(made)) if isinstance(made, int) else ""
