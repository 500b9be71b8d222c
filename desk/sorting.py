"""Sorting a list by its columns: from the query string to ListOrder, and what the links that sort are made of."""

from dataclasses import dataclass

from cases.alphabet import alphabetical
from cases.people.organisation import Organisation
from cases.store.views import ListKind, ListOrder, OrderKey
from desk.forms import one_of

SORTED = "sortera"
"""The name in the query string; a minus before the key turns the order."""
_K = OrderKey
_NAMES = {_K.NUMBER: "Nummer", _K.RECEIVED: "Inkom", _K.DUE: "Svar senast", _K.UNIT: "Enhet", _K.STATUS: "Status"}


@dataclass(frozen=True, slots=True)
class Column:
    """What a list can be sorted by: ``now`` is how it is, as ``aria-sort`` says it; ``then`` what a press asks for."""

    name: str
    now: str
    then: str


def read_order(asked: str, organisation: Organisation) -> ListOrder | None:
    """The order of a query string; none for what is none of ours, which leaves the list's own."""
    key = one_of(OrderKey, asked.removeprefix("-"))
    if key is None:
        return None
    units = sorted(organisation.units.values(), key=lambda unit: alphabetical(unit.name)) if key is _K.UNIT else ()
    return ListOrder(key, asked.startswith("-"), tuple(unit.id for unit in units))


def order_text(order: ListOrder | None) -> str:
    """How a query string says it; empty for the list's own order."""
    return f"{'-' if order.backwards else ''}{order.key}" if order else ""


def columns_of(kind: ListKind, order: ListOrder | None) -> dict[str, Column]:
    """By key, what a list can be sorted by; the register tells no day of an answer."""
    own = ListOrder(_K.RECEIVED, backwards=True) if kind is ListKind.ALL else ListOrder(_K.DUE)
    now = order or own
    found = {}
    for key, name in _NAMES.items():
        turned = key is now.key and not now.backwards
        said = "none" if key is not now.key else "descending" if now.backwards else "ascending"
        found[key.value] = Column(name, said, order_text(ListOrder(key, turned)))
    if kind is ListKind.ALL:
        del found[_K.DUE]
    return found
