"""Who has been told of cases to route, and who is still to be."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.case import WAITING, Case
from cases.people.access import Viewer
from storage.database.engine import Part, mailbox_key
from storage.mail.questions import FROM_SENDER, NOTICES
from storage.rows import sender_key
from storage.tables.cases import cases
from storage.tables.notices import held_notices
from storage.visibility import visible

_h = held_notices.c


class NoticePart(Part):
    """The whole of ``Notices``."""

    def notices_reach(self, many: int, address: str, since: datetime) -> bool:
        """Stopped ones do not count; they are looked at one by one only where there are enough in all."""
        told = self.ask(NOTICES, mailbox_key(address), since)
        return len(told) >= many and sum(at >= since for _, at in told) >= many

    def earlier_from(self, case: Case, since: datetime) -> int:
        """Those of one moment are told apart by their numbers."""
        if not (key := sender_key(case)):
            return 0
        came = (case.received_at, case.number)
        return sum(since <= at and (at, number) < came for _, at, number in self.ask(FROM_SENDER, key, since))

    def hold_notice(self, case_id: str, address: str, at: datetime) -> None:
        """Once for each case and address."""
        self.insert_later(held_notices, {"case_id": case_id, "address": address, "at": at}, once=("case_id", "address"))

    def notices_held_before(self, until: datetime) -> Sequence[str]:
        """In the order of the alphabet."""
        waits = sa.select(_h.address).where(_h.at <= until).distinct().order_by(_h.address)
        return list(self.after(held_notices).execute(waits).scalars())

    def take_held_notices(self, address: str) -> Sequence[str]:
        """Removed and read in one statement, so that two daemons never tell of the same."""
        taken = held_notices.delete().where(_h.address == address).returning(_h.at, _h.case_id)
        return [case_id for _, case_id in sorted(map(tuple, self.after(held_notices).execute(taken)))]

    def notices_held(self, viewer: Viewer) -> int:
        """Each case counts once."""
        held = sa.select(_h.case_id).join(cases, cases.c.id == _h.case_id).distinct()
        held = held.where(visible(viewer), cases.c.status.in_(sorted(WAITING)))
        count = sa.select(sa.func.count()).select_from(held.subquery())
        return int(self.after(held_notices, cases).execute(count).scalar_one())
