"""What a diary's keeper sees of the cases in it that are another authority's to read (R18)."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from cases.people.access import Viewer
from cases.store.views import DiaryEntry
from storage.database.engine import Part
from storage.queries.lists import newest_first, received_in
from storage.tables.cases import cases
from storage.visibility import entered

_c = cases.c
_ENTRIES = sa.select(_c.registry_number, _c.received_at, _c.authority_id).order_by(*newest_first())


class DiaryPart(Part):
    """What ``Pages`` tells of other authorities' cases in a diary."""

    def diary_entries(self, viewer: Viewer, since: date | None, until: date | None, most: int) -> Sequence[DiaryEntry]:
        """No more than the number, the day and whose it is leaves the database."""
        if not viewer.entered_authorities:
            return []
        query = _ENTRIES.where(entered(viewer), *received_in(since, until)).limit(most)
        return [DiaryEntry(*row) for row in self.connection.execute(query)]
