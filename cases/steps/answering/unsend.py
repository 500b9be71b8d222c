"""A letter that never leaves: taken back, stopped, withheld or refused. Its cases stand as if nobody had written it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime

from cases.calendar import local_day
from cases.case import CaseStatus
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.drafts import AnswerDraft, Answered, SentAnswer, Stand
from cases.letters.letter import FINAL, LETTER_NAMES, NEVER_LEFT, LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import still_reads
from cases.promises import NEW_DAY_RULE, Deadline, PromiseKind
from cases.steps.answering.answer import RESTING, WAITS
from cases.steps.answering.enclose import leave_out
from cases.steps.routing.merge import let_go
from cases.steps.staff import entitled, owner_addresses, tell_owner
from cases.store.findings import merged_ids
from cases.ties import TieKind, waits

_MAY_HAVE_LEFT = (OutboxStatus.INFLIGHT, OutboxStatus.SENT, OutboxStatus.UNCERTAIN, OutboxStatus.BOUNCED)
_STAND = tuple(field.name for field in fields(Stand))
_TELL_HOW_IT_GOES = (LetterKind.STATUS, LetterKind.LANGRE_TID)
_KEEP_BY_THEMSELVES = (*_TELL_HOW_IT_GOES, LetterKind.SEKRETESS_SAFE)


def take_back(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> AnswerDraft:
    """Undo a press of *Skicka*: stop the letter and those sent along with it, while they wait.

    Their cases are put back where they stood, but what somebody changed in one since is left as they left it. Returns
    the draft, whose it is now. Raises NotFound where the case is not theirs to read, NotAllowed where it has left.
    """
    sent = _held(tx, entry_id, by, office)
    letters = [tx.sent_answer(one) for one in dict.fromkeys(case.letter_id for case in sent.cases)]
    return _stop(tx, [sent, *(one for one in letters if one and one.entry_id != entry_id)], by, office, now, late=False)


def stop(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> AnswerDraft:
    """Stop this one letter, also where its time has come and nobody has claimed it yet, or where no server took it.

    Raises what ``take_back`` raises.
    """
    return _stop(tx, [_held(tx, entry_id, by, office)], by, office, now, late=True)


def _held(tx: Tx, entry_id: str, by: User, office: Office) -> SentAnswer:
    # The case before its letters, as whoever changes them because of their case does.
    tx.hold_case(tx.get_entry(entry_id).case_id, office.viewer(by))
    sent = tx.sent_answer(entry_id)
    if sent is None:
        raise NotAllowed(_LEFT)
    return sent


_LEFT = "Brevet har redan lämnat kommunen och går inte att ångra."


def _stop(tx: Tx, letters: list[SentAnswer], by: User, office: Office, now: datetime, *, late: bool) -> AnswerDraft:
    """Stop these letters, or none of them; the draft of the first, as it was given back."""
    ids = dict.fromkeys(one for sent in letters for case in sent.told for one in case.entry_ids)
    entries = [tx.hold_entry(one) for one in ids]
    undelivered = any(entry.for_citizen and entry.status is OutboxStatus.FAILED for entry in entries)
    copied = any(map(_gone, entries)) and not undelivered
    if copied or any(entry.for_citizen and not _waits(entry, now, late=late) for entry in entries):
        raise NotAllowed(_LEFT)
    for entry in entries:
        if entry.waits or entry.status is OutboxStatus.FAILED:
            tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    leave_out(tx, entries)
    cases = [one for sent in letters for one in sent.told]
    _put_all_back(tx, cases)
    for one in cases:
        told = f"{LETTER_NAMES[letters[0].draft.kind]} är ångrat."
        note(tx, office, one.case_id, EventKind.LETTER_CANCELLED, now, told, by.id)
    for sent in letters:
        tx.erase_sent(sent.entry_id)
    return _give_back(tx, letters[0].draft, office, now)


def _gone(entry: OutboxEntry) -> bool:
    """Whether somebody may have a copy of it, whatever has become of the letter itself."""
    return bool(entry.copy_of) and entry.status in _MAY_HAVE_LEFT


def _waits(entry: OutboxEntry, now: datetime, *, late: bool) -> bool:
    """Whether no sender can claim it meanwhile; ``late``, whether none has, or none could deliver it."""
    if late:
        return entry.waits or entry.status is OutboxStatus.FAILED
    return entry.waits and entry.leaves_at > now


def never_left(tx: Tx, entry: OutboxEntry, office: Office, now: datetime) -> None:
    """Draw the conclusions of a letter that turned out to be one that may not go, or that no server takes.

    Ask before the entry is settled, which forgets how its cases stood. Nobody was told anything by what is withheld, so
    they are put back; what failed can be sent again, and its owner is told, as of one that bounced.
    """
    if entry.status is OutboxStatus.FAILED:
        if entry.case_id and not entry.internal:
            tell_owner(tx, office, tx.get_case(entry.case_id, SYSTEM), LetterKind.STUDS, now)
    elif (sent := tx.sent_answer(entry.id)) is not None:
        _hush(tx, sent)
        _put_all_back(tx, sent.told)
        _give_back(tx, sent.draft, office, now)
    elif entry.automatic:
        _untold(tx, entry)


def _hush(tx: Tx, sent: SentAnswer) -> None:
    """Stop what was to tell staff that the letter is sent."""
    for entry in (tx.hold_entry(one) for case in sent.told for one in case.entry_ids):
        if entry.internal and entry.waits:
            tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))


def _put_all_back(tx: Tx, cases: Sequence[Answered]) -> None:
    """Put the cases of an answer back; one merged into another waits for that one's answer, where that is to come."""
    for one in cases:
        _put_back(tx, one)
    for case_id in dict.fromkeys(i for one in cases for i in (one.case_id, *merged_ids(tx, one.case_id))):
        case = tx.get_case(case_id, SYSTEM)
        tie = tx.tie(case.id, TieKind.MERGED) if waits(case) else None
        into = tx.get_case(tie.other_id, SYSTEM) if tie else case
        if tie and (into.ended or into.status is CaseStatus.ANSWERED):
            let_go(tx, case, into)


def _put_back(tx: Tx, one: Answered) -> None:
    """Whatever still stands as the answer left it is as it was before; this takes no arrow of the table of moves.

    A case that was closed on that answer is open again, for nobody is answered. Where another answer was given since,
    all stands on that one.
    """
    case, given = tx.get_case(one.case_id, SYSTEM), _given_since(tx, one)
    _forget_in_later(tx, one, given)
    if given is not None:
        return
    was = _without(Stand.of(case), one, _since(tx, one))
    changes: dict[str, object] = {name: getattr(was, name) for name in _STAND}
    alike = case.outcome is one.after.outcome and one.after.status is CaseStatus.ANSWERED is not one.before.status
    if alike and case.status is CaseStatus.CLOSED:
        changes |= {"status": one.before.status, "closed_at": None}
    changed = replace(case, **changes)  # type: ignore[arg-type] # fields of a case, by their names
    if changed != case:
        tx.save_case(changed)


def _without(stand: Stand, one: Answered, since: Sequence[OutboxEntry]) -> Stand:
    """How a case would stand there without that answer: what it changed is as before, its promises too.

    What the letters that were written ``since`` would have changed in its place stays.
    """
    before, after = one.before, one.after
    same = {name: getattr(before, name) for name in _STAND if getattr(stand, name) == getattr(after, name)}
    was, new = dict(zip(after.deadlines, before.deadlines, strict=False)), after.deadlines[len(before.deadlines) :]
    owed = (was.get(due, due) for due in _less(stand.deadlines, new))
    return _kept_by(since, replace(stand, **{**same, "deadlines": tuple(owed)}), stand)


def _less(deadlines: Sequence[Deadline], new: Sequence[Deadline]) -> Iterator[Deadline]:
    """These but for the new ones, each taken away once: another letter may have told the same day."""
    away = Counter(new)
    for due in deadlines:
        if away[due]:
            away[due] -= 1
        else:
            yield due


def _kept_by(since: Sequence[OutboxEntry], was: Stand, stand: Stand) -> Stand:
    """As it ``was``, but for what these letters keep of how it stands: they, too, wait for that or tell that."""
    if not since:
        return was
    if was.assignee_id != stand.assignee_id:
        was = replace(was, assignee_id=was.assignee_id or since[0].created_by)
    if was.status is not stand.status:
        waits = stand.status in [WAITS.get(one.letter.kind) for one in since]
        status = CaseStatus.IN_PROGRESS if was.status in RESTING else was.status
        was = replace(was, status=stand.status if waits else status)
    heard = next((e.sent_at or e.not_before for e in since if e.letter.kind in _TELL_HOW_IT_GOES), None)
    return replace(was, deadlines=tuple(_met(due, stand, heard) for due in was.deadlines))


def _met(due: Deadline, stand: Stand, heard: datetime | None) -> Deadline:
    undone = due.kind is PromiseKind.STATUS and due.met_at is None and due not in stand.deadlines
    return replace(due, met_at=heard) if undone else due


def _since(tx: Tx, one: Answered, until: datetime | None = None) -> list[OutboxEntry]:
    """What somebody has written to the sender of a case since that letter, until then, and did not take back."""
    written, letters = tx.get_entry(one.letter_id).created_at, tx.case_file(one.case_id, SYSTEM).letters
    theirs = (e for e in letters if e.for_citizen and not e.automatic and e.status not in NEVER_LEFT)
    return [e for e in theirs if written < e.created_at and (until is None or e.created_at <= until)]


def _forget_in_later(tx: Tx, one: Answered, given: datetime | None) -> None:
    """Let later letters that wait remember the case without this one, or it would come back where they are undone.

    Those that were written after the next answer was ``given`` remember that one.
    """
    tie, written = tx.tie(one.case_id, TieKind.MERGED), tx.get_entry(one.letter_id).created_at
    waiting = (row for home in {one.case_id, tie.other_id if tie else one.case_id} for row in tx.sent_answers(home))
    for row in waiting:
        at = tx.get_entry(row.entry_id).created_at
        if written < at and (given is None or at <= given):
            since = _since(tx, one, at)
            cases = (_later(each, one, since, given) if each.case_id == one.case_id else each for each in row.cases)
            tx.save_sent(replace(row, cases=tuple(cases)))


def _later(later: Answered, one: Answered, since: Sequence[OutboxEntry], given: datetime | None) -> Answered:
    after = _without(later.after, one, since) if given is None else later.after
    others = [entry for entry in since if entry.id != later.letter_id]
    return replace(later, before=_without(later.before, one, others), after=after)


def _given_since(tx: Tx, one: Answered) -> datetime | None:
    """When the next answer was given that has left, waits or was told; None where none was."""
    written, file = tx.get_entry(one.letter_id).created_at, tx.case_file(one.case_id, SYSTEM)
    letters = (e for e in file.letters if e.for_citizen and e.letter.kind in FINAL and e.status not in NEVER_LEFT)
    told = (event.at for event in file.events if event.kind is EventKind.ORAL_ANSWER)
    return min((at for at in (*(e.created_at for e in letters), *told) if at > written), default=None)


def _untold(tx: Tx, entry: OutboxEntry) -> None:
    """What a letter by itself was to keep is not kept where it may not go: somebody is reminded of it (O24, R5).

    It is planned no more. A day that a person has told since stands.
    """
    if entry.letter.kind not in _KEEP_BY_THEMSELVES:
        return
    case = tx.get_case(entry.case_id, SYSTEM)
    status = [d for d in case.deadlines if d.kind is PromiseKind.STATUS and d.met_at == entry.created_at]
    told = [d for d in case.deadlines if d.rule == NEW_DAY_RULE and entry.letter.kind is LetterKind.LANGRE_TID]
    untold = told if len(told) == 1 and told[0].met_at is None else []
    if status or untold:
        kept = (replace(d, met_at=None) if d in status else d for d in case.deadlines if d not in untold)
        tx.save_case(replace(case, deadlines=tuple(kept)))


def _give_back(tx: Tx, draft: AnswerDraft, office: Office, now: datetime) -> AnswerDraft:
    """The text is a draft again, unless whose it is now has begun anew."""
    mine = replace(draft, user_id=_whose(tx, draft, office, now), saved_at=now)
    if mine.typed and tx.draft(mine.case_id, mine.user_id, mine.kind) is None:
        tx.save_draft(mine)
    return mine


def _whose(tx: Tx, draft: AnswerDraft, office: Office, now: datetime) -> str:
    """Who goes on with a text: its writer, or where they have left or may not read the case, its owner or its chef."""
    case, day = tx.get_case(draft.case_id, SYSTEM), local_day(now)
    chef = office.unit_of(case).manager.email
    owners = entitled(tx, case, (*owner_addresses(tx, office, case, day), chef), day)
    people = (tx.user(draft.user_id), *filter(None, map(tx.user_by_email, owners)))
    there = (one.id for one in people if still_reads(tx, office, case.id, one, day))
    return next(there, draft.user_id)
