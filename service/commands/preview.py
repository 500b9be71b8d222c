"""``lyhord preview LETTER``: a letter with sample data."""

import argparse

from cases.letters import LetterKind
from notifier import TemplateRenderer
from notifier.renderer import LANGUAGES
from notifier.variables import sample_constants


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which letter, which language, which part."""
    parser.add_argument("letter", choices=[str(kind) for kind in LetterKind], metavar="BREV")
    parser.add_argument("--language", "-l", choices=LANGUAGES, default="sv", help="språk")
    parser.add_argument("--html", action="store_true", help="HTML-delen i stället för texten")


def run(asked: argparse.Namespace) -> int:
    """Print it."""
    letter = TemplateRenderer(sample_constants()).preview(LetterKind(asked.letter), asked.language)
    if asked.html:
        print(letter.html)
    else:
        print(f"Ämne: {letter.subject}\n\n{letter.text}")
    return 0
