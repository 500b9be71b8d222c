"""Rows to the words of ``cases`` and back, field by field."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.engine import RowMapping

from cases.case import WAITING, Case, CaseStatus, Channel, Outcome, Party
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import Grant, Role, StandIn, User
from cases.promises import Deadline, PromiseKind, in_force
from cases.records.law_days import law_waits
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Severity
from cases.store.views import CaseLine
from storage.database.engine import index_key, mailbox_key, message_key
from storage.payloads import dump, unit_of

_Choice = TypeVar("_Choice", bound=StrEnum)
Row = Mapping[str, Any] | RowMapping


def maybe(kind: type[_Choice], value: str | None) -> _Choice | None:
    """The member of an enumeration, or None where nothing is kept."""
    return None if value is None else kind(value)


def nearest_due(case: Case, *, law_counts: bool = True) -> date | None:
    """The day of the nearest promise not yet kept, or that the law gives where that ``law_counts``."""
    # A receipt goes by mail or not at all, so a call without an address is not late for want of one.
    owed = (d for d in in_force(case.deadlines) if d.kind is not PromiseKind.RECEIPT or case.sender.email)
    law = law_waits(case) if law_counts else None
    return min((*(d.due for d in owed), *((law,) if law else ())), default=None)


def sender_key(case: Case) -> str:
    """What tells that two cases have one correspondent: the address, and nothing for the anonymous."""
    return "" if case.sender.anonymous else index_key(case.sender.email)


def case_to_row(case: Case) -> dict[str, Any]:
    """The case's own row; flags, deadlines and numbers have theirs."""
    row: dict[str, Any] = {name: getattr(case, name) for name in _CASE_PLAIN}
    row |= {f"sender_{name}": getattr(case.sender, name) for name in _PARTY}
    return row | {
        "token_key": index_key(case.token),
        "sender_key": sender_key(case),
        "protected": case.protected,
        "whistle": case.whistle,
        "open": not case.ended,
        "serious": case.severity is Severity.ALLVARLIG,
        "due": nearest_due(case),
    }


_PARTY = ("name", "email", "phone", "address", "anonymous", "kind")
_CASE_PLAIN = (
    "id",
    "number",
    "token",
    "status",
    "received_at",
    "channel",
    "subject",
    "authority_id",
    "register_subject",
    "version",
    "type",
    "severity",
    "area",
    "unit_id",
    "assignee_id",
    "registry_number",
    "language",
    "track",
    "outcome",
    "registered_by",
    "opened_at",
    "closed_at",
    "mail_refused",
    "hold_released",
    "improvement",
    "sender_doubt",
    "forwarded_by",
    "disposed_at",
    "first_unit",
)
_CASE_ENUMS = ("status", "channel", "type", "severity", "area", "outcome")


def case_from_row(row: Row, flags: Iterable[ConfidentialityFlag], deadlines: Iterable[Deadline]) -> Case:
    """The case of a row."""
    plain = {name: row[name] for name in _CASE_PLAIN if name not in _CASE_ENUMS}
    return Case(
        **plain,
        status=CaseStatus(row["status"]),
        channel=Channel(row["channel"]),
        type=maybe(CaseType, row["type"]),
        severity=maybe(Severity, row["severity"]),
        area=maybe(Area, row["area"]),
        outcome=maybe(Outcome, row["outcome"]),
        sender=Party(**{name: row[f"sender_{name}"] for name in _PARTY}),
        flags=tuple(flags),
        deadlines=tuple(deadlines),
    )


def line_from_row(
    row: Row,
    flags: tuple[ConfidentialityFlag, ...],
    confidence: Mapping[str, float],
    doubted: bool,
    excerpt: str,
    rule: str,
) -> CaseLine:
    """One line of a list; ``confidence`` by area or unit, of what is suggested for the case; ``rule`` by its name."""
    unit_id, unit_confidence = unit_of(confidence)
    plain = {name: row[name] for name in _LINE_PLAIN}
    return CaseLine(
        **plain,
        status=CaseStatus(row["status"]),
        channel=Channel(row["channel"]),
        type=maybe(CaseType, row["type"]),
        severity=maybe(Severity, row["severity"]),
        area=maybe(Area, row["area"]),
        area_confidence=unit_confidence if unit_id else confidence.get(row["area"] or "", 0.0),
        suggested_unit=unit_id,
        doubted=doubted,
        rule=rule,
        assignee_name=row["assignee_name"] or "",
        flags=flags,
        excerpt=excerpt,
    )


def awaits_routing(row: Row) -> bool:
    """Whether a person is still to say whose a case is; only then is its suggestion of use in a list."""
    return not row["unit_id"] or row["status"] in WAITING


_LINE_PLAIN = (
    "id",
    "number",
    "registry_number",
    "version",
    "received_at",
    "sender_name",
    "subject",
    "register_subject",
    "unit_id",
    "authority_id",
    "assignee_id",
    "protected",
    "due",
    "track",
    "sender_doubt",
    "language",
)
LINE_COLUMNS = (*_LINE_PLAIN, "status", "channel", "type", "severity", "area")
"""What a line shows of a case's own row."""


def flag_to_row(case_id: str, position: int, flag: ConfidentialityFlag) -> dict[str, Any]:
    """One flag's row."""
    return {
        "case_id": case_id,
        "position": position,
        "kind": flag.kind,
        "state": flag.state,
        "passage": flag.passage,
        "start_at": flag.start,
        "end_at": flag.end,
        "confidence": flag.confidence,
        "decided_by": flag.decided_by,
        "reason": flag.reason,
    }


def flag_from_row(row: Row) -> ConfidentialityFlag:
    """One flag."""
    return ConfidentialityFlag(
        kind=FlagKind(row["kind"]),
        state=FlagState(row["state"]),
        passage=row["passage"],
        start=row["start_at"],
        end=row["end_at"],
        confidence=row["confidence"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )


def deadline_to_row(case_id: str, position: int, deadline: Deadline) -> dict[str, Any]:
    """One deadline's row."""
    own = {"kind": deadline.kind, "due": deadline.due, "rule": deadline.rule, "met_at": deadline.met_at}
    return {"case_id": case_id, "position": position, **own}


def deadline_from_row(row: Row) -> Deadline:
    """One deadline."""
    return Deadline(PromiseKind(row["kind"]), row["due"], row["rule"], row["met_at"])


def event_from_row(row: Row) -> CaseEvent:
    """One line of the journal."""
    return CaseEvent(row["id"], row["case_id"], row["at"], row["actor"], EventKind(row["kind"]), row["text"])


def decision_from_row(row: Row) -> RoutingDecision:
    """One routing decision."""
    plain = {name: row[name] for name in RoutingDecision.__dataclass_fields__}
    plain |= {"choice": RoutingChoice(row["choice"]), "area": Area(row["area"])}
    plain["suggested_area"] = maybe(Area, row["suggested_area"])
    return RoutingDecision(**plain)


_USER_PLAIN = ("id", "email", "name", "title", "password_hash", "active", "last_day")
_ENTRY_PLAIN = (
    "id",
    "recipient",
    "message_id",
    "created_at",
    "not_before",
    "automatic",
    "reply_to",
    "in_reply_to",
    "attempts",
    "retry_at",
    "claimed_at",
    "sent_at",
    "error",
    "created_by",
    "copy_of",
)


def entry_to_row(entry: OutboxEntry) -> dict[str, Any]:
    """A letter out as a row."""
    letter = entry.letter
    own: dict[str, Any] = {name: getattr(letter, name) for name in ("kind", "language", "subject", "text", "html")}
    own |= {name: getattr(entry, name) for name in _ENTRY_PLAIN}
    return own | {
        "case_id": entry.case_id or None,
        "status": entry.status,
        "reference_ids": dump(entry.references),
        "enclosures": " ".join(entry.enclosures),
        "shown": " ".join(entry.shown),
        "recipient_key": mailbox_key(entry.recipient),
        "message_key": message_key(entry.message_id),
    }


def entry_from_row(row: Row) -> OutboxEntry:
    """A letter out."""
    letter = Letter(LetterKind(row["kind"]), row["language"], row["subject"], row["text"], row["html"])
    plain = {name: row[name] for name in _ENTRY_PLAIN}
    return OutboxEntry(
        **plain,
        case_id=row["case_id"] or "",
        letter=letter,
        status=OutboxStatus(row["status"]),
        references=tuple(json.loads(row["reference_ids"])),
        enclosures=tuple(row["enclosures"].split()),
        shown=tuple(row["shown"].split(" ")) if row["shown"] else (),
    )


def user_to_row(user: User) -> dict[str, Any]:
    """A user's own row."""
    plain = {name: getattr(user, name) for name in _USER_PLAIN}
    return plain | {"email_key": index_key(user.email)}


def user_from_row(row: Row, grants: Iterable[Grant], stands_in: Iterable[StandIn] = ()) -> User:
    """A user with grants, and whom they stand in for."""
    plain = {name: row[name] for name in _USER_PLAIN}
    return User(**plain, grants=frozenset(grants), stands_in=frozenset(stands_in))


def grant_from_row(row: Row) -> Grant:
    """One grant."""
    return Grant(Role(row["role"]), row["scope"])
