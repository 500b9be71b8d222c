"""The history of the letters' texts: every draft, approval and step back, none ever changed."""

from collections.abc import Sequence

import sqlalchemy as sa

from cases.letters.letter import LetterKind
from cases.letters.texts import LetterSource, TextAct, TextEvent
from storage.database.engine import Part
from storage.rows import Row
from storage.tables.letter_texts import letter_texts

_t = letter_texts.c


class LetterTextPart(Part):
    """The whole of ``LetterTexts``."""

    def add_text_event(self, event: TextEvent) -> None:
        """Append to the history."""
        plain = {name: getattr(event, name) for name in _PLAIN}
        source = event.source or LetterSource("", "", "")
        words = {"subject": source.subject, "text": source.text, "html": source.html}
        self.insert(letter_texts, plain | words | {"own": event.source is not None})

    def text_events(self, kind: LetterKind, language: str) -> Sequence[TextEvent]:
        """The whole history of one text, newest first."""
        return self._events(sa.and_(_t.kind == kind, _t.language == language))

    def texts_standing(self) -> Sequence[TextEvent]:
        """The latest approval or withdrawal of each text."""
        counts = sa.select(sa.func.max(_t.seq)).where(_t.act != TextAct.SAVED).group_by(_t.kind, _t.language)
        return self._events(_t.seq.in_(counts))

    def texts_stamp(self) -> int:
        """Grows with every line of any history."""
        return int(self.connection.execute(sa.select(sa.func.max(_t.seq))).scalar() or 0)

    def _events(self, which: sa.ColumnElement[bool]) -> list[TextEvent]:
        query = sa.select(letter_texts).where(which).order_by(_t.seq.desc())
        known = set(LetterKind)
        rows = self.connection.execute(query).mappings()
        # A letter of a later version, or one that is no more, is nobody's business here.
        return [_event(row) for row in rows if row["kind"] in known]


_PLAIN = ("id", "kind", "language", "at", "by", "act", "digest")


def _event(row: Row) -> TextEvent:
    source = LetterSource(row["subject"], row["text"], row["html"]) if row["own"] else None
    plain = {name: row[name] for name in _PLAIN}
    return TextEvent(**plain | {"kind": LetterKind(row["kind"]), "act": TextAct(row["act"])}, source=source)
