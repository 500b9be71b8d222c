"""From a reason to write to staff to a letter in the outbox: links and dates, nothing of what a citizen wrote."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from cases.calendar import local_day
from cases.case import Case, CaseStatus
from cases.errors import NotFound
from cases.letters.letter import LetterContext, LetterKind, OutboxEntry
from cases.letters.permit import Verdict, permit
from cases.office import Office
from cases.people.access import User
from cases.people.organisation import Official
from cases.ports import Tx
from cases.post.citizen import case_values, filled_in, unit_alone
from cases.post.mail_answers import ready_made
from cases.post.reply_token import staff_reply_to
from cases.post.routing_mail import routable_by_mail, routing_links

_K = LetterKind
# The letters to staff whose reply can be the answer to the citizen.
ANSWERED_BY_MAIL = frozenset(
    {_K.TILL_HANDLAGGARE, _K.SVAR_INKOMMET, _K.STUDS, _K.PAMINNELSE_FORE, _K.PAMINNELSE_EFTER, _K.MEJLSVAR_STOPPAT}
)
_REPLIED_TO = ANSWERED_BY_MAIL | {_K.TILL_REGISTRATOR}
# Of what a unit has.
_NEED_UNIT = frozenset({_K.TILL_ENHETSREGISTRATOR, _K.TILL_FORVALTNINGSCHEF})
# To who receives whistle-blowing, who is of no unit and registers nothing, in place of a registrator's letter.
_FREE = (
    "Ärendet är fördelat och ingen har tagit hand om det. Gör det, eller tilldela det till någon annan som läser det."
)
# The citizen may turn to the chef with what these say.
_NAME_CHEF = frozenset({_K.BESLUT_ATGARD, _K.BESLUT_INGEN})
# These tell one person what came of that person's own mail.
_TO_WRITER = frozenset({_K.MEJLSVAR_SKICKAT, _K.MEJLSVAR_STOPPAT})
# These may be about a case that is answered: then nothing is to be done by a day, nor at once.
_ABOUT_ANSWERED = _TO_WRITER | {
    _K.TILL_FORVALTNINGSCHEF,
    _K.STUDS,
    _K.FRANVARO,
    _K.BEVAKNING,
    _K.KOLLEGA_SVARAT,
}


def queue_internal(
    tx: Tx,
    office: Office,
    case: Case,
    kind: LetterKind,
    recipients: Sequence[str],
    *,
    now: datetime,
    values: Mapping[str, str] | None = None,
    stand_ins: bool = True,
) -> None:
    """Queue one link-only letter to each of these staff addresses: case number and due date, nothing of the letter.

    Who stands in for one of them gets it too, unless ``stand_ins`` is off: then the caller has named them as well.
    """
    if case.whistle and kind is _K.TILL_ENHETSREGISTRATOR:
        kind, values = _K.BEVAKNING, {"anledning": _FREE, **(values or {})}
    wider = stand_ins and kind not in _TO_WRITER
    whom = with_substitutes(tx, office, case, recipients, now) if wider else recipients
    # What has no unit is to be routed; only a citizen's letter names the central one for it. A whistle-blower's has one
    # for the order's sake, and none of its receivers is to register it there.
    own = {"enhet": ""} if (case.whistle or not case.unit_id) and kind not in _NEED_UNIT else {}
    answered = case.ended or case.status is CaseStatus.ANSWERED
    done = {"frist": ""} if answered and kind in _ABOUT_ANSWERED else {}
    filled = filled_in({**case_values(office, case), **own, **done, **(values or {})})
    for recipient in dict.fromkeys(one for one in whom if one):
        tx.queue(_to_staff(tx, office, case, kind, recipient, filled, now))


def _to_staff(
    tx: Tx, office: Office, case: Case, kind: LetterKind, recipient: str, values: Mapping[str, str], now: datetime
) -> OutboxEntry:
    identity = office.new_id()
    reply_to = staff_reply_to(office, identity, now) if kind in _REPLIED_TO else ""
    context = LetterContext({**values, **_links(tx, office, case, kind, reply_to)})
    return OutboxEntry(
        id=identity,
        case_id=case.id,
        recipient=recipient,
        letter=office.renderer.render(kind, "sv", context),
        message_id=office.message_id(identity),
        created_at=now,
        not_before=now,
        reply_to=reply_to,
    )


def queue_apart(
    tx: Tx, office: Office, kind: LetterKind, recipients: Sequence[str], values: Mapping[str, str], now: datetime
) -> int:
    """Queue one letter about no single case to each of these staff addresses; returns to how many."""
    letter = office.renderer.render(kind, "sv", LetterContext(filled_in(values)))
    whom = [one for one in dict.fromkeys(recipients) if one]
    for recipient in whom:
        identity, leaves = office.new_id(), office.calendar.next_service(now)
        message_id = office.message_id(identity)
        tx.queue(OutboxEntry(identity, "", recipient, letter, message_id, created_at=now, not_before=leaves))
    return len(whom)


def with_substitutes(tx: Tx, office: Office, case: Case, recipients: Sequence[str], now: datetime) -> Iterator[str]:
    """These, and who stands in today for one of them, where that person may read the case."""
    for recipient in recipients:
        yield recipient
        for person in tx.substitutes(recipient, local_day(now)) if recipient else ():
            if may_read(tx, office, case.id, person):
                yield person.email


def reached(tx: Tx, office: Office, case: Case, person: Official, now: datetime) -> Official:
    """Whom a letter by itself tells the citizen to turn to: the person meant, or who is there in their stead.

    Asked for the day on which a letter written now leaves. Who stands in but is away as well, or may not read the case,
    is named to nobody.
    """
    day = local_day(office.calendar.next_service(now))
    there = (one for one in present(tx, person.email, day) if may_read(tx, office, case.id, one))
    return next((Official(one.name, one.title, one.email) for one in there), person)


def chef_ways(tx: Tx, office: Office, case: Case, now: datetime) -> str:
    """How the citizen reaches the chef of the case's unit: by mail, or by whoever is there in their stead, named."""
    chef = office.unit_of(case).manager
    named = reached(tx, office, case, chef, now)
    return chef.email if named is chef else f"{named.name}, som ersätter just nu, {named.email}"


def chef_named(tx: Tx, office: Office, case: Case, now: datetime) -> dict[str, str]:
    """What a letter to the citizen says of the chef besides name and title; under threat the unit in their stead."""
    if alone := unit_alone(case, office.unit_of(case), office):
        named = {"chef": alone["handlaggare"], "chef_titel": alone["titel"], "chef_kontakt": alone["kontakt"]}
        return {**named, "enhet": alone["enhet"]}
    return {"chef_kontakt": chef_ways(tx, office, case, now)}


def with_chef(
    tx: Tx, office: Office, case: Case, kind: LetterKind, values: Mapping[str, str], now: datetime
) -> Mapping[str, str]:
    """What a person wrote, with how the chef is reached where the letter names the chef to turn to (R6)."""
    return {**values, **chef_named(tx, office, case, now)} if kind in _NAME_CHEF else values


def present(tx: Tx, email: str, day: date) -> Sequence[User]:
    """Who stands in that day for whoever has this address, and is not away as well."""
    return [one for one in tx.substitutes(email, day) if not tx.substitutes(one.email, day)]


def may_read(tx: Tx, office: Office, case_id: str, person: User) -> bool:
    """Whether a person may read a case just now."""
    try:
        tx.get_case(case_id, office.viewer(person))
    except NotFound:
        return False
    return True


def still_reads(tx: Tx, office: Office, case_id: str, person: User, day: date) -> bool:
    """Whether a person works here that day and may read a case."""
    return person.works_on(day) and may_read(tx, office, case_id, person)


def _links(tx: Tx, office: Office, case: Case, kind: LetterKind, reply_to: str) -> dict[str, str]:
    """The ready-made replies of a letter to staff; a protected case is handled on the desk alone.

    None to an answer where no mail reaches the sender: no address, anonymous, or an address that fails.
    """
    if case.protected:
        return {}
    if kind is not LetterKind.TILL_REGISTRATOR:
        reached = permit(case, LetterKind.SVAR, automatic=False).verdict is not Verdict.WITHHOLD
        return {"svarslankar": ready_made(case.number, reply_to)} if reached else {}
    suggestion = tx.suggestion(case.id) if routable_by_mail(case) else None
    # What the model doubts itself is confirmed by nobody who has not read the letter.
    if suggestion is None or not reply_to or (suggestion.doubt and suggestion.rule is None):
        return {}
    return routing_links(case, suggestion, office.organisation, reply_to)
