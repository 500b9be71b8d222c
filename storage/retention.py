"""Erasing what ended cases and loose messages held, and the protocols of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa

from cases.people.access import SYSTEM
from cases.records.disposal import Disposal, DisposalLine, Erased
from storage.database.engine import index_key
from storage.payloads import dump
from storage.queries.ended import EndedPart
from storage.rows import Row
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
from storage.tables.incidents import imprints
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


class RetentionPart(EndedPart):
    """``Retention``, its questions of ended cases included."""

    def erase_case(self, case_id: str, token: str, at: datetime) -> Erased:
        """Take everything of a case but numbers, days, kind, area, unit and outcome."""
        case = self.get_case(case_id, SYSTEM)
        letters, files = self._erase_messages(_m.case_id == case_id)
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


_LINK_ENDS = (case_links.c.case_id, case_links.c.other_id)


def _loose(before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_m.case_id.is_(None), _m.received_at < before)


def _disposal(row: Row) -> Disposal:
    lines = [
        DisposalLine(number, registry, date.fromisoformat(received), date.fromisoformat(ended))
        for number, registry, received, ended in json.loads(row["lines"])
    ]
    plain = {name: row[name] for name in ("id", "at", "by", "rule_id", "rule", "decision")}
    return Disposal(**plain, lines=tuple(lines), erased=Erased(**json.loads(row["erased"])))
