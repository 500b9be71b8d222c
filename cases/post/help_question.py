"""The question in an answer whether it was of help: which letters ask it, and the link that opens its page."""

from collections.abc import Mapping
from datetime import datetime

from cases.case import Case
from cases.letters.letter import LetterKind, OutboxEntry
from cases.office import Office
from cases.ports import Tx
from cases.records.public import new_link

_LINK = "hjalpt_lank"
_ASKING = frozenset({LetterKind.SVAR, LetterKind.BESLUT_ATGARD, LetterKind.BESLUT_INGEN, LetterKind.URSAKT})
"""Who praised, or was shown on to others, was not to be helped by us."""


def with_question(tx: Tx, office: Office, case: Case, kind: LetterKind, values: Mapping[str, str]) -> Mapping[str, str]:
    """What a letter says, with the link of the question where it asks one; of the link nothing is kept yet.

    A protected case is never asked about. Nor is one on a special track, or with a decision that can be appealed
    against: a *no* beside the way to appeal would pass for an appeal.
    """
    asks = office.ask_if_helped and kind in _ASKING and not (case.protected or case.track or tx.refused_of(case.id))
    return {**values, _LINK: f"{office.public_url}/oppet/mitt/{office.new_token()}"} if asks else values


def keep_question(
    tx: Tx, office: Office, case: Case, entry: OutboxEntry, values: Mapping[str, str], now: datetime
) -> None:
    """Let the link of a queued letter open, where the letter has it: a municipality's own template may leave it out."""
    link = values.get(_LINK, "")
    if link and link in entry.letter.text:
        made = new_link(link.rpartition("/")[2], case.id, now, office.link_days, entry.id, case.unit_id)
        tx.add_citizen_link(made)
