"""The cases of one person, by address and name, among those the viewer may read."""

from collections.abc import Sequence

import sqlalchemy as sa

from cases.errors import NotAllowed
from cases.people.access import Viewer
from cases.records.registered import Person
from cases.store.views import CaseLine
from storage.database.engine import index_key, mailbox_key
from storage.queries.case_lines import CASE_LINES
from storage.queries.pages import PagePart
from storage.tables.cases import cases
from storage.tables.mail import ASKED, messages, outbox
from storage.visibility import visible

_Yes = sa.ColumnElement[bool]


class PersonalPart(PagePart):
    """The whole of ``PersonalData``."""

    def cases_of(self, person: Person, viewer: Viewer, limit: int = 1000) -> Sequence[CaseLine]:
        """Cases whose sender, or the sender of a letter in them, has this address or name; the newest first.

        By the address also those in which the person was copied in on an answer, or asked from outside.
        """
        which = [one for one in (self._by_address(person.email), _by_name(person.name)) if one is not None]
        if not which:
            return []
        query = CASE_LINES.where(sa.or_(*which), visible(viewer), cases.c.disposed_at.is_(None))
        found = self.lines_of(query.order_by(cases.c.received_at.desc(), cases.c.id).limit(limit + 1))
        if len(found) > limit:
            raise NotAllowed(f"Fler än {limit} ärenden passar. Skriv personens hela namn, eller adressen.")
        return found

    def _by_address(self, email: str) -> _Yes | None:
        key = index_key(email)
        if not key:
            return None
        from_it = _folded(messages.c.from_addr, key) == key
        wrote = sa.exists().where(messages.c.case_id == cases.c.id, from_it)
        # A mailbox has several addresses, and this one is asked for; older letters have the whole of it as their key.
        to_it = sa.and_(outbox.c.recipient_key.in_({key, mailbox_key(email)}), _folded(outbox.c.recipient, key) == key)
        theirs = sa.and_(to_it, sa.or_(outbox.c.copy_of != "", ASKED))
        written_to = sa.exists().where(outbox.c.case_id == cases.c.id, theirs)
        # sender_key is left empty for the anonymous, whose address is kept all the same.
        return sa.or_(cases.c.sender_key == key, _folded(cases.c.sender_email, key) == key, wrote, written_to)


def _by_name(name: str) -> _Yes | None:
    """Every part of the name, however it is written."""
    parts = name.lower().split()
    column = cases.c.sender_name
    return sa.and_(*(_folded(column, one).contains(one, autoescape=True) for one in parts)) if parts else None


def _folded(column: sa.ColumnElement[str], key: str) -> sa.ColumnElement[str]:
    """The column in lower case as far as the key can tell: databases fold no case beyond ASCII for sure."""
    for sign in sorted(one for one in set(key) if not one.isascii()):
        column = sa.func.replace(column, sign.upper(), sign)
    return sa.func.lower(column)
