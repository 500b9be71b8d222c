"""Which addresses a mail can be sent to."""

import re

from cases.errors import DeliveryError

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")


def ascii_address(address: str) -> str:
    """An address SMTP without SMTPUTF8 can carry, its domain in IDNA. Raises DeliveryError, not retryable."""
    local, _, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        plain = ""
    if not _ADDRESS.fullmatch(plain) or ".." in plain or plain.startswith(".") or ".@" in plain:
        raise DeliveryError(
            "Adressen går inte att skicka till. Rätta den, eller svara per brev eller telefon.", retryable=False
        )
    return plain
