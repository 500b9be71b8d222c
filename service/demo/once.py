"""``lyhord demo --once``: everything runs until all is quiet, with a scripted registrator, and is counted."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from cases.errors import LyhordError
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM
from service.demo.clerk import Clerk
from service.demo.installation import Installation
from service.demo.letters import sample_letters
from service.demo.people import PASSWORD, PEOPLE
from service.demo.posting import PostingReport, post_letters
from service.demo.scoring import Score, score
from service.processes.daemon import Rhythm

_LONGEST = 300.0
_PAUSE = 0.2
_QUIET_LOOKS = 3


def run_once(folder: Path) -> Score:
    """Post all letters, confirm what is suggested, wait until nothing is left to do, and count.

    Raises LyhordError where it is not quiet within five minutes.
    """
    began = time.monotonic()
    letters = sample_letters()
    with Installation(folder, rhythm=Rhythm(work=0.2, sweep=5)) as house:
        clerk = Clerk(house.url)
        clerk.log_in(PEOPLE[0].email, PASSWORD)
        posting = _Posting(
            house, lambda: post_letters(house.post, letters, number_pattern=house.house.settings.numbering.case)
        )
        confirmed = _until_quiet(house, clerk, posting, began)
        if clerk.refused:
            raise LyhordError(f"Skrivbordet vägrade: {', '.join(clerk.refused[:5])}")
        return score(
            house.house.store,
            letters,
            posting.report(),
            house.post.boxes(),
            confirmed=confirmed,
            seconds=time.monotonic() - began,
        )


class _Posting:
    """Posting in a thread of its own, since some letters wait for the receipts of others."""

    def __init__(self, house: Installation, post: Callable[[], PostingReport]) -> None:
        self._house = house
        self._done: list[PostingReport] = []
        self._thread = threading.Thread(target=lambda: self._done.append(post()), name="posting", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        return not self._thread.is_alive()

    def report(self) -> PostingReport:
        self._thread.join(timeout=_LONGEST)
        if not self._done:
            raise LyhordError("Proverna kunde inte skickas in.")
        return self._done[0]


def _until_quiet(house: Installation, clerk: Clerk, posting: _Posting, began: float) -> int:
    """Confirm until the posting is over and several looks in a row find nothing waiting anywhere."""
    confirmed = quiet = 0
    wait = threading.Event()
    while quiet < _QUIET_LOOKS:
        if time.monotonic() - began > _LONGEST:
            raise LyhordError("Det blev inte lugnt inom fem minuter.")
        newly = clerk.confirm_all()
        confirmed += newly
        still = posting.finished and not newly and not _busy(house)
        quiet = quiet + 1 if still else 0
        wait.wait(_PAUSE)
    return confirmed


def _busy(house: Installation) -> bool:
    now = house.house.clock()
    with house.house.store.read() as tx:
        states = [OutboxStatus.QUEUED, OutboxStatus.INFLIGHT, OutboxStatus.AWAITING_RETRY]
        waiting = [one.entry for one in tx.entries(states, SYSTEM, limit=500)]
        left = len(tx.raw_to_read(1, now)) + len(tx.messages_to_suggest(1))
        left += tx.state_counts().get("documents.waiting", 0)
    due = [entry for entry in waiting if entry.not_before <= now]
    return bool(left or due or house.unfetched())
