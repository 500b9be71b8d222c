"""No page asks the database more for having more rows to show."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from cases.people.access import Grant, Role, User
from tests.desk import house as h

_PAGES = {
    "registrator": (
        *("/att-fordela", "/enheten", "/mina", "/forsenat", "/diarium", "/sok?q=lykta", "/inkommet", "/utkorg"),
        *("/utkorg?lage=queued", "/utkorg.csv", "/karantan", "/gallring", "/fordelningsregler", "/standardtexter"),
        *("/oversyn", "/modell", "/halsa", "/borta", "/konto", "/brevmallar"),
    ),
    "admin": ("/personer", "/enheter", "/utkorg", "/karantan", "/gallring", "/andra-system", "/overlamning"),
    "chef": ("/chef",),
    "granskare": ("/laslogg",),
}


@contextmanager
def _counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def _more(house: h.House, turn: int) -> None:
    """Letters, protected and loose ones, and persons."""
    for n in range(3):
        h.lamp(house, from_addr=f"berit.{turn}.{n}@mejl.example")
        h.school(house)
        h.threat(house)
    with house.store.begin() as tx:
        for n in range(3):
            who, grants = f"ny{turn}{n}", frozenset({Grant(Role.HANDLAGGARE, "gata")})
            tx.add_user(User(who, f"{who}@ekdala.example", f"Ny {turn} {n}", "handläggare", grants))


def _asked(surf) -> dict[tuple[str, str], int]:
    """How many questions each page asks, when what is built once is built."""
    found = {}
    for who, paths in _PAGES.items():
        page = surf(who)
        for path in paths:
            page.get(path)
            with _counted() as asked:
                answer = page.get(path)
            assert answer.status_code == 200, (who, path, answer.status_code)
            found[who, path] = len(asked)
    return found


def test_no_page_asks_more_for_more_rows(house, surf) -> None:
    """*Utkorg* asked three questions of each letter, *Personer* and *Överlämning* one of each person."""
    _more(house, 0)
    before = _asked(surf)
    _more(house, 1)
    after = _asked(surf)
    assert {page: (before[page], after[page]) for page in before if after[page] > before[page]} == {}
