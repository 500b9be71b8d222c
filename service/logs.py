"""The log's form: a line for people, or JSON for a log system. Neither tells what an unexpected error quotes."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextLines(logging.Formatter):
    """A line for people: time, logger, level, message; of an error where it came from and its kind, not its text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(name)s %(levelname)s %(message)s")

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is logging's
        """The places in our code, without the words of the error: they may quote a letter."""
        kind, _, place = ei
        return "".join([*traceback.format_tb(place), kind.__name__ if kind else ""])


class JsonLines(logging.Formatter):
    """One JSON object a line: time (ISO 8601, UTC), level, logger, message; of an error its kind but not its text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. A traceback's text may quote a letter, so only the error's kind and place are told."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        kind = record.exc_info[0] if record.exc_info else None
        if kind is not None:
            told |= {"error": kind.__name__, "place": f"{record.module}:{record.lineno}"}
        return json.dumps(told, ensure_ascii=False)


class Seldom:
    """What fails over and over is told at once, and then as long as it does once in a while: a log must not drown."""

    def __init__(self, seconds: float = 300.0) -> None:
        self._seconds = seconds
        self._told: dict[str, tuple[str, float]] = {}

    def tells(self, what: str, error: str, now: float) -> bool:
        """Whether it is told that ``what`` failed with this ``error``, at ``now`` in seconds of any clock.

        An empty error is that it went well: what comes after is told again.
        """
        before, at = self._told.get(what, ("", 0.0))
        if error == before and (not error or now - at < self._seconds):
            return False
        self._told[what] = (error, now)
        return bool(error)


def use(form: str) -> None:
    """Let every handler of the process write in this form, ``text`` or ``json``."""
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
