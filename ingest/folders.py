"""Names of folders: what the configuration calls them, and what the server does."""

import unicodedata
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.imapclient import JUNK

from cases.errors import MailboxError
from ingest.address import MailboxAddress
from ingest.connection import speaking

_UNREAL = {b"\\nonexistent", b"\\noselect"}


@dataclass(frozen=True, slots=True)
class Selected:
    """The folder that is open, as it stood when it was selected; ``uidnext`` is 0 where the server does not say."""

    name: str
    uidvalidity: int
    exists: int
    uidnext: int


def find_folder(client: IMAPClient, address: MailboxAddress, wanted: str) -> str:
    """The server's name of a folder that must exist. Raises MailboxError, naming what there is instead."""
    if wanted.upper() == "INBOX":
        return "INBOX"
    with speaking(address, f"listan över mappar för {wanted}"):
        found = _special(client) if wanted == "\\Junk" else _existing(client, wanted)
    if found:
        return found
    raise MailboxError(
        f"{address.place}: mappen {wanted} finns inte. Där finns: {', '.join(folder_names(client, address))}. "
        "Rätta inbox eller junk i inställningarna, eller skapa mappen."
    )


def ensure_folder(client: IMAPClient, address: MailboxAddress, wanted: str) -> str:
    """The server's name of a folder that is made, and subscribed to, where it is missing. Raises MailboxError."""
    with speaking(address, f"skapandet av mappen {wanted}"):
        found = _existing(client, wanted)
        if found:
            return found
        name = _full_name(client, wanted)
        client.create_folder(name)
        client.subscribe_folder(name)
    return name


def existing_folder(client: IMAPClient, address: MailboxAddress, wanted: str) -> str:
    """The server's name of a folder; empty where it is missing. Raises MailboxError."""
    with speaking(address, f"listan över mappar för {wanted}"):
        return _existing(client, wanted)


def folder_names(client: IMAPClient, address: MailboxAddress) -> list[str]:
    """All folders that can be opened."""
    with speaking(address, "listan över mappar"):
        return [name for flags, _, name in client.list_folders() if not _unreal(flags)]


def _existing(client: IMAPClient, wanted: str) -> str:
    for name in dict.fromkeys((wanted, _full_name(client, wanted))):
        listed = client.list_folders("", name)
        for flags, _, found in listed:
            if _alike(found, name) and not _unreal(flags):
                return str(found)
    return ""


def _alike(found: str, asked: str) -> bool:
    """Some servers know a folder by other capitals, or by å written in two signs, and refuse to make it once more."""
    return unicodedata.normalize("NFC", found).casefold() == unicodedata.normalize("NFC", asked).casefold()


def _special(client: IMAPClient) -> str:
    return client.find_special_folder(JUNK) or ""


def _full_name(client: IMAPClient, wanted: str) -> str:
    """The name in the user's own namespace (RFC 2342), with the server's separator between levels."""
    prefix, separator = _personal(client)
    name = wanted.replace("/", separator) if separator else wanted
    return name if name.startswith(prefix) else prefix + name


def _personal(client: IMAPClient) -> tuple[str, str]:
    personal = client.namespace().personal if client.has_capability("NAMESPACE") else None
    if personal:
        prefix, separator = personal[0]
        return prefix, separator or ""
    listed = client.list_folders("", "")
    separator = listed[0][1] if listed else None
    return "", separator.decode() if separator else ""


def _unreal(flags: tuple[bytes, ...]) -> bool:
    return any(flag.lower() in _UNREAL for flag in flags)
