"""Archive packages (SIP): METS with checksums over the files, ERMS-style XML of cases and records, and the register.

The package follows Riksarkivet's FGS Paketstruktur and FGS Ärendehantering, which rest on METS 1.12 and E-ARK's ERMS.
The METS file is valid by the METS schema (tests). The ERMS schema could not be had: its file is well-formed and follows
the published element names, but an archive's own validation may ask for changes.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from cases.archive import ArchiveCase, ArchiveFile, ArchiveRecord
from cases.calendar import STOCKHOLM
from cases.case import OUTCOME_NAMES, STATUS_NAMES, Case
from cases.suggestion import CASE_TYPE_NAMES

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
ERMS = "https://DILCIS.eu/XML/ERMS"
_PROTECTED = "Sekretessmarkerat. Sekretessen prövas på nytt när någon begär ut handlingen."
_COLUMNS = ("Ärendenummer", "Diarienummer", "Inkom", "Avslutat", "Ärendemening", "Nämnd", "Enhet", "Läge", "Skyddat")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers: the authority whose archive it is, the software, and the archive's agreement if there is one."""

    authority: str
    municipality: str
    software: str
    agreement: str = ""


@dataclass(slots=True)
class _Listed:
    """A file of the package as METS lists it."""

    path: str
    content_type: str
    size: int
    digest: str
    created: datetime
    group: str = "content"

    @property
    def id(self) -> str:
        return f"ID{uuid5(NAMESPACE_URL, self.path).hex}"


@dataclass(slots=True)
class Package:
    """A package being written to a new, empty folder: add cases one by one, then close.

    Raises OSError where the folder cannot be written, FileExistsError where it is there already.
    """

    folder: Path
    sender: Sender
    now: datetime
    _files: list[_Listed] = field(default_factory=list)
    _cases: list[tuple[ArchiveCase, list[list[_Listed]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True)

    def add(self, one: ArchiveCase) -> None:
        """Write the case's files now; of the case only its words are kept in memory."""
        place = f"content/{_safe(one.case.number)}"
        listed = [[self._write(f"{place}/{_safe(f.name)}", f) for f in record.files] for record in one.records]
        self._cases.append((_without_content(one), listed))

    def close(self) -> int:
        """Write the descriptions and METS last of all; returns how many files the package holds."""
        for path, kind, content in (
            ("metadata/erms.xml", "application/xml", self._erms()),
            ("metadata/register.csv", "text/csv", _register_csv([one for one, _ in self._cases])),
            ("metadata/register.xml", "application/xml", _register_xml([one for one, _ in self._cases])),
        ):
            self._write(path, ArchiveFile(path, kind, content, self.now), "metadata")
        (self.folder / "METS.xml").write_bytes(self._mets())
        return len(self._files) + 1

    def _write(self, path: str, file: ArchiveFile, group: str = "content") -> _Listed:
        place = self.folder / path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(file.content)
        digest = sha256(file.content).hexdigest()
        listed = _Listed(path, _mime(file.content_type), len(file.content), digest, file.created, group)
        self._files.append(listed)
        return listed

    def _mets(self) -> bytes:
        name = self.folder.name
        root = etree.Element(_m("mets"), nsmap={None: METS, "xlink": XLINK}, OBJID=f"UUID:{uuid5(NAMESPACE_URL, name)}")
        root.set("LABEL", f"Synpunkter och klagomål, {self.sender.authority}")
        root.set("TYPE", "SIP")
        root.set("PROFILE", "http://xml.ra.se/METS/RA_METS_eARD.xml")
        self._header(root)
        described = etree.SubElement(root, _m("dmdSec"), ID="ID-erms", CREATED=_moment(self.now))
        erms = next(one for one in self._files if one.path == "metadata/erms.xml")
        reference = etree.SubElement(described, _m("mdRef"), LOCTYPE="URL", MDTYPE="OTHER", OTHERMDTYPE="ERMS")
        _point(reference, erms)
        self._file_section(root)
        self._structure(root)
        return _bytes(root)

    def _header(self, root: "etree._Element") -> None:
        header = etree.SubElement(root, _m("metsHdr"), CREATEDATE=_moment(self.now), RECORDSTATUS="NEW")
        agents = (
            ({"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}, self.sender.authority),
            ({"ROLE": "CREATOR", "TYPE": "ORGANIZATION"}, self.sender.municipality),
            ({"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}, self.sender.software),
        )
        for attributes, name in agents:
            agent = etree.SubElement(header, _m("agent"), attributes)
            etree.SubElement(agent, _m("name")).text = _clean(name)
        if self.sender.agreement:
            own = etree.SubElement(header, _m("altRecordID"), TYPE="SUBMISSIONAGREEMENT")
            own.text = _clean(self.sender.agreement)

    def _file_section(self, root: "etree._Element") -> None:
        section = etree.SubElement(root, _m("fileSec"))
        for group in ("metadata", "content"):
            mine = [one for one in self._files if one.group == group]
            if not mine:
                continue
            inside = etree.SubElement(section, _m("fileGrp"), ID=f"ID-{group}", USE=group)
            for one in mine:
                file = etree.SubElement(inside, _m("file"), ID=one.id)
                _measure(file, one)
                _locate(etree.SubElement(file, _m("FLocat"), LOCTYPE="URL"), one)

    def _structure(self, root: "etree._Element") -> None:
        structure = etree.SubElement(root, _m("structMap"), TYPE="logical", LABEL="Ärenden")
        top = etree.SubElement(structure, _m("div"), LABEL="Leverans", DMDID="ID-erms")
        about = etree.SubElement(top, _m("div"), LABEL="Beskrivning")
        for one in self._files:
            if one.group == "metadata":
                etree.SubElement(about, _m("fptr"), FILEID=one.id)
        for case, records in self._cases:
            div = etree.SubElement(top, _m("div"), TYPE="case", LABEL=_clean(case.case.number))
            for record, listed in zip(case.records, records, strict=True):
                inside = etree.SubElement(div, _m("div"), TYPE="record", LABEL=_clean(record.title) or "Handling")
                for one in listed:
                    etree.SubElement(inside, _m("fptr"), FILEID=one.id)

    def _erms(self) -> bytes:
        root = etree.Element(_e("erms"), nsmap={None: ERMS})
        control = etree.SubElement(root, _e("control"))
        _words(control, "informationClass", "Synpunkter och klagomål")
        system = etree.SubElement(control, _e("systemInformation"))
        _words(system, "systemName", self.sender.software)
        inside = etree.SubElement(root, _e("aggregations"))
        for case, records in self._cases:
            _case(inside, case, records)
        return _bytes(root)


def _without_content(one: ArchiveCase) -> ArchiveCase:
    records = tuple(ArchiveRecord(r.id, r.incoming, r.title, r.at, r.sender, r.recipient, ()) for r in one.records)
    return ArchiveCase(one.case, one.unit, one.authority, records, one.events)


def _case(parent: "etree._Element", one: ArchiveCase, records: Sequence[Sequence[_Listed]]) -> None:
    case = one.case
    made = etree.SubElement(parent, _e("aggregation"), aggregationType="caseFile", systemIdentifier=_clean(case.id))
    _words(made, "objectId", case.number)
    if case.registry_number:
        _words(made, "extraId", case.registry_number, extraIdType="registryNumber")
    if case.protected:
        barred = etree.SubElement(made, _e("restriction"), restrictionType="confidential")
        _words(barred, "explanatoryText", _PROTECTED)
    _words(made, "title", register_subject(case))
    status = etree.SubElement(made, _e("status"), value="closed")
    status.text = STATUS_NAMES[case.status]
    dates = etree.SubElement(made, _e("dates"))
    _words(dates, "date", _moment(case.received_at), dateType="received")
    if case.closed_at:
        _words(dates, "date", _moment(case.closed_at), dateType="closed")
    agents = etree.SubElement(made, _e("agents"))
    for role, name in (("authority", one.authority), ("unit", one.unit), ("counterpart", case.sender.name)):
        if name:
            agent = etree.SubElement(agents, _e("agent"), agentType=role)
            _words(agent, "name", name)
    if case.outcome:
        _words(made, "additionalInformation", OUTCOME_NAMES[case.outcome], type="outcome")
    _events(made, one)
    for record, listed in zip(one.records, records, strict=True):
        _record(made, record, listed)


def _events(parent: "etree._Element", one: ArchiveCase) -> None:
    events = etree.SubElement(parent, _e("events"))
    for at, what, text in one.events:
        event = etree.SubElement(events, _e("event"), eventDateTime=_moment(at))
        _words(event, "eventType", what)
        if text:
            _words(event, "eventDescription", text)


def _record(parent: "etree._Element", record: ArchiveRecord, listed: Sequence[_Listed]) -> None:
    made = etree.SubElement(parent, _e("record"), systemIdentifier=_clean(record.id))
    _words(made, "title", record.title or "Handling")
    _words(made, "direction", "incoming" if record.incoming else "outgoing")
    dates = etree.SubElement(made, _e("dates"))
    _words(dates, "date", _moment(record.at), dateType="received" if record.incoming else "dispatched")
    agents = etree.SubElement(made, _e("agents"))
    for role, name in (("sender", record.sender), ("recipient", record.recipient)):
        if name:
            _words(etree.SubElement(agents, _e("agent"), agentType=role), "name", name)
    for one in listed:
        appendix = etree.SubElement(made, _e("appendix"), name=_clean(Path(one.path).name), path=_clean(one.path))
        appendix.set("mimeType", one.content_type)
        appendix.set("checksum", one.digest)
        appendix.set("checksumType", "SHA-256")


def register_subject(case: Case) -> str:
    """The subject as the register has it, never the sender's own words (OSL 5:2)."""
    return case.register_subject or (CASE_TYPE_NAMES[case.type] if case.type else "Synpunkt")


def _register_rows(found: Sequence[ArchiveCase]) -> Iterator[tuple[str, ...]]:
    for one in found:
        case = one.case
        yield (
            case.number,
            case.registry_number,
            _day(case.received_at),
            _day(case.closed_at) if case.closed_at else "",
            register_subject(case),
            one.authority,
            one.unit,
            STATUS_NAMES[case.status],
            "ja" if case.protected else "nej",
        )


def _register_csv(found: Sequence[ArchiveCase]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_register_rows(found))
    return out.getvalue().encode("utf-8", "replace")


def _register_xml(found: Sequence[ArchiveCase]) -> bytes:
    root = etree.Element("register")
    names = ("arendenummer", "diarienummer", "inkom", "avslutat", "arendemening", "namnd", "enhet", "lage", "skyddat")
    for row in _register_rows(found):
        made = etree.SubElement(root, "arende")
        for name, text in zip(names, row, strict=True):
            etree.SubElement(made, name).text = _clean(text)
    return _bytes(root)


def _m(name: str) -> str:
    return f"{{{METS}}}{name}"


def _e(name: str) -> str:
    return f"{{{ERMS}}}{name}"


def _words(parent: "etree._Element", name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, _e(name), attributes).text = _clean(text)


def _point(element: "etree._Element", one: _Listed) -> None:
    _locate(element, one)
    _measure(element, one)


def _measure(element: "etree._Element", one: _Listed) -> None:
    element.set("MIMETYPE", one.content_type)
    element.set("SIZE", str(one.size))
    element.set("CREATED", _moment(one.created))
    element.set("CHECKSUM", one.digest)
    element.set("CHECKSUMTYPE", "SHA-256")


def _locate(element: "etree._Element", one: _Listed) -> None:
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", f"file:{one.path}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(at: datetime) -> str:
    day: date = at.astimezone(STOCKHOLM).date()
    return day.isoformat()


def _mime(kind: str) -> str:
    plain = kind.partition(";")[0].strip().lower()
    return plain if "/" in plain and plain.isascii() and plain.isprintable() else "application/octet-stream"


def _clean(text: str) -> str:
    """Text with only what XML 1.0 takes."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )


def _safe(name: str) -> str:
    """A file name that stays in its folder, that any system takes and a URL needs no escaping for."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name).strip("._")
    root, dot, ending = kept.rpartition(".")
    return f"{root[:80]}{dot}{ending[:10]}" if root else kept[:80] or "fil"


def _bytes(root: "etree._Element") -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
