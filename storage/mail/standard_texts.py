"""Standard texts for answers."""

from collections.abc import Sequence

import sqlalchemy as sa

from cases.alphabet import alphabetical
from cases.letters.standard_texts import StandardText
from storage.database.engine import Part
from storage.tables.standard_texts import standard_texts

_FIELDS = tuple(StandardText.__dataclass_fields__)


class StandardTextPart(Part):
    """The whole of ``StandardTexts``."""

    def standard_texts(self) -> Sequence[StandardText]:
        """All of them, by name."""
        rows = self.connection.execute(sa.select(standard_texts)).mappings()
        found = (StandardText(**{name: row[name] for name in _FIELDS}) for row in rows)
        return sorted(found, key=lambda one: (alphabetical(one.name), one.id))

    def save_standard_text(self, text: StandardText) -> None:
        """Keep it, in place of what its id had before."""
        self.replace(standard_texts, ["id"], {name: getattr(text, name) for name in _FIELDS})

    def erase_standard_text(self, text_id: str) -> None:
        """Forget it."""
        self.connection.execute(standard_texts.delete().where(standard_texts.c.id == text_id))
