"""Keeping lists of one's own, alone or with a unit."""

from collections.abc import Sequence
from dataclasses import replace

from cases.errors import NotAllowed, NotFound
from cases.office import Office
from cases.people.access import Viewer
from cases.people.organisation import Organisation
from cases.people.saved_lists import SavedList, SavedLists

LONGEST_NAME = 60
_MOST = 30


def lists_of(tx: SavedLists, viewer: Viewer, tree: Organisation) -> Sequence[SavedList]:
    """The lists a person has: their own, and those of the units they work in, also from before a reorganisation."""
    own = units_of(viewer)
    before = {old for old in tree.renamed if tree.unit_now(old) in own}
    return [replace(one, unit_id=tree.unit_now(one.unit_id)) for one in tx.saved_lists(viewer.user_id, own | before)]


def units_of(viewer: Viewer) -> frozenset[str]:
    """The units with whose people the person may share a list."""
    return viewer.member_units | viewer.registrator_units | viewer.chef_units


def may_change(saved: SavedList, viewer: Viewer) -> bool:
    """Whether the person may rename a list and take it away: its owner, and who leads or keeps the unit it is for."""
    return saved.owner_id == viewer.user_id or saved.unit_id in viewer.registrator_units | viewer.chef_units


def keep_list(tx: SavedLists, saved: SavedList, viewer: Viewer, office: Office) -> SavedList:
    """Keep a new list; sent twice, the one that is there. Raises NotAllowed, its ``part`` "name" or "unit"."""
    mine = [one for one in lists_of(tx, viewer, office.organisation) if one.owner_id == viewer.user_id]
    saved = replace(saved, owner_id=viewer.user_id, name=_fit_name(saved.name, office))
    namesake = next((one for one in mine if one.name == saved.name), None)
    if namesake and replace(namesake, id=saved.id) == saved:
        return namesake
    if namesake:
        raise NotAllowed("Du har redan en lista som heter så.", "name")
    if len(mine) >= _MOST:
        raise NotAllowed(f"Du har redan {_MOST} listor. Ta bort någon först.", "name")
    if saved.unit_id and saved.unit_id not in units_of(viewer):
        raise NotAllowed("Du kan bara dela listor med dina egna enheter.", "unit")
    tx.save_list(saved)
    return saved


def rename_list(tx: SavedLists, list_id: str, name: str, viewer: Viewer, office: Office) -> SavedList:
    """Give a list another name. Raises NotFound, and NotAllowed, its ``part`` "name"."""
    renamed = replace(_to_change(tx, list_id, viewer, office.organisation), name=_fit_name(name, office))
    its_owners = tx.saved_lists(renamed.owner_id, ())
    if any(one.name == renamed.name and one.id != list_id for one in its_owners):
        raise NotAllowed("Det finns redan en lista som heter så.", "name")
    tx.save_list(renamed)
    return renamed


def remove_list(tx: SavedLists, list_id: str, viewer: Viewer, tree: Organisation) -> SavedList:
    """Forget a list. Raises NotFound, also where it is another's."""
    saved = _to_change(tx, list_id, viewer, tree)
    tx.erase_list(saved.id)
    return saved


def _to_change(tx: SavedLists, list_id: str, viewer: Viewer, tree: Organisation) -> SavedList:
    """A list the person may change. Raises NotFound."""
    for one in lists_of(tx, viewer, tree):
        if one.id == list_id and may_change(one, viewer):
            return one
    raise NotFound("Listan finns inte längre.")


def _fit_name(name: str, office: Office) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotAllowed("Ge listan ett namn.", "name")
    if len(name) > LONGEST_NAME:
        raise NotAllowed(f"Namnet får ha högst {LONGEST_NAME} tecken.", "name")
    # It stands in the menu, for all in the unit where the list is shared.
    if faults := office.screen(name):
        raise NotAllowed(" ".join(faults), "name")
    return name
