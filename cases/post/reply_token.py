"""The address that a member of staff answers to: a signed word that names one letter out and when it ends."""

import hmac
from base64 import b32decode, b32encode
from binascii import Error as BadCoding
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cases.inbound.messages import InboundMessage
from cases.office import Office

LIFETIME = timedelta(days=60)
_PURPOSE = b"lyhord: answer by mail, 1"
_ID, _DAY, _MAC = 16, 2, 10
TOKEN_LENGTH = -(-(_ID + _DAY + _MAC) * 8 // 5)
"""The signs of base32 in a word, the longest that stands in a reply address."""
LOCAL_PART = 64
"""The signs there may be before the @ (RFC 5321 4.5.3.1.1)."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a word claims: the letter out, the last day (days since 1970) and whether we signed it."""

    entry_id: str
    last_day: int
    genuine: bool

    def expired(self, now: datetime) -> bool:
        """Whether its last day is over."""
        return _day(now) > self.last_day


def staff_reply_to(office: Office, entry_id: str, now: datetime) -> str:
    """The address that answers one internal letter for 60 days; empty where the office has no means for it."""
    if not office.secret or "{token}" not in office.reply_pattern:
        return ""
    claim = bytes.fromhex(entry_id) + _day(now + LIFETIME).to_bytes(_DAY, "big")
    word = b32encode(claim + _sign(office.secret, claim)).decode("ascii").rstrip("=").lower()
    address = office.reply_pattern.format(token=word)
    return address if len(address.rpartition("@")[0]) <= LOCAL_PART else ""


def read_capability(word: str, office: Office) -> Capability | None:
    """What a word of a reply address claims; None where it is of another kind. Whatever stands in it, it only reads."""
    if not office.secret or len(word) != TOKEN_LENGTH:
        return None
    try:
        content = b32decode(word.upper() + "=" * (-TOKEN_LENGTH % 8))
    except (BadCoding, ValueError):
        return None
    claim, mac = content[: _ID + _DAY], content[_ID + _DAY :]
    genuine = hmac.compare_digest(mac, _sign(office.secret, claim))
    return Capability(claim[:_ID].hex(), int.from_bytes(claim[_ID:], "big"), genuine)


def reply_words(message: InboundMessage, office: Office) -> Sequence[str]:
    """What stands in the place of ``{token}`` in the addresses that a message went to, lower case."""
    if "{token}" not in office.reply_pattern:
        return []
    before, after = office.reply_pattern.lower().split("{token}")
    return [a[len(before) : len(a) - len(after)] for a in message.recipients if is_reply_address(a, office)]


def is_reply_address(address: str, office: Office) -> bool:
    """Whether what is sent there comes to us as an answer."""
    before, token, after = office.reply_pattern.lower().partition("{token}")
    return bool(token) and address.lower().startswith(before) and address.lower().endswith(after)


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // 86_400


def _sign(secret: bytes, claim: bytes) -> bytes:
    # The desk's key signs other things too; a key of its own for each purpose keeps one from passing as another.
    key = hmac.digest(secret, _PURPOSE, sha256)
    return hmac.digest(key, claim, sha256)[:_MAC]
