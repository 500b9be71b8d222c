"""A list's filters, from the query string to ListFilter and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from cases.case import CaseStatus
from cases.people.access import Viewer
from cases.people.organisation import Organisation
from cases.ports import Tx
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType
from cases.routing.tracks import selectable, track_of
from cases.store.views import CaseLine, ListFilter, ListKind, MeantUnit
from desk.forms import one_of, parse_day
from desk.sorting import SORTED, order_text, read_order

PAGE = 50
MOST_COUNTED = 2_000
"""Nobody turns forty pages, and to count all that was ever written would take longer than the rest of the page."""
NOBODY = "ingen"
"""What the form sends for the cases that nobody has."""
# No id is longer.
_LONGEST_KEPT = 100
_PROTECTED = {"ja": True, "nej": False}


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, as typed, and as the store wants it; ``page`` counts from one."""

    typed: dict[str, str]
    page: int
    wanted: ListFilter

    @property
    def any(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.typed)

    def link(self, page: int | None = None) -> str:
        """The query string of this list, for another of its pages."""
        values = {**self._kept, **({"sida": str(page)} if page and page > 1 else {})}
        return urlencode(values)

    def older(self, day: date) -> str:
        """The query string of the same list up to a day."""
        return urlencode({**self._kept, "till": day.isoformat()})

    def sorted_by(self, order: str) -> str:
        """The query string of the same list from its start, in another order."""
        return urlencode({**self.typed, SORTED: order})

    @property
    def order(self) -> str:
        """How it was sorted by its columns; empty where it stands in its own order."""
        return order_text(self.wanted.order)

    @property
    def _kept(self) -> dict[str, str]:
        return {**self.typed, **({SORTED: self.order} if self.order else {})}


def read_filters(query: QueryParams, today: date, organisation: Organisation, limit: int = PAGE) -> Filters:
    """Read what the names below say, how it is sorted, and ``sida``; what is not known is left out."""
    names = ("enhet", "handlaggare", "typ", "amne", "status", "skyddat", "ordning", "sent", "fran", "till")
    typed = {name: query[name].strip() for name in names if query.get(name, "").strip()}
    number = query.get("sida", "1")
    # Further away than is counted nothing is turned to by number: each page would read all before it.
    last = -(-MOST_COUNTED // limit)
    page = min(max(1, int(number)), last) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    wanted = ListFilter(
        unit_id=typed.get("enhet", ""),
        assignee_id="" if typed.get("handlaggare") == NOBODY else typed.get("handlaggare"),
        type=one_of(CaseType, typed.get("typ", "")),
        area=one_of(Area, typed.get("amne", "")),
        status=one_of(CaseStatus, typed.get("status", "")),
        protected=_PROTECTED.get(typed.get("skyddat", "")),
        track=one_track(typed.get("ordning", "")),
        late_on=today if typed.get("sent") == "ja" else None,
        since=parse_day(typed.get("fran", "")),
        until=parse_day(typed.get("till", "")),
        order=read_order(query.get(SORTED, ""), organisation),
        limit=limit,
        offset=(page - 1) * limit,
    )
    return Filters(typed, page, wanted)


def lasting(filters: Filters, organisation: Organisation) -> str:
    """The query string to keep of a list, whatever page it is read by: no more of it than means something."""
    wanted = filters.wanted
    meant = {
        "enhet": wanted.unit_id in organisation.units,
        "handlaggare": wanted.assignee_id is not None,
        "typ": wanted.type,
        "amne": wanted.area,
        "status": wanted.status,
        "skyddat": wanted.protected is not None,
        "ordning": wanted.track in selectable(),
        "sent": wanted.late_on,
        "fran": wanted.since,
        "till": wanted.until,
    }
    typed = {name: value[:_LONGEST_KEPT] for name, value in filters.typed.items() if meant[name]}
    return replace(filters, typed=typed).link()


def by_suggestion(filters: Filters, organisation: Organisation) -> Filters:
    """The same filters where a unit's letters are also those that are suggested for it."""
    unit_id = filters.wanted.unit_id
    if unit_id not in organisation.units:
        return filters
    now = {one: organisation.unit_now(one) for one in (*organisation.units, *organisation.renamed)}
    names = frozenset(old for old, new in now.items() if new == unit_id)
    others = frozenset(old for old, new in now.items() if new != unit_id and new in organisation.units)
    areas = frozenset(area for area in Area if organisation.unit_for(area).id == unit_id)
    return replace(filters, wanted=replace(filters.wanted, meant=MeantUnit(areas, names, others)))


def counted(tx: Tx, kind: ListKind, viewer: Viewer, wanted: ListFilter, shown: int) -> int:
    """How many the list holds, at most one more than ``MOST_COUNTED``; not asked for where the page shows its end."""
    if shown < wanted.limit and (shown or not wanted.offset):
        return wanted.offset + shown
    return tx.count(kind, viewer, wanted, MOST_COUNTED + 1)


def listed(tx: Tx, kind: ListKind, viewer: Viewer, filters: Filters) -> tuple[Filters, Sequence[CaseLine], int]:
    """The lines of the page that was asked for and how many the list holds.

    Where the list has become shorter than that its last page is given, with the filters that say so: an empty page
    would read as an empty list to one who has just confirmed what stood on it.
    """
    lines = tx.lines(kind, viewer, filters.wanted)
    count = counted(tx, kind, viewer, filters.wanted, len(lines))
    if lines or filters.page == 1:
        return filters, lines, count
    limit = filters.wanted.limit
    last = max(1, -(-min(count, MOST_COUNTED) // limit))
    wanted = replace(filters.wanted, offset=(last - 1) * limit)
    return replace(filters, page=last, wanted=wanted), tx.lines(kind, viewer, wanted), count


def one_track(label: str) -> str:
    """The track to narrow by; none that tells of people's sensitive facts (dataskyddslagen 3:3)."""
    track = track_of(label)
    return "" if track is not None and label not in selectable() else label


def whole(filters: Filters, most: int) -> ListFilter:
    """The same list without pages, for a download."""
    return replace(filters.wanted, limit=most, offset=0)
