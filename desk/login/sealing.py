"""One secret of the installation, and a key of its own for each thing that is sealed or digested with it."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Seals small facts for a browser or the database, so that nobody reads or changes them (Fernet), and digests.

    ``secret`` is long and private. Each ``purpose`` has a key derived from it (RFC 5869), so that what was sealed for
    one is worth nothing for another.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def digest(self, purpose: str, text: str) -> str:
        """An HMAC of the text, as hexadecimal digits."""
        return hmac.new(self._key(purpose), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()

    def seal(self, purpose: str, facts: Any, now: datetime) -> str:  # noqa: ANN401 - anything JSON can say
        """The facts as text fit for a cookie."""
        content = json.dumps(facts, ensure_ascii=False).encode()
        return self._fernet(purpose).encrypt_at_time(content, int(now.timestamp())).decode("ascii")

    def open(self, purpose: str, text: str, now: datetime, seconds: int) -> Any:  # noqa: ANN401 - as above
        """The facts, or None where they are forged, of another purpose, or older than that many seconds."""
        try:
            content = self._fernet(purpose).decrypt_at_time(text.encode(), seconds, int(now.timestamp()))
            return json.loads(content)
        except (InvalidToken, ValueError):
            return None

    def keep(self, purpose: str, text: str) -> str:
        """A text sealed for the database, for as long as the secret is the same."""
        return self._fernet(purpose).encrypt(text.encode()).decode("ascii")

    def kept(self, purpose: str, sealed: str) -> str:
        """A text from the database; empty where the secret has changed since."""
        try:
            return self._fernet(purpose).decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError):
            return ""

    def _fernet(self, purpose: str) -> Fernet:
        return Fernet(urlsafe_b64encode(self._key(purpose)))

    def _key(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, None, f"lyhord {purpose}".encode()).derive(self._secret)
