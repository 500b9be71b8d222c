"""A list's filters, from the query string to ListFilter and back."""

from collections.abc import Collection, Sequence
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
from cases.routing.tracks import selectable
from cases.steps.watching.legal_days import law_days
from cases.store.views import CaseLine, ListFilter, ListKind, MeantUnit
from desk.forms import Posted, one_of, parse_day
from desk.sorting import SORTED, order_text, read_order

PAGE = 50
MOST_COUNTED = 2_000
"""Nobody turns forty pages, and to count all that was ever written would take longer than the rest of the page."""
NOBODY = "ingen"
"""What the form sends for the cases that nobody has."""
# No id is longer.
_LONGEST_KEPT = 100
_NAMES = {
    "enhet": "enhet",
    "handlaggare": "handläggare",
    "typ": "typ",
    "amne": "ämne",
    "status": "status",
    "skyddat": "skyddat ärende",
    "ordning": "särskild ordning",
    "sent": "försenat",
    "fran": "inkom från",
    "till": "inkom till",
}
_PROTECTED = {"ja": True, "nej": False}


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, as typed, and as the store wants it; ``page`` counts from one.

    ``unknown`` are the parts of the address, in words, that mean nothing here and narrow nothing.
    """

    typed: dict[str, str]
    page: int
    wanted: ListFilter
    unknown: tuple[str, ...] = ()

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
    def misread(self) -> str:
        """The parts that mean nothing, in words; empty where there are none."""
        *others, last = self.unknown or ("",)
        return f"{', '.join(others)} och {last}" if others else last

    @property
    def order(self) -> str:
        """How it was sorted by its columns; empty where it stands in its own order."""
        return order_text(self.wanted.order)

    @property
    def _kept(self) -> dict[str, str]:
        return {**self.typed, **({SORTED: self.order} if self.order else {})}


def read_filters(query: QueryParams, today: date, organisation: Organisation, limit: int = PAGE) -> Filters:
    """Read what narrows a list, how it is sorted, and ``sida``; what means nothing here narrows nothing."""
    asked = {name: query[name].strip()[:_LONGEST_KEPT] for name in _NAMES if query.get(name, "").strip()}
    page = _page_number(query.get("sida", "1"), limit)
    wanted = ListFilter(
        unit_id=_known(organisation.unit_now(asked.get("enhet", "")), organisation.units),
        assignee_id="" if asked.get("handlaggare") == NOBODY else asked.get("handlaggare"),
        type=one_of(CaseType, asked.get("typ", "")),
        area=one_of(Area, asked.get("amne", "")),
        status=one_of(CaseStatus, asked.get("status", "")),
        protected=_PROTECTED.get(asked.get("skyddat", "")),
        track=_known(asked.get("ordning", ""), selectable()),
        late_on=today if asked.get("sent") == "ja" else None,
        since=parse_day(asked.get("fran", "")),
        until=parse_day(asked.get("till", "")),
        order=read_order(query.get(SORTED, ""), organisation),
        limit=limit,
        offset=(page - 1) * limit,
    )
    meant = _meant(wanted)
    unknown = [said for name, said in _NAMES.items() if name in asked and not meant[name]]
    unknown += ["sortering"] if query.get(SORTED) and wanted.order is None else []
    asked |= {"enhet": wanted.unit_id}
    return Filters({name: value for name, value in asked.items() if meant[name]}, page, wanted, tuple(unknown))


def _meant(wanted: ListFilter) -> dict[str, bool]:
    """Which of the names narrow the list. A track that tells of people's sensitive facts does not (3:3)."""
    return {
        "enhet": bool(wanted.unit_id),
        "handlaggare": wanted.assignee_id is not None,
        "typ": wanted.type is not None,
        "amne": wanted.area is not None,
        "status": wanted.status is not None,
        "skyddat": wanted.protected is not None,
        "ordning": bool(wanted.track),
        "sent": wanted.late_on is not None,
        "fran": wanted.since is not None,
        "till": wanted.until is not None,
    }


def _known(name: str, known: Collection[str]) -> str:
    return name if name in known else ""


def _page_number(text: str, limit: int) -> int:
    # Further away than is counted nothing is turned to by number: each page would read all before it.
    last = -(-MOST_COUNTED // limit)
    return min(max(1, int(text)), last) if text.isascii() and text.isdigit() and len(text) < 6 else 1


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
    filters = with_law(tx, kind, viewer, of_known_people(tx, filters))
    lines = tx.lines(kind, viewer, filters.wanted)
    count = counted(tx, kind, viewer, filters.wanted, len(lines))
    if lines or filters.page == 1:
        return filters, lines, count
    limit = filters.wanted.limit
    last = max(1, -(-min(count, MOST_COUNTED) // limit))
    wanted = replace(filters.wanted, offset=(last - 1) * limit)
    return replace(filters, page=last, wanted=wanted), tx.lines(kind, viewer, wanted), count


def with_law(tx: Tx, kind: ListKind, viewer: Viewer, filters: Filters) -> Filters:
    """The same with the days that the law gives: a list of work is sorted by them, the register by its own."""
    if kind is ListKind.ALL:
        return filters
    return replace(filters, wanted=replace(filters.wanted, law=law_days(tx, viewer)))


def of_known_people(tx: Tx, filters: Filters) -> Filters:
    """The same where it is somebody's, else not narrowed to a person, and said to be misread."""
    asked = filters.wanted.assignee_id
    if not asked or any(one.id == asked for one in tx.users()):
        return filters
    typed = {name: value for name, value in filters.typed.items() if name != "handlaggare"}
    unknown = (*filters.unknown, _NAMES["handlaggare"])
    return Filters(typed, filters.page, replace(filters.wanted, assignee_id=None), unknown)


def whole(filters: Filters, most: int) -> ListFilter:
    """The same list without pages, for a download."""
    return replace(filters.wanted, limit=most, offset=0)


def back_to_queue(form: Posted, *undo: str) -> str:
    """The list as it was; ``undo`` are the cases whose confirmation it offers to take back."""
    query = form.text("fraga")
    kept = [query] if query.isascii() and query.isprintable() and query else []
    shown = "&".join([*kept, *(urlencode({"angra": one}) for one in undo)])
    return f"/att-fordela{'?' if shown else ''}{shown}#innehall"
