"""A letter of a case as it is printed."""

from collections.abc import Sequence
from datetime import date

from starlette.responses import Response

from cases.case import Case
from cases.errors import NotFound
from cases.letters.letter import LETTER_NAMES, Letter
from cases.letters.press import PaperLetter
from cases.steps.answering.by_post import hidden_address
from desk.context import Asked
from desk.security import PDF_CSP, disposition


def window_lines(case: Case) -> tuple[str, ...]:
    """Name and address for the envelope's window; nothing of a protected identity's, nor half an address."""
    if hidden_address(case) or not case.sender.address.strip():
        return ()
    # A sender often writes the whole address on one line.
    lines = [part.strip() for line in case.sender.address.splitlines() for part in line.split(",") if part.strip()]
    return tuple(line for line in (case.sender.name, *lines) if line)


def paper_letter(case: Case, letter: Letter, address: Sequence[str], day: date) -> PaperLetter:
    """What the press needs of the letter; the window holds four lines."""
    return PaperLetter(letter, [line.strip()[:60] for line in address[:4]], day, case.number, case.registry_number)


def pdf_response(person: Asked, paper: PaperLetter) -> Response:
    """The PDF, shown in the browser. Raises NotFound where this desk prints nothing."""
    press = person.desk.settings.press
    if press is None:
        raise NotFound("This desk has no press.")
    name = f"{paper.case_number} {LETTER_NAMES[paper.letter.kind]}.pdf"
    headers = {"Content-Disposition": disposition(name, inline=True), "Content-Security-Policy": PDF_CSP}
    return Response(press.letter(paper), media_type="application/pdf", headers=headers)
