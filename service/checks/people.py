"""Looks at who can log in: letters that nobody may read, or nobody routes, are lost however well they are kept."""

from collections.abc import Iterator, Sequence
from datetime import date

from cases.people.access import ROLE_NAMES, Role, User
from cases.ports import Store
from service.checks.line import CheckLine

_ANYWHERE = (
    (Role.VISSELMOTTAGARE, "visselblåsningar kan inte läsas av någon"),
    (Role.ADMIN, "ingen ser driftens sidor på skrivbordet"),
)
_ADD = "lyhord user add ADRESS --name NAMN --title BEFATTNING --role"


def check_people(store: Store, today: date, *, outside: bool = False) -> Iterator[CheckLine]:
    """One line for each role that somebody must hold."""
    with store.read() as tx:
        users = tx.users()
    yield from needed_people(users, today, outside=outside)


def needed_people(users: Sequence[User], today: date, *, outside: bool = False) -> Iterator[CheckLine]:
    """Whether each role that must be held is held by somebody who can log in.

    ``outside`` says that people log in through the municipality's own log-in, where no password of ours is needed.
    """
    able = [user for user in users if user.works_on(today) and (outside or user.password_hash)]
    everywhere = [user for user in able if user.central_registrator]
    yield _line("Registrator för hela kommunen", everywhere, "brev utan enhet fördelas av ingen", Role.REGISTRATOR)
    for role, otherwise in _ANYWHERE:
        yield _line(ROLE_NAMES[role], [user for user in able if user.has(role)], otherwise, role)


def _line(name: str, holders: Sequence[User], otherwise: str, role: Role) -> CheckLine:
    if holders:
        return CheckLine(name, True, f"{len(holders)} {'person' if len(holders) == 1 else 'personer'} kan logga in")
    # An administrator does it on the desk, but not whoever lacks one.
    where = "Lägg till en" if role is Role.ADMIN else "Lägg till en under Personer på skrivbordet, eller"
    return CheckLine(name, False, f"saknas: {otherwise}", f"{where}: {_ADD} {role}")
