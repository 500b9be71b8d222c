"""What an administrator does with a person's log-in: password, codes, sessions, lock, last day. Each is in the log."""

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day, swedish_date
from cases.errors import NotAllowed
from cases.people.access import User
from cases.people.accounts import AccountEvent
from cases.ports import Tx
from desk.context import Admin, Asked
from desk.forms import Form, parse_day
from desk.login.codes import drop_codes
from desk.login.passwords import give_password
from desk.people import what_changed
from desk.personpage import person_page

router = APIRouter()
_OWN = "Det gäller ditt eget konto. Använd sidan Mitt konto, eller be en annan administratör."


def hand_out(person: Asked, tx: Tx, user: User) -> Callable[[], Response]:
    """Give a one-time password; what is returned makes the page that shows it, this once."""
    word, until = give_password(tx, user, person.now)
    person.note(tx, AccountEvent.RESET, user.id)
    day = swedish_date(local_day(until))
    return lambda: person.page("person_password.html", person=user, word=word, until=day)


def _others(person: Asked, tx: Tx, user_id: str) -> User:
    user = tx.user(user_id)
    if user.id == person.user.id:
        raise NotAllowed(_OWN)
    return user


@router.post("/personer/{user_id}/nytt-losenord")
def reset_password(user_id: str, person: Admin, _form: Form) -> Response:
    if not person.desk.settings.login.local:
        raise NotAllowed("Här loggar alla in med kommunens inloggning. Lösenord byts där.")
    with person.desk.store.begin() as tx:
        user = _others(person, tx, user_id)
        show = hand_out(person, tx, user)
    return show()


def _act(person: Asked, user_id: str, do: Callable[[Tx, User], str]) -> Response:
    """Do something with another's log-in in one transaction, and go back to their page with a word about it."""
    with person.desk.store.begin() as tx:
        said = do(tx, _others(person, tx, user_id))
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
            user = _others(person, tx, user_id)
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
