"""One-time codes from a telephone (RFC 6238), the picture that enrols it, and spare codes for the day it is lost."""

import hmac
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from desk.login.clear import clear_word

STEP = 30
_SPARE = 10


def new_secret() -> str:
    """A secret of 160 bits in base32, as the RFC recommends."""
    return pyotp.random_base32()


def enrol_address(secret: str, email: str, municipality: str) -> str:
    """The ``otpauth:`` address that an authenticator reads."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=email, issuer_name=f"Lyhörd {municipality}")


def enrol_picture(address: str) -> Markup:
    """The address as a QR code: SVG for the page itself, so that the secret is asked of nobody else."""
    code = segno.make(address, error="m")
    svg = code.svg_inline(scale=5, border=3, light="#ffffff", dark="#000000", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - our own drawing


def matching_step(secret: str, code: str, now: datetime) -> int:
    """The 30-second step the code is of, now or one before or after (RFC 6238 5.2); 0 where it is of none."""
    wanted = "".join(code.split())
    totp, current = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    found = 0
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), wanted.encode("utf-8", "replace")):
            found = step
    return found


def spare_codes(seed: str) -> list[str]:
    """Ten codes of ten clear characters, 49 bits each, drawn from the seed."""
    return [clear_word(f"{seed} {number}", 2, 5) for number in range(_SPARE)]


def plain_spare_code(code: str) -> str:
    """A spare code as it is digested: without dash, blanks and capitals."""
    return "".join(c for c in code.casefold() if c.isalnum())
