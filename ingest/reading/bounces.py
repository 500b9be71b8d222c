"""Recognising bounces of all ages and reading out whom they are about."""

import re
from dataclasses import replace

from cases.messages import Bounce
from ingest.reading.bodies import Body
from ingest.reading.dsn import read_report
from ingest.reading.headers import Headers
from ingest.reading.patterns import alternatives
from ingest.reading.structure import Part

_SENDER = re.compile(
    r"mailer-?daemon|post-?master|mail\s?delivery|mdaemon|mail\s?administrator|delivery\s?subsystem|daemon@"
    r"|system administrator|bounce-?notif",
    re.IGNORECASE,
)
_SUBJECT_WORDS = alternatives(r"""
    undeliver|delivery (?:status|failure|failed|report|problem|notification|has failed|error)
    failure (?:notice|delivery)
    mail (?:delivery|system error|error)|returned mail|return(?:ed|ing) (?:message|to sender)|nondeliver|non-deliver
    could not (?:be )?deliver|not delivered|message (?:you sent )?(?:status|blocked|delayed)|user unknown
    warning: (?:could not|message)
    oleverer|kunde inte (?:levereras|skickas)|kan inte levereras|leveransfel|ej levererat|kunne ikke leveres
    unzustellbar|nicht zugestellt|zustell|toimitus|perillemeno
    non (?:remis|distribu)|échec|mislukt|non recapitabile|devuelto|no se puede
    niedostarcz|nie dostarcz|недостав|не доставлен|ошибка доставки
""")
_SUBJECT = re.compile(_SUBJECT_WORDS, re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])(5[05][0-9]|4[25][0-9])[ -]")
_ADDRESS = re.compile(r"[A-Za-z0-9_.+=%&'/#$!*^{}|~-]{1,128}@[A-Za-z0-9-]{1,80}(?:\.[A-Za-z0-9-]{1,80}){0,8}")
_MESSAGE_ID = re.compile(r"^[>\s]{0,8}message-id:[ \t]*\n?[ \t]*<?([^<>\s]{3,300})>?", re.IGNORECASE | re.MULTILINE)
_ORIGINAL = re.compile(
    r"^.{0,80}(?:original message|copy of (?:the|your) message|message (?:header|text) follows|returned message"
    r"|unsent message|below this line|headers? follow).{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)


def is_bounce(headers: Headers, body: Body, root: Part, sender: str, subject: str, text: str) -> bool:
    """Whether a mail reports on the delivery of another one."""
    kind = root.content_type
    report = root.params.get("report-type", "").lower()
    if report == "delivery-status" or any("final-recipient" in r.lower() for r in body.reports):
        return "disposition-notification" not in report
    if headers.has("x-failed-recipients"):
        return True
    machine = bool(_SENDER.search(sender)) or headers.text("return-path").strip() in ("<>", "< >", "<MAILER-DAEMON>")
    if machine and (_SUBJECT.search(subject) or kind == "multipart/report"):
        return True
    return (
        machine
        and bool(_STATUS.search(text[:5000]) or _REPLY_CODE.search(text[:5000]))
        and not headers.has("in-reply-to")
    )


def read_bounces(headers: Headers, body: Body, text: str) -> tuple[Bounce, ...]:
    """Return what a bounce says of each recipient: from its report parts, else out of its prose."""
    reports = [bounce for report in body.reports for bounce in read_report(report)]
    original = _original_id(headers, body, text)
    if reports:
        return tuple(replace(b, original_message_id=original) for b in reports)
    return tuple(replace(b, original_message_id=original) for b in _from_prose(headers, text))


def _original_id(headers: Headers, body: Body, text: str) -> str:
    for nested in body.nested:
        found = nested.part.headers.text("message-id").strip("<> ")
        if found:
            return found
    for piece in [*body.returned, text]:
        match = _MESSAGE_ID.search(piece)
        if match:
            return match.group(1)
    return headers.text("in-reply-to").strip("<> ")


def _from_prose(headers: Headers, text: str) -> list[Bounce]:
    """Read an old or homemade bounce: the first address that is not the machine's own, and the first status."""
    head = _ORIGINAL.split(text, maxsplit=1)[0] or text
    status = _STATUS.search(head)
    code = _REPLY_CODE.search(head)
    value = status.group(1) if status else f"{code.group(1)[0]}.0.0" if code else "5.0.0"
    action = "delayed" if value.startswith("4") else "failed"
    failed = _ADDRESS.findall(headers.text("x-failed-recipients")) or _ADDRESS.findall(head)[:1]
    return [Bounce(address.strip("."), value, action, "") for address in failed]
