"""Letters and documents on paper: PDF that follows PDF/UA-1, set by Typst."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files

import typst

from cases.calendar import swedish_date
from cases.errors import TypesettingError
from cases.letters.press import PaperDocument, PaperLetter, PaperTable
from notifier.dates import in_language
from notifier.logo import Logo

_RULE = re.compile(r"^-{5,}$", re.MULTILINE)
_LOGO_WIDTH, _LOGO_HEIGHT = 8.0, 1.5
_LABELS = {"sv": ("Datum", "Ärendenummer", "Diarienummer"), "en": ("Date", "Case number", "Registry number")}


class PaperPress:
    """Implements ``cases.letters.press.Press`` with the municipality's constants; without ``logo`` its name stands."""

    def __init__(self, constants: Mapping[str, str], *, logo: Logo | None = None) -> None:
        self._constants = dict(constants)
        self._logo = logo

    def letter(self, paper: PaperLetter) -> bytes:
        """The letter on A4. Raises TypesettingError."""
        letter = paper.letter
        body, small = _parted(letter.text)
        data = {
            "title": letter.subject,
            "subject": _without_number(letter.subject, paper.case_number),
            "language": letter.language,
            "facts": _facts(paper),
            "address": [line for line in paper.address if line.strip()],
            "paragraphs": _paragraphs(body),
            "small": _paragraphs(small),
            "case_number": paper.case_number,
            "logo": list(self._logo.source) if self._logo else [],
            "logo_format": "svg" if self._logo and self._logo.is_svg else "png",
            "logo_height": _logo_height(self._logo) if self._logo else 0.0,
            "sender": self._sender(),
        }
        return self._set("letter.typ", data, letter.subject)

    def document(self, document: PaperDocument, tables: Sequence[PaperTable] = ()) -> bytes:
        """A document that is handed out. Raises TypesettingError."""
        data = {
            "title": document.title,
            "facts": [list(fact) for fact in document.facts],
            "paragraphs": _paragraphs(document.text),
            "masked": list(document.masked),
            "tables": [asdict(table) for table in tables],
        }
        return self._set("document.typ", data, document.title)

    def _sender(self) -> list[str]:
        names = ("kommun", "kommun_adress", "kommun_telefon", "kommun_webb")
        return [value for name in names if (value := self._constants.get(name, "").strip())]

    def _set(self, template: str, data: Mapping[str, object], what: str) -> bytes:
        data = {"municipality": self._constants.get("kommun", ""), **data}
        try:
            made: bytes = typst.compile(
                files("templates").joinpath("paper", template).read_bytes(),
                format="pdf",
                pdf_standards=["ua-1"],
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            )
        except typst.TypstError as error:
            raise TypesettingError(f"”{what}” kunde inte göras till PDF: {error}") from error
        return made


def _logo_height(logo: Logo) -> float:
    """Centimetres: as high as its corner of the page, and no wider."""
    return min(_LOGO_HEIGHT, _LOGO_WIDTH * logo.drawn_height / logo.drawn_width)


def _parted(text: str) -> tuple[str, str]:
    """What was written, and the small print below the frame's line: the last, for whoever answers may draw some too."""
    *_, rule = [None, *_RULE.finditer(text)]
    return (text[: rule.start()], text[rule.end() :]) if rule else (text, "")


def _without_number(subject: str, number: str) -> str:
    return subject.removesuffix(f" [{number}]")


def _facts(paper: PaperLetter) -> list[str]:
    day, case, registry = _LABELS.get(paper.letter.language, _LABELS["sv"])
    written = in_language(swedish_date(paper.day), paper.letter.language)
    facts = [f"{day}: {written}", f"{case}: {paper.case_number}"]
    return [*facts, f"{registry}: {paper.registry_number}"] if paper.registry_number else facts


def _paragraphs(text: str) -> list[list[str]]:
    """An empty line parts paragraphs; each is a list of its lines."""
    return [part.strip("\n").split("\n") for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
