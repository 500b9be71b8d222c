"""What an administrator does with a person's log-in: password, codes, sessions, lock, last day. Each is in the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day, swedish_date
from cases.errors import NotAllowed
from cases.people.access import User
from cases.people.accounts import AccountEvent
from cases.ports import Tx
from desk.context import Admin, Asked
from desk.forms import Form, Posted, parse_day
from desk.login.codes import drop_codes
from desk.login.passwords import ONE_TIME_LASTS, give_password, given_until, one_time_password
from desk.people import what_changed
from desk.personpage import person_page
from desk.shownonce import form_seed, shown_again

router = APIRouter()
_OWN = "Det gäller ditt eget konto. Använd sidan Mitt konto, eller be en annan administratör."


def hand_out(person: Asked, tx: Tx, user: User, form: Posted) -> Callable[[], Response]:
    """Give the form's one-time password; what is returned makes the page that shows it."""
    word, until = give_password(tx, user, person.now, one_time_password(form_seed(person, form)))
    person.note(tx, AccountEvent.RESET, user.id)
    return _password_page(person, user, word, until)


def handed_out(person: Asked, tx: Tx, user: User, form: Posted) -> Callable[[], Response] | None:
    """The same page again where this very form gave the password a moment ago; else None."""
    word = one_time_password(form_seed(person, form))
    until = given_until(user, tx.account(user.id), word)
    if until is None or not shown_again(until - ONE_TIME_LASTS, person.now):
        return None
    return _password_page(person, user, word, until)


def _password_page(person: Asked, user: User, word: str, until: datetime) -> Callable[[], Response]:
    day = swedish_date(local_day(until))
    return lambda: person.page("house/person_password.html", person=user, word=word, until=day)


def _others(person: Asked, user: User) -> User:
    if user.id == person.user.id:
        raise NotAllowed(_OWN)
    return user


@router.post("/personer/{user_id}/nytt-losenord")
def reset_password(user_id: str, person: Admin, form: Form) -> Response:
    if not person.desk.settings.login.local:
        raise NotAllowed("Här loggar alla in med kommunens inloggning. Lösenord byts där.")
    with person.desk.store.begin() as tx:
        user = _others(person, tx.hold_user(user_id))
        show = handed_out(person, tx, user, form) or hand_out(person, tx, user, form)
    return show()


def _act(person: Asked, user_id: str, do: Callable[[Tx, User], str]) -> Response:
    """Do something with another's log-in in one transaction, and go back to their page with a word about it."""
    with person.desk.store.begin() as tx:
        said = do(tx, _others(person, tx.hold_user(user_id)))
    return person.go(f"/personer/{user_id}", said)


@router.post("/personer/{user_id}/tvasteg-av")
def codes_off(user_id: str, person: Admin, _form: Form) -> Response:
    def do(tx: Tx, user: User) -> str:
        drop_codes(tx, user.id)
        tx.end_sessions(user.id)
        person.note(tx, AccountEvent.CODE_OFF, user.id)
        return f"Tvåstegsinloggningen är av för {user.name}."

    return _act(person, user_id, do)


@router.post("/personer/{user_id}/koppla-loss")
def unbind(user_id: str, person: Admin, _form: Form) -> Response:
    def do(tx: Tx, user: User) -> str:
        tx.save_account(replace(tx.account(user.id), subject=""))
        tx.end_sessions(user.id)
        person.note(tx, AccountEvent.UNBOUND, user.id)
        return f"{user.name} kopplas på nytt nästa gång, efter e-postadressen."

    return _act(person, user_id, do)


@router.post("/personer/{user_id}/logga-ut")
def out_everywhere(user_id: str, person: Admin, _form: Form) -> Response:
    def do(tx: Tx, user: User) -> str:
        ended = tx.end_sessions(user.id)
        person.note(tx, AccountEvent.ENDED, user.id, f"{ended} överallt")
        return f"{user.name} är utloggad överallt."

    return _act(person, user_id, do)


@router.post("/personer/{user_id}/sparr")
def lock(user_id: str, person: Admin, form: Form) -> Response:
    """Lock a person out, at once and everywhere, or let them in again."""
    opened = form.text("las") == "upp"

    def do(tx: Tx, user: User) -> str:
        _save(person, tx, user, replace(user, active=opened))
        return f"{user.name} får logga in." if opened else f"{user.name} är spärrad och utloggad överallt."

    return _act(person, user_id, do)


@router.post("/personer/{user_id}/slutar")
def leaves(user_id: str, person: Admin, form: Form) -> Response:
    """Set a leaver's last day; an empty one means that the person stays."""
    text = form.text("sista_dag")
    day = parse_day(text)
    if text and day is None:
        with person.desk.store.read() as tx:
            user = _others(person, tx.user(user_id))
        return person_page(person, user, form, "Skriv sista dagen som ett datum, år-månad-dag.")

    def do(tx: Tx, user: User) -> str:
        _save(person, tx, user, replace(user, last_day=day))
        return f"{user.name} slutar {swedish_date(day)}." if day else f"{user.name} har ingen sista dag."

    return _act(person, user_id, do)


def _save(person: Asked, tx: Tx, before: User, after: User) -> None:
    if before == after:
        return
    tx.add_user(after)
    if not after.works_on(local_day(person.now)):
        tx.end_sessions(after.id)
    person.note(tx, AccountEvent.CHANGED, after.id, what_changed(before, after, person.office))
