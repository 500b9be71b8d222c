"""What must be true at the end, asked of mailbox, mail server and database by their own means, not by Lyhörd's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

import sqlalchemy as sa

from storage.database.engine import postgresql_url
from tests.soak.letters import Kind, Written, address_of, id_of

_SETTLED = {
    "letters to read": "SELECT count(*) FROM raw_messages WHERE status = 'waiting'",
    "letters without a suggestion": "SELECT count(*) FROM messages WHERE awaits_model AND case_id IS NOT NULL",
    "letters to send": "SELECT count(*) FROM outbox WHERE status IN ('queued', 'awaiting_retry', 'inflight')",
}


_RECEIPT = "Vi har tagit emot"


@dataclass(frozen=True)
class Found:
    """What was wrong, one sentence each, what was counted, and each receipt of whose fate nobody could know."""

    wrong: list[str]
    counts: dict[str, int]
    unsure: list[str] = field(default_factory=list)


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows of a question, on a connection of its own."""
    engine = sa.create_engine(postgresql_url(url) if url.startswith("postgresql") else url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def waiting(url: str) -> dict[str, int]:
    """What is not done yet."""
    counts = {name: int(str(rows(url, question)[0][0])) for name, question in _SETTLED.items()}
    return {name: count for name, count in counts.items() if count}


def check(url: str, written: Written, folders: Mapping[str, list[bytes]], sent: Iterable[tuple[str, bytes]]) -> Found:
    """Compare all. ``folders`` are the mailbox's, by name; ``sent`` are recipient and bytes of each letter out."""
    mails = [(recipient, message_from_bytes(raw)) for recipient, raw in sent]
    got = [(recipient, str(mail["Message-ID"]).strip("<>")) for recipient, mail in mails]
    wrong = [*_messages(url, written), *_mailbox(written, folders), *_out(url, written, got), *_whole(url)]
    wrong += _receipts_twice(mails)
    return Found(wrong, _counted(url, written, got), list(_unsure(url, got)))


def _messages(url: str, written: Written) -> Iterable[str]:
    cases = defaultdict(list)
    for message_id, case in rows(url, "SELECT message_id, case_id FROM messages WHERE direction = 'in'"):
        cases[str(message_id).strip("<>")].append(case)
    for number in written.of(Kind.NEW, Kind.REPLY):
        found = cases.pop(id_of(number).strip("<>"), [])
        if len(found) != 1 or found[0] is None:
            yield f"letter {number} ({written.kinds[number]}) is {len(found)} messages, of the cases {found}"
    yield from (f"nobody wrote the message {name}" for name in cases)
    numbers = [str(row[0]) for row in rows(url, "SELECT number FROM cases")]
    if len(set(numbers)) != len(numbers) or len(numbers) != len(written.of(Kind.NEW)):
        yield f"{len(numbers)} cases with {len(set(numbers))} numbers, of {len(written.of(Kind.NEW))} new letters"
    bad = rows(url, "SELECT id FROM raw_messages WHERE status = 'quarantined'")
    gifts = written.of(Kind.RAISES, Kind.CRASHES)
    if len(bad) < len(gifts):
        yield f"{len(bad)} letters are in quarantine, and {len(gifts)} cannot be read"


def _mailbox(written: Written, folders: Mapping[str, list[bytes]]) -> Iterable[str]:
    if folders["INBOX"]:
        yield f"{len(folders['INBOX'])} letters still lie in the inbox"
    there = {str(message_from_bytes(raw)["Message-ID"]) for raws in folders.values() for raw in raws}
    yield from (f"letter {n} is gone from the mailbox" for n in range(len(written.kinds)) if id_of(n) not in there)


def _receipts_twice(mails: list[tuple[str, Message]]) -> Iterable[str]:
    """Of a letter that was found again: its receipt is another letter to us, and the same to whoever wrote."""
    answered = [str(mail["In-Reply-To"]) for _, mail in mails if str(mail["Subject"]).startswith(_RECEIPT)]
    yield from (f"{name} got {count} receipts" for name, count in Counter(answered).items() if count > 1)


def _out(url: str, written: Written, got: list[tuple[str, str]]) -> Iterable[str]:
    times = Counter(got)
    for (recipient, name), count in times.items():
        if count > 1 and recipient.startswith("p"):
            yield f"{recipient} got the letter {name} {count} times"
    receipts: Counter[str] = Counter()
    for row in rows(url, "SELECT recipient, message_id, status FROM outbox WHERE kind = 'mottagning'"):
        recipient, name, status = (str(value) for value in row)
        receipts[recipient] += 1
        came = times[recipient, name.strip("<>")]
        if status == "sent" and not came:
            yield f"the receipt to {recipient} stands as sent and never came"
        if status not in ("sent", "uncertain") and came:
            yield f"the receipt to {recipient} stands as {status} and came"
    for number in written.of(Kind.NEW):
        # By its writer: a receipt that leaves after a second letter answers that one.
        if receipts[address_of(number)] != 1:
            said = _journal(url, number)
            yield f"letter {number} has {receipts[address_of(number)]} receipts in the outbox; journal: {said}"


def _unsure(url: str, got: list[tuple[str, str]]) -> Iterable[str]:
    """What a person finds in *Utkorgen*, and whether it came after all, which only we know."""
    asked = (
        "SELECT recipient, message_id, attempts, error FROM outbox WHERE kind = 'mottagning' AND status = 'uncertain'"
    )
    for row in rows(url, f"{asked} ORDER BY created_at, recipient"):
        recipient, name, attempts, error = (str(value) for value in row)
        fate = "came" if (recipient, name.strip("<>")) in got else "never came"
        yield f"{recipient}: {fate}, {attempts} tries; {error}"


def _journal(url: str, number: int) -> str:
    its_case = f"SELECT case_id FROM messages WHERE message_id LIKE '%{id_of(number).strip('<>')}%'"
    lines = rows(url, f"SELECT at, kind, text FROM journal WHERE case_id IN ({its_case}) ORDER BY at")
    return " / ".join(f"{at} {kind} {text}" for at, kind, text in lines)


def _whole(url: str) -> Iterable[str]:
    if url.startswith("sqlite"):
        said = rows(url, "PRAGMA integrity_check")
        yield from (f"SQLite says {row[0]}" for row in said if row[0] != "ok")


def _counted(url: str, written: Written, got: list[tuple[str, str]]) -> dict[str, int]:
    by_status = rows(url, "SELECT status, count(*) FROM outbox WHERE kind = 'mottagning' GROUP BY status")
    kept = rows(url, "SELECT count(*) FROM raw_messages")[0][0]
    counts = {"letters": len(written.kinds), "kept": int(str(kept)), "letters out": len(got)}
    return counts | {f"receipts {status}": int(str(count)) for status, count in by_status}
