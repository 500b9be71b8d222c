"""How full a mailbox is: what comes to a full one goes back to whoever wrote it, and nobody here sees that."""

from dataclasses import dataclass

from cases.errors import MailboxError
from ingest.connection import ConnectionLost, speaking
from ingest.mailbox import ImapMailbox

_STORAGE = "STORAGE"
_KIBIBYTE = 1024
_NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes that are taken, of those there may be."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        """How much of it is taken, whole percents, never rounded up to all."""
        return 100 * self.used // self.limit

    @property
    def short(self) -> bool:
        """Whether a tenth or less is left."""
        return self.used >= _NEARLY * self.limit


def room_of(mailbox: ImapMailbox) -> Room | None:
    """The room of the account's inbox, of several limits the one nearest (RFC 9208); None where nobody tells it.

    Raises ConnectionLost.
    """
    if not mailbox.client.has_capability("QUOTA"):
        return None
    try:
        with speaking(mailbox.address, "frågan om brevlådans utrymme"):
            told = mailbox.client.get_quota("INBOX")
        rooms = [_room(int(one.usage), int(one.limit)) for one in told if one.resource.upper() == _STORAGE]
    except ConnectionLost:
        raise
    except (MailboxError, ValueError):
        return None
    return max((room for room in rooms if room.limit), key=lambda room: room.percent, default=None)


def _room(used: int, limit: int) -> Room:
    return Room(used * _KIBIBYTE, limit * _KIBIBYTE)
