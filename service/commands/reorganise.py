"""``lyhord reorganise [--now]``: the cases of units that the profile says were taken over go to the new ones."""

import argparse
from collections.abc import Sequence

from cases.steps.working.handover import Moved, move_units, to_move
from service.commands.common import add_config, settings_of
from service.commands.opening import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Without ``--now`` it only says what would be done."""
    add_config(parser)
    parser.add_argument("--now", action="store_true", help="flytta; annars visas bara vad som skulle flyttas")


def run(asked: argparse.Namespace) -> int:
    """Move, or say what would move."""
    with opened(settings_of(asked)) as house:
        if asked.now:
            with house.store.begin() as tx:
                moved = move_units(tx, "system", house.office, house.clock())
        else:
            with house.store.read() as tx:
                moved = to_move(tx, house.office)
    _say(moved, done=asked.now)
    return 0


def _say(moved: Sequence[Moved], *, done: bool) -> None:
    if not moved:
        print("Inga ärenden ligger hos en enhet som har gått upp i en annan (units[].took_over).")
    for one in moved:
        print(f"{one.old} -> {one.new}: {one.cases} {'flyttade' if done else 'att flytta'}")
        if one.left:
            print(f"  skyddade, byter nämnd, fördelas för hand: {', '.join(one.left)}")
    if moved and not done:
        print("Flytta dem: lyhord reorganise --now")
