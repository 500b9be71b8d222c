"""Archive packages: METS valid by its schema, every checksum true, nothing outside the folder, secrecy marked."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cases.case import CaseStatus, Outcome, Party
from cases.letters.letter import OutboxStatus
from cases.letters.papers import KeptPaper, PaperKind
from cases.letters.press import PaperDocument
from cases.records.archive import ArchiveCase, ArchiveFile, ArchiveRecord, Direction, archive_case
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.store.views import AttachmentFile, CaseFile
from reports.archive import METS, XLINK, Package, _safe
from reports.erms import ERMS, Sender, clean
from tests.cases.builders import an_organisation
from tests.storage import samples
from tests.storage.samples import case

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SENDER = Sender("Kommunstyrelsen", "Ekdala kommun", "Lyhörd 0.1", "ÖK 2026-7")
FILES = (
    ArchiveFile("in-1.eml", "message/rfc822", b"Subject: hej\r\n\r\nHej", NOW),
    ArchiveFile("in-1-bilaga-1-../../å ö<.pdf", "application/pdf; name=x", b"%PDF-1.4", NOW),
)


class _Beside(etree.Resolver):
    """Hands out our own XLink schema where METS names the Library of Congress'."""

    def resolve(self, url, public_id, context):
        assert "xlink" in url
        return self.resolve_filename(str(Path(__file__).parent / "xlink.xsd"), context)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside())
    text = files("metsrw").joinpath("resources/mets.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text, parser))


def sample(**changes: object) -> ArchiveCase:
    ended = case(status=CaseStatus.CLOSED, closed_at=NOW, register_subject="Släckt\x0b lykta", **changes)
    record = ArchiveRecord("m1", Direction.INCOMING, "Lampan \ud800<&>", NOW, "Berit Alm", "", FILES)
    sent = ArchiveRecord(
        "e1", Direction.OUTGOING, "Svar", NOW, "", "b@x.example", (ArchiveFile("ut-1.txt", "text/plain", b"Hej", NOW),)
    )
    return ArchiveCase(ended, "Gata och park", "Kommunstyrelsen", (record, sent), ((NOW, "Avslutat", "Klart & rent"),))


def written(folder: Path, *found: ArchiveCase) -> Path:
    package = Package(folder / "lyhord-ks", SENDER, NOW)
    for one in found or (sample(),):
        package.add(one)
    package.close()
    return package.folder


def test_mets_is_valid_by_its_schema(tmp_path: Path, schema) -> None:
    root = written(tmp_path)
    schema.assertValid(etree.parse(root / "METS.xml"))
    broken = (root / "METS.xml").read_text(encoding="utf-8").replace('CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="X"')
    assert not schema.validate(etree.fromstring(broken.encode()))


def test_every_file_is_listed_once_with_its_true_size_and_checksum(tmp_path: Path) -> None:
    root = written(tmp_path)
    mets = etree.parse(root / "METS.xml")
    listed = {}
    for file in mets.iter(f"{{{METS}}}file"):
        path = file[0].get(f"{{{XLINK}}}href").removeprefix("file:")
        listed[path] = (file.get("CHECKSUM"), int(file.get("SIZE")))
    there = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != "METS.xml"}
    assert listed == {path: (sha256(content).hexdigest(), len(content)) for path, content in there.items()}
    assert len(listed) == 6
    ids = [one.get("ID") for one in mets.iter(f"{{{METS}}}file")]
    pointed = [one.get("FILEID") for one in mets.iter(f"{{{METS}}}fptr")]
    assert sorted(ids) == sorted(pointed)
    agents = [one.findtext(f"{{{METS}}}name") for one in mets.iter(f"{{{METS}}}agent")]
    assert agents == ["Kommunstyrelsen", "Ekdala kommun", "Lyhörd 0.1"]


def test_erms_tells_the_case_its_records_and_where_the_files_are(tmp_path: Path) -> None:
    root = written(tmp_path)
    erms = etree.parse(root / "metadata" / "erms.xml")
    (found,) = erms.iter(f"{{{ERMS}}}aggregation")
    assert found.findtext(f"{{{ERMS}}}objectId") == case().number
    assert found.findtext(f"{{{ERMS}}}title") == "Släckt lykta"
    assert found.find(f"{{{ERMS}}}restriction") is None
    directions = [one.get("directionDefinition") for one in found.iter(f"{{{ERMS}}}direction")]
    assert directions == ["incoming", "outgoing"]
    told = {one.get("path").removeprefix("file:///") for one in found.iter(f"{{{ERMS}}}appendix")}
    there = {str(path.relative_to(root)) for path in (root / "content").rglob("*") if path.is_file()}
    assert told == there


def test_an_answer_that_an_official_mailed_is_nothing_that_came_in(tmp_path: Path) -> None:
    """What reached the citizen is the letter out; an answer from another body's staff came from outside."""
    case = samples.case(status=CaseStatus.CLOSED, closed_at=NOW)
    told = (
        samples.stored("c1", id="m1"),
        samples.stored("c1", id="m2", direction="staff"),
        samples.stored("c1", id="m3", direction="staff", outsider=True),
    )
    file = CaseFile(case, told, (), (samples.entry(status=OutboxStatus.SENT),), (), None, ())
    made = archive_case(file, an_organisation(), lambda _: b"", lambda _: b"")
    ways = {one.id: (one.direction, one.files[0].name) for one in made.records}
    assert ways == {
        "m1": (Direction.INCOMING, "in-1.txt"),
        "m2": (Direction.INTERNAL, "internt-2.txt"),
        "m3": (Direction.INCOMING, "in-3.txt"),
        "e1": (Direction.OUTGOING, "ut-1.txt"),
    }
    erms = etree.parse(written(tmp_path, made) / "metadata" / "erms.xml")
    etree.XMLSchema(etree.parse(Path(__file__).parent / "erms_used.xsd")).assertValid(erms)
    records = {one.get("systemIdentifier"): one for one in erms.iter(f"{{{ERMS}}}record")}
    assert records["m2"].find(f"{{{ERMS}}}direction") is None
    assert records["m2"].find(f".//{{{ERMS}}}date").get("otherDateType") == "created"


def test_files_that_went_along_stand_with_the_letter_alone() -> None:
    case, names = samples.case(status=CaseStatus.CLOSED, closed_at=NOW), ("karta.pdf", "plan.pdf", "logo.png")
    kept = samples.stored("c1", samples.inbound(from_addr="", from_name="Hans Vik"), id="m2", direction="staff")
    mailed = samples.stored("c1", id="m3", direction="staff")
    place = ("m2", "m3", "m3")
    own = tuple(AttachmentFile(f"{n}", place[n], names[n], "application/pdf", 4, "") for n in range(3))
    letter = samples.entry(status=OutboxStatus.SENT, enclosures=("0", "1"))
    file = CaseFile(case, (kept, mailed), own, (letter,), (), None, ())
    made = archive_case(file, an_organisation(), lambda _: b"", lambda one: f"bytes of {one}".encode())
    assert {one.id: [(f.name, f.content) for f in one.files[1:]] for one in made.records} == {
        "m3": [("internt-2-bilaga-1-plan.pdf", b"bytes of 1"), ("internt-2-bilaga-2-logo.png", b"bytes of 2")],
        "e1": [("ut-1-bilaga-1-karta.pdf", b"bytes of 0"), ("ut-1-bilaga-2-plan.pdf", b"bytes of 1")],
    }


def test_a_decision_on_paper_goes_along_with_its_words() -> None:
    case = samples.case(status=CaseStatus.CLOSED, closed_at=NOW)
    paper = PaperDocument("Beslut", [("Handling", "2")], "Det lämnas inte ut.")
    kept = KeptPaper("p1", case.id, 2, PaperKind.REFUSAL, NOW, "rut", paper)
    file = CaseFile(case, (), (), (), (), None, (), papers=(kept,))
    (record,) = archive_case(file, an_organisation(), lambda _: b"", lambda _: b"").records
    (document,) = record.files
    assert (record.direction, record.title, document.name) == (Direction.OUTGOING, "Beslut", "beslut-2.txt")
    assert document.content.decode() == "Beslut\n\nHandling: 2\n\nDet lämnas inte ut."


def everything() -> tuple[ArchiveCase, ...]:
    """A case with all there can be, a protected one, and one with as little as there can be."""
    flag = ConfidentialityFlag(FlagKind.SKOLA, FlagState.CONFIRMED, "Nils", 0, 4, 0.9)
    full = sample(registry_number="KS 2026-7", outcome=Outcome.ACTED)
    bare = ArchiveCase(case(id="c3", number="EK-3", sender=Party(), register_subject=""), "", "", (), ())
    return full, sample(id="c2", number="EK-2", flags=(flag,)), bare


def test_erms_is_valid_by_what_its_schema_says_of_all_we_use(tmp_path: Path) -> None:
    used = etree.XMLSchema(etree.parse(Path(__file__).parent / "erms_used.xsd"))
    root = written(tmp_path, *everything())
    used.assertValid(etree.parse(root / "metadata" / "erms.xml"))
    broken = (root / "metadata" / "erms.xml").read_text(encoding="utf-8").replace("<regulation>", "<explanatoryText>")
    broken = broken.replace("</regulation>", "</explanatoryText>")
    assert not used.validate(etree.fromstring(broken.encode()))


def test_erms_is_valid_by_the_schema_itself(tmp_path: Path) -> None:
    given = os.environ.get("LYHORD_ERMS_XSD")
    if not given:
        pytest.skip("LYHORD_ERMS_XSD names no file: the DILCIS Board's ERMS.xsd is not ours to ship")
    root = written(tmp_path, *everything())
    etree.XMLSchema(etree.parse(given)).assertValid(etree.parse(root / "metadata" / "erms.xml"))


def test_a_protected_case_is_marked_everywhere_and_its_sender_words_are_not_its_title(tmp_path: Path) -> None:
    flag = ConfidentialityFlag(FlagKind.SKOLA, FlagState.CONFIRMED, "Nils", 0, 4, 0.9)
    secret = sample(flags=(flag,))
    secret = replace(secret, case=replace(secret.case, register_subject="", subject="Nils blir slagen"))
    root = written(tmp_path, secret)
    erms = (root / "metadata" / "erms.xml").read_text(encoding="utf-8")
    assert 'restrictionType="confidential"' in erms
    register = (root / "metadata" / "register.csv").read_text(encoding="utf-8")
    assert register.rstrip().endswith(";ja")
    assert "slagen" not in register


def test_the_register_opens_in_swedish_excel_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    one = sample()
    root = written(tmp_path, replace(one, case=replace(one.case, register_subject="=HYPERLINK(1) på ön")))
    register = (root / "metadata" / "register.csv").read_bytes()
    assert register.startswith(b"\xef\xbb\xbf")
    assert ";'=HYPERLINK(1) på ön;" in register.decode("utf-8-sig")


def test_nothing_is_written_outside_or_over_a_package(tmp_path: Path) -> None:
    root = written(tmp_path, sample(number="../../EK 1"))
    assert [p.name for p in tmp_path.iterdir()] == [root.name]
    assert all(root in p.resolve().parents for p in root.rglob("*"))
    with pytest.raises(FileExistsError):
        written(tmp_path)


@given(st.text(max_size=300))
def test_any_name_is_a_plain_file_name(name: str) -> None:
    safe = _safe(name)
    assert safe.isascii()
    assert "/" not in safe
    assert safe not in ("", ".", "..")
    assert len(safe) <= 100


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_can_stand_in_xml(text: str) -> None:
    made = etree.Element("a")
    made.text = clean(text)
    assert etree.fromstring(etree.tostring(made)) is not None
