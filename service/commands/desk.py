"""``lyhord desk``: the desk alone, in one process or several."""

import argparse
import os

from service.commands.common import add_config, settings_of
from service.processes.running import run_desk
from service.processes.workers import MOST, usual_count

_ENV = "LYHORD_DESK_WORKERS"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which municipality, and how many processes."""
    add_config(parser)
    parser.add_argument(
        "--workers",
        type=_count,
        default=os.environ.get(_ENV) or str(usual_count()),
        metavar="ANTAL",
        help=f"antal processer, 1 till {MOST} (annars {_ENV}, annars en per kärna, högst två)",
    )


def _count(text: str) -> int:
    count = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= count <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} är inget antal processer. Skriv ett tal från 1 till {MOST}.")
    return count


def run(asked: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM."""
    return run_desk(settings_of(asked), asked.workers)
