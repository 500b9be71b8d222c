"""How alarms reach those in charge: by mail past the outbox, and by a webhook, which also serves when mail does not."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import requests

from cases.errors import DeliveryError
from cases.ports import Clock
from config import AlarmSettings, Settings
from notifier.mime import POLICY, to_bytes
from notifier.smtp_answers import ServerUnavailable
from service.checks.alarms import SECONDS, way_to
from service.logs import Seldom
from service.mail_doors import smtp_sender, smtp_server
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import Tell

LOG = logging.getLogger("lyhord.alarms")
_JSON = {"Content-Type": "application/json"}


def alarm_text(fresh: Sequence[Alarm], over: Mapping[str, str], municipality: str) -> tuple[str, str]:
    """Subject and text of an alarm mail; Swedish, without any person's details."""
    names = ", ".join([alarm.name for alarm in fresh] or over.values())
    subject = f"{'Larm' if fresh else 'Åter i ordning'}: {names} (Lyhörd, {municipality})"
    lines = [f"{alarm.name}: {alarm.text}.\r\n  Gör så här: {alarm.remedy}\r\n" for alarm in fresh]
    lines += [f"{name}: åter i ordning.\r\n" for name in over.values()]
    end = "Kör lyhord doctor på servern för att se mer." if fresh else "Du behöver inte göra något."
    return subject, "\r\n".join([*lines, f"{end}\r\n"])


def teller(settings: Settings, clock: Clock) -> Tell:
    """Tell by mail to ``alarms.mail_to`` and by ``alarms.webhook``; reached where one of them took it."""
    chosen, place, seldom = settings.alarms, settings.municipality.name, Seldom()

    def went(way: str, error: str) -> bool:
        if seldom.tells(way, error, time.monotonic()):
            LOG.error("an alarm did not go by %s: %s", way, error)
        return not error

    def tell(fresh: Sequence[Alarm], over: Mapping[str, str], now: datetime) -> bool:
        subject, text = alarm_text(fresh, over, place)
        mailed = bool(chosen.mail_to) and went("mail", _mail(settings, clock, subject, text, now))
        hooked = bool(chosen.webhook) and went("webhook", _hook(chosen, fresh, over, place, now))
        return mailed or hooked

    return tell


def _mail(settings: Settings, clock: Clock, subject: str, text: str, now: datetime) -> str:
    """What kind of error met us where none of those in charge could be mailed; empty where one could."""
    smtp, sent, failed = settings.smtp, 0, ""
    with smtp_sender(smtp, smtp_server(smtp, clock), clock) as sender:
        for address in settings.alarms.mail_to:
            try:
                sender.hand_in(to_bytes(_composed(smtp.from_address, address, subject, text, now)), address)
            except ServerUnavailable as error:
                # It takes nothing for the others either, and each would be one log-in more.
                failed = type(error).__name__
                break
            except DeliveryError as error:
                failed = type(error).__name__
            else:
                sent += 1
    return "" if sent else failed


def _composed(sender: str, address: str, subject: str, text: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, address, subject
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=sender.rpartition("@")[2])
    # RFC 3834: no machine is to answer what a machine wrote.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")
    return mail


def _hook(chosen: AlarmSettings, fresh: Sequence[Alarm], over: Mapping[str, str], place: str, now: datetime) -> str:
    """What kind of error met us at the webhook; empty where it took the alarm."""
    told = {
        "service": "lyhord",
        "municipality": place,
        "at": now.isoformat(),
        "alarms": [{"key": a.key, "name": a.name, "text": a.text, "remedy": a.remedy} for a in fresh],
        # Names for people, as ever; a machine that closes its incident needs the key that opened it.
        "over": list(over.values()),
        "ended": [{"key": key, "name": name} for key, name in over.items()],
    }
    try:
        body = json.dumps(told)
        status = requests.post(chosen.webhook, data=body, headers=_JSON, timeout=SECONDS, **way_to(chosen)).status_code
    except OSError as error:  # a RequestException is one; so is a ca_file that is gone
        return type(error).__name__
    # One that sends us elsewhere took nothing either: we do not follow it.
    return "" if 200 <= status < 300 else f"HTTP {status}"
