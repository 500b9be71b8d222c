"""Who is away, who stands in, what somebody has in hand; and the tags on cases."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from cases.alphabet import alphabetical
from cases.errors import NotFound
from cases.people.absence import Absence
from cases.people.access import User
from storage.database.engine import index_key
from storage.database.questions import KEYS, Question
from storage.people import PeoplePart
from storage.rows import Row
from storage.tables.absences import absences, case_hallmarks
from storage.tables.cases import cases, users

_a = absences.c
SUBSTITUTES = Question(
    sa.select(users.c.email_key, _a.substitute_id, _a.first_day, _a.last_day)
    .join(users, users.c.id == _a.user_id)
    .where(users.c.email_key.in_(KEYS)),
    {absences: None, users: None},
)
"""Who stands in for whoever has an address, and when."""
_HALLMARKS = sa.select(case_hallmarks.c.hallmark).where(case_hallmarks.c.case_id == sa.bindparam("its_case"))
_FIELDS = tuple(Absence.__dataclass_fields__)


class AbsencePart(PeoplePart):
    """The whole of ``Absences`` and ``Hallmarks``."""

    def add_absence(self, absence: Absence) -> None:
        """Keep it."""
        self.insert(absences, {name: getattr(absence, name) for name in _FIELDS})

    def absence(self, absence_id: str) -> Absence:
        """One of them. Raises NotFound."""
        row = self.connection.execute(sa.select(absences).where(_a.id == absence_id)).mappings().first()
        if row is None:
            raise NotFound("Frånvaron finns inte längre.")
        return _absence(row)

    def absences(self, since: date, user_id: str = "") -> Sequence[Absence]:
        """Those that end on that day or later, of one person or of all, the first to begin first."""
        query = sa.select(absences).where(_a.last_day >= since).order_by(_a.first_day, _a.id)
        if user_id:
            query = query.where(_a.user_id == user_id)
        return [_absence(row) for row in self.connection.execute(query).mappings()]

    def end_absence(self, absence_id: str, last_day: date) -> None:
        """Let it end on that day; one that then never began is forgotten."""
        mine = _a.id == absence_id
        self.connection.execute(absences.delete().where(mine, _a.first_day > last_day))
        self.connection.execute(absences.update().where(mine, _a.last_day > last_day).values(last_day=last_day))

    def substitutes(self, email: str, day: date) -> Sequence[User]:
        """The active people who stand in that day for whoever has this address (case-insensitive), by name."""
        # Nearly always nobody is away, and this is asked for every letter to staff.
        away = self.ask(SUBSTITUTES, index_key(email))
        named = [row.substitute_id for row in away if row.first_day <= day <= row.last_day]
        return [user for user in self.users_where(users.c.id.in_(named)) if user.works_on(day)] if named else []

    def in_hand(self, user_id: str) -> Sequence[str]:
        """Ids of the cases that a person has in hand and that have not ended, the oldest first."""
        return self._case_ids(sa.and_(cases.c.assignee_id == user_id, cases.c.open)) if user_id else []

    def count_in_hand(self, user_ids: Sequence[str]) -> Mapping[str, int]:
        """How many such cases each of these has; who has none is left out."""
        query = sa.select(cases.c.assignee_id, sa.func.count()).where(cases.c.assignee_id.in_(KEYS), cases.c.open)
        rows = self.connection.execute(query.group_by(cases.c.assignee_id), {"keys": user_ids})
        return {str(user_id): int(count) for user_id, count in rows}

    def of_unit(self, unit_id: str) -> Sequence[str]:
        """Ids of every case of a unit, ended or not, the oldest first."""
        return self._case_ids(cases.c.unit_id == unit_id) if unit_id else []

    def _case_ids(self, which: sa.ColumnElement[bool]) -> list[str]:
        query = sa.select(cases.c.id).where(which).order_by(cases.c.received_at, cases.c.id)
        return list(self.connection.execute(query).scalars())

    def hallmarks(self, case_id: str) -> Sequence[str]:
        """The tags of a case, in alphabetical order."""
        return sorted(self.connection.execute(_HALLMARKS, {"its_case": case_id}).scalars(), key=alphabetical)

    def set_hallmarks(self, case_id: str, names: Sequence[str]) -> None:
        """Give a case these tags and no others."""
        self.connection.execute(case_hallmarks.delete().where(case_hallmarks.c.case_id == case_id))
        for name in dict.fromkeys(names):
            self.insert(case_hallmarks, {"case_id": case_id, "hallmark": name})


def _absence(row: Row) -> Absence:
    return Absence(**{name: row[name] for name in _FIELDS})
