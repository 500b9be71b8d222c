"""Files that go along with an answer: from the desk, from a reply by mail, taken back, and where nothing may go."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from cases.errors import NotAllowed
from cases.inbound.messages import Attachment, ScanState
from cases.letters.drafts import UNDO
from cases.letters.enclosures import MOST_ENCLOSED_BYTES, MOST_ENCLOSURES
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.steps.answering.letters_out import cancel_letter
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import take_back
from cases.store.views import AttachmentFile
from ingest.reading.attachments import make_attachment
from notifier.outbox import send_due
from tests.steps.by_mail import HANS, internal
from tests.steps.deciding import ANSWER, assigned, only
from tests.steps.house import SmallHouse
from tests.steps.mails import PASS, signing

MAP = b"%PDF-1.4 en karta"


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    made = signing(sqlite_store)
    assigned(made)
    return made


def a_file(name: str = "karta.pdf", content: bytes = MAP) -> Attachment:
    return make_attachment(name, "application/pdf", content)


def answered(house: SmallHouse, *files: Attachment) -> OutboxEntry:
    case = only(house).case
    wish = Sending(case.id, case.version, (), LetterKind.SVAR, ANSWER, ANSWER, files=files)
    with house.store.begin() as tx:
        made = send_answer(tx, wish, house.handlaggare, house.office, house.now)
        return tx.get_entry(made.entry_id)


class Sink:
    """A mail server that keeps what it was given."""

    def __init__(self) -> None:
        self.got: dict[LetterKind, list[AttachmentFile]] = {}

    def send(self, entry: OutboxEntry, files=()) -> str:
        if not entry.internal:
            self.got[entry.letter.kind] = list(files)
        return "250 taken"


def left(house: SmallHouse) -> dict[LetterKind, list[tuple[str, bytes]]]:
    """What left to the citizen, each letter with its files."""
    house.now += UNDO + timedelta(seconds=1)
    sink = Sink()
    rest = {"clock": lambda: house.now, "new_id": house.office.new_id, "check": house.may_leave}
    send_due(house.store, sink, now=house.now, **rest)
    return {kind: [(file.name, file.content) for file in files] for kind, files in sink.got.items()}


def kept(house: SmallHouse) -> list[str]:
    return [file.name for file in only(house).attachments]


def test_a_file_leaves_with_the_answer_alone_and_stays_in_the_case(on_either: SmallHouse) -> None:
    answered(on_either, a_file(), a_file("plan.pdf", b"%PDF-1.4 en plan"))
    gone = left(on_either)
    assert gone[LetterKind.SVAR] == [("karta.pdf", MAP), ("plan.pdf", b"%PDF-1.4 en plan")]
    assert gone[LetterKind.VIDAREBEFORDRAD] == []
    file = only(on_either)
    stored = file.messages[-1]
    assert (stored.direction, stored.message.from_name) == ("staff", on_either.handlaggare.name)
    assert [one.message_id for one in file.attachments] == [stored.id, stored.id]
    assert any("karta.pdf och plan.pdf" in event.text for event in file.events)


def test_what_is_taken_back_leaves_no_file_in_the_case(on_either: SmallHouse) -> None:
    entry = answered(on_either, a_file())
    assert kept(on_either) == ["karta.pdf"]
    with on_either.store.begin() as tx:
        take_back(tx, entry.id, on_either.handlaggare, on_either.office, on_either.now)
    assert kept(on_either) == []
    assert len(only(on_either).messages) == 1
    with on_either.store.read() as tx:
        assert tx.get_entry(entry.id).enclosures == ()
    assert LetterKind.SVAR not in left(on_either)
    answered(on_either, a_file("ny karta.pdf"))
    assert left(on_either)[LetterKind.SVAR] == [("ny karta.pdf", MAP)]


@pytest.mark.parametrize(("state", "stays"), [(OutboxStatus.FAILED, []), (OutboxStatus.UNCERTAIN, ["karta.pdf"])])
def test_what_nobody_got_leaves_no_file_once_it_is_stopped(
    house: SmallHouse, state: OutboxStatus, stays: list[str]
) -> None:
    entry = answered(house, a_file())
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, status=state))
        cancel_letter(tx, entry.id, house.registrator, house.office, house.now)
    assert kept(house) == stays


def test_a_file_that_another_letter_took_along_stays(house: SmallHouse) -> None:
    entry = answered(house, a_file())
    with house.store.begin() as tx:
        other = next(one for one in tx.letters_of(entry.case_id) if one.id != entry.id)
        tx.enclose(other.id, entry.enclosures)
        tx.update_entry(replace(entry, status=OutboxStatus.FAILED))
        cancel_letter(tx, entry.id, house.registrator, house.office, house.now)
    assert kept(house) == ["karta.pdf"]


def test_what_a_colleague_mailed_stays_when_the_answer_is_stopped(house: SmallHouse) -> None:
    by_mail(house, ("karta.pdf", "application/pdf", MAP))
    with house.store.begin() as tx:
        entry = next(one for one in tx.letters_of(only(house).case.id) if one.letter.kind is LetterKind.SVAR)
        tx.update_entry(replace(entry, status=OutboxStatus.FAILED))
        cancel_letter(tx, entry.id, house.registrator, house.office, house.now)
    assert kept(house) == ["karta.pdf"]


def test_a_letter_whose_file_is_gone_does_not_leave_without_it(house: SmallHouse) -> None:
    entry = answered(house, a_file())
    with house.store.begin() as tx:
        tx.erase_message(only(house).messages[-1].id)
    assert LetterKind.SVAR not in left(house)
    with house.store.begin() as tx:
        assert tx.get_entry(entry.id).status is OutboxStatus.FAILED
        cancel_letter(tx, entry.id, house.registrator, house.office, house.now)


def test_the_neutral_letter_takes_no_file_along(house: SmallHouse) -> None:
    case = only(house).case
    flag = ConfidentialityFlag(FlagKind.SOCIALTJANST, FlagState.CONFIRMED)
    with house.store.begin() as tx:
        tx.save_case(replace(case, flags=(flag,)))
    with pytest.raises(NotAllowed, match="tar inga filer"):
        answered(house, a_file())
    assert kept(house) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (a_file(content=b""), "är tom"),
        (make_attachment("spel.exe", "", b"MZ program"), "ett program"),
        (replace(a_file(), scan=ScanState.INFECTED), "innehåller virus"),
        (replace(a_file(), scan=ScanState.UNCHECKED), "gick inte att kontrollera"),
        (replace(a_file(), size=MOST_ENCLOSED_BYTES + 1), "större än 15 MB"),
        (a_file("beslut 19900118-9811.pdf"), "Byt namn på filen"),
    ],
)
def test_what_may_not_leave_is_told_with_the_way_out(house: SmallHouse, file: Attachment, words: str) -> None:
    with pytest.raises(NotAllowed, match=words) as told:
        answered(house, a_file("karta 2.pdf"), file)
    assert told.value.part == "files"
    assert kept(house) == []


def test_so_many_files_and_no_more(house: SmallHouse) -> None:
    with pytest.raises(NotAllowed, match="Högst 10 filer"):
        answered(house, *(a_file(f"{n}.pdf") for n in range(MOST_ENCLOSURES + 1)))
    answered(house, *(a_file(f"{n}.pdf") for n in range(MOST_ENCLOSURES)))
    assert len(left(house)[LetterKind.SVAR]) == MOST_ENCLOSURES


def by_mail(house: SmallHouse, *files: tuple[str, str, bytes], code: str = "#svar") -> str:
    """Hans answers the mail he got with these files; the mail that tells him what was done."""
    message = EmailMessage()
    message["From"], message["To"] = HANS, internal(house).reply_to
    message["Subject"], message["Message-ID"] = f"{code} [EK-2026-00001]", "<h1@ekdala.example>"
    message["Authentication-Results"] = PASS
    message.set_content("Lampan byts i morgon. Kartan ligger med.")
    for name, kind, content in files:
        main, sub = kind.split("/")
        message.add_attachment(content, main, sub, filename=name)
    house.receive(message.as_bytes())
    return internal(house, LetterKind.MEJLSVAR_SKICKAT).letter.text


def test_the_files_of_a_reply_by_mail_go_along(house: SmallHouse) -> None:
    logo, key = (
        ("logo.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 900),
        ("smime.p7s", "application/pkcs7-signature", b"x"),
    )
    told = by_mail(house, logo, ("karta.pdf", "application/pdf", MAP), key)
    assert "Med brevet går karta.pdf." in " ".join(told.split())
    assert left(house)[LetterKind.SVAR] == [("karta.pdf", MAP)]


def test_a_reply_whose_files_may_not_leave_is_sent_without_any(house: SmallHouse) -> None:
    told = by_mail(
        house, ("karta.pdf", "application/pdf", MAP), ("spel.exe", "application/octet-stream", b"MZ program")
    )
    assert "Inga bilagor går med" in " ".join(told.split())
    assert left(house)[LetterKind.SVAR] == []
    assert kept(house) == ["karta.pdf", "spel.exe"]


def test_a_case_sent_back_by_mail_takes_no_file_anywhere(house: SmallHouse) -> None:
    told = by_mail(house, ("karta.pdf", "application/pdf", MAP), code="#intemin")
    assert "karta.pdf" not in told
    with house.store.read() as tx:
        assert not any(entry.enclosures for entry in tx.letters_of(only(house).case.id))


def test_files_go_with_the_case_when_it_is_erased(house: SmallHouse) -> None:
    answered(house, a_file())
    left(house)
    case_id = only(house).case.id
    with house.store.begin() as tx:
        tx.erase_case(case_id, "token", house.now)
        assert tx.case_file(case_id, SYSTEM).attachments == ()
