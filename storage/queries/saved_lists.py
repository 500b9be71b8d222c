"""Lists of one's own."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from cases.alphabet import alphabetical
from cases.people.saved_lists import SavedList
from storage.database.engine import Part
from storage.tables.saved_lists import saved_lists

_l = saved_lists.c
_FIELDS = tuple(SavedList.__dataclass_fields__)
_THEIRS = sa.select(saved_lists).where(
    sa.or_(_l.owner_id == sa.bindparam("owner"), _l.unit_id.in_(sa.bindparam("units", expanding=True)))
)


class SavedListPart(Part):
    """The whole of ``SavedLists``."""

    def saved_lists(self, owner_id: str, unit_ids: Collection[str]) -> Sequence[SavedList]:
        """A person's own and those of these units, by name."""
        # A list of nobody's unit has an empty id, which must not be found by who works in none.
        units = sorted(one for one in unit_ids if one)
        rows = self.connection.execute(_THEIRS, {"owner": owner_id, "units": units}).mappings()
        found = (SavedList(**{name: row[name] for name in _FIELDS}) for row in rows)
        return sorted(found, key=lambda one: (alphabetical(one.name), one.id))

    def save_list(self, saved: SavedList) -> None:
        """Keep it, in place of what its id had before."""
        self.replace(saved_lists, ["id"], {name: getattr(saved, name) for name in _FIELDS})

    def erase_list(self, list_id: str) -> None:
        """Forget it."""
        self.connection.execute(saved_lists.delete().where(_l.id == list_id))
