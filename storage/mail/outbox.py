"""Letters out: queued with their cause, claimed by one worker, kept with what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.errors import NotFound
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.letters.outgoing import ListedEntry
from cases.people.access import Viewer
from storage.database.engine import mailbox_key
from storage.database.questions import by_name
from storage.mail.questions import LETTERS_OF_CASE, adds_letter
from storage.rows import entry_from_row, entry_to_row, maybe
from storage.search.documents import LETTER, DocumentsPart
from storage.tables.cases import cases
from storage.tables.drafts import sent_answers
from storage.tables.mail import ASKED, outbox
from storage.visibility import visible

_c = outbox.c
_REACHED_NOBODY = (OutboxStatus.BOUNCED, OutboxStatus.FAILED, OutboxStatus.CANCELLED, OutboxStatus.WITHHELD)
_SHOWN_ALREADY = (OutboxStatus.INFLIGHT, OutboxStatus.SENT, OutboxStatus.UNCERTAIN, OutboxStatus.BOUNCED)
_MOST = 50
_MAY_LEAVE = (OutboxStatus.QUEUED, OutboxStatus.INFLIGHT, OutboxStatus.AWAITING_RETRY, OutboxStatus.FAILED)
_UNLISTED = ("subject", "text", "html")
_LISTED = (
    *(one for one in _c if one.name not in _UNLISTED),
    *(sa.literal("").label(name) for name in _UNLISTED),
    cases.c.number.label("case_number"),
    cases.c.status.label("case_status"),
)
_ONE = sa.select(outbox).where(_c.id == sa.bindparam("its_id"))
_HELD = _ONE.with_for_update()


def _due() -> sa.Select[Any]:
    """The oldest letters whose time has come; built once.

    Each status for itself: the index then gives its oldest at once, where either of two would be all that is due,
    sorted for each letter.
    """
    now = sa.bindparam("now", type_=_c.not_before.type)
    most: sa.BindParameter[int] = sa.bindparam("most")
    again, queued = (
        _oldest(_c.status == OutboxStatus.AWAITING_RETRY, sa.func.coalesce(_c.retry_at, _c.not_before) <= now),
        _oldest(_c.status == OutboxStatus.QUEUED, _c.not_before <= now),
    )
    parts = [sa.select(part.limit(most).subquery(name).c.seq) for part, name in ((again, "again"), (queued, "fresh"))]
    chosen = sa.union_all(*parts).limit(most).subquery("chosen")
    return sa.select(outbox).where(_c.seq.in_(sa.select(chosen.c.seq))).order_by(_c.not_before, _c.seq)


def _oldest(*which: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(_c.seq).where(*which).order_by(_c.not_before, _c.seq)


_DUE = _due()
_AS_SEEN = ("id", "status", "not_before", "attempts")
_CLAIM = (
    outbox.update()
    .where(*(_c[name] == sa.bindparam(f"its_{name}", type_=_c[name].type) for name in _AS_SEEN))
    .values(status=OutboxStatus.INFLIGHT, claimed_at=sa.bindparam("now", type_=_c.claimed_at.type))
)
_SAME_CASE = sa.exists().where(cases.c.id == _c.case_id, cases.c.version == sa.bindparam("version"))
_CLAIM_OF_CASE = _CLAIM.where(_SAME_CASE)
# What becomes of a letter; what it says, to whom and why was settled when it was queued.
_FATE = ("status", "not_before", "attempts", "retry_at", "claimed_at", "sent_at", "error")
_SETTLE = outbox.update().where(_c.id == sa.bindparam("its_id")).values({name: sa.bindparam(name) for name in _FATE})
_IS_OURS = (_c.status == OutboxStatus.INFLIGHT, _c.claimed_at == sa.bindparam("its_claim", type_=_c.claimed_at.type))
_SETTLE_OURS = _SETTLE.where(*_IS_OURS)
_FORGET = sent_answers.delete().where(sent_answers.c.entry_id == sa.bindparam("its_id"))


class OutboxPart(DocumentsPart):
    """The whole of ``Outbox``."""

    def queue(self, entry: OutboxEntry) -> None:
        """Put a rendered letter in the outbox, in the transaction of its cause."""
        row = entry_to_row(entry)
        self.insert_known(outbox, row, adds_letter(row))
        # What the machine writes is alike in every case and would be found by every search; a copy says it once more.
        if entry.case_id and not (entry.automatic or entry.internal or entry.copy_of):
            self.index(entry.case_id, LETTER, entry.id, f"{entry.letter.subject}\n{entry.letter.text}", fresh=True)

    def due(self, limit: int, now: datetime) -> Sequence[OutboxEntry]:
        """Letters whose time has come, as they stand.

        Those to be tried again first, for they have waited longest; else the oldest first.
        """
        rows = self.after(outbox).execute(_DUE, {"now": now, "most": limit}).mappings()
        return [entry_from_row(row) for row in rows]

    def claim(self, entry: OutboxEntry, version: int | None, now: datetime) -> OutboxEntry | None:
        """Claim a letter where it and its case stand as they were seen; one statement, so that no two workers can."""
        asked = {f"its_{name}": getattr(entry, name) for name in _AS_SEEN} | {"now": now}
        statement = _CLAIM if version is None else _CLAIM_OF_CASE
        seen = asked if version is None else {**asked, "version": version}
        if self.connection.execute(statement, seen).rowcount == 0:
            return None
        return replace(entry, status=OutboxStatus.INFLIGHT, claimed_at=now)

    def stuck_inflight(self, claimed_before: datetime) -> Sequence[OutboxEntry]:
        """Letters in flight since before then: their sender died."""
        stuck = sa.and_(_c.status == OutboxStatus.INFLIGHT, _c.claimed_at < claimed_before)
        return self._entries(sa.select(outbox).where(stuck).order_by(_c.claimed_at, _c.seq))

    def get_entry(self, entry_id: str) -> OutboxEntry:
        """One letter out. Raises NotFound."""
        return self._entry(_ONE, entry_id)

    def hold_entry(self, entry_id: str) -> OutboxEntry:
        """The same, for this transaction alone; on SQLite whoever writes is alone anyway. Raises NotFound."""
        return self._entry(_HELD, entry_id)

    def _entry(self, query: sa.Select[tuple[object, ...]], entry_id: str) -> OutboxEntry:
        found = self._entries(query, {"its_id": entry_id})
        if not found:
            raise NotFound(f"Det finns inget brev {entry_id} i utkorgen.")
        return found[0]

    def update_entry(self, entry: OutboxEntry) -> None:
        """Save what became of an entry: status, attempts, times and error. Raises NotFound."""
        if self.connection.execute(_SETTLE, {**_fate(entry), "its_id": entry.id}).rowcount == 0:
            raise NotFound(f"Det finns inget brev {entry.id} i utkorgen.")
        self._forget_typed(entry)

    def redirect_entry(self, entry_id: str, recipient: str) -> None:
        """Let a letter go, when it is sent or sent again, to this address instead.

        Where addresses are shown to each other, the letters of that answer that have not left show it, too.
        """
        old = self.get_entry(entry_id)
        where = {"recipient": recipient, "recipient_key": mailbox_key(recipient)}
        self.connection.execute(outbox.update().where(_c.id == entry_id).values(where))
        shown = " ".join(recipient if one == old.recipient else one for one in old.shown)
        answer = old.copy_of or old.id
        others = sa.and_(sa.or_(_c.id == answer, _c.copy_of == answer), _c.status.not_in(_SHOWN_ALREADY))
        if old.shown:
            alike = sa.and_(_c.case_id == old.case_id, sa.or_(_c.id == old.id, others))
            self.connection.execute(outbox.update().where(alike).values(shown=shown))

    def enclose(self, entry_id: str, attachment_ids: Sequence[str]) -> None:
        """Let these attachments go along with a letter that has not left."""
        tied = outbox.update().where(_c.id == entry_id).values(enclosures=" ".join(attachment_ids))
        self.after(outbox).execute(tied)

    def settle_entry(self, entry: OutboxEntry) -> bool:
        """The same of one that we claimed; False, and nothing saved, where somebody has dealt with it since."""
        ours = {"its_id": entry.id, "its_claim": entry.claimed_at}
        if self.connection.execute(_SETTLE_OURS, {**_fate(entry), **ours}).rowcount == 0:
            return False
        self._forget_typed(entry)
        return True

    def _forget_typed(self, entry: OutboxEntry) -> None:
        if not entry.automatic and entry.status not in _MAY_LEAVE:
            # It can be stopped no more, so what was typed is kept in the letter alone.
            self.connection.execute(_FORGET, {"its_id": entry.id})

    def entries(
        self, statuses: Sequence[OutboxStatus], viewer: Viewer, limit: int = 200, *, unreadable: bool = False
    ) -> Sequence[ListedEntry]:
        """Letters in these states about no case or one that the viewer may read, newest first; with ``unreadable`` all.

        One question for all of them: whether one may read their case was asked of each letter by itself.
        """
        read = outbox.outerjoin(cases, sa.and_(cases.c.id == _c.case_id, visible(viewer)))
        query = sa.select(*_LISTED).select_from(read).where(in_states(statuses))
        if not unreadable:
            query = query.where(sa.or_(_c.case_id.is_(None), cases.c.id.is_not(None)))
        rows = self.after(outbox, cases).execute(query.order_by(_c.created_at.desc(), _c.seq.desc()).limit(limit))
        return [
            ListedEntry(entry_from_row(row), row["case_number"] or "", maybe(CaseStatus, row["case_status"]))
            for row in rows.mappings()
        ]

    def addresses_asked(self, viewer: Viewer) -> Sequence[str]:
        """Whom questions went to, the latest first; none that turned out to reach nobody."""
        query = sa.select(_c.recipient).join(cases, cases.c.id == _c.case_id)
        query = query.where(ASKED, _c.status.not_in(_REACHED_NOBODY), sa.not_(cases.c.protected), visible(viewer))
        latest = sa.func.max(_c.created_at).desc()
        return list(self.after(outbox).execute(query.group_by(_c.recipient).order_by(latest).limit(_MOST)).scalars())

    def letters_of(self, case_id: str) -> Sequence[OutboxEntry]:
        """All letters of a case, oldest first."""
        return [entry_from_row(by_name(row)) for row in self.ask(LETTERS_OF_CASE, case_id)]

    def _entries(self, query: sa.Select[tuple[object, ...]], asked: dict[str, str] | None = None) -> list[OutboxEntry]:
        return [entry_from_row(row) for row in self.after(outbox).execute(query, asked).mappings()]


def in_states(statuses: Sequence[OutboxStatus]) -> sa.ColumnElement[bool]:
    """True for letters in these states, found by the index of states alone.

    SQLite takes a few states for a great part of all letters, and would read them all.
    """
    every = outbox.alias("every")
    return _c.seq.in_(sa.select(every.c.seq).where(every.c.status.in_(list(statuses))))


def _fate(entry: OutboxEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _FATE}
