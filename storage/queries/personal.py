"""The cases of one person, by address and name, among those the viewer may read."""

from collections.abc import Sequence

import sqlalchemy as sa

from cases.errors import NotAllowed
from cases.people.access import Viewer
from cases.records.registered import Person
from cases.store.views import CaseLine
from storage.database.engine import index_key
from storage.queries.pages import CASE_LINES, PagePart
from storage.tables.cases import cases
from storage.tables.mail import messages
from storage.visibility import visible


class PersonalPart(PagePart):
    """The whole of ``PersonalData``."""

    def cases_of(self, person: Person, viewer: Viewer, limit: int = 1000) -> Sequence[CaseLine]:
        """Cases whose sender, or the sender of a letter in them, has this address or name; the newest first."""
        which = [one for one in (self._by_address(person.email), _by_name(person.name)) if one is not None]
        if not which:
            return []
        query = CASE_LINES.where(sa.or_(*which), visible(viewer), cases.c.disposed_at.is_(None))
        found = self.lines_of(query.order_by(cases.c.received_at.desc(), cases.c.id).limit(limit + 1))
        if len(found) > limit:
            raise NotAllowed(f"Fler än {limit} ärenden passar. Skriv personens hela namn, eller adressen.")
        return found

    def _by_address(self, email: str) -> sa.ColumnElement[bool] | None:
        key = index_key(email)
        if not key:
            return None
        wrote = sa.exists().where(messages.c.case_id == cases.c.id, sa.func.lower(messages.c.from_addr) == key)
        # sender_key is left empty for the anonymous, whose address is kept all the same.
        return sa.or_(cases.c.sender_key == key, sa.func.lower(cases.c.sender_email) == key, wrote)


def _by_name(name: str) -> sa.ColumnElement[bool] | None:
    """Every part of the name, as it is written or in capitals: SQLite folds no case beyond ASCII."""
    parts = name.split()
    if not parts:
        return None
    column = cases.c.sender_name
    return sa.and_(
        *(
            sa.or_(
                *(column.icontains(form, autoescape=True) for form in {part, part.lower(), part.upper(), part.title()})
            )
            for part in parts
        )
    )
