"""What was read from a mail as JSON, one object a mail, for people and for the exam."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cases.errors import UnreadableMessage
from cases.inbound.messages import Attachment, Bounce, InboundMessage, Mailaddress
from ingest.parse import parse

Detect = Callable[[str], str]
_FILE = ("name", "content_type", "size", "sha256")
_BOUNCE = ("recipient", "status", "action", "original_message_id")


def to_json(message: InboundMessage, file: str | None = None) -> dict[str, Any]:
    """Return a message as plain JSON values; ``date`` is ISO 8601 with offset or null, ``bounce`` only of bounces."""
    out: dict[str, Any] = {} if file is None else {"file": file}
    out |= {
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "from_name": message.from_name,
        "from_addr": message.from_addr,
        "reply_to": message.reply_to,
        "to": [_address(address) for address in message.to],
        "cc": [_address(address) for address in message.cc],
        "kind": message.kind.value,
        "text": message.text,
        "message": message.message,
        "signature": message.signature,
        "attachments": [_picked(file, _FILE) for file in message.attachments],
        "defects": list(message.defects),
        "language": message.language,
    }
    if message.bounces:
        reports = [_picked(bounce, _BOUNCE) for bounce in message.bounces]
        out["bounce"] = reports[0] if len(reports) == 1 else reports
    return out


def _picked(row: Attachment | Bounce, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _address(address: Mailaddress) -> str:
    return f"{address.name} <{address.addr}>" if address.name else address.addr


def parse_bytes(
    content: bytes, file: str | None = None, *, own_servers: Sequence[str] = (), detect_language: Detect | None = None
) -> dict[str, Any]:
    """Return one mail as JSON values; one that cannot be read at all gives its ``file`` and an ``error``."""
    try:
        return to_json(parse(content, own_servers=own_servers, detect_language=detect_language), file)
    except UnreadableMessage as error:
        return {"file": file, "error": str(error)}


def parse_file(path: Path, *, own_servers: Sequence[str] = (), detect_language: Detect | None = None) -> dict[str, Any]:
    return parse_bytes(path.read_bytes(), path.name, own_servers=own_servers, detect_language=detect_language)


def parse_dir_jsonl(
    path: Path, *, own_servers: Sequence[str] = (), detect_language: Detect | None = None
) -> Iterator[str]:
    """Yield one line of JSON for each file of a folder, in the order of their names."""
    for file in sorted(path.iterdir()):
        if file.is_file():
            row = parse_file(file, own_servers=own_servers, detect_language=detect_language)
            yield json.dumps(row, ensure_ascii=True)
