"""The municipality's own routing rules, and how they fared with letters somebody may read."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.people.access import Viewer
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.rules import Conditions, RoutingRule, RuleRecord
from cases.routing.suggestion import SpokenRule
from cases.store.rules import TriedLetter
from storage.database.engine import Part
from storage.database.questions import KEYS
from storage.payloads import dump, message_from_json, suggestion_from_json
from storage.queries.lists import newest_first
from storage.rows import Row
from storage.tables.cases import cases, decisions, suggestions
from storage.tables.mail import messages
from storage.tables.rules import RULED, routing_rules, rule_hits
from storage.visibility import visible

_LISTS = ("words", "places", "domains", "addresses")
_PLAIN = ("id", "position", "name", "unit_id", "active", "changed_at", "changed_by")
_NAMES = sa.select(rule_hits.c.case_id, rule_hits.c.name).where(rule_hits.c.case_id.in_(KEYS))
# Of each case the first letter, then the suggestions for it, the last of which is the case's.
_TRIED = (
    sa.select(suggestions.c.case_id, suggestions.c.message_row_id, suggestions.c.areas)
    .add_columns(suggestions.c.content.label("said"), messages.c.content)
    .join(messages, messages.c.id == suggestions.c.message_row_id)
    .where(suggestions.c.case_id.in_(KEYS))
    .order_by(messages.c.received_at, messages.c.seq, suggestions.c.seq)
)


class RulePart(Part):
    """The whole of ``RoutingRules``."""

    def routing_rules(self) -> Sequence[RoutingRule]:
        """All of them, in their order."""
        query = sa.select(routing_rules).order_by(routing_rules.c.position, routing_rules.c.id)
        return [_rule(row) for row in self.connection.execute(query).mappings()]

    def save_routing_rule(self, rule: RoutingRule) -> None:
        """Keep it, in place of what its id had before."""
        row = {name: getattr(rule, name) for name in _PLAIN} | {"conditions": _to_json(rule.conditions)}
        self.replace(routing_rules, ["id"], row)

    def erase_routing_rule(self, rule_id: str) -> None:
        """Forget it; what it said of letters stays with them."""
        self.connection.execute(routing_rules.delete().where(routing_rules.c.id == rule_id))

    def note_rule(self, case_id: str, rule: SpokenRule | None, at: datetime) -> None:
        """Note which rule speaks in a case's suggestion, in place of what was noted before."""
        if rule is None:
            self.after(rule_hits).execute(rule_hits.delete().where(rule_hits.c.case_id == case_id))
            return
        self.replace(rule_hits, ["case_id"], {"case_id": case_id, "rule_id": rule.rule_id, "name": rule.name, "at": at})

    def rules_of(self, case_ids: Sequence[str]) -> dict[str, str]:
        """The names of the rules that speak in the suggestions of cases, by the case; most have none."""
        return {row.case_id: row.name for row in self.after(rule_hits).execute(_NAMES, {"keys": list(case_ids)})}

    def rule_records(self, viewer: Viewer) -> Mapping[str, RuleRecord]:
        """How each rule fared in the cases the viewer may read."""
        ruled = sa.and_(decisions.c.case_id.in_(RULED), decisions.c.choice == RoutingChoice.UNIT)
        first = sa.select(sa.func.min(decisions.c.seq)).where(ruled).group_by(decisions.c.case_id)
        made = sa.and_(decisions.c.case_id == rule_hits.c.case_id, decisions.c.seq.in_(first))
        followed = sa.func.sum(sa.case((decisions.c.agreed, 1), else_=0))
        query = sa.select(rule_hits.c.rule_id, sa.func.count(), sa.func.count(decisions.c.seq), followed)
        query = query.select_from(rule_hits.join(cases, cases.c.id == rule_hits.c.case_id).outerjoin(decisions, made))
        rows = self.connection.execute(query.where(visible(viewer)).group_by(rule_hits.c.rule_id))
        return {rule_id: RuleRecord(*counts) for rule_id, *counts in rows}

    def letters_to_try(self, viewer: Viewer, limit: int) -> Sequence[TriedLetter]:
        """The first letters of the newest cases the viewer may read that have a suggestion, newest first."""
        newest = sa.select(cases.c.id).where(visible(viewer), cases.c.area.is_not(None), cases.c.disposed_at.is_(None))
        ids = list(self.connection.execute(newest.order_by(*newest_first()).limit(limit)).scalars())
        found = dict[str, Row]()
        for row in self.connection.execute(_TRIED, {"keys": ids}).mappings():
            if found.setdefault(row["case_id"], row)["message_row_id"] == row["message_row_id"]:
                found[row["case_id"]] = row
        return [_tried(found[one]) for one in ids if one in found]


def _tried(row: Row) -> TriedLetter:
    made = suggestion_from_json(row["said"], row["areas"])
    return TriedLetter(row["case_id"], made, message_from_json(row["content"], "", ()))


def _rule(row: Row) -> RoutingRule:
    return RoutingRule(**{name: row[name] for name in _PLAIN}, conditions=_from_json(row["conditions"]))


def _to_json(conditions: Conditions) -> str:
    return dump({name: getattr(conditions, name) for name in (*_LISTS, "areas")})


def _from_json(text: str) -> Conditions:
    row: Mapping[str, list[str]] = json.loads(text)
    lists = {name: tuple(row.get(name, ())) for name in _LISTS}
    return Conditions(**lists, areas=tuple(Area(one) for one in row.get("areas", ())))
