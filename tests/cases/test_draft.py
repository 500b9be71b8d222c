"""A letter that does not leave says why, whichever step it was written in."""

import pytest

from cases.letters.letter import LetterKind
from cases.letters.permit import Permit, Verdict
from cases.post.citizen import Draft

NO = Permit(Verdict.WITHHOLD, "Ärendet är anonymt.")
SAFE = Permit(Verdict.SAFE_ONLY, "Bara det neutrala brevet får gå med e-post.")
YES = Permit(Verdict.SEND)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (Draft(None, LetterKind.SVAR, NO), NO.reason),
        (Draft(None, LetterKind.SVAR, YES, missing=("svar", "namn")), "Det här saknas: svar, namn."),
        (Draft(None, LetterKind.SEKRETESS_SAFE, SAFE, missing=("kontakt",)), "Det här saknas: kontakt."),
        (Draft(None, LetterKind.SVAR, YES, warnings=("Ett personnummer.", "Ett namn.")), "Ett personnummer. Ett namn."),
        (Draft(None, LetterKind.SVAR, YES), ""),
    ],
)
def test_what_hinders_a_letter_is_said(made: Draft, why: str) -> None:
    assert made.hindrance == why
