"""Raw messages: kept once, handed out to be read, put in quarantine after three tries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from cases.errors import DamagedContent, NotFound
from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import RawMessage
from cases.store.mail_store import KeptRaw
from cases.store.views import Quarantined
from storage.database.bulk import insert_rows
from storage.database.engine import Part, upsert
from storage.database.rested import AS_BYTES
from storage.mail.blobs import pack, unpack
from storage.tables.mail import raw_contents, raw_messages

_MAX_ATTEMPTS = 3
WAITING = "waiting"
READ = "read"
QUARANTINED = "quarantined"
_c = raw_messages.c
_PLACE = ("mailbox", "folder", "uidvalidity", "uid")
_AT_PLACE = sa.select(_c.seq).where(*(_c[name] == sa.bindparam(f"its_{name}") for name in _PLACE))
_CONTENT = (
    sa.select(_c.sha256, raw_contents.c.content)
    .join_from(raw_messages, raw_contents)
    .where(_c.id == sa.bindparam("its_id"))
    .execution_options(**AS_BYTES)
)
_CONTENTS = (
    sa.select(_c.id, _c.sha256, raw_contents.c.content)
    .join_from(raw_messages, raw_contents)
    .where(_c.id.in_(sa.bindparam("ids", expanding=True)))
    .execution_options(**AS_BYTES)
)
FROM_FOLDER = _c.mailbox.startswith(DROP_FOLDER, autoescape=True)


class RawPart(Part):
    """The first half of ``MailStore``."""

    def keep_raw(self, raw: RawMessage, raw_id: str, now: datetime) -> bool:
        """Keep the bytes; False, and nothing done, where that UID is kept already."""
        if self._kept(raw):
            return False
        # Another daemon may have kept it since we looked.
        if not self.insert_new(raw_messages, _row(raw, raw_id, now), _PLACE):
            return False
        self.insert(raw_contents, {"raw_id": raw_id, "content": pack(raw.content)})
        return True

    def keep_many(self, raws: Mapping[str, RawMessage], now: datetime) -> Collection[str]:
        """Keep letters by id, but those whose UID is kept already or that are known; returns the ids of those kept."""
        known = self._known(raws.values())
        fresh = {raw_id: raw for raw_id, raw in raws.items() if not _same_elsewhere(raw, known)}
        if not fresh:
            return frozenset()
        statement = _keep(self.ahead.dialect.name)
        rows = [_row(raw, raw_id, now) for raw_id, raw in fresh.items()]
        kept = frozenset(self.ahead.execute(statement, rows).scalars())
        packed = [{"raw_id": raw_id, "content": pack(raw.content)} for raw_id, raw in fresh.items() if raw_id in kept]
        if packed:
            insert_rows(self.ahead, raw_contents, packed)
        return kept

    def _known(self, raws: Iterable[RawMessage]) -> dict[tuple[str, str], list[Any]]:
        """What is kept with the same bytes from the same mailbox."""
        query = sa.select(_c.mailbox, _c.sha256, _c.received_at, _c.folder, _c.uidvalidity)
        query = query.where(_c.sha256.in_([raw.sha256 for raw in raws]))
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self.ahead.execute(query):
            found[row.mailbox, row.sha256].append(row)
        return found

    def _kept(self, raw: RawMessage) -> bool:
        asked = {f"its_{name}": getattr(raw, name) for name in _PLACE}
        return self.ahead.execute(_AT_PLACE, asked).first() is not None

    def kept_uids(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> Collection[int]:
        """Those of these UIDs that are kept already; any number, asked for within their range."""
        if not uids:
            return frozenset()
        here = (_c.mailbox == mailbox, _c.folder == folder, _c.uidvalidity == uidvalidity)
        query = sa.select(_c.uid).where(*here, _c.uid.between(min(uids), max(uids)))
        return set(self.ahead.scalars(query)) & set(uids)

    def raw_known(self, raw: RawMessage) -> bool:
        """Whether the letter is kept from this mailbox under another UIDVALIDITY or from another folder of it."""
        return _same_elsewhere(raw, self._known([raw]))

    def raw_to_read(self, limit: int, now: datetime) -> Sequence[KeptRaw]:
        """Kept mails not yet read, oldest first, whose next try is due."""
        return self._to_read(sa.not_(FROM_FOLDER), limit, now)

    def papers_to_read(self, limit: int, now: datetime) -> Sequence[KeptRaw]:
        """The same of files from drop folders."""
        return self._to_read(FROM_FOLDER, limit, now)

    def _to_read(self, which: sa.ColumnElement[bool], limit: int, now: datetime) -> Sequence[KeptRaw]:
        due = sa.or_(_c.retry_at.is_(None), _c.retry_at <= now)
        query = sa.select(*(_c[name] for name in KeptRaw.__dataclass_fields__))
        query = query.where(which, _c.status == WAITING, due)
        rows = self.ahead.execute(query.order_by(_c.received_at, _c.seq).limit(limit))
        return [KeptRaw(**row) for row in rows.mappings()]

    def raw_content(self, raw_id: str) -> bytes:
        """The bytes as fetched, their sha256 checked. Raises NotFound, DamagedContent."""
        row = self.ahead.execute(_CONTENT, {"its_id": raw_id}).first()
        if row is None:
            raise NotFound(f"Det finns inget råmeddelande {raw_id}.")
        return unpack(row.content, row.sha256, f"raw message {raw_id}")

    def raw_mailbox(self, raw_id: str) -> str:
        """The id of the mailbox it was fetched from; empty for what came in no mail."""
        return self.ahead.execute(sa.select(_c.mailbox).where(_c.id == raw_id)).scalar() or ""

    def raw_contents(self, raw_ids: Sequence[str]) -> Mapping[str, bytes]:
        """The same of several; one that is missing or damaged is left out, and tells why when it is asked for alone."""
        found: dict[str, bytes] = {}
        for row in self.ahead.execute(_CONTENTS, {"ids": list(raw_ids)}):
            with suppress(DamagedContent):
                found[row.id] = unpack(row.content, row.sha256, f"raw message {row.id}")
        return found

    def begin_reading(self, raw_ids: Sequence[str]) -> None:
        """Count a try of each."""
        if raw_ids:
            begun = raw_messages.update().where(_c.id.in_(list(raw_ids)), _c.status == WAITING)
            self.ahead.execute(begun.values(attempts=_c.attempts + 1))

    def mark_read(self, raw_ids: Sequence[str], now: datetime) -> Collection[str]:
        """Mark those that nobody marked; on PostgreSQL another machine's try waits here until we are done."""
        read = {"status": READ, "read_at": now, "retry_at": None, "error": ""}
        mine = raw_messages.update().where(_c.id.in_(list(raw_ids)), _c.status == WAITING).values(read)
        return frozenset(self.ahead.execute(mine.returning(_c.id)).scalars())

    def mark_unreadable(self, raw_id: str, error: str, attempts: int, retry_at: datetime | None) -> None:
        """Note a failed try; no next try, or a third failure, puts it in quarantine, where a person sees it.

        Nothing where another daemon has read it meanwhile: it would become a second case.
        """
        over = retry_at is None or attempts >= _MAX_ATTEMPTS
        tried = {"status": QUARANTINED if over else WAITING, "attempts": attempts, "error": error}
        waits = raw_messages.update().where(_c.id == raw_id, _c.status == WAITING)
        self.ahead.execute(waits.values(tried | {"retry_at": None if over else retry_at}))

    def quarantined(self) -> Sequence[Quarantined]:
        """What a person must look at, oldest first."""
        query = sa.select(*(_c[name] for name in Quarantined.__dataclass_fields__ if name != "raw_id"), _c.id)
        rows = self.ahead.execute(query.where(_c.status == QUARANTINED).order_by(_c.received_at, _c.seq))
        return [Quarantined(raw_id=row.pop("id"), **row) for row in map(dict, rows.mappings())]

    def retry_quarantined(self, raw_id: str, now: datetime) -> None:
        """Give it three new tries, the first at once; nothing where it is not in quarantine."""
        again = {"status": WAITING, "attempts": 0, "retry_at": now}
        self.ahead.execute(raw_messages.update().where(_c.id == raw_id, _c.status == QUARANTINED).values(again))


def _row(raw: RawMessage, raw_id: str, now: datetime) -> dict[str, Any]:
    place = {name: getattr(raw, name) for name in (*_PLACE, "received_at", "sha256")}
    return place | {
        "id": raw_id,
        "size": len(raw.content),
        "status": WAITING,
        "attempts": 0,
        "kept_at": now,
        "error": "",
    }


def _same_elsewhere(raw: RawMessage, known: Mapping[tuple[str, str], Sequence[Any]]) -> bool:
    second = raw.received_at.replace(microsecond=0)
    return any(
        second <= row.received_at < second + timedelta(seconds=1)
        and (row.folder, row.uidvalidity) != (raw.folder, raw.uidvalidity)
        for row in known.get((raw.mailbox, raw.sha256), ())
    )


@cache
def _keep(dialect: str) -> ReturningInsert[str]:
    statement = upsert(dialect, raw_messages).on_conflict_do_nothing(index_elements=list(_PLACE))
    return statement.returning(_c.id)
