"""Letters that a person sends: when each leaves, and how its cases stood before, should it never leave (``unsend``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date, swedish_time
from cases.case import Case, CaseStatus
from cases.errors import NotAllowed
from cases.inbound.messages import Attachment
from cases.journal import EventKind
from cases.letters.drafts import UNDO, AnswerDraft, Answered, SentAnswer, Stand
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import days_told, note
from cases.promises import PromiseKind, in_force
from cases.steps.answering.copies import check_copies
from cases.steps.answering.enclose import enclose_new, takers
from cases.steps.answering.together import Told, answer_together
from cases.steps.routing.merge import told_with
from cases.store.findings import merged_ids

_MOST_AHEAD_DAYS = 60
_OWED = {PromiseKind.ANSWER: ("svar", "att ni behöver mer tid"), PromiseKind.STATUS: ("besked", "ett besked om läget")}
_KEEP_BY_THEMSELVES = (LetterKind.STATUS, LetterKind.LANGRE_TID, LetterKind.SEKRETESS_SAFE)


@dataclass(frozen=True, slots=True)
class Sending:
    """One press of *Skicka*: which case as it was shown, others to answer along, the letter, when it leaves.

    ``typed`` is what stands in the form, which comes back where the letter is taken back; ``values`` what the letter is
    made of. ``at`` is None for ``pause`` from now, in which it can be taken back. ``files`` go along. ``copies`` are
    the addresses copied in on the letter of ``case_id``.
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
    pause: timedelta = UNDO


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: the letter's id in the outbox, when it leaves, and the other cases."""

    entry_id: str
    leaves_at: datetime
    told: Sequence[Told]


def leaving_time(case: Case, at: datetime, office: Office, now: datetime, days: Sequence[date] = ()) -> datetime:
    """When a letter set for ``at`` leaves: then, or when service opens next; ``days`` are those it tells its reader.

    Raises NotAllowed for ``at`` where that has passed, is too far off, or comes after a day that was promised or is
    told.
    """
    if at <= now:
        raise NotAllowed("Tiden har redan passerat. Välj en senare tid eller skicka brevet nu.", "at")
    leaves = office.calendar.next_service(at)
    if (leaves - now).days >= _MOST_AHEAD_DAYS:
        raise NotAllowed(f"Välj en tid inom {_MOST_AHEAD_DAYS} dagar.", "at")
    if days and min(days) < local_day(leaves):
        raise NotAllowed(
            f"Brevet skulle gå {swedish_time(leaves)}, efter den {swedish_date(min(days))} som står i det. Välj en "
            "tidigare tid, eller skriv en senare dag i brevet.",
            "at",
        )
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
    """Queue what ``answer_together`` queues, to leave after the pause or at the time asked for.

    A promise counts as kept when the letter leaves. The draft is forgotten, and kept with the letter until then; so is
    how each case stood that the letter answers.
    Raises what ``answer_together`` raises, and NotAllowed for a time that will not do, files that may not leave or
    somebody who may not be copied in.
    """
    case = tx.get_case(wish.case_id, office.viewer(by))
    days = list(days_told(wish.values))
    leaves = leaving_time(case, wish.at, office, now, days) if wish.at is not None else now + wish.pause
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
    entry_id = next(one for one in cases if one.case_id == wish.case_id).letter_id
    _keep(tx, wish, entry_id, cases, leaves, by, now)
    if wish.at is not None:
        note(tx, office, wish.case_id, EventKind.NOTE, now, f"Brevet går {swedish_time(leaves)}.", by.id)
    return Sent(entry_id, leaves, told)


def _keep(
    tx: Tx, wish: Sending, entry_id: str, cases: Sequence[Answered], leaves: datetime, by: User, now: datetime
) -> None:
    """Keep the draft with each letter, and how its cases stood; all of them with the letter of the case itself."""
    if tx.get_entry(entry_id).letter.kind is wish.kind:
        # Where a flag let only the neutral letter go, what was typed is still to be told in another way.
        tx.erase_draft(wish.case_id, by.id, wish.kind)
    draft = AnswerDraft(wish.case_id, by.id, wish.kind, wish.typed, now)
    for letter_id in dict.fromkeys(one.letter_id for one in cases):
        own = replace(draft, case_id=tx.get_entry(letter_id).case_id)
        of_all = letter_id == entry_id
        tx.save_sent(SentAnswer(letter_id, own, leaves, tuple(c for c in cases if of_all or c.letter_id == letter_id)))


def _touched(tx: Tx, wish: Sending) -> list[str]:
    """The case, those answered along with it, and those merged into any of them."""
    first = [wish.case_id, *(case_id for case_id, _ in wish.others)]
    merged = [one for case_id in first for one in merged_ids(tx, case_id)]
    return list(dict.fromkeys([*first, *merged]))


def _standing(tx: Tx, case_id: str) -> tuple[Case, frozenset[str]]:
    return tx.get_case(case_id, SYSTEM), frozenset(entry.id for entry in tx.letters_of(case_id))


def _later(
    tx: Tx, case_id: str, before: tuple[Case, frozenset[str]], now: datetime, leaves: datetime
) -> Answered | None:
    """Let the new letters of a case wait, the one to the citizen first; None where the answer did not touch it.

    A case has none of its own where that of another case tells its sender.
    """
    old, known = before
    case = tx.get_case(case_id, SYSTEM)
    new = sorted((e for e in tx.letters_of(case_id) if e.id not in known), key=lambda e: e.internal)
    heard = case.status is CaseStatus.MERGED and Stand.of(case) != Stand.of(old)
    if (not new or new[0].internal) and not heard:
        return None
    for entry in new:
        tx.update_entry(replace(entry, not_before=leaves))
    kept = tuple(replace(d, met_at=leaves) if d.met_at == now else d for d in case.deadlines)
    if kept != case.deadlines:
        case = tx.save_case(replace(case, deadlines=kept))
    return Answered(case_id, tuple(e.id for e in new), Stand.of(old), Stand.of(case))


def _with_their_letters(tx: Tx, changed: Sequence[Answered]) -> tuple[Answered, ...]:
    """The same, a case without letters of its own with those of the case that tells its sender."""
    return tuple(one if one.entry_ids else replace(one, entry_ids=_told_by(tx, one, changed)) for one in changed)


def _told_by(tx: Tx, part: Answered, changed: Sequence[Answered]) -> tuple[str, ...]:
    case = tx.get_case(part.case_id, SYSTEM)
    others = (one for one in changed if one.entry_ids and told_with(tx, case, tx.get_case(one.case_id, SYSTEM)))
    return next((one.entry_ids for one in others), ())
