"""The routing rule of the demonstration: the model knows culture and leisure, Ekdala knows whose the library is."""

from datetime import datetime

from cases.ports import NewId, Tx
from cases.routing.areas import Area
from cases.routing.rules import Conditions, RoutingRule

_LIBRARY = Conditions(words=("bibliotek", "kirjasto", "library"), areas=(Area.KULTUR_FRITID,))


def add_rules(tx: Tx, new_id: NewId, now: datetime) -> None:
    """Keep it as the system's own."""
    tx.save_routing_rule(RoutingRule(new_id(), 1, "Biblioteken", "kultur", True, _LIBRARY, now, "system"))
