"""Lists of one's own: a list of cases as somebody narrowed and sorted it, kept by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SavedList:
    """One of them: ``path`` is the page it is seen on, ``query`` how that is narrowed and sorted.

    ``unit_id`` is the unit whose people have it too, empty for its owner's alone. Which cases it holds is asked anew
    each time it is opened, by whoever opens it, so that nobody reads more by it.
    """

    id: str
    owner_id: str
    unit_id: str
    name: str
    path: str
    query: str

    @property
    def link(self) -> str:
        """Where it is seen."""
        return f"{self.path}?{self.query}" if self.query else self.path


class SavedLists(Protocol):
    """The lists of their own that people have in the store."""

    def saved_lists(self, owner_id: str, unit_ids: Collection[str]) -> Sequence[SavedList]:
        """A person's own and those of these units, by name."""

    def save_list(self, saved: SavedList) -> None:
        """Keep it, in place of what its id had before."""

    def erase_list(self, list_id: str) -> None:
        """Forget it."""
