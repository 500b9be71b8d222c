"""Keeping the municipality's own routing rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import NotAllowed, NotFound
from cases.office import Office
from cases.people.access import Role, User
from cases.routing.areas import Area
from cases.routing.matching import words_in
from cases.routing.rules import Conditions, RoutingRule
from cases.store.rules import RoutingRules

MOST_RULES = 50
_MOST_ENTRIES, _LONGEST_ENTRY = 20, 60
_LONGEST_NAME = 60
_ENTRIES = re.compile(r"[,;\n]")
_DOMAIN = re.compile(r"[^\s@.]+(\.[^\s@.]+)+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_STALE = "Någon annan har ändrat eller tagit bort regeln sedan du öppnade sidan. Ingenting ändrades."


@dataclass(frozen=True, slots=True)
class TypedRule:
    """A rule as somebody typed it: lists are words with commas between, by the name of the condition."""

    name: str
    unit_id: str
    active: bool
    lists: Mapping[str, str]
    areas: frozenset[Area] = frozenset()


def may_keep_rules(user: User) -> bool:
    """Whether the person may write rules: an administrator, or the whole municipality's registrator.

    Nobody else: by what a rule asks of letters, they would come before a unit that cannot read them yet.
    """
    return user.has(Role.ADMIN) or user.central_registrator


def read_rule(typed: TypedRule, old: RoutingRule | None, by: User, office: Office, now: datetime) -> RoutingRule:
    """The rule that somebody typed, new where ``old`` is None.

    Raises NotAllowed, its ``part`` "unit", "name", "conditions" or a condition's name, where something is missing.
    """
    _demand(by)
    _check_name(typed, office)
    conditions = Conditions(
        words=_entries(typed, "words", office),
        places=_entries(typed, "places", office),
        domains=tuple(one.lower().removeprefix("@") for one in _entries(typed, "domains", office)),
        addresses=tuple(one.lower() for one in _entries(typed, "addresses", office)),
        areas=tuple(area for area in Area if area in typed.areas),
    )
    _check(conditions)
    return RoutingRule(
        old.id if old else office.new_id(),
        old.position if old else 0,
        typed.name.strip(),
        typed.unit_id,
        typed.active,
        conditions,
        now,
        by.id,
    )


def _check_name(typed: TypedRule, office: Office) -> None:
    if not typed.name.strip():
        raise NotAllowed("Ge regeln ett namn. Det visas vid brevet.", "name")
    if len(typed.name) > _LONGEST_NAME:
        raise NotAllowed(f"Namnet får ha högst {_LONGEST_NAME} tecken.", "name")
    if faults := office.screen(typed.name):
        raise NotAllowed(" ".join(faults), "name")
    if typed.unit_id not in office.organisation.units:
        raise NotAllowed("Välj en enhet i listan.", "unit")


def _entries(typed: TypedRule, part: str, office: Office) -> tuple[str, ...]:
    """What was typed with commas or on lines of its own, each once."""
    found = tuple(dict.fromkeys(" ".join(one.split()) for one in _ENTRIES.split(typed.lists[part]) if one.strip()))
    if len(found) > _MOST_ENTRIES:
        raise NotAllowed(f"Skriv högst {_MOST_ENTRIES} i samma ruta. Gör en regel till om det behövs.", part)
    if too_long := next((one for one in found if len(one) > _LONGEST_ENTRY), ""):
        raise NotAllowed(f"”{too_long[:20]} …” är längre än {_LONGEST_ENTRY} tecken. Skriv kortare.", part)
    if wordless := next((one for one in found if not words_in(one)), ""):
        raise NotAllowed(f"”{wordless}” är inget ord.", part)
    if faults := office.screen(typed.lists[part]):
        raise NotAllowed(" ".join(faults), part)
    return found


def _check(conditions: Conditions) -> None:
    if not conditions.any:
        raise NotAllowed("Skriv minst ett villkor. En regel utan villkor skulle gälla varje brev.", "words")
    if wrong := next((one for one in conditions.domains if not _DOMAIN.fullmatch(one)), ""):
        raise NotAllowed(f"”{wrong}” är ingen domän. Skriv det efter @, till exempel skolan.example.", "domains")
    if wrong := next((one for one in conditions.addresses if not _ADDRESS.fullmatch(one)), ""):
        raise NotAllowed(f"”{wrong}” är ingen e-postadress.", "addresses")


def keep_rule(tx: RoutingRules, rule: RoutingRule, old: RoutingRule | None) -> None:
    """Keep a rule that `read_rule` read; a new one comes last. Raises NotAllowed where there are too many."""
    if old is not None:
        tx.save_routing_rule(rule)
        return
    others = tx.routing_rules()
    if len(others) >= MOST_RULES:
        raise NotAllowed(f"Det finns redan {MOST_RULES} regler. Ta bort en som inte behövs.")
    last = max((one.position for one in others), default=0)
    tx.save_routing_rule(replace(rule, position=last + 1))


def remove_rule(tx: RoutingRules, rule: RoutingRule, by: User) -> None:
    """Take a rule away. Raises NotAllowed where the person may not."""
    _demand(by)
    tx.erase_routing_rule(rule.id)


def move_up(tx: RoutingRules, rule: RoutingRule, by: User) -> None:
    """Let a rule be asked before the one above it. Raises NotAllowed where the person may not."""
    _demand(by)
    above = [one for one in tx.routing_rules() if one.position < rule.position]
    if above:
        tx.save_routing_rule(replace(rule, position=above[-1].position))
        tx.save_routing_rule(replace(above[-1], position=rule.position))


def _demand(by: User) -> None:
    if not may_keep_rules(by):
        raise NotAllowed("Regler skrivs av en administratör eller av kommunens registrator.")


def rule_as_seen(tx: RoutingRules, rule_id: str, seen: str) -> RoutingRule:
    """The rule that a page showed, as it stood then. Raises NotFound, and NotAllowed where it was changed since."""
    found = next((one for one in tx.routing_rules() if one.id == rule_id), None)
    if found is None:
        raise NotFound("Regeln finns inte längre.")
    if found.changed_at.isoformat() != seen:
        raise NotAllowed(_STALE)
    return found
