"""What the model says of a message is kept, its flags act at once, and the receipt leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from cases.calendar import local_day, read_swedish_date
from cases.case import Case, CaseStatus, check_move
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.letters.permit import permit, receipt_held
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note, queue_letter
from cases.post.plan import owed
from cases.post.staff import queue_internal
from cases.promises import NEW_DAY_RULE, Deadline, PromiseKind, in_force
from cases.records.public import new_link
from cases.routing.areas import Area
from cases.routing.flags import FLAG_RULES, ConfidentialityFlag, Effect, FlagKind, active_kinds
from cases.routing.suggestion import CaseType, Severity, SpokenRule, Suggestion
from cases.routing.tracks import foremost
from cases.steps.joining.loops import looping
from cases.steps.joining.unhappy import consider
from cases.steps.routing.notices import tell_of_new, urgent
from cases.steps.staff import case_chef, entitled, owner_addresses, routers
from cases.ties import TieKind

_JUNK_CONFIDENCE = 0.8
_OLD = timedelta(days=30)
_DAY_TOLD_IN = {LetterKind.LANGRE_TID: "ny_tid", LetterKind.STATUS: "svarsdatum"}


def record(tx: Tx, case_id: str, message_row_id: str, suggestion: Suggestion, office: Office, now: datetime) -> Case:
    """Keep a suggestion. A new case becomes one to route and gets its receipt; a reply may raise further flags."""
    case, shown = tx.get_case(case_id, SYSTEM), tx.suggestion(case_id)
    tx.add_suggestion(case_id, message_row_id, suggestion, now)
    said = tx.suggestion(case_id) if shown else suggestion
    if suggestion.imprint is not None:
        tx.add_imprint(case_id, message_row_id, suggestion.imprint)
    if case.status is CaseStatus.RECEIVED:
        first = _first(tx, case, suggestion, office, now)
        _note_rule(tx, case, None, suggestion.rule, office, now)
        return first
    _note_rule(tx, case, shown.rule if shown else None, said.rule if said else None, office, now)
    if (said.named_units if said else ()) != (shown.named_units if shown else ()):
        # A page confirms what it showed, by the case's version: not this other unit.
        case = tx.save_case(case)
    stored = tx.get_message(message_row_id)
    if stored.direction == "outside":
        return _reflag(tx, case, suggestion, office, now, "ett svar från någon utanför")
    case = _reflag(tx, _retrack(tx, case, suggestion, office, now), suggestion, office, now)
    if case_id in tx.cases_awaiting(stored.message.message_id):
        return _anew(tx, case, suggestion)
    return consider(tx, case, stored, office, now)


def _note_rule(
    tx: Tx, case: Case, before: SpokenRule | None, rule: SpokenRule | None, office: Office, now: datetime
) -> None:
    """A rule that speaks in the case's suggestion, or no longer does, while a person has still to say whose it is."""
    if rule == before or case.unit_id:
        return
    tx.note_rule(case.id, rule, now)
    if rule is not None:
        unit = office.organisation.unit_meant(Area.KANSLI, rule.unit_id).name
        note(tx, office, case.id, EventKind.SUGGESTED, now, f"Regel: {rule.name}. Föreslår {unit}.")


def _anew(tx: Tx, case: Case, suggestion: Suggestion) -> Case:
    """The letter that the case's first one answers says what the matter is, until a person has said it."""
    if case.status is not CaseStatus.SUGGESTED:
        return case
    worse = Severity.ALLVARLIG if Severity.ALLVARLIG in (case.severity, suggestion.severity) else suggestion.severity
    return tx.save_case(replace(case, area=suggestion.areas[0].area, type=suggestion.type, severity=worse))


def _first(tx: Tx, case: Case, suggestion: Suggestion, office: Office, now: datetime) -> Case:
    check_move(case, CaseStatus.SUGGESTED)
    flagged = _with_flags(case, _raised(case, suggestion))
    case = tx.save_case(
        replace(
            flagged,
            status=CaseStatus.SUGGESTED,
            area=suggestion.areas[0].area,
            type=suggestion.type,
            severity=suggestion.severity,
            language=suggestion.language,
            track=foremost(suggestion.tracks),
            first_unit=_first_unit(flagged, suggestion, office),
        )
    )
    note(tx, office, case.id, EventKind.SUGGESTED, now, _said(suggestion))
    send_receipt(tx, case, office, now, junk=_junk(case, suggestion))
    if not _old(case, now) or owed(case) is None or urgent(case):
        day = local_day(now)
        tell_of_new(tx, office, case, entitled(tx, case, routers(tx, office, case, day), day), now)
    return tx.get_case(case.id, SYSTEM)


def _old(case: Case, now: datetime) -> bool:
    """Whether it lay in the mailbox long before we read it, as at the first start, where there may be thousands.

    Its sender gets no receipt, and who routes it has what somebody waits for in the day's one list of late cases.
    """
    return now - case.received_at > _OLD


def _first_unit(case: Case, suggestion: Suggestion, office: Office) -> str:
    """The unit whose own registrators receive and route the case (O18, R16); never what may have to be protected."""
    if not office.unit_first or case.protected:
        return ""
    unit = office.organisation.unit_meant(suggestion.areas[0].area, *suggestion.named_units)
    same = office.organisation.authority_of(unit.id).id == case.authority_id
    return unit.id if unit.registrators and same else ""


def _said(suggestion: Suggestion) -> str:
    track = foremost(suggestion.tracks)
    return f"Modell {suggestion.model_version}.{f' Föreslagen ordning: {track}.' if track else ''}"


def _junk(case: Case, suggestion: Suggestion) -> bool:
    """The receipt never answers junk (Rulings, Letters out)."""
    return suggestion.type is CaseType.OVRIGT and suggestion.type_confidence >= _JUNK_CONFIDENCE and not case.protected


def _retrack(tx: Tx, case: Case, suggestion: Suggestion, office: Office, now: datetime) -> Case:
    """A reply may be what the first letter was not, an appeal or a request; a track a case already has stays."""
    track = foremost(suggestion.tracks)
    if not track or case.track:
        return case
    note(tx, office, case.id, EventKind.SUGGESTED, now, f"Avsändarens svar kan höra till en särskild ordning: {track}.")
    return tx.save_case(replace(case, track=track))


def _raised(case: Case, suggestion: Suggestion) -> Sequence[ConfidentialityFlag]:
    """The flags of kinds that the case has not yet: what a person decided before is left alone."""
    known = {flag.kind for flag in case.flags}
    return [flag for flag in suggestion.flags if flag.kind not in known]


def _with_flags(case: Case, raised: Sequence[ConfidentialityFlag]) -> Case:
    """The case with these flags besides its own; what holds it anew is held whatever was released before."""
    hold_again = any(FLAG_RULES[f.kind].effect is Effect.HOLD for f in raised)
    return replace(case, flags=(*case.flags, *raised), hold_released=case.hold_released and not hold_again)


def _reflag(
    tx: Tx, case: Case, suggestion: Suggestion, office: Office, now: datetime, after: str = "avsändarens svar"
) -> Case:
    """New kinds raised by a reply act as suggested flags."""
    raised = _raised(case, suggestion)
    if not raised:
        return case
    case = tx.save_case(_with_flags(case, raised))
    names = ", ".join(FLAG_RULES[flag.kind].label for flag in raised)
    note(tx, office, case.id, EventKind.FLAGGED, now, f"Föreslagen efter {after}: {names}.")
    if FlagKind.HOT_VALD in active_kinds(raised):
        alarm_chef(tx, case, office, now)
    return case


def send_receipt(tx: Tx, case: Case, office: Office, now: datetime, *, junk: bool = False) -> None:
    """Queue the receipt once, unless it is held, junk, refused, or the address had enough of them today."""
    # One letter, one receipt: of a part its sender may have it already.
    whole = tx.tie(case.id, TieKind.SPLIT)
    known = (case.id, whole.other_id) if whole is not None else (case.id,)
    if any(entry.letter.kind is LetterKind.MOTTAGNING for one in known for entry in tx.letters_of(one)):
        return
    why = _no_receipt(tx, case, office, now, junk=junk)
    if why:
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, f"Mottagningsbekräftelse: {why}")
        return
    token = office.new_token() if office.public_url else ""
    values = {"status_lank": f"{office.public_url}/oppet/mitt/{token}"} if token else {}
    if queue_letter(tx, office, case, LetterKind.MOTTAGNING, now=now, values=values) is not None:
        if token:
            tx.add_citizen_link(new_link(token, case.id, now, office.link_days))
        tx.save_case(meet(tx.get_case(case.id, SYSTEM), PromiseKind.RECEIPT, now))


def _no_receipt(tx: Tx, case: Case, office: Office, now: datetime, *, junk: bool) -> str:
    if junk:
        return "Meddelandet bedöms inte vara ställt till kommunen."
    if _old(case, now):
        return f"Meddelandet kom för mer än {_OLD.days} dagar sedan."
    if receipt_held(case):
        return permit(case, LetterKind.MOTTAGNING, automatic=True).reason
    most = office.letters.receipts_per_day
    if case.sender.email and tx.receipts_since(case.sender.email, now - timedelta(days=1)) >= most:
        return f"Adressen har redan fått {most} bekräftelser det senaste dygnet."
    return looping(tx, case.id, case.sender.email, case.received_at)


def meet(case: Case, kind: PromiseKind, now: datetime) -> Case:
    """The case with this promise noted as kept, if it was not already."""
    deadlines = tuple(replace(d, met_at=now) if d.kind is kind and d.met_at is None else d for d in case.deadlines)
    return replace(case, deadlines=deadlines)


def postponed(case: Case, day: date) -> Case:
    """The case with a new day for its answer, told to the citizen (R5); the first stays, for no clock restarts.

    A day that was told is a promise also where the profile makes none, and after an answer that was not enough.
    """
    return replace(case, deadlines=(*case.deadlines, Deadline(PromiseKind.ANSWER, day, NEW_DAY_RULE)))


def told_day(case: Case, kind: LetterKind, values: Mapping[str, str]) -> Case:
    """The case with the day for its answer that a letter tells; a status that repeats the routine's own tells none.

    A day left over from another letter's form moves no promise.
    """
    day = read_swedish_date(values.get(_DAY_TOLD_IN.get(kind, ""), ""))
    own = [d.due for d in in_force(case.deadlines) if d.kind is PromiseKind.ANSWER and d.rule != NEW_DAY_RULE]
    return case if day is None or (kind is LetterKind.STATUS and day in own) else postponed(case, day)


def alarm_chef(tx: Tx, case: Case, office: Office, now: datetime) -> None:
    """The nearest manager at once, link only; without a confirmed unit, that of the suggested area (R7, R8).

    A whistle-blower may write of that very manager: those who receive such cases are told instead.
    """
    if case.whistle:
        urgent = {"bradskande": "ja", **({"anledning": "Det är redan fördelat."} if case.unit_id else {})}
        whom = entitled(tx, case, (), local_day(now))
        queue_internal(tx, office, case, LetterKind.TILL_REGISTRATOR, whom, now=now, values=urgent)
        note(tx, office, case.id, EventKind.ALARM, now, "De som tar emot visselblåsningar är larmade.")
        return
    chef = case_chef(office, case).manager
    queue_internal(tx, office, case, LetterKind.TILL_CHEF, [chef.email], now=now)
    note(tx, office, case.id, EventKind.ALARM, now, "Chefen är larmad.")


def unopened(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of serious letters and threats nobody opened in time, whose chef has not been told (R7, R8)."""
    before = now - timedelta(minutes=office.escalation.serious_minutes)
    return tx.unopened(before, serious=office.escalation.on_serious, threats=office.escalation.on_threat)


def alarm_unopened(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Such a letter goes to the chef by itself; 0 where somebody has opened it since."""
    case = tx.get_case(case_id, SYSTEM)
    if case.opened_at is not None or case.ended:
        return 0
    alarm_chef(tx, case, office, now)
    return 1


def unsuggested(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases that have waited for the model for an hour, and have no receipt."""
    return tx.without_receipt(now - timedelta(minutes=office.letters.receipt_wait_minutes))


def receipt_without_model(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """The generic receipt leaves though the model is down; 0 where that was seen to.

    The case is held first: a suggestion that is kept in the same moment writes to the citizen as well.
    """
    tx.hold_cases([case_id])
    if tx.suggestion(case_id) is not None or _told_registrator(tx, case_id):
        return 0
    case = tx.get_case(case_id, SYSTEM)
    waited = count_words(office.letters.receipt_wait_minutes, "en minut", "minuter")
    note(tx, office, case.id, EventKind.SUGGESTION_FAILED, now, f"Inget förslag inom {waited}.")
    send_receipt(tx, case, office, now)
    day = local_day(now)
    tell_of_new(tx, office, case, entitled(tx, case, owner_addresses(tx, office, case, day), day), now)
    return 1


def _told_registrator(tx: Tx, case_id: str) -> bool:
    return any(entry.letter.kind is LetterKind.TILL_REGISTRATOR for entry in tx.letters_of(case_id))
