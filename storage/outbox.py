"""Letters out: queued with their cause, claimed by one worker, kept with what became of them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.errors import NotFound
from cases.letters import OutboxEntry, OutboxStatus
from storage.documents import LETTER, DocumentsPart
from storage.draft_tables import sent_answers
from storage.mail_questions import LETTERS_OF_CASE, adds_letter
from storage.mail_tables import outbox
from storage.questions import by_name
from storage.rows import entry_from_row, entry_to_row

_c = outbox.c
_WAITS = (OutboxStatus.QUEUED, OutboxStatus.INFLIGHT, OutboxStatus.AWAITING_RETRY)
_ONE = sa.select(outbox).where(_c.id == sa.bindparam("its_id"))


def _claim(status: OutboxStatus, when: sa.ColumnElement[datetime]) -> sa.sql.dml.ReturningUpdate[tuple[object, ...]]:
    """Claim the oldest letters of a status whose time has come.

    Built once, for it is asked of every letter, and one status at a time: the index then gives the oldest at once,
    where either of two would sort all that is due for each letter.
    """
    now = sa.bindparam("now", type_=_c.not_before.type)
    due = sa.select(_c.seq).where(_c.status == status, when <= now)
    chosen = due.order_by(_c.not_before, _c.seq).limit(sa.bindparam("most"))
    # On SQLite the transaction began IMMEDIATE, so that nobody else writes; there the clause is left out.
    # In a CTE it runs once; as a plain subquery PostgreSQL may run it again and lock more than the limit.
    locked = chosen.with_for_update(skip_locked=True).cte("chosen")
    claimed = {"status": OutboxStatus.INFLIGHT, "claimed_at": now}
    return outbox.update().where(_c.seq.in_(sa.select(locked.c.seq))).values(claimed).returning(outbox)


_CLAIMS = (
    _claim(OutboxStatus.AWAITING_RETRY, sa.func.coalesce(_c.retry_at, _c.not_before)),
    _claim(OutboxStatus.QUEUED, _c.not_before),
)
# What becomes of a letter; what it says, to whom and why was settled when it was queued.
_FATE = ("status", "not_before", "attempts", "retry_at", "claimed_at", "sent_at", "error")
_SETTLE = outbox.update().where(_c.id == sa.bindparam("its_id")).values({name: sa.bindparam(name) for name in _FATE})
_FORGET = sent_answers.delete().where(sent_answers.c.entry_id == sa.bindparam("its_id"))


class OutboxPart(DocumentsPart):
    """The whole of ``Outbox``."""

    def queue(self, entry: OutboxEntry) -> None:
        """Put a rendered letter in the outbox, in the transaction of its cause."""
        row = entry_to_row(entry)
        self.insert_known(outbox, row, adds_letter(row))
        # What the machine writes is alike in every case and would be found by every search.
        if entry.case_id and not entry.automatic and not entry.internal:
            self.index(entry.case_id, LETTER, entry.id, f"{entry.letter.subject}\n{entry.letter.text}", fresh=True)

    def claim_due(self, limit: int, now: datetime) -> Sequence[OutboxEntry]:
        """Claim letters that are due: inflight, claimed_at=now; no two workers get the same one.

        Those to be tried again first, for they have waited longest; else the oldest first.
        """
        rows: list[sa.RowMapping] = []
        for claim in _CLAIMS:
            if (most := limit - len(rows)) > 0:
                rows += self.connection.execute(claim, {"now": now, "most": most}).mappings()
        return [entry_from_row(row) for row in sorted(rows, key=lambda row: (row["not_before"], row["seq"]))]

    def stuck_inflight(self, claimed_before: datetime) -> Sequence[OutboxEntry]:
        """Letters in flight since before then: their sender died."""
        stuck = sa.and_(_c.status == OutboxStatus.INFLIGHT, _c.claimed_at < claimed_before)
        return self._entries(sa.select(outbox).where(stuck).order_by(_c.claimed_at, _c.seq))

    def get_entry(self, entry_id: str) -> OutboxEntry:
        """One letter out. Raises NotFound."""
        found = self._entries(_ONE, {"its_id": entry_id})
        if not found:
            raise NotFound(f"Det finns inget brev {entry_id} i utkorgen.")
        return found[0]

    def update_entry(self, entry: OutboxEntry) -> None:
        """Save what became of an entry: status, attempts, times and error. Raises NotFound."""
        fate = {name: getattr(entry, name) for name in _FATE}
        if self.connection.execute(_SETTLE, {**fate, "its_id": entry.id}).rowcount == 0:
            raise NotFound(f"Det finns inget brev {entry.id} i utkorgen.")
        if not entry.automatic and entry.status not in _WAITS:
            # It can be taken back no more, so what was typed is kept in the letter alone.
            self.connection.execute(_FORGET, {"its_id": entry.id})

    def entries(self, statuses: Sequence[OutboxStatus], limit: int = 200) -> Sequence[OutboxEntry]:
        """Letters in these states, newest first."""
        query = sa.select(outbox).where(_c.status.in_(list(statuses)))
        return self._entries(query.order_by(_c.created_at.desc(), _c.seq.desc()).limit(limit))

    def letters_of(self, case_id: str) -> Sequence[OutboxEntry]:
        """All letters of a case, oldest first."""
        return [entry_from_row(by_name(row)) for row in self.ask(LETTERS_OF_CASE, case_id)]

    def _entries(self, query: sa.Select[tuple[object, ...]], asked: dict[str, str] | None = None) -> list[OutboxEntry]:
        return [entry_from_row(row) for row in self.after(outbox).execute(query, asked).mappings()]
