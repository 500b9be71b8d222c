"""How far decisions not to hand out have come, and which of them are watched."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cases.records.appeals import Refused, Review, Timely
from cases.records.courts import Court
from storage.database.engine import Part
from storage.rows import Row, maybe
from storage.tables.refusals import refusals

_r = refusals.c
_FIELDS = tuple(Refused.__dataclass_fields__)
_ALL = sa.select(refusals).order_by(_r.decided, _r.case_id, _r.number)
_OF_CASE = _ALL.where(_r.case_id == sa.bindparam("its_case"))
_WATCHED = _ALL.where(sa.not_(_r.settled))


def decided(case_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a decision in the case, or that it is noted as the appeal of in another, has days of its own."""
    return sa.exists().where(sa.or_(_r.appeal_case == case_id, _r.case_id == case_id))


class RefusalPart(Part):
    """The whole of ``Refusals``."""

    def save_refused(self, refused: Refused) -> None:
        """Keep how far a decision has come, in place of what was kept of it before."""
        self.replace(refusals, ["id"], {name: getattr(refused, name) for name in _FIELDS})

    def refused_of(self, case_id: str) -> Sequence[Refused]:
        """The decisions of a case, the first one first."""
        return [_refused(row) for row in self.connection.execute(_OF_CASE, {"its_case": case_id}).mappings()]

    def refused_watched(self) -> Sequence[Refused]:
        """Every decision that is not settled, of all cases, the first one first."""
        return [_refused(row) for row in self.connection.execute(_WATCHED).mappings()]


def _refused(row: Row) -> Refused:
    plain: dict[str, Any] = {name: row[name] for name in _FIELDS}
    kinds = {"timely": maybe(Timely, row["timely"]), "review": maybe(Review, row["review"])}
    return Refused(**(plain | kinds | {"court": Court(row["court"])}))
