"""Arguments that several commands share."""

import argparse
import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from cases.errors import ConfigError, LyhordError
from cases.faults import os_words
from config import Settings
from config import load as load_settings


class OutFileError(LyhordError):
    """The file asked for could not be written."""


class NoTextError(LyhordError):
    """What was given to be read is no text."""


def add_config(parser: argparse.ArgumentParser) -> None:
    """``--config FILE``: the municipality's file, or the name of a shipped profile."""
    parser.add_argument(
        "--config",
        "-c",
        default=os.environ.get("LYHORD_CONFIG") or "lyhord.toml",
        metavar="FIL",
        help="kommunens fil, eller osby, rattvik eller demo (annars LYHORD_CONFIG, annars lyhord.toml)",
    )


def settings_of(asked: argparse.Namespace) -> Settings:
    """The settings asked for. Raises ConfigError."""
    return load_settings(asked.config, os.environ)


def refuse_out_of_place(asked: argparse.Namespace, places: Mapping[str, Collection[str]]) -> None:
    """Raises ConfigError for an option of another word's: what it asks would be left undone without a word.

    ``places`` says for each option which words (``what``) it goes with.
    """
    for option, words in places.items():
        if _given(getattr(asked, option.lstrip("-").replace("-", "_"))) and asked.what not in words:
            fit = " och ".join(words)
            raise ConfigError(
                f"{option} hör till lyhord {asked.command} {fit}, inte till {asked.what}. Inget är ändrat."
            )


def _given(value: object) -> bool:
    """Whether somebody wrote the option: 0 is a number that was written, False a switch that was not."""
    return value is not False and value not in (None, "", [])


def read_line() -> str:
    """The next line of standard in, without its end. Raises NoTextError."""
    try:
        return sys.stdin.readline().rstrip("\n")
    except UnicodeDecodeError as error:
        raise NoTextError("Det som kom på standard in är inte UTF-8. Skriv det som text i UTF-8.") from error


def read_text(file: Path) -> str:
    """What a file says. Raises NoTextError where it is no text, and OSError."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoTextError(f"{file} är inte UTF-8. Är det rätt fil? Spara den annars som text i UTF-8.") from error


def write_out(out: Path, content: bytes) -> None:
    """Write what names persons: a new file is its owner's alone. Raises OutFileError."""
    try:
        out.touch(mode=0o600, exist_ok=True)
        out.write_bytes(content)
    except OSError as error:
        raise OutFileError(f"Filen {out} gick inte att skriva: {os_words(error)}. Välj en annan med --out.") from error
