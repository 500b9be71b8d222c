"""Who follows a case that somebody else has, and how much of it they have been told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cases.journal import EventKind


@dataclass(frozen=True, slots=True)
class Follower:
    """That ``user_id`` follows a case; what the journal says after ``seen_until`` they have not been told of."""

    case_id: str
    user_id: str
    seen_until: datetime


class Following(Protocol):
    """Who follows what, in the store."""

    def follow(self, case_id: str, user_id: str, at: datetime) -> None:
        """Keep that they do from now on; who does already goes on as before."""

    def unfollow(self, case_id: str, user_id: str) -> None:
        """Forget it."""

    def follows(self, case_id: str, user_id: str) -> bool:
        """Whether they do."""

    def followers_to_tell(self, kinds: Collection[EventKind], until: datetime, today: date) -> Sequence[Follower]:
        """Those who were told nothing today, in whose case somebody else did one of these things by then."""

    def note_told(self, follower: Follower, until: datetime, today: date) -> bool:
        """Remember that they were told of all until then; False, on whatever machine, where somebody had done so."""
