"""ERMS: cases and records as E-ARK's CITS ERMS describes them, on which Riksarkivet's FGS Ärendehantering 2.0 rests.

Element and attribute names, their order and their lists of values are those of the DILCIS Board's schema, and are the
same in its versions 2.1.3 (2023-11-03) and 3.0.1 (2024-08-22) as far as they are used here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from cases.case import OUTCOME_NAMES, STATUS_NAMES, Case
from cases.records.archive import ArchiveCase, ArchiveRecord, Direction
from cases.routing.suggestion import CASE_TYPE_NAMES

ERMS = "https://DILCIS.eu/XML/ERMS"
_PROTECTED = "Sekretessmarkerat. Sekretessen prövas på nytt när någon begär ut handlingen."
_MARKED_BY = "Offentlighets- och sekretesslagen (2009:400) 5 kap. 5 §"
_Files = Sequence[tuple[str, str]]
"""Path within the package and content type of a record's files."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers: the authority whose archive it is, the software, and the archive's agreement if there is one."""

    authority: str
    municipality: str
    software: str
    agreement: str = ""


def begun(name: str, sender: Sender, now: datetime) -> "etree._Element":
    """An ERMS document without cases: which delivery it is, and who made it when."""
    root = etree.Element(_e("erms"), nsmap={None: ERMS})
    control = _within(root, "control")
    _words(control, "identification", name, identificationType="delivery")
    if sender.agreement:
        _words(control, "identification", sender.agreement, identificationType="submissionAgreement")
    kept = _within(control, "maintenanceInformation")
    _within(kept, "maintenanceStatus", value="new")
    _words(_within(kept, "maintenanceAgency"), "agencyName", sender.authority)
    event = _within(_within(kept, "maintenanceHistory"), "maintenanceEvent")
    _within(event, "eventType", value="created")
    _words(event, "eventDateTime", moment(now))
    _agent(event, "creator", sender.municipality)
    _agent(
        _within(_within(control, "systemInformation"), "agents"), "other", sender.software, otherAgentType="software"
    )
    _within(root, "aggregations")
    return root


def add_case(root: "etree._Element", one: ArchiveCase, files: Sequence[_Files]) -> None:
    """Add a case with its records; ``files`` are those of each record, in order."""
    case = one.case
    made = _within(root[1], "aggregation", systemIdentifier=clean(case.id), aggregationType="caseFile")
    _words(made, "objectId", case.number)
    if case.registry_number:
        _words(made, "extraId", case.registry_number, extraIdType="registryNumber")
    _words(made, "title", register_subject(case))
    _within(made, "status", value="closed")
    _own(made, case)
    if case.protected:
        barred = _within(made, "restriction", restrictionType="confidential")
        _words(barred, "explanatoryText", _PROTECTED)
        _words(barred, "regulation", _MARKED_BY)
    _agents(made, one)
    closed = [("closed", case.closed_at)] if case.closed_at else []
    _dates(made, [("received", case.received_at), *closed])
    _actions(made, one)
    for record, mine in zip(one.records, files, strict=True):
        _record(made, record, mine)


def _own(parent: "etree._Element", case: Case) -> None:
    """How it ended in our words, for which the schema has no element of its own."""
    inside = _within(_within(parent, "additionalInformation"), "ownElement")
    _words(inside, "ownElementDescription", "Ärendets läge och utfall enligt kommunens rutin.")
    named = [("lage", STATUS_NAMES[case.status])]
    named += [("utfall", OUTCOME_NAMES[case.outcome])] if case.outcome else []
    for name, text in named:
        _words(_within(inside, "ownElement", name=name), "value", text)


def _agents(parent: "etree._Element", one: ArchiveCase) -> None:
    inside = _within(parent, "agents")
    for kind, name in (("authority", one.authority), ("unit", one.unit)):
        if name:
            _agent(inside, "other", name, otherAgentType=kind)
    if one.case.sender.name:
        _agent(inside, "counterpart", one.case.sender.name)


def _actions(parent: "etree._Element", one: ArchiveCase) -> None:
    for at, what, text in one.events:
        action = _within(parent, "action")
        _words(action, "actionText", text or what)
        _words(action, "actionType", what)
        dates = _within(action, "dates")
        _words(dates, "actionDate", moment(at), dateType="other", otherDateType="event")


def _record(parent: "etree._Element", record: ArchiveRecord, files: _Files) -> None:
    made = _within(parent, "record", systemIdentifier=clean(record.id), recordPhysicalOrDigital="digital")
    _words(made, "objectId", record.id)
    _words(made, "title", record.title or "Handling")
    # The schema's list of directions holds none within an authority: who wrote it tells.
    if record.direction is not Direction.INTERNAL:
        _within(made, "direction", directionDefinition=record.direction.value)
    people = [("sender", record.sender), ("recipient", record.recipient)]
    if any(name for _, name in people):
        inside = _within(made, "agents")
        for role, name in people:
            if name:
                _agent(inside, role, name)
    if record.direction is Direction.INTERNAL:
        _words(_within(made, "dates"), "date", moment(record.at), dateType="other", otherDateType="created")
    else:
        _dates(made, [("received" if record.direction is Direction.INCOMING else "dispatch", record.at)])
    if files:
        inside = _within(made, "additionalInformation")
        for path, kind in files:
            name = clean(path.rpartition("/")[2])
            _within(inside, "appendix", name=name, fileFormat=clean(kind), path=f"file:///{clean(path)}")


def _agent(parent: "etree._Element", kind: str, name: str, **more: str) -> None:
    _words(_within(parent, "agent", agentType=kind, **more), "name", name)


def _dates(parent: "etree._Element", dates: Sequence[tuple[str, datetime]]) -> None:
    inside = _within(parent, "dates")
    for kind, at in dates:
        _words(inside, "date", moment(at), dateType=kind)


def _within(parent: "etree._Element", element: str, /, **attributes: str) -> "etree._Element":
    return etree.SubElement(parent, _e(element), attributes)


def _words(parent: "etree._Element", element: str, text: str, /, **attributes: str) -> None:
    _within(parent, element, **attributes).text = clean(text)


def _e(name: str) -> str:
    return f"{{{ERMS}}}{name}"


def register_subject(case: Case) -> str:
    """The subject as the register has it, never the sender's own words (OSL 5:2)."""
    return case.register_subject or (CASE_TYPE_NAMES[case.type] if case.type else "Synpunkt")


def moment(at: datetime) -> str:
    """A moment as XML Schema writes it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def clean(text: str) -> str:
    """Text with only what XML 1.0 takes."""
    return "".join(_allowed(text))


def _allowed(text: str) -> Iterator[str]:
    for c in text:
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000":
            yield c
