"""What is asked of the store about the mails that tell registrators of new cases, and those held back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.case import Case
from cases.people.access import Viewer


class Notices(Protocol):
    """Notices of cases to route: how many went to whom, and which wait to be told of together."""

    def notices_reach(self, many: int, address: str, since: datetime) -> bool:
        """Whether so many mails about a case to route were queued to this address of the staff since then, or more."""

    def earlier_from(self, case: Case, since: datetime) -> int:
        """How many cases the address of the case's sender opened from then until this one; 0 where it has none."""

    def hold_notice(self, case_id: str, address: str, at: datetime) -> None:
        """Keep that whoever has this address is still to be told of the case."""

    def notices_held_before(self, until: datetime) -> Sequence[str]:
        """The addresses that have waited since then, or longer, to be told of a case."""

    def take_held_notices(self, address: str) -> Sequence[str]:
        """The ids of the cases this address is to be told of, the first held first; from now on it has been told.

        Of two that ask at once one gets none.
        """

    def notices_held(self, viewer: Viewer) -> int:
        """How many cases to route that the viewer may read somebody is still to be told of."""
