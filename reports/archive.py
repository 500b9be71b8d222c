"""Archive packages (SIP): METS with checksums over the files, ERMS of cases and records, and the register.

The package follows Riksarkivet's FGS Paketstruktur and FGS Ärendehantering, which rest on METS 1.12 and E-ARK's CITS
ERMS. The METS file is valid by the METS schema and the ERMS file by its own (``reports.erms``); tests hold both.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from cases.calendar import local_day
from cases.case import STATUS_NAMES
from cases.records.archive import ArchiveCase, ArchiveFile, ArchiveRecord
from reports.erms import Sender, add_case, begun, clean, moment, register_subject
from reports.spreadsheet import harmless

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
_COLUMNS = ("Ärendenummer", "Diarienummer", "Inkom", "Avslutat", "Ärendemening", "Nämnd", "Enhet", "Läge", "Skyddat")


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
        described = etree.SubElement(root, _m("dmdSec"), ID="ID-erms", CREATED=moment(self.now))
        erms = next(one for one in self._files if one.path == "metadata/erms.xml")
        reference = etree.SubElement(described, _m("mdRef"), LOCTYPE="URL", MDTYPE="OTHER", OTHERMDTYPE="ERMS")
        _point(reference, erms)
        self._file_section(root)
        self._structure(root)
        return _bytes(root)

    def _header(self, root: "etree._Element") -> None:
        header = etree.SubElement(root, _m("metsHdr"), CREATEDATE=moment(self.now), RECORDSTATUS="NEW")
        agents = (
            ({"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}, self.sender.authority),
            ({"ROLE": "CREATOR", "TYPE": "ORGANIZATION"}, self.sender.municipality),
            ({"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}, self.sender.software),
        )
        for attributes, name in agents:
            agent = etree.SubElement(header, _m("agent"), attributes)
            etree.SubElement(agent, _m("name")).text = clean(name)
        if self.sender.agreement:
            own = etree.SubElement(header, _m("altRecordID"), TYPE="SUBMISSIONAGREEMENT")
            own.text = clean(self.sender.agreement)

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
            div = etree.SubElement(top, _m("div"), TYPE="case", LABEL=clean(case.case.number))
            for record, listed in zip(case.records, records, strict=True):
                inside = etree.SubElement(div, _m("div"), TYPE="record", LABEL=clean(record.title) or "Handling")
                for one in listed:
                    etree.SubElement(inside, _m("fptr"), FILEID=one.id)

    def _erms(self) -> bytes:
        root = begun(self.folder.name, self.sender, self.now)
        for case, records in self._cases:
            add_case(root, case, [[(one.path, one.content_type) for one in listed] for listed in records])
        return _bytes(root)


def _without_content(one: ArchiveCase) -> ArchiveCase:
    records = tuple(ArchiveRecord(r.id, r.direction, r.title, r.at, r.sender, r.recipient, ()) for r in one.records)
    return ArchiveCase(one.case, one.unit, one.authority, records, one.events)


def _register_rows(found: Sequence[ArchiveCase]) -> Iterator[tuple[str, ...]]:
    for one in found:
        case = one.case
        yield (
            case.number,
            case.registry_number,
            local_day(case.received_at).isoformat(),
            local_day(case.closed_at).isoformat() if case.closed_at else "",
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
    writer.writerows([harmless(cell) for cell in row] for row in _register_rows(found))
    # The mark by which a Swedish Excel knows UTF-8; the XML beside has every word as it is.
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _register_xml(found: Sequence[ArchiveCase]) -> bytes:
    root = etree.Element("register")
    names = ("arendenummer", "diarienummer", "inkom", "avslutat", "arendemening", "namnd", "enhet", "lage", "skyddat")
    for row in _register_rows(found):
        made = etree.SubElement(root, "arende")
        for name, text in zip(names, row, strict=True):
            etree.SubElement(made, name).text = clean(text)
    return _bytes(root)


def _m(name: str) -> str:
    return f"{{{METS}}}{name}"


def _point(element: "etree._Element", one: _Listed) -> None:
    _locate(element, one)
    _measure(element, one)


def _measure(element: "etree._Element", one: _Listed) -> None:
    element.set("MIMETYPE", one.content_type)
    element.set("SIZE", str(one.size))
    element.set("CREATED", moment(one.created))
    element.set("CHECKSUM", one.digest)
    element.set("CHECKSUMTYPE", "SHA-256")


def _locate(element: "etree._Element", one: _Listed) -> None:
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", f"file:{one.path}")


def _mime(kind: str) -> str:
    plain = kind.partition(";")[0].strip().lower()
    return plain if "/" in plain and plain.isascii() and plain.isprintable() else "application/octet-stream"


def _safe(name: str) -> str:
    """A file name that stays in its folder, that any system takes and a URL needs no escaping for."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name).strip("._")
    root, dot, ending = kept.rpartition(".")
    return f"{root[:80]}{dot}{ending[:10]}" if root else kept[:80] or "fil"


def _bytes(root: "etree._Element") -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
