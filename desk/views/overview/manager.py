"""The chef's page: what must be seen first of the units they lead, each case under one heading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.case import CaseStatus
from cases.routing.suggestion import Severity
from cases.steps.joining.unhappy import DECIDING, REASONS
from cases.store.views import ListFilter, ListKind
from desk.case.rows import Row, make_rows
from desk.context import Chef

router = APIRouter()
_MOST_OF_EACH = 15
# What a line says of itself beside what stands on every line of a list: state, severity, flags and how late it is.
_AS_LABEL = {
    "Inte nöjda eller vill nå dig": "Inte nöjd eller vill nå dig",
    "Väntar på en handläggare": "Utan handläggare",
}


@router.get("/chef")
def chef(person: Chef) -> Response:
    """What a chef must see first: lifted, unhappy, threatening, serious and late cases of the units they lead."""
    today = local_day(person.now)
    with person.desk.store.read() as tx:
        own = [
            one
            for one in tx.glances(ListKind.UNIT, person.viewer, ListFilter(limit=500))
            if one.unit_id in person.viewer.chef_units
        ]
        asked = tx.last_of([one.id for one in own], DECIDING)
        parts = {
            "Lyfta till dig": [one.id for one in own if one.status is CaseStatus.ESCALATED],
            "Inte nöjda eller vill nå dig": [one.id for one in own if asked.get(one.id) in REASONS],
            "Hot eller våld": [one.id for one in own if one.threat],
            "Allvarliga": [one.id for one in own if one.severity is Severity.ALLVARLIG],
            "Försenade": [one.id for one in own if one.due is not None and one.due < today],
            "Väntar på en handläggare": [one.id for one in own if not one.assignee_id],
        }
        standing = _each_once(parts)
        seen = [case_id for found in standing.values() for case_id in found[:_MOST_OF_EACH]]
        lines = tx.lines_by_id(seen, person.viewer)
    rows = dict(zip((line.id for line in lines), make_rows(lines, person.office, person.now), strict=True))
    shown = [_chefs_part(name, parts, standing, rows) for name in parts]
    also = {case_id: [_AS_LABEL[n] for n in _AS_LABEL if case_id in {*parts[n]} - {*standing[n]}] for case_id in seen}
    return person.page("overview/manager.html", parts=shown, also=also, count=len(own))


@dataclass(frozen=True, slots=True)
class _ChefsPart:
    """A heading of the chef's page: how many cases are so, those that stand under it, and how many stand above.

    ``at`` is the number of the heading that the first of them stands under; 0 where there are none.
    """

    name: str
    total: int
    standing: int
    rows: Sequence[Row]
    at: int

    @property
    def above(self) -> int:
        """How many of them stand under a heading above this one."""
        return self.total - self.standing


def _each_once(parts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Each case under the first heading that it belongs to: what was hot stood there three times."""
    first: dict[str, str] = {}
    for name, found in parts.items():
        for case_id in found:
            first.setdefault(case_id, name)
    return {name: [one for one in found if first[one] == name] for name, found in parts.items()}


def _chefs_part(
    name: str, parts: Mapping[str, Sequence[str]], standing: Mapping[str, Sequence[str]], rows: Mapping[str, Row]
) -> _ChefsPart:
    own = standing[name]
    held = own or parts[name]
    at = next((n for n, found in enumerate(standing.values(), 1) if held and held[0] in found), 0)
    shown = [rows[one] for one in own[:_MOST_OF_EACH] if one in rows]
    return _ChefsPart(name, len(parts[name]), len(own), shown, at)
