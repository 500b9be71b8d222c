"""The page of one person: name, roles and log-in, as an administrator sees them."""

from starlette.responses import Response

from cases.people.access import Grant, User
from desk.context import Asked
from desk.forms import Posted
from desk.people import mark_of, scopes
from desk.person_form import grants_of
from desk.present import when_words

_ROWS = 3
_LINES = 20


def person_page(person: Asked, user: User | None, typed: Posted | None = None, problem: str = "") -> Response:
    """The page of a person, or of a new one for None; after a refusal with what was typed in the form it was about."""
    grants = user.grants if user else frozenset()
    held = sorted(grants_of(typed) if typed and not typed.text("form") else grants, key=lambda g: (g.role, g.scope))
    rows: list[Grant | None] = [*held, *([None] * _ROWS)]
    values: dict[str, object] = {
        "person": user,
        "rows": rows,
        "scopes": scopes(person.office),
        "typed": typed,
        "problem": problem,
    }
    if user:
        values |= _standing(person, user)
    return person.page("house/person.html", values, status=422 if problem else 200)


def _standing(person: Asked, user: User) -> dict[str, object]:
    """What is known of the person's log-in, and the latest of the log."""
    with person.desk.store.read() as tx:
        sessions = [s for s in tx.sessions(user.id) if s.verified]
        lines = [(line, when_words(line.at, person.now)) for line in tx.access_log(_LINES, user.id)]
        return {
            "account": tx.account(user.id),
            "sessions": len(sessions),
            "lines": lines,
            "names": {u.id: u.name for u in tx.users()},
            "mark": mark_of(user),
            "own": user.id == person.user.id,
        }
