"""What a batch of letters will ask one by one, asked of all at once beforehand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases.case import Case
from cases.inbound.messages import InboundMessage
from storage.absences import AbsencePart
from storage.cases import SUGGESTED
from storage.database.engine import mailbox_key, message_key
from storage.mail.questions import (
    ALIKE,
    AWAITING,
    CASES_OF_IDS,
    FROM_SENDER,
    LETTERS_BY_ID,
    LETTERS_OF_CASE,
    OF_CASE,
    RECEIPTS,
    TWINS,
)
from storage.queries.incidents import TIED_TO, TIES, IncidentPart
from storage.queries.sweeps import SweepPart
from storage.rows import sender_key

# As far back as receipts to an address and letters that say the same are asked for.
_WINDOW = timedelta(days=1)


class ForesightPart(IncidentPart, AbsencePart, SweepPart):
    """The whole of ``Foresight``: it changes what the next questions cost, never what is answered."""

    def hold_cases(self, case_ids: Sequence[str]) -> None:
        """On SQLite whoever writes is alone anyway."""
        self.foresee_cases(case_ids)

    def foresee_letters(self, messages: Sequence[InboundMessage]) -> None:
        """Letters that are about to be placed: their twins, and what they answer."""
        named = (one for m in messages for one in (m.in_reply_to, *m.references))
        answered = [key for key in map(message_key, named) if key]
        own = [key for m in messages if (key := message_key(m.message_id))]
        self.foresee(TWINS, own)
        self.foresee(AWAITING, own)
        self.foresee(CASES_OF_IDS, answered)
        bounced = (report.original_message_id for m in messages for report in m.bounces)
        self.foresee(LETTERS_BY_ID, [*answered, *(key for key in map(message_key, bounced) if key)])
        joined = {case_id for key in answered for _, case_id in self.ask(CASES_OF_IDS, key)}
        self._foresee_cases(sorted(joined))

    def _foresee_cases(self, case_ids: Sequence[str]) -> None:
        """Themselves, and what was said and sent in them."""
        self.foresee_cases(case_ids)
        self.foresee(OF_CASE, case_ids)
        self.foresee(LETTERS_OF_CASE, case_ids)

    def add_case(self, case: Case) -> None:
        """A new case, of which nothing was said or sent yet."""
        super().add_case(case)
        if case.id not in self.linked:
            for question in (SUGGESTED, TIES, LETTERS_OF_CASE, OF_CASE):
                self.answers.learn(question, [case.id], ())

    def foresee_sending(self, case_ids: Sequence[str]) -> None:
        """Cases whose letters are about to be looked at, without holding them."""
        self.read_cases(case_ids)

    def foresee_promises(self, case_ids: Sequence[str]) -> None:
        """Cases whose promises are about to be kept: themselves, what was said in them and what hangs on them."""
        self.foresee_cases(case_ids)
        self.foresee(OF_CASE, case_ids)
        self.foresee(TIED_TO, case_ids)

    def foresee_suggestions(self, case_ids: Sequence[str], now: datetime) -> None:
        """Cases whose letters the model has read: themselves, what was said in them and what was sent."""
        self._foresee_cases(case_ids)
        known = [self._seen[one] for one in case_ids if one in self._seen]
        for question in (SUGGESTED, TIES):
            self.foresee(question, case_ids)
        since = min([now, *(case.received_at for case in known)]) - _WINDOW
        self.foresee(RECEIPTS, [mailbox_key(case.sender.email) for case in known if case.sender.email], since)
        self.foresee(FROM_SENDER, filter(None, map(sender_key, known)), since)
        told = (rows[-1] for rows in map(self.told, case_ids) if rows)
        self.foresee(ALIKE, [row.content_digest for row in told], since)
