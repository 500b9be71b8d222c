"""The model that suggests now: when another becomes champion, the next letter is read by it, without a restart."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cases.errors import ModelError
from cases.routing.suggestion import Classifier, Suggestion
from classifier.local.shelf import Shelf

LOG = logging.getLogger("lyhord.model")
_Stamp = tuple[int, int]
# A damaged model is read wholly before it is known as that: not every other second.
_REST_SECONDS = 60.0


class LiveModel:
    """`cases.routing.suggestion.Classifier`: the shelf's champion, else the shipped model; safe from several threads.

    ``shelf`` is None where nothing is learnt locally. ``shipped`` and ``local`` load a model; ``base`` names the
    shipped one, on which a champion must build.
    """

    def __init__(
        self,
        shelf: Shelf | None,
        *,
        shipped: Callable[[], Classifier],
        local: Callable[[Path], Classifier],
        base: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._shipped = shipped
        self._local = local
        self._base = base
        self._lock = threading.Lock()
        self._loaded: tuple[_Stamp, Classifier] | None = None
        self._monotonic = monotonic
        self._refused: tuple[_Stamp, float, str] | None = None

    def opened(self) -> Classifier:
        """This model, loaded. Raises ModelError where there is none."""
        self.current()
        return self

    def current(self) -> Classifier:
        """The model of this moment; a look at the disk tells whether it is still the same."""
        stamp = self._shelf.stamp() if self._shelf else (0, 0)
        found = self._loaded
        if found is not None and found[0] == stamp:
            return found[1]
        with self._lock:
            if self._loaded is None or self._loaded[0] != stamp:
                self._loaded = (stamp, self._tried(stamp))
            return self._loaded[1]

    def _tried(self, stamp: _Stamp) -> Classifier:
        """The model, unless it could not be loaded a moment ago. Raises ModelError."""
        now = self._monotonic()
        if self._refused is not None and self._refused[0] == stamp and now < self._refused[1]:
            raise ModelError(self._refused[2])
        try:
            return self._load()
        except ModelError as error:
            self._refused = (stamp, now + _REST_SECONDS, str(error))
            raise

    def _load(self) -> Classifier:
        name = champion_name(self._shelf, self._base) if self._shelf else ""
        if self._shelf and name:
            try:
                return self._local(self._shelf.path(name))
            except Exception as error:  # noqa: BLE001 - damaged files are told of by whichever library reads them
                LOG.error("champion %s cannot be used (%s), so the shipped model suggests", name, type(error).__name__)  # noqa: TRY400 - a traceback may quote
        return self._shipped()

    @property
    def version(self) -> str:
        return self.current().version

    def suggest(self, subject: str, body: str) -> Suggestion:
        """The suggestion for one letter."""
        return self.current().suggest(subject, body)

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        """The suggestions for several letters, all by one model."""
        return self.current().suggest_many(letters)


def champion_name(shelf: Shelf, base: Callable[[], str]) -> str:
    """The champion that may suggest: kept, and made for the shipped model of today; empty for the shipped one."""
    name = shelf.standing().name
    record = shelf.record(name)
    return name if record is not None and record.base == base() else ""
