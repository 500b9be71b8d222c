"""What the store keeps of the municipality's own routing rules, and what it answers of how they fared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.inbound.messages import InboundMessage
from cases.people.access import Viewer
from cases.routing.rules import RoutingRule, RuleRecord
from cases.routing.suggestion import SpokenRule, Suggestion


@dataclass(frozen=True, slots=True)
class TriedLetter:
    """A case's first letter with what was suggested, for trying a rule."""

    case_id: str
    suggestion: Suggestion
    message: InboundMessage


class RoutingRules(Protocol):
    """The routing rules in the store, and what they said of letters."""

    def routing_rules(self) -> Sequence[RoutingRule]:
        """All of them, in their order."""

    def save_routing_rule(self, rule: RoutingRule) -> None:
        """Keep it, in place of what its id had before."""

    def erase_routing_rule(self, rule_id: str) -> None:
        """Forget it; what it said of letters stays with them."""

    def note_rule(self, case_id: str, rule: SpokenRule | None, at: datetime) -> None:
        """Note which rule speaks in a case's suggestion, in place of what was noted before; None, that none does."""

    def rule_records(self, viewer: Viewer) -> Mapping[str, RuleRecord]:
        """How each rule fared, by its id, in the cases the viewer may read: what it hit tells of their words."""

    def letters_to_try(self, viewer: Viewer, limit: int) -> Sequence[TriedLetter]:
        """The first letters of the newest cases the viewer may read that have a suggestion, newest first."""
