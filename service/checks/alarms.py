"""Looks at whom alarms reach: nobody, by mail alone, which tells nobody that mail is broken, or a webhook too."""

from collections.abc import Iterator
from typing import Any

import requests

from cases.numerals import count_words
from config import AlarmSettings
from service.checks.line import CheckLine

_NAME = "Driftlarm"
SECONDS = 10.0


def way_to(alarms: AlarmSettings) -> dict[str, Any]:
    """How ``requests`` reaches the webhook: under whose issuer, through which proxy."""
    proxies = {"http": alarms.proxy, "https": alarms.proxy} if alarms.proxy else None
    return {"allow_redirects": False, "verify": str(alarms.ca_file) or True, "proxies": proxies}


def check_alarms(alarms: AlarmSettings) -> Iterator[CheckLine]:
    """One line of the mail, and one of the webhook, which is asked without being told anything."""
    if not (alarms.mail_to or alarms.webhook):
        yield CheckLine(_NAME, True, "ingen får dem; skriv alarms.mail_to och alarms.webhook om någon ska få veta")
        return
    if alarms.mail_to:
        alone = "" if alarms.webhook else "; utan alarms.webhook når inga fram när e-posten är nere"
        yield CheckLine(_NAME, True, f"går till {count_words(len(alarms.mail_to), 'en adress', 'adresser')}{alone}")
    if alarms.webhook:
        yield _answers(alarms)


def _answers(alarms: AlarmSettings) -> CheckLine:
    """Any answer will do but one that sends us elsewhere: most receivers take nothing but POST."""
    try:
        status = requests.head(alarms.webhook, timeout=SECONDS, **way_to(alarms)).status_code
    except requests.exceptions.SSLError:
        remedy = "Skriv utgivarens certifikat i alarms.ca_file, eller låt den som sköter mottagningen förnya sitt."
        return CheckLine(f"{_NAME}, webhook", False, "mottagarens certifikat godkänns inte", remedy)
    except OSError as error:  # a RequestException is one; so is a ca_file that is gone
        remedy = "Kontrollera alarms.webhook, ca_file och proxy, och att brandväggen släpper fram."
        return CheckLine(f"{_NAME}, webhook", False, f"mottagaren svarar inte ({type(error).__name__})", remedy)
    if 300 <= status < 400:
        remedy = "Skriv i alarms.webhook den adress den hänvisar till: larm skickas inte vidare."
        return CheckLine(f"{_NAME}, webhook", False, f"mottagaren hänvisar till en annan adress ({status})", remedy)
    return CheckLine(f"{_NAME}, webhook", True, "mottagaren svarar (inget larm skickades)")
