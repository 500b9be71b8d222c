"""Letters that a person sends on the desk: now or at a time, and taken back before they have left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.calendar import local_day, swedish_date, swedish_time
from cases.case import Case, CaseStatus, check_move
from cases.errors import NotAllowed
from cases.inbound.messages import Attachment
from cases.journal import EventKind
from cases.letters.drafts import UNDO, AnswerDraft, Answered, SentAnswer, Stand
from cases.letters.letter import FINAL, LETTER_NAMES, LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.promises import NEW_DAY_RULE, Deadline, PromiseKind, in_force
from cases.steps.copies import check_copies
from cases.steps.enclose import enclose_new, leave_out, takers
from cases.steps.merge import let_go, told_with
from cases.steps.together import Told, answer_together
from cases.store.findings import merged_ids
from cases.ties import TieKind

_MOST_AHEAD_DAYS = 60
_OWED = {PromiseKind.ANSWER: ("svar", "att ni behöver mer tid"), PromiseKind.STATUS: ("besked", "ett besked om läget")}
_NEVER = (OutboxStatus.CANCELLED, OutboxStatus.WITHHELD)
_KEEP_BY_THEMSELVES = (LetterKind.STATUS, LetterKind.LANGRE_TID, LetterKind.SEKRETESS_SAFE)


@dataclass(frozen=True, slots=True)
class Sending:
    """One press of *Skicka*: which case as it was shown, others to answer along, the letter, when it leaves.

    ``typed`` is what stands in the form, which comes back where the letter is taken back; ``values`` what the letter is
    made of. ``at`` is None for now. ``files`` go along. ``copies`` are the addresses copied in on the letter of
    ``case_id``.
    """

    case_id: str
    version: int
    others: Sequence[tuple[str, int]]
    kind: LetterKind
    typed: Mapping[str, str]
    values: Mapping[str, str]
    at: datetime | None = None
    files: Sequence[Attachment] = ()
    copies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: the letter's id in the outbox, when it leaves, and the other cases."""

    entry_id: str
    leaves_at: datetime
    told: Sequence[Told]


def leaving_time(case: Case, at: datetime, office: Office, now: datetime) -> datetime:
    """When a letter set for ``at`` leaves: then, or when service opens next.

    Raises NotAllowed for ``at`` where that has passed, is too far off, or comes after the day that was promised.
    """
    if at <= now:
        raise NotAllowed("Tiden har redan passerat. Välj en senare tid eller skicka brevet nu.", "at")
    leaves = office.calendar.next_service(at)
    if (leaves - now).days >= _MOST_AHEAD_DAYS:
        raise NotAllowed(f"Välj en tid inom {_MOST_AHEAD_DAYS} dagar.", "at")
    # What is sent counts as the promised status, too, from now on: nothing else would leave in its time (O24).
    owed = (d for d in in_force(case.deadlines) if d.kind in _OWED)
    first = min(owed, key=lambda d: (d.due, d.kind), default=None)
    if first is not None and local_day(leaves) > first.due:
        what, before = _OWED[first.kind]
        raise NotAllowed(
            f"Brevet skulle gå {swedish_time(leaves)}, men {what} är lovat senast {swedish_date(first.due)}. "
            f"Välj en tidigare tid, skicka nu, eller skriv först {before}.",
            "at",
        )
    return leaves


def send_answer(tx: Tx, wish: Sending, by: User, office: Office, now: datetime) -> Sent:
    """Queue what ``answer_together`` queues, to leave in half a minute or at the time asked for.

    A promise counts as kept when the letter leaves. The draft is forgotten, and kept with the letter until then.
    Raises what ``answer_together`` raises, and NotAllowed for a time that will not do, files that may not leave or
    somebody who may not be copied in.
    """
    case = tx.get_case(wish.case_id, office.viewer(by))
    leaves = leaving_time(case, wish.at, office, now) if wish.at is not None else now + UNDO
    touched = _touched(tx, wish)
    # Before their letters are looked at: what tells of a reply that comes meanwhile is no part of the answer, to be
    # taken back with it.
    tx.hold_cases(sorted(touched))
    before = {case_id: _standing(tx, case_id) for case_id in touched}
    check_copies(tx, case, wish.copies, office)
    told = answer_together(
        tx, wish.case_id, wish.version, wish.others, wish.kind, wish.values, by, office, now, wish.copies
    )
    changed = [_later(tx, case_id, before[case_id], now, leaves) for case_id in touched]
    cases = _with_their_letters(tx, [one for one in changed if one is not None])
    if wish.files:
        made = map(tx.get_entry, dict.fromkeys(one for case in cases for one in case.entry_ids))
        enclose_new(tx, wish.case_id, wish.kind, wish.files, takers(made, wish.kind), by, office, now)
    entry_id = next(one for one in cases if one.case_id == wish.case_id).entry_ids[0]
    if tx.get_entry(entry_id).letter.kind is wish.kind:
        # Where a flag let only the neutral letter go, what was typed is still to be told in another way.
        tx.erase_draft(wish.case_id, by.id, wish.kind)
    tx.save_sent(SentAnswer(entry_id, AnswerDraft(wish.case_id, by.id, wish.kind, wish.typed, now), leaves, cases))
    if wish.at is not None:
        note(tx, office, wish.case_id, EventKind.NOTE, now, f"Brevet går {swedish_time(leaves)}.", by.id)
    return Sent(entry_id, leaves, told)


def _touched(tx: Tx, wish: Sending) -> list[str]:
    """The case, those answered along with it, and those merged into any of them."""
    first = [wish.case_id, *(case_id for case_id, _ in wish.others)]
    merged = [one for case_id in first for one in merged_ids(tx, case_id)]
    return list(dict.fromkeys([*first, *merged]))


def _standing(tx: Tx, case_id: str) -> tuple[Case, frozenset[str]]:
    return tx.get_case(case_id, SYSTEM), frozenset(entry.id for entry in tx.letters_of(case_id))


def _stand(case: Case) -> Stand:
    return Stand(case.status, case.outcome, case.assignee_id, case.deadlines)


def _later(
    tx: Tx, case_id: str, before: tuple[Case, frozenset[str]], now: datetime, leaves: datetime
) -> Answered | None:
    """Let the new letters of a case wait, the one to the citizen first; None where the answer did not touch it.

    A case has none of its own where that of another case tells its sender.
    """
    old, known = before
    case = tx.get_case(case_id, SYSTEM)
    new = sorted((e for e in tx.letters_of(case_id) if e.id not in known), key=lambda e: e.internal)
    heard = case.status is CaseStatus.MERGED and _stand(case) != _stand(old)
    if (not new or new[0].internal) and not heard:
        return None
    for entry in new:
        tx.update_entry(replace(entry, not_before=leaves))
    kept = _map_met(case.deadlines, lambda met: leaves if met == now else met)
    if kept != case.deadlines:
        case = tx.save_case(replace(case, deadlines=kept))
    return Answered(case_id, tuple(e.id for e in new), _stand(old), _stand(case))


def _with_their_letters(tx: Tx, changed: Sequence[Answered]) -> tuple[Answered, ...]:
    """The same, a case without letters of its own with those of the case that tells its sender."""
    return tuple(one if one.entry_ids else replace(one, entry_ids=_told_by(tx, one, changed)) for one in changed)


def _told_by(tx: Tx, part: Answered, changed: Sequence[Answered]) -> tuple[str, ...]:
    case = tx.get_case(part.case_id, SYSTEM)
    others = (one for one in changed if one.entry_ids and told_with(tx, case, tx.get_case(one.case_id, SYSTEM)))
    return next((one.entry_ids for one in others), ())


def _map_met(deadlines: Iterable[Deadline], change: Callable[[datetime], datetime | None]) -> tuple[Deadline, ...]:
    return tuple(replace(d, met_at=change(d.met_at)) if d.met_at is not None else d for d in deadlines)


def take_back(tx: Tx, entry_id: str, by: User, office: Office, now: datetime, *, late: bool = False) -> LetterKind:
    """Stop a letter that waits, and put its cases back where they stood; the draft is its writer's again.

    What somebody changed in a case since is left as they left it. ``late`` stops also a letter whose time has come and
    that nobody has claimed yet. Raises NotFound where the case is not theirs to read, NotAllowed where the letter has
    left.
    """
    # Before its letters, as whoever changes them because of their case does.
    tx.hold_case(tx.get_entry(entry_id).case_id, office.viewer(by))
    sent = tx.sent_answer(entry_id)
    ids = dict.fromkeys(one for case in sent.cases for one in case.entry_ids) if sent is not None else ()
    entries = [tx.hold_entry(one) for one in ids]
    if sent is None or any(not _waits(entry, now, late=late) for entry in entries if not entry.internal):
        raise NotAllowed("Brevet har redan lämnat kommunen och går inte att ångra.")
    for entry in entries:
        if entry.waits:
            tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    leave_out(tx, entries)
    for one in sent.cases:
        _put_back(tx, one)
        name = LETTER_NAMES[sent.draft.kind]
        note(tx, office, one.case_id, EventKind.LETTER_CANCELLED, now, f"{name} är ångrat.", by.id)
    _give_back(tx, sent, now)
    tx.erase_sent(entry_id)
    return sent.draft.kind


def letter_withheld(tx: Tx, entry_id: str, now: datetime) -> None:
    """Put the case back where its letter turned out to be one that may not go: nobody was told anything.

    Ask before the entry is settled, which forgets how to. The text is its writer's draft again.
    """
    sent = tx.sent_answer(entry_id)
    if sent is None:
        entry = tx.get_entry(entry_id)
        if entry.copy_of:
            return
        (_untold if entry.automatic else _open_again)(tx, entry)
        return
    for one in sent.cases:
        if entry_id in one.entry_ids:
            _put_back(tx, one)
    _give_back(tx, sent, now)


def _open_again(tx: Tx, entry: OutboxEntry) -> None:
    """What was answered by mail, or along with another case, is open where its own letter may not go."""
    if entry.letter.kind not in FINAL or not entry.case_id:
        return
    case = tx.get_case(entry.case_id, SYSTEM)
    answered = case.outcome is not None and case.status in (CaseStatus.ANSWERED, CaseStatus.CLOSED, CaseStatus.MERGED)
    if not answered or _later_answers(tx, case.id, entry.created_at):
        return
    unmet = _map_met(case.deadlines, lambda met: None if met in (entry.created_at, entry.not_before) else met)
    case = replace(case, outcome=None, closed_at=None, deadlines=unmet)
    tie = tx.tie(case.id, TieKind.MERGED) if case.status is CaseStatus.MERGED else None
    if tie is not None:
        let_go(tx, case, tx.get_case(tie.other_id, SYSTEM))
    else:
        check_move(case, CaseStatus.REOPENED)
        tx.save_case(replace(case, status=CaseStatus.REOPENED))


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


def _give_back(tx: Tx, sent: SentAnswer, now: datetime) -> None:
    """The text is its writer's draft again, unless they have begun anew."""
    mine = sent.draft
    if mine.typed and tx.draft(mine.case_id, mine.user_id, mine.kind) is None:
        tx.save_draft(replace(mine, saved_at=now))


def _waits(entry: OutboxEntry, now: datetime, *, late: bool) -> bool:
    """Whether no sender can claim it meanwhile; ``late``, whether none has."""
    return entry.waits and (late or (entry.retry_at or entry.not_before) > now)


def _put_back(tx: Tx, one: Answered) -> None:
    """Whatever still stands as the answer left it is as it was before; this takes no arrow of the table of moves.

    A case that was closed on that answer is open again, for nobody is answered. Where another answer was written since,
    all stands on that one.
    """
    case, before, after = tx.get_case(one.case_id, SYSTEM), one.before, one.after
    if _stands_on_another(tx, one):
        return
    changes: dict[str, object] = {
        name: getattr(before, name)
        for name in ("status", "outcome", "assignee_id", "deadlines")
        if getattr(case, name) == getattr(after, name) != getattr(before, name)
    }
    alike = case.outcome is after.outcome and after.status is CaseStatus.ANSWERED is not before.status
    if alike and case.status is CaseStatus.CLOSED:
        changes |= {"status": before.status, "closed_at": None}
    if changes:
        tx.save_case(replace(case, **changes))  # type: ignore[arg-type]


def _stands_on_another(tx: Tx, one: Answered) -> bool:
    """Whether a later answer has left or waits; one that waits puts the case back to where it stood before this one."""
    written = max((tx.get_entry(entry_id).created_at for entry_id in one.entry_ids), default=None)
    later = _later_answers(tx, one.case_id, written) if written is not None else []
    for waiting in filter(None, map(tx.sent_answer, later)):
        heirs = (replace(each, before=one.before) if each.case_id == one.case_id else each for each in waiting.cases)
        tx.save_sent(replace(waiting, cases=tuple(heirs)))
    return bool(later)


def _later_answers(tx: Tx, case_id: str, written: datetime) -> list[str]:
    """Ids of answers of the case that were written after that moment, and have left or wait."""
    answers = (e for e in tx.letters_of(case_id) if e.letter.kind in FINAL and e.status not in _NEVER)
    return [entry.id for entry in answers if entry.created_at > written and not entry.copy_of]
