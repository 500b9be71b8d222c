"""Questions that are asked of many letters: put once for all of a batch, then answered from memory one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from storage.tables.columns import Moment

KEYS: sa.BindParameter[list[str]] = sa.bindparam("keys", expanding=True)
SINCE = sa.bindparam("since", type_=Moment)
Answer = Sequence[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """Rows by key. The first column of ``select`` is the key, one of ``KEYS``; rows stand in the order of an answer.

    ``keyed`` names, for each table asked, the column by which a new row changes the answer of a key; None where a new
    row may change any.
    """

    select: sa.Select[Any] | sa.CompoundSelect[Any]
    keyed: Mapping[sa.Table, str | None]


@dataclass(slots=True)
class Answers:
    """What was answered in one transaction; forgotten where anything is written that it may depend on."""

    _known: dict[Question, dict[str, tuple[datetime | None, list[Any]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    # What rows that still wait to be written add to answers, known or not.
    _waiting: dict[Question, dict[str, list[Any]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def of(self, question: Question, key: str, since: datetime | None = None) -> Answer | None:
        """The rows, which may reach further back than ``since``; None where that was not asked yet."""
        found = self._known[question].get(key)
        if found is None or (since is not None and found[0] is not None and found[0] > since):
            return None
        return found[1]

    def learn(
        self, question: Question, keys: Iterable[str], rows: Iterable[Any], since: datetime | None = None
    ) -> None:
        """Remember the answer of each of these keys, empty ones too."""
        known, waiting = self._known[question], self._waiting[question]
        asked = list(keys)
        known.update({key: (since, []) for key in asked})
        for row in rows:
            known[row[0]][1].append(row)
        for key in asked:
            known[key][1].extend(waiting.get(key, ()))

    def grow(self, question: Question, key: str, row: Sequence[Any]) -> None:
        """A row that waits to be written is one more of this key's answer."""
        self._waiting[question][key].append(row)
        if (found := self._known[question].get(key)) is not None:
            found[1].append(row)

    def wrote(self, table: sa.Table, row: Mapping[str, Any], but: Collection[Question] = ()) -> None:
        """A row was written: what it may change is no longer known, ``but`` the questions whose answers are grown."""
        for question, known in self._known.items():
            if question in but or table not in question.keyed:
                continue
            column = question.keyed[table]
            if column is None:
                known.clear()
            else:
                known.pop(row.get(column) or "", None)

    def settle(self) -> None:
        """What waited is written, and may look otherwise now: what it added to is asked anew."""
        for question, waiting in self._waiting.items():
            for key in waiting:
                self._known[question].pop(key, None)
        self._waiting.clear()

    def forget(self) -> None:
        """Anything may have been written."""
        self._known.clear()


def by_name(row: sa.Row[Any]) -> RowMapping:
    """The values of a row by the names of their columns."""
    return row._mapping  # noqa: SLF001 - public in SQLAlchemy; the underscore keeps it apart from columns' names
