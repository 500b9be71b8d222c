"""Mitt konto: one's own password, one-time codes and sessions."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from cases.errors import NotAllowed, NotFound
from cases.people.access import Role, User
from cases.people.accounts import AccountEvent, Way
from cases.ports import Tx
from desk.context import Asked, Entering, NotLoggedIn, Person
from desk.forms import Form, Posted
from desk.login.codes import drop_codes, give_spare_codes, holds_secret, seal_secret
from desk.login.passwords import hash_password, right_password
from desk.login.throttle import WAIT
from desk.login.totp import enrol_address, enrol_picture, matching_step, new_secret
from desk.people import grant_words, scope_names
from desk.present import when_words
from desk.rights import holds_any
from desk.security import client_address, local_path
from desk.shownonce import form_seed

router = APIRouter()
_ENROL = "enrol"
_ENROL_LASTS = 1800
_LINES = 10
_WRONG = "Ditt nuvarande lösenord stämmer inte."
_OUTSIDE = "Du loggar in med kommunens inloggning. Lösenord och tvåstegsinloggning sköts där."


@router.get("/konto")
def account(person: Person) -> Response:
    return _overview(person)


def _overview(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    with person.desk.store.read() as tx:
        sessions = [(s, when_words(s.seen_at, person.now)) for s in tx.sessions(person.user.id) if s.verified]
        left = tx.spare_codes_left(person.user.id)
        lines = [(line, when_words(line.at, person.now)) for line in tx.access_log(_LINES, person.user.id)]
    values: dict[str, object] = {
        "sessions": sessions,
        "current": person.session.key,
        "account": person.account,
        "lines": lines,
    }
    names = scope_names(person.office)
    roles = sorted(grant_words(grant, names) for grant in person.user.grants)
    values["keeps_people"] = person.user.has(Role.ADMIN)
    values |= {"spare_left": left, "local": _local(person), "problem": problem, "typed": typed, "roles": roles}
    return person.page("entrance/account.html", values, status=422 if problem else 200)


def _local(person: Asked) -> bool:
    """Whether the person logs in with a password of ours."""
    stored = person.session.stored
    return stored is not None and stored.way is Way.LOCAL


def _demand_local(person: Asked) -> None:
    if not _local(person):
        raise NotAllowed(_OUTSIDE)


def _demand_password(person: Asked, form: Posted) -> str:
    """Whether the person knows the password now; the problem in words, or empty. Guessing is slowed down here too."""
    address = client_address(person.request)
    if not person.desk.throttle.take(person.user.email, address, person.now):
        return WAIT
    if not right_password(person.user, form.secret("nuvarande")):
        form.blamed.append("nuvarande")
        with person.desk.store.begin() as tx:
            person.note(tx, AccountEvent.FAILED, person.user.id, "lösenord, på kontosidan")
        return _WRONG
    person.desk.throttle.succeeded(person.user.email, address, person.now)
    return ""


@router.get("/konto/losenord")
def password_page(person: Entering, nasta: str = "/") -> Response:
    _demand_local(person)
    return _password_form(person, onwards=nasta)


def _password_form(person: Asked, problem: str = "", typed: Posted | None = None, onwards: str = "/") -> Response:
    """``onwards`` is the page that the person wanted, where a new password had to come first."""
    onwards = typed.text("nasta") if typed is not None else onwards
    values = {"problem": problem, "typed": typed, "forced": person.account.must_change, "nasta": onwards}
    return person.page("entrance/account_password.html", values, status=422 if problem else 200)


@router.post("/konto/losenord")
def change_password(person: Entering, form: Form) -> Response:
    """A new password ends every other session, and this one goes on under a new token."""
    _demand_local(person)
    forced = person.account.must_change
    problem = "" if forced else _demand_password(person, form)
    if problem:
        return _password_form(person, problem, form)
    try:
        hashed = _new_hash(person, form)
    except NotAllowed as refused:
        form.blamed.extend([] if form.blamed else ["losenord"])
        return _password_form(person, str(refused), form)
    with person.desk.store.begin() as tx:
        user = replace(_goes_on(person, tx, form.secret("losenord")), password_hash=hashed)
        tx.add_user(user)
        tx.save_account(replace(tx.account(user.id), must_change=False, password_until=None))
        tx.end_sessions(user.id, but=person.session.key)
        person.note(tx, AccountEvent.RENEWED, person.user.id)
        person.request.scope["lyhord.session"] = person.desk.sessions.renew(tx, person.session, user, person.now)
    onwards = local_path(form.text("nasta")) if forced else "/konto"
    return _on(person, "Ditt lösenord är bytt. Du är utloggad överallt utom här.", onwards)


def _goes_on(person: Asked, tx: Tx, new: str = "") -> User:
    """Who changes their own log-in, as they are now and held.

    Raises NotLoggedIn where somebody shut them out meanwhile; the same form sent twice has itself ended the session
    that it came with, and its ``new`` password is the account's by then.
    """
    user = tx.hold_user(person.user.id)
    if tx.session(person.session.key) is None and not (new and right_password(user, new)):
        raise NotLoggedIn("Du är inte inloggad.")
    return user


def _new_hash(person: Asked, form: Posted) -> str:
    new = form.secret("losenord")
    if new != form.secret("losenord_igen"):
        raise form.refusal("losenord_igen", "De två lösenorden är inte lika. Skriv dem igen.")
    if right_password(person.user, new):
        raise NotAllowed("Det är samma lösenord som förut. Välj ett nytt.")
    user, place = person.user, person.desk.settings.municipality
    return hash_password(new, (user.name, user.email.partition("@")[0], place))


def _on(person: Asked, said: str, path: str = "/konto") -> Response:
    """Go on with the session as it is now, which may be another than the request came with."""
    return replace(person, session=person.request.scope["lyhord.session"]).go(path, said)


@router.get("/konto/tvasteg")
def codes_page(person: Entering, nasta: str = "/") -> Response:
    _demand_codes_turn(person)
    return _enrol_form(person, new_secret(), nasta)


def _demand_codes_turn(person: Asked) -> None:
    _demand_local(person)
    if person.account.must_change:
        raise NotAllowed("Välj ett eget lösenord först.")


def _enrol_form(person: Asked, secret: str, onwards: str, problem: str = "", typed: Posted | None = None) -> Response:
    """The secret travels sealed in the form, so that nothing is kept before the telephone has shown that it works."""
    address = enrol_address(secret, person.user.email, person.desk.settings.municipality)
    values = {
        "problem": problem,
        "typed": typed,
        "nasta": onwards,
        "picture": enrol_picture(address),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "sealed": person.desk.sealer.seal(_ENROL, [person.user.id, secret], person.now),
        "forced": bool(person.step),
        "on": bool(person.account.code_secret),
    }
    return person.page("entrance/account_codes.html", values, status=422 if problem else 200)


@router.post("/konto/tvasteg")
def enrol(person: Entering, form: Form) -> Response:
    """Switch one-time codes on, or move them to another telephone; spare codes are shown once."""
    _demand_codes_turn(person)
    facts = person.desk.sealer.open(_ENROL, form.text("hemlighet"), person.now, _ENROL_LASTS)
    if not isinstance(facts, list) or facts[0] != person.user.id:
        return _enrol_form(
            person, new_secret(), form.text("nasta"), "Det tog för lång tid. Läs in den nya bilden och försök igen."
        )
    secret = str(facts[1])
    # One who has codes already shows the password, so that an open screen is not enough to move them.
    # The same form sent again has moved them itself.
    step = matching_step(secret, form.text("kod"), person.now)
    moves = bool(person.account.code_secret) and not holds_secret(person.desk.sealer, person.account, secret, step)
    problem = _demand_password(person, form) if moves else ""
    if problem or not step:
        problem = problem or "Koden stämmer inte. Kontrollera telefonens klocka och försök igen."
        return _enrol_form(person, secret, form.text("nasta"), problem, form)
    with person.desk.store.begin() as tx:
        _goes_on(person, tx)
        kept = replace(tx.account(person.user.id), code_secret=seal_secret(person.desk.sealer, secret), code_step=step)
        tx.save_account(kept)
        codes = give_spare_codes(tx, person.desk.sealer, person.user.id, form_seed(person, form))
        tx.end_sessions(person.user.id, but=person.session.key)
        person.note(tx, AccountEvent.CODE_ON, person.user.id)
    return _show_codes(replace(person, account=kept, step=""), codes, local_path(form.text("nasta")))


def _show_codes(person: Asked, codes: list[str], onwards: str = "/") -> Response:
    return person.page("entrance/account_spare.html", codes=codes, nasta=onwards)


@router.post("/konto/reservkoder")
def new_spare(person: Person, form: Form) -> Response:
    """Ten new spare codes; the old ones work no more."""
    _demand_local(person)
    problem = _demand_password(person, form) if person.account.code_secret else "Slå på tvåstegsinloggning först."
    if problem:
        return _overview(person, problem, form)
    with person.desk.store.begin() as tx:
        _goes_on(person, tx)
        codes = give_spare_codes(tx, person.desk.sealer, person.user.id, form_seed(person, form))
        person.note(tx, AccountEvent.CODES_NEW, person.user.id)
    return _show_codes(person, codes)


@router.post("/konto/tvasteg-av")
def codes_off(person: Person, form: Form) -> Response:
    """Switch one-time codes off, where the role does not ask for them."""
    _demand_local(person)
    if holds_any(person.user, person.desk.settings.login.code_roles):
        return _overview(person, "Din roll kräver tvåstegsinloggning. Du kan flytta den till en annan telefon.")
    problem = _demand_password(person, form)
    if problem:
        return _overview(person, problem, form)
    with person.desk.store.begin() as tx:
        _goes_on(person, tx)
        drop_codes(tx, person.user.id)
        person.note(tx, AccountEvent.CODE_OFF, person.user.id)
    return person.go("/konto", "Tvåstegsinloggningen är av.")


@router.post("/konto/logga-ut-overallt")
def out_everywhere(person: Person, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        ended = tx.end_sessions(person.user.id)
        person.note(tx, AccountEvent.ENDED, person.user.id, f"{ended} överallt")
        fresh = person.desk.sessions.fresh(person.now)
    person.request.scope["lyhord.session"] = fresh
    return _on(person, "Du är utloggad överallt.", "/logga-in")


@router.post("/konto/inloggningar/{key}/avsluta")
def end_one(key: str, person: Person, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        mine = next((s for s in tx.sessions(person.user.id) if s.key == key), None)
        if mine is None:
            raise NotFound("No such session of this person.")
        tx.end_session(key)
        person.note(tx, AccountEvent.ENDED, person.user.id, "en")
    return person.go("/konto", "Inloggningen är avslutad.")
