"""The database's standby takes over and lacks what was committed last; then a person does what the handbook says."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from cases.inbound.messages import InboundMessage
from config import load
from service.backup.after_restore import recover
from service.whole_house import build_whole
from tests.servers.postgres import OwnPostgres
from tests.soak.keys import with_tokens
from tests.soak.person import GIFT
from tests.soak.world import World
from tests.steps.house import ScriptedModel

# What a few letters need from the mailbox to a receipt.
_WORK_SECONDS = 1.5


def standbys_faults(world: World) -> dict[str, Callable[[], None]]:
    """By name; none on SQLite."""
    if world.postgres is None:
        return {}
    return {"standby took over, last commits lost": partial(_take_over, world, world.postgres)}


def _take_over(world: World, postgres: OwnPostgres) -> None:
    def meanwhile() -> None:
        world.deliver(*(world.written.write() for _ in range(world.dice.randint(1, 4))))
        world.pause(world.dice.random() * _WORK_SECONDS)

    postgres.lose_to_standby(meanwhile)
    world.led_to(postgres.port)
    # The daemon lives on with what is left, and must hold its letters.
    world.deliver(world.written.write())
    world.pause(_WORK_SECONDS)
    world.keep_alive()
    world.stop()
    world.met["letters found again"] += _recover(world)


def _recover(world: World) -> int:
    """``lyhord mailbox recover``; how many letters it found."""
    settings = with_tokens(load("demo", os.environ | world.environ(world.url)), world.tokens.authority, world.folder)
    now = datetime.now(UTC) + timedelta(seconds=world.clock)
    house, model = build_whole(settings, clock=lambda: now), ScriptedModel()
    stages = replace(house.stages, classifier=lambda: model, parse=partial(_parse, house.stages.parse))
    with closing(house.store):
        return recover(replace(house, stages=stages), now).kept


def _parse(parse: Callable[[bytes], InboundMessage], raw: bytes) -> InboundMessage:
    """A letter that would crash us is none of a person's."""
    if GIFT in raw[:1000]:
        raise ZeroDivisionError
    return parse(raw)
