"""How much waits on the pages of the menu, of what one may read: asked for every page, so it stops at a hundred."""

from collections.abc import Mapping
from datetime import date

from cases.people.access import SYSTEM, Role, User, Viewer
from cases.ports import Tx
from cases.steps.watching.legal_days import law_days
from cases.store.views import ListFilter, ListKind
from desk.menu import Waiting
from desk.rights import CASE_ROLES, KEEPERS, ROUTERS, holds_any

# What is more is told as 99+.
_MOST = 100


def waiting(tx: Tx, user: User, viewer: Viewer, today: date) -> Mapping[str, Waiting]:
    """By the page's path."""
    found: dict[str, Waiting] = {}
    if holds_any(user, ROUTERS):
        count = tx.count(ListKind.TO_ROUTE, viewer, ListFilter(), _MOST)
        found["/att-fordela"] = Waiting(count, unsaid="brev väntar")
    if holds_any(user, CASE_ROLES):
        late_on = ListFilter(late_on=today, law=law_days(tx, viewer))
        late = tx.count(ListKind.MINE, viewer, late_on, _MOST)
        found["/mina"] = Waiting(late, "sena" if late > 1 else "sent", late=True)
    if holds_any(user, KEEPERS):
        # An administrator's page lists those of every case, without a word of what they are about.
        whose = SYSTEM if user.has(Role.ADMIN) else viewer
        found["/utkorg"] = Waiting(tx.stuck_letters(whose, _MOST), unsaid="brev att ta hand om")
        found["/karantan"] = Waiting(tx.unread_letters(_MOST), unsaid="brev gick inte att läsa")
    return found
