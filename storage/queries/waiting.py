"""How much waits in the mail room, for the menu of every page: it stops counting early."""

from functools import lru_cache

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.letters.letter import OutboxStatus
from cases.people.access import Viewer
from storage.database.engine import Part
from storage.mail.outbox import in_states
from storage.mail.raw import QUARANTINED
from storage.tables.cases import cases
from storage.tables.mail import outbox, raw_messages
from storage.visibility import visible

_AMISS = (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN, OutboxStatus.BOUNCED)
_UNREAD = sa.select(sa.literal(1)).select_from(raw_messages).where(raw_messages.c.status == QUARANTINED)


class WaitingPart(Part):
    """What ``Pages`` counts of the mail room."""

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
