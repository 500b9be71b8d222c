"""Letters of one incident, found by their imprints among the cases one may read; and how cases hang on another."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from cases.access import Viewer
from cases.case import CaseStatus
from cases.incidents import LEAST_COSINE, MOST_OFFERED, WINDOW_CASES, WINDOW_DAYS, Imprint, Likeness, likeness, unit
from cases.promises import PromiseKind
from cases.ties import CaseTie, TieKind
from cases.views import SameIncident
from storage.incident_tables import case_ties, imprints
from storage.mail_tables import messages
from storage.pages import CASE_LINES, PagePart
from storage.payloads import dump
from storage.questions import KEYS, Question, by_name
from storage.rows import Row
from storage.tables import case_links, cases
from storage.visibility import visible

_i, _t = imprints.c, case_ties.c
_DAY = 86_400.0
# A place that one letter in fifty names is the town itself.
_COMMON_PLACE = 0.02
_COMMON_LEAST = 8


_COMPARED = (_i.case_id, _i.vector, _i.places, _i.words, cases.c.received_at, cases.c.area)


class _Compared(NamedTuple):
    """What is compared of a letter."""

    case_id: str
    vector: bytes
    places: str
    words: str
    received_at: datetime
    area: str | None


class IncidentPart(PagePart):
    """The whole of ``Incidents``."""

    def add_imprint(self, case_id: str, message_row_id: str, imprint: Imprint) -> None:
        """Keep what finds a letter's like; a letter read again has one imprint still."""
        row = {"message_row_id": message_row_id, "case_id": case_id, "space": imprint.space, "vector": imprint.vector}
        words = {name: " ".join(sorted(getattr(imprint, name))) for name in ("places", "words")}
        self.replace_later(imprints, ("message_row_id",), row | words)

    def same_incident(self, case_id: str, viewer: Viewer) -> Sequence[SameIncident]:
        """Cases that may be of one incident with this one, surest first; none that is linked or tied already.

        Only cases the viewer may read are looked at, so that no other is offered, counted, or changes what is offered.
        """
        first = self._first_imprint(case_id, viewer)
        if first is None:
            return []
        space, mine = first
        found = _nearest(mine, self._window(mine, space, viewer), unit(space))
        if not found:
            return []
        lines = self.lines_of(CASE_LINES.where(cases.c.id.in_(list(found)), visible(viewer)))
        offered = [SameIncident(line, found[line.id]) for line in lines]
        return sorted(offered, key=lambda one: (-one.likeness.score, one.line.number))

    def _first_imprint(self, case_id: str, viewer: Viewer) -> tuple[str, _Compared] | None:
        """The space and the imprint of a case's first letter."""
        query = sa.select(_i.space, *_COMPARED).join_from(imprints, cases).join(messages)
        query = query.where(_i.case_id == case_id, visible(viewer)).order_by(messages.c.received_at).limit(1)
        row = self.connection.execute(query).first()
        return None if row is None else (row[0], _Compared(*row[1:]))

    def _window(self, mine: _Compared, space: str, viewer: Viewer) -> list[_Compared]:
        """The imprints nearest in time, of one space: as many before the letter as after it leaves room for."""
        moment, reach, when = mine.received_at, timedelta(days=WINDOW_DAYS), cases.c.received_at
        query = sa.select(*_COMPARED).join_from(imprints, cases).where(_i.space == space, visible(viewer))
        query = query.where(cases.c.status != CaseStatus.NOT_A_CASE)
        query = query.where(cases.c.id != mine.case_id, cases.c.id.not_in(_known(mine.case_id)))
        after = query.where(when > moment, when <= moment + reach).order_by(when).limit(WINDOW_CASES // 2)
        later = self._compared(after)
        before = query.where(when <= moment, when >= moment - reach).order_by(when.desc())
        return later + self._compared(before.limit(WINDOW_CASES - len(later)))

    def _compared(self, query: sa.Select[tuple[Any, ...]]) -> list[_Compared]:
        if self.connection.dialect.name != "sqlite":
            return [_Compared(*row) for row in self.connection.execute(query)]
        # Two thousand in one row: SQLite's driver gives way to other threads at each, and waits for its turn again.
        c = query.subquery().c
        parts = (c.case_id, sa.func.hex(c.vector), c.places, c.words, sa.type_coerce(c.received_at, sa.Text), c.area)
        packed = sa.select(sa.func.json_group_array(sa.func.json_array(*parts)))
        rows = json.loads(self.connection.execute(packed).scalar_one())
        return [
            _Compared(of, bytes.fromhex(hexed), places, words, _moment(at), area)
            for of, hexed, places, words, at, area in rows
        ]

    def add_tie(self, tie: CaseTie) -> None:
        """Note that one case hangs on another from now on."""
        row = {"case_id": tie.case_id, "other_id": tie.other_id, "kind": tie.kind, "was": tie.was, "at": tie.at}
        dues = dump({kind: due.isoformat() for kind, due in tie.dues.items()})
        self.replace(case_ties, ["case_id", "kind"], {**row, "dues": dues})

    def remove_tie(self, case_id: str, kind: TieKind) -> None:
        """The case hangs on no other any more."""
        self.connection.execute(case_ties.delete().where(_t.case_id == case_id, _t.kind == kind))

    def tie(self, case_id: str, kind: TieKind) -> CaseTie | None:
        """What the case hangs on."""
        ties = (_tie(by_name(row)) for row in self.ask(TIES, case_id))
        return next((tie for tie in ties if tie.kind is kind), None)

    def tied_to(self, case_id: str, kind: TieKind) -> Sequence[CaseTie]:
        """What hangs on the case, oldest first; for steps, which ask for each case what may be seen of it."""
        ties = (_tie(by_name(row)) for row in self.ask(TIED_TO, case_id))
        return [tie for tie in ties if tie.kind is kind]


TIES = Question(
    sa.select(_t.case_id.label("asked"), *_t).where(_t.case_id.in_(KEYS)).order_by(_t.at),
    {case_ties: "case_id"},
)
"""What a case hangs on."""
TIED_TO = Question(
    sa.select(_t.other_id.label("asked"), *_t).where(_t.other_id.in_(KEYS)).order_by(_t.at, _t.case_id),
    {case_ties: "other_id"},
)
"""What hangs on a case, oldest first."""


def _moment(text: str) -> datetime:
    """A moment as SQLite keeps it, see ``columns.Moment``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _known(case_id: str) -> sa.CompoundSelect[tuple[str]]:
    """Cases that somebody has put together with this one already."""
    return sa.union_all(
        sa.select(case_links.c.other_id).where(case_links.c.case_id == case_id),
        sa.select(_t.other_id).where(_t.case_id == case_id),
        sa.select(_t.case_id).where(_t.other_id == case_id),
    )


def _tie(row: Row) -> CaseTie:
    dues = {PromiseKind(kind): date.fromisoformat(due) for kind, due in json.loads(row["dues"]).items()}
    return CaseTie(row["case_id"], row["other_id"], TieKind(row["kind"]), CaseStatus(row["was"]), row["at"], dues)


def _nearest(mine: _Compared, others: Sequence[_Compared], unit_of_space: float) -> dict[str, Likeness]:
    """The cases to offer, the surest few, each with its letter that is most alike."""
    fits = [row for row in others if len(row.vector) == len(mine.vector)]
    common = _common_places([mine, *fits])
    own, found = _imprint(mine, common), dict[str, Likeness]()
    for at, cosine in _alike(mine, fits, unit_of_space):
        row = fits[at]
        apart = abs((row.received_at - mine.received_at).total_seconds()) / _DAY
        one_area = row.area is not None and row.area == mine.area
        like = likeness(own, _imprint(row, common), cosine, apart, one_area=one_area)
        if like is not None and (row.case_id not in found or like.score > found[row.case_id].score):
            found[row.case_id] = like
    best = sorted(found, key=lambda case_id: (-found[case_id].score, case_id))[:MOST_OFFERED]
    return {case_id: found[case_id] for case_id in best}


def _alike(mine: _Compared, others: Sequence[_Compared], unit_of_space: float) -> list[tuple[int, float]]:
    """Places in ``others`` and cosines of those near enough in meaning to be looked at."""
    own = np.frombuffer(mine.vector, np.int8).astype(np.float32)
    joined = b"".join(row.vector for row in others)
    table = np.frombuffer(joined, np.int8).astype(np.float32).reshape(len(others), len(own))
    # Not by @ and norm: for so little, BLAS wakes a thread on each core, and they wait there for more at full speed.
    lengths = np.sqrt(np.einsum("ij,ij->i", table, table) * np.einsum("i,i->", own, own))
    cosines = np.einsum("ij,j->i", table, own) / np.maximum(lengths, 1.0) * unit_of_space
    return [(int(at), float(cosines[at])) for at in np.flatnonzero(cosines >= LEAST_COSINE)]


def _common_places(rows: Sequence[_Compared]) -> frozenset[str]:
    counts = Counter(place for row in rows for place in row.places.split())
    most = max(_COMMON_LEAST, _COMMON_PLACE * len(rows))
    return frozenset(place for place, count in counts.items() if count > most)


def _imprint(row: _Compared, common: frozenset[str]) -> Imprint:
    return Imprint("", b"", frozenset(row.places.split()) - common, frozenset(row.words.split()))
