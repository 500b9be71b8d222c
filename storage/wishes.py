"""Reminders that people ask for."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from cases.records.wishes import Wish
from storage.database.engine import Part
from storage.tables.wishes import wishes

_w = wishes.c
_FIELDS = tuple(Wish.__dataclass_fields__)
_ALL = sa.select(wishes).order_by(_w.day, _w.note_id)
_OF_CASE = _ALL.where(_w.case_id == sa.bindparam("its_case"))
_DUE = _ALL.where(_w.day <= sa.bindparam("until"))


class WishPart(Part):
    """The whole of ``Wishes``."""

    def add_wish(self, wish: Wish) -> None:
        """Keep it, in place of what the same note asked for before."""
        self.replace(wishes, ["note_id"], {name: getattr(wish, name) for name in _FIELDS})

    def wishes_of(self, case_id: str) -> Sequence[Wish]:
        """What is still to come in a case, the nearest day first."""
        return self._wishes(_OF_CASE, its_case=case_id)

    def wishes_due(self, until: date) -> Sequence[Wish]:
        """What of all cases is for this day or one before it, the oldest first."""
        return self._wishes(_DUE, until=until)

    def end_wish(self, case_id: str, note_id: str) -> bool:
        """Forget one; False where it was gone already."""
        which = (_w.case_id == case_id, _w.note_id == note_id)
        return bool(self.connection.execute(wishes.delete().where(*which)).rowcount)

    def _wishes(self, query: sa.Select[tuple[object, ...]], **asked: object) -> list[Wish]:
        rows = self.connection.execute(query, asked).mappings()
        return [Wish(**{name: row[name] for name in _FIELDS}) for row in rows]
