"""``lyhord jobs``: last and next run, duration and result of each scheduled job."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime

from cases.calendar import swedish_time
from service.commands.common import add_config, settings_of
from service.commands.opening import opened
from service.jobs import JobRun, job_runs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose jobs."""
    add_config(parser)


def run(asked: argparse.Namespace) -> int:
    """Print the jobs; 1 where one is late or failed."""
    with opened(settings_of(asked)) as house:
        runs, now = job_runs(house.store), house.clock()
    for line in job_lines(runs, now):
        print(line)
    return 1 if any(one.late(now) or one.error for one in runs) else 0


def job_lines(runs: Sequence[JobRun], now: datetime) -> Iterator[str]:
    """A table of the jobs, one line each."""
    yield f"{'Jobb':32} {'Senast':32} {'Tog':>9} {'Gjorde':>7}  {'Nästa':32} Läge"
    for one in runs:
        if one.at is None or one.next_at is None:
            yield f"{one.name:32} har aldrig gått"
            continue
        state = "SEN" if one.late(now) else f"misslyckades: {one.error}" if one.error else "ok"
        took = f"{one.seconds:.2f} s"
        last, following = swedish_time(one.at), swedish_time(one.next_at)
        yield f"{one.name:32} {last:32} {took:>9} {one.result or '-':>7}  {following:32} {state}"
