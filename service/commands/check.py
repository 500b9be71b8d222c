"""``lyhord check``: try the settings and every connection, and say the way out of what fails."""

import argparse
import os

from service.checks.everything import check_all
from service.clock_and_ids import utc_now
from service.commands.common import add_config


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which settings to try."""
    add_config(parser)


def run(asked: argparse.Namespace) -> int:
    """Print each line as soon as it is known; 1 where any is a fault."""
    faults = 0
    for line in check_all(asked.config, os.environ, clock=utc_now):
        print(line, flush=True)
        faults += not line.ok
    print(_summary(faults))
    return 1 if faults else 0


def _summary(faults: int) -> str:
    return f"\n{faults} fel att rätta." if faults else "\nAllt är i ordning. Starta med lyhord run."
