"""Asks the virus scanner whether it is there; without it letters come in all the same, their files unchecked."""

import time
from collections.abc import Iterator

from config.intake import AntivirusSettings
from ingest.antivirus import Clamd
from service.checks.line import CheckLine

_NAME = "Virusskyddet"
_PATIENCE_SECONDS = 5


def check_antivirus(chosen: AntivirusSettings) -> Iterator[CheckLine]:
    """Whether clamd answers on its socket."""
    wait = min(chosen.timeout_seconds, _PATIENCE_SECONDS)
    fault = Clamd(chosen.socket, wait, chosen.max_bytes, time.monotonic).ping()
    if not fault:
        yield CheckLine(_NAME, True, f"clamd svarar på {chosen.socket}")
        return
    remedy = (
        "Starta clamd, eller rätta antivirus.socket. Breven kommer in ändå, med bilagorna märkta inte kontrollerade."
    )
    yield CheckLine(_NAME, False, f"{chosen.socket}: {fault.rstrip('.')}", remedy)
