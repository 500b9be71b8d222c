"""How much waits in the mail room, for the menu of every page, which stops counting early; and of whom in the queue."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.letters.letter import OutboxStatus
from cases.people.access import Viewer
from cases.store.views import ListFilter, ListKind
from storage.database.engine import Part
from storage.mail.outbox import in_states
from storage.mail.raw import QUARANTINED
from storage.queries.lists import held_by
from storage.tables.cases import cases
from storage.tables.mail import outbox, raw_messages
from storage.visibility import visible

_c = cases.c
_AMISS = (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN, OutboxStatus.BOUNCED)
_UNREAD = sa.select(sa.literal(1)).select_from(raw_messages).where(raw_messages.c.status == QUARANTINED)


class WaitingPart(Part):
    """What ``Pages`` counts of the mail room and of the queue."""

    def from_same_sender(self, case_ids: Sequence[str], viewer: Viewer) -> Mapping[str, int]:
        """Two questions, however many cases."""
        whose = sa.select(_c.id, _c.sender_key).where(_c.id.in_(case_ids), _c.sender_key != "", visible(viewer))
        keys = {row.id: row.sender_key for row in self.connection.execute(whose)}
        theirs = _c.sender_key.in_(sorted(set(keys.values())))
        held = sa.select(_c.sender_key, sa.func.count().label("letters")).where(
            theirs, held_by(ListKind.TO_ROUTE, viewer, ListFilter())
        )
        counts = {row.sender_key: row.letters for row in self.connection.execute(held.group_by(_c.sender_key))}
        return {case_id: counts.get(key, 0) for case_id, key in keys.items()}

    def stuck_letters(self, viewer: Viewer, most: int) -> int:
        """Letters out that failed, are uncertain, or bounced in a case not closed since, of cases one may read."""
        return self._up_to(_stuck(viewer), most)

    def unread_letters(self, most: int) -> int:
        """Letters in quarantine."""
        return self._up_to(_UNREAD, most)

    def _up_to(self, query: sa.Select[int], most: int) -> int:
        counted = sa.select(sa.func.count()).select_from(query.limit(most).subquery())
        return int(self.connection.execute(counted).scalar_one())


@lru_cache(maxsize=256)
def _stuck(viewer: Viewer) -> sa.Select[int]:
    over = sa.and_(outbox.c.status == OutboxStatus.BOUNCED, cases.c.status == CaseStatus.CLOSED).is_(sa.true())
    theirs = sa.or_(outbox.c.case_id.is_(None), visible(viewer))
    query = sa.select(sa.literal(1)).select_from(outbox.outerjoin(cases, cases.c.id == outbox.c.case_id))
    return query.where(in_states(_AMISS), sa.not_(over), theirs)
