"""The stages of a message's way, each a pass over what waits in the store: read, suggest, send, sweep.

A stage reads what the one before wrote and never calls it, so any of them can stop or crash without the others
noticing. Parsing, model and SMTP work is done outside transactions. What is read and suggested is written redoably: the
letter's bytes are on the disk since they were fetched, and whoever sends a letter first commits that it is being sent.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError, OperationalError

from cases.errors import LyhordError
from cases.faults import machines_way_out
from cases.inbound.messages import InboundMessage
from cases.office import Office
from cases.ports import Store
from cases.routing.suggestion import Classifier, Suggestion
from cases.steps.answering.by_mail import MailAnswerStopped
from cases.steps.receiving.receive import Outcome, receive
from cases.steps.routing import automatic
from cases.steps.routing import suggest as suggesting
from cases.steps.routing.rules_speak import with_rule
from cases.store.mail_store import KeptRaw
from service import sweeps
from service.heard import letters_heard
from storage.faults import disk_failed, kind_of

LOG = logging.getLogger("lyhord.stages")
TRIES = 3
_WAITS = (timedelta(minutes=1), timedelta(minutes=10))

# As many letters as share a transaction: enough to share its cost, few enough that nobody waits long for the writer.
_BATCH_LETTERS, _BATCH_BYTES = 100, 8_000_000

# 1, 2, 4, 8 and 16 minutes between them.
_HINDERED = 6
# A letter too long for what is left of the disk is tried every four minutes at the least.
_ROOMLESS = 3
_HINDERS = "Databasen tar inte emot brevet, fast den tar emot andra. Något i det är för stort eller ovanligt för den."
_LACKS = "Maskinen saknar något för att läsa brevet (minne, utrymme, öppna filer). Det läses när det finns."
_BROKEN_OFF = "Läsningen av brevet har avbrutits flera gånger mitt i. Något i brevet får kanske tjänsten att stanna."

Parse = Callable[[bytes], InboundMessage]
_Suggested = tuple[tuple[str, str], Suggestion]


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of one municipality with what they need."""

    store: Store
    office: Office
    parse: Parse
    classifier: Callable[[], Classifier]
    # Letters whose try is counted already in this process's life: an outage of the database is no fault of theirs.
    begun: set[str] = field(default_factory=set)
    # How often in a row the database would not take a letter, though it took other things.
    hindered: dict[str, int] = field(default_factory=dict)

    def read(self, now: datetime, limit: int = 50) -> Counter[Outcome]:
        """Read kept messages and find each its place; one that fails is tried three times, then seen by a person."""
        with self.store.read() as tx:
            waiting = list(tx.raw_to_read(limit, now))
        # One commit for all; one that was tried before may be what killed us, and is counted when its turn comes.
        self._begin([raw for raw in waiting if not raw.attempts])
        outcomes: Counter[Outcome] = Counter()
        for batch in _batches(waiting):
            outcomes += self._read_batch(self._begin(batch), now)
        return outcomes

    def _begin(self, batch: Sequence[KeptRaw]) -> list[KeptRaw]:
        """Those to read, their try counted first: a letter that kills the process could never be counted afterwards."""
        over = {raw.id for raw in batch if raw.attempts >= TRIES and raw.id not in self.begun}
        fresh = [raw.id for raw in batch if raw.id not in self.begun and raw.id not in over]
        if over or fresh:
            with self.store.begin(redoable=True) as tx:
                for raw_id in over:
                    tx.mark_unreadable(raw_id, _BROKEN_OFF, TRIES, None)
                tx.begin_reading(fresh)
        self.begun.update(fresh)
        return [raw for raw in batch if raw.id not in over]

    def _read_batch(self, batch: Sequence[KeptRaw], now: datetime) -> Counter[Outcome]:
        contents = self._contents(batch)
        parsed = ((raw, self._parsed(raw, contents.get(raw.id), now)) for raw in batch)
        read = [(raw, message) for raw, message in parsed if message is not None]
        try:
            return self._place(read, now)
        except Exception:  # noqa: BLE001 - whichever it was must not take the others with it: each for itself
            return sum((self._place_alone(raw, message, now) for raw, message in read), Counter())

    def _parsed(self, raw: KeptRaw, content: bytes | None, now: datetime) -> InboundMessage | None:
        try:
            return self.parse(self._content(raw) if content is None else content)
        except OperationalError as error:
            self._hindered(raw, error, now)
        except Exception as error:  # noqa: BLE001 - one bad message must never stop the next
            self._failed(raw, error, now)
        return None

    def _hindered(self, raw: KeptRaw, error: OperationalError | OSError, now: datetime) -> None:
        """The database is away, which ends the pass and is no fault of the letter; or it cannot take this one alone.

        That one is put aside, longer and longer, and is a person's after half an hour: many times in a row the database
        took the note of it at once, so it did answer. One for which the disk has no room, or the machine something
        else, waits until it has. Raises the error where the database is away.
        """
        database = error if isinstance(error, OperationalError) else None
        if database is not None and database.connection_invalidated:
            raise error
        times = self.hindered.get(raw.id, 0) + 1
        if database is None or disk_failed(database):
            times = min(times, _ROOMLESS)
        retry_at = now + timedelta(minutes=1 << (times - 1)) if times < _HINDERED else None
        try:
            with self.store.begin() as tx:
                tx.mark_unreadable(raw.id, _HINDERS if database else _LACKS, raw.attempts, retry_at)
        except OperationalError:
            raise error from None
        self.hindered[raw.id] = times
        who = "the database" if database else f"the machine ({kind_of(error)})"
        LOG.warning("%s did not take message %s, time %d in a row", who, raw.sha256[:12], times)

    def _contents(self, batch: Sequence[KeptRaw]) -> Mapping[str, bytes]:
        """Their bytes, as far as they can be had together: the others are asked for alone."""
        try:
            with self.store.read() as tx:
                return tx.raw_contents([raw.id for raw in batch])
        except OperationalError as error:
            if error.connection_invalidated:
                raise
            return {}

    def _content(self, raw: KeptRaw) -> bytes:
        with self.store.read() as tx:
            return tx.raw_content(raw.id)

    def _place(
        self, read: Sequence[tuple[KeptRaw, InboundMessage]], now: datetime, stopped: str = ""
    ) -> Counter[Outcome]:
        """Place messages in one transaction; those another daemon has read since are left out."""
        with self.store.begin(redoable=True) as tx:
            ours = tx.mark_read([raw.id for raw, _ in read], now)
            mine = [(raw, message) for raw, message in read if raw.id in ours]
            tx.foresee_letters([message for _, message in mine])
            placed = Counter(receive(tx, raw, message, self.office, now, stopped).outcome for raw, message in mine)
        for raw, _ in read:
            self.begun.discard(raw.id)
            self.hindered.pop(raw.id, None)
        return placed

    def _place_alone(self, raw: KeptRaw, message: InboundMessage, now: datetime, stopped: str = "") -> Counter[Outcome]:
        try:
            return self._place([(raw, message)], now, stopped)
        except OperationalError as error:
            self._hindered(raw, error, now)
        except Exception as error:  # noqa: BLE001 - one bad message must never stop the next
            if isinstance(error, MailAnswerStopped) and not stopped:
                # All it had begun is undone; the letter stays, and its writer is told why nothing was sent.
                return self._place_alone(raw, message, now, str(error))
            self._failed(raw, error, now)
        return Counter()

    def _failed(self, raw: KeptRaw, error: Exception, now: datetime) -> None:
        if isinstance(error, DBAPIError) and disk_failed(error):
            raise error
        if isinstance(error, OSError) and machines_way_out(error):
            self._hindered(raw, error, now)
            return
        attempts = raw.attempts + 1
        retry_at = now + _WAITS[attempts - 1] if attempts < TRIES else None
        LOG.warning("message %s could not be read, try %d: %s", raw.sha256[:12], attempts, type(error).__name__)
        with self.store.begin() as tx:
            tx.mark_unreadable(raw.id, _describe(error), attempts, retry_at)

    def suggest(self, now: datetime, limit: int = 32) -> int:
        """Ask the model about messages it has not seen; returns how many got a suggestion."""
        with self.store.read() as tx:
            waiting = list(tx.messages_to_suggest(limit))
            said = tx.said_in([message_id for _, message_id in waiting])
            letters = letters_heard(tx, [message_id for _, message_id in waiting], said, self.office)
            rules = tx.routing_rules() if waiting else ()
        if not waiting:
            return 0
        suggested = self._suggestions(waiting, letters)
        made = [(one, with_rule(rules, what, said[one[1]], self.office)) for one, what in suggested]
        try:
            kept = self._record(made, now)
        except Exception:  # noqa: BLE001 - one that cannot be kept must not hold the others back: each for itself
            kept = sum(self._record_alone(one, now) for one in made)
        if self.office.auto_confirm_areas:
            self._route_surely([case_id for (case_id, _), _ in made], now)
        return kept

    def _suggestions(self, waiting: Sequence[tuple[str, str]], letters: Sequence[tuple[str, str]]) -> list[_Suggested]:
        """What the model says of each; one it cannot read is left to a person and holds no other back."""
        model = self.classifier()
        try:
            return list(zip(waiting, model.suggest_many(letters), strict=True))
        except Exception:
            said = [_said(model, letter) for letter in letters]
            if not any(isinstance(one, Suggestion) for one in said):
                # It reads none of them: that is the model, not a letter, and the job must be seen to fail.
                raise
            return list(_those_made(waiting, said))

    def _route_surely(self, case_ids: Sequence[str], now: datetime) -> None:
        """Each for itself, once its suggestion is kept: what cannot be routed by itself waits for a person."""
        for case_id in case_ids:
            try:
                with self.store.begin() as tx:
                    automatic.route_surely(tx, case_id, self.office, now)
            except Exception as error:  # noqa: BLE001 - one case must never hold the others back
                LOG.warning("case %s was not routed by itself: %s", case_id, type(error).__name__)

    def _record(self, made: Sequence[_Suggested], now: datetime) -> int:
        with self.store.begin(redoable=True) as tx:
            tx.foresee_suggestions([case_id for (case_id, _), _ in made], now)
            for (case_id, message_id), suggestion in made:
                suggesting.record(tx, case_id, message_id, suggestion, self.office, now)
        return len(made)

    def _record_alone(self, made: _Suggested, now: datetime) -> int:
        try:
            return self._record([made], now)
        except Exception as error:  # noqa: BLE001 - the next pass tries it again
            # Most often a person changed the case in the same moment, or another daemon was first.
            LOG.warning("suggestion for case %s was not kept: %s", made[0][0], type(error).__name__)
            return 0

    def sweep(self, now: datetime) -> int:
        """Serious letters nobody opened, and receipts the model kept waiting; safe to run twice or late."""
        return sweeps.alarms(self.store, self.office, now)

    def promises(self, now: datetime) -> int:
        """Letters of deadlines, alarms, reminders and cases nobody accepted; safe to run twice, late or elsewhere."""
        return sweeps.promises(self.store, self.office, now)


def _batches(waiting: Sequence[KeptRaw]) -> Iterator[list[KeptRaw]]:
    batch: list[KeptRaw] = []
    size = 0
    for raw in waiting:
        if raw.attempts:
            # It may be what killed the process that read it last, and must not take others with it.
            if batch:
                yield batch
            yield [raw]
            batch, size = [], 0
            continue
        if batch and (len(batch) == _BATCH_LETTERS or size + raw.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(raw)
        size += raw.size
    if batch:
        yield batch


def _said(model: Classifier, letter: tuple[str, str]) -> Suggestion | Exception:
    try:
        return model.suggest_many([letter])[0]
    except Exception as error:  # noqa: BLE001 - the next pass tries it again; the case stands in the queue without
        return error


def _those_made(waiting: Sequence[tuple[str, str]], said: Sequence[Suggestion | Exception]) -> Iterator[_Suggested]:
    for one, suggestion in zip(waiting, said, strict=True):
        if isinstance(suggestion, Suggestion):
            yield one, suggestion
        else:
            LOG.warning("the model could not read a letter of case %s: %s", one[0], type(suggestion).__name__)


def _describe(error: Exception) -> str:
    """An error for the desk: our own message, or only the kind of a foreign one, which might quote the letter."""
    return str(error) if isinstance(error, LyhordError) else f"Oväntat fel ({type(error).__name__})."
