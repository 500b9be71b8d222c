"""The note that a case's documents were put together for handing out: how much, never to whom or why (TF 2:18)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.case import Case
from cases.disclosure.documents import GROUNDS, HandOver
from cases.disclosure.handout import Prepared
from cases.journal import EventKind
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note


def disclosed(
    tx: Tx,
    case: Case,
    prepared: Sequence[Prepared],
    grounds: Mapping[str, int],
    by: User,
    office: Office,
    now: datetime,
) -> None:
    """Write in the journal how many documents, how many details were masked, and by which law."""
    given = sum(one.way is not HandOver.LEAVE for one in prepared)
    masked = sum(sum(one.used.values()) for one in prepared)
    documents = "handling" if len(prepared) == 1 else "handlingar"
    hidden = count_words(masked, "en maskerad uppgift", "maskerade uppgifter").capitalize()
    text = f"{given} av {len(prepared)} {documents}. {hidden}."
    laws = "; ".join(GROUNDS[ground] for ground in grounds)
    note(tx, office, case.id, EventKind.DISCLOSED, now, f"{text} Grund: {laws}." if laws else text, by.id)
