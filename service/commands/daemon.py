"""``lyhord daemon``: the daemon alone: fetch, read, suggest, send."""

import argparse

from service.commands.common import add_config, settings_of
from service.processes.running import run_until_stopped


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which municipality."""
    add_config(parser)


def run(asked: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM."""
    return run_until_stopped(settings_of(asked), daemon=True, desk=False)
