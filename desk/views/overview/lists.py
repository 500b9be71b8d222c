"""Lists of cases: one's own, the unit's, the late ones, the register, and search."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from cases.calendar import STOCKHOLM, local_day
from cases.case import STATUS_NAMES
from cases.errors import NotAllowed
from cases.people.access import EVERYWHERE, Grant, Role, User
from cases.ports import Tx
from cases.routing.tracks import selectable
from cases.store.views import CaseLine, DiaryEntry, ListKind
from desk import present
from desk.case.marks import snippet
from desk.case.page import unit_tree
from desk.case.rows import make_rows
from desk.context import Asked, CaseWorker
from desk.filters import MOST_COUNTED, NOBODY, PAGE, Filters, listed, of_known_people, read_filters, whole
from desk.sheets import download
from desk.sorting import columns_of
from desk.views.overview.saved_lists import shares

router = APIRouter()
_MOST_EXPORTED = 20_000
_MOST_ENTRIES = 200
_HAVE = frozenset({Role.HANDLAGGARE, Role.CHEF, Role.REGISTRATOR})
# Every text of each case found is read for the best words of it.
_HITS = 25
_FOLLOWED = Markup('<a href="/foljer">Ärenden jag följer</a>')
_NOT_SHOWN = "Ärende hos en annan nämnd"
_COLUMNS = ("Diarienummer", "Ärendenummer", "Inkom", "Avsändare", "Ärendemening", "Nämnd", "Enhet", "Status")


def show_list(
    person: Asked, kind: ListKind, title: str, empty: str, intro: str = "", template: str = "overview/list.html"
) -> Response:
    today = local_day(person.now)
    filters = read_filters(person.request.query_params, today, person.office.organisation)
    if kind is ListKind.LATE:
        filters = replace(filters, wanted=replace(filters.wanted, late_on=today))
    with person.desk.store.read() as tx:
        filters, lines, count = listed(tx, kind, person.viewer, filters)
        people = () if kind is ListKind.MINE else _colleagues(tx, person)
        first = kind is ListKind.ALL and filters.page == 1
        entries = _entries(tx, person, filters, _MOST_ENTRIES + 1) if first else ()
    return person.page(
        template,
        people={NOBODY: "Ingen", **{one.id: one.name for one in people}} if people else {},
        rows=make_rows(lines, person.office, person.now, filters.wanted.law),
        count=count,
        most=MOST_COUNTED,
        pages=-(-min(count, MOST_COUNTED) // PAGE),
        filters=filters,
        columns=columns_of(kind, filters.wanted.order),
        title=title,
        empty=empty,
        intro=intro,
        tree=unit_tree(person.office),
        tracks=selectable(),
        units=shares(person),
        entries=[(one, _authority(person, one.authority_id), _now(person, one)) for one in entries[:_MOST_ENTRIES]],
        entries_left=len(entries) > _MOST_ENTRIES,
        picked=person.request.query_params.get("valj") == "alla",
    )


def _entries(tx: Tx, person: Asked, filters: Filters, most: int) -> Sequence[DiaryEntry]:
    """The diary's numbers on no line of the register; none where anything but days narrows it, for that would tell."""
    wanted = filters.wanted
    if not filters.typed.keys() <= {"fran", "till"}:
        return ()
    tree = person.office.organisation
    kept = [tree.authorities[one] for one in sorted(person.viewer.diary_authorities)]
    return tx.diary_entries(person.viewer, kept, wanted.since, wanted.until, most)


def _colleagues(tx: Tx, person: Asked) -> list[User]:
    """Who may have a case of the units whose cases this person reads."""
    tree, mine = person.office.organisation, person.viewer.member_units
    above = (tree.department_of(unit) for unit in mine)
    reach = {*mine, *(name for one in above for name in (one.id, one.authority_id)), *((EVERYWHERE,) if mine else ())}

    def works_there(grant: Grant) -> bool:
        return grant.role in _HAVE and tree.unit_now(grant.scope) in reach

    return [one for one in tx.users() if one.active and any(map(works_there, one.grants))]


@router.get("/mina")
def mine(person: CaseWorker) -> Response:
    return show_list(person, ListKind.MINE, "Mina ärenden", "Du har inga öppna ärenden just nu.", _FOLLOWED)


@router.get("/enheten")
def unit(person: CaseWorker) -> Response:
    return show_list(person, ListKind.UNIT, "Enhetens ärenden", "Din enhet har inga öppna ärenden.")


@router.get("/forsenat")
def late(person: CaseWorker) -> Response:
    return show_list(person, ListKind.LATE, "Försenat", "Inget är försenat. Bra jobbat.")


@router.get("/diarium")
def register(person: CaseWorker) -> Response:
    return show_list(
        person, ListKind.ALL, "Diarium", "Inga ärenden har kommit in ännu.", template="overview/register.html"
    )


@router.get("/diarium.csv")
def register_csv(person: CaseWorker) -> Response:
    """The register as a spreadsheet file: what OSL 5:2 asks for, and nothing of the letters; never cut short."""
    filters = read_filters(person.request.query_params, local_day(person.now), person.office.organisation)
    with person.desk.store.read() as tx:
        filters = of_known_people(tx, filters)
        if filters.misread:
            raise NotAllowed(f"Det som står om {filters.misread} i adressen går inte att förstå.")
        entries = _entries(tx, person, filters, _MOST_EXPORTED + 1)
        count = tx.count(ListKind.ALL, person.viewer, filters.wanted) + len(entries)
        if count > _MOST_EXPORTED:
            raise NotAllowed(f"{count} ärenden ryms inte i en fil. Välj en kortare tid, till exempel ett år i taget.")
        lines = tx.lines(ListKind.ALL, person.viewer, whole(filters, _MOST_EXPORTED))
    rows = [*(_register_line(line, person) for line in lines), *(_entry_line(one, person) for one in entries)]
    return download(f"diarium {local_day(person.now)}", _COLUMNS, rows)


def _register_line(line: CaseLine, person: Asked) -> list[str]:
    tree = person.office.organisation
    unit_of = tree.units.get(line.unit_id)
    return [
        line.registry_number,
        line.number,
        line.received_at.astimezone(STOCKHOLM).date().isoformat(),
        present.register_sender(line),
        present.register_subject(line),
        _authority(person, line.authority_id),
        unit_of.name if unit_of else "",
        STATUS_NAMES[line.status],
    ]


def _entry_line(entry: DiaryEntry, person: Asked) -> list[str]:
    day = entry.received_at.astimezone(STOCKHOLM).date().isoformat()
    said = _now(person, entry)
    if not said and entry.authority_id in person.viewer.entered_authorities:
        said = _NOT_SHOWN
    return [entry.registry_number, "", day, "", said, _authority(person, entry.authority_id), "", ""]


def _now(person: Asked, entry: DiaryEntry) -> str:
    """Where a case went that gave the number up, as far as the viewer may know; empty for one that has it still."""
    if not entry.moved:
        return ""
    if not entry.now:
        return "Flyttat till en annan nämnds diarium"
    return f"Flyttat till {entry.now}, {_authority(person, entry.now_of)}"


def _authority(person: Asked, authority_id: str) -> str:
    known = person.office.organisation.authorities.get(authority_id)
    return known.name if known else ""


@router.get("/sok")
def search(person: CaseWorker, q: str = "", sida: int = 1) -> Response:
    """Words, names and numbers; only within what one may read, decided before anything is counted or quoted.

    A whole number that only its own case has leads straight to it. Of a protected case no word is quoted: each reading
    of it is logged, and this is none.
    """
    query, page = q.strip()[:200], min(max(sida, 1), 1000)
    with person.desk.store.read() as tx:
        hits = tx.search(query, person.viewer, _HITS + 1, (page - 1) * _HITS) if query else []
    lines = [hit.line for hit in hits[:_HITS]]
    if len(lines) == 1 and query.upper() in (lines[0].number.upper(), lines[0].registry_number.upper()):
        return RedirectResponse(f"/arenden/{lines[0].id}", 303)
    rows = make_rows(lines, person.office, person.now)
    quoted = ["" if hit.line.protected else snippet(hit.snippet) for hit in hits]
    found = [(row, text, hit.where) for row, text, hit in zip(rows, quoted, hits, strict=False)]
    return person.page("overview/search.html", q=query, found=found, page=page, more=len(hits) > _HITS)
