"""From a reason to write to a letter in the outbox: fills in, asks what may go, renders, queues, and notes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from cases.access import User
from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.errors import NotAllowed, NotFound
from cases.journal import CaseEvent, EventKind
from cases.letters import LETTER_NAMES, Letter, LetterContext, LetterKind, OutboxEntry, Permit, Verdict, permit
from cases.mail_answers import ready_made
from cases.office import Office
from cases.ports import Tx
from cases.promises import PromiseKind, in_force
from cases.reply_token import staff_reply_to
from cases.routing_mail import routable_by_mail, routing_links

_K = LetterKind
# The letters to staff whose reply can be the answer to the citizen.
ANSWERED_BY_MAIL = frozenset(
    {_K.TILL_HANDLAGGARE, _K.SVAR_INKOMMET, _K.STUDS, _K.PAMINNELSE_FORE, _K.PAMINNELSE_EFTER, _K.MEJLSVAR_STOPPAT}
)
_REPLIED_TO = ANSWERED_BY_MAIL | {_K.TILL_REGISTRATOR}
# Of what a unit has.
_NEED_UNIT = frozenset({_K.TILL_ENHETSREGISTRATOR, _K.TILL_FORVALTNINGSCHEF})
# These tell one person what came of that person's own mail.
_TO_WRITER = frozenset({_K.MEJLSVAR_SKICKAT, _K.MEJLSVAR_STOPPAT})


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it would be sent: the text, what may happen to it, what is unfilled, what must not stand in it."""

    letter: Letter | None
    kind: LetterKind
    permit: Permit
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def sendable(self) -> bool:
        """Nothing is missing, forbidden or warned of."""
        return self.letter is not None and not self.missing and not self.warnings


def note(
    tx: Tx, office: Office, case_id: str, kind: EventKind, now: datetime, text: str = "", by: str = "system"
) -> None:
    """Append one line to the journal."""
    tx.add_event(CaseEvent(office.new_id(), case_id, now, by, kind, text))


def case_values(office: Office, case: Case, by: User | None = None) -> dict[str, str]:
    """The variables every letter of a case can use; ``by`` is the person who signs it (R10)."""
    unit = office.organisation.unit(case.unit_id or office.organisation.central_unit)
    values = {
        "arende_id": case.number,
        "registry_number": case.registry_number,
        "mottagen_datum": swedish_date(case.received_at),
        "enhet": unit.name,
        "forvaltning": office.organisation.department_of(unit.id).name,
        "kontakt": _contact(unit.phone or office.constants.get("kommun_telefon", ""), by.email if by else ""),
        "chef": unit.manager.name,
        "chef_titel": unit.manager.title,
        "chef_kontakt": _contact(unit.manager.email),
        "skyddat": "ja" if case.protected else "",
        "lank": f"{office.desk_url}/arenden/{case.id}",
        **_due_values(case),
        **_authority_values(office, case),
    }
    if by is not None:
        values |= {"handlaggare": by.name, "titel": by.title}
    return values


def _authority_values(office: Office, case: Case) -> dict[str, str]:
    """What another nämnd than the home authority says of itself: each answers for its own personal data and diary."""
    tree = office.organisation
    authority = tree.authorities.get(case.authority_id)
    if authority is None or authority.id == tree.home_authority:
        return {}
    whose = f"{authority.name} i {office.constants.get('kommun', '')}".removesuffix(" i ")
    return {"personuppgiftsansvarig": whose, "diarietext": authority.register_text}


def _contact(*ways: str) -> str:
    return ", ".join(way for way in ways if way)


def _due_values(case: Case) -> dict[str, str]:
    due = {d.kind: swedish_date(d.due) for d in in_force(case.deadlines)}
    first = min((d.due for d in in_force(case.deadlines) if d.kind is not PromiseKind.RECEIPT), default=None)
    return {
        "frist": swedish_date(first) if first else "snarast",
        "status_frist": due.get(PromiseKind.STATUS, ""),
        "svar_frist": due.get(PromiseKind.ANSWER, ""),
    }


def draft(
    office: Office,
    case: Case,
    kind: LetterKind,
    values: Mapping[str, str],
    *,
    by: User | None = None,
    automatic: bool = False,
) -> Draft:
    """What would be sent: the safe letter where a flag forbids the chosen one, nothing where mail is forbidden."""
    verdict = permit(case, kind, automatic=automatic)
    if verdict.verdict is Verdict.WITHHOLD:
        return Draft(None, kind, verdict)
    if verdict.verdict is Verdict.SAFE_ONLY:
        kind, values = LetterKind.SEKRETESS_SAFE, {}
    return written(office, case, kind, values, verdict, by)


def written(
    office: Office,
    case: Case,
    kind: LetterKind,
    values: Mapping[str, str],
    verdict: Permit,
    by: User | None,
    setting: Mapping[str, str] = MappingProxyType({}),
) -> Draft:
    """The letter with what the case and a person say in it; ``setting`` is what the way it goes adds, and no text."""
    context = LetterContext(_said({**case_values(office, case, by), **values, **setting}))
    missing = tuple(office.renderer.missing(kind, case.language, context))
    warnings = tuple(w for text in values.values() for w in office.screen(text))
    letter = None if missing else office.renderer.render(kind, case.language, context)
    return Draft(letter, kind, verdict, missing, tuple(dict.fromkeys(warnings)))


def _said(values: Mapping[str, str]) -> dict[str, str]:
    """Without the empty ones: a template asks whether a value is there."""
    return {name: value for name, value in values.items() if value}


def queue_letter(
    tx: Tx,
    office: Office,
    case: Case,
    kind: LetterKind,
    *,
    now: datetime,
    values: Mapping[str, str] | None = None,
    by: User | None = None,
    automatic: bool = True,
) -> OutboxEntry | None:
    """Queue a letter to the citizen in this transaction; None, with a line in the journal, where it may not go by mail.

    Raises NotAllowed where a person wants to send what is unfinished or holds what must not leave.
    """
    made = draft(office, case, kind, values or {}, by=by, automatic=automatic)
    if made.letter is None or not made.sendable:
        return _refuse(tx, office, case, made, now, by, automatic=automatic)
    entry = _entry(tx, office, case, made.letter, case.sender.email, now, by, automatic=automatic)
    tx.queue(entry)
    note(tx, office, case.id, EventKind.LETTER_QUEUED, now, LETTER_NAMES[made.kind], by.id if by else "system")
    return entry


def _refuse(
    tx: Tx, office: Office, case: Case, made: Draft, now: datetime, by: User | None, *, automatic: bool
) -> OutboxEntry | None:
    why = made.permit.reason if made.permit.verdict is Verdict.WITHHOLD else _unfinished(made)
    if not automatic:
        raise NotAllowed(f"Brevet {LETTER_NAMES[made.kind]} skickades inte. {why}")
    who = by.id if by else "system"
    note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, f"{LETTER_NAMES[made.kind]}: {why}", who)
    return None


def _unfinished(made: Draft) -> str:
    if made.missing:
        return f"Det här saknas: {', '.join(made.missing)}."
    return " ".join(made.warnings)


def _entry(
    tx: Tx,
    office: Office,
    case: Case,
    letter: Letter,
    recipient: str,
    now: datetime,
    by: User | None,
    *,
    automatic: bool,
) -> OutboxEntry:
    thread = [f"<{message_id.strip('<>')}>" for message_id in tx.thread(case.id)]
    identity = office.new_id()
    return OutboxEntry(
        id=identity,
        case_id=case.id,
        recipient=recipient,
        letter=letter,
        message_id=office.message_id(identity),
        created_at=now,
        # A receipt reassures at once, whatever the hour; other letters leave in service hours.
        not_before=now if letter.kind is LetterKind.MOTTAGNING or not automatic else office.calendar.next_service(now),
        automatic=automatic,
        reply_to=office.reply_pattern.format(token=case.token) if office.reply_pattern else "",
        in_reply_to=thread[-1] if thread else "",
        references=tuple(thread[-20:]),
        created_by=by.id if by else "system",
    )


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
    wider = stand_ins and kind not in _TO_WRITER
    whom = with_substitutes(tx, office, case, recipients, now) if wider else recipients
    # What has no unit is to be routed; only a citizen's letter names the central one for it.
    own = {"enhet": ""} if not case.unit_id and kind not in _NEED_UNIT else {}
    filled = _said({**case_values(office, case), **own, **(values or {})})
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
    letter = office.renderer.render(kind, "sv", LetterContext(_said(values)))
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


def may_read(tx: Tx, office: Office, case_id: str, person: User) -> bool:
    """Whether a person may read a case just now."""
    try:
        tx.get_case(case_id, office.viewer(person))
    except NotFound:
        return False
    return True


def _links(tx: Tx, office: Office, case: Case, kind: LetterKind, reply_to: str) -> dict[str, str]:
    """The ready-made replies of a letter to staff; a protected case is handled on the desk alone."""
    if case.protected:
        return {}
    if kind is not LetterKind.TILL_REGISTRATOR:
        return {"svarslankar": ready_made(case.number, reply_to)}
    suggestion = tx.suggestion(case.id) if routable_by_mail(case) else None
    if suggestion is None or not reply_to:
        return {}
    return routing_links(case, suggestion, office.organisation, reply_to)
