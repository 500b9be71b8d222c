"""Who can log in to the demonstration: one of each role, in a municipality that does not exist."""

from dataclasses import dataclass

from cases.people.access import EVERYWHERE, Grant, Role, User
from cases.ports import NewId, Tx
from desk.login.passwords import hash_password

PASSWORD = "lyhord i ekdala"  # noqa: S105 - printed on start; the demonstration listens on loopback only


@dataclass(frozen=True, slots=True)
class Played:
    """A person of the demonstration: address, name, title, what they may, and what one sees as them."""

    email: str
    name: str
    title: str
    grants: tuple[Grant, ...]
    sees: str


_EVERY_NAMND = ("ks", "sbn", "bun", "son", "kfn")

PEOPLE = (
    Played(
        "rut.registrator@ekdala.example",
        "Rut Almgren",
        "registrator",
        # The kansli keeps the diaries of all nämnder here; each is still its own authority.
        (Grant(Role.REGISTRATOR, EVERYWHERE), *(Grant(Role.REGISTRATOR, namnd) for namnd in _EVERY_NAMND)),
        "brev att fördela, diariet",
    ),
    Played(
        "hassan.handlaggare@ekdala.example",
        "Hassan Vikström",
        "trafikingenjör",
        (Grant(Role.HANDLAGGARE, "gata"),),
        "egna ärenden hos Gata och park",
    ),
    Played(
        "anna.omsorg@ekdala.example",
        "Anna Lindh",
        "biståndshandläggare",
        (Grant(Role.HANDLAGGARE, "aldreomsorg"),),
        "egna ärenden hos Äldreomsorgen",
    ),
    Played(
        "robert.vagmark@ekdala.example",
        "Robert Vägmark",
        "gatuchef",
        (Grant(Role.CHEF, "gata"),),
        "chefens sida för Gata och park",
    ),
    Played(
        "vera.vissel@ekdala.example",
        "Vera Ståhl",
        "utsedd mottagare av visselblåsning",
        (Grant(Role.VISSELMOTTAGARE, EVERYWHERE),),
        "det som ingen annan får läsa",
    ),
    Played(
        "gunnar.granskare@ekdala.example",
        "Gunnar Hed",
        "informationssäkerhetssamordnare",
        (Grant(Role.GRANSKARE, EVERYWHERE),),
        "läsloggen",
    ),
    Played(
        "admin@ekdala.example",
        "Ada Sten",
        "systemförvaltare",
        (Grant(Role.ADMIN, EVERYWHERE),),
        "användare, hälsa, utkorg; inga brev",
    ),
)


def add_people(tx: Tx, new_id: NewId) -> None:
    """Give each of them a log-in."""
    hashed = hash_password(PASSWORD)
    for played in PEOPLE:
        user = User(new_id(), played.email, played.name, played.title, frozenset(played.grants), hashed)
        tx.add_user(user)
