"""``lyhord preview LETTER``: a letter with sample data."""

import argparse
from pathlib import Path

from cases.letters.letter import LetterKind
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.logo import Logo, LogoError, read_logo
from notifier.renderer import LANGUAGES


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which letter, which language, which part."""
    parser.add_argument(
        "letter",
        choices=[str(kind) for kind in LetterKind],
        metavar="BREV",
        help="brevets namn, som i `lyhord letters`",
    )
    parser.add_argument("--language", "-l", choices=LANGUAGES, default="sv", help="språk")
    parser.add_argument("--logo", type=Path, metavar="FIL", help="en logotyp (PNG eller SVG), att se i HTML-delen")
    parser.add_argument("--html", action="store_true", help="HTML-delen i stället för texten")


def run(asked: argparse.Namespace) -> int:
    """Print it."""
    logo = _logo(asked.logo) if asked.logo else None
    letter = TemplateRenderer(sample_constants(), logo=logo).preview(LetterKind(asked.letter), asked.language)
    if asked.html:
        print(logo.in_page(letter.html) if logo else letter.html)
    else:
        print(f"Ämne: {letter.subject}\n\n{letter.text}")
    return 0


def _logo(file: Path) -> Logo:
    try:
        return read_logo(file.read_bytes())
    except LogoError as error:
        raise LogoError(f"{file}: {error}") from error
