"""What the store is told beforehand, so that it asks once for many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.inbound.messages import InboundMessage


class Foresight(Protocol):
    """A batch of letters told of beforehand, so that its questions are asked together; answers stay the same."""

    def hold_cases(self, case_ids: Sequence[str]) -> None:
        """Read these cases now; on PostgreSQL nobody else changes them until we are done."""

    def foresee_letters(self, messages: Sequence[InboundMessage]) -> None:
        """Letters that are about to be placed."""

    def foresee_suggestions(self, case_ids: Sequence[str], now: datetime) -> None:
        """Cases whose letters the model has read; on PostgreSQL nobody else changes them until we are done."""

    def foresee_sending(self, case_ids: Sequence[str]) -> None:
        """Cases whose letters are about to be looked at; anybody may change them meanwhile."""

    def foresee_promises(self, case_ids: Sequence[str]) -> None:
        """Cases whose promises are about to be kept; on PostgreSQL nobody else changes them until we are done."""
