"""What search can find: one document for each letter, journal line, correspondent and set of numbers of a case."""

from collections.abc import Sequence

import sqlalchemy as sa

from cases.case import Case
from cases.inbound.messages import InboundMessage
from cases.routing.flags import Effect, effects
from storage.database.engine import Part
from storage.tables.cases import search_docs
from storage.tables.columns import storable

LETTER = "letter"
JOURNAL = "journal"
PARTY = "party"
NUMBER = "number"
# A letter longer than this is found by its beginning; PostgreSQL refuses a tsvector above one megabyte.
_MAX_PLAIN = 100_000
_MAX_TERMS = 400_000
_MAX_TERM = 100


class DocumentsPart(Part):
    """Keeps the search documents of a case."""

    def index_message(self, case_id: str, message_row_id: str, message: InboundMessage, *, fresh: bool = False) -> None:
        """A letter in: subject, what was written or passed on, names of files; a quoted thread has its own letters."""
        files = " ".join(attachment.name for attachment in message.attachments)
        parts = (message.subject, message.message or message.text, message.forwarded_text, files)
        text = "\n".join(part for part in parts if part)
        self.index(case_id, LETTER, message_row_id, text, fresh=fresh)

    def index_case(self, case: Case, earlier: Sequence[str] = (), *, fresh: bool = False) -> None:
        """Correspondent, subject for the register, and numbers, ``earlier`` ones too."""
        self.index(case.id, PARTY, case.id, party_text(case), fresh=fresh)
        parts = (case.number, case.registry_number, case.register_subject, *earlier)
        numbers = "\n".join(part for part in parts if part)
        self.index(case.id, NUMBER, case.id, numbers, fresh=fresh)

    def index(self, case_id: str, kind: str, source_id: str, text: str, *, fresh: bool = False) -> None:
        """Write a document, or write it anew; ``fresh`` where its source was made in this transaction."""
        plain = storable(text[:_MAX_PLAIN])
        if not fresh and self._indexed(kind, source_id) == plain:
            return
        row = {"case_id": case_id, "kind": kind, "source_id": source_id, "plain": plain, "terms": self._terms(plain)}
        if fresh:
            self.insert_later(search_docs, row)
        else:
            self.replace(search_docs, ["source_id", "kind"], row)

    def _indexed(self, kind: str, source_id: str) -> str | None:
        query = sa.select(search_docs.c.plain).where(search_docs.c.source_id == source_id, search_docs.c.kind == kind)
        return self.connection.execute(query).scalar()

    def _terms(self, plain: str) -> str:
        return " ".join(term[:_MAX_TERM] for term in self.analyser(plain))[:_MAX_TERMS]


def party_text(case: Case) -> str:
    """The correspondent as search finds them."""
    sender = case.sender
    # The address of somebody with protected identity is shown in one place only, and no list of hits is that place.
    hidden = Effect.NO_MAIL in effects(case.flags)
    parts = (sender.name, sender.email) if hidden else (sender.name, sender.email, sender.phone, sender.address)
    return "\n".join(part for part in parts if part)
