"""Who somebody is on the desk, and which cases that lets them read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does. An administrator runs the system and reads no letter; an auditor reads who read what."""

    REGISTRATOR = "registrator"
    HANDLAGGARE = "handlaggare"
    CHEF = "chef"
    ADMIN = "admin"
    VISSELMOTTAGARE = "visselmottagare"
    GRANSKARE = "granskare"


ROLE_NAMES: dict[Role, str] = {
    Role.REGISTRATOR: "Registrator",
    Role.HANDLAGGARE: "Handläggare",
    Role.CHEF: "Chef",
    Role.ADMIN: "Administratör",
    Role.VISSELMOTTAGARE: "Mottagare av visselblåsning",
    Role.GRANSKARE: "Granskare",
}

EVERYWHERE = "*"
"""The scope of a grant that covers the home authority's whole organisation."""


@dataclass(frozen=True, slots=True)
class AddedReader:
    """Somebody who was let read one protected case, why and since when."""

    user_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held for a unit, a department, an authority (each by id) or everywhere (``*``)."""

    role: Role
    scope: str = EVERYWHERE


@dataclass(frozen=True, slots=True)
class StandIn:
    """That a person stands in for another from one local day to another, both included."""

    for_id: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class User:
    """A person with a log-in. ``password_hash`` is argon2; empty means no local log-in.

    ``last_day`` is set for a leaver: the last local day the person works here and may log in. ``stands_in`` is whose
    named substitute the person is and when; the store fills it in, and saving a user leaves it alone.
    """

    id: str
    email: str
    name: str
    title: str
    grants: frozenset[Grant]
    password_hash: str = ""
    active: bool = True
    last_day: date | None = None
    stands_in: frozenset[StandIn] = frozenset()

    def has(self, role: Role) -> bool:
        """Whether the person holds the role anywhere."""
        return any(grant.role is role for grant in self.grants)

    @property
    def central_registrator(self) -> bool:
        """Whether the person is the whole municipality's registrator, not one unit's or nämnd's alone."""
        return Grant(Role.REGISTRATOR, EVERYWHERE) in self.grants

    @property
    def may_read(self) -> bool:
        """Whether the person may be let read a case: who runs the system or audits it reads no letter."""
        return any(grant.role not in (Role.ADMIN, Role.GRANSKARE) for grant in self.grants)

    def works_on(self, day: date) -> bool:
        """Whether the account is open and the person has not left by that local day."""
        return self.active and (self.last_day is None or day <= self.last_day)

    def stands_in_on(self, day: date) -> frozenset[str]:
        """Ids of those whom the person stands in for that local day; nobody's once the person has left."""
        if not self.works_on(day):
            return frozenset()
        return frozenset(one.for_id for one in self.stands_in if one.first_day <= day <= one.last_day)


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the store's queries need to know of the person who asks; scopes are resolved to ids.

    ``registrator_units`` and ``chef_units`` are the units whose every case they may read, flagged or not;
    ``diary_authorities`` the authorities whose diary they keep, and so read every case of; ``entered_authorities``
    those whose cases are entered in these diaries too, and of which they see the numbers alone; ``member_units`` the
    units whose unflagged cases they may read; ``sees_unflagged`` is true for a central registrator, who reads all
    unflagged cases. Whistle-blowing is read by ``whistle`` alone. ``stands_in_for`` are the persons whose cases in hand
    they read as their own, being their named substitute today.
    """

    user_id: str
    member_units: frozenset[str] = frozenset()
    registrator_units: frozenset[str] = frozenset()
    chef_units: frozenset[str] = frozenset()
    diary_authorities: frozenset[str] = frozenset()
    entered_authorities: frozenset[str] = frozenset()
    sees_unflagged: bool = False
    whistle: bool = False
    system: bool = False
    stands_in_for: frozenset[str] = frozenset()

    @property
    def holders(self) -> frozenset[str]:
        """Whose cases in hand count as theirs: their own and those they stand in for."""
        return self.stands_in_for | {self.user_id}


SYSTEM = Viewer(user_id="system", system=True)
"""The daemon itself: reads everything, is no person, and never appears on a page."""
