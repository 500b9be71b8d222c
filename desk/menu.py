"""The desk's menu: which pages a person may open, and how a long list of them is parted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from cases.people.access import Role, User
from cases.people.saved_lists import SavedList
from desk.rights import CASE_ROLES, KEEPERS, ROUTERS, holds_any
from desk.settings import ExtraPage


class MenuGroup(StrEnum):
    """What a line of the menu is for; a long menu is parted by it, in this order."""

    WORK = "Arbete"
    POST = "Post"
    FOLLOW_UP = "Uppföljning"
    ADMINISTRATION = "Administration"
    LAST = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits on a page: a number with what is ``said`` of it, and what a screen reader says besides."""

    number: int
    said: str = ""
    unsaid: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu."""

    path: str
    label: str
    icon: str
    group: MenuGroup
    roles: frozenset[Role] = field(default_factory=frozenset)
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class MenuPart:
    """Lines of the menu that stand together; those without a name are never folded, the ``unfolded`` not at first."""

    name: str
    lines: tuple[MenuItem, ...]
    unfolded: bool = False

    @property
    def waiting(self) -> int:
        """How much waits on all of its pages."""
        return sum(line.waiting.number for line in self.lines if line.waiting)

    def holds(self, path: str) -> bool:
        """Whether the page of this path, or the page it lies under, is one of them."""
        return self.unfolded or any(path == item.path or path.startswith(item.path + "/") for item in self.lines)


# As many lines as stand on a small screen without scrolling.
_LONGEST_MENU = 12
# As many as stand beside Mer on a telephone.
_ON_TELEPHONE = 4
_R = Role
_W, _P, _F, _A = MenuGroup.WORK, MenuGroup.POST, MenuGroup.FOLLOW_UP, MenuGroup.ADMINISTRATION
MENU: tuple[MenuItem, ...] = (
    MenuItem("/att-fordela", "Att fördela", "inbox", _W, ROUTERS),
    MenuItem("/mina", "Mina ärenden", "person", _W, CASE_ROLES),
    MenuItem("/enheten", "Enhetens ärenden", "people", _W, CASE_ROLES),
    MenuItem("/forsenat", "Försenat", "clock", _W, CASE_ROLES),
    MenuItem("/chef", "Chefens sida", "flagpole", _W, frozenset({_R.CHEF})),
    MenuItem("/nytt", "Nytt ärende", "plus", _W, CASE_ROLES),
    MenuItem("/diarium", "Diarium", "book", _W, CASE_ROLES),
    MenuItem("/sok", "Sök", "search", _W, CASE_ROLES),
    MenuItem("/borta", "Borta och ersättare", "away", _W, CASE_ROLES),
    MenuItem("/inkommet", "Inkommet utan ärende", "tray", _P, frozenset({_R.REGISTRATOR})),
    MenuItem("/utkorg", "Utkorg", "send", _P, KEEPERS),
    MenuItem("/karantan", "Karantän", "alert", _P, KEEPERS),
    MenuItem("/oversyn", "Översyn", "check", _F, frozenset({_R.REGISTRATOR})),
    MenuItem("/modell", "Modell", "chart", _F, KEEPERS),
    MenuItem("/laslogg", "Läslogg", "eye", _F, frozenset({_R.GRANSKARE})),
    MenuItem("/kontologg", "Kontologg", "lock", _F, frozenset({_R.ADMIN, _R.GRANSKARE})),
    MenuItem("/personer", "Personer", "key", _A, frozenset({_R.ADMIN})),
    MenuItem("/enheter", "Enheter", "people", _A, frozenset({_R.ADMIN})),
    MenuItem("/brevmallar", "Brevmallar", "pen", _A, KEEPERS),
    MenuItem("/standardtexter", "Standardtexter", "document", _A, CASE_ROLES),
    MenuItem("/utdrag", "Registerutdrag", "id", _A, frozenset({_R.REGISTRATOR})),
    MenuItem("/gallring", "Gallring", "archive", _A, KEEPERS),
    MenuItem("/fordelningsregler", "Fördelningsregler", "filter", _A, KEEPERS),
    MenuItem("/overlamning", "Överlämning", "handover", _A, frozenset({_R.CHEF, _R.ADMIN})),
    MenuItem("/andra-system", "Andra system", "link", _A, frozenset({_R.ADMIN})),
    MenuItem("/halsa", "Hälsa", "pulse", _A, KEEPERS),
)


LISTS_PATH = "/listor"
"""The page on which lists of one's own are renamed and taken away."""
_SAVABLE = frozenset({"/att-fordela", "/mina", "/enheten", "/forsenat", "/diarium"})


def page_named(path: str, user: User) -> MenuItem | None:
    """The page whose list a person may keep for themself; none where there is none, or it is not theirs."""
    return next((one for one in MENU if one.path == path in _SAVABLE and holds_any(user, one.roles)), None)


def menu_of(
    user: User,
    extra: Iterable[ExtraPage],
    saved: Sequence[SavedList] = (),
    counts: Mapping[str, Waiting] = MappingProxyType({}),
    *,
    mailboxes: bool = False,
) -> list[MenuPart]:
    """The pages of this person: the first, which a telephone has room for, then the rest, by group where it is long.

    ``extra`` are the other rooms' pages; ``saved`` lists of their own; ``counts`` what waits, by the path of a page;
    ``mailboxes`` adds the demonstration's own.
    """
    others = (MenuItem(page.path, page.label, "chart", MenuGroup.FOLLOW_UP, page.roles) for page in extra)
    own = (item for item in (*MENU, *others) if holds_any(user, item.roles))
    held = [replace(item, waiting=counts.get(item.path)) for item in own]
    parts = [tuple(item for item in held if item.group is group) for group in _order(held)]
    last = (MenuItem("/brevlador", "Medborgarnas brevlådor", "letter", MenuGroup.LAST),) if mailboxes else ()
    if len(held) <= _LONGEST_MENU:
        *above, below = _parted((*(item for part in parts for item in part), *last))
        return [*above, *_own(saved, user), below]
    first, *folded = [part for part in parts if part]
    return [
        *_parted(first),
        *_own(saved, user),
        *(MenuPart(part[0].group.value, part) for part in folded),
        MenuPart("", last),
    ]


def _own(saved: Iterable[SavedList], user: User) -> list[MenuPart]:
    """The lists of one's own, each on a page that the person may open."""
    lines = tuple(
        MenuItem(one.link, one.name, page.icon, MenuGroup.WORK) for one in saved if (page := page_named(one.path, user))
    )
    change = MenuItem(LISTS_PATH, "Ändra listorna", "pen", MenuGroup.WORK)
    return [MenuPart("Mina listor", (*lines, change), unfolded=True)] if lines else []


def _order(held: Iterable[MenuItem]) -> list[MenuGroup]:
    """The groups, a person's own work first: whoever handles no cases administers."""
    own = MenuGroup.WORK if any(item.group is MenuGroup.WORK for item in held) else MenuGroup.ADMINISTRATION
    return [own, *(group for group in MenuGroup if group is not own)]


def _parted(lines: tuple[MenuItem, ...]) -> list[MenuPart]:
    """What stands on a telephone, and what does not."""
    if len(lines) <= _ON_TELEPHONE:
        return [MenuPart("", lines)]
    return [MenuPart("", lines[:_ON_TELEPHONE]), MenuPart("", lines[_ON_TELEPHONE:])]
