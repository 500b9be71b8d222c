"""The letters' texts in force in this installation, read from the database every few seconds, without a restart."""

import logging
import threading
from collections.abc import Callable

from cases.letters.texts import LetterWorkshop, Standing, standing
from cases.ports import Store

LOG = logging.getLogger("lyhord.letters")
# Soon enough for whoever has just approved a text, and seldom enough for a thousand letters in a row.
_SECONDS = 2.0


class LiveTexts:
    """Tells what the desk has put in force: the same object until that changes, safe from several threads.

    ``workshop`` is given once the renderer it builds on exists. A database that does not answer leaves the last known.
    """

    def __init__(self, store: Store, monotonic: Callable[[], float], seconds: float = _SECONDS) -> None:
        self._store = store
        self._monotonic = monotonic
        self._seconds = seconds
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._stamp = -1
        self._standing = Standing()
        self.workshop: LetterWorkshop | None = None

    def __call__(self) -> Standing:
        """What is in force."""
        with self._lock:
            if self.workshop is not None and self._monotonic() - self._asked >= self._seconds:
                self._look(self.workshop)
                self._asked = self._monotonic()
            return self._standing

    def _look(self, workshop: LetterWorkshop) -> None:
        try:
            with self._store.read() as tx:
                stamp = tx.texts_stamp()
                latest = tx.texts_standing() if stamp != self._stamp else ()
        except Exception as failure:  # noqa: BLE001 - a letter must not fail for want of news about its text
            LOG.error("letters' texts not read: %s", type(failure).__name__)  # noqa: TRY400 - the message may quote
            return
        if stamp != self._stamp:
            self._stamp, self._standing = stamp, standing(latest, workshop)
