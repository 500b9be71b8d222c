"""What became of the letters of one pass over the outbox."""

import logging
from dataclasses import dataclass

from cases.letters.letter import OutboxStatus


@dataclass(slots=True)
class PassReport:
    """How many letters went which way in one pass. ``server_down`` is why the pass stopped early, in Swedish."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    withheld: int = 0
    uncertain: int = 0
    recovered: int = 0
    server_down: str = ""

    @property
    def claimed(self) -> int:
        """Letters the pass took up."""
        return self.sent + self.retried + self.failed + self.withheld + self.uncertain

    def count(self, status: OutboxStatus) -> None:
        """Count one letter that ended the pass in a status."""
        name = "retried" if status is OutboxStatus.AWAITING_RETRY else status.value
        setattr(self, name, getattr(self, name) + 1)

    def tell(self, log: logging.Logger) -> None:
        """A line, where there is anything to tell."""
        if self.claimed or self.recovered:
            log.info(
                "outbox: %d sent, %d to retry, %d failed, %d withheld, %d uncertain, %d recovered",
                self.sent,
                self.retried,
                self.failed,
                self.withheld,
                self.uncertain,
                self.recovered,
            )
