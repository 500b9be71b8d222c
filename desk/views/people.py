"""Personer: who may log in, and what each does where."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from cases.access import EVERYWHERE, Grant, Role, User
from cases.errors import NotAllowed
from cases.office import Office
from cases.ports import Tx
from desk.context import Admin, Asked
from desk.forms import Form, Posted, flatten, one_of
from desk.passwords import hash_password

router = APIRouter()
log = logging.getLogger(__name__)
_ROWS = 3


def scopes(office: Office) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a role can be held for, grouped for a select: everywhere, authorities, departments, units."""
    tree = office.organisation
    return [
        ("Hela kommunen", [(EVERYWHERE, "Hela kommunen")]),
        ("Nämnder", [(a.id, a.name) for a in tree.authorities.values()]),
        ("Förvaltningar", [(d.id, d.name) for d in tree.departments.values()]),
        ("Enheter", [(u.id, u.name) for u in tree.units.values()]),
    ]


def scope_names(office: Office) -> Mapping[str, str]:
    """The name of every scope by its id."""
    return {identity: name for _, group in scopes(office) for identity, name in group}


@router.get("/personer")
def people(person: Admin) -> Response:
    with person.desk.store.read() as tx:
        users = tx.users()
    return person.page("people.html", users=users, scope_names=scope_names(person.office))


@router.get("/personer/ny")
def new_person(person: Admin) -> Response:
    return _form(person, None)


@router.get("/personer/{user_id}")
def edit_person(user_id: str, person: Admin) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    return _form(person, user)


def _form(person: Asked, user: User | None, typed: Posted | None = None, problem: str = "") -> Response:
    grants = sorted(user.grants, key=lambda g: (g.role, g.scope)) if user else []
    if typed is not None:
        grants = sorted(_grants(typed), key=lambda g: (g.role, g.scope))
    rows: list[Grant | None] = [*grants, *([None] * _ROWS)]
    values = {"person": user, "rows": rows, "scopes": scopes(person.office), "typed": typed, "problem": problem}
    return person.page("person.html", values, status=422 if problem else 200)


@router.post("/personer/ny")
def add_person(person: Admin, form: Form) -> Response:
    blank = User(person.office.new_id(), "", "", "", frozenset())
    return _save(person, None, blank, form)


@router.post("/personer/{user_id}")
def save_person(user_id: str, person: Admin, form: Form) -> Response:
    with person.desk.store.read() as tx:
        user = tx.user(user_id)
    return _save(person, user, user, form)


def _save(person: Asked, before: User | None, user: User, form: Posted) -> Response:
    try:
        changed = _changed(user, form, person)
        with person.desk.store.begin() as tx:
            _free_address(tx, changed)
            tx.add_user(changed)
    except NotAllowed as problem:
        return _form(person, before, form, str(problem))
    log.info("user %s saved by %s with %d grants", changed.id, person.user.id, len(changed.grants))
    return person.go("/personer", f"{changed.name} är sparad.")


def _free_address(tx: Tx, user: User) -> None:
    twin = tx.user_by_email(user.email)
    if twin is not None and twin.id != user.id:
        raise NotAllowed(f"Adressen {user.email} har redan en inloggning.")


def _changed(user: User, form: Posted, person: Asked) -> User:
    email, name = flatten([form.text("epost")]).lower(), flatten([form.text("namn")])
    if not name or "@" not in email:
        raise NotAllowed("Fyll i namn och e-postadress.")
    active = form.ticked("aktiv")
    grants = _grants(form)
    own = user.id == person.user.id
    if own and (not active or not any(g.role is Role.ADMIN for g in grants)):
        raise NotAllowed("Du kan inte ta ifrån dig själv administratörsrollen. Be en annan administratör.")
    known = scope_names(person.office)
    if any(grant.scope not in known for grant in grants):
        raise NotAllowed("Välj vad varje roll gäller i listan.")
    changed = replace(user, email=email, name=name, title=flatten([form.text("titel")]), grants=grants, active=active)
    return replace(changed, password_hash=_password(user, form))


def _password(user: User, form: Posted) -> str:
    new = form.secret("losenord")
    if not new:
        return user.password_hash
    if new != form.secret("losenord_igen"):
        raise NotAllowed("De två lösenorden är inte lika. Skriv dem igen.")
    return hash_password(new)


def _grants(form: Posted) -> frozenset[Grant]:
    pairs = zip(form.many("roll"), form.many("galler"), strict=False)
    return frozenset(Grant(role, scope or EVERYWHERE) for text, scope in pairs if (role := one_of(Role, text)))
