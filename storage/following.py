"""Who follows which case."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from cases.journal import EventKind
from cases.records.following import Follower
from storage.database.engine import Part
from storage.tables.cases import journal
from storage.tables.following import followers

_f = followers.c


class FollowingPart(Part):
    """The whole of ``Following``."""

    def follow(self, case_id: str, user_id: str, at: datetime) -> None:
        """Keep that they do from now on."""
        row = {"case_id": case_id, "user_id": user_id, "seen_until": at}
        self.insert_new(followers, row, ["case_id", "user_id"])

    def unfollow(self, case_id: str, user_id: str) -> None:
        """Forget it."""
        self.connection.execute(followers.delete().where(*_one(case_id, user_id)))

    def follows(self, case_id: str, user_id: str) -> bool:
        """Whether they do."""
        return self.connection.execute(sa.select(_f.user_id).where(*_one(case_id, user_id))).first() is not None

    def followers_to_tell(self, kinds: Collection[EventKind], until: datetime, today: date) -> Sequence[Follower]:
        """In the order of the cases' ids."""
        j = journal.c
        news = sa.exists().where(
            j.case_id == _f.case_id,
            j.kind.in_(sorted(kinds)),
            j.at > _f.seen_until,
            j.at <= until,
            j.actor != _f.user_id,
        )
        query = sa.select(_f.case_id, _f.user_id, _f.seen_until).where(
            sa.or_(_f.told_on.is_(None), _f.told_on < today), news
        )
        rows = self.connection.execute(query.order_by(_f.case_id, _f.user_id)).mappings()
        return [Follower(**row) for row in rows]

    def note_told(self, follower: Follower, until: datetime, today: date) -> bool:
        """Of two at once one waits, and then finds it done."""
        which = (*_one(follower.case_id, follower.user_id), _f.seen_until == follower.seen_until)
        told = followers.update().where(*which).values(seen_until=until, told_on=today)
        return self.connection.execute(told).rowcount == 1


def _one(case_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _f.case_id == case_id, _f.user_id == user_id
