"""What a run of the demonstration came to, held against the samples' labels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cases.inbound.messages import MessageKind
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.letters.permit import receipt_held
from cases.people.access import SYSTEM
from cases.ports import Store, Tx
from cases.store.views import CaseLine, ListFilter, ListKind
from service.demo.boxes import StoredMail
from service.demo.letters import SampleLetter
from service.demo.posting import PostingReport

_ROBOTS = (MessageKind.AUTO_REPLY, MessageKind.BOUNCE, MessageKind.LIST, MessageKind.SPAM, MessageKind.EMPTY)


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of the table; ``problems`` says what is not as it should be."""

    letters_in: int
    cases: int
    replies: int
    duplicates: int
    robots_unanswered: int
    robots: int
    right: int
    judged: int
    letters_out: int
    staff_out: int
    held: int
    held_needlessly: int
    seconds: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What stands in the database: cases, where each letter lies, letters that left or failed, receipts held."""

    lines: Sequence[CaseLine]
    found: Mapping[str, str]
    sent: Sequence[OutboxEntry]
    failed: Sequence[OutboxEntry]
    held: Collection[str]


def _outcome(tx: Tx, posted: Sequence[SampleLetter]) -> _Outcome:
    lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=10_000))
    return _Outcome(
        lines,
        {letter.slug: _case_of(tx, letter) for letter in posted},
        [one.entry for one in tx.entries([OutboxStatus.SENT, OutboxStatus.BOUNCED], SYSTEM, limit=10_000)],
        [one.entry for one in tx.entries([OutboxStatus.FAILED, OutboxStatus.UNCERTAIN], SYSTEM, limit=100)],
        {line.id for line in lines if receipt_held(tx.get_case(line.id, SYSTEM))},
    )


def score(
    store: Store,
    letters: Sequence[SampleLetter],
    posting: PostingReport,
    boxes: Mapping[str, Sequence[StoredMail]],
    *,
    confirmed: int,
    seconds: float,
) -> Score:
    """Count, and name every way in which the outcome differs from the labels."""
    posted = [letter for letter in letters if letter.slug in posting.posted]
    with store.read() as tx:
        ended = _outcome(tx, posted)
    found, held = ended.found, ended.held
    robots = [letter for letter in posted if letter.kind in _ROBOTS]
    answered = [letter.slug for letter in robots if _answered(letter, boxes)]
    by_id = {line.id: line for line in ended.lines}
    judged = [letter for letter in posted if letter.case and letter.area]
    right = [letter for letter in judged if _right(letter, by_id.get(found[letter.slug]))]
    return Score(
        letters_in=len(posted),
        cases=len(ended.lines),
        replies=sum(1 for letter in posted if letter.joins),
        duplicates=sum(1 for letter in posted if letter.duplicate_of),
        robots_unanswered=len(robots) - len(answered),
        robots=len(robots),
        right=len(right),
        judged=len(judged),
        letters_out=sum(1 for entry in ended.sent if not entry.internal),
        staff_out=sum(1 for entry in ended.sent if entry.internal),
        held=len(held),
        held_needlessly=sum(1 for letter in posted if letter.receipt and found[letter.slug] in held),
        seconds=seconds,
        problems=(
            *_left_behind(posting, answered, len(ended.failed), confirmed),
            *_misplaced(posted, found, len(ended.lines)),
            *_receipts(posted, found, ended.sent, held),
        ),
    )


def _case_of(tx: Tx, letter: SampleLetter) -> str:
    return tx.case_by_message_ids([letter.message_id])


def _right(letter: SampleLetter, line: CaseLine | None) -> bool:
    return line is not None and line.area is not None and letter.area_is_right(line.area)


def _answered(letter: SampleLetter, boxes: Mapping[str, Sequence[StoredMail]]) -> bool:
    """Whether anybody was sent an answer to this very message."""
    mails = (mail.parsed() for mail in boxes.get(letter.sender, ()))
    return any(letter.message_id in str(mail.get("In-Reply-To", "")) for mail in mails)


def _left_behind(posting: PostingReport, answered: Sequence[str], failed: int, confirmed: int) -> list[str]:
    problems = [
        f"Brevet {slug} kunde inte skickas in: kvittensen det svarar på kom aldrig." for slug in posting.unposted
    ]
    problems += [f"Roboten {slug} fick ett svar." for slug in answered]
    if failed:
        problems.append(f"{failed} brev ut misslyckades eller är ovissa.")
    if not confirmed:
        problems.append("Inget ärende bekräftades på skrivbordet.")
    return problems


def _misplaced(posted: Sequence[SampleLetter], found: Mapping[str, str], cases: int) -> list[str]:
    problems = []
    wanted = sum(1 for letter in posted if letter.case)
    if cases != wanted:
        problems.append(f"{cases} ärenden, men proverna ska ge {wanted}.")
    for letter in posted:
        case, joins = found[letter.slug], found.get(letter.joins, "")
        if letter.joins and case != joins:
            problems.append(f"Svaret {letter.slug} hamnade inte i ärendet för {letter.joins}.")
        if not letter.case and not letter.joins and not letter.duplicate_of and letter.kind in _ROBOTS[2:] and case:
            problems.append(f"{letter.slug} blev ett ärende.")
    return problems


def _receipts(
    posted: Sequence[SampleLetter], found: Mapping[str, str], sent: Sequence[OutboxEntry], held: Collection[str]
) -> list[str]:
    """A receipt that a suggested flag holds is as it should be: the flag acts until a person clears it."""
    receipted = {entry.case_id for entry in sent if entry.letter.kind is LetterKind.MOTTAGNING}
    problems = []
    for letter in posted:
        if letter.case and letter.receipt and found[letter.slug] not in {*receipted, *held}:
            problems.append(f"Ingen kvittens till {letter.slug}.")
        if letter.case and not letter.receipt and found[letter.slug] in receipted:
            problems.append(f"{letter.slug} fick en kvittens som skulle ha hållits inne.")
    return problems


def table(result: Score) -> str:
    """The table that ``lyhord demo --once`` prints."""
    rows = [
        ("Brev in", result.letters_in),
        ("Ärenden", result.cases),
        ("Svar i befintliga ärenden", result.replies),
        ("Dubbletter", result.duplicates),
        ("Robotar som inte besvarats", f"{result.robots_unanswered} av {result.robots}"),
        ("Rätt förslag", f"{result.right} av {result.judged}"),
        ("Brev ut till medborgare", result.letters_out),
        ("Brev ut till personal", result.staff_out),
        ("Kvittenser som en markering håller", f"{result.held}, {result.held_needlessly} i onödan"),
        ("Sekunder", f"{result.seconds:.1f}".replace(".", ",")),
    ]
    lines = [f"{name:34} {value!s:>14}" for name, value in rows]
    return "\n".join([*lines, *(f"✘ {problem}" for problem in result.problems)])
