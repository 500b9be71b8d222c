"""Paper all the way: a file in the drop folder, a document in a mail, and what becomes of them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from cases.case import Case, CaseStatus, Channel
from cases.inbound.documents import Blankett, DocumentText, ReadStatus
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind
from cases.store.views import ListFilter, ListKind
from config import load
from ingest.documents.errors import ReadingStopped
from ingest.dropfolder import DropFolder
from ingest.paper.limits import Limits
from ingest.paper.process import DocumentReader
from service.installation.paper_room import PaperRoom
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from storage import SqlStore
from tests.ingest.paper.papers import text_pdf, word
from tests.service.watched import Clock, clock, house_of
from tests.steps.house import SmallHouse

__all__ = ["clock"]

FORM = Blankett(
    "synpunkt",
    ("Synpunkt till kommunen",),
    (
        ("name", ("Namn",)),
        ("email", ("E-post",)),
        ("phone", ("Telefon",)),
        ("subject", ("Det gäller",)),
        ("text", ("Min synpunkt",)),
    ),
)
FILLED = (
    "Synpunkt till kommunen\nNamn: Märta Öhrn\nE-post: marta@mejl.example\nTelefon: 070-174 06 05\n"
    "Det gäller: Gatlyktan\nMin synpunkt\nDen lyser inte."
)


@dataclass
class ObedientReader(DocumentReader):
    """A reading process that says what it is told to, so that the passes are tried without one."""

    says: DocumentText = field(default_factory=lambda: DocumentText("Gatlyktan på Ängsvägen är trasig."))
    pieces: int = 1
    fails: Exception | None = None
    asked: int = 0

    def __post_init__(self) -> None:
        super().__init__(Limits())

    def read(self, content: bytes, content_type: str) -> DocumentText:
        self.asked += 1
        if self.fails:
            raise self.fails
        return self.says

    def split(self, content: bytes, *, on_blank: bool) -> list[bytes]:
        if self.fails:
            raise self.fails
        return [content] if self.pieces == 1 else [content + bytes([n]) for n in range(self.pieces)]


@pytest.fixture
def house(sqlite_store: SqlStore) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture
def reader() -> ObedientReader:
    return ObedientReader()


@pytest.fixture
def room(house: SmallHouse, reader: ObedientReader, tmp_path: Path) -> PaperRoom:
    (tmp_path / "in").mkdir()
    folder = DropFolder("skanner", tmp_path / "in", tmp_path / "klart")
    return PaperRoom(house.store, house.office, reader, house.office.new_id, (folder,), (FORM,))


def drop(room: PaperRoom, house: SmallHouse, content: bytes, name: str = "0001.pdf") -> int:
    """A scanner leaves a file, which is looked at twice; returns how many cases came of it."""
    path = room.folders[0].folder / name
    path.write_bytes(content)
    room.fetch(house.now)
    house.later(seconds=10)
    room.fetch(house.now)
    return room.open(house.now)


def the_cases(house: SmallHouse) -> list[Case]:
    with house.store.read() as tx:
        return [tx.get_case(line.id, SYSTEM) for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter())]


def journal(house: SmallHouse, case: Case) -> str:
    with house.store.read() as tx:
        return "\n".join(event.text for event in tx.case_file(case.id, SYSTEM).events)


def with_file(content: bytes, text: str = "Se bifogat brev.", name: str = "brev.pdf") -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "Karin <karin@mejl.example>", "feedback@ekdala.example"
    made["Subject"], made["Message-ID"] = "Brev", "<a1@mejl.example>"
    made.set_content(text)
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def test_a_dropped_letter_is_a_case_before_it_is_read(house: SmallHouse, room: PaperRoom) -> None:
    assert drop(room, house, text_pdf("Hej")) == 1
    (case,) = the_cases(house)
    assert (case.channel, case.status, case.sender.email) == (Channel.LETTER, CaseStatus.RECEIVED, "")
    assert house.stages.suggest(house.now) == 0
    assert room.read(house.now) == 1
    assert house.stages.suggest(house.now) == 1
    (case,) = the_cases(house)
    assert case.status is CaseStatus.SUGGESTED
    with house.store.read() as tx:
        suggestion = tx.suggestion(case.id)
        assert suggestion is not None
        assert "Gatlyktan på Ängsvägen" in suggestion.text
        assert tx.lines(ListKind.ALL, SYSTEM, ListFilter())[0].excerpt == "Gatlyktan på Ängsvägen är trasig."


def test_nothing_is_sent_to_nobody(house: SmallHouse, room: PaperRoom) -> None:
    drop(room, house, text_pdf("Hej"))
    room.read(house.now)
    house.stages.suggest(house.now)
    (case,) = the_cases(house)
    with house.store.read() as tx:
        assert all(entry.internal for entry in tx.letters_of(case.id))


def test_several_letters_in_a_scan_are_several_cases_with_their_own_pages(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    reader.pieces = 3
    assert drop(room, house, text_pdf("Hej")) == 3
    with house.store.read() as tx:
        files = [tx.case_file(case.id, SYSTEM).attachments for case in the_cases(house)]
        assert sorted(file.name for (file,) in files) == ["brev-1.pdf", "brev-2.pdf", "brev-3.pdf"]
        assert len({file.sha256 for (file,) in files}) == 3
    assert room.read(house.now, limit=10) == 3


def test_what_no_machine_reads_is_a_case_all_the_same_and_marked(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    reader.says = DocumentText("", (), machine_read=False, note="Inte läst av maskin: Tesseract är inte installerat.")
    drop(room, house, text_pdf("Hej"))
    room.read(house.now)
    assert house.stages.suggest(house.now) == 1
    (case,) = the_cases(house)
    assert "inte läst av maskin" in journal(house, case)
    with house.store.read() as tx:
        assert tx.documents(case.id, SYSTEM)[0].status is ReadStatus.UNREAD


def test_a_blankett_fills_in_the_case_and_waits_for_a_person(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    reader.says = DocumentText(FILLED)
    drop(room, house, text_pdf("Hej"))
    room.read(house.now)
    (case,) = the_cases(house)
    assert (case.sender.name, case.sender.email, case.subject) == ("Märta Öhrn", "marta@mejl.example", "Gatlyktan")
    assert "blankett" in case.sender_doubt
    house.stages.suggest(house.now)
    with house.store.read() as tx:
        assert all(entry.internal for entry in tx.letters_of(case.id))


def test_a_short_mail_is_suggested_with_what_its_document_says(house: SmallHouse, room: PaperRoom) -> None:
    house.receive(with_file(text_pdf("Hej")))
    (case,) = the_cases(house)
    assert case.status is CaseStatus.RECEIVED
    room.read(house.now)
    house.stages.suggest(house.now)
    with house.store.read() as tx:
        suggestion = tx.suggestion(case.id)
    assert suggestion is not None
    assert "Se bifogat brev." in suggestion.text
    assert "Gatlyktan" in suggestion.text


def test_a_long_mail_does_not_wait_and_its_document_can_still_raise_a_flag(house: SmallHouse, room: PaperRoom) -> None:
    house.receive(with_file(text_pdf("Hej"), text="Gatlyktan är trasig och ingen kommer. " * 10))
    (case,) = the_cases(house)
    assert case.status is CaseStatus.SUGGESTED
    room.read(house.now)
    house.model.flags = (FlagKind.PERSONNUMMER,)
    house.stages.suggest(house.now)
    (case,) = the_cases(house)
    assert [flag.kind for flag in case.flags] == [FlagKind.PERSONNUMMER]


def test_a_blankett_in_a_mail_does_not_change_who_wrote_it(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    reader.says = DocumentText(FILLED)
    house.receive(with_file(text_pdf("Hej")))
    room.read(house.now)
    (case,) = the_cases(house)
    assert (case.sender.email, case.sender.phone) == ("karin@mejl.example", "070-174 06 05")
    assert case.sender_doubt == ""


def test_a_service_that_stops_leaves_the_document_for_the_next_start(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    drop(room, house, text_pdf("Hej"))
    reader.fails = ReadingStopped("stannar")
    assert room.read(house.now) == 0
    reader.fails = None
    assert room.read(house.now) == 1


def test_a_reading_that_died_is_taken_up_again_and_given_up_at_last(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    drop(room, house, text_pdf("Hej"))
    for _ in range(3):
        reader.fails = MemoryError()
        with pytest.raises(MemoryError):
            room.read(house.now)
        assert room.read(house.now) == 0
        house.later(minutes=5)
    assert room.read(house.now) == 1
    assert reader.asked == 3
    (case,) = the_cases(house)
    assert "avbröts tre gånger" in journal(house, case)


def test_a_file_that_cannot_become_a_case_is_put_in_quarantine(
    house: SmallHouse, room: PaperRoom, reader: ObedientReader
) -> None:
    reader.fails = OSError("disk")
    drop(room, house, text_pdf("Hej"))
    for _ in range(3):
        house.later(minutes=5)
        room.open(house.now)
    with house.store.read() as tx:
        (kept,) = tx.quarantined()
    assert kept.error == "Oväntat fel (OSError)."
    assert the_cases(house) == []


def test_the_same_file_twice_is_one_case(house: SmallHouse, room: PaperRoom) -> None:
    assert drop(room, house, text_pdf("Hej")) == 1
    assert drop(room, house, text_pdf("Hej"), "0002.pdf") == 0
    assert len(the_cases(house)) == 1
    assert sorted(path.name for path in room.folders[0].done.iterdir()) == ["0001.pdf", "0002.pdf"]


def test_a_folder_that_cannot_be_emptied_is_an_alarm(
    environ: dict[str, str], clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Letters lay there, and only the log said so, each other second."""
    paper = replace(load("demo", environ).paper, drop_folder=tmp_path / "in", done_folder=tmp_path / "klart")
    watched = house_of(replace(load("demo", environ), paper=paper), clock)

    def told() -> list[str]:
        watched.paper.fetch(clock.now)
        on_page = [line.text for line in health_lines(watched) if line.name == "Skannerns mapp" and not line.ok]
        found = [alarm.text for alarm in conditions(watched, clock.now) if alarm.key == "paper"]
        assert found == on_page
        return found

    why = f"Inkorgsmappen {tmp_path}/in går inte att läsa: det finns inte"
    assert told() == [f"har inte kunnat tas om hand ({why})"]
    (tmp_path / "in").mkdir()
    assert told() == []
    clock.later(minutes=39)
    assert told() == []
    (tmp_path / "in").rmdir()
    for _ in range(20):
        clock.later(seconds=2)
        assert told() == []
    clock.later(minutes=40)
    (text,) = told()
    assert text.startswith("allt i den togs om hand senast för 40 minuter sedan (Inkorgsmappen")
    assert len(caplog.messages) == 3
    watched.store.close()


def test_two_machines_make_one_case_of_a_file(house: SmallHouse, room: PaperRoom) -> None:
    path = room.folders[0].folder / "0001.pdf"
    path.write_bytes(text_pdf("Hej"))
    room.fetch(house.now)
    house.later(seconds=10)
    room.fetch(house.now)
    with house.store.read() as tx:
        (kept,) = tx.papers_to_read(5, house.now)
    assert (room._open_one(kept, house.now), room._open_one(kept, house.now)) == (1, 0)


def test_a_word_letter_is_named_and_read_by_its_kind(house: SmallHouse, room: PaperRoom) -> None:
    drop(room, house, word("Hej"), "0001.bin")
    drop(room, house, "Hej på er, lampan är trasig".encode(), "0002.txt")
    with house.store.read() as tx:
        names = [tx.case_file(case.id, SYSTEM).attachments[0].name for case in the_cases(house)]
    assert sorted(names) == ["brev.docx", "brev.txt"]
    assert room.read(house.now) == 2


def test_the_whole_way_with_the_real_process(house: SmallHouse, room: PaperRoom) -> None:
    real = PaperRoom(house.store, house.office, DocumentReader(Limits()), house.office.new_id, room.folders)
    drop(real, house, text_pdf("Gatlyktan vid skolan lyser inte"))
    house.later(seconds=timedelta(seconds=1).seconds)
    assert real.read(house.now) == 1
    (case,) = the_cases(house)
    with house.store.read() as tx:
        (letter,) = tx.case_file(case.id, SYSTEM).messages
        assert tx.texts_of([letter.id]) == {letter.id: ["Gatlyktan vid skolan lyser inte"]}
