"""What the rules need of their neighbours, as Protocols: the store, the renderer, the clock, ids."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from cases.api import Outside
from cases.case import Case
from cases.compilations.reporting import Reports
from cases.journal import CaseEvent
from cases.letters.drafts import Drafts
from cases.letters.letter import Letter, LetterContext, LetterKind, OutboxEntry
from cases.letters.outgoing import Outbox
from cases.letters.papers import Papers
from cases.letters.standard_texts import StandardTexts
from cases.letters.texts import LetterTexts
from cases.people.absence import Absences, Hallmarks
from cases.people.access import AddedReader, Viewer
from cases.people.accounts import People
from cases.people.saved_lists import SavedLists
from cases.records.appeals import Refusals
from cases.records.following import Following
from cases.records.personal_data import PersonalData
from cases.records.retention import Retention
from cases.records.whistle import Told
from cases.records.wishes import Wishes
from cases.routing.decisions import RoutingDecision
from cases.routing.learning import Learning
from cases.routing.suggestion import Suggestion
from cases.store.findings import Findings
from cases.store.foresight import Foresight
from cases.store.mail_store import MailStore
from cases.store.notices import Notices
from cases.store.pages import Pages
from cases.store.reads import ReadPart
from cases.store.rules import RoutingRules
from cases.store.views import AttachmentFile

Clock = Callable[[], datetime]
"""Returns the aware current moment in UTC; a job reads it once."""
NewId = Callable[[], str]
"""Returns a fresh id: 32 lower-case hexadecimal characters."""


class CaseStore(Protocol):
    """Cases, their journal, suggestions and decisions."""

    def next_serial(self, series: str, year: int) -> int:
        """The next number of a series and year, from 1, safe under concurrency and gapless with the transaction."""

    def add_case(self, case: Case) -> None:
        """Insert a new case with its flags and deadlines."""

    def get_case(self, case_id: str, viewer: Viewer) -> Case:
        """The case, where the viewer may read it. Raises NotFound otherwise."""

    def hold_case(self, case_id: str, viewer: Viewer) -> Case:
        """The same, for this transaction alone until it ends: whoever acts on a case by what it is asks so."""

    def save_case(self, case: Case) -> Case:
        """Save with version check; returns the case with its new version. Raises StaleVersion."""

    def note_opened(self, case_id: str, at: datetime) -> None:
        """Note that a person saw the case first then, unless somebody had. Its version stays: nothing is decided."""

    def add_event(self, event: CaseEvent) -> None:
        """Append to the journal; search finds the text of what a person did."""

    def add_event_once(self, event: CaseEvent) -> bool:
        """``add_event``, unless one with its id stands there already; False for that. Of two at once one waits."""

    def add_suggestion(self, case_id: str, message_row_id: str, suggestion: Suggestion, at: datetime) -> None:
        """Keep a suggestion; the latest one of the letter that began the case is the case's."""

    def suggestion(self, case_id: str) -> Suggestion | None:
        """What is suggested for a case: the latest of its first letter, since a reply says little of the matter."""

    def messages_to_suggest(self, limit: int) -> Sequence[tuple[str, str]]:
        """(case id, message id) of citizens' messages in a case that no suggestion was kept for yet, oldest first."""

    def add_decision(self, decision: RoutingDecision) -> None:
        """Keep a routing decision."""

    def link_cases(self, case_id: str, other_id: str, reason: str, at: datetime) -> bool:
        """Note that two cases belong together, both ways; False where that was noted before."""

    def unlink_cases(self, case_id: str, other_id: str) -> bool:
        """Forget that two cases belong together, both ways; False where that was not noted."""

    def add_reader(self, case_id: str, user_id: str, reason: str, at: datetime) -> bool:
        """Let one more person read a protected case; False where they were let before, whose reason stays."""

    def readers(self, case_id: str) -> Sequence[AddedReader]:
        """Who was let read the case beside those who need it for their work, the first one first."""

    def drop_reader(self, case_id: str, user_id: str) -> bool:
        """Take that away again; False where there was nothing to take."""

    def note_read(self, case_id: str, user_id: str, at: datetime, part: ReadPart = ReadPart.CASE) -> None:
        """Log that a person read this of a protected case."""

    def receipts_since(self, email: str, since: datetime) -> int:
        """How many receipts were queued since then to the mailbox of an address: ``a+b@c`` is that of ``a@c``."""

    def receipts_between(self, email: str, since: datetime, before: datetime) -> Sequence[datetime]:
        """When receipts to the mailbox of an address were queued, strictly before then, newest first."""

    def repeated(self, case_id: str, since: datetime) -> bool:
        """Whether the newest message of a case has the content digest of an earlier one from its address since then."""

    def unopened(self, received_before: datetime, *, serious: bool, threats: bool) -> Sequence[str]:
        """Ids of such cases, received before then, that nobody opened and whose chef was not alarmed yet."""

    def without_receipt(self, received_before: datetime) -> Sequence[str]:
        """Ids of cases received before then that still have no suggestion and no receipt queued."""


class Promises(Protocol):
    """What the sweep of promises asks and remembers."""

    def cases_due(self, until: date) -> Sequence[str]:
        """Ids of open cases with a status or an answer still owed whose nearest day is this one or before it."""

    def promised(self, case_ids: Sequence[str]) -> Sequence[tuple[Case, frozenset[tuple[LetterKind, date]]]]:
        """These cases, in this order, with what was done for their deadlines; those that are gone are left out."""

    def assigned_before(self, moment: datetime, case_id: str = "") -> Sequence[str]:
        """Ids of cases offered to somebody before then and not yet accepted, the longest first; or that one alone."""

    def whistle_waiting(self) -> Sequence[str]:
        """Ids of the open whistle-blowers' cases whose sender can be told something."""

    def whistle_said(self, case_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Told, date]]]:
        """What the senders of these cases were told, by case, and on which local day, as journal and letters say."""

    def whistle_closed(self, before: datetime) -> Sequence[str]:
        """Ids of the whistle-blowers' cases that were closed before then and are not erased."""

    def on_tracks(self, tracks: Sequence[str]) -> Sequence[str]:
        """Ids of the open cases on one of these special tracks that have no outcome yet.

        An appeal that is noted with its decision is watched there.
        """

    def mark(self, case_id: str, kind: LetterKind, day: date, at: datetime) -> bool:
        """Remember that this was done for a deadline; False, on whatever machine, where it was remembered before."""

    def marks(self, case_id: str) -> frozenset[tuple[LetterKind, date]]:
        """What was done for the deadlines of a case."""

    def readable(self, case_ids: Sequence[str], viewer: Viewer) -> frozenset[str]:
        """Those of these cases that the viewer may read."""

    def claim_day(self, key: str, day: date) -> bool:
        """Remember that this was done on a day; False, on whatever machine, where it was that day or later already."""


class Tx(
    MailStore,
    CaseStore,
    Foresight,
    Promises,
    Notices,
    Outbox,
    People,
    Pages,
    Findings,
    Reports,
    Learning,
    RoutingRules,
    Drafts,
    Retention,
    LetterTexts,
    StandardTexts,
    SavedLists,
    PersonalData,
    Papers,
    Refusals,
    Wishes,
    Following,
    Outside,
    Absences,
    Hallmarks,
    Protocol,
):
    """One transaction."""


class Store(Protocol):
    """Where everything is kept. Leaving ``begin()`` without an exception commits; with one, rolls back."""

    def begin(self, *, redoable: bool = False) -> AbstractContextManager[Tx]:
        """A write transaction (``BEGIN IMMEDIATE`` on SQLite).

        ``redoable``: all it writes would be made again from what was committed before. Its commit need not wait for the
        disk: a crash of ours leaves it, a power cut or a crash of the database server may undo it, though only together
        with all that was committed after it.
        """

    def read(self) -> AbstractContextManager[Tx]:
        """A read-only transaction."""


class Renderer(Protocol):
    """Turns a letter's templates into text."""

    def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
        """The letter in that language, or in Swedish where there is no template. Raises TemplateError."""

    def missing(self, kind: LetterKind, language: str, context: LetterContext) -> Sequence[str]:
        """Names of variables the template needs that the context leaves unfilled."""


class Analyser(Protocol):
    """Turns Swedish text into search terms: lemmas and compound parts."""

    def __call__(self, text: str) -> Sequence[str]:
        """The terms of a text, lower case, in order, one or more for each word."""


class Sender(Protocol):
    """Hands one message to the mail server."""

    def send(self, entry: OutboxEntry, files: Sequence[AttachmentFile] = ()) -> str:
        """Send it, with its enclosures' bytes, and return the server's answer. Raises DeliveryError."""
