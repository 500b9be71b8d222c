"""From a reason to write to a citizen's letter in the outbox: fills in, asks what may go, renders, queues, notes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from cases.calendar import read_swedish_date, swedish_date
from cases.case import Case
from cases.errors import NotAllowed
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LETTER_NAMES, Letter, LetterContext, LetterKind, OutboxEntry
from cases.letters.permit import Permit, Verdict, permit
from cases.office import Office
from cases.people.access import User
from cases.people.organisation import Unit
from cases.ports import Tx
from cases.post.help_question import keep_question, with_question
from cases.promises import PromiseKind, in_force, no_promise
from cases.routing.flags import FlagKind, active_kinds

_DAYS = ("ny_tid", "svarsdatum")
"""The variables by which a person tells the citizen a day."""


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

    @property
    def hindrance(self) -> str:
        """Why it does not leave as it was written, in words for staff; empty where nothing hinders."""
        if self.missing:
            return f"Det här saknas: {', '.join(self.missing)}."
        return " ".join(self.warnings) or self.permit.reason


def note(
    tx: Tx, office: Office, case_id: str, kind: EventKind, now: datetime, text: str = "", by: str = "system"
) -> None:
    """Append one line to the journal."""
    tx.add_event(CaseEvent(office.new_id(), case_id, now, by, kind, text))


def case_values(office: Office, case: Case, by: User | None = None) -> dict[str, str]:
    """The variables every letter of a case can use; ``by`` is the person who signs it (R10)."""
    unit = office.unit_of(case)
    values = {
        "arende_id": case.number,
        "registry_number": case.registry_number,
        "mottagen_datum": swedish_date(case.received_at),
        "enhet": unit.name,
        # A company or federation that answers for a question is no part of the förvaltning it hangs under here (R31).
        "forvaltning": "" if unit.external else office.organisation.department_of(unit.id).name,
        "kontakt": _contact(unit.phone or office.constants.get("kommun_telefon", ""), by.email if by else ""),
        "chef": unit.manager.name,
        "chef_titel": unit.manager.title,
        "chef_kontakt": _contact(unit.manager.email),
        "skyddat": "ja" if case.protected else "",
        "utsedda": "ja" if case.whistle else "",
        "lank": f"{office.desk_url}/arenden/{case.id}",
        **_due_values(case),
        **_authority_values(office, case),
    }
    if by is not None:
        values |= {"handlaggare": by.name, "titel": by.title, **unit_alone(case, unit, office)}
    return values


def unit_alone(case: Case, unit: Unit, office: Office) -> dict[str, str]:
    """What stands where a person would be named, under threat: the unit (R10, SFS 2025:582); else nothing."""
    if FlagKind.HOT_VALD not in active_kinds(case.flags):
        return {}
    ways = unit.phone or next(iter(unit.registrators), unit.manager.email)
    department, place = office.organisation.department_of(unit.id).name, office.constants.get("kommun", unit.name)
    # A letter says name, title, unit and förvaltning: with the unit for a name, each other is the next larger whole.
    return {"handlaggare": unit.name, "titel": department, "enhet": place, "forvaltning": "", "kontakt": ways}


def _authority_values(office: Office, case: Case) -> dict[str, str]:
    """What another nämnd than the home authority says of itself: each answers for its own personal data and diary."""
    tree = office.organisation
    authority = tree.authorities.get(case.authority_id)
    if authority is None or authority.id == tree.home_authority:
        return {}
    return authority.in_letters(office.constants.get("kommun", ""))


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
    # Who takes over is to be turned to, not the colleague who writes that they do.
    signer = None if kind is LetterKind.VIDAREBEFORDRAD else by
    context = LetterContext(filled_in({**case_values(office, case, signer), **values, **setting}))
    missing = tuple(office.renderer.missing(kind, case.language, context))
    warnings = (*_no_days(office, values), *(w for text in values.values() for w in office.screen(text)))
    letter = None if missing else office.renderer.render(kind, case.language, context)
    return Draft(letter, kind, verdict, missing, tuple(dict.fromkeys(warnings)))


def _no_days(office: Office, values: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the days a letter tells: as a promise, one that has passed is broken when it is made."""
    if office.today is None:
        return
    today = office.today()
    yield from filter(None, (no_promise(day, today) for day in days_told(values)))


def days_told(values: Mapping[str, str]) -> Iterator[date]:
    """The days that a letter with these values tells its reader."""
    yield from filter(None, (read_swedish_date(values.get(name, "")) for name in _DAYS))


def filled_in(values: Mapping[str, str]) -> dict[str, str]:
    """Those that say something: a template asks whether a value is there."""
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
    copies: Sequence[str] = (),
) -> OutboxEntry | None:
    """Queue a letter to the citizen in this transaction; None, with a line in the journal, where it may not go by mail.

    ``copies`` are the addresses that are copied in. Raises NotAllowed where a person wants to send what is unfinished
    or holds what must not leave.
    """
    plain = values or {}
    values = with_question(tx, office, case, kind, plain)
    made = draft(office, case, kind, values, by=by, automatic=automatic)
    if made.letter is None or not made.sendable:
        return _refuse(tx, office, case, made, now, by, automatic=automatic)
    entry = _entry(tx, office, case, made.letter, case.sender.email, now, by, automatic=automatic)
    if copies:
        entry = replace(entry, shown=(entry.recipient, *copies))
    tx.queue(entry)
    keep_question(tx, office, case, entry, values, now)
    note(tx, office, case.id, EventKind.LETTER_QUEUED, now, LETTER_NAMES[made.kind], by.id if by else "system")
    if copies:
        _copy(tx, office, entry, draft(office, case, kind, plain, by=by).letter, now)
    return entry


def _copy(tx: Tx, office: Office, entry: OutboxEntry, letter: Letter | None, now: datetime) -> None:
    """Queue the copies of an answer, of what it says without a link that only the citizen may open.

    They answer the answer and never the sender's own mail, whose Message-ID tells where it came from.
    """
    if letter is None or letter.kind is not entry.letter.kind or letter.kind is LetterKind.SEKRETESS_SAFE:
        raise NotAllowed("Av det neutrala meddelandet går ingen kopia. Ta bort adresserna under Kopia till.", "copies")
    for address in entry.shown[1:]:
        identity = office.new_id()
        tx.queue(
            replace(
                entry,
                id=identity,
                recipient=address,
                letter=letter,
                message_id=office.message_id(identity),
                in_reply_to=entry.message_id,
                references=(entry.message_id,),
                copy_of=entry.id,
            )
        )
    told = f"Kopia av brevet ”{LETTER_NAMES[letter.kind]}” går till {', '.join(entry.shown[1:])}."
    note(tx, office, entry.case_id, EventKind.NOTE, now, told, entry.created_by)


def _refuse(
    tx: Tx, office: Office, case: Case, made: Draft, now: datetime, by: User | None, *, automatic: bool
) -> OutboxEntry | None:
    if not automatic:
        raise NotAllowed(f"Brevet {LETTER_NAMES[made.kind]} skickades inte. {made.hindrance}")
    who = by.id if by else "system"
    note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, f"{LETTER_NAMES[made.kind]}: {made.hindrance}", who)
    return None


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
