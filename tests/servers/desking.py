"""The desk of the tests' municipality in several processes: ``python -m tests.servers.desking URL PORT WORKERS``.

Each answer says in ``X-Process`` which of them gave it. With a fourth word, whatever it is, search knows no Swedish,
which takes seconds to load.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.ports import Analyser
from desk.app import create_app
from service.processes.web import DeskServer
from service.processes.workers import Workers
from storage import SqlStore
from storage.search.analyse import analyse
from tests.desk import house as h

TOLD = "X-Process"


class _Telling:
    """Adds the process' number to each answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(TOLD, str(os.getpid()))
            await send(message)

        await self.app(scope, receive, told)


def split(text: str) -> Sequence[str]:
    """Words as they stand."""
    return text.lower().split()


def main(url: str, port: int, workers: int, analyser: Analyser = analyse) -> int:
    """Serve until told to stop; says ``ready`` and the port first."""
    # As `lyhord desk` does: what is loaded before is in memory once.
    analyser("värm upp orden")
    store = SqlStore(url, analyser=analyser)
    # The tests' own ids begin at one in each process.
    office = replace(h.office(), new_id=lambda: uuid4().hex)
    app = create_app(store=store, office=office, classifier=None, clock=h.Watch(), settings=h.settings())
    app.add_middleware(_Telling)
    serving = DeskServer(app, "127.0.0.1", port)
    store.close()
    sys.stdout.write(f"ready {serving.port}\n")
    sys.stdout.flush()
    # However often they are killed: to its clock a minute lies between any two deaths.
    return Workers(workers, serving, store.close, partial(next, count(step=60.0))).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), split if sys.argv[4:] else analyse))
