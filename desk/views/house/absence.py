"""Borta och ersättare, Överlämning, and the move after a reorganisation: who does another's work, and from when."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.errors import NotAllowed, NotFound
from cases.numerals import count_words
from cases.people.absence import Absence
from cases.people.access import Role, User
from cases.people.accounts import AccountEvent
from cases.ports import Tx
from cases.steps.working.absence import colleagues, end_substitution, leads, name_substitute, overlapping
from cases.steps.working.handover import hand_over, leave, move_units, to_move
from desk.context import Admin, Asked, CaseWorker, Leader
from desk.forms import Form, Posted, parse_day
from desk.people import handed_over_words

router = APIRouter()
# The fields in which stands what a substitution or a hand-over may be refused for.
_AWAY = {"absent": "vem", "substitute": "ersattare", "first_day": "forsta", "last_day": "sista"}
_OVER = {"to": "till"}


@router.get("/borta")
def away(person: CaseWorker) -> Response:
    return _away(person)


def _away(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    """One's own absences, those one stands in for, and those of whom one leads."""
    with person.desk.store.read() as tx:
        everybody, kept = tx.users(), tx.absences(local_day(person.now))
    users = [user for user in everybody if user.works_on(local_day(person.now))]
    mine = [person.user, *(user for user in users if user.id != person.user.id and _leads(person, user))]
    names = {user.id: user.name for user in everybody}
    return person.page(
        "house/absence.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        absent=mine,
        substitutes=[
            user for user in users if any(one.id != user.id and colleagues(one, user, person.office) for one in mine)
        ],
        rows=[(one, names[one.user_id], names[one.substitute_id]) for one in _shown(person, kept, mine)],
    )


def _leads(person: Asked, user: User) -> bool:
    return leads(person.user, user, person.office)


def _shown(person: Asked, kept: Sequence[Absence], mine: Sequence[User]) -> list[Absence]:
    ids = {user.id for user in mine}
    return [one for one in kept if one.user_id in ids or one.substitute_id == person.user.id]


@router.post("/borta")
def name(person: CaseWorker, form: Form) -> Response:
    try:
        first, last = parse_day(form.text("forsta")), parse_day(form.text("sista"))
        if first is None or last is None:
            lacking = "sista" if first else "forsta"
            raise form.refusal(lacking, "Skriv första och sista dagen som datum, år-månad-dag.")
        with person.desk.store.begin() as tx:
            absent = _person(tx, form, "vem", person.user.id)
            to = _person(tx, form, "ersattare")
            name_substitute(tx, absent, to, first, last, person.user, person.office, person.now)
            alone = _left_alone(tx, absent, first, last)
    except NotAllowed as problem:
        form.blame(problem, _AWAY)
        return _away(person, str(problem), form)
    return person.go("/borta", f"{to.name} ersätter {absent.name}.{alone}")


def _left_alone(tx: Tx, absent: User, first: date, last: date) -> str:
    """Whom the absent person was to stand in for on those days, and now does not: a substitution is not passed on."""
    kept = (one for one in overlapping(tx.absences(first), first, last) if one.substitute_id == absent.id)
    names = sorted({tx.user(one.user_id).name for one in kept})
    if not names:
        return ""
    return f" {absent.name} är utsedd att ersätta {' och '.join(names)} under tiden. Utse någon annan till det."


def _person(tx: Tx, form: Posted, name: str, default: str = "") -> User:
    try:
        return tx.user(form.text(name) or default)
    except NotFound:
        raise form.refusal(name, "Välj en person i listan.") from None


@router.post("/borta/{absence_id}/sluta")
def end(absence_id: str, person: CaseWorker, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        end_substitution(tx, absence_id, person.user, person.office, person.now)
    return person.go("/borta", "Ersättningen är slut från och med i dag.")


@router.get("/overlamning")
def handing_over(person: Leader) -> Response:
    return _handing_over(person)


def _handing_over(person: Asked, problem: str = "", typed: Posted | None = None) -> Response:
    with person.desk.store.read() as tx:
        users = [user for user in tx.users() if user.has(Role.HANDLAGGARE) or user.has(Role.CHEF)]
        counts = Counter(tx.count_in_hand([user.id for user in users]))
        moves = to_move(tx, person.office) if person.user.has(Role.ADMIN) else ()
    theirs = [user for user in users if _may_hand_over(person, user) and (counts[user.id] or user.active)]
    return person.page(
        "house/handover.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        leavers=theirs,
        takers=[user for user in users if user.works_on(local_day(person.now))],
        counts=counts,
        moves=moves,
        admin=person.user.has(Role.ADMIN),
    )


def _may_hand_over(person: Asked, user: User) -> bool:
    return user.id != person.user.id and (person.user.has(Role.ADMIN) or _leads(person, user))


def _demand(person: Asked, leaver: User, form: Posted) -> None:
    if not _may_hand_over(person, leaver):
        raise form.refusal("fran", f"Bara chefen och administratören lämnar över det {leaver.name} har hand om.")


@router.post("/overlamning")
def over(person: Leader, form: Form) -> Response:
    """Hand over all that somebody has; an administrator may close the account in the same step."""
    try:
        with person.desk.store.begin() as tx:
            leaver, to = _person(tx, form, "fran"), _person(tx, form, "till")
            _demand(person, leaver, form)
            closes = form.ticked("slutar") and person.user.has(Role.ADMIN)
            step = leave if closes else hand_over
            done = step(tx, leaver, to, person.user.id, person.office, person.now)
            if closes:
                person.note(tx, AccountEvent.CHANGED, leaver.id, f"spärrad, ärendena överlämnade till {to.name}")
    except NotAllowed as problem:
        form.blame(problem, _OVER)
        return _handing_over(person, str(problem), form)
    shut = f" {leaver.name} kan inte längre logga in." if closes else ""
    return person.go("/overlamning", handed_over_words(done, to) + shut)


@router.post("/omorganisation")
def reorganise(person: Admin, form: Form) -> Response:
    """Move the cases of every unit that the profile says was taken over."""
    if not form.ticked("sakert"):
        refused = form.refusal("sakert", "Kryssa i rutan först, så att inget flyttas av misstag.")
        return _handing_over(person, str(refused), form)
    with person.desk.store.begin() as tx:
        moved = move_units(tx, person.user.id, person.office, person.now)
    left = [number for one in moved for number in one.left]
    said = f"{count_words(sum(one.cases for one in moved), 'ett ärende', 'ärenden').capitalize()} flyttades."
    rest = f" Skyddade ärenden som byter nämnd fördelas för hand: {', '.join(left)}." if left else ""
    return person.go("/overlamning", said + rest)
