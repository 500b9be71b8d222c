"""Letters of one incident, found by their imprints among the cases one may read; and how cases hang on another."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.people.access import Viewer
from cases.promises import PromiseKind
from cases.routing.incidents import (
    LEAST_COSINE,
    MOST_OFFERED,
    WINDOW_CASES,
    WINDOW_DAYS,
    Imprint,
    Likeness,
    likeness,
    unit,
)
from cases.store.views import SameIncident
from cases.ties import CaseTie, TieKind
from storage.database.questions import KEYS, Question, by_name
from storage.payloads import dump
from storage.queries.pages import PagePart
from storage.rows import Row
from storage.tables.cases import case_links, cases
from storage.tables.incidents import case_ties, imprints
from storage.tables.mail import messages
from storage.visibility import visible

_i, _t = imprints.c, case_ties.c
_DAY = 86_400.0
# The first of January 1970 as SQLite counts days.
_EPOCH = 2_440_587.5
# A place that one letter in fifty names is the town itself.
_COMMON_PLACE = 0.02
_COMMON_LEAST = 8


_COMPARED = (_i.case_id, _i.vector, _i.places, _i.words, cases.c.received_at, cases.c.area)
_THIS: sa.BindParameter[str] = sa.bindparam("its_case")
# Between the texts of letters that come in one row; in none of them is one (see _in_one_row).
_NEXT = "\n"


class _Compared(NamedTuple):
    """What is compared of a letter."""

    case_id: str
    vector: bytes
    places: str
    words: str
    seconds: float
    area: str


@dataclass(frozen=True, slots=True)
class _Others:
    """What is compared of many letters, column by column: few are ever looked at by themselves."""

    vectors: bytes = b""
    case_ids: Sequence[str] = ()
    places: Sequence[str] = ()
    words: Sequence[str] = ()
    seconds: Sequence[str] = ()
    areas: Sequence[str] = ()

    def and_also(self, more: "_Others") -> "_Others":
        """These and then those."""
        texts = ("case_ids", "places", "words", "seconds", "areas")
        columns = ([*getattr(self, name), *getattr(more, name)] for name in texts)
        return _Others(self.vectors + more.vectors, *columns)

    def one(self, at: int) -> _Compared:
        """The letter at this place, but for its vector."""
        seconds = float(self.seconds[at])
        return _Compared(self.case_ids[at], b"", self.places[at], self.words[at], seconds, self.areas[at])


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
        space, moment, mine = first
        found = _nearest(mine, self._around(mine, moment, space, viewer), unit(space))
        if not found:
            return []
        lines = self.lines_by_id(list(found), viewer)
        offered = [SameIncident(line, found[line.id]) for line in lines]
        return sorted(offered, key=lambda one: (-one.likeness.score, one.line.number))

    def _first_imprint(self, case_id: str, viewer: Viewer) -> tuple[str, datetime, _Compared] | None:
        """The space, the moment and the imprint of a case's first letter."""
        row = self.connection.execute(_first(viewer), {"its_case": case_id}).first()
        if row is None:
            return None
        space, *alike, moment, area = row
        return space, moment, _Compared(alike[0], alike[1], alike[2], alike[3], moment.timestamp(), area or "")

    def _around(self, mine: _Compared, moment: datetime, space: str, viewer: Viewer) -> _Others:
        """The imprints nearest in time, of one space: as many before the letter as after it leaves room for."""
        reach, length = timedelta(days=WINDOW_DAYS), len(mine.vector)
        dialect = self.connection.dialect.name
        asked: dict[str, Any] = {"its_case": mine.case_id, "space": space, "length": length}
        after = asked | {"least": moment, "most": moment + reach, "some": WINDOW_CASES // 2}
        later = self._compared(_window(viewer, dialect, later=True), after)
        before = asked | {"least": moment - reach, "most": moment, "some": WINDOW_CASES - len(later.case_ids)}
        return later.and_also(self._compared(_window(viewer, dialect, later=False), before))

    def _compared(self, query: sa.Select[tuple[Any, ...]], asked: Mapping[str, Any]) -> _Others:
        """The imprints that a query finds."""
        count, vectors, *texts = self.connection.execute(query, asked).one()
        return _Others(bytes(vectors), *(text.split(_NEXT) for text in texts)) if count else _Others()

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


# What somebody may read stands in the question, never its answer.
@lru_cache(maxsize=256)
def _first(viewer: Viewer) -> sa.Select[tuple[Any, ...]]:
    query = sa.select(_i.space, *_COMPARED).join_from(imprints, cases).join(messages)
    query = query.where(_i.case_id == _THIS, visible(viewer))
    return query.order_by(messages.c.received_at).limit(1)


@lru_cache(maxsize=256)
def _window(viewer: Viewer, dialect: str, *, later: bool) -> sa.Select[tuple[Any, ...]]:
    """The imprints of a space with a vector so long, received after a moment or up to it, the nearest first."""
    when = cases.c.received_at
    least, most = (sa.bindparam(name, type_=when.type) for name in ("least", "most"))
    query = sa.select(*_COMPARED).join_from(imprints, cases).where(_i.space == sa.bindparam("space"), visible(viewer))
    query = query.where(cases.c.status != CaseStatus.NOT_A_CASE)
    query = query.where(cases.c.id != _THIS, cases.c.id.not_in(_known()), when <= most)
    query = query.where(when > least).order_by(when) if later else query.where(when >= least).order_by(when.desc())
    return _in_one_row(query.limit(sa.bindparam("some", type_=sa.Integer)).subquery(), dialect)


def _in_one_row(found: sa.Subquery, dialect: str) -> sa.Select[tuple[Any, ...]]:
    """Two thousand rows as one, column by column, each in the same order.

    SQLite's driver gives way to other threads at each row and waits for its turn again, and SQLAlchemy takes as long
    for a row as the database does.
    """
    c, sqlite = found.c, dialect == "sqlite"
    days = sa.func.julianday(c.received_at) - _EPOCH
    seconds = days * _DAY if sqlite else sa.extract("epoch", c.received_at)
    texts = (c.case_id, c.places, c.words, sa.cast(seconds, sa.Text), sa.func.coalesce(c.area, ""))
    plain = (sa.func.replace(text, _NEXT, " ") for text in texts)
    if sqlite:
        # SQLite joins bytes as they are, taking them for text.
        vectors: sa.ColumnElement[bytes] = sa.cast(sa.func.group_concat(c.vector, ""), sa.LargeBinary)
        joined = [sa.func.group_concat(text, _NEXT) for text in plain]
    else:
        vectors = sa.func.string_agg(c.vector, sa.cast(b"", sa.LargeBinary))
        joined = [sa.func.string_agg(text, _NEXT) for text in plain]
    wanted = sa.func.length(c.vector) == sa.bindparam("length", type_=sa.Integer)
    return sa.select(sa.func.count(), vectors, *joined).where(wanted)


def _known() -> sa.CompoundSelect[tuple[str]]:
    """Cases that somebody has put together with this one already."""
    return sa.union_all(
        sa.select(case_links.c.other_id).where(case_links.c.case_id == _THIS),
        sa.select(_t.other_id).where(_t.case_id == _THIS),
        sa.select(_t.case_id).where(_t.other_id == _THIS),
    )


def _tie(row: Row) -> CaseTie:
    dues = {PromiseKind(kind): date.fromisoformat(due) for kind, due in json.loads(row["dues"]).items()}
    return CaseTie(row["case_id"], row["other_id"], TieKind(row["kind"]), CaseStatus(row["was"]), row["at"], dues)


def _nearest(mine: _Compared, others: _Others, unit_of_space: float) -> dict[str, Likeness]:
    """The cases to offer, the surest few, each with its letter that is most alike."""
    common = _common_places([mine.places, *others.places])
    own, found = _imprint(mine, common), dict[str, Likeness]()
    for at, cosine in _alike(mine.vector, others.vectors, unit_of_space):
        row = others.one(at)
        apart = abs(row.seconds - mine.seconds) / _DAY
        one_area = bool(row.area) and row.area == mine.area
        like = likeness(own, _imprint(row, common), cosine, apart, one_area=one_area)
        if like is not None and (row.case_id not in found or like.score > found[row.case_id].score):
            found[row.case_id] = like
    best = sorted(found, key=lambda case_id: (-found[case_id].score, case_id))[:MOST_OFFERED]
    return {case_id: found[case_id] for case_id in best}


def _alike(mine: bytes, others: bytes, unit_of_space: float) -> list[tuple[int, float]]:
    """Places in ``others`` and cosines of those near enough in meaning to be looked at."""
    # Here and not above: it takes longer to load than all of storage, and most commands compare no letters.
    import numpy as np  # noqa: PLC0415

    own = np.frombuffer(mine, np.int8).astype(np.float32)
    table = np.frombuffer(others, np.int8).astype(np.float32).reshape(-1, len(own))
    # Not by @ and norm: for so little, BLAS wakes a thread on each core, and they wait there for more at full speed.
    lengths = np.sqrt(np.einsum("ij,ij->i", table, table) * np.einsum("i,i->", own, own))
    cosines = np.einsum("ij,j->i", table, own) / np.maximum(lengths, 1.0) * unit_of_space
    return [(int(at), float(cosines[at])) for at in np.flatnonzero(cosines >= LEAST_COSINE)]


def _common_places(letters: Sequence[str]) -> frozenset[str]:
    counts = Counter(" ".join(letters).split())
    most = max(_COMMON_LEAST, _COMMON_PLACE * len(letters))
    return frozenset(place for place, count in counts.items() if count > most)


def _imprint(row: _Compared, common: frozenset[str]) -> Imprint:
    return Imprint("", b"", frozenset(row.places.split()) - common, frozenset(row.words.split()))
