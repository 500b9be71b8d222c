"""Att fördela: the letters that wait for a registrator, oldest promise first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from cases.calendar import local_day
from cases.case import WAITING, Case, Party
from cases.errors import IllegalMove, NotAllowed, NotFound, StaleVersion
from cases.letters.letter import OutboxEntry
from cases.numerals import count_words
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.routing.tracks import selectable
from cases.steps.routing.confirm import confirm, open_for
from cases.steps.routing.suggested import as_suggested
from cases.steps.routing.unroute import undoable, unroute
from cases.store.reads import ReadPart
from cases.store.views import ListKind
from desk.case.page import unit_tree
from desk.case.rows import Row, make_rows
from desk.context import Asked, Router
from desk.filters import MOST_COUNTED, Filters, back_to_queue, by_suggestion, listed, read_filters
from desk.forms import Form
from desk.rights import KEEPERS, Action, holds_any, rights
from desk.views.overview.saved_lists import shares
from desk.views.overview.several import MOST_CHOSEN, chosen

router = APIRouter()
# A line is 2.4 kB: with style, script and icons the page stays below 150 kB.
_PAGE = 30
# So many letters of one sender that the queue offers to look at them by themselves.
_FLOOD = 3
_SENDER = "avsandare"
_NONE: list[str] = []


@dataclass(frozen=True, slots=True)
class _Queue:
    rows: list[Row]
    count: int
    filters: Filters
    held: int
    alike: Mapping[str, int]


def _queue(person: Asked) -> _Queue:
    tree = person.office.organisation
    query = person.request.query_params
    sender = query.get(_SENDER, "").strip()
    limit = MOST_CHOSEN if sender else _PAGE
    filters = by_suggestion(read_filters(query, local_day(person.now), tree, limit), tree)
    with person.desk.store.read() as tx:
        filters = _of_sender(tx, person, filters, sender)
        filters, lines, count = listed(tx, ListKind.TO_ROUTE, person.viewer, filters)
        held = tx.notices_held(person.viewer)
        alike = tx.from_same_sender([line.id for line in lines], person.viewer)
        shielded = [line.id for line in lines if line.protected and line.excerpt]
        unread = tx.unread_in_queue(shielded, person.user.id) if shielded else ()
    _note_glimpsed(person, unread)
    rows = make_rows(lines, person.office, person.now, filters.wanted.law)
    return _Queue(rows, count, filters, held, alike)


def _note_glimpsed(person: Asked, case_ids: Sequence[str]) -> None:
    """Log who sees the first words of protected letters: once for each, however often the page asks for its list."""
    if case_ids:
        with person.desk.store.begin() as tx:
            for one in case_ids:
                tx.note_read(one, person.user.id, person.now, ReadPart.QUEUE)


def _of_sender(tx: Tx, person: Asked, filters: Filters, case_id: str) -> Filters:
    """The letters of whoever wrote this case alone, if one may read it; the address itself stands in no link."""
    if not case_id:
        return filters
    try:
        sender = tx.get_case(case_id, person.viewer).sender
    except NotFound:
        sender = Party()
    if sender.anonymous or not sender.email:
        return replace(filters, unknown=(*filters.unknown, "avsändare"))
    wanted = replace(filters.wanted, sender=sender.email)
    return replace(filters, typed={**filters.typed, _SENDER: case_id}, wanted=wanted)


def _values(person: Asked) -> dict[str, object]:
    queue = _queue(person)
    pick = person.request.query_params.get("valj", "")
    return {
        "rows": queue.rows,
        "count": queue.count,
        "held": queue.held,
        "alike": queue.alike,
        "flood": _FLOOD,
        "most": MOST_COUNTED,
        "pages": -(-min(queue.count, MOST_COUNTED) // queue.filters.wanted.limit),
        "filters": queue.filters,
        # An empty queue says that new letters come by themselves.
        "unfetched": () if queue.count else person.desk.settings.unfetched(),
        "keeper": holds_any(person.user, KEEPERS),
        "pick": pick,
        "tracks": selectable(),
        "tree": unit_tree(person.office),
    }


@router.get("/att-fordela")
def queue_page(person: Router, angra: Annotated[list[str], Query()] = _NONE) -> Response:
    """The queue, with the offer to take back what was decided just before, while that can be done."""
    with person.desk.store.read() as tx:
        found = [undoable(tx, one, person.user, person.now) for one in angra[:MOST_CHOSEN]]
    return person.page(
        "overview/queue.html",
        {**_values(person), "units": shares(person), "undoable": [case for case in found if case]},
    )


@router.post("/att-fordela/angra")
def take_back(person: Router, form: Form) -> Response:
    """These cases back in the queue, told who has had word of them already; one that moved on stops no other."""
    back, problems = list[_Back](), list[Exception]()
    for case_id, version in chosen(form):
        try:
            with person.desk.store.begin() as tx:
                left = unroute(tx, case_id, version, person.user, person.office, person.now)
                back.append(_Back(tx.get_case(case_id, SYSTEM).number, left))
        except (NotFound, StaleVersion, IllegalMove, NotAllowed) as problem:
            problems.append(problem)
    if problems and not back:
        raise problems[0]
    return person.go(back_to_queue(form), " ".join([*_taken_back(back), *map(str, problems)]))


@dataclass(frozen=True, slots=True)
class _Back:
    """A case that is back in the queue, and the letters that had left already."""

    number: str
    left: Sequence[OutboxEntry]


def _taken_back(back: Sequence[_Back]) -> Iterator[str]:
    """What is said of the cases that are back; none where nothing was ticked."""
    alone = back[0].number if len(back) == 1 else ""
    text = f"Ärende {alone}" if alone else count_words(len(back), "ett ärende", "ärenden").capitalize()
    yield f"{text} är tillbaka i kön."
    if units := ", ".join(one.number for one in back if any(letter.internal for letter in one.left)):
        yield f"Enheten har redan fått ett mejl om {'det' if alone else units}."
    if citizens := ", ".join(one.number for one in back if any(not letter.internal for letter in one.left)):
        who = "Den som skrev" if alone else f"Den som skrev {citizens}"
        yield f"{who} har fått veta vart det gick, och får ett nytt brev när du fördelar det."


@router.get("/att-fordela/lista")
def queue_list(person: Router) -> Response:
    """The list alone, which the open page asks for by itself to show new letters."""
    return HTMLResponse(person.part("overview/_queue_list.html", _values(person)))


@router.post("/arenden/{case_id}/bekrafta")
def confirm_as_suggested(case_id: str, person: Router, form: Form) -> Response:
    """Confirm what the line showed: the version says that it is the same still."""
    case = _confirm(person, case_id, form.number("version"))
    unit = person.office.organisation.unit(case.unit_id).name
    return person.go(back_to_queue(form, case_id), f"Ärende {case.number} är fördelat till {unit}.")


@router.post("/att-fordela/bekrafta")
def confirm_several(person: Router, form: Form) -> Response:
    """Confirm all that were ticked; each stands on its own, so one that changed does not stop the others."""
    if not form.many("val"):
        return person.go(back_to_queue(form), "Inget brev är valt. Bocka för dem som ska bekräftas.")
    done, problems = list[str](), list[str]()
    doubtful = _doubtful(person, form)
    for case_id, version in chosen(form):
        if case_id in doubtful:
            problems.append(
                f"{doubtful[case_id]}: inget av förslagen ser rätt ut. Öppna det, eller tryck på Gör med valda."
            )
            continue
        try:
            done.append(_confirm(person, case_id, version).id)
        except NotFound:
            problems.append("Ett ärende finns inte längre i din kö.")
        except (StaleVersion, IllegalMove, NotAllowed) as problem:
            problems.append(str(problem))
    text = count_words(len(done), "ett ärende", "ärenden").capitalize()
    return person.go(back_to_queue(form, *done), " ".join([f"{text} fördelades.", *problems]))


def _doubtful(person: Asked, form: Form) -> dict[str, str]:
    """The ticked cases whose suggestion nobody confirms unopened, with their numbers."""
    with person.desk.store.read() as tx:
        lines = tx.lines_by_id([case_id for case_id, _ in chosen(form)], person.viewer)
    return {row.line.id: row.line.number for row in make_rows(lines, person.office, person.now) if row.doubtful}


def _confirm(person: Asked, case_id: str, version: int) -> Case:
    """Confirm the suggestion, or find that this person did: the same form was sent twice."""
    try:
        with person.desk.store.begin() as tx:
            case = open_for(tx, case_id, version, person.user, person.office)
            rights(case, person.user, person.viewer).demand(Action.CONFIRM)
            request = as_suggested(case, person.office, tx.suggestion(case_id))
            return confirm(tx, case_id, request, person.user, person.office, person.now)
    except (NotFound, StaleVersion):
        done = _confirmed_before(person, case_id)
        if done is None:
            raise
        return done


def _confirmed_before(person: Asked, case_id: str) -> Case | None:
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, SYSTEM)
    last = file.decisions[-1] if file.decisions else None
    mine = last is not None and last.agreed and last.decided_by == person.user.id
    return file.case if mine and file.case.status not in WAITING else None
