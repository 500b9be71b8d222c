"""How alarms reach those in charge: by mail past the outbox, and by a webhook, which also serves when mail does not."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import requests

from cases.errors import DeliveryError
from cases.ports import Clock
from config import AlarmSettings, Settings
from notifier.mime import POLICY, to_bytes
from notifier.smtp import SmtpSender
from service.checks.alarms import SECONDS, way_to
from service.mail_doors import smtp_sender, smtp_server
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import Tell

LOG = logging.getLogger("lyhord.alarms")
_JSON = {"Content-Type": "application/json"}


def alarm_text(fresh: Sequence[Alarm], over: Sequence[str], municipality: str) -> tuple[str, str]:
    """Subject and text of an alarm mail; Swedish, without any person's details."""
    names = ", ".join([alarm.name for alarm in fresh] or over)
    subject = f"{'Larm' if fresh else 'Åter i ordning'}: {names} (Lyhörd, {municipality})"
    lines = [f"{alarm.name}: {alarm.text}.\r\n  Gör så här: {alarm.remedy}\r\n" for alarm in fresh]
    lines += [f"{name}: åter i ordning.\r\n" for name in over]
    end = "Kör lyhord doctor på servern för att se mer." if fresh else "Du behöver inte göra något."
    return subject, "\r\n".join([*lines, f"{end}\r\n"])


def teller(settings: Settings, clock: Clock) -> Tell:
    """Tell by mail to ``alarms.mail_to`` and by ``alarms.webhook``; reached where one of them took it."""
    chosen, place = settings.alarms, settings.municipality.name

    def tell(fresh: Sequence[Alarm], over: Sequence[str], now: datetime) -> bool:
        mailed = bool(chosen.mail_to) and _mail(settings, clock, *alarm_text(fresh, over, place), now)
        hooked = bool(chosen.webhook) and _hook(chosen, fresh, over, place, now)
        return mailed or hooked

    return tell


def _mail(settings: Settings, clock: Clock, subject: str, text: str, now: datetime) -> bool:
    """Whether one of those in charge at least could be mailed."""
    smtp, sent = settings.smtp, 0
    with smtp_sender(smtp, smtp_server(smtp, clock), clock) as sender:
        for address in settings.alarms.mail_to:
            sent += _mailed(sender, _composed(smtp.from_address, address, subject, text, now), address)
    return bool(sent)


def _composed(sender: str, address: str, subject: str, text: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, address, subject
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=sender.rpartition("@")[2])
    # RFC 3834: no machine is to answer what a machine wrote.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")
    return mail


def _mailed(sender: SmtpSender, mail: EmailMessage, address: str) -> bool:
    try:
        sender.hand_in(to_bytes(mail), address)
    except DeliveryError as error:
        LOG.error("an alarm could not be mailed: %s", type(error).__name__)  # noqa: TRY400 - it may quote an address
        return False
    return True


def _hook(chosen: AlarmSettings, fresh: Sequence[Alarm], over: Sequence[str], place: str, now: datetime) -> bool:
    told = {
        "service": "lyhord",
        "municipality": place,
        "at": now.isoformat(),
        "alarms": [{"key": a.key, "name": a.name, "text": a.text, "remedy": a.remedy} for a in fresh],
        "over": list(over),
    }
    try:
        body = json.dumps(told)
        answer = requests.post(chosen.webhook, data=body, headers=_JSON, timeout=SECONDS, **way_to(chosen))
        answer.raise_for_status()
    except OSError as error:  # a RequestException is one; so is a ca_file that is gone
        LOG.error("an alarm did not reach the webhook: %s", type(error).__name__)  # noqa: TRY400
        return False
    return True
