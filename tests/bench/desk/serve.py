"""The desk over one database on loopback, in a process of its own: ``python -m tests.bench.desk.serve URL PORT``."""

import sys

import uvicorn

from desk.app import create_app
from service.web import TURN
from storage import SqlStore
from storage.analyse import analyse
from tests.desk import house as h


def main(url: str, port: int) -> None:
    """Serve until ended."""
    sys.setswitchinterval(TURN)
    analyse("värm upp orden")
    store = SqlStore(url, analyser=analyse)
    app = create_app(store=store, office=h.office(), classifier=None, clock=h.Watch(), settings=h.settings())
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", ws="none")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
