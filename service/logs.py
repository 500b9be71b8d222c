"""The log's form: a line for people, or JSON for a log system. Neither tells what an unexpected error quotes."""

import json
import logging
from datetime import UTC, datetime


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


def use(form: str) -> None:
    """Let every handler of the process write in this form, ``text`` or ``json``."""
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
