"""``lyhord desk``: the desk alone."""

import argparse

from service.commands.common import add_config, settings_of
from service.running import run_until_stopped


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which municipality."""
    add_config(parser)


def run(asked: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM."""
    return run_until_stopped(settings_of(asked), daemon=False, desk=True)
