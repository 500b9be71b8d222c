"""Which of the municipality's own routing rules speaks of a letter."""

from collections.abc import Sequence
from dataclasses import replace

from cases.inbound.messages import InboundMessage
from cases.office import Office
from cases.people.organisation import Organisation
from cases.routing.flags import FlagKind, active_kinds
from cases.routing.matching import LetterWords, read_words
from cases.routing.rules import Conditions, RoutingRule
from cases.routing.suggestion import Evidence, SpokenRule, Suggestion
from cases.routing.tracks import foremost


def with_rule(
    rules: Sequence[RoutingRule], suggestion: Suggestion, message: InboundMessage, office: Office
) -> Suggestion:
    """The suggestion with what the municipality's own rules say of the letter, and the words that one found in it."""
    if not rules:
        return suggestion
    words = read_words(suggestion.text, office.analyse)
    rule = _first(rules, suggestion, message, words, office)
    if rule is None:
        return suggestion
    return replace(suggestion, rule=_said(rule), evidence=_evidence(rule.conditions, words))


def spoken(
    rules: Sequence[RoutingRule], suggestion: Suggestion, message: InboundMessage, office: Office
) -> SpokenRule | None:
    """What the first rule that hits a letter says.

    None speaks of what may be whistle-blowing or goes another way by law, nor one whose unit is gone; and none takes
    what may be protected to another nämnd than the model means, for that is disclosure (OSL 8:1).
    """
    rule = _first(rules, suggestion, message, read_words(suggestion.text, office.analyse), office)
    return _said(rule) if rule else None


def _said(rule: RoutingRule) -> SpokenRule:
    return SpokenRule(rule.id, rule.name, rule.unit_id)


def _first(
    rules: Sequence[RoutingRule], suggestion: Suggestion, message: InboundMessage, words: LetterWords, office: Office
) -> RoutingRule | None:
    if foremost(suggestion.tracks) or FlagKind.VISSELBLASNING in active_kinds(suggestion.flags):
        return None
    tree = office.organisation
    may = (rule for rule in rules if rule.active and _may_name(rule.unit_id, suggestion, tree))
    return next((rule for rule in may if _hits(rule, suggestion, message, words)), None)


def _evidence(asked: Conditions, words: LetterWords) -> tuple[Evidence, ...]:
    """What a rule found in the letter; nothing where it goes by addresses or the model's subject alone."""
    found = [*((words.says(one), one) for one in asked.words), *((words.names(one), one) for one in asked.places)]
    return tuple(Evidence(start, end, words.text[start:end], 1.0) for start, end in words.stretches(found))


def _may_name(unit_id: str, suggestion: Suggestion, tree: Organisation) -> bool:
    unit = tree.units.get(tree.unit_now(unit_id))
    if unit is None or not active_kinds(suggestion.flags):
        return unit is not None
    meant = tree.unit_meant(suggestion.areas[0].area, suggestion.unit_id)
    return tree.authority_of(unit.id).id == tree.authority_of(meant.id).id


def _hits(rule: RoutingRule, suggestion: Suggestion, message: InboundMessage, words: LetterWords) -> bool:
    asked = rule.conditions
    return (
        (not asked.areas or suggestion.areas[0].area in asked.areas)
        and (not asked.domains or _comes_from(message, asked.domains))
        and (not asked.addresses or not set(message.recipients).isdisjoint(asked.addresses))
        and (not asked.places or any(map(words.names, asked.places)))
        and (not asked.words or any(map(words.says, asked.words)))
    )


def _comes_from(message: InboundMessage, domains: Sequence[str]) -> bool:
    address = message.forwarded_from.addr if message.forwarded_from else message.from_addr
    domain = address.lower().rpartition("@")[2]
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
