"""The store: one transaction per ``with``, on SQLite or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from cases.errors import StaleVersion
from cases.ports import Analyser, Tx
from storage.api import ApiPart
from storage.database.engine import open_engine, reading, writing
from storage.faults import met_another
from storage.mail.drafts import DraftPart
from storage.mail.letter_texts import LetterTextPart
from storage.mail.raw import RawPart
from storage.mail.standard_texts import StandardTextPart
from storage.notices import NoticePart
from storage.queries.diary import DiaryPart
from storage.queries.foresight import ForesightPart
from storage.queries.learning import LearningPart
from storage.queries.personal import PersonalPart
from storage.queries.planned import PlannedPart
from storage.queries.public import PublicPart
from storage.queries.reports import ReportPart
from storage.queries.saved_lists import SavedListPart
from storage.queries.search import SearchPart
from storage.queries.waiting import WaitingPart
from storage.readings import ReadingPart
from storage.retention import RetentionPart

_MET = "Någon annan ändrade samma sak i samma stund. Inget är ändrat: försök igen."


class SqlTx(
    SearchPart,
    ForesightPart,
    RawPart,
    ReadingPart,
    PlannedPart,
    ReportPart,
    LearningPart,
    DraftPart,
    RetentionPart,
    LetterTextPart,
    StandardTextPart,
    SavedListPart,
    PersonalPart,
    WaitingPart,
    PublicPart,
    DiaryPart,
    NoticePart,
    ApiPart,
):
    """One transaction: ``cases.ports.Tx`` in SQL."""


class SqlStore:
    """``cases.ports.Store`` over a database that ``storage.migrate.upgrade`` has prepared.

    ``url`` is ``sqlite:///path`` or ``postgresql://user@host/name``. It may be used from several threads, each with
    its own transaction. ``engine`` is for what watches the database itself, not cases.
    """

    def __init__(self, url: str, *, analyser: Analyser) -> None:
        self.engine = open_engine(url)
        self._analyser = analyser

    @contextmanager
    def begin(self, *, redoable: bool = False) -> Iterator[Tx]:
        """A write transaction: commits at the end, rolls back where an exception leaves it.

        ``redoable``: the next commit that is not takes this one to the disk with it (``cases.ports.Store``). Raises
        StaleVersion where it and another waited for each other and the database let this one go.
        """
        try:
            with writing(self.engine, redoable=redoable) as connection:
                tx = SqlTx(connection, self._analyser)
                yield tx
                tx.flush()
        except sa.exc.DBAPIError as error:
            if met_another(error):
                raise StaleVersion(_MET) from error
            raise

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read-only transaction, which sees one moment of the database."""
        with reading(self.engine) as connection:
            tx = SqlTx(connection, self._analyser)
            yield tx
            # Nothing may wait here: the database says so where something does.
            tx.flush()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
