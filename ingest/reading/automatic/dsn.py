"""Delivery reports in the standard form: RFC 3464 delivery-status, RFC 8098 read receipts."""

import re
from collections.abc import Sequence

from cases.inbound.messages import Bounce
from ingest.reading.automatic.bouncestatus import REPLY_CODE, meant_status

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CLASS_ALONE = re.compile(r"([245])(?:\.\d{1,3})?\.?")
# What a report that names no action says by its status (RFC 3463 section 3.1).
_CLASSES = {"2": "delivered", "4": "delayed", "5": "failed"}
_DISPOSITION = re.compile(r"^disposition[ \t]?:", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action[ \t]?:", re.IGNORECASE | re.MULTILINE)
_ACTIONS = {"failure": "failed", "fail": "failed", "error": "failed", "delay": "delayed", "delivery": "delivered"}
# How a report in ASCII writes a letter of an address that has others (RFC 6533 section 3).
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,128}@[^\s<>()\[\],;:\"]{1,255}")


def read_report(text: str) -> list[Bounce]:
    """Return one Bounce for each recipient of a delivery-status text; the original Message-ID is added later."""
    bounces = []
    for group in _groups(text):
        recipient = _recipient(group.get("final-recipient", "")) or _recipient(group.get("original-recipient", ""))
        shown = _recipient(group.get("original-recipient", "")) if "@" not in recipient else recipient
        action = re.sub(r"[^a-z].*", "", group.get("action", "").lower())
        action = _ACTIONS.get(action, action)
        code = _code(group.get("status", ""), group.get("diagnostic-code", ""))
        if recipient or action or code:
            bounces.append(Bounce(shown or recipient, code, action or _CLASSES.get(code[:1], ""), ""))
    return bounces


def is_receipt(report_type: str, reports: Sequence[str]) -> bool:
    """Whether reports tell of reading or of complaints (RFC 8098, RFC 5965), also where their mail names no type."""
    kind = report_type.lower()
    if "disposition" in kind or "feedback" in kind:
        return True
    return any(_DISPOSITION.search(report) for report in reports) and not any(_ACTION.search(r) for r in reports)


def _groups(text: str) -> list[dict[str, str]]:
    """Split the report into its groups of fields, folded lines joined; a new recipient begins a new group."""
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in text.split("\n")[:2000]:
        if not line.strip():
            groups.append({})
            name = ""
        elif line[:1] in " \t" and name:
            groups[-1][name] += " " + line.strip()
        else:
            name, colon, value = line.partition(":")
            name = name.strip().lower()
            if not colon:
                name = ""
                continue
            if name == "final-recipient" and name in groups[-1]:
                groups.append({})
            groups[-1].setdefault(name, value.strip())
    return _merged([group for group in groups if group])


def _merged(groups: list[dict[str, str]]) -> list[dict[str, str]]:
    """Join groups of one recipient that stray empty lines tore apart."""
    out: list[dict[str, str]] = []
    for group in groups:
        if out and "final-recipient" in out[-1] and "final-recipient" not in group and not set(group) & set(out[-1]):
            out[-1].update(group)
        else:
            out.append(dict(group))
    return [group for group in out if {"final-recipient", "original-recipient", "action", "status"} & set(group)]


def _recipient(value: str) -> str:
    bare = _ESCAPED.sub(_unescaped, value.split(";", 1)[-1].strip())
    found = _ADDRESS.search(bare)
    return found.group(0).strip("'.") if found else bare.strip("<>")


def _unescaped(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if 0x20 < number < 0xD800 or 0xDFFF < number < 0x110000 else found.group(0)


def _code(status: str, diagnostic: str) -> str:
    """Return the enhanced status code, else what the SMTP answer means, else nothing."""
    found = _STATUS.search(status) or _STATUS.search(diagnostic)
    if found:
        return found.group(1)
    answer = f"{status} {diagnostic} "
    if REPLY_CODE.search(answer):
        return meant_status(answer)
    bare = _CLASS_ALONE.fullmatch(status.strip())
    return f"{bare.group(1)}.0.0" if bare else ""
