"""Fictional cases, letters and people, as plain as a test allows."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from cases.case import Case, CaseStatus, Channel, Party
from cases.inbound.messages import InboundMessage, MessageKind, RawMessage
from cases.letters.letter import Letter, LetterKind, OutboxEntry
from cases.people.access import Viewer
from cases.ports import Tx
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, RankedArea, Severity, Suggestion
from cases.store.views import StoredMessage

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_numbers = count(1)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def raw(uid: int = 1, content: bytes = b"Subject: hej\r\n\r\nHej!\r\n", **other: Any) -> RawMessage:
    digest = hashlib.sha256(content).hexdigest()
    base = RawMessage("synpunkter@osby.example", "INBOX", 77, uid, NOW, content, digest)
    return replace(base, **other)


def inbound(message: str = "Lampan är trasig.", subject: str = "Trasig lampa", **other: Any) -> InboundMessage:
    base = InboundMessage(
        message_id=f"<{next(_numbers)}@medborgare.example>",
        in_reply_to="",
        references=(),
        subject=subject,
        date=NOW,
        from_name="Karin Exempel",
        from_addr="karin@medborgare.example",
        reply_to="",
        to=(),
        cc=(),
        kind=MessageKind.CITIZEN,
        text=message,
        message=message,
        signature="",
        html="",
        attachments=(),
        defects=(),
    )
    return replace(base, **other)


def stored(case_id: str = "", message: InboundMessage | None = None, **other: Any) -> StoredMessage:
    base = StoredMessage(f"m{next(_numbers)}", case_id, NOW, message or inbound(), raw_id="")
    return replace(base, **other)


def case(case_id: str = "c1", **other: Any) -> Case:
    base = Case(
        id=case_id,
        number=f"EK-2026-{case_id}",
        token=f"token{case_id}",
        status=CaseStatus.ASSIGNED,
        received_at=NOW,
        channel=Channel.EMAIL,
        sender=Party("Karin Exempel", f"karin.{case_id}@medborgare.example"),
        subject="Trasig lampa",
        authority_id="ks",
        area=Area.GATA_PARK,
        unit_id="gata",
        severity=Severity.NORMAL,
        deadlines=(Deadline(PromiseKind.ANSWER, date(2026, 12, 1), "O24"),),
    )
    return replace(base, **other)


def flag(kind: FlagKind = FlagKind.SOCIALTJANST, state: FlagState = FlagState.SUGGESTED) -> ConfidentialityFlag:
    return ConfidentialityFlag(kind, state, "min mamma", 3, 12, 0.8)


def entry(entry_id: str = "e1", case_id: str = "", **other: Any) -> OutboxEntry:
    letter = Letter(LetterKind.MOTTAGNING, "sv", "Vi har fått ditt brev", "Tack för ditt brev.", "<p>Tack.</p>")
    base = OutboxEntry(
        id=entry_id,
        case_id=case_id,
        recipient="karin@medborgare.example",
        letter=letter,
        message_id=f"<{entry_id}@osby.example>",
        created_at=NOW,
        not_before=NOW,
    )
    return replace(base, **other)


def claim_all(tx: Tx, limit: int, now: datetime) -> list[OutboxEntry]:
    """Claim what is due, whatever has become of its cases."""
    return [mine for one in tx.due(limit, now) if (mine := tx.claim(one, None, now))]


def suggestion(**other: Any) -> Suggestion:
    base = Suggestion(
        areas=(RankedArea(Area.GATA_PARK, 0.75), RankedArea(Area.KANSLI, 0.25)),
        type=CaseType.FELANMALAN,
        type_confidence=0.9,
        severity=Severity.NORMAL,
        flags=(flag(),),
        language="sv",
        evidence=(),
        text="Lampan är trasig.",
        model_version="1",
    )
    return replace(base, **other)


def viewer(user_id: str = "u1", **rights: Any) -> Viewer:
    return Viewer(user_id, **{name: frozenset(v) if isinstance(v, set) else v for name, v in rights.items()})
