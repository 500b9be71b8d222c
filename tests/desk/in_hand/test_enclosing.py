"""Files along with an answer, as a person chooses them on Svara."""

import re

import pytest
from starlette.datastructures import UploadFile

from cases.letters.letter import LetterKind
from cases.letters.permit import Permit, Verdict
from desk import forms
from notifier.outbox import send_due
from tests.desk import house as h
from tests.desk.in_hand.test_answering import post
from tests.desk.in_hand.test_sending import ANSWER, last
from tests.desk.steps import routed


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


class Sink:
    """A mail server that keeps the files it was given."""

    def __init__(self) -> None:
        self.files = []

    def send(self, _entry, files=()) -> str:
        self.files += [(file.name, file.content) for file in files]
        return "250 taken"


def chosen(page, house, case, *files, **fields):
    """Send the form with these files, as a browser does."""
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    data = {"csrf": page.token, "version": house.case(case.id).version, "brev": "svar", "f_svar": ANSWER, **fields}
    return page.client.post(f"/arenden/{case.id}/svara", data=data, files=[("filer", one) for one in files])


def test_files_go_with_the_answer_and_can_be_opened_in_the_case(house, surf, case) -> None:
    page = surf("handlaggare")
    assert 'name="filer"' not in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    shown = post(page, house, case, brev="svar", f_svar=ANSWER, gor="visa").text
    assert 'name="filer"' in shown
    assert 'enctype="multipart/form-data"' in shown
    files = (("karta.pdf", b"%PDF-1.4 karta", "application/pdf"), ("plan.txt", b"Plan", "text/plain"))
    shown = page.follow(chosen(page, house, case, *files, gor="skicka")).text
    assert "Bifogat: 2 filer" in shown
    path = re.search(rf"/arenden/{case.id}/bilagor/[0-9a-f-]+", shown)
    assert page.get(path[0]).content == b"%PDF-1.4 karta"
    house.clock.pass_minutes(1)
    sink = Sink()
    send_due(
        house.store,
        sink,
        now=house.clock(),
        clock=house.clock,
        new_id=house.office.new_id,
        check=lambda *_: Permit(Verdict.SEND),
    )
    assert sink.files == [("karta.pdf", b"%PDF-1.4 karta"), ("plan.txt", b"Plan")]


def test_an_empty_field_for_files_is_no_file(house, surf, case) -> None:
    page = surf("handlaggare")
    answer = chosen(page, house, case, ("", b"", "application/octet-stream"), gor="skicka")
    assert "Bifogat" not in page.follow(answer).text
    assert last(house, case).enclosures == ()


def test_far_too_many_files_are_told_like_one_too_many(house, surf, case) -> None:
    page = surf("handlaggare")
    answer = chosen(page, house, case, *((f"{n}.txt", b"x", "text/plain") for n in range(40)), gor="skicka")
    assert "Högst 10 filer" in answer.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("spel.exe", b"MZ", "application/octet-stream"), "ett program"),
        (("stor.pdf", b"0" * 15_000_001, "application/pdf"), "större än 15 MB"),
    ],
)
def test_a_file_that_may_not_leave_is_told_at_its_field(house, surf, case, file, words) -> None:
    page = surf("handlaggare")
    answer = chosen(page, house, case, file, gor="skicka")
    assert answer.status_code == 422
    assert words in answer.text
    assert "Välj filerna igen" in answer.text
    assert 'id="filer" name="filer" multiple aria-invalid="true"' in answer.text
    assert ANSWER in answer.text
    assert last(house, case).letter.kind is not LetterKind.SVAR


def test_what_was_written_beside_far_too_much_comes_back_and_no_file_is_kept(house, surf, case, monkeypatch) -> None:
    kept: list[bytes] = []

    async def write(_: UploadFile, content: bytes) -> None:
        kept.append(content)

    monkeypatch.setattr(UploadFile, "write", write)
    monkeypatch.setattr(forms, "_MOST_SENT", 20_000)
    answer = chosen(surf("handlaggare"), house, case, ("film.mp4", b"0" * 40_000, "video/mp4"), gor="skicka")
    assert (answer.status_code, ANSWER in answer.text, kept) == (413, True, [])


def test_a_file_in_another_form_is_refused(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")
    answer = page.client.post(
        f"/arenden/{case.id}/anteckna",
        data={"csrf": page.token},
        files=[("filer", ("a.pdf", b"%PDF", "application/pdf"))],
    )
    assert answer.status_code == 400
