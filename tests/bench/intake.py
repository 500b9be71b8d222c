"""How long a letter takes to become a case while the real classifier works: ``python -m tests.bench.intake``.

Reading and suggesting are threads of one process, as in the daemon; milliseconds, beside the same with the classifier
at rest.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from service.demo.letters import sample_letters
from service.late import load_classifier
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.steps.house import UNLIMITED, SmallHouse, mail

_PAUSE = 0.1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=500, help="that wait for the classifier")
    parser.add_argument("--probes", type=int, default=40, help="that are taken in at rest, and at least meanwhile")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'intake.sqlite'}"
        migrate.upgrade(url)
        with closing(SqlStore(url, analyser=analyse)) as store:
            _measure(SmallHouse(store, office_changes=UNLIMITED), asked.letters, asked.probes)


def _measure(house: SmallHouse, letters: int, probes: int) -> None:
    model = load_classifier(Path("classifier/model"))
    ours = [letter.raw for letter in sample_letters()]
    for n in range(letters):
        house.post(ours[n % len(ours)].replace(b"Message-ID: <", b"Message-ID: <%d." % n))
    while house.stages.read(house.now, limit=200):
        pass
    resting = [_take_in(house, n) for n in range(probes)]
    stages = replace(house.stages, classifier=lambda: model)
    worker = threading.Thread(target=partial(_suggest_all, stages.suggest, house))
    began = time.monotonic()
    worker.start()
    busy: list[float] = []
    # Those taken in meanwhile ask for a suggestion too, so that there is an end to it.
    while worker.is_alive() and len(busy) < letters:
        busy.append(_take_in(house, probes + len(busy)))
    worker.join()
    _say("at rest", resting)
    _say(f"beside the classifier ({letters} letters in {time.monotonic() - began:.0f} s)", busy)


def _suggest_all(suggest: object, house: SmallHouse) -> None:
    assert callable(suggest)
    while suggest(house.now):
        pass


def _take_in(house: SmallHouse, number: int) -> float:
    """Milliseconds from mailbox to case."""
    threading.Event().wait(_PAUSE)
    began = time.monotonic()
    house.post(
        mail(f"Prov {number}: lampan lyser inte.", subject=f"Prov {number}", message_id=f"<prov{number}@x.example>")
    )
    house.stages.read(house.now)
    return 1000 * (time.monotonic() - began)


def _say(what: str, times: Sequence[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    sys.stdout.write(f"{what}: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, longest {max(times):.0f} ms\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
