"""Documents: which wait, who gets them, what is kept of them and who may see it, on both databases."""

from dataclasses import replace
from hashlib import sha256

import pytest

from cases.errors import NotFound
from cases.inbound.documents import DocumentText, ReadPage, ReadStatus, ReadWord
from cases.inbound.messages import Attachment, ScanState
from cases.people.access import SYSTEM, Viewer
from storage import SqlStore
from tests.storage.samples import NOW, case, inbound, later, raw, stored

NOBODY = Viewer("u9")


def file(name: str = "brev.pdf", kind: str = "application/pdf", **changes: object) -> Attachment:
    content = name.encode() * 3000
    made = Attachment(name, kind, len(content), sha256(content).hexdigest(), content)
    return replace(made, **changes)  # type: ignore[arg-type]


def a_letter(store: SqlStore, *files: Attachment, text: str = "Se bilaga.") -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(text, attachments=files), id="m1"))


def claimed(store: SqlStore, minutes: int = 0) -> str:
    with store.begin() as tx:
        found = tx.claim_document(later(minutes), later(minutes - 3))
        return found.attachment_id if found else ""


def test_documents_wait_and_logos_programs_and_infected_files_do_not(store: SqlStore) -> None:
    a_letter(
        store,
        file("logga.png", "image/png", inline=True),
        file("foto-i-brevet.jpg", "image/jpeg", inline=True, size=900_000),
        file("liten.png", "image/png", size=900),
        file("farlig.pdf", risk="program"),
        file("smittad.pdf", scan=ScanState.INFECTED),
        file("foto.jpg", "image/jpeg"),
        file("film.mp4", "video/mp4"),
        file("brev.pdf"),
    )
    assert [claimed(store), claimed(store), claimed(store)] == ["m1-1", "m1-5", "m1-7"]


def test_a_hundred_scans_of_one_sender_keep_nobody_elses_waiting(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        for minute, (sender, mail, files) in enumerate((("a", "m1", 3), ("a", "m2", 2), ("b", "m3", 2))):
            letter = inbound(
                from_addr=f"{sender}@mejl.example", attachments=tuple(file(f"{n}.pdf") for n in range(files))
            )
            tx.add_message(stored("c1", letter, id=mail, received_at=later(minute)))
    order = []
    for minute in range(5, 12):
        order.append(claimed(store, minute))
        with store.begin() as tx:
            tx.add_document(order[-1], DocumentText(""), later(minute))
    assert order == ["m1-0", "m3-0", "m1-1", "m3-1", "m1-2", "m2-0", "m2-1"]
    assert claimed(store, 12) == ""


def test_a_claim_is_nobody_elses_until_it_is_stale_or_given_back(store: SqlStore) -> None:
    a_letter(store, file())
    assert (claimed(store), claimed(store, 2), claimed(store, 4)) == ("m1-0", "", "m1-0")
    with store.begin() as tx:
        tx.release_document("m1-0")
        again = tx.claim_document(later(4), later(1))
    assert again is not None
    assert (again.attempts, again.case_id, again.message_id, again.name) == (2, "c1", "m1", "brev.pdf")


def test_a_short_letter_waits_for_its_documents_and_a_long_one_does_not(store: SqlStore) -> None:
    a_letter(store, file())
    with store.begin() as tx:
        assert tx.messages_to_suggest(10) == []
        tx.add_document("m1-0", DocumentText("Lampan är trasig."), NOW)
        assert tx.messages_to_suggest(10) == [("c1", "m1")]
        assert tx.texts_of(["m1"]) == {"m1": ["Lampan är trasig."]}


def test_a_long_letter_is_shown_to_the_model_at_once_and_again_with_its_documents(store: SqlStore) -> None:
    a_letter(store, file(), text="Lampan är trasig. " * 20)
    with store.begin() as tx:
        assert tx.messages_to_suggest(10) == [("c1", "m1")]


PAGE = ReadPage(2, "Ängen brinner", (ReadWord(0, 5, 96, 0.1, 0.2, 0.3, 0.04), ReadWord(6, 13, 31, 0.5, 0.2, 0.3, 0.04)))


def test_pages_words_and_pictures_come_back(store: SqlStore) -> None:
    a_letter(store, file())
    pages = (ReadPage(1, ""), replace(PAGE, image=b"\xff\xd8jpeg"))
    with store.begin() as tx:
        tx.add_document("m1-0", DocumentText("Ängen brinner", pages, note="Sida 1 är tom."), NOW)
    with store.read() as tx:
        (kept,) = tx.documents("c1", SYSTEM)
        assert (kept.status, kept.note, kept.text, kept.read_at) == (
            ReadStatus.READ,
            "Sida 1 är tom.",
            "Ängen brinner",
            NOW,
        )
        assert kept.pages == (ReadPage(1, ""), PAGE)
        assert [PAGE.text[w.start : w.end] for w in kept.pages[1].words if w.unsure] == ["brinner"]
        assert tx.page_image("m1-0", 2, SYSTEM) == b"\xff\xd8jpeg"
        with pytest.raises(NotFound):
            tx.page_image("m1-0", 1, SYSTEM)


def test_nobody_sees_pages_of_a_case_they_may_not_read(store: SqlStore) -> None:
    a_letter(store, file())
    with store.begin() as tx:
        tx.add_document("m1-0", DocumentText("x", (replace(PAGE, image=b"jpeg"),)), NOW)
        assert tx.documents("c1", NOBODY) == []
        with pytest.raises(NotFound):
            tx.page_image("m1-0", 2, NOBODY)


def test_search_finds_what_a_document_says(store: SqlStore) -> None:
    a_letter(store, file())
    with store.begin() as tx:
        tx.add_document("m1-0", DocumentText("Snöskottningen på Ängsvägen"), NOW)
        (hit,) = tx.search("snöskottning", SYSTEM)
    assert hit.line.id == "c1"
    assert "Snöskottningen" in hit.snippet.replace("\ue000", "").replace("\ue001", "")


def test_what_no_machine_could_read_waits_again_when_asked(store: SqlStore) -> None:
    a_letter(store, file())
    with store.begin() as tx:
        tx.add_document("m1-0", DocumentText("", (), machine_read=False, note="Inte läst av maskin."), NOW)
        assert tx.documents("c1", SYSTEM)[0].status is ReadStatus.UNREAD
    assert claimed(store) == ""
    with store.begin() as tx:
        assert tx.read_again() == 1
    assert claimed(store) == "m1-0"


def test_a_loose_message_that_becomes_a_case_has_its_documents_read(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("", inbound(attachments=(file(),)), id="m1"))
    assert claimed(store) == ""
    with store.begin() as tx:
        tx.attach_message("m1", "c1")
    assert claimed(store) == "m1-0"


def test_no_more_than_ten_documents_of_a_message_are_read(store: SqlStore) -> None:
    a_letter(store, *(file(f"{n}.pdf") for n in range(14)))
    assert [claimed(store) for _ in range(11)] == [f"m1-{n}" for n in range(10)] + [""]


def test_reading_a_document_that_never_waited_is_an_error(store: SqlStore) -> None:
    with store.begin() as tx, pytest.raises(NotFound, match="bilaga"):
        tx.add_document("m1-0", DocumentText("x"), NOW)


def test_papers_and_mails_wait_apart_and_a_paper_is_closed_once(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_raw(raw(uid=1), "mail", NOW)
        tx.keep_raw(raw(uid=2, mailbox="dropfolder:skanner", content=b"%PDF-"), "paper", NOW)
        assert [kept.id for kept in tx.raw_to_read(9, NOW)] == ["mail"]
        assert [kept.id for kept in tx.papers_to_read(9, NOW)] == ["paper"]
        assert [set(tx.mark_read(["paper"], NOW)) for _ in range(2)] == [{"paper"}, set()]
        assert tx.papers_to_read(9, NOW) == []
