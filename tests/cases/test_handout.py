"""What goes into the package of documents handed out, and above all what does not."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import Channel, Party
from cases.disclosure.censor import Masking
from cases.disclosure.documents import CaseDocument, HandOver, case_documents, next_number, proposals
from cases.disclosure.handout import Choice, grounds_used, package, prepare
from cases.disclosure.municipal import Municipal
from cases.errors import NotAllowed
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import ScanState, not_by_mail
from cases.letters.letter import Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.letters.press import PaperDocument, PaperLetter, PaperTable
from cases.records.masking import PersonalKind, PersonalSpan
from cases.routing.flags import FlagKind, FlagState
from cases.store.views import AttachmentFile, CaseFile, StoredMessage
from tests.cases.builders import NOW, a_case, flagged

CASE = a_case()
NAME = [Masking("Berit Alm", "21:1", name=True)]


class PlainPress:
    """Sets everything as it is written."""

    def letter(self, paper: PaperLetter) -> bytes:
        return repr(paper).encode()

    def document(self, document: PaperDocument, tables: Sequence[PaperTable] = ()) -> bytes:
        return f"{document}{tables}".encode()


def a_file(name: str = "foto.jpg", **changes: object) -> AttachmentFile:
    return replace(AttachmentFile("a", "m", name, "image/jpeg", 3, "0" * 64), **changes)  # type: ignore[arg-type]


def a_document(ident: str = "d", text: str = "Hej", file: AttachmentFile | None = None) -> CaseDocument:
    return CaseDocument(ident, "Brev till kommunen", NOW, (("Från", "Berit Alm"), ("Ämne", "Lampan")), text, file)


def a_letter(kind: LetterKind, status: OutboxStatus) -> OutboxEntry:
    letter = Letter(kind, "sv", "Ämne", f"{kind} {status}", "")
    return OutboxEntry(f"{kind}{status}", CASE.id, "berit@mejl.example", letter, "<m>", NOW, NOW, status)


def packed(documents: Sequence[CaseDocument], choice: Choice, **contents: bytes) -> dict[str, str]:
    made = package(CASE, prepare(documents, choice), choice, PlainPress(), contents, NOW)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name).decode("latin-1") for name in archive.namelist()}


def test_only_what_left_to_the_citizen_is_a_document() -> None:
    """No letter to staff is one, nor one that was stopped, held or still waits (TF 2:12)."""
    letters = [a_letter(LetterKind.SVAR, status) for status in OutboxStatus]
    inside = a_letter(LetterKind.TILL_HANDLAGGARE, OutboxStatus.SENT)
    file = CaseFile(CASE, (), (), (*letters, inside), (), None, ())
    left = {OutboxStatus.SENT, OutboxStatus.POSTED, OutboxStatus.BOUNCED, OutboxStatus.UNCERTAIN}
    assert {one.text for one in case_documents(file, {})} == {f"svar {status}" for status in left}
    assert next_number(file) == len(left) + 1


def test_a_copy_is_no_document_of_its_own_where_the_letter_itself_left() -> None:
    sent = a_letter(LetterKind.SVAR, OutboxStatus.SENT)
    copy = replace(sent, id="k", recipient="anna@post.example", copy_of=sent.id)
    (both,) = case_documents(CaseFile(CASE, (), (), (sent, copy), (), None, ()), {})
    assert both.facts[:2] == (("Till", "berit@mejl.example"), ("Kopia till", "anna@post.example"))
    failed = replace(sent, status=OutboxStatus.FAILED)
    (alone,) = case_documents(CaseFile(CASE, (), (), (failed, copy), (), None, ()), {})
    assert (alone.title, alone.facts[0]) == ("Brev från kommunen: Kopia: Svar på fråga", ("Till", "anna@post.example"))


def test_a_letter_out_has_the_day_it_left_and_an_attachment_stands_behind_its_own_letter() -> None:
    first, second = (not_by_mail("", words, NOW) for words in ("Ett", "Två"))
    messages = (
        StoredMessage("m", CASE.id, NOW, first, ""),
        StoredMessage("n", CASE.id, NOW + timedelta(2), second, ""),
    )
    sent = replace(a_letter(LetterKind.SVAR, OutboxStatus.SENT), sent_at=NOW + timedelta(1))
    file = CaseFile(CASE, messages, (a_file(), a_file(id="b", message_id="n")), (sent,), (), None, ())
    found = [(one.text, one.date.day) for one in case_documents(file, {"a": "Bild ett", "b": "Bild två"})]
    assert found == [("Ett", 26), ("Bild ett", 26), ("svar sent", 27), ("Två", 28), ("Bild två", 28)]


@pytest.mark.parametrize("bad", [{"scan": ScanState.INFECTED}, {"risk": "program"}])
def test_no_virus_and_no_program_is_handed_out_as_it_came(bad: dict[str, object]) -> None:
    document = a_document(text="", file=a_file(**bad))
    assert document.ways == (HandOver.LEAVE,)
    (one,) = prepare([document], Choice({"d": HandOver.WHOLE}, (), {}))
    assert one.way is HandOver.LEAVE


class Finds:
    """Finds one name, wherever it stands."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find(self, text: str) -> list[PersonalSpan]:
        at = text.find(self.name)
        return [PersonalSpan(at, at + len(self.name), PersonalKind.NAME)] if at >= 0 else []

    def mask(self, text: str) -> str:
        return text.replace(self.name, "[namn]")

    mask_people = mask


@pytest.mark.parametrize("state", FlagState)
def test_by_what_a_protected_identity_can_be_found_is_masked_unasked_though_no_machine_finds_it(
    state: FlagState,
) -> None:
    """Also what they wrote in a form; where a person cleared the flag nothing is."""
    sender = Party("Berit Alm", "berit@mejl.example", "070-174 06 05", "Lingonstigen 4\n123 45 Ekdala")
    form = FormAnswers("e", Channel.WEB, proven=True, email="b@post.example", phone="0400-11", address="Ekvägen 2 A")
    stored = StoredMessage("m", CASE.id, NOW, replace(not_by_mail("", "Hej", NOW), form=form), "")
    case = a_case(sender=sender, flags=flagged(FlagKind.SKYDDAD_IDENTITET, state=state))
    found = proposals(CaseFile(case, (stored,), (), (), (), None, ()), (), None)
    contacts = {"berit@mejl.example", "070-174 06 05", "Lingonstigen 4", "123 45 Ekdala"}
    contacts |= {"b@post.example", "0400-11", "Ekvägen 2 A", "Lingonstigen", "Ekvägen"}
    always = {one.words for one in found if one.always}
    assert always == (set() if state is FlagState.CLEARED else contacts)


@pytest.mark.parametrize(("kind", "ours"), [(FlagKind.SKOLA, True), (FlagKind.ANSTALLD_UTPEKAD, False)])
def test_an_official_whom_a_flag_points_out_is_proposed_like_anybody(kind: FlagKind, *, ours: bool) -> None:
    municipal = Municipal((), frozenset({"maja ek"}), frozenset(), frozenset())
    file = CaseFile(a_case(flags=flagged(kind)), (), (), (), (), None, ())
    found = proposals(file, [a_document(text="Maja Ek slog honom.")], Finds("Maja Ek"), municipal)
    assert [one.ours for one in found if one.words == "Maja Ek"] == [ours]


def test_what_stands_above_a_document_is_proposed_too() -> None:
    file = CaseFile(CASE, (), (), (), (), None, ())
    assert "Lampan" in [one.words for one in proposals(file, [a_document()], Finds("Lampan"))]


def test_of_what_is_left_out_nothing_but_its_kind_and_ground_is_told() -> None:
    ways = {"d": HandOver.LEAVE, "e": HandOver.TEXT}
    choice = Choice(ways, NAME, {"d": "26:1", "e": "25:1"}, "En del lämnas inte ut till Berit Alm.")
    files = packed([a_document(text="Hemligt"), a_document("e", "Hej, jag heter Berit. Berit!")], choice)
    assert sorted(files) == [
        "00 Det som inte lämnas ut.pdf",
        "00 Förteckning.pdf",
        "02 Brev till kommunen.pdf",
    ]
    assert not any(word in text for text in files.values() for word in ("Berit", "Hemligt"))
    assert grounds_used(prepare([a_document(), a_document("e", "Berit. Berit!")], choice)) == {"21:1": 3, "26:1": 1}


def test_what_is_handed_out_whole_needs_no_notice() -> None:
    files = packed([a_document()], Choice({"d": HandOver.TEXT}, (), {}, "Något lämnas inte ut."))
    assert sorted(files) == ["00 Förteckning.pdf", "01 Brev till kommunen.pdf"]


@pytest.mark.parametrize(("name", "ending"), [("foto.JPG", ".jpg"), ("Berit Alm.exe", ".bin"), ("Berit.alm", ".bin")])
def test_no_file_is_named_by_what_it_was_called(name: str, ending: str) -> None:
    files = packed([a_document(text="", file=a_file(name))], Choice({"d": HandOver.WHOLE}, (), {}), d=b"xyz")
    assert files[f"01 Bilaga{ending}"] == "xyz"


def remarked(*remarks: bytes) -> bytes:
    """A picture with these comments in it."""
    parts = (b"\xff\xfe" + (len(one) + 2).to_bytes(2, "big") + one for one in remarks)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda"


def test_one_of_several_comments_that_tells_is_enough_to_keep_a_picture_back() -> None:
    document, choice = a_document(text="", file=a_file()), Choice({"d": HandOver.WHOLE}, NAME, {})
    assert "01 Bilaga.jpg" in packed([document], choice, d=remarked(b"solsken", b"redigerad"))
    with pytest.raises(NotAllowed, match="dolda uppgifter"):
        packed([document], choice, d=remarked(b"solsken", b"foto: Berit Alm", b"redigerad"))
