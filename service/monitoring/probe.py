"""The probe letter: mailed to the feedback address now and then, expected as a case, and taken away again."""

import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

from cases.errors import DeliveryError, MailboxError, NotFound
from cases.letters.letter import OutboxEntry
from cases.letters.permit import Permit, Verdict
from cases.people.access import SYSTEM
from cases.ports import Tx
from config.operation import ProbeSettings
from ingest.removal import remove_done
from notifier.mime import POLICY, Identity, to_bytes
from notifier.outbox import Check
from notifier.smtp import SmtpSender
from service.bootstrap import House
from service.mail_doors import mailboxes, smtp_server
from storage.queries.watch import known_probes, remove_wholly

LOG = logging.getLogger("lyhord.probe")
STATE = "probe:state"
SUBJECT = "Provbrev från Lyhörd"
_AGAIN = timedelta(minutes=5)
_TEXT = (
    "Det här är ett provbrev från Lyhörd till kommunens egen brevlåda. Det visar att brev kommer fram och blir "
    "ärenden. Det tas bort av sig självt; du behöver inte göra något.\r\n"
)
Post = Callable[[bytes, str], str]
"""Hands a mail to the SMTP server for an address. Raises DeliveryError."""
Clear = Callable[[datetime], int]
"""Removes from the mailbox the mails of probes that have been taken away, and returns how many. Raises MailboxError."""


def probe_state(tx: Tx) -> dict[str, str]:
    """The last probe: ``sent_at``, ``message_id``, ``found_at`` (empty while awaited), ``pending`` ids; or nothing.

    ``missing_since`` is when the first was sent since any came, ``unsent`` why the server did not take the last one,
    and ``again`` (``yes``) that another is to be sent soon, since it may take that.
    """
    return _read(tx.setting(STATE))


def _read(noted: str) -> dict[str, str]:
    read: dict[str, str] = json.loads(noted or "{}")
    return read


def probe_late(tx: Tx, chosen: ProbeSettings, now: datetime) -> bool:
    """Whether a probe should have been a case by now and none has been since; another one's sending changes nothing."""
    state = probe_state(tx)
    if not chosen.enabled or not state or state["found_at"]:
        return False
    return now - _awaited_since(state) > timedelta(minutes=chosen.within_minutes)


def _awaited_since(state: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(state.get("missing_since") or state["sent_at"])


def without_probes(check: Check) -> Check:
    """The check at the instant of sending, which lets nothing about a probe letter leave, to whomever."""

    def run(tx: Tx, entry: OutboxEntry) -> Permit:
        pending = json.loads(probe_state(tx).get("pending", "[]")) if entry.case_id else ()
        if any(tx.case_by_message_ids([message_id]) == entry.case_id for message_id in pending):
            return Permit(Verdict.WITHHOLD, "Provbrev: ingen får brev om det.")
        return check(tx, entry)

    return run


class ProbeRoom:
    """The pass that takes away what came, and mails the next probe when it is time."""

    def __init__(self, house: House, post: Post, clear: Clear = lambda _now: 0) -> None:
        self._house, self._post, self._clear = house, post, clear

    def sweep(self, now: datetime) -> int:
        """One pass; returns how many probe cases were taken away."""
        with self._house.store.read() as tx:
            state = probe_state(tx)
        gone = self._take_away(state, now) if state else 0
        if gone:
            self._clear_mailbox(now)
        if self._due(state, now):
            self._send(now)
        return gone

    def _due(self, state: dict[str, str], now: datetime) -> bool:
        every = _AGAIN if state.get("again") else timedelta(minutes=self._house.settings.probe.every_minutes)
        return not state or now - datetime.fromisoformat(state["sent_at"]) >= every

    def _take_away(self, state: dict[str, str], now: datetime) -> int:
        """Every probe that became a case, this one or one that was late."""
        came = self._came(json.loads(state["pending"]))
        if state["message_id"] in came and not state["found_at"]:
            # Before its case is gone: killed in between, nothing would say that it came.
            self._note(lambda noted: {"found_at": now.isoformat()} if noted["message_id"] in came else {})
        gone = [message_id for message_id, case_id in came.items() if self._removed(message_id, case_id)]
        if gone:
            # One that was late shows that letters come: the waiting begins anew.
            self._note(lambda noted: {**_without(noted, gone), "missing_since": noted["sent_at"]})
        return len(gone)

    def _clear_mailbox(self, now: datetime) -> None:
        """What cannot be removed now is found again when the next probe has come."""
        try:
            self._clear(now)
        except MailboxError as error:
            LOG.warning("the probe letter was not removed from the mailbox: %s", type(error).__name__)

    def _note(self, changes: Callable[[dict[str, str]], dict[str, str]]) -> None:
        """Change what is noted as it stands now: another machine may have sent one meanwhile."""
        with self._house.store.begin() as tx:
            state = _read(tx.held_setting(STATE))
            tx.save_setting(STATE, json.dumps({**state, **changes(state)}, ensure_ascii=False))

    def _came(self, pending: Sequence[str]) -> dict[str, str]:
        with self._house.store.read() as tx:
            found = {message_id: tx.case_by_message_ids([message_id]) for message_id in pending}
        return {message_id: case_id for message_id, case_id in found.items() if case_id}

    def _removed(self, message_id: str, case_id: str) -> bool:
        """Take the case away where it holds that letter of ours alone: nobody knows its Message-ID but we."""
        with self._house.store.read() as tx:
            try:
                case, thread = tx.get_case(case_id, SYSTEM), list(tx.thread(case_id))
            except NotFound:
                return False
        sender = self._house.settings.probe.from_address
        if thread != [message_id] or case.sender.email.lower() != sender.lower():
            LOG.warning("a probe's case holds something else too; it is left to people")
            return False
        return remove_wholly(self._house.store.engine, case_id)

    def _send(self, now: datetime) -> None:
        """Noted before it is sent, so that one whose sending fails is missed and alarmed like any other."""
        chosen, box = self._house.settings.probe, self._house.settings.mailboxes[0]
        message_id = f"<prov-{secrets.token_hex(16)}@{chosen.from_address.rpartition('@')[2]}>"
        with self._house.store.begin() as tx:
            state = _read(tx.held_setting(STATE))
            if not self._due(state, now):
                return  # another machine was first
            tx.save_setting(STATE, json.dumps(_sent(state, message_id, now)))
        mail = EmailMessage(POLICY)
        mail["From"], mail["To"] = chosen.from_address, box.addresses[0]
        mail["Subject"], mail["Message-ID"], mail["Date"] = SUBJECT, message_id, format_datetime(now)
        mail.set_content(_TEXT, cte="quoted-printable")
        try:
            self._post(to_bytes(mail), box.addresses[0])
        except DeliveryError as error:
            LOG.warning("the probe letter was not sent: %s", type(error).__name__)
            if not error.uncertain:
                again, why = "yes" if error.retryable else "", str(error)
                self._note(lambda noted: {**_without(noted, [message_id]), "unsent": why, "again": again})


def _sent(before: Mapping[str, str], message_id: str, now: datetime) -> dict[str, str]:
    """What is noted of one that is sent now, after ``before``."""
    pending = [*json.loads(before.get("pending", "[]"))[-20:], message_id]
    missing = _awaited_since(before) if before and not before["found_at"] else now
    noted = {"sent_at": now.isoformat(), "message_id": message_id, "found_at": "", "unsent": "", "again": ""}
    return {**noted, "missing_since": missing.isoformat(), "pending": json.dumps(pending)}


def _without(noted: Mapping[str, str], gone: Sequence[str]) -> dict[str, str]:
    """What changes where those are awaited no longer."""
    left = [message_id for message_id in json.loads(noted["pending"]) if message_id not in gone]
    return {"pending": json.dumps(left)}


def probe_pass(house: House) -> Callable[[datetime], int]:
    """The daemon's pass; nothing to do where probes are switched off."""
    chosen = house.settings.probe
    if not chosen.enabled:
        return lambda _now: 0
    identity = Identity("", chosen.from_address)

    def post(content: bytes, recipient: str) -> str:
        with SmtpSender(smtp_server(house.settings.smtp, house.clock), identity, house.clock) as sender:
            return sender.hand_in(content, recipient)

    return ProbeRoom(house, post, partial(remove_mails, house)).sweep


def remove_mails(house: House, now: datetime) -> int:
    """Remove from the done folder every probe letter that has been taken away. Raises MailboxError."""
    with mailboxes(house.settings, house.clock)[0] as box:
        return remove_done(box, house.settings.probe.from_address, partial(known_probes, house.store.engine), now)
