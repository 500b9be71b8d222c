"""What the model may learn from: routed letters without flags, and how the suggestions fared."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.learning import AUTOMATIC, ConfirmedLetter, RoutedCase, SuggestedArea
from cases.routing.suggestion import CaseType, Severity
from storage.database.engine import Part
from storage.payloads import first_area, suggestion_from_json
from storage.rows import Row
from storage.tables.cases import cases, decisions, suggestions
from storage.tables.mail import messages
from storage.tables.rules import RULED

_Yes = sa.ColumnElement[bool]
_UNLEARNT = (CaseStatus.NOT_A_CASE, CaseStatus.MERGED, CaseStatus.SPLIT, CaseStatus.SUGGESTED)


def _by_person(table: sa.FromClause) -> _Yes:
    return sa.and_(table.c.choice == RoutingChoice.UNIT, table.c.decided_by != AUTOMATIC)


def _judged(table: sa.FromClause) -> tuple[_Yes, ...]:
    """A person said of a suggestion to which unit the letter goes."""
    return _by_person(table), table.c.suggested_area.is_not(None)


def _is_first(table: sa.Table, among: Callable[[sa.FromClause], tuple[_Yes, ...]] = lambda _: ()) -> _Yes:
    """True for a row before which its case has none such.

    Asked of each row of the last weeks: the first of every case there ever was would be every row there ever was.
    """
    other = table.alias("earlier")
    return ~sa.exists().where(other.c.case_id == table.c.case_id, other.c.seq < table.c.seq, *among(other))


_DECIDED = decisions.join(cases, cases.c.id == decisions.c.case_id)
_LEARNABLE = (
    _by_person(decisions),
    decisions.c.seq.in_(sa.select(sa.func.max(decisions.c.seq)).group_by(decisions.c.case_id)),
    ~cases.c.protected,
    ~cases.c.whistle,
    cases.c.disposed_at.is_(None),
    cases.c.status.not_in(_UNLEARNT),
    # Who said yes to a rule judged the rule; where it was corrected, a person said what the model could have known.
    sa.or_(~decisions.c.agreed, decisions.c.case_id.not_in(RULED)),
)


class LearningPart(Part):
    """The whole of ``Learning``."""

    def confirmed_letters(self, limit: int) -> Sequence[ConfirmedLetter]:
        """The first letters of unprotected cases whose last routing sent them to a unit and was a person's."""
        first = sa.select(sa.func.min(messages.c.seq)).where(messages.c.direction == "in").group_by(messages.c.case_id)
        latest = sa.select(sa.func.max(suggestions.c.seq)).group_by(suggestions.c.message_row_id)
        joined = _DECIDED.join(suggestions, suggestions.c.case_id == cases.c.id)
        joined = joined.join(messages, messages.c.id == suggestions.c.message_row_id)
        query = sa.select(*_COLUMNS).select_from(joined).where(*_LEARNABLE)
        query = query.where(messages.c.seq.in_(first), suggestions.c.seq.in_(latest))
        rows = self.connection.execute(query.order_by(decisions.c.seq.desc()).limit(limit)).mappings()
        return [_letter(row) for row in rows][::-1]

    def confirmed_cases(self) -> Collection[str]:
        """The ids of all cases whose letter may be learnt from."""
        query = sa.select(decisions.c.case_id).select_from(_DECIDED).where(*_LEARNABLE)
        return frozenset(self.connection.execute(query).scalars())

    def routed_cases(self, since: datetime) -> Sequence[RoutedCase]:
        """The first routing by a person to a unit of each case that had a suggestion, decided since then."""
        query = sa.select(*_FARED).where(*_judged(decisions), _is_first(decisions, _judged))
        query = query.join(cases, cases.c.id == decisions.c.case_id).where(~cases.c.whistle)
        query = query.where(cases.c.disposed_at.is_(None), cases.c.id.not_in(RULED))
        query = query.where(decisions.c.decided_at >= since)
        rows = self.connection.execute(query.order_by(decisions.c.decided_at, decisions.c.seq))
        return [RoutedCase(*row) for row in rows]

    def suggested_areas(self, since: datetime) -> Sequence[SuggestedArea]:
        """The first suggestion of each case, made since then, oldest first."""
        head = sa.func.substr(suggestions.c.areas, 1, _FIRST_PAIR).label("areas")
        query = sa.select(suggestions.c.at, head).where(_is_first(suggestions))
        query = query.join(cases, cases.c.id == suggestions.c.case_id).where(~cases.c.whistle)
        query = query.where(suggestions.c.at >= since).order_by(suggestions.c.at, suggestions.c.seq)
        found = ((row.at, first_area(row.areas)) for row in self.connection.execute(query))
        return [SuggestedArea(at, *first) for at, first in found if first]


# Longer than any area's name with its confidence.
_FIRST_PAIR = 100
_FARED = (decisions.c.decided_at, decisions.c.suggested_unit, decisions.c.unit_id, decisions.c.none_fits)
_COLUMNS = (
    decisions.c.case_id,
    decisions.c.decided_at,
    decisions.c.unit_id,
    decisions.c.area,
    decisions.c.agreed,
    cases.c.sender_key,
    cases.c.type,
    cases.c.severity,
    suggestions.c.content,
    suggestions.c.areas,
)


def _letter(row: Row) -> ConfirmedLetter:
    made = suggestion_from_json(row["content"], row["areas"])
    return ConfirmedLetter(
        case_id=row["case_id"],
        sender=row["sender_key"],
        decided_at=row["decided_at"],
        text=made.text,
        areas=tuple(ranked.area for ranked in made.areas),
        unit_id=row["unit_id"],
        area=Area(row["area"]),
        type=CaseType(row["type"] or made.type),
        severity=Severity(row["severity"] or made.severity),
        language=made.language,
        agreed=row["agreed"],
    )
