"""The whole daemon with a played model, until it is killed, for ``tests.servers.killing``.

The settings are those of the profile ``demo``, with its environment.
"""

import os
import sys
from dataclasses import replace
from threading import Event

from config import load
from service.processes.daemon import Daemon, Rhythm
from service.processes.reading_room import ReadingRoom
from service.whole_house import build_whole, warm_up
from tests.steps.house import ScriptedModel


def prepare() -> None:
    """As `lyhord run` does: a kill while the word lists load would be blamed on the letter that waits for them."""
    warm_up()


def main() -> None:
    """Poll, read, suggest and send for ever."""
    house = build_whole(load("demo", os.environ))
    model = ScriptedModel()
    house = replace(house, stages=replace(house.stages, classifier=lambda: model))
    with ReadingRoom(house.stages.read, lost=os.abort) as room:
        Daemon(house, Rhythm(work=0.05, sweep=60), read=room.read).start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        Event().wait()
