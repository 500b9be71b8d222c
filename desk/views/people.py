"""Personer: who may log in, and what each does where."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.access import Grant, User
from cases.accounts import AccountEvent
from cases.errors import NotAllowed
from cases.ports import Tx
from desk.context import Admin, Asked
from desk.forms import Form, Posted
from desk.people import changed_person, grants_of, scope_names, scopes, what_changed
from desk.present import when_words
from desk.views.person_acts import hand_out

router = APIRouter()
_ROWS = 3
_LINES = 20


@router.get("/personer")
def people(person: Admin) -> Response:
    with person.desk.store.read() as tx:
        rows = [(user, tx.account(user.id)) for user in tx.users()]
    return person.page("people.html", rows=rows, scope_names=scope_names(person.office))


@router.get("/personer/ny")
def new_person(person: Admin) -> Response:
    return _form(person, None)


@router.get("/personer/{user_id}")
def edit_person(user_id: str, person: Admin) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    return _form(person, user)


def _form(person: Asked, user: User | None, typed: Posted | None = None, problem: str = "") -> Response:
    grants = user.grants if user else frozenset()
    held = sorted(grants_of(typed) if typed else grants, key=lambda g: (g.role, g.scope))
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
    return person.page("person.html", values, status=422 if problem else 200)


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
            "own": user.id == person.user.id,
        }


@router.post("/personer/ny")
def add_person(person: Admin, form: Form) -> Response:
    """A new person; with passwords of our own, the first is shown to the administrator once."""
    blank = User(person.office.new_id(), "", "", "", frozenset())
    local = person.desk.settings.login.local
    try:
        made = changed_person(blank, form, person.office, person.user)
        with person.desk.store.begin() as tx:
            _free_address(tx, made, form)
            tx.add_user(made)
            person.note(tx, AccountEvent.ADDED, made.id, what_changed(blank, made, person.office))
            show = hand_out(person, tx, made) if local else None
    except NotAllowed as problem:
        return _form(person, None, form, str(problem))
    return show() if show else person.go("/personer", f"{made.name} är tillagd.")


@router.post("/personer/{user_id}")
def save_person(user_id: str, person: Admin, form: Form) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    try:
        changed = changed_person(user, form, person.office, person.user)
        with person.desk.store.begin() as tx:
            _free_address(tx, changed, form)
            tx.add_user(changed)
            said = what_changed(user, changed, person.office)
            if said:
                person.note(tx, AccountEvent.CHANGED, changed.id, said)
    except NotAllowed as problem:
        return _form(person, user, form, str(problem))
    return person.go("/personer", f"{changed.name} är sparad.")


def _free_address(tx: Tx, user: User, form: Posted) -> None:
    twin = tx.user_by_email(user.email)
    if twin is not None and twin.id != user.id:
        raise form.refusal("epost", f"Adressen {user.email} har redan en inloggning.")
