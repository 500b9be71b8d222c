"""Personer: who may log in, and what each does where."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed
from cases.people.access import User
from cases.people.accounts import Account, AccountEvent
from cases.ports import Tx
from desk.context import Admin, Asked
from desk.forms import Form, Posted
from desk.people import mark_of, scope_names, spoken_of, what_changed
from desk.person_form import changed_person
from desk.personpage import person_page
from desk.views.house.person_acts import hand_out, handed_out

router = APIRouter()
_OVERTAKEN = (
    "Personen har ändrats av någon annan sedan du öppnade sidan, så inget är sparat. Sparar du nu ändras det här:"
)


@router.get("/personer")
def people(person: Admin, sok: str = "") -> Response:
    """All, or those of whom every word of ``sok`` is said: name, title, address, role or unit."""
    with person.desk.store.read() as tx:
        kept, users = tx.accounts(), tx.users()
    found = [user for user in users if spoken_of(user, sok, person.office)]
    rows = [(user, kept.get(user.id, Account(user.id))) for user in found]
    today = local_day(person.now)
    routed = any(user.central_registrator and user.works_on(today) for user in users)
    return person.page("house/people.html", rows=rows, scope_names=scope_names(person.office), words=sok, routed=routed)


@router.get("/personer/ny")
def new_person(person: Admin) -> Response:
    return person_page(person, None)


@router.get("/personer/{user_id}")
def edit_person(user_id: str, person: Admin) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    return person_page(person, user)


@router.post("/personer/ny")
def add_person(person: Admin, form: Form) -> Response:
    """A new person; with passwords of our own, the first is shown to the administrator once."""
    blank = User(person.office.new_id(), "", "", "", frozenset())
    local = person.desk.settings.login.local
    try:
        made = changed_person(blank, form, person.office, person.user)
        with person.desk.store.begin() as tx:
            twin = tx.user_by_email(made.email)
            show = handed_out(person, tx, twin, form) if local and twin else None
            if show is None:
                _free_address(tx, made, form)
                tx.add_user(made)
                person.note(tx, AccountEvent.ADDED, made.id, what_changed(blank, made, person.office))
                show = hand_out(person, tx, made, form) if local else None
    except NotAllowed as problem:
        return person_page(person, None, form, str(problem))
    return show() if show else person.go("/personer", f"{made.name} är tillagd.")


@router.post("/personer/{user_id}")
def save_person(user_id: str, person: Admin, form: Form) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    try:
        with person.desk.store.begin() as tx:
            changed = _change(person, tx, user_id, form)
    except NotAllowed as problem:
        return person_page(person, user, form, str(problem))
    return person.go("/personer", f"{changed.name} är sparad.")


def _change(person: Asked, tx: Tx, user_id: str, form: Posted) -> User:
    """Make the person what the form says. Raises NotAllowed, also where they are another than the form was made of."""
    user = tx.hold_user(user_id)
    changed = changed_person(user, form, person.office, person.user)
    _free_address(tx, changed, form)
    said = what_changed(user, changed, person.office)
    if said and form.text("version") not in ("", mark_of(user)):
        raise NotAllowed(f"{_OVERTAKEN} {said}.")
    tx.add_user(changed)
    if said:
        person.note(tx, AccountEvent.CHANGED, changed.id, said)
    return changed


def _free_address(tx: Tx, user: User, form: Posted) -> None:
    twin = tx.user_by_email(user.email)
    if twin is not None and twin.id != user.id:
        raise form.refusal("epost", f"Adressen {user.email} har redan en inloggning.")
