"""Where a mailbox is, how one logs in there, and how much of it is taken at a time."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

MEBIBYTE = 1024 * 1024
Dial = Callable[[str, int, float], socket.socket]
"""Host, port and seconds to a connected socket; raises OSError."""


class TlsMode(StrEnum):
    """How the connection is protected; ``none`` is for loopback and tests."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class TokenProvider(Protocol):
    """Gives OAuth 2.0 access tokens, cached until shortly before they expire."""

    def __call__(self) -> str:
        """A token that is valid now. Raises LoginRefused where none is given, MailboxError where nobody answers."""

    def forget(self) -> None:
        """Throw the cached token away: the mail server did not take it."""


@dataclass(frozen=True, slots=True)
class PasswordLogin:
    """A password, asked for at each login so that a changed secret file is seen."""

    password: Callable[[], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenLogin:
    """XOAUTH2: what Microsoft 365 and Google ask for."""

    token: TokenProvider = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    r"""One mailbox. Times in seconds, sizes in bytes.

    ``ca_file`` is a PEM file that replaces the system's certificate authorities; empty means the system's. ``junk`` is
    the folder of suspected spam, ``\Junk`` the one the server marks so (RFC 6154), empty for none. ``done`` is the
    folder that taken letters are moved to, made where it is missing; ``/`` divides levels whatever the server uses.
    ``dial`` opens the connection where that is not straightforward, as through a proxy.
    A batch holds at most ``batch_count`` letters and ``batch_bytes`` bytes, or one letter alone. Of letters above
    ``max_message_bytes`` only that much is fetched.
    """

    name: str
    host: str
    port: int
    user: str = field(repr=False)
    login: PasswordLogin | TokenLogin
    tls: TlsMode = TlsMode.TLS
    ca_file: str = ""
    inbox: str = "INBOX"
    junk: str = ""
    done: str = "Mottagna"
    timeout: float = 30.0
    batch_count: int = 50
    batch_bytes: int = 8 * MEBIBYTE
    max_message_bytes: int = 50 * MEBIBYTE
    dial: Dial | None = field(default=None, repr=False, compare=False)

    @property
    def place(self) -> str:
        """The mailbox as named in errors and logs: its name in the profile and the server, never the address."""
        return f"brevlådan {self.name} på {self.host}:{self.port}"
