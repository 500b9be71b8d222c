"""Sends what is due: a fresh connection for each pass that has something to send."""

from datetime import datetime, timedelta

from notifier.outbox import STUCK_AFTER, PassReport, send_due
from service.bootstrap import House
from service.mail_doors import smtp_sender, smtp_server
from service.monitoring.probe import without_probes
from service.stages import check_entry


class PostRoom:
    """The outbox pass with this municipality's mail server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._server = smtp_server(house.settings.smtp, house.clock)
        self._check = without_probes(check_entry) if house.settings.probe.enabled else check_entry

    def send_due(self, now: datetime, limit: int = 50) -> PassReport:
        """One pass: claim, send, record."""
        house = self._house
        with smtp_sender(house.settings.smtp, self._server, house.clock, house.renderer.logo) as sender:
            return send_due(
                house.store,
                sender,
                now=now,
                clock=house.clock,
                new_id=house.new_id,
                check=self._check,
                limit=limit,
                # Longer than the slowest letter can take, or a slow server would make letters uncertain.
                stuck_after=max(STUCK_AFTER, 10 * timedelta(seconds=self._server.timeout)),
            )
