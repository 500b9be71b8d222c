"""What an alarm is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: ``key`` tells it from others, ``text`` what is seen, ``remedy`` what to do.

    It is told once, and once more whenever its ``degree`` rises. One to ``confirm`` is told when the next look finds it
    too: after a stop, or where an old letter comes anew, it may be over the moment it is seen.
    """

    key: str
    name: str
    text: str
    remedy: str
    degree: int = 0
    confirm: bool = False
