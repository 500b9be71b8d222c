"""Sends what is due: a fresh connection for each pass that has something to send."""

import json
import logging
import re
from datetime import datetime, timedelta

from cases.letters.letter import OutboxEntry
from cases.letters.permit import Permit
from cases.ports import Store, Tx
from cases.steps.answering.leaving import may_leave
from cases.steps.answering.unsend import never_left
from notifier.fates import HandedOver, recall
from notifier.outbox import STUCK_AFTER, send_due
from notifier.pass_report import PassReport
from service.bootstrap import House
from service.mail_doors import smtp_sender, smtp_server
from service.monitoring.probe import without_probes
from service.notes import MAIL_SERVER, note_of

LOG = logging.getLogger("lyhord.outbox")
# Many log-ins with a wrong password lock an account.
_REST = timedelta(minutes=1)
# A server's name for this very conversation, a moment, a number: another one each time.
_PASSING = re.compile(r"\[[^\]]*\]|\S*\d{4}\S*")


class MailOutage:
    """The mail server that takes nothing: told when it begins, when its cause becomes another, and when it ends.

    It is noted for alarms too, and nobody knocks again for a minute.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tried: datetime | None = None
        self._tries = 0
        # Why it takes nothing, empty where it does; None where nobody has asked it since we began.
        self._error: str | None = None

    def rests(self, now: datetime) -> bool:
        """Whether it was tried in vain a moment ago."""
        return self._tried is not None and timedelta() <= now - self._tried < _REST

    def heed(self, report: PassReport, now: datetime) -> None:
        """Take note of how a pass went."""
        if report.server_down:
            self._tried, self._tries = now, self._tries + 1
            self._goes_on(report.server_down, now)
        elif report.claimed > report.withheld and self._error != "":
            self._ends()

    def _goes_on(self, error: str, now: datetime) -> None:
        if self._error is not None and _PASSING.sub("", self._error) == _PASSING.sub("", error):
            return
        LOG.warning("no letters leave: %s", error)
        self._error = error
        with self._store.begin() as tx:
            since = note_of(tx.setting(MAIL_SERVER)).get("at", now.isoformat())
            tx.save_setting(MAIL_SERVER, json.dumps({"at": since, "error": error}))

    def _ends(self) -> None:
        if self._tries:
            LOG.warning("letters leave again, after %d tries in vain", self._tries)
        self._tried, self._tries, self._error = None, 0, ""
        with self._store.begin() as tx:
            if tx.setting(MAIL_SERVER):
                tx.save_setting(MAIL_SERVER, "")


class PostRoom:
    """The outbox pass with this municipality's mail server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._server = smtp_server(house.settings.smtp, house.clock)
        self._check = without_probes(self._may_leave) if house.settings.probe.enabled else self._may_leave
        self._outage = MailOutage(house.store)
        self._handed = HandedOver()

    def _may_leave(self, tx: Tx, entry: OutboxEntry) -> Permit:
        return may_leave(tx, entry, self._house.office)

    def recall(self, now: datetime) -> int:
        """Send nothing, and tell the database what it has lost of our letters; of how many."""
        house = self._house
        return recall(house.store, self._handed, now=now, clock=house.clock, new_id=house.new_id)

    def send_due(self, now: datetime, limit: int = 50) -> PassReport:
        """One pass: claim, send, record."""
        if self._outage.rests(now):
            return PassReport()
        report = self._pass(now, limit)
        self._outage.heed(report, now)
        return report

    def _pass(self, now: datetime, limit: int) -> PassReport:
        house = self._house
        with smtp_sender(house.settings.smtp, self._server, house.clock, house.renderer.logo) as sender:
            return send_due(
                house.store,
                sender,
                now=now,
                clock=house.clock,
                new_id=house.new_id,
                check=self._check,
                never_left=lambda tx, entry: never_left(tx, entry, house.office, house.clock()),
                limit=limit,
                # Longer than the slowest letter can take, or a slow server would make letters uncertain.
                stuck_after=max(STUCK_AFTER, 20 * timedelta(seconds=self._server.timeout)),
                handed=self._handed,
            )
