"""What is asked of messages and letters out for many letters at once."""

import math
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from cases.letters.letter import NEVER_LEFT, LetterKind
from storage.database.questions import KEYS, SINCE, Answer, Question
from storage.tables.cases import cases
from storage.tables.mail import awaited_letters, messages, outbox

_m, _o = messages.c, outbox.c
# No message has it; comparing with None would find every message without an id.
NO_KEY = ""
TWINS = Question(
    sa.select(_m.message_key, _m.id, _m.case_id, _m.from_addr, _m.content_digest, _m.received_at)
    .where(_m.message_key.in_(KEYS))
    .order_by(_m.seq),
    {messages: "message_key"},
)
"""The messages with a Message-ID, in the order they were written."""


class Told(NamedTuple):
    """A message of a case without what it says; one of this transaction has no ``seq`` yet, and comes last."""

    case_id: str
    id: str
    seq: float
    received_at: datetime
    message_id: str
    message_key: str | None
    direction: str
    outsider: bool
    from_addr: str
    content_digest: str


def in_order(rows: Answer) -> list[Told]:
    """The messages of a case, oldest first."""
    return sorted((Told(*row) for row in rows), key=attrgetter("received_at", "seq"))


OF_CASE = Question(sa.select(*(_m[name] for name in Told._fields)).where(_m.case_id.in_(KEYS)), {messages: "case_id"})
"""The messages of a case, each a ``Told``."""
ALIKE = Question(
    sa.select(_m.content_digest, _m.seq, _m.received_at, _m.from_addr)
    .where(_m.content_digest.in_(KEYS))
    .where(_m.received_at >= SINCE),
    {messages: "content_digest"},
)
"""The messages that say the same, received since a moment."""
CASES_OF_IDS = Question(
    sa.union_all(
        sa.select(_m.message_key, _m.case_id).where(_m.message_key.in_(KEYS), _m.case_id.is_not(None)),
        sa.select(_o.message_key, _o.case_id).where(_o.message_key.in_(KEYS), _o.case_id.is_not(None)),
    ),
    {messages: "message_key", outbox: "message_key"},
)
"""The cases of a Message-ID, received or sent."""
_AWAITED = awaited_letters.join(cases, cases.c.id == awaited_letters.c.case_id)
AWAITING = Question(
    sa.select(awaited_letters.c.message_key, awaited_letters.c.case_id)
    .select_from(_AWAITED)
    .where(awaited_letters.c.message_key.in_(KEYS))
    .order_by(cases.c.received_at, cases.c.id),
    {awaited_letters: "message_key"},
)
"""The cases that wait for a Message-ID."""
LETTERS_BY_ID = Question(
    sa.select(_o.message_key.label("asked"), *_o).where(_o.message_key.in_(KEYS)).order_by(_o.seq),
    {outbox: "message_key"},
)
"""The letters out with a Message-ID."""


# A letter that never left is no receipt.
RECEIPTS = Question(
    sa.select(_o.recipient_key, _o.created_at)
    .where(_o.recipient_key.in_(KEYS), _o.kind == LetterKind.MOTTAGNING, _o.status.not_in(NEVER_LEFT))
    .where(_o.created_at >= SINCE),
    {outbox: "recipient_key"},
)
"""When receipts were queued to an address since a moment."""
NOTICES = Question(
    sa.select(_o.recipient_key, _o.created_at)
    .where(_o.recipient_key.in_(KEYS), _o.kind == LetterKind.TILL_REGISTRATOR, _o.status.not_in(NEVER_LEFT))
    .where(_o.created_at >= SINCE),
    {outbox: "recipient_key"},
)
"""When mails about a case to route were queued to an address since a moment."""
FROM_SENDER = Question(
    sa.select(cases.c.sender_key, cases.c.received_at, cases.c.number)
    .where(cases.c.sender_key.in_(KEYS))
    .where(cases.c.received_at >= SINCE),
    {cases: "sender_key"},
)
"""The cases that an address opened since a moment."""
LETTERS_OF_CASE = Question(
    sa.select(_o.case_id.label("asked"), *_o).where(_o.case_id.in_(KEYS)).order_by(_o.created_at, _o.seq),
    {outbox: "case_id"},
)
"""All letters of a case, oldest first."""


def adds(row: dict[str, Any]) -> dict[Question, Answer]:
    """What a new row of messages adds to the answers of these questions."""
    key, case_id, digest = row["message_key"], row["case_id"], row["content_digest"]
    told = [math.inf if name == "seq" else row[name] for name in Told._fields]
    return {
        TWINS: (key, row["id"], case_id, row["from_addr"], digest, row["received_at"]) if key else (),
        OF_CASE: told if case_id else (),
        ALIKE: (digest, math.inf, row["received_at"], row["from_addr"]),
        CASES_OF_IDS: (key, case_id) if key and case_id else (),
    }


def adds_letter(row: dict[str, Any]) -> dict[Question, Answer]:
    """What a new row of the outbox adds to the answers of these questions."""
    leaves, told = row["status"] not in NEVER_LEFT, (row["recipient_key"], row["created_at"])
    counted = {RECEIPTS: LetterKind.MOTTAGNING, NOTICES: LetterKind.TILL_REGISTRATOR}
    return {question: told if leaves and row["kind"] == kind else () for question, kind in counted.items()}
