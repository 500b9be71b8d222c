"""Accounts, sessions, failed tries and the log of log-ins, alike for every desk process on the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from cases.people.accounts import AccessLine, Account, AccountEvent, StoredSession, Tries, Way
from storage.database.engine import Part
from storage.rows import Row
from storage.tables.accounts import access_log, accounts, login_tries, sessions, spare_codes

_TRIES = ("failed", "last_at", "held_until")
# Asked at each request, so built once.
_ACCOUNT = sa.select(accounts).where(accounts.c.user_id == sa.bindparam("its_user"))
_SESSION = sa.select(sessions).where(sessions.c.key == sa.bindparam("its_key"))


class AccountPart(Part):
    """The whole of ``Accounts``."""

    def account(self, user_id: str) -> Account:
        """An empty one where none was kept."""
        row = self.connection.execute(_ACCOUNT, {"its_user": user_id}).mappings().first()
        return _account(row) if row else Account(user_id)

    def accounts(self) -> Mapping[str, Account]:
        """Every account that is kept, by its user's id."""
        return {row["user_id"]: _account(row) for row in self.connection.execute(sa.select(accounts)).mappings()}

    def save_account(self, account: Account) -> None:
        """Insert or replace an account."""
        self.replace(accounts, ["user_id"], asdict(account) | {"subject": account.subject or None})

    def user_id_of_subject(self, subject: str) -> str:
        """Whose account is bound to this subject; empty where nobody's is."""
        query = sa.select(accounts.c.user_id).where(accounts.c.subject == subject)
        return self.connection.execute(query).scalar() or ""

    def spend_step(self, user_id: str, step: int) -> bool:
        """Whether no code of this step or a later one was used before; one statement, so that two cannot both win."""
        late = sa.and_(accounts.c.user_id == user_id, accounts.c.code_step < step)
        return self.connection.execute(accounts.update().where(late).values(code_step=step)).rowcount == 1

    def save_spare_codes(self, user_id: str, keys: Sequence[str]) -> None:
        """Keep these and no others."""
        self.connection.execute(spare_codes.delete().where(spare_codes.c.user_id == user_id))
        for key in keys:
            self.insert(spare_codes, {"user_id": user_id, "code_key": key})

    def spend_spare_code(self, user_id: str, key: str) -> bool:
        """Use up a spare code; False where there is none such."""
        which = sa.and_(spare_codes.c.user_id == user_id, spare_codes.c.code_key == key)
        return self.connection.execute(spare_codes.delete().where(which)).rowcount == 1

    def spare_codes_left(self, user_id: str) -> int:
        """How many are unused."""
        query = sa.select(sa.func.count()).select_from(spare_codes).where(spare_codes.c.user_id == user_id)
        return int(self.connection.execute(query).scalar_one())

    def add_session(self, session: StoredSession) -> None:
        """Begin a session."""
        self.insert(sessions, asdict(session))

    def session(self, key: str) -> StoredSession | None:
        """The session with this key."""
        row = self.connection.execute(_SESSION, {"its_key": key}).mappings().first()
        return _session(row) if row else None

    def touch_session(self, key: str, at: datetime) -> None:
        """A person acted in it just now."""
        self.connection.execute(sessions.update().where(sessions.c.key == key).values(seen_at=at))

    def end_session(self, key: str) -> None:
        """End it for good."""
        self.connection.execute(sessions.delete().where(sessions.c.key == key))

    def end_sessions(self, user_id: str, *, but: str = "") -> int:
        """End every other session of a user."""
        which = sa.and_(sessions.c.user_id == user_id, sessions.c.key != but)
        return self.connection.execute(sessions.delete().where(which)).rowcount

    def sessions(self, user_id: str) -> Sequence[StoredSession]:
        """Last seen first."""
        query = sa.select(sessions).where(sessions.c.user_id == user_id)
        rows = self.connection.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.key)).mappings()
        return [_session(row) for row in rows]

    def drop_sessions(self, seen_before: datetime, began_before: datetime) -> None:
        """Forget sessions that have timed out."""
        old = sa.or_(sessions.c.seen_at < seen_before, sessions.c.began_at < began_before)
        self.connection.execute(sessions.delete().where(old))

    def tries(self, key: str) -> Tries:
        """The row is made where it is missing, so that there is one to lock: two tries at once are counted as two."""
        self.insert_new(login_tries, {"key": key, "failed": 0}, ["key"])
        columns = [login_tries.c[name] for name in _TRIES]
        query = sa.select(*columns).where(login_tries.c.key == key).with_for_update()
        return Tries(**self.connection.execute(query).mappings().one())

    def save_tries(self, key: str, tries: Tries) -> None:
        """No tries leave no row."""
        if tries.failed:
            self.replace(login_tries, ["key"], {"key": key} | asdict(tries))
        else:
            self.connection.execute(login_tries.delete().where(login_tries.c.key == key))

    def forget_tries(self, before: datetime) -> None:
        """Forget keys whose last try was before then."""
        self.connection.execute(login_tries.delete().where(login_tries.c.last_at < before))

    def add_access(self, line: AccessLine) -> None:
        """Append to the log."""
        self.insert(access_log, asdict(line))

    def forget_access(self, before: datetime) -> None:
        """Forget what the log told of before then."""
        self.connection.execute(access_log.delete().where(access_log.c.at < before))

    def access_log(
        self, limit: int = 500, user_id: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[AccessLine]:
        """Newest first."""
        query = sa.select(*(access_log.c[name] for name in AccessLine.__dataclass_fields__))
        if since is not None:
            query = query.where(access_log.c.at >= since)
        if until is not None:
            query = query.where(access_log.c.at < until)
        if user_id:
            query = query.where(access_log.c.user_id == user_id)
        rows = self.connection.execute(query.order_by(access_log.c.seq.desc()).limit(limit)).mappings()
        return [AccessLine(**{**row, "kind": AccountEvent(row["kind"])}) for row in rows]


def _session(row: Row) -> StoredSession:
    return StoredSession(**{**row, "way": Way(row["way"])})


def _account(row: Row) -> Account:
    return Account(**{**row, "subject": row["subject"] or ""})
