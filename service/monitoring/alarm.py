"""What an alarm is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: ``key`` tells it from others, ``text`` what is seen, ``remedy`` what to do.

    It is told once, and once more whenever its ``degree`` rises. One to ``confirm`` is told when the next look finds it
    too: after a stop, or where an old letter comes anew, it may be over the moment it is seen. One is told of when it
    has lasted for ``patience``. While it is on, those whose keys begin with ``hides`` are a part of it, and not over.
    """

    key: str
    name: str
    text: str
    remedy: str
    degree: int = 0
    confirm: bool = False
    patience: timedelta = timedelta()
    hides: str = ""
