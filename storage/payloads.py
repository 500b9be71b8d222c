"""Messages and suggestions as JSON text and back, whole: every field, whatever characters it holds."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.case import Channel
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import Attachment, Bounce, InboundMessage, Mailaddress, MessageKind
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Evidence, RankedArea, Severity, SpokenRule, Suggestion
from cases.routing.tracks import SuggestedTrack, Track

_PLAIN = (
    "message_id",
    "in_reply_to",
    "subject",
    "from_name",
    "from_addr",
    "reply_to",
    "text",
    "message",
    "signature",
    "language",
    "auto_submitted",
    "unreadable",
    "forwarded_text",
    "signed",
    "read_receipt",
)
_LISTS = ("references", "defects", "delivered_to", "handed_in_by")
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_FORM = tuple(FormAnswers.__dataclass_fields__)


def dump(value: object) -> str:
    """JSON in ASCII: NUL and lone surrogates are escaped, so no database refuses them."""
    return _ENCODER.encode(value)


def message_to_json(message: InboundMessage) -> str:
    """All of a message but its HTML and attachments, which have columns and rows of their own."""
    row: dict[str, Any] = {name: getattr(message, name) for name in (*_PLAIN, *_LISTS)}
    row |= {"kind": message.kind.value, "auth": message.auth}
    row |= {"to": [*map(_pair, message.to)], "cc": [*map(_pair, message.cc)]}
    row |= {"date": _moment(message.date), "received_by_own": _moment(message.received_by_own)}
    row["forwarded_from"] = _pair(message.forwarded_from)
    row["form"] = None if message.form is None else {name: getattr(message.form, name) for name in _FORM}
    row["bounces"] = [[b.recipient, b.status, b.action, b.original_message_id] for b in message.bounces]
    return dump(row)


def message_from_json(text: str, html: str, attachments: tuple[Attachment, ...]) -> InboundMessage:
    """The message again; ``attachments`` without their bytes."""
    row: Mapping[str, Any] = json.loads(text)
    # A message kept by an older version lacks what has been read since.
    same: dict[str, Any] = {name: row.get(name, "") for name in _PLAIN}
    same |= {name: tuple(row.get(name, ())) for name in _LISTS}
    return InboundMessage(
        **same,
        forwarded_from=Mailaddress(*row["forwarded_from"]) if row.get("forwarded_from") else None,
        form=_form(row.get("form")),
        to=tuple(Mailaddress(*pair) for pair in row["to"]),
        cc=tuple(Mailaddress(*pair) for pair in row["cc"]),
        date=_from_moment(row["date"]),
        received_by_own=_from_moment(row["received_by_own"]),
        kind=MessageKind(row["kind"]),
        auth=tuple((pair[0], pair[1]) for pair in row["auth"]),
        bounces=tuple(Bounce(*four) for four in row["bounces"]),
        html=html,
        attachments=attachments,
    )


def _form(row: Mapping[str, Any] | None) -> FormAnswers | None:
    return None if row is None else FormAnswers(**{**row, "channel": Channel(row["channel"])})


def _pair(address: Mailaddress | None) -> list[str] | None:
    return None if address is None else [address.name, address.addr]


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _from_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def suggestion_to_json(suggestion: Suggestion) -> str:
    """All of a suggestion but its ranked areas, which lists read alone."""
    row: dict[str, object] = {
        "type": suggestion.type.value,
        "type_confidence": suggestion.type_confidence,
        "severity": suggestion.severity.value,
        "language": suggestion.language,
        "text": suggestion.text,
        "model_version": suggestion.model_version,
        "doubt": suggestion.doubt,
        "tracks": [[t.track.value, t.passage, t.start, t.end, t.confidence] for t in suggestion.tracks],
        "evidence": [[e.start, e.end, e.text, e.weight] for e in suggestion.evidence],
        "flags": [
            [f.kind.value, f.state.value, f.passage, f.start, f.end, f.confidence, f.decided_by, f.reason]
            for f in suggestion.flags
        ],
    }
    if suggestion.rule is not None:
        spoke = suggestion.rule
        row["rule"] = [spoke.rule_id, spoke.name, spoke.unit_id]
        row["learnt"] = [suggestion.unit_id, suggestion.unit_confidence]
    return dump(row)


def suggestion_from_json(text: str, areas: str) -> Suggestion:
    """The suggestion again."""
    row: Mapping[str, Any] = json.loads(text)
    ranked = json.loads(areas)
    # Beside the areas stands the unit that lists put first, which may be a rule's.
    unit_id, unit_confidence = row.get("learnt") or unit_of(dict(ranked))
    return Suggestion(
        areas=tuple(RankedArea(Area(key), sure) for key, sure in ranked if not key.startswith(_UNIT)),
        type=CaseType(row["type"]),
        type_confidence=row["type_confidence"],
        severity=Severity(row["severity"]),
        flags=tuple(ConfidentialityFlag(FlagKind(f[0]), FlagState(f[1]), *f[2:]) for f in row["flags"]),
        language=row["language"],
        evidence=tuple(Evidence(*four) for four in row["evidence"]),
        text=row["text"],
        model_version=row["model_version"],
        # A suggestion kept by an older version lacks what has been read since.
        doubt=row.get("doubt", ""),
        tracks=tuple(SuggestedTrack(Track(t[0]), *t[1:]) for t in row.get("tracks", ())),
        unit_id=unit_id,
        unit_confidence=unit_confidence,
        rule=SpokenRule(*row["rule"]) if row.get("rule") else None,
    )


_UNIT = "unit:"


def areas_to_json(suggestion: Suggestion) -> str:
    """Ranked areas as pairs of area and confidence; a unit that stands before them comes last.

    A rule is not sure of anything, so its unit has what the model would have been trusted with.
    """
    pairs = [[ranked.area.value, ranked.confidence] for ranked in suggestion.areas]
    sure = suggestion.unit_confidence
    if suggestion.rule is not None and not suggestion.unit_id:
        sure = suggestion.areas[0].confidence if suggestion.areas else 0.0
    first = suggestion.rule.unit_id if suggestion.rule else suggestion.unit_id
    unit = [[_UNIT + first, sure]] if first or sure else []
    return dump([*pairs, *unit])


def first_area(areas: str) -> tuple[Area, float] | None:
    """The area ranked first, and how sure it was, without reading the others; None where there is none."""
    if not areas.startswith("[["):
        return None
    key, sure = json.loads(areas[1 : areas.index("]") + 1])
    return Area(key), sure


def naming(unit_id: str) -> str:
    """How a unit stands in what `areas_to_json` writes."""
    return dump(_UNIT + unit_id)


def unit_of(ranked: Mapping[str, float]) -> tuple[str, float]:
    """The suggested unit among what `areas_to_json` wrote, with its confidence; empty where none is."""
    return next(((key.removeprefix(_UNIT), sure) for key, sure in ranked.items() if key.startswith(_UNIT)), ("", 0.0))
