"""Users with their grants, and the small facts an installation keeps."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from cases.alphabet import alphabetical
from cases.errors import NotFound
from cases.people.access import Grant, StandIn, User
from storage.accounts import AccountPart
from storage.database.engine import index_key
from storage.database.questions import KEYS
from storage.rows import grant_from_row, user_from_row, user_to_row
from storage.tables.absences import absences
from storage.tables.cases import grants, settings, users

# Asked at each request, so built once.
_GRANTS = sa.select(grants).where(grants.c.user_id.in_(KEYS))
_STAND_INS = sa.select(absences).where(absences.c.substitute_id.in_(KEYS))
_USERS = sa.select(users)
_SETTING = sa.select(settings.c.value).where(settings.c.key == sa.bindparam("its_key"))
_USER = _USERS.where(users.c.id == sa.bindparam("its_id"))
_HELD = _USER.with_for_update(key_share=True)


class PeoplePart(AccountPart):
    """The whole of ``People``."""

    def add_user(self, user: User) -> None:
        """Insert or replace a user, their grants included."""
        self.replace(users, ["id"], user_to_row(user))
        self.connection.execute(grants.delete().where(grants.c.user_id == user.id))
        held = sorted(user.grants, key=lambda grant: (grant.role, grant.scope))
        for grant in held:
            self.insert(grants, {"user_id": user.id, "role": grant.role, "scope": grant.scope})

    def user(self, user_id: str) -> User:
        """Raises NotFound."""
        return self._user(_USER, user_id)

    def hold_user(self, user_id: str) -> User:
        """On SQLite whoever writes is alone anyway. Raises NotFound."""
        return self._user(_HELD, user_id)

    def _user(self, query: sa.Select[tuple[object, ...]], user_id: str) -> User:
        found = self._users(query, {"its_id": user_id})
        if not found:
            raise NotFound(f"Det finns ingen användare {user_id}.")
        return found[0]

    def user_by_email(self, email: str) -> User | None:
        """Case-insensitive."""
        return next(iter(self.users_where(users.c.email_key == index_key(email))), None)

    def users(self) -> Sequence[User]:
        """All users by name."""
        return self._users(_USERS)

    def users_where(self, which: sa.ColumnElement[bool]) -> list[User]:
        """Those for whom this holds, by name."""
        return self._users(_USERS.where(which))

    def _users(self, query: sa.Select[tuple[object, ...]], asked: dict[str, str] | None = None) -> list[User]:
        rows = self.after(users, grants).execute(query, asked).mappings().all()
        ids = [row["id"] for row in rows]
        held, stands_in = self._grants_of(ids), self._stand_ins_of(ids)
        found = [user_from_row(row, held[row["id"]], stands_in[row["id"]]) for row in rows]
        return sorted(found, key=lambda user: (alphabetical(user.name), user.id))

    def _grants_of(self, user_ids: Sequence[str]) -> dict[str, list[Grant]]:
        held: dict[str, list[Grant]] = defaultdict(list)
        for row in self.after(grants).execute(_GRANTS, {"keys": user_ids}).mappings():
            held[row["user_id"]].append(grant_from_row(row))
        return held

    def _stand_ins_of(self, user_ids: Sequence[str]) -> dict[str, list[StandIn]]:
        found: dict[str, list[StandIn]] = defaultdict(list)
        for row in self.after(absences).execute(_STAND_INS, {"keys": user_ids}):
            found[row.substitute_id].append(StandIn(row.user_id, row.first_day, row.last_day))
        return found

    def save_setting(self, key: str, value: str) -> None:
        """Keep a small fact (last poll, secret of the installation ...)."""
        self.replace(settings, ["key"], {"key": key, "value": value})

    def setting(self, key: str) -> str:
        """A kept fact, or empty."""
        return self.connection.execute(_SETTING, {"its_key": key}).scalar() or ""

    def held_setting(self, key: str) -> str:
        """One that is not there is made, for nothing else can be held."""
        self.insert_new(settings, {"key": key, "value": ""}, ["key"])
        return str(self.connection.execute(_SETTING.with_for_update(), {"its_key": key}).scalar_one())
