"""Two cases of one incident made one: each keeps its letters and its number, every sender gets the one answer once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.case import Case, CaseStatus, check_move
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import FINAL, LetterKind
from cases.letters.permit import Verdict, permit
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import draft, note, queue_letter
from cases.post.staff import with_chef
from cases.promises import PromiseKind, in_force
from cases.routing.flags import FLAG_RULES, active_kinds
from cases.steps.routing.confirm import open_for
from cases.steps.routing.suggest import meet, told_day
from cases.store.findings import merged_ids
from cases.ties import CaseTie, TieKind, waits

_OWED = (PromiseKind.STATUS, PromiseKind.ANSWER)
# What the senders of all cases are told alike; a question back goes to the one who can answer it.
_FOR_ALL = FINAL | {LetterKind.STATUS, LetterKind.LANGRE_TID}


def merge(tx: Tx, case_id: str, version: int, into_id: str, by: User, office: Office, now: datetime) -> Case:
    """Put a case into another one, which goes on for both; returns the other.

    Letters stay with their case. Of the two cases' promises the earliest stands. Can be undone until the answer is
    given. Raises NotFound, StaleVersion, IllegalMove, NotAllowed (also where more people would see what is flagged).
    """
    # In one order, so that two who put the same cases together from either end never wait for each other.
    tx.hold_cases(sorted([case_id, into_id]))
    case = open_for(tx, case_id, version, by, office)
    into = tx.get_case(into_id, office.viewer(by))
    check_merge(case, into)
    check_move(case, CaseStatus.MERGED)
    tx.link_cases(case.id, into.id, f"Ihopslaget av {by.name}", now)
    tied = tx.tied_to(into.id, TieKind.MERGED)
    dues = tied[0].dues if tied else _dues(into)
    tx.add_tie(CaseTie(case.id, into.id, TieKind.MERGED, case.status, now, dues))
    for tie in tx.tied_to(case.id, TieKind.MERGED):
        tx.add_tie(replace(tie, other_id=into.id, dues=dues))
    # What it was answered before it was opened again is not what its sender waits for now.
    case = tx.save_case(replace(case, status=CaseStatus.MERGED, outcome=None))
    into = tx.save_case(_with_dues(into, _earliest([_dues(into), _dues(case)])))
    note(tx, office, case.id, EventKind.MERGED, now, f"Med {into.number}, som svaret ges i.", by.id)
    note(tx, office, into.id, EventKind.MERGED, now, f"Ärende {case.number} besvaras här.", by.id)
    return into


def check_merge(case: Case, into: Case) -> None:
    """Raise NotAllowed, with the reason, where the one may not be put into the other as they stand."""
    if case.id == into.id:
        raise NotAllowed("Ett ärende kan inte slås ihop med sig självt.")
    if CaseStatus.RECEIVED in (case.status, into.status):
        raise NotAllowed("Brevet är inte genomläst än. Vänta tills det finns ett förslag, så att inget skyddat sprids.")
    if into.ended or into.status is CaseStatus.ANSWERED:
        raise NotAllowed(f"Ärende {into.number} är redan besvarat eller avslutat. Koppla ärendena till varandra.")
    _check_flags(case, into)


def _check_flags(case: Case, into: Case) -> None:
    """What is flagged is not shown to more people, nor to another authority (OSL 8:2): those cases are linked."""
    more = active_kinds(case.flags) - active_kinds(into.flags)
    if more or case.whistle != into.whistle:
        names = ", ".join(sorted(FLAG_RULES[kind].label.lower() for kind in more)) or "visselblåsning"
        raise NotAllowed(
            f"Ärende {case.number} är markerat ({names}), men inte {into.number}. "
            "Koppla ärendena till varandra i stället, så ser inte fler det skyddade."
        )
    if case.protected and case.authority_id != into.authority_id:
        raise NotAllowed("Ärendena är skyddade och hör till olika nämnder. Koppla dem till varandra i stället.")


def unmerge(tx: Tx, case_id: str, version: int, by: User, office: Office, now: datetime) -> Case:
    """Take a merged case out again, to where it stood; the other's promises fall due as they would without it."""
    case = open_for(tx, case_id, version, by, office)
    tie = tx.tie(case.id, TieKind.MERGED)
    if tie is None or case.status is not CaseStatus.MERGED:
        raise NotAllowed(f"Ärende {case.number} är inte ihopslaget med något annat.")
    into = tx.get_case(tie.other_id, SYSTEM)
    if case.outcome is not None or into.ended:
        raise NotAllowed("Svaret är redan lämnat. Öppna ärendet igen om avsändaren behöver ett eget svar.")
    together = _merged(tx, into)
    case = _release(tx, case, tie.was)
    rest = [_dues(one) for one in together if one.id != case.id]
    before = _earliest([tie.dues, *map(_dues, together)])
    into = tx.save_case(_with_dues(into, _earliest([tie.dues, *rest]), only_from=before))
    note(tx, office, case.id, EventKind.UNMERGED, now, f"Från {into.number}.", by.id)
    note(tx, office, into.id, EventKind.UNMERGED, now, f"Ärende {case.number} besvaras för sig.", by.id)
    return case


def _release(tx: Tx, case: Case, to: CaseStatus) -> Case:
    """Out of the merger, to a state it can have from there."""
    check_move(case, CaseStatus.REOPENED)
    tx.remove_tie(case.id, TieKind.MERGED)
    case = tx.save_case(replace(case, status=CaseStatus.REOPENED))
    if to is CaseStatus.REOPENED:
        return case
    check_move(case, to)
    return tx.save_case(replace(case, status=to))


def _dues(case: Case) -> dict[PromiseKind, date]:
    return {d.kind: d.due for d in in_force(case.deadlines) if d.kind in _OWED}


def _earliest(all_dues: Iterable[Mapping[PromiseKind, date]]) -> dict[PromiseKind, date]:
    found = dict[PromiseKind, date]()
    for dues in all_dues:
        for kind, due in dues.items():
            found[kind] = min(due, found.get(kind, due))
    return found


def _with_dues(
    case: Case, dues: Mapping[PromiseKind, date], only_from: Mapping[PromiseKind, date] | None = None
) -> Case:
    """The case with its promises in force due on these days; ``only_from``: only where they still are due on those."""
    standing = in_force(case.deadlines)
    moved = (
        replace(d, due=dues.get(d.kind, d.due))
        if d in standing and (only_from is None or only_from.get(d.kind) == d.due)
        else d
        for d in case.deadlines
    )
    return replace(case, deadlines=tuple(moved))


def follow(
    tx: Tx, into: Case, kind: LetterKind, values: Mapping[str, str], by: User | None, office: Office, now: datetime
) -> None:
    """Tell the senders of the cases merged into this one what its own sender was told, each in a letter of their own.

    Each letter bears its case's number and is checked by its case's flags; who has several of the cases gets one,
    which bears the numbers of all (``whole_values``). Where an answer cannot go by mail, the case is taken out of the
    merger and opened again, so that nobody is left without; of the anonymous nobody waits for one. Whoever had the
    answer already gets nothing of what is written about a later reply of somebody else's.
    """
    if kind not in _FOR_ALL:
        return
    values = with_chef(tx, office, into, kind, values, now)
    word, told = _Word(into, kind, values, by, office, now), [into]
    waiting = _waiting(tx, into)
    for case in waiting:
        if any(_shares(tx, case, one, kind) for one in told):
            _has_heard(tx, case, word)
        elif _tell(tx, case, replace(word, values=_naming(tx, case, waiting, kind, values))):
            told.append(case)


def whole_values(
    tx: Tx, office: Office, into: Case, kind: LetterKind, values: Mapping[str, str], now: datetime
) -> Mapping[str, str]:
    """What a letter says: how the chef is reached, where it names the chef, and the numbers of all cases it answers.

    Those are its reader's, the merged ones too.
    """
    values = with_chef(tx, office, into, kind, values, now)
    return _naming(tx, into, _waiting(tx, into), kind, values) if kind in _FOR_ALL else values


def _naming(
    tx: Tx, case: Case, waiting: Iterable[Case], kind: LetterKind, values: Mapping[str, str]
) -> Mapping[str, str]:
    mine = (one for one in waiting if one.id != case.id and not one.sender.anonymous)
    others = [one.number for one in mine if _shares(tx, one, case, kind)]
    return {**values, "arende_id": ", ".join([case.number, *others])} if others else values


def _shares(tx: Tx, case: Case, told: Case, kind: LetterKind) -> bool:
    """Whether the letter in another case tells this one's sender, and may: a flag of its own keeps it back."""
    may = case.sender.anonymous or permit(case, kind, automatic=False).verdict is Verdict.SEND
    return may and told_with(tx, case, told)


def _waiting(tx: Tx, into: Case) -> list[Case]:
    """The cases merged into this one whose senders wait for its answer."""
    return [case for case in _merged(tx, into) if waits(case)]


def _merged(tx: Tx, into: Case) -> list[Case]:
    return [tx.get_case(one, SYSTEM) for one in merged_ids(tx, into.id)]


def told_with(tx: Tx, case: Case, other: Case) -> bool:
    """Whether nobody waits for an answer of its own in a case that is answered in another one.

    One person wrote both, from one address that nobody doubts or as parts of one letter (``split``), or nobody can be
    told.
    """
    if case.sender.anonymous:
        return True
    sure = bool(case.sender.email) and not (case.sender_doubt or other.sender_doubt)
    alike = case.sender.email.lower() == other.sender.email.lower()
    return alike and (sure or _whole(tx, case.id) == _whole(tx, other.id))


def _whole(tx: Tx, case_id: str) -> str:
    """The case of the whole letter; a part may have been split again."""
    while (tie := tx.tie(case_id, TieKind.SPLIT)) is not None:
        case_id = tie.other_id
    return case_id


@dataclass(frozen=True, slots=True)
class _Word:
    """What the sender of the case that others are merged into was told, by whom and when."""

    into: Case
    kind: LetterKind
    values: Mapping[str, str]
    by: User | None
    office: Office
    now: datetime


def _has_heard(tx: Tx, case: Case, word: _Word) -> None:
    """What its sender was told, in this letter or in that of another case of theirs, holds for the case."""
    if word.kind in FINAL:
        answered(tx, case, word.into, word.office, word.now, word.by)
    else:
        tx.save_case(_heard(case, word))


def _tell(tx: Tx, case: Case, word: _Word) -> bool:
    """Tell it to this case's sender too; False where no such letter may go to them."""
    into, kind, by, office, now = word.into, word.kind, word.by, word.office, word.now
    # What the calendar sends says in Swedish alone where the case stands.
    like = replace(case, unit_id=into.unit_id or case.unit_id, language=case.language if by else "sv")
    made = draft(office, like, kind, word.values, by=by, automatic=by is None)
    if made.kind is kind and made.sendable:
        queue_letter(tx, office, like, kind, now=now, values=word.values, by=by, automatic=by is None)
        _has_heard(tx, case, word)
        return True
    if kind in FINAL:
        set_free(tx, case, into, f"Svaret kunde inte skickas hit. {made.hindrance}", office, now, by)
    else:
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, made.hindrance, by.id if by else "system")
    return False


def _heard(case: Case, word: _Word) -> Case:
    """What this sender was told holds for the case also when it is taken out again, as in ``answer.after_letter``."""
    case = told_day(case, word.kind, word.values)
    return meet(case, PromiseKind.STATUS, word.now) if word.kind is LetterKind.STATUS or word.by else case


def answered(tx: Tx, case: Case, into: Case, office: Office, now: datetime, by: User | None) -> None:
    """Every promise to this sender is kept by the answer of the other case."""
    for kind in PromiseKind:
        case = meet(case, kind, now)
    tx.save_case(replace(case, outcome=into.outcome))
    note(tx, office, case.id, EventKind.ANSWERED, now, f"I {into.number}.", by.id if by else "system")


def set_free(tx: Tx, case: Case, into: Case, why: str, office: Office, now: datetime, by: User | None) -> None:
    """Open a merged case again because its sender still waits for an answer."""
    who = by.id if by else "system"
    case = let_go(tx, case, into)
    note(tx, office, case.id, EventKind.REOPENED, now, f"Ärendet det var ihopslaget med är besvarat. {why}", who)
    note(tx, office, into.id, EventKind.UNMERGED, now, f"Ärende {case.number} har inte fått svar. {why}", who)


def let_go(tx: Tx, case: Case, into: Case) -> Case:
    """The same, without a word of it: who has the other case has this one too."""
    case = replace(case, unit_id=into.unit_id or case.unit_id, assignee_id=case.assignee_id or into.assignee_id)
    return _release(tx, case, CaseStatus.REOPENED)


def leave_none(tx: Tx, into: Case, office: Office, now: datetime, by: User) -> None:
    """A case was answered by word of mouth or ended without a letter: those merged into it still wait for an answer.

    Those of the same sender do not: they have it; nor of an anonymous one: nobody can be told.
    """
    for case in _waiting(tx, into):
        if told_with(tx, case, into):
            if into.outcome is not None:
                answered(tx, case, into, office, now, by)
        else:
            why = "Svara den här avsändaren för sig."
            set_free(tx, case, into, why, office, now, by)
