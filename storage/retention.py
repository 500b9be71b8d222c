"""Ended cases, erasing what they held, and the protocols of it; `scrub` takes the bytes out of the database's files."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cases.case import ENDED, Outcome
from cases.journal import EventKind
from cases.people.access import SYSTEM, Viewer
from cases.records.retention import Disposal, DisposalLine, EndedCase, EndedKind, Erased
from cases.routing.suggestion import CaseType
from storage.cases import CasePart
from storage.database.engine import index_key, open_engine
from storage.errors import NotScrubbed
from storage.payloads import dump
from storage.queries.lists import midnight
from storage.rows import Row, maybe
from storage.search.documents import LETTER
from storage.tables.absences import case_hallmarks
from storage.tables.api import handed_in
from storage.tables.cases import (
    case_flags,
    case_links,
    case_readers,
    cases,
    decisions,
    journal,
    search_docs,
    suggestions,
)
from storage.tables.drafts import answer_drafts, sent_answers
from storage.tables.following import followers
from storage.tables.incidents import case_ties, imprints
from storage.tables.mail import (
    attachment_contents,
    attachments,
    awaited_letters,
    messages,
    outbox,
    raw_contents,
    raw_messages,
)
from storage.tables.papers import case_papers
from storage.tables.public import citizen_links, public_subjects
from storage.tables.refusals import refusals
from storage.tables.retention import disposals
from storage.tables.rules import rule_hits
from storage.tables.wishes import wishes
from storage.visibility import visible

# Everything that holds words of the letter, or words about it, and hangs on the case alone.
_GO = (
    case_flags,
    suggestions,
    imprints,
    answer_drafts,
    sent_answers,
    case_readers,
    search_docs,
    citizen_links,
    public_subjects,
    handed_in,
    case_hallmarks,
    awaited_letters,
    refusals,
    wishes,
    followers,
)
_BLANK = dict.fromkeys(
    (
        "sender_name", "sender_email", "sender_phone", "sender_address", "sender_kind", "sender_key", "subject",
        "register_subject", "mail_refused", "improvement", "sender_doubt", "forwarded_by", "language", "track",
    ),
    "",
)  # fmt: skip
_m = messages.c


class RetentionPart(CasePart):
    """The whole of ``Retention``."""

    def ended_cases(
        self,
        viewer: Viewer,
        before: datetime,
        limit: int,
        *,
        protected: bool = True,
        registered: bool = True,
        types: Collection[CaseType] = (),
    ) -> Sequence[EndedCase]:
        """Cases the viewer may read that ended before then and are not erased yet, the longest ended first."""
        query = sa.select(*(cases.c[name] for name in _COLUMNS), _ENDED.label("ended_at"))
        # None ended before it came: said so that the index by state and receipt finds the old ones.
        query = query.where(*_left(viewer), cases.c.received_at < before, before > _ENDED)
        if not protected:
            query = query.where(sa.not_(cases.c.protected))
        if not registered:
            query = query.where(cases.c.registry_number == "")
        if types:
            query = query.where(cases.c.type.in_(sorted(types)))
        query = query.order_by(_ENDED, cases.c.id).limit(limit)
        ties = self._ties()
        return [_ended(row, ties) for row in self.connection.execute(query).mappings()]

    def count_ended(self, viewer: Viewer, days: Sequence[date]) -> Mapping[EndedKind, int]:
        """How many ended cases that are not erased yet the viewer may read, by what a rule looks at."""
        by = [(midnight(day + timedelta(days=1)) > _ENDED, place) for place, day in enumerate(days)]
        place = sa.case(*by, else_=None) if by else sa.null()
        registered = (cases.c.registry_number != "").label("registered")
        looked_at = (cases.c.type, cases.c.outcome, cases.c.protected, registered, sa.type_coerce(place, sa.Integer))
        each = sa.select(*(one.label(f"c{number}") for number, one in enumerate(looked_at))).where(*_left(viewer))
        kinds = each.subquery()
        rows = self.connection.execute(sa.select(*kinds.c, sa.func.count()).group_by(*kinds.c))
        return {
            EndedKind(
                maybe(CaseType, kind), maybe(Outcome, outcome), guarded, diary, None if at is None else days[at]
            ): n
            for kind, outcome, guarded, diary, at, n in map(tuple, rows)
        }

    def _ties(self) -> dict[str, set[str]]:
        """The cases that each hangs with, either way, and that are not erased."""
        found = defaultdict[str, set[str]](set)
        gone = sa.exists().where(
            cases.c.id.in_([case_ties.c.case_id, case_ties.c.other_id]), cases.c.disposed_at.is_not(None)
        )
        for one, other in self.connection.execute(sa.select(case_ties.c.case_id, case_ties.c.other_id).where(~gone)):
            found[one].add(other)
            found[other].add(one)
        return found

    def erase_case(self, case_id: str, token: str, at: datetime) -> Erased:
        """Take everything of a case but numbers, days, kind, area, unit and outcome."""
        case = self.get_case(case_id, SYSTEM)
        letters, files = self._erase_letters(case_id)
        went = (self.connection.execute(one.delete().where(one.c.case_id == case_id)) for one in (outbox, case_papers))
        out = sum(done.rowcount for done in went)
        for table in _GO:
            self.connection.execute(table.delete().where(table.c.case_id == case_id))
        self.connection.execute(case_links.delete().where(sa.or_(*(c == case_id for c in _LINK_ENDS))))
        spoken = journal.update().where(journal.c.case_id == case_id, journal.c.text != "").values(text="")
        lines = self.connection.execute(spoken).rowcount
        self.connection.execute(decisions.update().where(decisions.c.case_id == case_id).values(reason=""))
        # That a rule spoke stays, so that no figure of the model's changes; which one would tell of the letter.
        self.connection.execute(rule_hits.update().where(rule_hits.c.case_id == case_id).values(rule_id="", name=""))
        row = _BLANK | {"token": token, "token_key": index_key(token), "disposed_at": at, "version": case.version + 1}
        # Whoever could not see a protected case sees nothing of what is left of it, and no figure changes.
        row |= {"protected": case.protected, "whistle": case.whistle, "serious": False}
        self.connection.execute(cases.update().where(cases.c.id == case_id).values(row))
        self._seen.pop(case_id, None)
        self.index_case(self.get_case(case_id, SYSTEM))
        return Erased(letters, files, out, lines)

    def _erase_letters(self, case_id: str) -> tuple[int, int]:
        return self._erase_messages(_m.case_id == case_id)

    def count_loose(self, before: datetime) -> int:
        """How many messages without a case came before then."""
        query = sa.select(sa.func.count()).select_from(messages).where(_loose(before))
        return int(self.connection.execute(query).scalar_one())

    def erase_loose(self, before: datetime) -> Erased:
        """Take them, with their raw mail and attachments."""
        return Erased(*self._erase_messages(_loose(before)))

    def erase_message(self, message_row_id: str) -> None:
        """Forget one with its attachments and what search found it by."""
        self._erase_messages(_m.id == message_row_id)
        found = search_docs.delete().where(search_docs.c.source_id == message_row_id, search_docs.c.kind == LETTER)
        self.connection.execute(found)

    def _erase_messages(self, which: sa.ColumnElement[bool]) -> tuple[int, int]:
        raws = set(self.connection.execute(sa.select(_m.raw_id).where(which)).scalars()) - {None}
        mine = sa.select(_m.id).where(which)
        of_mine = attachments.c.message_row_id.in_(mine)
        digests = set(self.connection.execute(sa.select(attachments.c.digest).where(of_mine)).scalars())
        files = self.connection.execute(attachments.delete().where(of_mine)).rowcount
        letters = self.connection.execute(messages.delete().where(which)).rowcount
        for raw_id in sorted(raws):
            self._erase_raw(str(raw_id))
        for digest in sorted(digests):
            used = sa.exists().where(attachments.c.digest == digest)
            self.connection.execute(attachment_contents.delete().where(attachment_contents.c.digest == digest, ~used))
        return letters, files

    def _erase_raw(self, raw_id: str) -> None:
        """The bytes go unless another case has the same letter; that it was fetched stays, so it never comes again."""
        used = sa.exists().where(_m.raw_id == raw_id)
        self.connection.execute(raw_contents.delete().where(raw_contents.c.raw_id == raw_id, ~used))
        self.connection.execute(raw_messages.update().where(raw_messages.c.id == raw_id, ~used).values(error=""))

    def add_disposal(self, disposal: Disposal) -> None:
        """Keep a protocol."""
        plain = {name: getattr(disposal, name) for name in ("id", "at", "by", "rule_id", "rule", "decision")}
        lines = [[d.number, d.registry_number, d.received.isoformat(), d.ended.isoformat()] for d in disposal.lines]
        self.insert(disposals, plain | {"lines": dump(lines), "erased": dump(asdict(disposal.erased))})

    def disposals(self) -> Sequence[Disposal]:
        """Every protocol, newest first."""
        rows = self.connection.execute(sa.select(disposals).order_by(disposals.c.seq.desc())).mappings()
        return [_disposal(row) for row in rows]


# What is done with a case that has ended long ago does not make it young again.
_LATER = (
    EventKind.ARCHIVED,
    EventKind.CORRECTED,
    EventKind.DISCLOSED,
    EventKind.EXTRACTED,
    EventKind.READ,
    EventKind.SPARED,
)
_LINK_ENDS = (case_links.c.case_id, case_links.c.other_id)
_COLUMNS = (
    "id", "number", "registry_number", "type", "outcome", "received_at", "protected", "version",
)  # fmt: skip


def _when_ended() -> sa.ColumnElement[datetime]:
    """When a case was closed, else when the last was done that is not of a time after its end, else when it came."""
    done = sa.select(sa.func.max(journal.c.at)).where(journal.c.case_id == cases.c.id, journal.c.kind.not_in(_LATER))
    ended = sa.func.coalesce(cases.c.closed_at, done.scalar_subquery(), cases.c.received_at)
    return sa.type_coerce(ended, cases.c.received_at.type)


_ENDED = _when_ended()


def _left(viewer: Viewer) -> Iterator[sa.ColumnElement[bool]]:
    """Ended cases that the viewer may read and that are there."""
    yield cases.c.status.in_(sorted(ENDED))
    yield cases.c.disposed_at.is_(None)
    yield visible(viewer)
    # While an appeal may come or waits, nothing of what was asked for may go (JO).
    yield ~sa.exists().where(refusals.c.case_id == cases.c.id, sa.not_(refusals.c.settled))


def _loose(before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_m.case_id.is_(None), _m.received_at < before)


def _ended(row: Row, ties: Mapping[str, set[str]]) -> EndedCase:
    return EndedCase(
        id=row["id"],
        number=row["number"],
        registry_number=row["registry_number"],
        type=maybe(CaseType, row["type"]),
        outcome=maybe(Outcome, row["outcome"]),
        received_at=row["received_at"],
        ended_at=row["ended_at"],
        protected=row["protected"],
        version=row["version"],
        tied=frozenset(ties.get(row["id"], ())),
    )


def _disposal(row: Row) -> Disposal:
    lines = [
        DisposalLine(number, registry, date.fromisoformat(received), date.fromisoformat(ended))
        for number, registry, received, ended in json.loads(row["lines"])
    ]
    plain = {name: row[name] for name in ("id", "at", "by", "rule_id", "rule", "decision")}
    return Disposal(**plain, lines=tuple(lines), erased=Erased(**json.loads(row["erased"])))


def scrub(url: str) -> None:
    """Write the database's files anew, without the bytes of what was erased; takes a copy's room and time.

    SQLite: the search index is merged, then VACUUM, and the write-ahead log is emptied. PostgreSQL: VACUUM FULL of
    every table, which locks each for its while. Older backups and PostgreSQL's archived log still hold the bytes.
    Raises NotScrubbed where somebody holds the database for too long, or the disk has no room.
    """
    engine = open_engine(url)
    try:
        connection = engine.raw_connection()
        try:
            steps = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
            if engine.dialect.name != "sqlite":
                # VACUUM runs in no transaction; the type forgets that a raw connection that is open has the driver's.
                connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
            cursor = connection.cursor()
            for step in steps:
                cursor.execute(step)
                # Somebody who reads keeps the log from being emptied: that is no error, and only its answer says so.
                if cursor.description and any(busy for busy, *_ in cursor.fetchall()):
                    raise NotScrubbed(_HELD)
            cursor.close()
        finally:
            connection.close()
    except engine.dialect.loaded_dbapi.Error as error:
        raise NotScrubbed(_HELD) from error
    finally:
        engine.dispose()


_HELD = (
    "Databasens filer gick inte att skriva om: någon har läst i databasen länge, eller så är disken full. "
    "Det som gallrats kan finnas kvar i dem. Kör lyhord retention scrub igen."
)


# FTS5 keeps deleted terms in its segments until they are merged.
_SQLITE = (
    "INSERT INTO search_fts(search_fts) VALUES ('optimize')",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)
_POSTGRESQL = ("VACUUM FULL",)
